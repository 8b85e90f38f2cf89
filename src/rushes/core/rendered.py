"""Describe the files that an engine writes: results, and the preview of a running attempt."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from rushes.core.generation import ArtifactKind, Generation

PREVIEW_FILE: Final = "preview.jpg"
"""The preview's name in the folder of an attempt, and in the folder of an engine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A file that an engine has written into its folder."""

    kind: ArtifactKind
    file: Path
    media_type: str
    width_px: int = field(default=0)
    height_px: int = field(default=0)
    duration_s: float | None = None
    note: str | None = None
    """Of the video or still: a sentence for the caller about how it was made."""


def join_notes(*notes: str | None) -> str | None:
    """Return the notes that say something as one; None if none does."""
    return " ".join(note for note in notes if note) or None


def preview_key(generation: Generation) -> str:
    """Return the media key of the present attempt's preview."""
    return f"{generation.id}/{generation.attempt}/{PREVIEW_FILE}"
