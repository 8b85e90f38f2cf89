"""Choose the set, the time of day, the weather, the light and what happens in the air."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from rushes.core.shot_plan import Action, Effect, Framing, Plane
from rushes.engines.animatic.planning import kinds
from rushes.engines.animatic.planning.casting_drafts import Draft
from rushes.engines.animatic.planning.distances import is_far
from rushes.engines.animatic.planning.homes import (
    INDOORS,
    SETS_OF_EFFECTS,
    WITHOUT_SKY,
    home_of,
    sails,
)
from rushes.engines.animatic.planning.lexicon import Meaning
from rushes.engines.animatic.planning.outside_weather import (
    BEHIND_WALLS,
    WINDOW,
    is_said_outside,
    outside_weather,
)
from rushes.engines.animatic.planning.place_order import AROUND, RANK
from rushes.engines.animatic.planning.reading import Term
from rushes.engines.animatic.planning.rough_places import (
    is_festive,
    is_rough,
    rooms_of_furniture,
    rough_reason,
)
from rushes.engines.animatic.sets.outside_words import FIREWORKS

_RANK: Final = {name: rank for names, rank in RANK for name in names.split()}
_TABLE_PET_M: Final = 0.6
"""A man at a table is in a room, a cat on one may be there."""

_BARE_SETS: Final = ("mountain", "lake", "ocean", "meadow")
"""One of them is chosen where the prompt tells of light or weather and of nothing else."""


_PALETTES: Final = (("desert", "desert"), ("snow", "snowy"), ("autumn", "golden"))
"""Words inside the names of places that colour another set."""


PALETTES_USED: Final = ("desert", "snowy", "golden")
"""Palettes that words may choose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenery:
    """Everything of a plan that is about the place, and which words it shows."""

    set: str
    time: str
    weather: str
    light: str
    palette: str | None
    effects: tuple[Effect, ...]
    used: tuple[tuple[int, int], ...]
    unused: tuple[tuple[Term, str], ...]
    """Words for other places, and why they are not shown."""


def scenery_of(
    said: list[tuple[Term, Meaning]],
    drafts: list[Draft],
    *,
    framing: Framing | None,
    seed: int,
    excluded: frozenset[tuple[str, str]] = frozenset(),
    prompt: str = "",
) -> Scenery:
    """
    Return the scenery that the words ask for, or one that suits the cast.

    Args:
        said: Words for scenery and what they mean.
        framing: As the prompt names it.
        excluded: Kinds and values that the caller does not want.
        prompt: Says whether rain is outside a window.
    """
    wanted = [(term, one) for term, one in said if (one.kind, one.value) not in excluded]
    places = [(term, one.value) for term, one in wanted if one.kind == "set"]
    effects = _effects(wanted)
    says = any(one.kind in _USED for _, one in wanted)
    at_window = WINDOW.search(prompt) and any(one.subject.id != "window" for one in drafts)
    around = () if at_window else effects
    heads = _heads(places, prompt) or rooms_of_furniture(prompt, drafts)
    name = _set(heads, drafts, around, framing=framing, seed=seed if says else None)
    time, weather = _time(wanted, name, effects), _weather(wanted, effects)
    outside = outside_weather(wanted, name, prompt)
    beyond = {term.start for term, _ in outside}
    effects = tuple(one for one in effects if one not in {seen.value for _, seen in outside})
    wanted = [(term, one) for term, one in wanted if term.start not in beyond]
    shown = {name, *AROUND.get(name, "").split()}
    if name == "kitchen" and not any(one.action in kinds.WITH_HANDS for one in drafts):
        shown.discard("table")  # who works has a counter before them
    used = [(term.start, term.end) for term, one in wanted if one.kind in _USED]
    used += [(term.start, term.end) for term, place in places if place in shown]
    missed = [(term, place) for term, place in places if place not in shown]
    rough = [term for term, place in places if place in shown and is_rough(term.text)]
    used = [span for span in used if span[0] not in {term.start for term in rough}]
    lies = [term for term, place in missed if place == "snow" and name not in _WITHOUT_SNOW]
    seen = list(lies)
    if name not in WITHOUT_SKY:
        seen += [term for term, place in missed if place == "clouds"]
    used += [(term.start, term.end) for term in seen]
    missed = [(term, place) for term, place in missed if term not in seen]
    return Scenery(
        set=name,
        time=time,
        weather=weather,
        light=_light(wanted, name),
        palette=_palette(wanted, places, name) or ("snowy" if lies else _snowy(effects, name)),
        effects=effects,
        used=tuple(used),
        unused=(
            *(
                (term, _other_place(name))
                for term, place in missed
                if _only_place(term) or place in {"table", *kinds.PLACES_FIRST}
            ),
            *((term, BEHIND_WALLS) for term, _ in outside),
            *((term, rough_reason(name)) for term in rough),
        ),
    )


_USED: Final = frozenset({"time", "weather", "light", "effect", "mood"})


def _only_place(term: Term) -> bool:
    return all(one.kind in {"set", "landmark", "style", "modifier"} for one in term.meanings)


def _other_place(name: str) -> str:
    return f"A shot shows one place, and this one shows the {name.replace('_', ' ')}."


_OF_ANOTHER: Final = re.compile(
    r"\s+(?:of (?:the |an? )?|de(?:r|s|l| la| los| las)? |d[ua] |do |de l['\u2019])", re.IGNORECASE
)


def _heads(places: list[tuple[Term, str]], prompt: str) -> list[tuple[Term, str]]:
    """
    Return the places without those that are far away or only say whose others are.

    Of ``the garden of the clinic``, that is the garden.
    """
    heads = places[:1]
    for (before, _), (term, place) in pairwise(places):
        if not _OF_ANOTHER.fullmatch(prompt, before.end, term.start):
            heads.append((term, place))
    near = [one for one in heads if not is_far(prompt, one[0].start, one[0].end)] or heads
    near = [one for one in near if not is_festive(one[0].text)] or near
    return [one for one in near if not is_said_outside(one[0], prompt)]


def _set(
    places: list[tuple[Term, str]],
    drafts: list[Draft],
    effects: tuple[Effect, ...],
    *,
    framing: Framing | None,
    seed: int | None,
) -> str:
    """Return the set; without a seed the prompt says nothing that is seen."""
    names = [place for _, place in places]
    best = max(names, key=lambda name: _RANK.get(name, 0), default=None)
    if best == "road":  # through a wood there is a way
        best = next((name for name in names if name in _WITH_A_WAY), best)
        best = "street" if best == "road" and "city" in names else best
    if best == "aquarium" and not any(kinds.is_person(draft.subject) for draft in drafts):
        return "underwater"  # fish are behind its glass
    if best == "city" and any(kinds.stands_on_ground(draft.subject) for draft in drafts):
        return "street"
    if drafts and all(is_festive(term.text) for term, _ in places):
        home = home_of(drafts, framing)
        best = best if home in _WITHOUT_FEASTS else None
    if best is not None and not _is_overruled(best, places, drafts):
        return best
    if drafts:
        home = home_of(drafts, framing)
        if home == "city" and any(kinds.stands_on_ground(draft.subject) for draft in drafts):
            return "street"
        return "street" if home in INDOORS and _OUTDOORS & set(effects) else home
    named = (SETS_OF_EFFECTS[effect] for effect in effects if effect in SETS_OF_EFFECTS)
    return next(named, _bare(seed))


_WITHOUT_FEASTS: Final = frozenset(
    {"garden", "meadow", "studio", "street", "living_room", "table", "mountain", "forest", "cafe"}
)
"""Where a cast is at home that a festival brings into the street; a boat or a band is elsewhere."""

_WITH_A_WAY: Final = frozenset(
    {"autumn_forest", "bamboo_grove", "wheat_field", "vineyard"}
    | {"sunflower_field", "lavender_field", "village", "park"}
)


def _bare(seed: int | None) -> str:
    return "abstract" if seed is None else _BARE_SETS[seed % len(_BARE_SETS)]


_WITHOUT_SNOW: Final = frozenset(
    {*INDOORS, "table", "space", "clouds", "underwater", "desert", "abstract", "cave"}
)
"""Sets in which no snow can lie."""

"""Sets over which no sky is."""

_OUTDOORS: Final = frozenset(
    {Effect.RAIN, Effect.SNOW, Effect.FOG, Effect.LIGHTNING, Effect.AURORA}
)


_IN_THE_AIR: Final = re.compile(r"(?:in|above|over|through|mid)\b", re.IGNORECASE)


def _is_overruled(place: str, places: list[tuple[Term, str]], drafts: list[Draft]) -> bool:
    """Return whether the cast needs another place than a table or the sky."""
    if place == "table":
        return any(
            kinds.moves_by_itself(draft.subject) and draft.subject.height_m > _TABLE_PET_M
            for draft in drafts
        )
    if place == "underwater":
        return sails(drafts)
    if place != "clouds" or any(_IN_THE_AIR.match(term.text) for term, _ in places):
        return False
    return any(
        (draft.subject.plane in {Plane.GROUND, Plane.BACKGROUND} or draft.subject.kind == "boat")
        and draft.action is not Action.FLY
        for draft in drafts
    )


def _effects(said: list[tuple[Term, Meaning]]) -> tuple[Effect, ...]:
    found: dict[Effect, None] = {}
    for _, one in said:
        if one.kind == "effect":
            found[Effect(one.value)] = None
    if Effect.RAIN in found and Effect.SNOW in found:
        del found[Effect.RAIN]
    return tuple(found)


def _values(said: list[tuple[Term, Meaning]], kind: str) -> Iterator[str]:
    return (one.value for _, one in said if one.kind == kind)


def _time(said: list[tuple[Term, Meaning]], name: str, effects: Iterable[Effect]) -> str:
    named = list(_values(said, "time"))
    if "night" in named or Effect.AURORA in effects:
        return "night"
    if named:
        return named[0]
    if "neon" in _values(said, "light") or Effect.FIREFLIES in effects:
        return "night"
    if any(FIREWORKS.search(term.text) for term, _ in said):
        return "night"
    return {
        "campfire": "night",
        "space": "night",
        "stage": "night",
        "christmas_market": "night",
    }.get(name, "day")


def _weather(said: list[tuple[Term, Meaning]], effects: Iterable[Effect]) -> str:
    order = ("storm", "overcast", "cloudy", "clear")
    named = set(_values(said, "weather"))
    if Effect.LIGHTNING in effects:
        return "storm"
    if {Effect.RAIN, Effect.SNOW, Effect.FOG} & set(effects) and "storm" not in named:
        return "overcast"
    return next((weather for weather in order if weather in named), "clear")


def _light(said: list[tuple[Term, Meaning]], name: str) -> str:
    named = list(_values(said, "light"))
    if named:
        return named[0]
    return "stage" if name == "stage" else "natural"


def _snowy(effects: Iterable[Effect], name: str) -> str | None:
    """Return the palette of a place outside where snow falls."""
    return "snowy" if Effect.SNOW in effects and name not in {*INDOORS, "snow"} else None


def _palette(
    said: list[tuple[Term, Meaning]], places: list[tuple[Term, str]], name: str
) -> str | None:
    moods = list(_values(said, "mood"))
    if moods:
        return moods[0]
    words = " ".join([*(term.text.lower() for term, _ in places), *(one for _, one in places)])
    return next((mood for word, mood in _PALETTES if word in words and word != name), None)
