"""Place hats, glasses, scarves and the like on the one who wears them."""

from dataclasses import replace
from typing import Final

from rushes.core.shot_plan import Action, CastMember, Facing
from rushes.engines.animatic.cast.art import width_by_height
from rushes.engines.animatic.cast.beast import COATS, FOLDED, Coat
from rushes.engines.animatic.cast.catalogue import Subject, people, subjects
from rushes.engines.animatic.cast.clothes import BELOW_WAIST, WORN
from rushes.engines.animatic.cast.puppet_look import BUILDS
from rushes.engines.animatic.layers import Spot

_SEAT_DROP: Final = 0.19
"""How much lower the head of a person is who sits, in body heights."""

_NECK: Final = 0.035
_LEAST_WORN: Final = 0.02


def spot_worn(host: CastMember, spot: Spot, own_m: float, worn: Subject) -> Spot:
    """
    Return the place of what a person or an animal wears.

    Args:
        host: The one who wears it.
        spot: Where that one is.
        own_m: Real height of what is worn.
        worn: One of ``WORN``.
    """
    tall = (host.height_m or subjects()[host.subject].height_m) * spot.px_per_m
    if worn.id not in WORN:
        return _spot_on_body(host, spot, own_m, worn, tall)
    fit = WORN[worn.id]
    chin, head, face, forward = _head_of(host)
    height = max(fit.wide * face * tall / width_by_height(worn.art), _LEAST_WORN * tall)
    lower = max(chin + fit.above_chin * head, 0.0)
    side = {Facing.LEFT: -1.0, Facing.RIGHT: 1.0}.get(host.facing, 0.0)
    return replace(
        spot,
        x_px=spot.x_px + side * (forward + fit.aside * face) * tall,
        foot_px=spot.foot_px - lower * tall,
        px_per_m=height / own_m,
        nearness=spot.nearness + (-0.0002 if fit.behind else 0.0002),
        shadow=0.0,
        reflection=0.0,
    )


def _spot_on_body(host: CastMember, spot: Spot, own_m: float, worn: Subject, tall: float) -> Spot:
    """Return the place of clothes on the body of an animal of a height in pixels."""
    rig = subjects()[host.subject].rig
    forward, lower, wide = _BODIES_OF_ANIMALS.get(rig, (0.0, 0.12, 0.5))
    if worn.id in BELOW_WAIST:
        lower, wide = 0.0, 0.8 * wide
    height = min(wide / width_by_height(worn.art), 0.42) * tall
    side = {Facing.LEFT: -1.0, Facing.RIGHT: 1.0}.get(host.facing, 0.0)
    return replace(
        spot,
        x_px=spot.x_px + side * forward * tall,
        foot_px=spot.foot_px - lower * tall,
        px_per_m=height / own_m,
        nearness=spot.nearness + (0.0001 if worn.id in BELOW_WAIST else 0.0002),
        shadow=0.0,
        reflection=0.0,
    )


_BODIES_OF_ANIMALS: Final = {
    "beast": (0.1, 0.2, 0.56),
    "wings": (0.0, 0.16, 0.6),
    "waddle": (0.0, 0.1, 0.6),
    "swim": (0.0, 0.2, 0.5),
}
"""By rig: how far in front of the middle the chest is, its lower row and its width."""


def _head_of(host: CastMember) -> tuple[float, float, float, float]:
    """Return where the chin is, how tall and wide the head is and how far in front it is."""
    subject = subjects()[host.subject]
    if subject.kind == "person" and subject.rig != "puppet":
        return 0.66, 0.28, 0.22, 0.08
    if subject.id in COATS:
        return _head_of_beast(COATS[subject.id], is_lying=host.action is Action.SIT)
    if subject.rig != "puppet":
        rig = "teddy" if subject.id == "teddy-bear" else subject.rig
        return _HEADS_OF_ANIMALS.get(rig, (0.55, 0.42, 0.42, 0.2))
    build = BUILDS[people()[subject.id].build]
    chin = build.leg + build.torso + _NECK
    drop = _SEAT_DROP if host.action in {Action.SIT, Action.KNEEL} else 0.0
    return chin - drop, 1.0 - chin, build.face, 0.04 * (1 + 2 * build.stoop)


def _head_of_beast(coat: Coat, *, is_lying: bool) -> tuple[float, float, float, float]:
    """Return the same for an animal whose body is drawn."""
    middle = (FOLDED if is_lying else 1.0) * coat.leg + 1.2 * coat.girth + 0.04 + 0.12 * coat.head
    forward = coat.length / 2 - 0.55 * coat.girth + 0.04
    return middle - 0.28 * coat.head, 0.84 * coat.head, 0.8 * coat.head, forward


_HEADS_OF_ANIMALS: Final = {
    "teddy": (0.52, 0.42, 0.36, 0.0),
    "wings": (0.62, 0.36, 0.36, 0.0),
    "swim": (0.3, 0.5, 0.3, 0.3),
}
"""By rig: chin, height and width of the head, and how far it is in front of the middle."""
