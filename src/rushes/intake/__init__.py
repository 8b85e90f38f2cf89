"""Check and convert files that strangers sent, in sandboxed processes."""
