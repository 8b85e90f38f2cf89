"""Download and check the input pictures and videos of a generation."""

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
RETRYABLE_STATUSES: Final = frozenset({408, 425, 429})
"""Statuses below 500 after which another try may succeed."""


class Inputs:
    """
    Fetch and decode the inputs that callers name; every file is checked in a sandbox.

    Args:
        http: The client for all requests.

        limit_bytes: The largest image file.

        deadline_s: Seconds to fetch one image, redirects included.

        video_deadline_s: Seconds to fetch one video, redirects included.
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
        Convert the image at *source*, a URL or a file, to the RGB PNG file *into* and return it.

        Error messages name only the host of a URL, because paths and queries carry secrets.

        Raises:
            InputUnusable: The URL is forbidden or refused, or the file is not a supported image.

            TemporaryEngineError: The download failed; another try may succeed.
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
        Return a file of the video at *source*, a URL or a file; downloads go to *folder*.

        The file is a video that engines can read, and its suffix tells the format.

        Raises:
            InputUnusable: The URL is forbidden or refused, or the file is not a supported video
                within the limits.

            TemporaryEngineError: The download failed; another try may succeed.
        """
        file = source if isinstance(source, Path) else folder / "source.fetched"
        if not isinstance(source, Path):
            await self._fetch(source, file, _video_kind(limits, self._video_deadline_s))
        checked = await videos.check(file, limits=limits)
        return await asyncio.to_thread(_with_suffix, checked.file, folder)

    async def first_frame(self, clip: Path, into: Path) -> Path:
        """Write the first frame of a clip to the RGB PNG file *into* and return it."""
        return await videos.first_frame(clip, into)

    async def last_frame(self, clip: Path, into: Path) -> videos.Footage:
        """Write the last frame of a clip to the RGB PNG file *into*; return it with its size."""
        return await videos.last_frame(clip, into)

    async def _fetch(self, url: str, into: Path, input_kind: "_InputKind | None" = None) -> None:
        kind = input_kind or _image_kind(self._limits, self._deadline_s)
        try:
            await self._http.download(
                url,
                into,
                limit_bytes=kind.limit_bytes,
                deadline_s=kind.deadline_s,
                headers=HEADERS | {"Accept": kind.accept},
            )
        except ForbiddenAddress as error:
            raise kind.unusable(f"{error}; {kind.instead}") from error
        except TooLarge as error:
            size = f"{kind.limit_bytes >> 20} MiB"
            raise kind.unusable(
                f"{_host(url)} sends more than {size}; send a smaller {kind.noun}"
            ) from error
        except BadReply as error:
            if error.status >= 500 or error.status in RETRYABLE_STATUSES:
                raise kind.later(url, str(error)) from error
            raise kind.unusable(
                f"{_host(url)}: {error}; send a URL at which anybody gets a {kind.readable}"
            ) from error
        except Unresolved as error:
            raise kind.later(url, "its name could not be looked up") from error
        except Unreachable as error:
            raise kind.later(url, str(error)) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class _InputKind:
    """The limits of one kind of input, and the words of its error messages."""

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


def _image_kind(limits: ImageLimits, deadline_s: float) -> _InputKind:
    return _InputKind(
        noun="image",
        failed=FAILED,
        readable=READABLE,
        instead="send a public http(s) URL, or the image in base64",
        accept=HEADERS["Accept"],
        limit_bytes=limits.size_bytes,
        deadline_s=deadline_s,
    )


def _video_kind(limits: videos.VideoLimits, deadline_s: float) -> _InputKind:
    return _InputKind(
        noun="video",
        failed=videos.FAILED,
        readable=videos.READABLE,
        instead="send a public http(s) URL, or an earlier generation",
        accept="video/mp4,video/webm,video/*;q=0.9,*/*;q=0.5",
        limit_bytes=limits.size_bytes,
        deadline_s=deadline_s,
    )


def _with_suffix(file: Path, folder: Path) -> Path:
    """Return the checked file under a name whose suffix matches its format."""
    with file.open("rb") as opened:
        is_matroska = opened.read(4) == b"\x1aE\xdf\xa3"
    suffixes = {".webm", ".mkv"} if is_matroska else {".mp4", ".mov"}
    if file.suffix in suffixes:
        return file
    name = folder / ("source.webm" if is_matroska else "source.mp4")
    name.unlink(missing_ok=True)
    name.symlink_to(file.resolve())
    return name


def _host(url: str) -> str:
    """Return the part of *url* that error messages may show."""
    return parse(url).host
