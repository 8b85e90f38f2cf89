"""Where the files of an attempt go, and how they are taken back."""

from collections.abc import Iterable
from typing import Final

import structlog

from rushes.core.errors import MediaError
from rushes.core.generation import Artifact, Generation
from rushes.core.rendered import Rendered
from rushes.media.base import MediaStore
from rushes.worker.context import WorkerContext

_log = structlog.get_logger()

_ACCEPTED: Final = 4
"""The least version of a generation that an upstream has accepted."""


def attempt_folder(generation: Generation, attempt: int) -> str:
    """Return where an attempt's files go: none writes over another's."""
    return f"{generation.id}/{attempt}"


def held_folder(generation: Generation, version: int | None = None) -> str:
    """
    Return where the files of an upstream's job go that one worker has fetched.

    Several may believe that a job is theirs, one of them frozen for longer than its lease. A taking
    over makes a new version, so that none takes back the files of another.

    Args:
        version: That with which it came to the worker; by default the generation's own.
    """
    return f"{generation.id}/v{version or generation.version}"


def earlier_held_folders(generation: Generation) -> tuple[str, ...]:
    """Return the folders of those who had its job before whoever has it now."""
    return tuple(held_folder(generation, one) for one in range(_ACCEPTED, generation.version))


async def store_results(
    media: MediaStore, folder: str, rendered: Iterable[Rendered]
) -> tuple[Artifact, ...]:
    """Take files into the media store, below *folder*. Raises MediaError."""
    return tuple([await _keep(media, folder, item) for item in rendered])


async def delete_results(context: WorkerContext, *folders: str) -> None:
    """Remove files that nobody will ask for, as far as that goes."""
    for folder in folders:
        try:
            await context.media.delete(folder)
        except MediaError:
            _log.exception("files_left_over", folder=folder)


async def _keep(media: MediaStore, folder: str, item: Rendered) -> Artifact:
    key = f"{folder}/{item.kind}{item.file.suffix}"
    return Artifact(
        kind=item.kind,
        key=key,
        media_type=item.media_type,
        size_bytes=await media.put(key, item.file),
        width_px=item.width_px,
        height_px=item.height_px,
        duration_s=item.duration_s,
    )
