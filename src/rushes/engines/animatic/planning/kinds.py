"""Choose the action, the plane and the clothes of a subject, and whether it holds another one."""

from typing import Final

from rushes.core.shot_plan import Action, Plane
from rushes.engines.animatic.cast.catalogue import Subject, subjects
from rushes.engines.animatic.cast.vessels import VESSELS
from rushes.engines.animatic.planning.seats import BOARDS, HOLDERS, RIDDEN, SEATS

_PEOPLE: Final = frozenset({"person", "fantasy"})
_ANIMALS: Final = frozenset({"animal", "bird", "fish", "insect"})
_ALIVE: Final = _PEOPLE | _ANIMALS
_VEHICLES: Final = frozenset({"vehicle", "boat", "aircraft"})
_HELD: Final = frozenset({"object", "instrument", "food", "clothing"})

_STAND_INS: Final = {"hot-air-balloon": "balloon"}
"""Subjects of the names table that a smaller catalogue may lack."""

_ACTIONS_OF: Final = {
    "boat": {
        Action.WALK: Action.SAIL,
        Action.RUN: Action.SAIL,
        Action.DRIVE: Action.SAIL,
        Action.DRIFT: Action.SAIL,
        Action.FLOAT: Action.SAIL,
        Action.SWIM: Action.SAIL,
        Action.SIT: Action.SAIL,
        Action.FLY: Action.FLY,
    },
    "vehicle": {
        Action.WALK: Action.DRIVE,
        Action.RUN: Action.DRIVE,
        Action.DRIFT: Action.DRIVE,
        Action.ROLL: Action.DRIVE,
        Action.SAIL: Action.DRIVE,
        Action.SIT: Action.STAND,
        Action.WORK: Action.DRIVE,
    },
    "aircraft": {
        Action.WALK: Action.FLY,
        Action.RUN: Action.FLY,
        Action.DRIVE: Action.FLY,
        Action.SAIL: Action.FLY,
        Action.JUMP: Action.FLY,
    },
    "fish": {
        Action.WALK: Action.SWIM,
        Action.RUN: Action.SWIM,
        Action.DRIFT: Action.SWIM,
        Action.FLOAT: Action.SWIM,
        Action.FLY: Action.SWIM,
        Action.DRIVE: Action.SWIM,
        Action.SPIN: Action.SWIM,
    },
    "bird": {Action.RISE: Action.FLY, Action.DRIFT: Action.FLY, Action.DRIVE: Action.FLY},
    "person": {Action.DRIVE: Action.SIT, Action.SAIL: Action.SIT},
    "plant": {
        Action.DANCE: Action.FLUTTER,
        Action.WALK: Action.FLUTTER,
        Action.WAVE: Action.FLUTTER,
    },
}
"""What a verb means for subjects that cannot do it literally."""

_ALIVE_ONLY: Final = frozenset(
    {Action.WALK, Action.RUN, Action.DANCE, Action.SIT, Action.TALK, Action.WORK, Action.SWIM}
    | {Action.EAT, Action.FIGHT}
)
_PERSONS_ONLY: Final = frozenset(
    {Action.KICK, Action.THROW, Action.PUSH, Action.CLIMB, Action.KNEEL, Action.LIE, Action.HUG}
)
_NEED_HANDS: Final = frozenset({Action.WORK, Action.TALK, Action.WAVE})
WITH_HANDS: Final = frozenset({Action.WORK, Action.EAT, Action.THROW, Action.KNEEL})
"""What one does with a thing in the hands: reading, drinking, planting."""

_UNDER_WATER: Final = frozenset({"underwater"})
_DRY_FOR_BOATS: Final = frozenset({"street", "road", "desert", "forest", "meadow", "mountain"})

SHOWN_BY_SETS: Final = frozenset(
    {"table", "desk", "kitchen-counter", "campfire", "market-stall", "gas-station"}
)
"""Subjects whose words rather name a place, which shows them."""


PLACES_FIRST: Final = frozenset(
    {"waterfall", "village", "cemetery", "construction_site", "ruins", "amusement_park", "zoo"}
    | {"arcade", "cinema", "bakery", "cockpit", "laundromat", "planetarium", "hotel_lobby"}
    | {"barber_shop", "bowling_alley", "museum", "aquarium", "subway_train", "airplane_cabin"}
    | {"elevator", "submarine_interior"}
)
"""Sets whose words name a thing too, such as graves, which they show."""

IN_THEIR_PLACE: Final = frozenset({"puddle", "stairs", "coral"})
"""Subjects whose words name the place around them too."""

_BODY_PARTS: Final = frozenset(
    {"foot", "hand", "ear", "eye", "mouth", "tooth", "flexed-biceps", "raised-hand", "brain"}
    | {"footprints", "anatomical-heart", "bone"}
)


def is_body_part(subject: Subject) -> bool:
    """Return whether it is a part of the subject that was named before."""
    return subject.id in _BODY_PARTS


def rowed(boat: Subject, words: str) -> Subject:
    """Return the boat in which a person is whom the prompt puts into a boat of no kind."""
    named = words.lower().startswith(_SAILED)
    return boat if named or boat.id != "sailboat" else subjects().get("rowboat", boat)


_SAILING: Final = "sail segel vel voil yacht парус яхт 帆 ヨット 돛 요트"
_SAILED: Final = tuple(_SAILING.split())
"""How words for boats with sails begin."""

OUTSIDES: Final = {
    "cafe": "convenience-store",
    "kitchen": "convenience-store",
    "library": "bank",
    "office": "office-building",
    "classroom": "school",
    "laboratory": "factory",
    "gallery": "classical-building",
    "hall": "hotel",
    "stage": "hotel",
    "living_room": "house",
    "bedroom": "house",
}
"""The building in front of which one stands who is in front of such a room."""


def is_bridge(subject: Subject) -> bool:
    """Return whether what crosses it is on it."""
    return subject.id == "viaduct" or subject.id.endswith("bridge")


def is_person(subject: Subject) -> bool:
    """Return whether it has hands and wears clothes."""
    return subject.kind in _PEOPLE


PIANOS: Final = frozenset({"piano", "grand-piano"})
_STANDS: Final = PIANOS | {"harp", "musical-keyboard"}
"""Instruments at which one stands or sits."""


def is_held(subject: Subject) -> bool:
    """Return whether a person can have it in their hands."""
    return subject.kind in _HELD and subject.height_m < HELD_M and subject.id not in _STANDS


def is_in_hand(subject: Subject) -> bool:
    """Return whether who is *with* it has it in their hands: a thing or a flower."""
    return is_held(subject) or (subject.kind == "plant" and subject.height_m < LAP_M)


def has_hands(subject: Subject) -> bool:
    """Return whether it holds what it eats, plays or reads; an animal does so with its paws."""
    return subject.kind in {"person", "fantasy", "animal", "bird"}


def is_carried(subject: Subject) -> bool:
    """Return whether a person can carry it: a thing, or a small animal."""
    return subject.height_m < HELD_M and not (is_alive(subject) and subject.height_m > LAP_M)


LAP_M: Final = 0.6
"""Taller animals and instruments are beside who has them."""

HELD_M: Final = 1.5
"""Taller things are beside who holds them."""


def is_alive(subject: Subject) -> bool:
    """Return whether it is a person, an animal or something like them."""
    return subject.kind in _ALIVE


def is_heavy(subject: Subject) -> bool:
    """Return whether nobody can carry it on a shoulder."""
    return is_alive(subject) and subject.height_m > LAP_M


def moves_by_itself(subject: Subject) -> bool:
    """Return whether a verb after it can be about it."""
    return subject.kind in _ALIVE | _VEHICLES


def may_fly(subject: Subject, action: Action | None) -> bool:
    """Return whether it can be in the air over something; a man who knocks over a lamp is not."""
    if action in _STAYS_LOW:
        return False
    heavy = {"person", "animal", "vehicle", "boat", "building", "furniture"}
    return subject.kind not in heavy or action in _ALOFT


_STAYS_LOW: Final = frozenset({Action.JUMP, Action.WALK, Action.RUN, Action.DRIVE, Action.SAIL})
_ALOFT: Final = frozenset({Action.FLY, Action.FLOAT, Action.RISE, Action.DRIFT, Action.FALL})


def stands_on_ground(subject: Subject) -> bool:
    """Return whether it needs a floor in front of the camera."""
    return subject.plane is Plane.GROUND and subject.kind != "building"


def flutters(subject: Subject) -> bool:
    """Return whether the wind moves it, so that the next verb is about it."""
    return subject.kind == "plant" or subject.id in {"flag", "banner", "kite", "curtain"}


def holds_people(subject: Subject) -> bool:
    """Return whether one can sit, lie or ride in it."""
    return subject.kind in _VEHICLES or subject.id in HOLDERS or subject.id in VESSELS


_LYING: Final = {
    "cat": "kitten-beast",
    "black-cat": "kitten-beast",
    "dog": "puppy-beast",
    "horse": "foal-beast",
    "foal": "foal-beast",
    "moose": "moose-beast",
    "unicorn": "unicorn-beast",
    "cow": "calf-beast",
    "pig": "piglet-beast",
    "kitten": "kitten-beast",
    "puppy": "puppy-beast",
    "hamster": "hamster-beast",
    "bunny": "bunny-beast",
    "calf": "calf-beast",
    "piglet": "piglet-beast",
    "tiger-cub": "tiger-cub-beast",
    "lion": "lion-beast",
    "wolf": "wolf-beast",
    "fox": "fox-beast",
}
"""The same animals as pictures with legs that fold."""

BLACK: Final = "#212121"


def lying(subject: Subject) -> Subject:
    """Return the picture of an animal that can lie down; the same one where there is none."""
    return subjects().get(_LYING.get(subject.id, ""), subject)


def can_lie(subject: Subject) -> bool:
    """Return whether its picture sits or lies; an animal with straight legs stands."""
    return subject.kind != "animal" or subject.rig in {"puppet", "beast", "crawl", "still"}


_ROADS: Final = frozenset({"street", "road", "desert", "mountain", "forest", "meadow", "beach"})


def rides(subject: Subject, set_name: str) -> bool:
    """Return whether it drives in such a place where no verb says otherwise."""
    return subject.id == "motorcyclist" and set_name in _ROADS


def posture_on(mount: Subject) -> Action:
    """Return what a rider does on it: one stands on a board."""
    return Action.STAND if mount.id in BOARDS else Action.SIT


def is_ridden(subject: Subject) -> bool:
    """Return whether who is on it sits."""
    return subject.id in RIDDEN | SEATS


def is_seat(subject: Subject) -> bool:
    """Return whether who works or talks on it sits all the same."""
    return subject.id in SEATS


def fallback_for(subject: str) -> str:
    """Return the id, or that of what comes nearest where the catalogue lacks it."""
    return subject if subject in subjects() else _STAND_INS.get(subject, subject)


_PICTURES: Final = frozenset({"statue", "framed-picture", "open-book", "television", "world-map"})


def is_part(subject: Subject) -> bool:
    """Return whether ``... of a train`` makes it a mere part of the train."""
    return subject.kind in {"furniture", "object"} and subject.id not in _PICTURES


_MUSICIANS: Final = frozenset(
    {"cellist", "dj", "drummer", "guitarist", "pianist", "saxophonist", "trumpeter", "violinist"}
)


_SPECIAL: Final = _PERSONS_ONLY | {Action.EAT, Action.FIGHT}
"""What a verb means before it means to work, to sit, to walk or to jump."""


def suited(actions: list[Action], subject: Subject) -> Action:
    """Return the action that a verb means for this subject."""
    if subject.action in actions:
        return subject.action
    if subject.id in _MUSICIANS and Action.JUMP in actions:
        return Action.WORK  # ``spielen`` is what children and pianists do
    actions = sorted(actions, key=lambda one: one not in _SPECIAL)
    translated = [_ACTIONS_OF.get(subject.kind, {}).get(one, one) for one in actions]
    fitting = [one for one in translated if _can(subject, one)]
    if not fitting and translated[0] in _NEED_HANDS:
        return Action.STAND
    usual = [one for one in translated if one not in _SPECIAL]
    return (fitting or usual or [Action.STAND])[0]


def _can(subject: Subject, action: Action) -> bool:
    if action in _PERSONS_ONLY:
        return subject.rig == "puppet"
    if subject.kind in _PEOPLE:
        return action not in {Action.FLUTTER, Action.DRIFT, Action.STEAM}
    if subject.kind in _ALIVE:
        return action not in {Action.FLUTTER, Action.STEAM}
    return action not in _ALIVE_ONLY


def usual_action(subject: Subject, set_name: str) -> Action:
    """Return what it does where the prompt does not say."""
    named = subject.id.rpartition("-")[2]
    action = _ACTIONS_IN_NAMES.get(named) or subject.action
    if set_name in _UNDER_WATER and (subject.kind == "fish" or subject.kind in _PEOPLE):
        return Action.SWIM
    if set_name == "space" and subject.id.endswith("astronaut"):
        return Action.FLOAT
    if subject.kind == "boat" and set_name in _DRY_FOR_BOATS:
        return Action.STAND
    return action


_ACTIONS_IN_NAMES: Final = {
    "running": Action.RUN,
    "walking": Action.WALK,
    "dancing": Action.DANCE,
    "swimming": Action.SWIM,
    "position": Action.SIT,
    "kneeling": Action.SIT,
}
"""What figures do whose ids end so, e.g. ``woman-running``."""


def plane_in(subject: Subject, set_name: str, action: Action | None) -> Plane:
    """Return the plane on which it belongs."""
    plane = subject.plane
    if set_name == "underwater":
        return Plane.SKY if action is Action.FLY else Plane.WATER
    if set_name == "hot_spring" and is_alive(subject) and action in _BATHING:
        return Plane.WATER
    if action is Action.SWIM:
        return Plane.WATER if set_name in _WET else _DRY_PLANES.get(set_name, Plane.GROUND)
    afloat = action is Action.FLOAT and set_name in _WATERS and plane is not Plane.SKY
    if afloat and subject.kind not in {"aircraft", "sky"}:
        return Plane.WATER
    floats = action is Action.FLOAT and subject.kind not in {"boat", "fish"}
    in_the_air = set_name in {"clouds", "space"} and plane is not Plane.BACKGROUND
    if action is Action.FLY or in_the_air or (floats and plane is not Plane.WATER):
        return Plane.SKY
    comes_down = plane is Plane.SKY and action in _ON_FOOT
    dry = plane is Plane.WATER and set_name not in _WET
    return Plane.GROUND if comes_down or dry else plane


_BATHING: Final = frozenset({None, Action.STAND, Action.SIT, Action.FLOAT, Action.SWIM})
"""What one does in a hot spring who is in its water."""

_DRY_PLANES: Final = {"clouds": Plane.SKY, "space": Plane.SKY}
"""Where one swims who is not in water; a fish of a bowl is on its table."""

_ON_FOOT: Final = frozenset({Action.WALK, Action.STAND, Action.SIT, Action.RUN})
_WATERS: Final = frozenset(
    {"lake", "ocean", "beach", "canal", "indoor_pool", "hot_spring"}
    | {"harbour", "swamp", "waterfall"}
)
_WET: Final = frozenset(
    {"lake", "ocean", "beach", "canal", "indoor_pool", "underwater", "city", "snow", "garden"}
    | {"hot_spring", "harbour", "swamp", "waterfall"}
)
