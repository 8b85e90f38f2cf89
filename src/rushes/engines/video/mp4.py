"""Open MP4 files for writing, and label them with their maker."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import av
from av.container import OutputContainer

_FLAGS: Final = {"movflags": "+faststart+use_metadata_tags", "brand": "mp42"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """The metadata of a file."""

    engine: str
    comment: str
    """Sentences about the origin of the video."""


def open_mp4(path: Path, label: Label) -> OutputContainer:
    """
    Open an MP4 for writing, with its index at the front.

    Raises:
        OSError: It cannot be opened (``av.FFmpegError`` is one for such causes).
    """
    container = av.open(str(path), "w", format="mp4", options=_FLAGS)
    container.metadata.update({"comment": label.comment, "engine": label.engine})
    return container


def same_file(video: Path, copy: Path) -> None:
    """Link the video to a second name, or copy it where the file system has no links."""
    copy.unlink(missing_ok=True)
    try:
        os.link(video, copy)
    except OSError:
        shutil.copyfile(video, copy)
