"""Say what can be inside other things or lie on them, and how large it is there."""

from typing import Final

from rushes.core.shot_plan import Action, Plane
from rushes.engines.animatic.cast.catalogue import Subject, subjects
from rushes.engines.animatic.cast.windows import WINDOWS
from rushes.engines.animatic.planning import kinds
from rushes.engines.animatic.planning.casting_drafts import Draft

_CONTAINERS: Final = frozenset({"fish-bowl", "bird-cage"})
_INSIDE: Final = 0.45
"""Height of what is in a container, as a share of the container's."""


def contains(subject: Subject) -> bool:
    """Return whether one sees through it what is inside."""
    return subject.id in _CONTAINERS


def bowl_of_fish(container: Subject) -> Subject:
    """Return the bowl that a fish lives in, where the prompt puts it into any bowl."""
    return subjects()["fish-bowl"] if container.id in _BOWLS else container


_BOWLS: Final = frozenset({"bowl", "bowl-with-spoon", "glass-of-water", "jar", "tumbler-glass"})
_DISHES: Final = frozenset(
    {"bowl", "bowl-with-spoon", "plate", "tray", "basket", "bucket", "picnic-basket"}
)


def holds_things(content: Subject, container: Subject) -> bool:
    """Return whether fruit and other small things are in such a bowl or basket."""
    return container.id in _DISHES and is_laid(content)


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


def let_in(rider: Draft, vehicle: Draft) -> None:
    """Let who is in a vehicle with windows sit in it; animals that stand are on its roof."""
    if vehicle.subject.id not in WINDOWS:
        return
    if not kinds.is_person(rider.subject):
        rider.action = Action.DRIVE
    elif rider.action in {None, Action.STAND, Action.WALK, Action.RUN}:
        rider.action = Action.SIT


_NATURE: Final = 4.0
_BRIDGE: Final = 2.2
"""Height of what carries somebody, as a share of the height of who is on it."""


def carry(carrier: Draft, rider: Draft, relation: str = "on") -> None:
    """Make an iceberg, a rock or a bridge so small and near that one sees who is on it."""
    if relation == "in":
        let_in(rider, carrier)
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
