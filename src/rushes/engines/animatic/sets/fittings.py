"""Look up what is painted on the walls, the floor and the ceiling of rooms."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Final

from rushes.engines.animatic.paint.arrays import Array
from rushes.engines.animatic.sets.glazing import GLAZED
from rushes.engines.animatic.sets.house_fittings import HOUSE_FITTINGS
from rushes.engines.animatic.sets.leisure_fittings import LEISURE_FITTINGS
from rushes.engines.animatic.sets.public_fittings import PUBLIC_FITTINGS
from rushes.engines.animatic.sets.sacred_fittings import SACRED_FITTINGS
from rushes.engines.animatic.sets.service_fittings import SERVICE_FITTINGS
from rushes.engines.animatic.sets.technical_fittings import TECHNICAL_FITTINGS
from rushes.engines.animatic.sets.underground_fittings import UNDERGROUND_FITTINGS
from rushes.engines.animatic.sets.work_fittings import WORK_FITTINGS

SOLID: Final[Mapping[str, Callable[[], Array]]] = {
    **WORK_FITTINGS,
    **PUBLIC_FITTINGS,
    **HOUSE_FITTINGS,
    **LEISURE_FITTINGS,
    **TECHNICAL_FITTINGS,
    **SERVICE_FITTINGS,
    **SACRED_FITTINGS,
    **UNDERGROUND_FITTINGS,
}
"""Painted things by name; a fourth channel says where the wall is seen through them."""

LETS_LIGHT_IN: Final = frozenset(GLAZED) - {"stars"}


def fitting(name: str, sky: list[Array]) -> Array:
    """
    Return the texture of a fitting, ``(rows, columns, 3 or 4)`` uint8.

    Args:
        sky: Colours of the sky at its top and its foot, 0.0 to 1.0.
    """
    return GLAZED[name](sky) if name in GLAZED else _solid(name)


@cache
def _solid(name: str) -> Array:
    return SOLID[name]()
