"""From the cast of a plan to layers: every copy of every member, and the fires on what burns."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from rushes.core.shot_plan import Action, CastMember, Plane
from rushes.engines.animatic.cast.art import width_by_height
from rushes.engines.animatic.cast.catalogue import Subject, subjects
from rushes.engines.animatic.cast.clothes import ON_ANIMALS, WORN
from rushes.engines.animatic.cast.garments import is_garment
from rushes.engines.animatic.cast.hands import (
    IN_HANDS,
    RAISED,
    UMBRELLA,
    WIDE_OPEN,
    is_in_hands,
    spot_in_hands,
)
from rushes.engines.animatic.cast.in_vessels import aspect_of, reach_in_vessel, spot_in_vessel
from rushes.engines.animatic.cast.inside import spot_in_window
from rushes.engines.animatic.cast.layer import CastLayer
from rushes.engines.animatic.cast.seats import (
    seat_of,
    spot_in_claws,
    spot_on,
    spot_on_a_string,
    spot_on_shoulder,
)
from rushes.engines.animatic.cast.vessels import is_in_vessel
from rushes.engines.animatic.cast.wardrobe import Copy, Wardrobe
from rushes.engines.animatic.cast.windows import is_inside
from rushes.engines.animatic.cast.worn import spot_worn
from rushes.engines.animatic.layers import SceneLight, Spot
from rushes.engines.animatic.scenes.view import View
from rushes.engines.animatic.shot import Shot

MOST_DRAWN: Final = 80
"""Copies of one member that are drawn at most; a larger crowd looks no larger."""


SpotOf = Callable[[CastMember, float, int], Spot]
"""The set's ``spot``: a member, its real height in metres, and which of its copies it is."""


def cast_layers(
    shot: Shot,
    view: View,
    light: SceneLight,
    cast: Sequence[CastMember],
    spot_of: SpotOf,
    *,
    wind: float = 0.3,
    pace: float = 1.0,
) -> list[CastLayer]:
    """
    Return one layer for each copy of each member, in no order of depth.

    Args:
        spot_of: Where the set puts a copy; not asked for what stands on another member.

        wind: How strongly cloth, leaves and hair move, 0.0 to 1.0.

        pace: How fast actions are; 1.0 is usual.

    Raises:
        KeyError: A member's subject is not in the catalogue.
    """
    wardrobe = Wardrobe(light)
    layers: list[CastLayer] = []
    hosts: dict[int, CastLayer] = {}
    for index, member in enumerate(cast):
        if _is_put_on(cast, member):
            continue
        subject = subjects()[member.subject]
        height_m = member.height_m or subject.height_m
        chance = shot.chance(f"cast/{index}/{member.subject}")
        host = None if member.on is None else hosts.get(member.on)
        clothes = _clothes_of(cast, index)
        for order in range(min(member.count, MOST_DRAWN)):
            if host is not None and is_inside(cast[member.on or 0], member):
                spot = spot_in_window(cast, member, host.spot, order)
            elif host is not None:
                spot = _spot_on_host(cast, member, host.spot, order, lowest_px=shot.height_px)
            else:
                spot = spot_of(member, height_m, order)
            spot = replace(spot, px_per_m=spot.px_per_m * member.scale)
            layers.append(
                CastLayer(
                    shot, view, wardrobe, member, spot,
                    copy=Copy.drawn(chance, member, order), wind=wind, pace=pace, host=host,
                    clothes=clothes,
                )
            )  # fmt: skip
            hosts.setdefault(index, layers[-1])
            layers += _flames(shot, view, wardrobe, layers[-1])
    sizes = {layer.key: layer.block_bytes for layer in layers if layer.figure.changes}
    wardrobe.share_memory(sizes)
    return layers


def _is_put_on(cast: Sequence[CastMember], member: CastMember) -> bool:
    """Return whether it is clothes that are a part of the body of the one who wears them."""
    if member.on is None:
        return False
    return is_garment(member.subject, subjects()[cast[member.on].subject])


def _clothes_of(cast: Sequence[CastMember], index: int) -> tuple[tuple[str, str | None], ...]:
    """Return the clothes and their colours that a member wears as a part of its body."""
    return tuple(
        (one.subject, one.colour) for one in cast if one.on == index and _is_put_on(cast, one)
    )


def _flames(shot: Shot, view: View, wardrobe: Wardrobe, host: CastLayer) -> list[CastLayer]:
    """Return the fires that burn on a member."""
    if not host.burns:
        return []
    fires: list[CastLayer] = []
    chance = shot.chance(f"flames/{host.key[0]}")
    for order, place in enumerate(_FIRES_AT):
        height_m = 1.2
        tall = host.height_px * float(chance.uniform(0.34, 0.56))
        member = CastMember(subject="fire", action=Action.BURN, plane=Plane.GROUND)
        spot = replace(
            host.spot,
            x_px=host.spot.x_px + place * host.width_px,
            foot_px=host.spot.foot_px - abs(place) * 0.02 * host.height_px,
            px_per_m=tall / height_m,
            nearness=host.spot.nearness + 0.0005 * (1 + order),
            shadow=0.0,
        )
        copy = Copy(phase=float(chance.random()), look=0, size=1.0, crowd=False)
        fires.append(CastLayer(shot, view, wardrobe, member, spot, copy=copy, host=host))
    return fires


def _spot_on_host(
    cast: Sequence[CastMember], member: CastMember, spot: Spot, order: int, *, lowest_px: float
) -> Spot:
    """
    Return the place of what another member carries.

    Args:
        lowest_px: The lowest row of the frame; what is in a hand is lifted above it.
    """
    host = cast[member.on or 0]
    carrier, carried = subjects()[host.subject], subjects()[member.subject]
    own_m = member.height_m or carried.height_m
    if _wears(carrier, carried):
        return spot_worn(host, spot, own_m, carried)
    if carrier.rig == "puppet" and carried.id in _ON_A_STRING:
        return spot_on_a_string(host, spot, own_m, order)
    if is_in_hands(carrier, carried, own_m):
        held = spot_in_hands(
            host, spot, own_m, over_head=UMBRELLA in carried.id, hand=_hand_for(cast, member),
            least_px=_LEAST_SEEN * lowest_px,
            least=_LEAST_HELD if carrier.rig == "puppet" else _LEAST_IN_PAWS,
            most=math.inf if carrier.rig == "puppet" else _MOST_IN_PAWS,
        )  # fmt: skip
        aside = (order - (member.count - 1) / 2) * _spread_px(host, carried, own_m, spot)
        low_px = min(held.foot_px, _LOWEST_HELD * lowest_px)
        return replace(held, x_px=held.x_px + aside / max(member.count / 3, 1), foot_px=low_px)
    if is_in_vessel(host) or carrier.kind == "bird" or carrier.rig == "puppet":
        return _spot_at(cast, member, spot, order)
    on_top = spot_on(host, spot, order, member.count)
    host_px = (host.height_m or carrier.height_m) * spot.px_per_m
    least = _least_on(carrier, carried, own_m, host_px, lowest_px)
    on_top = replace(on_top, px_per_m=max(on_top.px_per_m, least / own_m))
    if carrier.kind == "food" and carried.kind in IN_HANDS:  # candles are smaller than their cake
        on_top = replace(on_top, px_per_m=min(on_top.px_per_m, _MOST_ON_FOOD * host_px / own_m))
    if _is_on_back(carrier, carried):
        on_top = replace(on_top, foot_px=spot.foot_px - _BACK * host_px)
    if host.plane is Plane.BACKGROUND:
        # A train on a viaduct is too small to be seen in its true size.
        host_m = host.height_m or carrier.height_m
        seen = _SEEN_RIDER if carried.kind == "person" else _SEEN
        on_top = replace(on_top, px_per_m=spot.px_per_m * max(1.0, seen * host_m / own_m))
    on_top = replace(on_top, x_px=on_top.x_px + _aside_px(cast, member, spot, on_top, order))
    if carrier.id in _RIMS:
        return replace(on_top, nearness=spot.nearness - 0.001 * (1 + order))
    return on_top


def _spread_px(host: CastMember, carried: Subject, own_m: float, spot: Spot) -> float:
    """Return how far apart in pixels copies of a held thing are; flowers are one bunch."""
    if carried.kind == "plant":
        return 0.0
    host_px = (host.height_m or subjects()[host.subject].height_m) * spot.px_per_m
    return max(_LEAST_HELD * host_px, own_m * spot.px_per_m) * 0.8 * aspect_of(carried)


def _spot_at(cast: Sequence[CastMember], member: CastMember, spot: Spot, order: int) -> Spot:
    """Return the place in a vessel, in a bird's claws or on a person's shoulders."""
    host = cast[member.on or 0]
    carrier, carried = subjects()[host.subject], subjects()[member.subject]
    own_m = member.height_m or carried.height_m
    if is_in_vessel(host):
        return spot_in_vessel(cast, member, spot, order)
    if carrier.rig == "puppet":
        return spot_on_shoulder(host, spot, carried, own_m)
    if host.action is Action.FLY:
        return spot_in_claws(host, spot, own_m)
    return spot_on(host, spot, order, member.count)


def _wears(carrier: Subject, carried: Subject) -> bool:
    """Judge whether something is a picture on the body of the one who wears it."""
    if carried.id in ON_ANIMALS and carrier.kind in {"animal", "bird"}:
        return True
    return carried.id in WORN and (carrier.kind in _WEARERS or carrier.id == "teddy-bear")


def _is_on_back(carrier: Subject, carried: Subject) -> bool:
    """Judge whether a small animal stands on a large one, such as a monkey on an elephant."""
    small = carried.height_m < 0.4 * carrier.height_m
    return carrier.kind == "animal" and carried.kind in {"animal", "bird"} and small


def _least_on(
    carrier: Subject, carried: Subject, own_m: float, host_px: float, frame_px: float
) -> float:
    """Return the height in pixels, at least, of something on another that is *host_px* tall."""
    if carried.kind in IN_HANDS:
        least = _LEAST_HELD * host_px
        if carrier.kind == "furniture":
            least = max(least, min(_LEAST_LAID * host_px, _LEAST_ON_FURNITURE * frame_px))
        return least
    if own_m < _TINY_M:
        return _LEAST_TINY * frame_px
    if carried.kind in _RIDERS and carrier.kind not in _RIDERS:
        return min(_LEAST_RIDER * frame_px, 0.6 * host_px)
    if _is_on_back(carrier, carried):
        return min(_LEAST_RIDER * frame_px, 0.4 * host_px)
    return 0.0


def _aside_px(
    cast: Sequence[CastMember], member: CastMember, spot: Spot, on_top: Spot, order: int
) -> float:
    """Return how far beside the middle one of several sits or lies on the same thing."""
    host = cast[member.on or 0]
    carrier, carried = subjects()[host.subject], subjects()[member.subject]
    riders = [one for one in cast if one.on == member.on]
    wide_px = _ROOM_M * spot.px_per_m
    seat_px = wide_px * 100
    if carrier.rig not in {"puppet", "beast"}:  # of those there is no picture of the whole
        host_m = host.height_m or carrier.height_m
        seat_px = host_m * width_by_height(carrier.art) * spot.px_per_m
    if carried.kind == "person" and member.count > 1:
        wide_px = min(_ROOM_M * on_top.px_per_m, 0.9 * seat_px / member.count)
        return (order - (member.count - 1) / 2) * wide_px - (on_top.x_px - spot.x_px)
    if member.count > 1 and carried.kind in IN_HANDS:
        host_px = (host.height_m or carrier.height_m) * spot.px_per_m
        step = min(0.3 * host_px, 0.8 * seat_px / member.count)
        return (order - (member.count - 1) / 2) * step - (on_top.x_px - spot.x_px)
    if len(riders) > 1 and member.count == 1:
        if carried.kind != "person":  # things lie side by side on a table, however many they are
            wide_px = min(wide_px, 0.85 * seat_px / len(riders))
        return (riders.index(member) - (len(riders) - 1) / 2) * wide_px
    return 0.0


_RIDERS: Final = frozenset({"person", "animal", "fantasy", "bird"})
_WEARERS: Final = frozenset({"person", "animal", "fantasy", "bird"})
_ON_A_STRING: Final = frozenset({"balloon", "kite"})
_RIMS: Final = frozenset({"bird-cage", "shopping-cart"})
"""What is drawn before that which is in it: bars."""

_SEEN: Final = 0.36
"""Height of what is on something far away, as a share of the height of what it is on."""

_SEEN_RIDER: Final = 0.5
"""The same for people, who are narrower than trains."""

_ROOM_M: Final = 0.7
"""How far apart people sit who ride on the same thing."""

_LEAST_SEEN: Final = 0.085
"""Height at which a small thing is seen, as a share of the frame's height."""

_TINY_M: Final = 0.1
_LEAST_TINY: Final = 0.06
"""Height of an insect on something, as a share of the frame's height."""

_LEAST_HELD: Final = 0.13
"""Height of what is in a hand, as a share of the person's: a cup in its true size is not seen."""

_LEAST_IN_PAWS: Final = 0.28
"""Height of what an animal holds, as a share of the animal's, for that is lower than a person."""

_MOST_ON_FOOD: Final = 0.5
_BACK: Final = 0.82
"""How high the back of an animal is that carries a small one, as a share of its height."""

_MOST_IN_PAWS: Final = 0.42
_LEAST_RIDER: Final = 0.19
"""Height of one who sits on something, as a share of the frame's height."""

_LEAST_LAID: Final = 0.5
_LEAST_ON_FURNITURE: Final = 0.11
"""Height of what lies on a table, as a share of the table's and at most of the frame's."""

_LOWEST_HELD: Final = 0.96


def _hand_for(cast: Sequence[CastMember], member: CastMember) -> int:
    """Return the order of a member among all that the same person holds."""
    held = [
        one
        for one in cast
        if one.on == member.on
        and UMBRELLA not in one.subject
        and one.subject not in WORN
        and not _is_put_on(cast, one)
    ]
    return next((order for order, one in enumerate(held) if one is member), 0)


def reach_with(host: CastMember, rider: CastMember) -> float:
    """Return up to which height a member with its rider reaches, as a share of its own."""
    carrier, carried = subjects()[host.subject], subjects()[rider.subject]
    if is_inside(host, rider):
        return 1.0
    rider_m = rider.height_m or carried.height_m
    size = rider_m / (host.height_m or carrier.height_m)
    if carried.id in WORN or (carried.id in ON_ANIMALS and carrier.kind in {"animal", "bird"}):
        return 1.0
    if is_in_vessel(host):
        return reach_in_vessel(host, rider)
    if not is_in_hands(carrier, carried, rider_m):
        return max(1.0, seat_of(carrier) + size)
    return max(1.0, RAISED + size * WIDE_OPEN) if UMBRELLA in carried.id else 1.0


_FIRES_AT: Final = (-0.36, 0.30, -0.05)
