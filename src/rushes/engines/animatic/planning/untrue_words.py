"""Find words of the cast that are read and that its pictures do not show: looks and actions."""

from collections.abc import Iterator, Sequence
from typing import Final

from rushes.core.shot_plan import Action
from rushes.engines.animatic.cast.catalogue import people
from rushes.engines.animatic.planning import kinds
from rushes.engines.animatic.planning.casting_drafts import Draft
from rushes.engines.animatic.planning.inflection import bases_of, singulars_of
from rushes.engines.animatic.planning.reading import Term
from rushes.engines.animatic.planning.tables import rows_of
from rushes.engines.animatic.planning.text import Token, tokens_of

Span = tuple[int, int]
Untrue = tuple[int, int, str]
"""Where words are in the prompt, and why the picture does not show them."""

OWN_LOOK: Final = "The picture has its own colours and forms."
OWN_FACE: Final = "Faces do not change."
_ANIMALS: Final = frozenset({"animal", "bird", "fish", "insect"})
_LEGS: Final = "The picture shows moving legs instead."

_LOOKS: Final = """
    fat slim slender skinny chubby plump obese overweight stocky muscular hairy freckled wrinkled
    pregnant barefoot shirtless naked thin thick wide narrow long short round square circular
    rectangular triangular oval cylindrical spherical conical cubic pyramidal pentagonal hexagonal
    oblong teardrop broken ruined cracked torn bent twisted crumpled dented battered jagged spiky
    striped spotted checkered plaid floral dirty muddy soaked bloody transparent hollow
    winding zigzag wavy two-headed many-armed
"""
_LOOK: Final = frozenset(_LOOKS.split())
_FACES: Final = frozenset(("sad", "angry", "scared", "frightened", "furious", "crying", "worried"))
_INHERENT: Final = """
round: ball, wheel, coin, plate, globe, clock, pizza, orange, apple, cookie, drum, melon,
    balloon, bowl, planet, pumpkin, tomato, cherries, mirror, ring, bubbles, lollipop, shield
circular: ball, wheel, coin, plate, globe, clock, pizza, bowl, ring
spherical: ball, globe, planet, orange, balloon
square: package, box, chess, gift, die, waffle
rectangular: book, brick, door, laptop, phone, television, box, package, picture, truck, bed
triangular: pizza, pyramid, triangle
cylindrical: can, barrel, drum, candle, battery, tower
conical: cone, volcano, tent
cubic: die, box, package, ice
oval: egg, mirror
long: snake, train, locomotive, giraffe, bridge, eel, pencil, sword, ladder, limousine, road,
    rope
thin: needle, pencil, rope, snake, stick
thick: book, log, rope
fat: hippopotamus, pig, walrus, elephant, whale, hamster, santa-claus, sumo
plump: hamster, pig
chubby: baby, hamster, pig, panda
muscular: lifting, wrestler, gorilla, bull
hairy: spider, gorilla, mammoth, yak, orangutan, caterpillar
spiky: hedgehog, cactus, pineapple, porcupine
striped: tiger, zebra, candy
spotted: leopard, ladybug, lady-beetle, giraffe, cheetah, cow, dalmatian
winding: road, snake
broken: broken, heart
transparent: glass, jellyfish, bottle, bubbles
sad: crying
"""
_HAVE_IT: Final = {look: frozenset(listed) for look, listed in rows_of(_INHERENT)}
"""Looks with parts of the names of the pictures that have them."""

_ROUGH: Final = """
sit: kneel, crouch, squat
walk: climb, limp, tiptoe, graze, stumble, slide, slip
dance: skate, breakdance, moonwalk
jump: backflip, somersault, cartwheel, stretch, kick, tumble, skateboard, dive
talk: kiss, cry, yawn
work: hug, fight, wrestle, battle, shoot, throw, catch, toss, lick, chew, nibble, shave, comb,
    braid, lift, hit, strike, grab, embroider, sew, weave, milk, shear, climb, juggle
wave: clap, applaud, salute
rise: sprout, unfold, inflate, erupt
fall: collapse, crumble, shatter, crash
stand: frown, blink, wink, lean, hide, peek, sprout, unfold, grow
"""
_ROUGH_VERBS: Final = {Action(action): frozenset(verbs) for action, verbs in rows_of(_ROUGH)}
"""Verbs that are drawn as another action than they say, by the action that is drawn."""
_ROUGH_FOR_PERSONS: Final = """
walk: crawl, creep
sit: recline, curl, bathe, sleep, nap, snooze, doze, sunbathe, lie
"""
_ROUGH_OF_PERSONS: Final = {
    Action(action): frozenset(verbs) for action, verbs in rows_of(_ROUGH_FOR_PERSONS)
}

_ING: Final = {
    Action.WORK: "hands at work",
    Action.RUN: "running",
    Action.SIT: "sitting",
    Action.WAVE: "waving",
    Action.DANCE: "dancing",
    Action.RISE: "rising",
}
_QUIET: Final = frozenset({"play", "work", "perform", "practice", "train", "study"})
"""Verbs that say little about how it looks."""


def rough_actions(terms: Sequence[Term], drafts: Sequence[Draft]) -> Iterator[Untrue]:
    """Yield the verbs in whose place another action is drawn."""
    for term in terms:
        meaning = term.meaning("action")
        span = term.start, term.end
        doers = [one for one in drafts if span == one.verb or _holds(one, term)]
        if meaning is None or not doers or term.language != "en":
            continue
        action, subject = doers[0].action, doers[0].subject
        word = term.text.lower().partition(" ")[0]
        bases = {word, *singulars_of(word), *bases_of(word)}
        is_person = subject.id in people()
        if action is Action.WORK and subject.kind in _ANIMALS and not is_person:
            if bases.isdisjoint(_QUIET):
                yield term.start, term.end, _LEGS
        elif action is not None and not bases.isdisjoint(_rough_verbs(action, is_person)):
            drawn = _ING.get(action, f"{action.value}ing")
            yield term.start, term.end, f"The picture shows {drawn} instead."


def _rough_verbs(action: Action, is_person: bool) -> frozenset[str]:
    of_all = _ROUGH_VERBS.get(action, frozenset[str]())
    return of_all | _ROUGH_OF_PERSONS.get(action, frozenset[str]()) if is_person else of_all


def _holds(draft: Draft, term: Term) -> bool:
    """Return whether a verb describes a member, as in ``a crawling baby``."""
    return draft.start <= term.start and term.end < draft.end


def untrue_looks(prompt: str, drafts: Sequence[Draft]) -> Iterator[Untrue]:
    """Yield the adjectives within the words of the cast that change nothing in the picture."""
    for draft in drafts:
        for token in tokens_of(prompt[draft.start : draft.end]):
            reason = _untrue(token, draft)
            if reason:
                yield draft.start + token.start, draft.start + token.end, reason


def _untrue(token: Token, draft: Draft) -> str:
    if any(part in draft.subject.id for part in _HAVE_IT.get(token.text, ())):
        return ""
    if token.text in _FACES and kinds.is_alive(draft.subject):
        return OWN_FACE
    has_size = token.text == "short" and draft.scale < 1.0
    return OWN_LOOK if token.text in _LOOK and not has_size else ""


def cut(prompt: str, spans: Sequence[Span], untrue: Sequence[Untrue]) -> list[Span]:
    """Return the spans without the words that are untrue; what remains of them are spans."""
    kept = list(spans)
    for start, end, _ in untrue:
        parts = (part for span in kept for part in _around(span, start, end))
        kept = [part for part in parts if _says_something(prompt, part)]
    return kept


def _around(span: Span, start: int, end: int) -> Iterator[Span]:
    first, last = span
    if end <= first or last <= start:
        yield span
        return
    yield first, max(first, start)
    yield min(last, end), last


_ARTICLES: Final = frozenset(("", "a", "an", "the", "his", "her", "its", "their", "and", ","))


def _says_something(prompt: str, span: Span) -> bool:
    return prompt[slice(*span)].strip(" -,").lower() not in _ARTICLES
