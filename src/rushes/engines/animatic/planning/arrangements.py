"""Place who pushes, pulls, climbs or dines, what hangs on a wall and who is between others."""

import re
from dataclasses import replace
from typing import Final

from rushes.core.shot_plan import ROOMS, Action, Facing, Plane
from rushes.engines.animatic.cast.catalogue import subjects
from rushes.engines.animatic.planning import carriers, kinds
from rushes.engines.animatic.planning.casting_drafts import MOST_MEMBERS, Draft, Reading, index_of
from rushes.engines.animatic.planning.scenery import Scenery
from rushes.engines.animatic.planning.two_of_a_kind import split

_PUSH: Final = re.compile(
    r"push|shov|wheel|empuj|pouss|schieb|schiebt|empurr|толка|кат[ия]|推|押|밀", re.IGNORECASE
)
_PULL: Final = re.compile(r"pull|drag|haul|tir[ae]|zieh|pux|тян|тащ|拉|引|끌", re.IGNORECASE)
_CLIMB: Final = re.compile(
    r"climb|trep|escal|grimp|klett|лез|взбира|爬|登|よじ|오르|올라", re.IGNORECASE
)
_CLIMBED: Final = frozenset({"ladder", "palm-tree", "deciduous-tree", "evergreen-tree", "tree"})
_PULLED: Final = frozenset({"luggage", "sled", "cart", "wagon", "suitcase", "rope", "lawn-mower"})
_PUSHES: Final = re.compile(rf"(?<!\w)(?:{_PUSH.pattern})\w*", re.IGNORECASE)
_WITH_RIDERS: Final = frozenset(
    {"manual-wheelchair", "motorized-wheelchair", "stroller", "cart", "wheelbarrow", "sled"}
    | {"shopping-cart", "hospital-bed"}
)
_PUSHER, _PUSHED = 0.4, 0.57
_PULLER, _BEHIND = 0.58, 0.4

_ON_WALL: Final = re.compile(
    r"[\s,]*(?:(?:hanging|hung|mounted|ticking)\s+)?(?:on|from)\s+(?:the|a|an|her|his)\s+(?:\w+\s+)?"
    r"walls?\b|\s+an (?:der|einer) wand|\s+en la pared|\s+(?:au|sur le) mur|\s+na parede"
    r"|\s+на стене|在?墙上|が?壁に|[이가]? ?벽에",
    re.IGNORECASE,
)
_AT_TABLE: Final = re.compile(
    r"\b(?:at|around|round) (?:a|the|their|his|her|our) (?:\w+ ){0,3}table\b|\bam tisch\b"
    r"|[圆餐]桌|围坐在?桌|食卓|テーブルを囲|テーブルで|식탁"
    r"|\ba la mesa\b|\bà table\b|\bà mesa\b|за столом",
    re.IGNORECASE,
)
_BETWEEN: Final = re.compile(
    r"\bbetween\b|\bzwischen\b|\bentre\b|\bмежду\b|之间|の間|사이",  # noqa: RUF001
    re.IGNORECASE,
)
_FROM: Final = re.compile(
    r"\b(?:look|watch|wav|gaz|star|sing|lean|photograph|fish)\w*\b[^.,;]{0,30}\bfrom\s+"
    r"(?:(?:a|an|the|their|his|her)\s+)?$",
    re.IGNORECASE,
)
_SIDES: Final = (0.22, 0.78)
_SEATS: Final = {1: (0.5,), 2: (0.3, 0.7), 3: (0.26, 0.5, 0.74), 4: (0.2, 0.4, 0.6, 0.8)}
"""Where across the frame people sit behind a table."""

_TABLE_ROW: Final = 0.97
_OUTSIDE: Final = frozenset({"garden", "street", "studio", "meadow"})
"""Where people are if the prompt names no place."""


def arrange_cast(prompt: str, reading: Reading, scenery: Scenery) -> Scenery:
    """
    Place members by what the prompt says that they do with each other and with things.

    Returns:
        The scenery; a room where people dine and the prompt names no place.
    """
    for draft in reading.drafts:
        _use_thing(prompt, reading.drafts, draft)
    _push_rider(prompt, reading)
    _look_from(prompt, reading.drafts)
    _hang(prompt, reading.drafts, scenery.set)
    _stand_between(prompt, reading)
    return _dine(prompt, reading, scenery)


def _use_thing(prompt: str, drafts: list[Draft], actor: Draft) -> None:
    """Put who pushes behind a thing, who pulls before it, and who climbs on it."""
    if actor.verb is None or actor.on is not None or not kinds.is_alive(actor.subject):
        return
    verb = prompt[slice(*actor.verb)]
    after = (at for at, one in enumerate(drafts) if one.start >= actor.verb[1])
    free = {None, index_of(drafts, actor)}
    at = next((at for at in after if drafts[at].on in free and drafts[at] is not actor), None)
    if at is None or drafts[at].count > 1:
        return
    thing = drafts[at]
    if _PULL.match(verb) and kinds.is_person(actor.subject) and actor.action is Action.SIT:
        actor.action = Action.WORK
    if _CLIMB.match(verb) and thing.subject.id in _CLIMBED:
        actor.on = at
    elif kinds.is_alive(thing.subject) or actor.count > 1:
        return
    elif _PUSH.match(verb) and thing.subject.height_m < 3 * actor.subject.height_m:
        actor.x, thing.x = _PUSHER, _PUSHED
        _go(actor, thing)
    elif _PULL.match(verb) and thing.subject.id in _PULLED:
        actor.x, thing.x = _PULLER, _BEHIND
        actor.action, thing.on = Action.WALK, None
        _go(actor, thing)


def _push_rider(prompt: str, reading: Reading) -> None:
    """Put who pushes somebody behind the wheelchair or cart that this one is in."""
    drafts = reading.drafts
    for rider in drafts:
        if rider.on is None or drafts[rider.on].subject.id not in _WITH_RIDERS:
            continue
        cart = drafts[rider.on]
        first = min(rider.start, cart.start)
        pushers = [one for one in drafts if kinds.is_person(one.subject) and one.end <= first]
        pushers = [one for one in pushers if one.on is None and one.count == 1]
        verb = _PUSHES.search(prompt, pushers[-1].end, first) if pushers else None
        if verb is None:
            continue
        reading.used.append(verb.span())
        pusher = pushers[-1]
        pusher.action, pusher.x, cart.x = Action.PUSH, _PUSHER, _PUSHED
        _go(pusher, cart)


def _go(actor: Draft, thing: Draft) -> None:
    """Let both go to the right at the same pace."""
    thing.action = Action.WALK
    if actor.action is not Action.PUSH:
        actor.action = Action.WALK
    actor.facing = thing.facing = Facing.RIGHT


def _look_from(prompt: str, drafts: list[Draft]) -> None:
    """Put people into the boat or the car that they look, wave or jump from."""
    for at, vessel in enumerate(drafts):
        if vessel.subject.kind not in {"boat", "vehicle"} or vessel.count > 1:
            continue
        if not _FROM.search(prompt[: vessel.start]):
            continue
        people = [one for one in drafts[:at] if kinds.is_person(one.subject) and one.on is None]
        words = prompt[vessel.start : vessel.end].rsplit(maxsplit=1)[-1]
        for one in people:
            carriers.fill(vessel, one, at, words=words)
            vessel.plane = Plane.WATER if vessel.subject.kind == "boat" else None


def _hang(prompt: str, drafts: list[Draft], set_name: str) -> None:
    """Hang on the back wall of a room what the prompt says is on the wall."""
    if set_name not in ROOMS:
        return
    for draft in drafts:
        if kinds.is_alive(draft.subject) or not _ON_WALL.match(prompt, draft.end):
            continue
        if draft.subject.id == "mantelpiece-clock":
            draft.subject = subjects()["wall-clock"]
        draft.plane, draft.on, draft.action = Plane.BACKGROUND, None, Action.STAND


def _stand_between(prompt: str, reading: Reading) -> None:
    """Put one between two others that come after the word."""
    found = _BETWEEN.search(prompt)
    if found is None:
        return
    before = [one for one in reading.drafts if one.start < found.start() and one.on is None]
    after = [one for one in reading.drafts if one.start > found.start() and one.on is None]
    if len(after) == 1 and after[0].count == 2 and len(reading.drafts) < MOST_MEMBERS:
        after.append(split(reading, after[0]))
    if len(before) != 1 or before[0].count > 1 or [one.count for one in after] != [1, 1]:
        return
    before[0].x = 0.5
    for one, x, facing in zip(after, _SIDES, (Facing.RIGHT, Facing.LEFT), strict=True):
        one.x, one.facing = x, facing
        one.plane = None if one.plane is Plane.BACKGROUND else one.plane


def _dine(prompt: str, reading: Reading, scenery: Scenery) -> Scenery:
    """Seat people behind the table that they are at."""
    drafts = reading.drafts
    table = next((one for one in drafts if one.subject.id == "table" and one.on is None), None)
    people = [one for one in drafts if kinds.is_person(one.subject) and one.on is None]
    dines = table is not None and _AT_TABLE.search(prompt) is not None
    if len(people) == 1 and people[0].count == 2 and dines and len(drafts) < MOST_MEMBERS:
        people.append(split(reading, people[0]))
    number = len(people)
    alone = all(one.count == 1 for one in people)
    if table is None or number not in _SEATS or not alone or not dines:
        return scenery
    table.x, table.y = 0.5, _TABLE_ROW
    for one, x in zip(people, _SEATS[number], strict=True):
        one.x = x
        one.facing = Facing.RIGHT if x <= 0.5 else Facing.LEFT
        one.action = Action.SIT if one.action in {None, Action.STAND} else one.action
    named = any(one.kind == "set" and one.value != "table" for _, one in reading.scenery)
    indoors = scenery.set in _OUTSIDE and not named
    return replace(scenery, set="living_room", palette=None) if indoors else scenery
