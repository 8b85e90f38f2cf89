"""Say where the windows of vehicles are, in which one sees who is inside."""

from dataclasses import dataclass
from typing import Final

from rushes.core.shot_plan import Action, CastMember
from rushes.engines.animatic.cast.catalogue import subjects


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """The windows on the side of a vehicle that looks to the left."""

    sill: float
    """Height of their lower edge, as a share of the vehicle's height."""

    tall: float
    """Their height, as a share of the vehicle's height."""

    at: tuple[float, ...]
    """Their middles, as shares of the vehicle's width from its front; the driver's is first."""


_TABLE: Final = """
    automobile: .60 .30 .44 .68
    taxi: .52 .30 .46 .72
    police-car: .58 .29 .42 .64
    sport-utility-vehicle: .62 .32 .49 .80
    pickup-truck: .66 .29 .41
    delivery-truck: .50 .21 .29
    ambulance: .50 .26 .28
    fire-engine: .52 .24 .25
    bus: .50 .29 .56 .81 .2
    minibus: .54 .26 .67 .30
    camper-van: .65 .27 .2 .47 .81
    school-bus: .60 .27 .40 .54 .68 .25
    old-car: .60 .31 .50 .70
    vintage-car: .60 .31 .50 .70
    van: .60 .31 .45 .82
    jeep: .57 .30 .43 .68
    sports-car: .70 .22 .45 .62
    convertible: .66 .34 .55 .74
    limousine: .64 .27 .47 .62 .30
    beetle-car: .60 .30 .38 .64
    tractor: .50 .42 .62
    railway-car: .48 .20 .5 .3 .7 .13 .87
    light-rail: .43 .22 .13 .56 .87 .29
    tram-car: .34 .26 .5 .2 .8
    trolleybus: .38 .22 .45 .60 .25
"""


def _windows() -> dict[str, Windows]:
    found: dict[str, Windows] = {}
    for line in _TABLE.strip().splitlines():
        name, _, numbers = line.strip().partition(": ")
        sill, tall, *at = map(float, numbers.split())
        found[name] = Windows(sill=sill, tall=tall, at=tuple(at))
    return found


WINDOWS: Final = _windows()
"""Vehicles in whose windows one sees who is inside."""

_INSIDE: Final = frozenset(
    {Action.SIT, Action.DRIVE, Action.TALK, Action.WAVE, Action.WORK, Action.EAT}
)


def is_inside(host: CastMember, rider: CastMember) -> bool:
    """
    Judge whether one sees a rider in the windows of a vehicle.

    People who sit, drive, talk, wave or work are inside. Animals are only if they drive, for a cat
    that sits on a car is on its roof.
    """
    if host.subject not in WINDOWS:
        return False
    if subjects()[rider.subject].kind in {"person", "fantasy"}:
        return rider.action in _INSIDE
    return rider.action is Action.DRIVE
