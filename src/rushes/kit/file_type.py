"""Tells what a media file is by how it begins."""

from rushes.kit.inline_images import HEAD_BYTES, SUFFIXES, image_type

VIDEO_SUFFIXES = {
    "video/mp4": ".mp4",
    "video/quicktime": ".mov",
    "video/webm": ".webm",
    "video/x-matroska": ".mkv",
}
"""Each video that :func:`media_type` knows."""


def media_type(head: bytes) -> str | None:
    """
    Return the media type of the image or video that begins with *head*; None: it is neither.

    The first 64 bytes are enough. Whether it is a whole one, only a decoder knows. Sources: ISO
    14496-12 for the brands, RFC 8794 for the mark of EBML, in which WebM is written.
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
    """Return what a file of this type should be called by; ``.bin`` for what is not known."""
    return (SUFFIXES | VIDEO_SUFFIXES).get(media_type or "", ".bin")
