"""Put far away what the prompt or the rest of the cast says is far away."""

import re
from typing import Final

from rushes.core.shot_plan import ROOMS, Action, Plane
from rushes.engines.animatic.cast.catalogue import subjects
from rushes.engines.animatic.planning import kinds
from rushes.engines.animatic.planning.casting_drafts import Draft

_FAR: Final = re.compile(
    r"[\s,]{0,2}(?:(?:flying|passing|standing|visible|seen|rising)\s)?"
    r"(?:in the (?:far )?(?:background|distance)|(?:far )?on the horizon|far away|far behind"
    r"|al fondo|a lo lejos|en el horizonte|à l'horizon|au loin|en arrière-plan|à l'arrière-plan"
    r"|am horizont|im hintergrund|in der ferne|ao fundo|no horizonte|ao longe"
    r"|на горизонте|на фоне|вдали|на заднем плане)\b",
    re.IGNORECASE,
)
_SEEN_FAR: Final = re.compile(
    r"(?:in the (?:far )?(?:background|distance)|on the horizon|al fondo|a lo lejos"
    r"|en el horizonte|à l'horizon|au loin|am horizont|im hintergrund|in der ferne|ao fundo"
    r"|no horizonte|на горизонте|вдали|远处[是有的]?|遠くに|奥に|멀리)(?:\s\w{1,4}){0,2}[\s:,]*$",
    re.IGNORECASE,
)
_SHORES: Final = frozenset({"beach", "lake", "harbour", "swamp", "waterfall", "container_port"})
_STATIONS: Final = frozenset({"subway_station", "train_station"})
_TRAINS: Final = frozenset(
    {"steam-locomotive", "steam-train", "locomotive", "train", "metro", "bullet-train"}
    | {"high-speed-train", "railway-car", "light-rail", "monorail", "tram", "tram-car"}
)
_SMALL_M: Final = 0.8
_FEW: Final = 12
_TREE_M: Final = 3.0
_PAIR: Final = 2
_CROWD: Final = 5


def is_far(prompt: str, start: int, end: int) -> bool:
    """Return whether the words around a part of the prompt say that it is far away."""
    return bool(_FAR.match(prompt, end) or _SEEN_FAR.search(prompt[:start]))


def put_far(prompt: str, drafts: list[Draft], set_name: str) -> None:
    """
    Put into the background what the words say, and what would hide who matters.

    That are parked cars around a small animal, and boats on the water before somebody on a beach.
    """
    if not drafts:
        return
    first = drafts[0]
    carriers = {draft.on for draft in drafts if draft.on is not None}
    small = kinds.is_alive(first.subject) and first.subject.height_m < _SMALL_M
    for index, draft in enumerate(drafts[1:], start=1):
        free = draft.on is None and draft.plane is None and index not in carriers
        if not free or draft.count > _FEW or draft.subject.plane is Plane.SKY:
            continue
        kind = draft.subject.kind
        ashore = set_name in _SHORES and kind == "boat" and draft.x is None
        hides = small and kind == "vehicle" and set_name not in ROOMS
        if is_far(prompt, draft.start, draft.end):
            tall = kinds.is_heavy(draft.subject) or draft.subject.height_m >= _SMALL_M
            draft.plane = Plane.BACKGROUND if tall else None
        elif draft.is_plural and kind == "plant" and draft.subject.height_m > _TREE_M:
            draft.plane = Plane.BACKGROUND if kinds.is_alive(first.subject) else None
        elif (ashore and kinds.is_alive(first.subject)) or hides:
            draft.plane, draft.x = Plane.BACKGROUND, None
            if hides and draft.verb is None and draft.action is None:
                draft.action = Action.STAND


_OF_STEAM: Final = re.compile(
    r"steam|locomotive|vintage|old |\bvapor|dampf|паров|蒸汽|蒸気|증기", re.IGNORECASE
)
_MODERN: Final = re.compile(
    r"\b(?:subway|metro|commuter|platform|station|high[- ]speed)|地铁|地下鉄|지하철", re.IGNORECASE
)


def modernise(prompt: str, drafts: list[Draft]) -> None:
    """Take a train of no kind for an electric one where the prompt has a subway or a station."""
    if _OF_STEAM.search(prompt) or not _MODERN.search(prompt):
        return
    for draft in drafts:
        if draft.subject.id == "locomotive":
            draft.subject = subjects()["light-rail"]


def put_on_tracks(drafts: list[Draft], set_name: str) -> None:
    """Put trains on the tracks behind the platform of a station."""
    for draft in drafts:
        if set_name in _STATIONS and draft.subject.id in _TRAINS:
            draft.plane, draft.x = Plane.BACKGROUND, None


def make_room(drafts: list[Draft]) -> None:
    """Let all stand side by side where a pair that is side by side would cover the others."""
    near = [
        one
        for one in drafts
        if one.on is None and one.plane in {None, Plane.GROUND} and one.count < _CROWD
    ]
    if len(near) > _PAIR:
        for draft in near:
            draft.x = None


_STREETS: Final = frozenset(
    {"street", "road", "city", "garden", "railway", "canal", "park", "village", "parking_lot"}
)
"""Where a lamp of no kind is the lamp of a street."""


def light_rooms(drafts: list[Draft], set_name: str) -> None:
    """Take a lamp in a room for one that stands on its floor, and a lamp outside for a tall one."""
    if set_name in ROOMS:
        lamp, taken_for = "street-lamp", "floor-lamp"
    elif set_name in _STREETS:
        lamp, taken_for = "table-lamp", "street-lamp"
    else:
        return
    for draft in drafts:
        if draft.subject.id == lamp and draft.on is None:
            draft.subject = subjects()[taken_for]
