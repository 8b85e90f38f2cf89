"""Convert credits between exact decimals and whole micro-credits."""

import re
from typing import Final

MICRO: Final = 1_000_000
"""Micro-credits in one credit."""

MAX_AMOUNT: Final = 10**15
"""Micro-credits: a billion credits, the largest amount that can be written anywhere."""

_DECIMAL: Final = re.compile(r"(-?)(\d{1,10})(?:\.(\d{1,6}))?", re.ASCII)


def format_credits(micro: int) -> str:
    """Return micro-credits as credits, exactly and as short as it can be: ``0.32``."""
    units, fraction = divmod(abs(micro), MICRO)
    text = f"{units}.{fraction:06d}".rstrip("0").rstrip(".")
    return f"-{text}" if micro < 0 else text


def parse_credits(text: str) -> int:
    """
    Return the micro-credits of credits that are written as a decimal: ``12.5``, ``0.000001``.

    Raises:
        ValueError: It is no decimal, has more than six digits behind the point, or is too large.
    """
    found = _DECIMAL.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"must be credits like '12.5', six decimals at most, not {text!r}")
    sign, units, fraction = found[1], found[2], found[3] or ""
    amount = int(units) * MICRO + int(fraction.ljust(6, "0"))
    if amount > MAX_AMOUNT:
        raise ValueError(f"must be at most {format_credits(MAX_AMOUNT)} credits, not {text}")
    return -amount if sign else amount
