"""Choose the sounds of a shot plan: of its place, its weather and its cast."""

from collections.abc import Iterator, Mapping
from typing import Final

from rushes.core.shot_plan import Action, CastMember, Effect, ShotPlan
from rushes.engines.animatic.cast.catalogue import subjects
from rushes.engines.animatic.planning.plan import plan_shot

_OF_SETS: Final[Mapping[str, tuple[str, ...]]] = {
    "ocean": ("surf",),
    "beach": ("surf",),
    "lake": ("stream",),
    "underwater": ("underwater",),
    "space": ("drone",),
    "forest": ("birds", "leaves"),
    "meadow": ("birds",),
    "garden": ("birds",),
    "mountain": ("wind",),
    "snow": ("wind",),
    "desert": ("wind", "sand"),
    "clouds": ("wind",),
    "street": ("city",),
    "city": ("city",),
    "road": ("city",),
    "roof": ("city",),
    "cafe": ("crowd",),
    "sports_ground": ("crowd",),
    "sports_hall": ("crowd",),
    "airport": ("crowd",),
    "autumn_forest": ("birds", "leaves"),
    "bamboo_grove": ("birds", "leaves"),
    "jungle": ("birds", "leaves"),
    "wheat_field": ("wind",),
    "vineyard": ("birds",),
    "canyon": ("wind",),
    "summit": ("wind",),
    "hot_spring": ("stream",),
    "ship_deck": ("surf",),
    "harbour": ("surf",),
    "farmyard": ("birds",),
    "petrol_station": ("city",),
    "swamp": ("crickets",),
    "restaurant": ("crowd",),
    "museum": ("crowd",),
    "aquarium": ("underwater",),
    "casino": ("crowd",),
    "bowling_alley": ("crowd",),
    "hotel_lobby": ("crowd",),
    "server_room": ("drone",),
    "submarine_interior": ("drone",),
    "airplane_cabin": ("drone",),
    "subway_train": ("crowd",),
    "moon_surface": ("drone",),
    "alien_planet": ("drone",),
    "glacier": ("wind",),
    "lava_field": ("fire",),
    "waterfall": ("stream",),
    "floating_islands": ("wind",),
    "park": ("birds",),
    "village": ("birds",),
    "orchard": ("birds",),
    "amusement_park": ("crowd",),
    "zoo": ("birds", "crowd"),
    "container_port": ("surf",),
    "western_town": ("wind",),
    "parking_lot": ("city",),
    "bridge": ("city",),
    "playground": ("birds",),
    "porch": ("birds",),
    "market": ("crowd",),
    "christmas_market": ("crowd",),
    "spaceship": ("drone",),
    "subway_station": ("crowd",),
    "train_station": ("crowd",),
    "campfire": ("fire",),
}
_OF_EFFECTS: Final[Mapping[Effect, str]] = {
    Effect.RAIN: "rain",
    Effect.WIND: "wind",
    Effect.LIGHTNING: "thunder",
    Effect.FIRE: "fire",
    Effect.AURORA: "drone",
    Effect.FIREFLIES: "crickets",
    Effect.BUBBLES: "underwater",
}
_OF_SUBJECTS: Final[Mapping[str, str]] = {
    "cricket": "crickets",
    "waterfall": "stream",
    "fountain": "stream",
    "campfire": "fire",
    "fire": "fire",
    "fireplace": "fire",
}
_WITHOUT_ENGINE: Final = frozenset(
    {"bicycle", "carriage", "cart", "kick-scooter", "manual-wheelchair", "roller-skate"}
    | {"shopping-cart", "skateboard", "sled"}
)
_CROWD: Final = 8
_OTHER_SEEDS: Final = (1, 2, 3)


def plan_sounds(prompt: str, unwanted: str | None) -> tuple[str, ...]:
    """
    Return the sounds of what the planner understands of a prompt, in any of its languages.

    A place that the planner chose by the seed alone makes no sound.
    """
    plan = plan_shot(prompt, negative_prompt=unwanted)
    others = (plan_shot(prompt, negative_prompt=unwanted, seed=seed) for seed in _OTHER_SEEDS)
    has_place = plan.set in _OF_SETS and all(other.set == plan.set for other in others)
    return tuple(dict.fromkeys(_sounds(plan, has_place=has_place)))


def _sounds(plan: ShotPlan, *, has_place: bool) -> Iterator[str]:
    for member in plan.cast:
        yield from _of_member(member)
    snows = Effect.SNOW in plan.effects
    if plan.weather == "storm":
        yield "wind" if snows else "thunder"
    yield from (_OF_EFFECTS[effect] for effect in plan.effects if effect in _OF_EFFECTS)
    if has_place:
        at_night = plan.time == "night"
        for sound in _OF_SETS.get(plan.set, ()):
            yield "crickets" if sound == "birds" and at_night else sound


def _of_member(member: CastMember) -> Iterator[str]:
    subject = subjects()[member.subject]
    if subject.kind == "bird":
        yield "birds"
    if subject.kind == "person" and member.count >= _CROWD:
        yield "crowd"
    if subject.kind in {"vehicle", "aircraft"} and subject.id not in _WITHOUT_ENGINE:
        yield "engine"
    if member.action is Action.BURN:
        yield "fire"
    if member.subject in _OF_SUBJECTS:
        yield _OF_SUBJECTS[member.subject]
