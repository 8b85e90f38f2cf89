"""Decode images that are written as base64 or data URIs, and recognize their type."""

import binascii
import re
from base64 import b64decode
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote_to_bytes

from rushes.kit.quoting import quoted_text

HEAD_BYTES: Final = 64
"""How many bytes of a file :func:`image_type` reads."""

WANTED: Final = "an http(s) URL, a data URI or base64 of a JPEG, PNG, WebP, AVIF, HEIC, GIF or BMP"

SUFFIXES: Final = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "image/bmp": ".bmp",
    "image/avif": ".avif",
    "image/heic": ".heic",
}
"""The images that :func:`image_type` recognizes."""

_DATA_URI = re.compile(r"data:[^,;]*(?:;[^,;]*)*?(?P<base64>;\s*base64)?,", re.IGNORECASE)
_WEB = re.compile(r"https?:", re.IGNORECASE)
_HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})
_AVIF = frozenset({b"avif", b"avis"})
_EITHER = frozenset({b"mif1", b"msf1", b"mif2", b"miaf"})


class NotAnImage(ValueError):
    """The text does not encode an image; the message names the valid forms."""


class TooLong(ValueError):
    """The image is larger than the limit; the message names the limit."""


def is_url(text: str) -> bool:
    """Tell whether *text* looks like an ``http(s)`` URL, well-formed or not."""
    return _WEB.match(text.strip()) is not None


def from_text(text: str, *, limit_bytes: int = 20 << 20) -> tuple[bytes, str]:
    """
    Return the bytes of the image that *text* encodes, and the suffix for its file.

    Base64 is decoded as by :func:`bytes_from_text`. The bytes begin like an image; only a decoder
    can tell whether they are complete.

    Raises:
        NotAnImage: *text* is not base64 or a data URI, or does not encode an image.

        TooLong: The image is larger than *limit_bytes*.
    """
    content = bytes_from_text(text, limit_bytes=limit_bytes)
    if content is None:
        raise NotAnImage(f"must be {WANTED}, not {_shown(text)}")
    kind = image_type(content)
    if kind is None:
        # Do not mention base64: the bytes may have come as a file in a form.
        raise NotAnImage(f"must be {WANTED}; the bytes that came are of something else")
    return content, SUFFIXES[kind]


def bytes_from_text(text: str, *, limit_bytes: int) -> bytes | None:
    """
    Decode base64, or a data URI with base64; None when *text* is neither.

    The standard and the URL-safe alphabet are accepted, with or without padding and line breaks.
    Blanks count as ``+`` where a form has replaced each ``+`` by a blank.

    Raises:
        TooLong: The result would be longer than *limit_bytes*.
    """
    return _from_base64(_payload(text.lstrip()), limit_bytes=limit_bytes)


def image_type(head: bytes) -> str | None:
    """Return the media type of the image that begins with *head*, None when it is no known one."""
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    if head.startswith(b"BM") and head[6:10] == b"\0\0\0\0" and 12 <= _number(head[14:18]) <= 124:
        return "image/bmp"
    return _by_brand(head) if head[4:8] == b"ftyp" else None


def _number(little_endian: bytes) -> int:
    return int.from_bytes(little_endian, "little")


def _by_brand(head: bytes) -> str | None:
    """Tell AVIF from HEIC as ISO 14496-12 does: by the major brand, then by the compatible ones."""
    end = min(int.from_bytes(head[:4], "big"), HEAD_BYTES)
    major, *others = (head[at : at + 4] for at in (8, *range(16, end - 3, 4)))
    brands = {major, *others} if major in _EITHER else {major}
    if brands & _AVIF:
        return "image/avif"
    return "image/heic" if brands & (_HEIC | _EITHER) else None


def _payload(text: str) -> str | bytes | None:
    """Return the base64 of a data URI or of bare base64, None of a data URI without any."""
    if text[:5].lower() != "data:":
        return text
    found = _DATA_URI.match(text[:1024])
    if found is None or found["base64"] is None:
        return None
    payload = text[found.end() :]
    return unquote_to_bytes(payload) if "%" in payload else payload


def _from_base64(payload: str | bytes | None, *, limit_bytes: int) -> bytes | None:
    if payload is None:
        return None
    try:
        packed = payload.encode("ascii") if isinstance(payload, str) else payload
    except UnicodeEncodeError:
        return None
    packed = b"".join(block.translate(None, _BREAKS) for block in _blocks(packed)).lstrip(b" ")
    if b" " in packed:
        packed = packed.replace(b" ", b"+" if _lost_pluses(packed) else b"")
    packed = b"".join(block.translate(_ALPHABET) for block in _blocks(packed)).rstrip(b"=")
    if len(packed) * 3 // 4 > limit_bytes:
        raise TooLong(f"is over {limit_bytes >> 20} MiB, the limit of one file")
    if b"=" in packed:
        return None
    packed += b"=" * (-len(packed) % 4)
    try:
        return b"".join(b64decode(block, validate=True) for block in _blocks(packed))
    except binascii.Error:
        return None


def _lost_pluses(packed: bytes) -> bool:
    """
    Tell whether the blanks in base64 were ``+`` before a form was decoded, which its length shows.

    Base64 is a multiple of four characters long: with its blanks where they are ``+``, without
    them where they only divide it. Where both would do, only blanks that divide it evenly are no
    ``+``. Without padding its length may be any but one more than a multiple of four.
    """
    kept = packed.rstrip(b" ")
    packed = kept if kept.endswith(b"=") else packed
    length, bare = len(packed), len(packed) - packed.count(b" ")
    if length % 4 == 0:
        return bare % 4 != 0 or not _is_even(packed)
    if bare % 4 == 0 or packed.endswith(b"="):
        return False
    return length % 4 != 1 and b"-" not in packed and b"_" not in packed


def _is_even(packed: bytes) -> bool:
    """Tell whether blanks cut base64 into pieces of one length, which lines are, and a rest."""
    *lines, rest = packed.rstrip(b" ").split(b" ")
    width = len(lines[0]) if lines else len(rest)
    return width % 4 == 0 and all(len(line) == width for line in lines) and len(rest) <= width


def _blocks(text: bytes) -> Iterator[bytes]:
    """Yield *text* in parts: between them other threads have their turn, within one they do not."""
    return (text[at : at + _BLOCK_BYTES] for at in range(0, len(text), _BLOCK_BYTES))


_BLOCK_BYTES: Final = 1 << 18
_BREAKS: Final = b"\t\r\n\f"
_ALPHABET: Final = bytes.maketrans(b"-_", b"+/")


def _shown(text: str) -> str:
    return quoted_text(text.strip(), most=40)
