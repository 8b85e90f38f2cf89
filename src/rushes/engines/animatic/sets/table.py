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
from rushes.engines.animatic.sets.field_sets import (
    lavender_field,
    orchard,
    rice_terraces,
    sunflower_field,
    tea_plantation,
    tulip_field,
)
from rushes.engines.animatic.sets.grown_sets import (
    autumn_forest,
    bamboo_grove,
    jungle,
    savanna,
    vineyard,
    wheat_field,
)
from rushes.engines.animatic.sets.landscape import LANDSCAPES, Landscape
from rushes.engines.animatic.sets.leisure_sets import amusement_park, ice_rink, skatepark, zoo
from rushes.engines.animatic.sets.nature_sets import floating_islands, glacier, waterfall
from rushes.engines.animatic.sets.outdoor_sets import (
    canyon,
    christmas_market,
    hot_spring,
    market,
    playground,
    ship_deck,
    summit,
)
from rushes.engines.animatic.sets.roadside_sets import bridge_over_river, parking_lot, western_town
from rushes.engines.animatic.sets.room_table import ROOMS
from rushes.engines.animatic.sets.rooms import RoomSet
from rushes.engines.animatic.sets.site_sets import construction_site, container_port, ruins
from rushes.engines.animatic.sets.street import street
from rushes.engines.animatic.sets.town_sets import cemetery, park, village
from rushes.engines.animatic.sets.wild_sets import alien_planet, lava_field, moon_surface
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
    "moon_surface": moon_surface,
    "alien_planet": alien_planet,
    "glacier": glacier,
    "lava_field": lava_field,
    "waterfall": waterfall,
    "floating_islands": floating_islands,
    "lavender_field": lavender_field,
    "sunflower_field": sunflower_field,
    "tulip_field": tulip_field,
    "rice_terraces": rice_terraces,
    "tea_plantation": tea_plantation,
    "orchard": orchard,
    "ruins": ruins,
    "park": park,
    "village": village,
    "cemetery": cemetery,
    "amusement_park": amusement_park,
    "zoo": zoo,
    "construction_site": construction_site,
    "container_port": container_port,
    "western_town": western_town,
    "bridge": bridge_over_river,
    "parking_lot": parking_lot,
    "ice_rink": ice_rink,
    "skatepark": skatepark,
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
