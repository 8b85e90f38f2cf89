"""Name the preview of a running generation in the media store."""

from rushes.core.generation import Generation

FILE = "preview.jpg"
"""The file's name in the folder of an attempt, and in the folder of an engine."""


def preview_key(generation: Generation) -> str:
    """Return the key of the present attempt's preview."""
    return f"{generation.id}/{generation.attempt}/{FILE}"
