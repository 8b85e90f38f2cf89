"""Turn the files that an upstream delivered into the checked files of a generation."""

import asyncio
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from rushes.core.errors import InputUnusable, ResultUnusable, TemporaryEngineError
from rushes.core.generation import ArtifactKind
from rushes.core.rendered import Rendered
from rushes.core.spec import GenerationSpec, Medium
from rushes.intake import images, videos
from rushes.kit.inline_images import HEAD_BYTES, image_type

VIDEO_LIMITS: Final = videos.VideoLimits(
    size_bytes=1 << 30,
    duration_s=120.0,
    longest_px=4096,
    frames_per_s=120.0,
    cpu_s=60,
    wall_s=180.0,
)
"""Generous, because a video that is refused here is paid for."""

PICTURE_LIMITS: Final = images.ImageLimits(size_bytes=64 << 20, longest_px=8192, reduced_px=8192)

THUMBNAIL_PX: Final = 640
"""The longer side of a still's thumbnail. A video's thumbnail has the video's size."""

_THUMBNAIL_QUALITY: Final = 88
_PICTURE_QUALITY: Final = 95
_JPEG: Final = "image/jpeg"
_FORMATS: Final = {"jpg": _JPEG, "png": "image/png"}
_FAILED: Final = "the upstream delivered nothing usable"


async def check_delivered(
    spec: GenerationSpec, fetched: Mapping[ArtifactKind, Path], folder: Path
) -> tuple[Rendered, ...]:
    """
    Return the files of a generation below *folder*, the video or still first.

    A sandboxed process reads and measures each file. The video stays as it is, with its content
    credentials. Pictures are encoded again, and taken from the video where they are missing,
    unreadable or of another size.

    Args:
        fetched: Files on this machine with any names; they are moved.

    Raises:
        ResultUnusable: The video or still is missing, is something else, or exceeds the limits.

        TemporaryEngineError: A process could not be started, or the disk is full.
    """
    main = ArtifactKind.IMAGE if spec.makes is Medium.IMAGE else ArtifactKind.VIDEO
    file = fetched.get(main)
    if file is None:
        raise ResultUnusable(f"{_FAILED}: there is no {spec.makes} among its files")
    try:
        if main is ArtifactKind.IMAGE:
            return await _make_still(spec, file, fetched.get(ArtifactKind.THUMBNAIL), folder)
        return await _VideoFiles(file, fetched, folder).complete()
    except InputUnusable as error:
        raise ResultUnusable(f"{_FAILED}: {_reason(error)}") from None
    except OSError as error:
        raise TemporaryEngineError(f"the upstream's files could not be stored: {error}") from error


def _reason(error: InputUnusable) -> str:
    """Return why a file was refused, without the advice for senders of inputs."""
    text = str(error)
    for begins in (videos.FAILED, images.FAILED):
        text = text.removeprefix(f"{begins}: ")
    reason, _, advice = text.partition("; ")
    return reason if advice.startswith("send ") else text


@dataclass(frozen=True, slots=True)
class _VideoFiles:
    """The steps from a fetched video to the generation's files."""

    file: Path
    fetched: Mapping[ArtifactKind, Path]
    folder: Path

    async def complete(self) -> tuple[Rendered, ...]:
        last = await self._convert_given(ArtifactKind.LAST_FRAME, _PICTURE_QUALITY)
        video = await videos.check(self.file, limits=VIDEO_LIMITS)
        if last is None or (last.width_px, last.height_px) != (video.width_px, video.height_px):
            last = await self._take_frame(ArtifactKind.LAST_FRAME, "last", _PICTURE_QUALITY)
        thumbnail = await self._convert_given(ArtifactKind.THUMBNAIL, _THUMBNAIL_QUALITY)
        if thumbnail is None:
            thumbnail = await self._take_frame(ArtifactKind.THUMBNAIL, "middle", _THUMBNAIL_QUALITY)
        raw = await self._check_raw()
        main = await asyncio.to_thread(self._move, video, ArtifactKind.VIDEO)
        if raw is None:
            raw_file = await asyncio.to_thread(_link_or_copy, main.file, self.folder / "video_raw")
            unmarked = replace(main, kind=ArtifactKind.VIDEO_RAW, file=raw_file)
        else:
            unmarked = await asyncio.to_thread(self._move, raw, ArtifactKind.VIDEO_RAW)
        return main, unmarked, thumbnail, last

    async def _convert_given(self, kind: ArtifactKind, quality: int) -> Rendered | None:
        """Encode the picture that came with the video again; return None if there is none."""
        file = self.fetched.get(kind)
        if file is None:
            return None
        into = self.folder / f"{kind}.jpg"
        try:
            picture = await images.to_jpeg(file, into, quality=quality, limits=PICTURE_LIMITS)
        except InputUnusable:
            return None
        return _picture(kind, picture)

    async def _take_frame(self, kind: ArtifactKind, at: videos.Moment, quality: int) -> Rendered:
        into = self.folder / f"{kind}.jpg"
        frame = await videos.still(self.file, into, at=at, quality=quality, limits=VIDEO_LIMITS)
        return Rendered(
            kind=kind,
            file=into,
            media_type=_JPEG,
            width_px=frame.width_px,
            height_px=frame.height_px,
        )

    async def _check_raw(self) -> videos.Footage | None:
        """Return the video without a watermark, if one came and is readable."""
        file = self.fetched.get(ArtifactKind.VIDEO_RAW)
        try:
            return await videos.check(file, limits=VIDEO_LIMITS) if file is not None else None
        except InputUnusable:
            return None

    def _move(self, footage: videos.Footage, kind: ArtifactKind) -> Rendered:
        media_type, suffix = _format(footage.file)
        file = self.folder / f"{kind}{suffix}"
        footage.file.replace(file)
        return Rendered(
            kind=kind,
            file=file,
            media_type=media_type,
            width_px=footage.width_px,
            height_px=footage.height_px,
            duration_s=footage.duration_s,
        )


def _format(file: Path) -> tuple[str, str]:
    """Return the media type and the suffix of a checked video."""
    with file.open("rb") as opened:
        head = opened.read(12)
    if head[4:8] != b"ftyp":
        return "video/webm", ".webm"
    return ("video/quicktime", ".mov") if head[8:12] == b"qt  " else ("video/mp4", ".mp4")


def _link_or_copy(video: Path, named: Path) -> Path:
    """Link the video under a second name, or copy it where the file system has no links."""
    copy = named.with_name(named.name + video.suffix)
    copy.unlink(missing_ok=True)
    try:
        os.link(video, copy)
    except OSError:
        shutil.copyfile(video, copy)
    return copy


async def _make_still(
    spec: GenerationSpec, file: Path, given: Path | None, folder: Path
) -> tuple[Rendered, ...]:
    """Keep a still in the requested format as it is; convert any other."""
    suffix = spec.still.format if spec.still else "jpg"
    into = folder / f"image.{suffix}"
    part = folder / f"image.made.{suffix}"
    if suffix == "png":
        made = await images.decode(file, part, limits=PICTURE_LIMITS)
    else:
        made = await images.to_jpeg(file, part, quality=_PICTURE_QUALITY, limits=PICTURE_LIMITS)
    small = replace(PICTURE_LIMITS, reduced_px=THUMBNAIL_PX)
    thumbnail = await _thumbnail((given, file), folder / "thumbnail.jpg", small)
    is_as_requested = await asyncio.to_thread(_type_of, file) == _FORMATS[suffix]
    await asyncio.to_thread((file if is_as_requested else part).replace, into)
    return _picture(ArtifactKind.IMAGE, replace(made, file=into)), thumbnail


async def _thumbnail(
    sources: tuple[Path | None, Path], into: Path, limits: images.ImageLimits
) -> Rendered:
    given, file = sources
    if given is not None:
        try:
            made = await images.to_jpeg(given, into, quality=_THUMBNAIL_QUALITY, limits=limits)
        except InputUnusable:
            pass  # make one from the still instead
        else:
            return _picture(ArtifactKind.THUMBNAIL, made)
    made = await images.to_jpeg(file, into, quality=_THUMBNAIL_QUALITY, limits=limits)
    return _picture(ArtifactKind.THUMBNAIL, made)


def _type_of(file: Path) -> str | None:
    with file.open("rb") as opened:
        return image_type(opened.read(HEAD_BYTES))


def _picture(kind: ArtifactKind, picture: images.Picture) -> Rendered:
    return Rendered(
        kind=kind,
        file=picture.file,
        media_type="image/png" if picture.file.suffix == ".png" else _JPEG,
        width_px=picture.width_px,
        height_px=picture.height_px,
    )
