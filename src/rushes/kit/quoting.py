"""
Quote a caller's value in a message: short, on one line, and never binary.

A caller may send a file where text belongs; the message must not contain its bytes.
"""

import json
import re
from typing import Final

LONGEST: Final = 60
"""Characters of a value that are shown."""

NOT_TEXT: Final = "(not text)"

_SAMPLE: Final = 1 << 12
"""Characters of a long text that are checked; every known file format shows within them."""

_CONTROL: Final = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd"
_BINARY: Final = re.compile(f"[{_CONTROL}]")
_BINARY_WORD: Final = re.compile(rf"[^\s{_CONTROL}]*[{_CONTROL}][^\s]*")
_ESCAPED: Final = re.compile(rf"\\u00[01][0-9a-f]|\\u00[78][0-9a-f]|\\ud[89a-f]|[{_CONTROL}]")


def is_binary(text: str) -> bool:
    """Tell whether *text* contains control characters or undecodable bytes."""
    return _BINARY.search(text, 0, _SAMPLE) is not None


def quoted(value: object, *, most: int = LONGEST) -> str:
    """Return *value* for a message: text in quotes, other values as JSON, shortened."""
    if isinstance(value, str):
        return quoted_text(value, most=most)
    return quoted_json(value, most=most)


def quoted_text(text: str, *, most: int = LONGEST) -> str:
    """Return *text* in quotes, shortened; a description if it is binary."""
    if is_binary(text):
        return f"{len(text)} characters that are not text"
    return repr(text) if len(text) <= most else f"{text[: most - 3]!r}..."


def quoted_json(value: object, *, most: int = LONGEST) -> str:
    """Return *value* as JSON, shortened; a description if it contains binary."""
    if isinstance(value, bytes):
        return f"a file of {len(value)} bytes"
    if isinstance(value, str) and is_binary(value):
        return quoted_text(value)
    try:
        text = json.dumps(value, default=_as_text, ensure_ascii=False)
    except ValueError:  # an integer with more digits than Python writes
        return "a very large number"
    text = text if len(text) <= most else text[: most - 3] + "..."
    return "something that is not text" if _ESCAPED.search(text) else text


def _as_text(value: object) -> str:
    return f"a file of {len(value)} bytes" if isinstance(value, bytes) else str(value)


def readable(message: str) -> str:
    """Return *message* with each binary word replaced."""
    return _BINARY_WORD.sub(NOT_TEXT, message) if _BINARY.search(message) else message
