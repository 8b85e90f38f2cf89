"""Place who or what is in a box, a tub, a basket or a boat: behind its front rim."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from rushes.core.shot_plan import CastMember, Facing
from rushes.engines.animatic.cast.art import width_by_height
from rushes.engines.animatic.cast.catalogue import Subject, subjects
from rushes.engines.animatic.cast.vessels import VESSELS
from rushes.engines.animatic.layers import Spot

_THINGS: Final = frozenset({"object", "instrument", "food", "clothing"})
_HIDDEN: Final = 0.4
"""Share of who or what is in a vessel that its front hides."""

_HIDDEN_IN_BOAT: Final = 0.3
"""The same in a boat, and of animals, of which some lie."""
_ABREAST: Final = 9
"""How many are side by side; others are behind them."""

_RANK: Final = 0.16
"""How much higher those behind are, as a share of their own height."""

_LEAST, _MOST, _OVERLAP = 0.72, 1.1, 1.7
"""Width of what is in a vessel, as shares of the room for it; many overlap."""

_LEAST_BY_VESSEL: Final = 0.75
"""Height of what is small in a large vessel, as a share of the vessel's."""

_LEAST_THING, _MOST_THING = 0.26, 0.4
"""Height of a thing in a vessel, as shares of the vessel's: an orange in a crate is seen."""


def spot_in_vessel(cast: Sequence[CastMember], member: CastMember, spot: Spot, order: int) -> Spot:
    """
    Return the place of who is in a vessel: the lower part is not drawn, for the front hides it.

    Args:
        spot: Where the vessel stands.
        order: Which copy of the member it is.
    """
    host = cast[member.on or 0]
    carrier, vessel = subjects()[host.subject], VESSELS[host.subject]
    host_px = (host.height_m or carrier.height_m) * spot.px_per_m
    inside = [one for one in cast if one.on == member.on]
    first = next(at for at, one in enumerate(inside) if one is member)
    number = sum(one.count for one in inside)
    rank, seat = divmod(sum(one.count for one in inside[:first]) + order, _ABREAST)
    in_rank = min(_ABREAST, number - rank * _ABREAST)
    room_px = vessel.wide * host_px * width_by_height(carrier.art) / max(in_rank, 1)
    tall_px = _tall_px(member, spot, room_px, host_px, alone=number == 1)
    aside = (vessel.middle - 0.5) * host_px * width_by_height(carrier.art)
    if _is_mirrored(host, carrier):
        aside = -aside
    subject = subjects()[member.subject]
    lies = subject.kind == "animal" and subject.rig != "puppet"
    hidden = _HIDDEN_IN_BOAT if carrier.kind == "boat" or lies else _HIDDEN
    return replace(
        spot,
        x_px=spot.x_px + aside + (seat - (in_rank - 1) / 2) * room_px,
        foot_px=spot.foot_px - vessel.rim * host_px,
        px_per_m=tall_px / (member.height_m or subject.height_m) / member.scale,
        nearness=spot.nearness + 0.0004 * (2 + seat % 2) - 0.0003 * rank,
        shadow=0.0,
        reflection=0.0,
        sunk=max(0.02, hidden - _RANK * rank),
    )


def _is_mirrored(host: CastMember, carrier: Subject) -> bool:
    """Judge whether the picture of a vessel is drawn as in a mirror."""
    return (host.facing is Facing.LEFT) != (carrier.faces is Facing.LEFT)


def _tall_px(
    member: CastMember, spot: Spot, room_px: float, host_px: float, *, alone: bool
) -> float:
    """Return the height of what is in a vessel: it is seen, and it fits into the opening."""
    subject = subjects()[member.subject]
    aspect = aspect_of(subject)
    usual = (member.height_m or subject.height_m) * spot.px_per_m
    most = (_MOST if alone else _OVERLAP) * room_px / aspect
    least = min(_LEAST * room_px / aspect, _LEAST_BY_VESSEL * host_px)
    if subject.kind in _THINGS:
        least = min(max(least, _LEAST_THING * host_px), _MOST_THING * host_px)
    return min(max(usual, least), most)


_ASPECTS: Final = {"puppet": 0.46, "beast": 1.1}
"""Width by height of what the engine draws the body of."""


def aspect_of(subject: Subject) -> float:
    """Return the width of a subject as a share of its height; some have no whole picture."""
    return _ASPECTS.get(subject.rig) or max(width_by_height(subject.art), 0.1)


def reach_in_vessel(host: CastMember, rider: CastMember) -> float:
    """Return up to which height a vessel with who is in it reaches, as a share of its own."""
    vessel = VESSELS[host.subject]
    host_m = host.height_m or subjects()[host.subject].height_m
    rider_m = rider.height_m or subjects()[rider.subject].height_m
    return max(1.0, vessel.rim + (1 - _HIDDEN_IN_BOAT) * max(rider_m / host_m, _LEAST_BY_VESSEL))
