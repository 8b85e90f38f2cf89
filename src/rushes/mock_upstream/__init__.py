"""Imitate paid upstreams in tests: servers that follow a script and count what they accept."""
