"""Copy the small picture that an engine leaves while it renders to where callers can see it."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

import structlog

from rushes.core.errors import MediaError
from rushes.media.base import MediaStore

EVERY_S: Final = 0.5
_log: Final = structlog.get_logger()


@asynccontextmanager
async def publish_preview(
    media: MediaStore, key: str, file: Path, *, every_s: float = EVERY_S
) -> AsyncGenerator[None]:
    """
    Keep a copy of *file* under *key* while the block runs; it is removed afterwards.

    Args:
        file: Replaced as a whole by the engine, at its own pace; may not be there.
    """
    copying = asyncio.create_task(_copy(media, key, file, every_s))
    try:
        yield
    finally:
        copying.cancel()
        await asyncio.gather(copying, return_exceptions=True)
        with suppress(MediaError):
            await media.delete(key)


async def _copy(media: MediaStore, key: str, file: Path, every_s: float) -> None:
    copied_ns = 0
    while True:
        with suppress(FileNotFoundError):
            changed_ns = await asyncio.to_thread(_changed_ns, file)
            if changed_ns != copied_ns:
                try:
                    await media.put(key, file)
                except MediaError:  # a render does not fail for want of a preview
                    _log.warning("preview_not_stored", key=key)
                copied_ns = changed_ns
        await asyncio.sleep(every_s)


def _changed_ns(file: Path) -> int:
    return file.stat().st_mtime_ns
