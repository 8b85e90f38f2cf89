"""Place who is in a vehicle at one of its windows."""

from collections.abc import Sequence
from dataclasses import replace

from rushes.core.shot_plan import CastMember, Facing
from rushes.engines.animatic.cast.art import width_by_height
from rushes.engines.animatic.cast.catalogue import subjects
from rushes.engines.animatic.cast.windows import WINDOWS
from rushes.engines.animatic.layers import Spot

_HIDDEN_PERSON, _HIDDEN_ANIMAL = 0.42, 0.4
"""Share of who is in a vehicle that is below the window."""


def spot_in_window(cast: Sequence[CastMember], rider: CastMember, spot: Spot, order: int) -> Spot:
    """
    Return the place of who is in a vehicle: head and shoulders at one of its windows.

    Args:
        spot: Where the vehicle stands.
        order: Which copy of the rider it is.
    """
    host = cast[rider.on or 0]
    carrier, windows = subjects()[host.subject], WINDOWS[host.subject]
    host_px = (host.height_m or carrier.height_m) * spot.px_per_m
    wide_px = host_px * width_by_height(carrier.art)
    riders = [one for one in cast if one.on == rider.on]
    first = next(at for at, one in enumerate(riders) if one is rider)
    seat = sum(one.count for one in riders[:first]) + order
    forward = 0.5 - windows.at[seat % len(windows.at)]
    subject = subjects()[rider.subject]
    hidden = _HIDDEN_PERSON if subject.rig == "puppet" else _HIDDEN_ANIMAL
    tall_px = windows.tall * host_px / (1 - hidden)
    return replace(
        spot,
        x_px=spot.x_px + (-forward if host.facing is Facing.LEFT else forward) * wide_px,
        foot_px=spot.foot_px - windows.sill * host_px,
        px_per_m=tall_px / (rider.height_m or subject.height_m) / rider.scale,
        nearness=spot.nearness + 0.0003 * (1 + seat),
        shadow=0.0,
        reflection=0.0,
        sunk=hidden,
    )
