"""
Define the shot plan: the contents of a prompt as data that an engine can draw.

The server stores a plan with the generation and shows it to the caller. The caller may edit it and
submit it again. The same plan with the same seed gives the same frames.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class PlanSource(StrEnum):
    """The origin of a plan."""

    RULES = "rules"
    CHAT_MODEL = "chat_model"
    CALLER = "caller"


class Framing(StrEnum):
    """The distance and angle from which the camera shows the subject."""

    WIDE = "wide"
    MEDIUM = "medium"
    PORTRAIT = "portrait"
    CLOSE_UP = "close_up"
    LOW_ANGLE = "low_angle"
    AERIAL = "aerial"


class Plane(StrEnum):
    """The depth of the scene in which a cast member is."""

    FOREGROUND = "foreground"
    GROUND = "ground"
    BACKGROUND = "background"
    SKY = "sky"
    WATER = "water"
    """On the surface, or under it in an underwater set."""


class Facing(StrEnum):
    """The direction in which a cast member looks or moves."""

    LEFT = "left"
    RIGHT = "right"
    CAMERA = "camera"


class Action(StrEnum):
    """The activity of a cast member."""

    STAND = "stand"
    WALK = "walk"
    RUN = "run"
    DANCE = "dance"
    JUMP = "jump"
    SIT = "sit"
    TALK = "talk"
    WORK = "work"
    """Arms at work: cooking, playing an instrument, typing, fishing."""

    EAT = "eat"
    """A hand at the mouth, with food or a drink; the head of an animal goes down to it."""

    FIGHT = "fight"
    KICK = "kick"
    THROW = "throw"
    PUSH = "push"
    """Arms against a cart or a door, walking."""

    CLIMB = "climb"
    KNEEL = "kneel"
    LIE = "lie"
    HUG = "hug"
    WAVE = "wave"
    FLY = "fly"
    SWIM = "swim"
    DRIFT = "drift"
    FLOAT = "float"
    RISE = "rise"
    FALL = "fall"
    ROLL = "roll"
    DRIVE = "drive"
    SAIL = "sail"
    SPIN = "spin"
    FLUTTER = "flutter"
    BURN = "burn"
    STEAM = "steam"


class Effect(StrEnum):
    """An effect over the complete scene, such as weather or particles."""

    RAIN = "rain"
    SNOW = "snow"
    FOG = "fog"
    WIND = "wind"
    LIGHTNING = "lightning"
    AURORA = "aurora"
    LIGHT_SHAFTS = "light_shafts"
    STEAM = "steam"
    SMOKE = "smoke"
    DUST = "dust"
    SPARKS = "sparks"
    EMBERS = "embers"
    FIREFLIES = "fireflies"
    PETALS = "petals"
    LEAVES = "leaves"
    BUBBLES = "bubbles"
    CONFETTI = "confetti"
    FIRE = "fire"


LANDSCAPES: Final = (
    "mountain",
    "lake",
    "ocean",
    "beach",
    "forest",
    "meadow",
    "desert",
    "snow",
    "city",
    "campfire",
    "underwater",
    "space",
    "clouds",
    "cave",
    "garden",
    "battlefield",
    "autumn_forest",
    "bamboo_grove",
    "jungle",
    "wheat_field",
    "vineyard",
    "savanna",
    "canyon",
    "summit",
    "hot_spring",
    "swamp",
    "moon_surface",
    "alien_planet",
    "glacier",
    "lava_field",
    "waterfall",
    "floating_islands",
    "lavender_field",
    "sunflower_field",
    "tulip_field",
    "rice_terraces",
    "tea_plantation",
    "orchard",
    "ruins",
    "abstract",
)
"""Sets without walls; ``city`` is a skyline over water, ``abstract`` shows no place at all."""

ROOMS: Final = (
    "kitchen",
    "living_room",
    "bedroom",
    "library",
    "office",
    "classroom",
    "laboratory",
    "gallery",
    "cafe",
    "corridor",
    "hall",
    "indoor_pool",
    "bathroom",
    "workshop",
    "factory",
    "sports_hall",
    "gym",
    "subway_station",
    "train_station",
    "shop",
    "church",
    "hospital",
    "dungeon",
    "spaceship",
    "greenhouse",
    "airport",
    "courtroom",
    "ballroom",
    "attic",
    "barn",
    "tent",
    "porch",
    "restaurant",
    "museum",
    "aquarium",
    "arcade",
    "casino",
    "cinema",
    "nightclub",
    "bowling_alley",
    "hotel_lobby",
    "bakery",
    "barber_shop",
    "server_room",
    "control_room",
    "cockpit",
    "recording_studio",
    "tv_studio",
    "subway_train",
    "airplane_cabin",
    "submarine_interior",
    "wine_cellar",
    "laundromat",
    "garage",
    "parking_garage",
    "tunnel",
    "bunker",
    "elevator",
    "planetarium",
    "boxing_ring",
    "penthouse",
    "temple",
    "mosque",
)
"""Sets that are a room in perspective."""

BUILT_SETS: Final = (
    "street",
    "canal",
    "road",
    "railway",
    "roof",
    "sports_ground",
    "playground",
    "market",
    "christmas_market",
    "ship_deck",
    "harbour",
    "farmyard",
    "petrol_station",
    "park",
    "village",
    "cemetery",
    "amusement_park",
    "zoo",
    "construction_site",
    "container_port",
    "western_town",
    "bridge",
    "parking_lot",
    "ice_rink",
    "skatepark",
    "stage",
    "studio",
    "table",
)
"""Sets that people made and that are no rooms; ``table`` is a table top with shallow depth."""

SETS: Final = (*LANDSCAPES, *ROOMS, *BUILT_SETS)
"""All values of :attr:`ShotPlan.set`."""

TIMES: Final = ("dawn", "day", "golden", "sunset", "night")
WEATHERS: Final = ("clear", "cloudy", "overcast", "storm")
LIGHTS: Final = ("natural", "neon", "candle", "lamp", "stage", "moon", "mars")


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraMove:
    """One move of the camera and when it happens."""

    move: str
    """A name such as ``push_in`` or ``pan_left``: one of the engine's concepts."""

    start: float = 0.0
    """Share of the clip at which it begins, 0.0 to 1.0."""

    end: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CastMember:
    """A subject in the scene, or several alike."""

    subject: str
    """A name in the engine's catalogue of subjects, e.g. ``steam-locomotive``."""

    words: str = ""
    """The caller's own words for it, e.g. ``an old steam train``."""

    count: int = 1
    """How many of it are drawn; a crowd is a large number."""

    height_m: float | None = None
    """Real height in metres; None: the catalogue's."""

    plane: Plane = Plane.GROUND
    x: float | None = None
    """Centre across the frame, 0.0 left to 1.0 right; None: the engine composes."""

    y: float | None = None
    """Foot of what stands, centre of what flies, 0.0 top to 1.0 bottom; None: as for x."""

    scale: float = 1.0
    """Drawn size relative to what height and distance give, 0.1 to 10."""

    facing: Facing = Facing.RIGHT
    action: Action = Action.STAND
    colour: str | None = None
    """A tint as ``#rrggbb`` where the caller named a colour or a material; None: as drawn."""

    on: int | None = None
    """Index in the cast of the member that it stands on, sits in or is worn by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotShown:
    """Words of the caller that the engine understood as something to see and cannot show."""

    words: str
    reason: str
    """One sentence for the caller."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShotPlan:
    """Everything that decides what the animatic engine draws, apart from size, length and seed."""

    set: str = "abstract"
    """One of ``SETS``."""

    time: str = "day"
    """One of ``TIMES``."""

    weather: str = "clear"
    """One of ``WEATHERS``."""

    light: str = "natural"
    """One of ``LIGHTS``."""

    palette: str | None = None
    """A mood for the colours, one of the engine's palettes; None: what time and weather give."""

    framing: Framing = Framing.WIDE
    camera: tuple[CameraMove, ...] = field(default=())
    """Empty: the engine's usual slow push."""

    pace: float = 1.0
    """How fast camera and actions are; 1.0 is usual."""

    cast: tuple[CastMember, ...] = field(default=())
    effects: tuple[Effect, ...] = field(default=())
    shown: tuple[str, ...] = field(default=())
    """The caller's words that the picture shows; ``wooden`` chooses a table's material."""

    not_shown: tuple[NotShown, ...] = field(default=())
    source: PlanSource = PlanSource.RULES
