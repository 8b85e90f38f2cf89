"""Store and delete the files that attempts produce."""

import asyncio
import time
from collections.abc import Iterable
from typing import Final

import structlog

from rushes.core.errors import MediaError, MediaUnavailable, StoreError
from rushes.core.generation import Artifact, Generation, GenerationId
from rushes.core.rendered import Rendered
from rushes.kit.backoff import exponential_s
from rushes.media.base import MediaStore
from rushes.worker.context import WorkerContext

_log = structlog.get_logger()

_UNAVAILABLE_S: Final = 600.0
"""Files wait this long for a media store that is away; then the attempt counts as not stored."""

_FIRST_PAUSE_S: Final = 0.5
_LONGEST_PAUSE_S: Final = 15.0

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
    media: MediaStore,
    folder: str,
    rendered: Iterable[Rendered],
    *,
    unavailable_s: float = _UNAVAILABLE_S,
    first_pause_s: float = _FIRST_PAUSE_S,
) -> tuple[Artifact, ...]:
    """
    Store files below *folder* and return their records.

    While the media store is unavailable, the files wait: they took long to make.

    Args:
        unavailable_s: The longest wait, in seconds, for all files together.

        first_pause_s: The pause after the first failure, in seconds; it doubles each time.

    Raises:
        MediaError: A file could not be stored.
    """
    until_s, failures = time.monotonic() + unavailable_s, 0
    stored: list[Artifact] = []
    for item in rendered:
        while True:
            try:
                stored.append(await _store(media, folder, item))
                break
            except MediaUnavailable as error:
                failures += 1
                pause_s = exponential_s(failures, base_s=first_pause_s, cap_s=_LONGEST_PAUSE_S)
                if time.monotonic() + pause_s > until_s:
                    raise
                _log.warning("media_unavailable", folder=folder, error=str(error))
                await asyncio.sleep(pause_s)
    return tuple(stored)


async def delete_results(context: WorkerContext, *folders: str) -> None:
    """
    Delete folders of files that are not on record; log a failure and go on.

    A write that seems to have failed may have been made, so the store is asked first.
    """
    for folder in folders:
        try:
            if not await _is_on_record(context, folder):
                await context.media.delete(folder)
        except (MediaError, StoreError):
            _log.exception("files_left_over", folder=folder)


async def _is_on_record(context: WorkerContext, folder: str) -> bool:
    """Tell whether a generation has files in its folder."""
    found = await context.store.get_many([GenerationId(folder.partition("/")[0])])
    return any(file.key.startswith(f"{folder}/") for one in found for file in one.artifacts)


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
