"""The twelve rooms: shape, colours, windows and furniture of each."""

from dataclasses import dataclass, field
from typing import Final

from rushes.engines.animatic.sets.shell import Box

_WIDE: Final = Box(left=0.2, top=0.15, right=0.8, bottom=0.66)
DEEP: Final = Box(left=0.36, top=0.3, right=0.64, bottom=0.6)
_LOFTY: Final = Box(left=0.24, top=0.02, right=0.76, bottom=0.62)


Furniture = tuple[str, float, float]
"""Name of the art, place across the back wall (0.0 to 1.0), height as a share of the wall."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What makes one kind of room."""

    wall: str
    side: str
    floor: str
    floor_colours: tuple[str, str]
    box: Box = _WIDE
    dado: str | None = None
    windows: int = 1
    """On the side wall from which the light comes; 0 for none."""

    back_window: bool = False
    shelves: int = 0
    """Rows of books that cover the back wall."""

    side_shelves: bool = False
    paintings: int = 0
    polish: float = 0.0
    furniture: tuple[Furniture, ...] = ()
    hung: tuple[tuple[str, float, float, float], ...] = ()
    """Art on the wall: name, place across, foot and height as shares of the wall."""

    doors: int = 0
    """Along the side walls."""

    lamps: int = 1
    """Lit at night, under the ceiling."""

    extra: tuple[str, ...] = field(default=())


ROOMS: Final[dict[str, Room]] = {
    "kitchen": Room(
        wall="#eee2c9",
        side="#e6d8bd",
        floor="tiles",
        floor_colours=("#dcd6ca", "#9fb0ae"),
        furniture=(
            ("fridge", 0.08, 0.66),
            ("kitchen-counter", 0.36, 0.36),
            ("stove", 0.58, 0.36),
            ("kitchen-counter", 0.80, 0.36),
        ),
        hung=(
            ("teapot", 0.30, 0.64, 0.11),
            ("pot-of-food", 0.58, 0.645, 0.13),
            ("bottle-with-popping-cork", 0.74, 0.64, 0.15),
            ("potted-plant", 0.88, 0.64, 0.18),
            ("jar", 0.42, 0.64, 0.11),
            ("mantelpiece-clock", 0.44, 0.3, 0.12),
        ),
        extra=("shelf",),
    ),
    "living_room": Room(
        wall="#c9b79c",
        side="#bfab90",
        floor="planks",
        floor_colours=("#a9784a", "#8a5c36"),
        dado="#8d6f52",
        paintings=2,
        furniture=(
            ("floor-lamp", 0.10, 0.62),
            ("sofa", 0.36, 0.36),
            ("fireplace", 0.74, 0.5),
            ("potted-plant", 0.94, 0.36),
        ),
        extra=("rug",),
    ),
    "bedroom": Room(
        wall="#b9c3d3",
        side="#aab6c8",
        floor="planks",
        floor_colours=("#b98d62", "#9d744c"),
        furniture=(("bed", 0.42, 0.42), ("wardrobe", 0.86, 0.74), ("floor-lamp", 0.10, 0.55)),
        hung=(("framed-picture", 0.42, 0.36, 0.2),),
        extra=("rug",),
    ),
    "library": Room(
        wall="#5c4330",
        side="#4c3727",
        floor="planks",
        floor_colours=("#6b4428", "#55341e"),
        shelves=6,
        side_shelves=True,
        polish=0.22,
        furniture=(("ladder", 0.84, 0.7),),
    ),
    "office": Room(
        wall="#d5d9db",
        side="#c5cbcf",
        floor="carpet",
        floor_colours=("#7d8891", "#8b969f"),
        windows=2,
        back_window=True,
        furniture=(
            ("file-cabinet", 0.06, 0.36),
            ("desk", 0.80, 0.34),
            ("potted-plant", 0.95, 0.4),
        ),
        hung=(("desktop-computer", 0.80, 0.66, 0.17), ("desk-lamp", 0.90, 0.66, 0.16)),
    ),
    "classroom": Room(
        wall="#e4e3cf",
        side="#d8d8c2",
        floor="planks",
        floor_colours=("#b58f63", "#9f7a50"),
        windows=2,
        dado="#8fae9b",
        furniture=(("desk", 0.18, 0.3), ("bookshelf", 0.92, 0.5)),
        hung=(
            ("blackboard", 0.52, 0.62, 0.44),
            ("mantelpiece-clock", 0.84, 0.24, 0.1),
            ("world-map", 0.13, 0.42, 0.24),
        ),
    ),
    "laboratory": Room(
        wall="#dfe9ec",
        side="#cfdde2",
        floor="tiles",
        floor_colours=("#e2e8ea", "#c2d0d6"),
        polish=0.14,
        furniture=(
            ("kitchen-counter", 0.24, 0.36),
            ("kitchen-counter", 0.62, 0.36),
            ("file-cabinet", 0.92, 0.42),
        ),
        hung=(
            ("microscope", 0.16, 0.64, 0.2),
            ("alembic", 0.30, 0.64, 0.17),
            ("test-tube", 0.50, 0.64, 0.15),
            ("petri-dish", 0.60, 0.64, 0.09),
            ("desktop-computer", 0.72, 0.64, 0.18),
        ),
        extra=("tubes",),
    ),
    "gallery": Room(
        wall="#f1efea",
        side="#e6e4de",
        floor="planks",
        floor_colours=("#c9a87c", "#b8966a"),
        windows=0,
        paintings=3,
        polish=0.2,
        furniture=(("amphora", 0.92, 0.3), ("bench", 0.5, 0.14)),
        extra=("spots", "side_paintings"),
    ),
    "cafe": Room(
        wall="#8f6b4e",
        side="#7d5c43",
        floor="tiles",
        floor_colours=("#d9cbb4", "#7a5a44"),
        windows=2,
        dado="#4f3626",
        lamps=3,
        furniture=(
            ("kitchen-counter", 0.78, 0.38),
            ("table", 0.22, 0.26),
            ("chair", 0.07, 0.34),
            ("chair", 0.37, 0.34),
        ),
        hung=(
            ("blackboard", 0.74, 0.44, 0.3),
            ("hot-beverage", 0.2, 0.72, 0.08),
            ("croissant", 0.68, 0.62, 0.07),
            ("teapot", 0.84, 0.62, 0.13),
        ),
    ),
    "corridor": Room(
        wall="#b9bfbf",
        side="#a9b0b0",
        floor="stone",
        floor_colours=("#8f9696", "#777e7e"),
        box=DEEP,
        windows=0,
        doors=3,
        polish=0.3,
        lamps=4,
        dado="#5f7272",
        hung=(("door", 0.5, 1.0, 0.8),),
    ),
    "hall": Room(
        wall="#cbb892",
        side="#b9a680",
        floor="stone",
        floor_colours=("#d8c8a6", "#9c7f58"),
        box=_LOFTY,
        windows=3,
        polish=0.34,
        furniture=(("throne", 0.5, 0.24), ("banner", 0.26, 0.5), ("banner", 0.74, 0.5)),
        hung=(("chandelier", 0.5, 0.28, 0.2),),
        extra=("columns", "runner"),
    ),
    "indoor_pool": Room(
        wall="#cfe2e6",
        side="#bcd5da",
        floor="pool",
        floor_colours=("#cfdadb", "#2fb3c8"),
        windows=3,
        back_window=True,
        polish=0.3,
        furniture=(("palm-tree", 0.05, 0.62), ("potted-plant", 0.95, 0.36)),
    ),
}
