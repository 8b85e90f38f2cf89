"""Convert untrusted image files to RGB PNG or JPEG, in a sandboxed process."""

import asyncio
import stat
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from rushes.core.errors import InputUnusable, TemporaryEngineError
from rushes.intake import jpegs
from rushes.intake.sandbox.runner import Crashed, TooSlow, run_task
from rushes.kit.inline_images import image_type

FAILED: Final = "Failed to read user input frames"
"""The beginning of every input error; clients of the original API look for these words."""

READABLE: Final = "JPEG, PNG, WebP, AVIF, HEIC, GIF or BMP"

_PNG: Final = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"
_EIGHT_BIT_RGB: Final = b"\x08\x02"

_BROKEN: Final = f"the image is broken or cut short; send a {READABLE} that other programs open"
_TOO_LONG: Final = "the image takes too long to decode; send a smaller or simpler one"
_NO_DECODER: Final = "this machine could not run the image decoder; the attempt can be repeated"

_OTHER_FORMATS: Final = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
    (b"\xff\x0a", "a JPEG XL image"),
    (b"\0\0\0\x0cJXL ", "a JPEG XL image"),
    (b"\0\0\0\x0cjP  ", "a JPEG 2000 image"),
    (b"\0\0\1\0", "an icon file"),
    (b"8BPS", "a Photoshop document"),
    (b"\x1aE\xdf\xa3", "a video"),
    (b"{", "JSON"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageLimits:
    """Limits of an image, and of the process that decodes it."""

    size_bytes: int = 20 << 20
    pixels: int = 50_000_000
    longest_px: int = 16_384
    shortest_px: int = 16
    aspect: float = 10.0
    """The longer side divided by the shorter one."""

    reduced_px: int = 2560
    """The length to which the longer side is reduced; our largest frame is 2520 pixels wide."""

    memory_bytes: int = 1536 << 20
    """Address space of the decoder with its libraries; 50 million pixels need 0.9 GiB."""

    cpu_s: int = 10
    """Four times as long as the largest valid image takes on a slow core."""

    wall_s: float = 40.0
    """Generous, for a machine whose processors are all busy with rendering."""


DEFAULT: Final = ImageLimits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A decoded image: upright, 8-bit sRGB, without alpha."""

    file: Path
    width_px: int
    height_px: int


async def decode(source: Path, into: Path, *, limits: ImageLimits = DEFAULT) -> Picture:
    """
    Decode the untrusted image file *source* and write it to the PNG file *into*.

    The first frame of an animation is used. The image is turned upright after its EXIF data, its
    colours become sRGB, transparent parts show a dark ground, and a large image is reduced. On
    error there is no file at *into*. Cancelling kills the process.

    Raises:
        InputUnusable: The file is not a supported image, is broken, or exceeds the limits.

        TemporaryEngineError: The decoder could not be started, or the disk is full.
    """
    return await _decode(source, into, limits, quality=None)


async def to_jpeg(
    source: Path, into: Path, *, quality: int, limits: ImageLimits = DEFAULT
) -> Picture:
    """
    Do as :func:`decode` does, but write a JPEG of this quality, 1 to 95, without metadata.

    Raises the same errors.
    """
    return await _decode(source, into, limits, quality=quality)


async def _decode(source: Path, into: Path, limits: ImageLimits, *, quality: int | None) -> Picture:
    kind = await asyncio.to_thread(_media_type, source, limits)
    part = into.with_name(into.name + ".part")
    try:
        picture = _judge(await _run_decoder(kind, source, part, limits, quality), into)
        if quality is None:
            await asyncio.to_thread(_keep, part, picture, limits)
        else:
            await asyncio.to_thread(_keep_jpeg, part, picture, limits)
    except OSError as error:
        raise TemporaryEngineError(f"{FAILED}: {_NO_DECODER}") from error
    finally:
        with suppress(OSError):  # there is no such file, or it is a folder
            await asyncio.to_thread(part.unlink)
    return picture


def unusable(reason: str) -> InputUnusable:
    """Return the error that tells a caller why the picture was refused."""
    return InputUnusable(f"{FAILED}: {reason}")


def _media_type(source: Path, limits: ImageLimits) -> str:
    """Return the media type of *source*; refuse most other files without decoding them."""
    try:
        if not source.is_file():
            raise unusable("there is no such file")
        size_bytes = source.stat().st_size
        with source.open("rb") as file:
            head = file.read(4096)
    except OSError:
        raise unusable("the file may not be read") from None
    if not head:
        raise unusable(f"the file is empty; send a {READABLE}")
    if size_bytes > limits.size_bytes:
        raise unusable(f"the image is over {limits.size_bytes >> 20} MiB; send a smaller one")
    kind = image_type(head)
    if kind is None:
        raise unusable(f"this is {_format_name(head)}; send a {READABLE}")
    return kind


def _format_name(head: bytes) -> str:
    """Name the format of an unsupported file for the error message."""
    for magic, name in _OTHER_FORMATS:
        if head.startswith(magic):
            return name
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in text:
        return "an SVG drawing"
    if text.startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
        return "a web page"
    return "a video" if head[4:8] == b"ftyp" else "no image that we read"


async def _run_decoder(
    kind: str, source: Path, part: Path, limits: ImageLimits, quality: int | None
) -> object:
    """Return the answer of the decoder."""
    more = {} if quality is None else {"jpeg_quality": quality}
    try:
        return await run_task(
            "decode_image",
            *(kind, str(source), str(part)),
            limits=asdict(limits) | more,
            folder=part.parent,
            wall_s=limits.wall_s,
        )
    except TooSlow:
        raise unusable(_TOO_LONG) from None
    except Crashed:
        raise unusable(_BROKEN) from None


def _judge(answer: object, into: Path) -> Picture:
    match answer:
        case {"width_px": int(width_px), "height_px": int(height_px)}:
            return Picture(file=into, width_px=width_px, height_px=height_px)
        case {"unusable": str(reason)}:
            raise unusable(reason)
        case _:
            raise TemporaryEngineError(f"{FAILED}: {_NO_DECODER}")


def _keep(part: Path, picture: Picture, limits: ImageLimits) -> None:
    """Keep the PNG only if it is as the decoder says, which may have been taken over."""
    if not stat.S_ISREG(part.lstat().st_mode):
        raise unusable(_BROKEN)
    with part.open("rb") as file:
        head = file.read(26)
    size_px = (picture.width_px, picture.height_px)
    expected = _PNG + b"".join(side.to_bytes(4, "big") for side in size_px) + _EIGHT_BIT_RGB
    if max(size_px) > limits.reduced_px or head != expected:
        raise unusable(_BROKEN)
    part.replace(picture.file)


def _keep_jpeg(part: Path, picture: Picture, limits: ImageLimits) -> None:
    size_px = (picture.width_px, picture.height_px)
    if max(size_px) > limits.reduced_px:
        raise unusable(_BROKEN)
    try:
        jpegs.keep(part, picture.file, size_px=size_px)
    except Crashed:
        raise unusable(_BROKEN) from None
