"""Where the files of an attempt go, and how they are taken back."""

from collections.abc import Iterable

import structlog

from rushes.core.errors import MediaError
from rushes.core.generation import Artifact, Generation
from rushes.engines.base import Rendered
from rushes.media.base import MediaStore
from rushes.worker.bench import Bench

_log = structlog.get_logger()


def folder_of(generation: Generation, attempt: int) -> str:
    """Return where an attempt's files go: none writes over another's."""
    return f"{generation.id}/{attempt}"


async def keep(
    media: MediaStore, folder: str, rendered: Iterable[Rendered]
) -> tuple[Artifact, ...]:
    """Take files into the media store, below *folder*. Raises MediaError."""
    return tuple([await _keep(media, folder, item) for item in rendered])


async def clear(bench: Bench, *folders: str) -> None:
    """Remove files that nobody will ask for, as far as that goes."""
    for folder in folders:
        try:
            await bench.media.delete(folder)
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
