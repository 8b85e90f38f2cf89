"""Store and delete the files that attempts produce."""

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
"""The lowest version that a generation can have once an upstream has accepted it."""


def attempt_folder(generation: Generation, attempt: int) -> str:
    """Return the folder of an attempt's files; each attempt has its own."""
    return f"{generation.id}/{attempt}"


def held_folder(generation: Generation, version: int | None = None) -> str:
    """
    Return the folder for the files of an upstream job, as fetched by one worker.

    Two workers may fetch the same job when one of them was frozen for longer than its lease. Each
    takeover increases the version, so neither worker deletes the files of the other.

    Args:
        version: The generation's version when the worker took the job; by default the current one.
    """
    return f"{generation.id}/v{version or generation.version}"


def earlier_held_folders(generation: Generation) -> tuple[str, ...]:
    """Return the folders of the workers that followed this job before the present one."""
    return tuple(held_folder(generation, one) for one in range(_ACCEPTED, generation.version))


async def store_results(
    media: MediaStore, folder: str, rendered: Iterable[Rendered]
) -> tuple[Artifact, ...]:
    """Store files below *folder* and return their records. Raises MediaError."""
    return tuple([await _store(media, folder, item) for item in rendered])


async def delete_results(context: WorkerContext, *folders: str) -> None:
    """Delete folders of unused files; log a failure and go on."""
    for folder in folders:
        try:
            await context.media.delete(folder)
        except MediaError:
            _log.exception("files_left_over", folder=folder)


async def _store(media: MediaStore, folder: str, item: Rendered) -> Artifact:
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
