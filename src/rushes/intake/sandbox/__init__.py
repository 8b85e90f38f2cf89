"""Run parsers of untrusted files in child processes with narrow limits."""
