"""Brings the pictures and videos of a generation onto this machine, checked."""

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from rushes import __version__
from rushes.core.errors import InputUnusable, TemporaryEngineError
from rushes.intake import videos
from rushes.intake.images import DEFAULT, FAILED, READABLE, ImageLimits, decode
from rushes.kit.address_rules import parse
from rushes.kit.safe_http import (
    BadReply,
    ForbiddenAddress,
    SafeHttpClient,
    TooLarge,
    Unreachable,
    Unresolved,
)

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

        video_deadline_s: The same for one video.
    """

    def __init__(
        self,
        *,
        http: SafeHttpClient,
        limit_bytes: int = DEFAULT.size_bytes,
        deadline_s: float = 20.0,
        video_deadline_s: float = 120.0,
    ) -> None:
        self._http = http
        self._limits = replace(DEFAULT, size_bytes=limit_bytes)
        self._deadline_s = deadline_s
        self._video_deadline_s = video_deadline_s

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

    async def prepare_video(
        self, source: str | Path, folder: Path, *, limits: videos.VideoLimits = videos.DEFAULT
    ) -> Path:
        """
        Return the file of the video at *source*, a URL or a file; what is fetched is in *folder*.

        It was found to be a video that engines read, and its suffix says in which format.

        Raises:
            InputUnusable: The address may not be reached, has nothing for us, or what it has is
                not a video that we read, or one beyond the limits.

            TemporaryEngineError: The address may have the video later.
        """
        file = source if isinstance(source, Path) else folder / "source.fetched"
        if not isinstance(source, Path):
            await self._fetch(source, file, _video(limits, self._video_deadline_s))
        checked = await videos.check(file, limits=limits)
        return await asyncio.to_thread(_named, checked.file, folder)

    async def first_frame(self, clip: Path, into: Path) -> Path:
        """Write a clip's first frame to the RGB PNG file *into* and return that."""
        return await videos.first_frame(clip, into)

    async def last_frame(self, clip: Path, into: Path) -> videos.Footage:
        """Write a clip's last frame to the RGB PNG file *into*; return that, and its size."""
        return await videos.last_frame(clip, into)

    async def _fetch(self, url: str, into: Path, what: "_Wanted | None" = None) -> None:
        wanted = what or _image(self._limits, self._deadline_s)
        try:
            await self._http.download(
                url,
                into,
                limit_bytes=wanted.limit_bytes,
                deadline_s=wanted.deadline_s,
                headers=HEADERS | {"Accept": wanted.accept},
            )
        except ForbiddenAddress as error:
            raise wanted.unusable(f"{error}; {wanted.instead}") from error
        except TooLarge as error:
            size = f"{wanted.limit_bytes >> 20} MiB"
            raise wanted.unusable(
                f"{_host(url)} sends more than {size}; send a smaller {wanted.noun}"
            ) from error
        except BadReply as error:
            if error.status >= 500 or error.status in WORTH_ANOTHER_TRY:
                raise wanted.later(url, str(error)) from error
            raise wanted.unusable(
                f"{_host(url)}: {error}; send a URL at which anybody gets a {wanted.readable}"
            ) from error
        except Unresolved as error:
            raise wanted.later(url, "its name could not be looked up") from error
        except Unreachable as error:
            raise wanted.later(url, str(error)) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What is fetched, and how it is talked about."""

    noun: str
    failed: str
    readable: str
    instead: str
    accept: str
    limit_bytes: int
    deadline_s: float

    def unusable(self, reason: str) -> InputUnusable:
        return InputUnusable(f"{self.failed}: {reason}")

    def later(self, url: str, reason: str) -> TemporaryEngineError:
        return TemporaryEngineError(f"{self.failed}: {_host(url)}: {reason}")


def _image(limits: ImageLimits, deadline_s: float) -> _Wanted:
    return _Wanted(
        noun="image",
        failed=FAILED,
        readable=READABLE,
        instead="send a public http(s) URL, or the image in base64",
        accept=HEADERS["Accept"],
        limit_bytes=limits.size_bytes,
        deadline_s=deadline_s,
    )


def _video(limits: videos.VideoLimits, deadline_s: float) -> _Wanted:
    return _Wanted(
        noun="video",
        failed=videos.FAILED,
        readable=videos.READABLE,
        instead="send a public http(s) URL, or an earlier generation",
        accept="video/mp4,video/webm,video/*;q=0.9,*/*;q=0.5",
        limit_bytes=limits.size_bytes,
        deadline_s=deadline_s,
    )


def _named(file: Path, folder: Path) -> Path:
    """Return the checked file under a name that says its format: that of its first bytes."""
    with file.open("rb") as opened:
        is_matroska = opened.read(4) == b"\x1aE\xdf\xa3"
    right = {".webm", ".mkv"} if is_matroska else {".mp4", ".mov"}
    if file.suffix in right:
        return file
    name = folder / ("source.webm" if is_matroska else "source.mp4")
    name.unlink(missing_ok=True)
    name.symlink_to(file.resolve())
    return name


def _host(url: str) -> str:
    """Return what of *url*, which was fetched, may be shown."""
    return parse(url).host
