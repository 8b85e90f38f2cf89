"""Render with open-weight video models on this machine, in a worker process of its own."""
