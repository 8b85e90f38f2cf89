"""Read a picture of a request: a URL, base64 or a data URI."""

import asyncio
from typing import Final

from rushes.core.errors import InvalidRequest
from rushes.kit.address_rules import ForbiddenAddress, parse
from rushes.kit.inline_images import NotAnImage, TooLong, from_text, is_url

IMAGE_LIMIT_BYTES: Final = 20 << 20
"""The largest image inside a request."""

LONG: Final = 1 << 18
"""An image of at least this many characters is decoded in a thread."""

InlinePicture = tuple[bytes, str]
"""An image inside a request, and the suffix of its file."""


async def read_picture(source: str, *, param: str) -> str | InlinePicture:
    """
    Return *source* if it is a URL, or the image that it contains.

    Large images are decoded in a thread, so that they do not block the event loop.

    Raises:
        InvalidRequest: It is neither a URL nor an image, or one that is too large.
    """
    if len(source) < LONG:
        return _image(source, param=param)
    return await asyncio.to_thread(_image, source, param=param)


def _image(source: str, *, param: str) -> str | InlinePicture:
    try:
        if not is_url(source):
            return from_text(source, limit_bytes=IMAGE_LIMIT_BYTES)
        parse(source)
    except ForbiddenAddress as error:
        raise InvalidRequest(f"{param} cannot be used: {error}", param=param) from None
    except (NotAnImage, TooLong) as error:
        raise InvalidRequest(f"{param} {error}", param=param) from None
    return source.strip()
