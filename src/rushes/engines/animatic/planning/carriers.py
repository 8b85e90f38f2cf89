"""Say what can be inside other things or lie on them, and how large it is there."""

from typing import Final

from rushes.core.shot_plan import Action, Plane
from rushes.engines.animatic.cast.catalogue import Subject, subjects
from rushes.engines.animatic.cast.vessels import VESSELS
from rushes.engines.animatic.cast.windows import WINDOWS
from rushes.engines.animatic.planning import kinds
from rushes.engines.animatic.planning.casting_drafts import Draft

_CONTAINERS: Final = frozenset({"fish-bowl", "bird-cage"})
_INSIDE: Final = 0.45
"""Height of what is in a container, as a share of the container's."""


def contains(subject: Subject) -> bool:
    """Return whether one sees through it what is inside."""
    return subject.id in _CONTAINERS


_BOWLS: Final = frozenset({"bowl", "bowl-with-spoon", "glass-of-water", "jar", "tumbler-glass"})


def holds_things(content: Subject, container: Subject) -> bool:
    """Return whether fruit and other small things are in such a bowl or basket."""
    return (container.id in VESSELS or container.id in _DISHES) and is_laid(content)


_DISHES: Final = frozenset({"plate", "tray"})
_OPENED: Final = {"package": "open-box"}


def opened(container: Subject, content: Subject) -> Subject:
    """Return the picture of a container with its lid open, or the bowl that a fish lives in."""
    if content.kind == "fish" and container.id in _BOWLS:
        return subjects()["fish-bowl"]
    return subjects().get(_OPENED.get(container.id, ""), container)


def is_filled(container: Draft, content: Draft) -> bool:
    """Judge whether what carries something else is a boat, a bus or a basket with that in it."""
    holds = container.subject.id in VESSELS or container.subject.id in WINDOWS

    holds = holds and (kinds.is_alive(content.subject) or is_laid(content.subject))
    return holds and container.subject.kind != "clothing" and content.on is None


def fill(container: Draft, content: Draft, at: int, *, words: str) -> None:
    """
    Put one member into another that is full of it, as tourists into a bus.

    Args:
        at: Index of the container in the cast.
        words: The prompt's words for the container.
    """
    if kinds.is_person(content.subject):
        container.subject = kinds.rowed(container.subject, words)
    container.subject = opened(container.subject, content.subject)
    alive = kinds.is_alive(content.subject)
    if container.subject.id in WINDOWS:
        takes = alive  # no hay is seen at the window of a truck
        let_in(content, container)
    else:
        takes = kinds.holds_people(container.subject)
        takes = takes or holds_things(content.subject, container.subject)
    if not takes:
        return
    content.on, content.is_object = at, True
    if container.subject.kind == "aircraft":
        content.count = min(content.count, _IN_BALLOON)
    if kinds.is_person(content.subject) and content.action is None:
        content.action = Action.SIT
    if content.is_plural and is_laid(content.subject):
        content.count = max(content.count, _MANY)


_IN_BALLOON: Final = 3
_MANY: Final = 6
"""So many apples at least fill a basket."""


def scale_inside(content: Subject, container: Subject) -> float:
    """Return how much smaller a fish is, so that it fits into its bowl."""
    return min(1.0, _INSIDE * container.height_m / content.height_m)


def carries_on_water(subject: Subject) -> bool:
    """Return whether things can lie on it that would float away."""
    return subject.kind == "boat"


def carries_things(subject: Subject) -> bool:
    """Return whether things for sale or for use lie on it."""
    return subject.id in {"market-stall", "table", "desk", "kitchen-counter", "cart"}


def is_laid(subject: Subject) -> bool:
    """Return whether it lies on something where nobody holds it."""
    return subject.kind in {"object", "instrument", "food"} and subject.height_m < kinds.LAP_M


_TRAINS: Final = frozenset({"locomotive", "train", "metro", "bullet-train", "high-speed-train"})
_TRANSPORT: Final = _TRAINS | frozenset(
    {"bus", "minibus", "school-bus", "railway-car", "light-rail", "tram", "tram-car", "trolleybus"}
)


def is_transport(subject: Subject) -> bool:
    """Return whether who is on it is inside, as on a bus."""
    return subject.id in _TRANSPORT


def let_in(rider: Draft, vehicle: Draft) -> None:
    """Let who is in a vehicle with windows sit in it; animals that stand are on its roof."""
    if kinds.is_person(rider.subject) and vehicle.subject.id in _WITH_SIDES:
        vehicle.subject = subjects()[_WITH_SIDES[vehicle.subject.id]]
    if vehicle.subject.id not in WINDOWS:
        return
    if not kinds.is_person(rider.subject):
        rider.action = Action.DRIVE
    elif rider.action in {None, Action.STAND, Action.WALK, Action.RUN}:
        rider.action = Action.SIT


_WITH_SIDES: Final = {**dict.fromkeys(_TRAINS, "railway-car"), "tram": "tram-car"}
"""Pictures with windows of what is else drawn from the front or as an engine."""

_PUDDLE: Final = 1.0
_NATURE: Final = 4.0
_BRIDGE: Final = 2.2
"""Height of what carries somebody, as a share of the height of who is on it."""


def carry(carrier: Draft, rider: Draft, relation: str = "on") -> None:
    """Make an iceberg, a rock or a bridge so small and near that one sees who is on it."""
    if relation == "in":
        let_in(rider, carrier)
    if carrier.subject.id == "puddle":
        share = _PUDDLE * rider.subject.height_m * rider.scale / carrier.subject.height_m
        carrier.scale *= min(1.0, share)
        return
    bridge = kinds.is_bridge(carrier.subject)
    if not bridge and carrier.subject.kind != "nature":
        return
    heights = _BRIDGE if bridge else _NATURE
    carrier.scale *= min(1.0, heights * rider.subject.height_m / carrier.subject.height_m)
    if bridge:
        carrier.plane = Plane.GROUND


def scale_on(rider: Subject, carrier: Subject) -> float:
    """Return how much larger an insect is, so that one sees it on a flower."""
    if rider.kind != "insect" or carrier.kind != "plant":
        return 1.0
    return max(1.0, 0.3 * carrier.height_m / rider.height_m)
