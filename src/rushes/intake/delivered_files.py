"""From what an upstream delivered to the files of a generation: judged, measured, completed."""

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
"""Generous: what is refused here was paid for."""

PICTURE_LIMITS: Final = images.ImageLimits(size_bytes=64 << 20, longest_px=8192, reduced_px=8192)

THUMBNAIL_PX: Final = 640
"""The longer side of a still's thumbnail; that of a video is as large as the video."""

_THUMBNAIL_QUALITY: Final = 88
_PICTURE_QUALITY: Final = 95
_JPEG: Final = "image/jpeg"
_FORMATS: Final = {"jpg": _JPEG, "png": "image/png"}
_FAILED: Final = "the upstream delivered nothing that can be kept"


async def check_delivered(
    spec: GenerationSpec, fetched: Mapping[ArtifactKind, Path], folder: Path
) -> tuple[Rendered, ...]:
    """
    Return the files of a generation, the video or still first, all of them under *folder*.

    Nothing of what was fetched is believed: each file is read by a confined process, and measured.
    A video is kept as it is, with the credentials that may be in it; pictures beside it are written
    anew, and made from the video where they are missing, are no pictures, or are of another size.

    Args:
        fetched: Files on this machine, of any name; they are moved.

    Raises:
        ResultUnusable: The video or still is missing, is none, or is beyond the limits.

        TemporaryEngineError: A reader could not be started, or the disk is full.
    """
    wanted = ArtifactKind.IMAGE if spec.makes is Medium.IMAGE else ArtifactKind.VIDEO
    file = fetched.get(wanted)
    if file is None:
        raise ResultUnusable(f"{_FAILED}: there is no {spec.makes} among its files")
    try:
        if wanted is ArtifactKind.IMAGE:
            return await _of_a_still(spec, file, fetched.get(ArtifactKind.THUMBNAIL), folder)
        return await _Video(file, fetched, folder).finished()
    except InputUnusable as error:
        raise ResultUnusable(f"{_FAILED}: {_reason(error)}") from None
    except OSError as error:
        raise TemporaryEngineError(f"what the upstream made could not be kept: {error}") from error


def _reason(error: InputUnusable) -> str:
    """Return why a file was refused, without the advice that is meant for who sent it."""
    text = str(error)
    for begins in (videos.FAILED, images.FAILED):
        text = text.removeprefix(f"{begins}: ")
    told, _, advice = text.partition("; ")
    return told if advice.startswith("send ") else text


@dataclass(frozen=True, slots=True)
class _Video:
    """The steps from a fetched video to its files."""

    file: Path
    fetched: Mapping[ArtifactKind, Path]
    folder: Path

    async def finished(self) -> tuple[Rendered, ...]:
        last = await self._given(ArtifactKind.LAST_FRAME, _PICTURE_QUALITY)
        video = await videos.check(self.file, limits=VIDEO_LIMITS)
        if last is None or (last.width_px, last.height_px) != (video.width_px, video.height_px):
            last = await self._own(ArtifactKind.LAST_FRAME, "last", _PICTURE_QUALITY)
        thumbnail = await self._given(ArtifactKind.THUMBNAIL, _THUMBNAIL_QUALITY)
        if thumbnail is None:
            thumbnail = await self._own(ArtifactKind.THUMBNAIL, "middle", _THUMBNAIL_QUALITY)
        raw = await self._raw()
        kept = await asyncio.to_thread(self._moved, video, ArtifactKind.VIDEO)
        if raw is None:
            raw_file = await asyncio.to_thread(_same_file, kept.file, self.folder / "video_raw")
            raw_kept = replace(kept, kind=ArtifactKind.VIDEO_RAW, file=raw_file)
        else:
            raw_kept = await asyncio.to_thread(self._moved, raw, ArtifactKind.VIDEO_RAW)
        return kept, raw_kept, thumbnail, last

    async def _given(self, kind: ArtifactKind, quality: int) -> Rendered | None:
        """Return the picture that came with the video, written anew; None if there is none."""
        file = self.fetched.get(kind)
        if file is None:
            return None
        into = self.folder / f"{kind}.jpg"
        try:
            picture = await images.to_jpeg(file, into, quality=quality, limits=PICTURE_LIMITS)
        except InputUnusable:
            return None
        return _picture(kind, picture)

    async def _own(self, kind: ArtifactKind, at: videos.Moment, quality: int) -> Rendered:
        into = self.folder / f"{kind}.jpg"
        frame = await videos.still(self.file, into, at=at, quality=quality, limits=VIDEO_LIMITS)
        return Rendered(
            kind=kind,
            file=into,
            media_type=_JPEG,
            width_px=frame.width_px,
            height_px=frame.height_px,
        )

    async def _raw(self) -> videos.Footage | None:
        """Return the video without a mark, if one came that is a video."""
        file = self.fetched.get(ArtifactKind.VIDEO_RAW)
        try:
            return await videos.check(file, limits=VIDEO_LIMITS) if file is not None else None
        except InputUnusable:
            return None

    def _moved(self, footage: videos.Footage, kind: ArtifactKind) -> Rendered:
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
    """Return the media type and the suffix of a video that was found to be one."""
    with file.open("rb") as opened:
        head = opened.read(12)
    if head[4:8] != b"ftyp":
        return "video/webm", ".webm"
    return ("video/quicktime", ".mov") if head[8:12] == b"qt  " else ("video/mp4", ".mp4")


def _same_file(video: Path, named: Path) -> Path:
    """Give the video a second name, or a copy where the file system knows no links."""
    copy = named.with_name(named.name + video.suffix)
    copy.unlink(missing_ok=True)
    try:
        os.link(video, copy)
    except OSError:
        shutil.copyfile(video, copy)
    return copy


async def _of_a_still(
    spec: GenerationSpec, file: Path, given: Path | None, folder: Path
) -> tuple[Rendered, ...]:
    """Keep a still as it is if it is of the format that was asked for; else write it anew."""
    suffix = spec.still.format if spec.still else "jpg"
    into = folder / f"image.{suffix}"
    part = folder / f"image.made.{suffix}"
    if suffix == "png":
        made = await images.decode(file, part, limits=PICTURE_LIMITS)
    else:
        made = await images.to_jpeg(file, part, quality=_PICTURE_QUALITY, limits=PICTURE_LIMITS)
    small = replace(PICTURE_LIMITS, reduced_px=THUMBNAIL_PX)
    thumbnail = await _thumbnail((given, file), folder / "thumbnail.jpg", small)
    kept = await asyncio.to_thread(_type_of, file) == _FORMATS[suffix]
    await asyncio.to_thread((file if kept else part).replace, into)
    return _picture(ArtifactKind.IMAGE, replace(made, file=into)), thumbnail


async def _thumbnail(
    sources: tuple[Path | None, Path], into: Path, limits: images.ImageLimits
) -> Rendered:
    given, file = sources
    if given is not None:
        try:
            made = await images.to_jpeg(given, into, quality=_THUMBNAIL_QUALITY, limits=limits)
        except InputUnusable:
            pass  # one is made of the still
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
