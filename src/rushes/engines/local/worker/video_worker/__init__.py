"""The code of the worker process; it imports nothing of the server."""
