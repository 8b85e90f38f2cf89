"""The code of the sandboxed processes: one module for each task, and what they share."""
