"""Map each set name of a shot plan to the set that draws it."""

from collections.abc import Callable
from typing import Final, Protocol

from rushes.core.shot_plan import ShotPlan
from rushes.engines.animatic.layers import Set
from rushes.engines.animatic.scenes.palettes import Palette
from rushes.engines.animatic.scenes.view import View
from rushes.engines.animatic.sets.backdrops import AbstractSet, CloudSet, SpaceSet, UnderwaterSet
from rushes.engines.animatic.sets.built import stage, studio, table
from rushes.engines.animatic.sets.canal import canal
from rushes.engines.animatic.sets.cave import cave
from rushes.engines.animatic.sets.grown_sets import (
    autumn_forest,
    bamboo_grove,
    jungle,
    savanna,
    vineyard,
    wheat_field,
)
from rushes.engines.animatic.sets.landscape import LANDSCAPES, Landscape
from rushes.engines.animatic.sets.outdoor_sets import (
    canyon,
    christmas_market,
    hot_spring,
    market,
    playground,
    ship_deck,
    summit,
)
from rushes.engines.animatic.sets.room_table import ROOMS
from rushes.engines.animatic.sets.rooms import RoomSet
from rushes.engines.animatic.sets.street import street
from rushes.engines.animatic.sets.yard_sets import farmyard, harbour, petrol_station, swamp
from rushes.engines.animatic.shot import Shot


class ColouredSet(Set, Protocol):
    """A set that also says which colours its air has."""

    @property
    def palette(self) -> Palette:
        """The colours of its air."""
        ...

    @property
    def side(self) -> int:
        """Where its light comes from: -1 left, 1 right, 0 above."""
        ...


SetMaker = Callable[[Shot, View, ShotPlan], ColouredSet]

SETS_MADE: Final[dict[str, SetMaker]] = {
    **dict.fromkeys(LANDSCAPES, Landscape),
    **dict.fromkeys(ROOMS, RoomSet),
    "autumn_forest": autumn_forest,
    "bamboo_grove": bamboo_grove,
    "jungle": jungle,
    "wheat_field": wheat_field,
    "vineyard": vineyard,
    "savanna": savanna,
    "ship_deck": ship_deck,
    "market": market,
    "christmas_market": christmas_market,
    "playground": playground,
    "canyon": canyon,
    "summit": summit,
    "hot_spring": hot_spring,
    "harbour": harbour,
    "farmyard": farmyard,
    "petrol_station": petrol_station,
    "swamp": swamp,
    "street": street,
    "canal": canal,
    "stage": stage,
    "studio": studio,
    "table": table,
    "cave": cave,
    "clouds": CloudSet,
    "underwater": UnderwaterSet,
    "space": SpaceSet,
    "abstract": AbstractSet,
}


def set_for(shot: Shot, view: View, plan: ShotPlan) -> ColouredSet:
    """Return the set of a plan, painted."""
    return SETS_MADE[plan.set](shot, view, plan)
