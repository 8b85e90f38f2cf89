"""Wait at the start of a process until the database and the object store can be reached."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Final
from urllib.parse import urlsplit

import structlog

from rushes.bootstrap.database import check_database
from rushes.bootstrap.media import open_media, try_media
from rushes.core.errors import MediaUnavailable, SettingsError, StoreError
from rushes.kit.clock import SystemClock
from rushes.settings import Settings

_log = structlog.get_logger()

TRY_EVERY_S: Final = 0.5
LOG_EVERY_S: Final = 5.0

Check = Callable[[], Awaitable[object]]


async def wait_for_services(settings: Settings) -> None:
    """
    Return when PostgreSQL and the object store answer, as far as the settings name them.

    Raises:
        SettingsError: One could not be reached within ``server.start_timeout_s``, or refuses.

        MediaError: The object store refuses to store, return or delete a file.
    """
    give_up_at = time.monotonic() + settings.server.start_timeout_s
    for name, check in _services(settings):
        await _wait(name, check, settings.server.start_timeout_s, give_up_at=give_up_at)


def _services(settings: Settings) -> Iterator[tuple[str, Check]]:
    """Yield each service with a check that raises StoreError or MediaUnavailable."""
    url = settings.store.url
    if url is not None:
        address = url.get_secret_value()
        yield "database", lambda: asyncio.to_thread(check_database, address)
    if settings.media.url is not None and urlsplit(settings.media.url).scheme != "file":
        media = open_media(settings, SystemClock())
        yield "object store", lambda: try_media(media)


async def _wait(name: str, check: Check, timeout_s: float, *, give_up_at: float) -> None:
    log_at = 0.0
    while True:
        try:
            await check()
        except (StoreError, MediaUnavailable) as error:
            now = time.monotonic()
            if now >= give_up_at:
                raise SettingsError(
                    f"the {name} could not be reached within {timeout_s:g} seconds"
                    f" (server.start_timeout_s): {error}"
                ) from error
            if now >= log_at:
                log_at = now + LOG_EVERY_S
                left_s = round(give_up_at - now)
                _log.warning("waiting_for_service", service=name, left_s=left_s, error=str(error))
            await asyncio.sleep(min(TRY_EVERY_S, give_up_at - now))
        else:
            if log_at:
                _log.info("service_reached", service=name)
            return
