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


def video_files(
    folder: Path, *, size_px: tuple[int, int], duration_s: float, note: str | None = None
) -> tuple[Rendered, ...]:
    """Return the four files of a video, which lie in *folder* under their usual names."""
    files = (
        (ArtifactKind.VIDEO, "video.mp4", "video/mp4"),
        (ArtifactKind.VIDEO_RAW, "video_raw.mp4", "video/mp4"),
        (ArtifactKind.THUMBNAIL, "thumbnail.jpg", "image/jpeg"),
        (ArtifactKind.LAST_FRAME, "last_frame.jpg", "image/jpeg"),
    )
    return tuple(
        Rendered(
            kind=kind,
            file=folder / name,
            media_type=media_type,
            width_px=size_px[0],
            height_px=size_px[1],
            duration_s=duration_s if media_type == "video/mp4" else None,
            note=note if kind is ArtifactKind.VIDEO else None,
        )
        for kind, name, media_type in files
    )


def join_notes(*notes: str | None) -> str | None:
    """Return the notes that say something as one; None if none does."""
    return " ".join(note for note in notes if note) or None


def preview_key(generation: Generation) -> str:
    """Return the media key of the present attempt's preview."""
    return f"{generation.id}/{generation.attempt}/{PREVIEW_FILE}"
