"""Place what a person or an animal holds in the hands or paws."""

import math
from dataclasses import replace
from typing import Final

from rushes.core.shot_plan import Action, CastMember, Facing
from rushes.engines.animatic.cast.catalogue import Subject, subjects
from rushes.engines.animatic.cast.seats import SHOULDER_BIRDS
from rushes.engines.animatic.layers import Spot

IN_HANDS: Final = frozenset({"object", "instrument", "food", "clothing"})
UMBRELLA: Final = "umbrella"
WIDE_OPEN: Final = 1.3
"""How much larger an umbrella over a head is drawn, so that the head is seen under it."""

_HAND, _PAW, RAISED = 0.5, 0.32, 0.6
"""How high hands are, as a share of the height: a person's, an animal's, and with an umbrella."""

_HANDS: Final = {Action.EAT: 0.73, Action.KNEEL: 0.22, Action.THROW: 0.8}
"""The same of a person who does this: a cup is at the mouth of who drinks."""

_LAP_M: Final = 0.6


def is_in_hands(carrier: Subject, carried: Subject, own_m: float) -> bool:
    """Judge whether a person holds something, rather than stands under it."""
    is_small = carried.kind in {"animal", "bird", "plant"} and own_m < _LAP_M
    is_small = is_small or carried.id == "baby"
    if carried.id in SHOULDER_BIRDS:
        return False
    if carrier.kind in {"animal", "bird", "fantasy"} and carrier.rig not in {"puppet", "gallop"}:
        return carried.kind in {"instrument", "object", "food"} or (
            carried.kind == "plant" and own_m < _LAP_M
        )
    return carrier.rig == "puppet" and (is_small or carried.kind in IN_HANDS)


def spot_in_hands(
    host: CastMember,
    spot: Spot,
    own_m: float,
    *,
    over_head: bool,
    hand: int = 0,
    least_px: float = 0.0,
    least: float = 0.0,
    most: float = math.inf,
) -> Spot:
    """
    Return the place of what a person holds: before the body, an umbrella by its handle.

    Args:
        hand: 0 for the hand in front, 1 for the other one; what else is held is between them.
        least_px: Height at which a thing is seen, if that is less than half the person.
        least: Its height as a share of the one who holds it, at least.
        most: The same, at most.
    """
    tall = (host.height_m or subjects()[host.subject].height_m) * spot.px_per_m
    if over_head:
        spot = replace(spot, px_per_m=spot.px_per_m * WIDE_OPEN)
    else:
        seen_px = max(least * tall, min(least_px, 0.4 * tall))
        held_px = min(max(own_m * spot.px_per_m, seen_px), most * tall)
        spot = replace(spot, px_per_m=held_px / own_m)
    low = 0.0 if over_head else own_m * spot.px_per_m / 2
    person = most == math.inf
    high = RAISED if over_head else _HANDS.get(host.action, _HAND) if person else _PAW
    reach = 0.16 if person else 0.26
    side = {Facing.LEFT: -reach, Facing.RIGHT: reach}.get(host.facing, 0.0)
    if hand:
        side = (-side or 0.2) if hand == 1 else 0.0
    return replace(
        spot,
        x_px=spot.x_px + side * tall,
        foot_px=spot.foot_px - tall * high + low,
        nearness=spot.nearness + 0.001 + 0.0005 * hand,
        shadow=0.0,
        reflection=0.0,
    )
