"""Describe a file that an engine has written."""

from dataclasses import dataclass, field
from pathlib import Path

from rushes.core.generation import ArtifactKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A file that an engine has written into its folder."""

    kind: ArtifactKind
    file: Path
    media_type: str
    width_px: int = field(default=0)
    height_px: int = field(default=0)
    duration_s: float | None = None
