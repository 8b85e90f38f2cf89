"""Cut one page from a list that was read one entry too far."""

from collections.abc import Sequence
from typing import TypeVar

Entry = TypeVar("Entry")


def first_page(found: Sequence[Entry], limit: int) -> tuple[Sequence[Entry], bool]:
    """
    Return the page and whether more entries follow it.

    Args:
        found: Up to ``limit + 1`` entries; the last one only shows that there are more.
    """
    return found[:limit], len(found) > limit
