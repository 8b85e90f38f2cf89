"""Put who pulls something before it, as a husky before its sled."""

import re
from typing import Final

from rushes.core.shot_plan import Action, Facing, Plane
from rushes.engines.animatic.cast.catalogue import subjects
from rushes.engines.animatic.planning import kinds
from rushes.engines.animatic.planning.casting_drafts import Draft

_PULLS: Final = re.compile(
    r"(?:pull|haul|drag|tow|zieh|tire[nt]?\b|tira|pux|тян|тащ|вез|train[ae]|拉|引|끌)",
    re.IGNORECASE,
)
_PULLED: Final = frozenset({"pulled", "hauled", "dragged", "towed", "gezogen"})
_OF_ANIMALS: Final = frozenset({"automobile", "railway-car"})
"""What ``Wagen`` and ``wagon`` mean where no animal pulls them."""

_BEFORE, _BEHIND = 0.68, 0.3
"""Where across the frame who pulls is, and what is pulled; both go to the right."""


def is_pulled(verb: str, actor: Draft, other: Draft) -> bool:
    """Return whether the verb says that one of the two pulls the other, which is a vehicle."""
    pair = (actor.subject, other.subject)
    vehicle = any(one.kind in {"vehicle", "boat"} for one in pair)
    return vehicle and _PULLS.match(verb) is not None and all(map(kinds.moves_by_itself, pair))


def pull(verb: str, actor: Draft, other: Draft) -> None:
    """Let one walk or run before the other, which follows; nobody who pulls is a rider."""
    alive = kinds.is_alive(actor.subject), kinds.is_alive(other.subject)
    passive = verb in _PULLED if alive[0] == alive[1] else alive[1]
    puller, pulled = (other, actor) if passive else (actor, other)
    walks = kinds.is_person(puller.subject) or not kinds.is_alive(puller.subject)
    if puller.action not in {Action.WALK, Action.RUN}:
        puller.action = Action.WALK if walks else Action.RUN
    if puller.subject.kind == "vehicle":
        puller.action = Action.DRIVE
    pulled.action = Action.DRIVE if puller.action is not Action.WALK else Action.WALK
    puller.x, pulled.x = _BEFORE, _BEHIND
    puller.facing = pulled.facing = Facing.RIGHT
    pulled.plane = Plane.GROUND
    puller.is_object, pulled.is_object = False, True
    if pulled.subject.id in _OF_ANIMALS and puller.subject.kind in {"animal", "person"}:
        pulled.subject = subjects()["cart"]
