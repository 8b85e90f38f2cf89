"""Credits, counted in millionths, so that sums are exact."""

from decimal import Decimal
from typing import Final

MICRO: Final = 1_000_000
"""In one credit."""


def as_credits(micro: int) -> str:
    """Return an amount in credits, with as many decimals as it needs: ``0.32``, ``12``."""
    return f"{Decimal(micro).scaleb(-6).normalize():f}"
