"""Brings the pictures of a generation onto this machine, checked and decoded."""

from dataclasses import replace
from pathlib import Path
from typing import Final

from rushes import __version__
from rushes.core.errors import TemporaryEngineError
from rushes.kit.netguard import (
    BadReply,
    Forbidden,
    GuardedHttp,
    TooLarge,
    Unreachable,
    Unresolved,
)
from rushes.kit.netrules import parse
from rushes.worker.images import DEFAULT, FAILED, READABLE, decode, unusable

HEADERS: Final = {
    "User-Agent": f"rushes/{__version__}",
    "Accept": "image/avif,image/webp,image/png,image/jpeg,image/*;q=0.9,*/*;q=0.5",
}
WORTH_ANOTHER_TRY: Final = frozenset({408, 425, 429})
"""Statuses below 500 that say later."""


class Inputs:
    """
    Fetches and decodes what callers name; nothing of it is believed.

    Args:
        http: The only way out.

        limit_bytes: The largest image file.

        deadline_s: Seconds for one image to be fetched, redirects included.
    """

    def __init__(
        self,
        *,
        http: GuardedHttp,
        limit_bytes: int = DEFAULT.size_bytes,
        deadline_s: float = 20.0,
    ) -> None:
        self._http = http
        self._limits = replace(DEFAULT, size_bytes=limit_bytes)
        self._deadline_s = deadline_s

    async def prepare(self, source: str | Path, into: Path) -> Path:
        """
        Write the image at *source*, a URL or a file, to the RGB PNG file *into* and return that.

        No message holds more of a URL than its host: paths and queries carry secrets.

        Raises:
            InputUnusable: The address may not be reached, has nothing for us, or what it has is
                not an image that we read.

            TemporaryEngineError: The address may have the image later.
        """
        if isinstance(source, Path):
            return (await decode(source, into, limits=self._limits)).file
        fetched = into.with_name(into.name + ".fetched")
        try:
            await self._fetch(source, fetched)
            return (await decode(fetched, into, limits=self._limits)).file
        finally:
            fetched.unlink(missing_ok=True)

    async def _fetch(self, url: str, into: Path) -> None:
        try:
            await self._http.download(
                url,
                into,
                limit_bytes=self._limits.size_bytes,
                deadline_s=self._deadline_s,
                headers=HEADERS,
            )
        except Forbidden as error:
            raise unusable(f"{error}; send a public http(s) URL, or the image in base64") from error
        except TooLarge as error:
            size = f"{self._limits.size_bytes >> 20} MiB"
            raise unusable(f"{_host(url)} sends more than {size}; send a smaller image") from error
        except BadReply as error:
            if error.status >= 500 or error.status in WORTH_ANOTHER_TRY:
                raise _later(url, str(error)) from error
            raise unusable(
                f"{_host(url)}: {error}; send a URL at which anybody gets a {READABLE}"
            ) from error
        except Unresolved as error:
            raise _later(url, "its name could not be looked up") from error
        except Unreachable as error:
            raise _later(url, str(error)) from error


def _later(url: str, reason: str) -> TemporaryEngineError:
    return TemporaryEngineError(f"{FAILED}: {_host(url)}: {reason}")


def _host(url: str) -> str:
    """Return what of *url*, which was fetched, may be shown."""
    return parse(url).host
