"""Where the preview of a generation that is being rendered lies in the media store."""

from rushes.core.generation import Generation

FILE = "preview.jpg"
"""Its name among the files of an attempt, and in the folder that an engine writes into."""


def preview_key(generation: Generation) -> str:
    """Return the key of the present attempt's preview."""
    return f"{generation.id}/{generation.attempt}/{FILE}"
