"""Say at which height of a thing or an animal one sits, stands or lies on it."""

from dataclasses import replace
from typing import Final

from rushes.core.shot_plan import CastMember, Facing
from rushes.engines.animatic.cast.catalogue import Subject, subjects
from rushes.engines.animatic.layers import Spot


def seat_of(subject: Subject) -> float:
    """Return at which share of a subject's height its riders are."""
    return _SEATS.get(subject.rig if subject.id not in _SEATS else subject.id, 1.0)


def spot_on(host: CastMember, spot: Spot, order: int, count: int) -> Spot:
    """Return the place on top of another member: a rider's, a cup's on its table."""
    subject = subjects()[host.subject]
    tall = (host.height_m or subject.height_m) * spot.px_per_m
    seat = seat_of(subject)
    aside = 0.0 if count == 1 else (order - (count - 1) / 2) * 0.3 * tall
    return replace(
        spot,
        x_px=spot.x_px + aside,
        foot_px=spot.foot_px - tall * seat,
        nearness=spot.nearness + 0.001 * (1 + order),
        shadow=0.0,
        reflection=0.0,
    )


def spot_on_a_string(host: CastMember, spot: Spot, own_m: float, order: int) -> Spot:
    """Return the place of a kite or a balloon: above the person who holds it, to one side."""
    tall = (host.height_m or subjects()[host.subject].height_m) * spot.px_per_m
    side = -1.0 if host.facing is Facing.LEFT else 1.0
    size = min(1.0, 0.5 * tall / (own_m * spot.px_per_m))
    return replace(
        spot,
        x_px=spot.x_px + side * tall * (0.4 + 0.25 * order),
        foot_px=spot.foot_px - tall * 0.74,
        px_per_m=spot.px_per_m * size,
        nearness=spot.nearness - 0.001 * (1 + order),
        shadow=0.0,
        reflection=0.0,
    )


def spot_in_claws(host: CastMember, spot: Spot, own_m: float) -> Spot:
    """Return the place of what a bird in flight carries: below it."""
    tall = (host.height_m or subjects()[host.subject].height_m) * spot.px_per_m
    held_px = min(own_m * spot.px_per_m, _MOST_IN_CLAWS * tall)
    return replace(
        spot,
        foot_px=spot.foot_px + 0.7 * held_px,
        px_per_m=held_px / own_m,
        nearness=spot.nearness - 0.0005,
        shadow=0.0,
        reflection=0.0,
    )


_MOST_IN_CLAWS: Final = 0.6


def spot_on_shoulder(host: CastMember, spot: Spot, carried: Subject, own_m: float) -> Spot:
    """Return the place on a person: a bird beside the head, a child behind it on the shoulders."""
    tall = (host.height_m or subjects()[host.subject].height_m) * spot.px_per_m
    side = 1.0 if host.facing is Facing.LEFT else -1.0
    bird = carried.id in SHOULDER_BIRDS
    least = _BIRD * tall / own_m if bird else 0.0
    return replace(
        spot,
        x_px=spot.x_px + (0.11 * side * tall if bird else 0.0),
        foot_px=spot.foot_px - (0.79 if bird else 0.74) * tall,
        px_per_m=max(spot.px_per_m, least),
        nearness=spot.nearness + (0.001 if bird else -0.001),
        shadow=0.0,
        reflection=0.0,
    )


_BIRDS: Final = "parrot owl raven crow hawk eagle falcon cockatoo pigeon dove macaw toucan budgie"
SHOULDER_BIRDS: Final = frozenset(_BIRDS.split())
"""Birds that people have on a shoulder rather than in the hands."""

_BIRD: Final = 0.17
"""Height of a bird on a shoulder, at least, as a share of the person's."""

_SEATS: Final = {
    "gait": 0.55,
    "gallop": 0.45,
    "beast": 0.55,
    "wheels": 0.55,
    "boat": 0.25,
    "bicycle": 0.5,
    "motorcycle": 0.45,
    "motor-scooter": 0.45,
    "automobile": 0.95,
    "viaduct": 0.98,
    "rock": 0.8,
    "chair": 0.25,
    "couch-and-lamp": 0.22,
    "sofa": 0.30,
    "armchair": 0.30,
    "bench": 0.45,
    "bed": 0.45,
    "throne": 0.30,
    "balloon": 0.1,
    "shopping-cart": 0.4,
    "bird-cage": 0.14,
    "dragon": 0.35,
    "magic-carpet": 0.6,
    "surfboard": 0.1,
    "fish-bowl": 0.22,
    "market-stall": 0.42,
    "kitchen-counter": 0.95,
    "plate": 0.36,
    "barbecue-grill": 0.62,
    "swing": 0.32,
    "hospital-bed": 0.6,
    "manual-wheelchair": 0.42,
    "motorized-wheelchair": 0.42,
    "stairs": 0.5,
    "carpet": 0.4,
    "yoga-mat": 0.4,
    "puddle": 0.4,
    "branch": 0.46,
    "ladder": 0.45,
    "deciduous-tree": 0.42,
    "evergreen-tree": 0.35,
    "palm-tree": 0.5,
    "desk": 0.95,
    "window": 0.04,
    "window-sill": 0.1,
    "rainy-window": 0.1,
    "snowy-window": 0.1,
    "night-window": 0.1,
    "skateboard": 0.6,
    "kick-scooter": 0.2,
    "piano": 0.5,
    "grand-piano": 0.46,
    "treadmill": 0.1,
    "sleigh": 0.3,
    "segway": 0.2,
    "hoverboard": 0.6,
    "snowmobile": 0.45,
    "go-kart": 0.35,
    "jet-ski": 0.5,
    "unicycle": 0.9,
    "seesaw": 0.5,
    "rocking-horse": 0.5,
    "chariot": 0.4,
    "boxing-ring": 0.3,
    "golf-cart": 0.35,
    "table": 0.95,
}
"""Height at which one sits or stands on a subject or a rig, as a share of its height."""
