"""The server's own API at ``/api/v1``: strict, in the core's terms, with every feature."""
