"""Recognize images and videos by their first bytes."""

from rushes.kit.inline_images import HEAD_BYTES, SUFFIXES, image_type

VIDEO_SUFFIXES = {
    "video/mp4": ".mp4",
    "video/quicktime": ".mov",
    "video/webm": ".webm",
    "video/x-matroska": ".mkv",
}
"""The videos that :func:`media_type` recognizes."""

TYPES = {
    ".mp4": "video/mp4",
    ".mov": "video/quicktime",
    ".webm": "video/webm",
    ".mkv": "video/x-matroska",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".heic": "image/heic",
    ".gif": "image/gif",
    ".bmp": "image/bmp",
}
"""Media types by the suffixes of the files that this server keeps."""

UNKNOWN = "application/octet-stream"
"""The media type of bytes that are nothing known."""


def type_of_name(name: str) -> str:
    """Return the media type that the suffix of a file's name stands for."""
    stem, dot, suffix = name.rpartition(".")
    return TYPES.get(f".{suffix.lower()}", UNKNOWN) if stem and dot else UNKNOWN


def media_type(head: bytes) -> str | None:
    """
    Return the media type of the image or video that begins with *head*; None for anything else.

    The first 64 bytes are enough. Only a decoder can tell whether the file is complete. Sources:
    ISO 14496-12 for the brands, RFC 8794 for EBML, the format of WebM.
    """
    head = head[:HEAD_BYTES]
    if (image := image_type(head)) is not None:
        return image
    if head[4:8] == b"ftyp":
        return "video/quicktime" if head[8:12] == b"qt  " else "video/mp4"
    if head.startswith(b"\x1aE\xdf\xa3"):
        return "video/webm" if b"webm" in head else "video/x-matroska"
    return None


def suffix_of(media_type: str | None) -> str:
    """Return the suffix for a media type; ``.bin`` for an unknown one."""
    return (SUFFIXES | VIDEO_SUFFIXES).get(media_type or "", ".bin")
