"""Choose the set, the time of day, the weather, the light and what happens in the air."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from rushes.core.shot_plan import ROOMS, Action, Effect, Framing, Plane
from rushes.engines.animatic.planning import kinds
from rushes.engines.animatic.planning.casting_drafts import Draft
from rushes.engines.animatic.planning.english_places import AROUND, RANK
from rushes.engines.animatic.planning.lexicon import Meaning
from rushes.engines.animatic.planning.outside_weather import (
    BEHIND_WALLS,
    WINDOW,
    outside_weather,
)
from rushes.engines.animatic.planning.reading import Term

_RANK: Final = {name: rank for names, rank in RANK for name in names.split()}
_TABLE_PET_M: Final = 0.6
"""A man at a table is in a room, a cat on one may be there."""

_SETS_OF_SUBJECTS: Final = """
kitchen: stove fridge kitchen-counter cook woman-cook man-cook baker butcher
cafe: barista waiter waitress
laboratory: scientist woman-scientist man-scientist mechanic blacksmith factory-worker alembic
    test-tube microscope petri-dish woman-mechanic man-mechanic woman-factory-worker
    man-factory-worker
classroom: blackboard teacher student schoolboy schoolgirl woman-teacher man-teacher woman-student
    man-student
office: desk desk-lamp typewriter office-worker technologist woman-office-worker man-office-worker
    woman-technologist man-technologist businessman businesswoman desktop-computer laptop printer
    fax-machine journalist
stage: piano grand-piano cello singer woman-singer man-singer dancer woman-dancing man-dancing
    ballerina ballet-dancer dj guitarist drummer saxophonist trumpeter violinist conductor
    magician mime break-dancer flamenco-dancer clown hula-dancer guitar violin drum trumpet
    saxophone musical-keyboard accordion harp tribal-dancer person-juggling studio-microphone
    people-with-bunny-ears circus-tent
hall: throne judge king queen prince princess emperor pharaoh doctor nurse surgeon health-worker
    priest nun gymnast person-fencing bride groom man-in-tuxedo woman-in-tuxedo
bedroom: wardrobe person-in-bed bed
indoor_pool: swimmer person-swimming woman-swimming man-swimming person-playing-water-polo
space: spaceship portal monolith ufo astronaut woman-astronaut man-astronaut rocket satellite
    ringed-planet flying-saucer alien-monster comet globe-showing-europe-africa alien
underwater: manta-ray seahorse sea-turtle diver scuba-diver mermaid merman fish tropical-fish
    shark whale orca dolphin octopus squid jellyfish blowfish coral spouting-whale
ocean: sailing-ship viking-ship yacht cruise-ship submarine surfboard seagull surfer
    person-surfing woman-surfing man-surfing sailor pirate ship sailboat passenger-ship speedboat
    ferry captain anchor lighthouse seal
lake: rowboat raft koi reeds fisherman canoe person-rowing-boat woman-rowing-boat
    man-rowing-boat swan duck flamingo goose frog beaver otter motor-boat lotus hippopotamus
    crocodile
beach: starfish crab turtle lobster palm-tree desert-island beach-with-umbrella spiral-shell
    hula-dancer coconut
snow: iceberg igloo snow-pile reindeer skier snowboarder figure-skater penguin polar-bear snowman
    snowman-without-snow sled santa-claus mammoth seal mountaineer
desert: pyramid obelisk camel two-hump-camel cactus scorpion nomad cowboy cowgirl mummy lizard
    snake
mountain: western-dragon viaduct magic-carpet dragon castle goat eagle ram person-climbing
    man-climbing woman-climbing mountaineer hiker monk mount-fuji volcano japanese-castle
    mountain-cableway yogi samurai llama viking explorer
forest: birch bamboo stag panther jaguar ghost sheet-ghost campfire log-cabin hawk raven crow bear
    wolf fox deer owl boar bat monkey tiger gorilla orangutan sloth parrot panda chipmunk hedgehog
    badger witch wizard mage fairy elf gnome goblin troll unicorn werewolf archer lumberjack
    evergreen-tree deciduous-tree mushroom brown-mushroom leopard moose raccoon spider spider-web
    tent hooded-figure woman-with-veil woman-elf man-elf woman-fairy dwarf minotaur koala
    tanabata-tree
meadow: sheep lamb pony bull cheetah windmill barn hay-bale wheat lavender wind-turbine cart
    hot-air-balloon fence tank farmer woman-farmer man-farmer cow ox horse ewe pig donkey tractor
    shepherd scarecrow chicken rooster lion elephant giraffe zebra rhinoceros bison sunflower
    sheaf-of-rice house hut kite rabbit kangaroo horse-racing t-rex sauropod calf foal piglet
    turkey water-buffalo ear-of-corn balloon flag flagpole
table: fish-bowl
garden: bush cherry-tree willow well bench gardener butterfly honeybee rose tulip blossom hyacinth
    hibiscus cherry-blossom bouquet snail lady-beetle ant beetle fountain potted-plant peacock
    white-flower bunny seedling child girl boy toddler monarch-butterfly bird seat
street: carriage old-car vintage-car convertible limousine market-stall street-lamp pigeon
    traffic-cone person-running woman-running man-running taxi automobile bus
    police-car ambulance fire-engine bicycle motorcycle motor-scooter tram tram-car trolleybus
    delivery-truck pickup-truck sport-utility-vehicle detective police-officer skateboard
    skateboarder minibus oncoming-taxi oncoming-automobile beggar spy thief tourist firefighter
    convenience-store department-store umbrella umbrella-with-rain-drops postbox bus-stop rat
    superhero supervillain robot person-walking woman-walking man-walking zombie
road: sports-car camper-van racing-car articulated-lorry motorcyclist racing-driver person-biking
    woman-biking man-biking construction-worker traveller auto-rickshaw
railway: steam-train steam-locomotive locomotive train high-speed-train bullet-train railway-car
    metro light-rail monorail station
roof: ninja
sports_ground: soccer-player basketball-player athlete soccer-ball basketball baseball tennis
    tennis-player american-football volleyball person-golfing person-bouncing-ball rugby-football
    person-playing-handball trophy boxer
battlefield: soldier knight warrior gladiator crossed-swords
clouds: jet fighter-jet airship airplane small-airplane helicopter parachute phoenix angel
    baby-angel
canal: gondola
city: skyscraper suspension-bridge office-building tokyo-tower statue-of-liberty
living_room: sofa armchair fireplace chandelier floor-lamp gramophone curtain cat kitten dog puppy
    poodle baby black-cat teddy-bear couch-and-lamp television christmas-tree hamster chair
    mantelpiece-clock person-in-lotus-position
library: bookshelf open-book books closed-book scroll
gallery: easel statue framed-picture artist painter artist-palette
cave: skeleton treasure-chest crystal-ball vampire
campfire: tent camping
"""
"""Where a subject is at home, for prompts that name no place."""

_SETS_OF_KINDS: Final = {
    "food": "table",
    "object": "table",
    "clothing": "table",
    "instrument": "stage",
    "furniture": "living_room",
    "building": "mountain",
    "vehicle": "street",
    "boat": "ocean",
    "aircraft": "clouds",
    "fish": "underwater",
    "bird": "clouds",
    "insect": "garden",
    "plant": "garden",
    "animal": "meadow",
    "fantasy": "forest",
    "nature": "meadow",
    "sky": "clouds",
}
_SETS_OF_ACTIONS: Final = {
    Action.WALK: "street",
    Action.RUN: "street",
    Action.DANCE: "stage",
    Action.SIT: "living_room",
    Action.SWIM: "ocean",
    Action.WORK: "living_room",
    Action.TALK: "cafe",
    Action.JUMP: "garden",
    Action.DRIVE: "road",
    Action.FLY: "clouds",
    Action.SAIL: "ocean",
    Action.BURN: "campfire",
}
_SETS_OF_EFFECTS: Final = {
    Effect.SNOW: "snow",
    Effect.AURORA: "snow",
    Effect.RAIN: "street",
    Effect.FIRE: "campfire",
    Effect.FIREFLIES: "forest",
    Effect.BUBBLES: "underwater",
    Effect.PETALS: "garden",
    Effect.LEAVES: "forest",
    Effect.CONFETTI: "stage",
    Effect.LIGHTNING: "mountain",
    Effect.FOG: "forest",
    Effect.EMBERS: "campfire",
    Effect.SPARKS: "city",
    Effect.DUST: "desert",
    Effect.WIND: "meadow",
    Effect.LIGHT_SHAFTS: "forest",
    Effect.SMOKE: "city",
}
_BARE_SETS: Final = ("mountain", "lake", "ocean", "meadow")
"""One of them is chosen where the prompt tells of light or weather and of nothing else."""


_PALETTES: Final = (("desert", "desert"), ("snow", "snowy"), ("autumn", "golden"))
"""Words inside the names of places that colour another set."""


def _by_subject() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for line in _SETS_OF_SUBJECTS.replace("\n    ", " ").strip().splitlines():
        name, _, subjects = line.partition(": ")
        for subject in subjects.split():
            found.setdefault(subject, name)
    return found


SETS_BY_SUBJECT: Final = _by_subject()


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
    name = _set(places, drafts, around, framing=framing, seed=seed if says else None)
    time, weather = _time(wanted, name, effects), _weather(wanted, effects)
    outside = outside_weather(wanted, name, prompt)
    beyond = {term.start for term, _ in outside}
    effects = tuple(one for one in effects if one not in {seen.value for _, seen in outside})
    wanted = [(term, one) for term, one in wanted if term.start not in beyond]
    shown = {name, *AROUND.get(name, "").split()}
    used = [(term.start, term.end) for term, one in wanted if one.kind in _USED]
    used += [(term.start, term.end) for term, place in places if place in shown]
    missed = [(term, place) for term, place in places if place not in shown]
    return Scenery(
        set=name,
        time=time,
        weather=weather,
        light=_light(wanted, name),
        palette=_palette(wanted, places, name),
        effects=effects,
        used=tuple(used),
        unused=(
            *((term, _other_place(name)) for term, _ in missed if _only_place(term)),
            *((term, BEHIND_WALLS) for term, _ in outside),
        ),
    )


_USED: Final = frozenset({"time", "weather", "light", "effect", "mood"})


def _only_place(term: Term) -> bool:
    return all(one.kind in {"set", "style", "modifier"} for one in term.meanings)


def _other_place(name: str) -> str:
    return f"A shot shows one place, and this one shows the {name.replace('_', ' ')}."


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
    if best == "city" and any(kinds.stands_on_ground(draft.subject) for draft in drafts):
        return "street"
    if best is not None and not _is_overruled(best, places, drafts):
        return best
    if drafts:
        home = _home(drafts, framing)
        if home == "city" and any(kinds.stands_on_ground(draft.subject) for draft in drafts):
            return "street"
        return "street" if home in _INDOORS and _OUTDOORS & set(effects) else home
    named = (_SETS_OF_EFFECTS[effect] for effect in effects if effect in _SETS_OF_EFFECTS)
    return next(named, _bare(seed))


def _bare(seed: int | None) -> str:
    return "abstract" if seed is None else _BARE_SETS[seed % len(_BARE_SETS)]


_INDOORS: Final = frozenset({*ROOMS, "stage", "studio"})
_OUTDOORS: Final = frozenset(
    {Effect.RAIN, Effect.SNOW, Effect.FOG, Effect.LIGHTNING, Effect.AURORA}
)


_LARGE: Final = frozenset({"vehicle", "boat", "aircraft", "building"})
"""What no room holds, even where the one beside it works in an office."""

_IN_THE_AIR: Final = re.compile(r"(?:in|above|over|through|mid)\b", re.IGNORECASE)


def _is_overruled(place: str, places: list[tuple[Term, str]], drafts: list[Draft]) -> bool:
    """Return whether the cast needs another place than a table or the sky."""
    if place == "table":
        return any(
            kinds.moves_by_itself(draft.subject) and draft.subject.height_m > _TABLE_PET_M
            for draft in drafts
        )
    if place != "clouds" or any(_IN_THE_AIR.match(term.text) for term, _ in places):
        return False
    return any(
        draft.subject.plane in {Plane.GROUND, Plane.BACKGROUND} and draft.action is not Action.FLY
        for draft in drafts
    )


def _home(drafts: list[Draft], framing: Framing | None) -> str:
    """Return a set that suits the cast: the first member that says something decides."""
    carriers = [drafts[draft.on] for draft in drafts if draft.on is not None]
    large = [draft for draft in drafts if not kinds.is_held(draft.subject)] or drafts
    large = [one for one in carriers if one.subject.kind in {"vehicle", "boat"}] + large
    first = large[0]
    if any(kinds.contains(one.subject) for one in carriers):
        first = next(one for one in carriers if kinds.contains(one.subject))
        large = [first]
    close = framing in {Framing.PORTRAIT, Framing.CLOSE_UP}
    if close and kinds.is_person(first.subject):
        return "studio"
    if first.action is Action.FLY and first.subject.kind != "insect" and len(large) == 1:
        return "clouds"
    homes = [
        (draft, SETS_BY_SUBJECT[draft.subject.id])
        for draft in large
        if draft.subject.id in SETS_BY_SUBJECT
    ]
    outside = (home for draft, home in homes if draft.subject.kind in _LARGE)
    if homes:
        name = homes[0][1]
        return (
            next((home for home in outside if home not in _INDOORS), name)
            if (name in _INDOORS)
            else name
        )
    by_action = _SETS_OF_ACTIONS.get(first.action) if first.action else None
    if by_action and first.subject.kind in {"person", "animal", "fantasy"}:
        return by_action
    if first.subject.kind == "person":
        return "street" if first.count > 1 else "studio"
    return _SETS_OF_KINDS.get(first.subject.kind, "studio")


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
    if any(term.text.lower().startswith("firework") for term, _ in said):
        return "night"
    return {"campfire": "night", "space": "night", "stage": "night"}.get(name, "day")


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


def _palette(
    said: list[tuple[Term, Meaning]], places: list[tuple[Term, str]], name: str
) -> str | None:
    moods = list(_values(said, "mood"))
    if moods:
        return moods[0]
    words = " ".join([term.text.lower() for term, _ in places])
    return next((mood for word, mood in _PALETTES if word in words and word != name), None)
