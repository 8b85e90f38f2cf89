"""Check and convert untrusted files in sandboxed processes."""
