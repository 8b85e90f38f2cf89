"""Make a shot plan of a prompt, by rules."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from rushes.core.shot_plan import (
    ROOMS,
    Action,
    Framing,
    NotShown,
    PlanSource,
    ShotPlan,
)
from rushes.engines.animatic.camera_words import NamedMove, named_moves
from rushes.engines.animatic.cast.catalogue import subjects
from rushes.engines.animatic.cast.windows import WINDOWS
from rushes.engines.animatic.planning import kinds
from rushes.engines.animatic.planning.animal_families import doubled_friend
from rushes.engines.animatic.planning.animal_roles import settle_animals
from rushes.engines.animatic.planning.arrangements import arrange_cast
from rushes.engines.animatic.planning.ball_games import play_ball
from rushes.engines.animatic.planning.camera import framing_of, moves_of
from rushes.engines.animatic.planning.casting import CastReader
from rushes.engines.animatic.planning.casting_drafts import MOST_COPIES, Draft, Reading, take_out
from rushes.engines.animatic.planning.casting_members import cast_of, not_shown_of
from rushes.engines.animatic.planning.casting_relations import lay_things
from rushes.engines.animatic.planning.clock_times import with_clock_times
from rushes.engines.animatic.planning.distances import (
    light_rooms,
    make_room,
    modernise,
    put_far,
    put_on_tracks,
)
from rushes.engines.animatic.planning.falling import add_falling, let_fall
from rushes.engines.animatic.planning.holding import (
    add_tools,
    hold_baby,
    hold_things,
    leave_to_room,
)
from rushes.engines.animatic.planning.homonyms import with_homonyms
from rushes.engines.animatic.planning.interiors import enter_buildings
from rushes.engines.animatic.planning.landmarks import landmarks_of
from rushes.engines.animatic.planning.lexicon import Meaning
from rushes.engines.animatic.planning.look_alikes import look_alike_reason
from rushes.engines.animatic.planning.moon import add_moon, land_on_moon
from rushes.engines.animatic.planning.mounts import mounted
from rushes.engines.animatic.planning.parts import take_out_parts
from rushes.engines.animatic.planning.people_names import with_names
from rushes.engines.animatic.planning.perches import perch
from rushes.engines.animatic.planning.pictures_and_writing import depicted, without_writing
from rushes.engines.animatic.planning.reading import Term, terms_of
from rushes.engines.animatic.planning.scenery import Scenery, scenery_of
from rushes.engines.animatic.planning.splashes import splash
from rushes.engines.animatic.planning.subject_lookup import excluded_by
from rushes.engines.animatic.planning.together import turn_to_each_other
from rushes.engines.animatic.planning.unclaimed import unclaimed_in
from rushes.engines.animatic.planning.untrue_words import cut, rough_actions, untrue_looks
from rushes.engines.animatic.planning.windowsills import open_windows
from rushes.engines.animatic.planning.workplaces import go_to_work

_EXCLUDED: Final = "The negative prompt excludes it."
_NUMBER: Final = re.compile(r"\d+")
_LONGEST_NUMBER: Final = 100
_SMALL_M: Final = 0.5
_CROWD: Final = 5
_BOOKS: Final = 5
_ON_WATER: Final = frozenset({"ocean", "lake", "underwater"})
_CARRIERS: Final = frozenset({"vehicle", "boat", "furniture"})
"""Who is on one of them is higher in the picture."""


def plan_shot(
    prompt: str,
    *,
    concepts: Sequence[str] = (),
    negative_prompt: str | None = None,
    seed: int = 0,
) -> ShotPlan:
    """
    Return what the rules understand of a prompt; the same arguments give the same plan.

    ``shown`` and ``not_shown`` hold the caller's words. Words for style and quality (``cinematic``,
    ``4k``, ``masterpiece``), for what cannot be seen (``hope``), and words that the prompt denies
    (``no people``) are in neither.

    Args:
        concepts: Names of camera moves that are asked for beside the words.
        negative_prompt: What must not be in the picture.
        seed: Chooses the place where the prompt names light or weather only.
    """
    prompt = unicodedata.normalize("NFC", prompt)  # some systems part letters from accents
    moves = named_moves(prompt)
    terms = [term for term in with_names(prompt, terms_of(prompt)) if not _overlaps(term, moves)]
    terms, writing = without_writing(prompt, depicted(prompt, _in_sense(prompt, terms)))
    reading = CastReader(prompt, terms).read()
    _answer_pronoun(reading, prompt)
    take_out_parts(prompt, reading)
    settle_animals(prompt, reading)
    if (friend := doubled_friend(prompt, reading.drafts)) is not None:
        take_out(reading, friend)
    add_tools(reading, terms)
    hold_things(prompt, reading.drafts, terms)
    hold_baby(prompt, reading.drafts)
    excluded = excluded_by(negative_prompt)
    let_fall(reading)
    enter_buildings(prompt, reading)
    land_on_moon(prompt, reading)
    dropped = _drop(prompt, reading, excluded)
    framing = _named_framing(reading.scenery) or framing_of(concepts)
    scenery = scenery_of(
        reading.scenery,
        reading.drafts,
        framing=framing,
        seed=seed,
        excluded=excluded,
        prompt=prompt,
    )
    foreign_moves = [(term, one) for term, one in reading.scenery if one.kind == "move"]
    camera, camera_words = moves_of(prompt, moves, foreign_moves, concepts)
    scenery = _add_furniture(reading, scenery)
    scenery = _use_place(prompt, reading, scenery)
    _ground_choppers(reading.drafts, prompt, scenery.set)
    lay_things(reading.drafts, is_water=scenery.set in _ON_WATER)
    put_far(prompt, reading.drafts, scenery.set)
    modernise(prompt, reading.drafts)
    put_on_tracks(reading.drafts, scenery.set)
    make_room(reading.drafts)
    scenery = play_ball(prompt, reading, scenery)
    scenery = arrange_cast(prompt, reading, scenery)
    turn_to_each_other(prompt, reading)
    light_rooms(reading.drafts, scenery.set)
    add_falling(reading, scenery.effects, scenery.set)
    add_moon(reading, scenery.set)
    standing = _pose(reading, prompt)
    members = mounted(cast_of(prompt, reading.drafts, set_name=scenery.set), scenery.set, prompt)
    landmarks = landmarks_of(reading.scenery, members, scenery.set)
    shown = [(draft.start, draft.end) for draft in reading.drafts if not draft.is_look_alike]
    shown += [
        (term.start, term.end)
        for term, _ in reading.scenery
        if term.text in {landmark.words for landmark in landmarks}
    ]
    shown += [
        *reading.used,
        *scenery.used,
        *camera_words,
        *(
            (term.start, term.end)
            for term, one in reading.scenery
            if one.kind in {"framing", "pace"}
        ),
    ]
    missing = [*not_shown_of(prompt, reading), *_crowds(prompt, reading.drafts)]
    missing += [
        (term.start, NotShown(words=term.text, reason=reason)) for term, reason in scenery.unused
    ]
    missing += [*writing, *dropped, *standing, *_look_alikes(prompt, reading.drafts)]
    others = [(start, start + len(one.words)) for start, one in writing]
    others += [(move.start, move.end) for move in moves]
    shown, unseen = _checked(
        prompt, terms, reading.drafts, set_name=scenery.set, shown=shown, elsewhere=others
    )
    missing += unseen
    return ShotPlan(
        set=scenery.set,
        time=scenery.time,
        weather=scenery.weather,
        light=scenery.light,
        palette=scenery.palette,
        framing=framing or _usual_framing(reading.drafts, scenery.set),
        camera=camera,
        pace=_pace(reading.scenery),
        cast=(*members, *landmarks),
        effects=scenery.effects,
        shown=_words(prompt, shown),
        not_shown=_unseen(missing, shown, prompt),
        source=PlanSource.RULES,
    )


def _in_sense(prompt: str, terms: Sequence[Term]) -> list[Term]:
    return with_clock_times(prompt, with_homonyms(prompt, terms))


def _checked(
    prompt: str,
    terms: Sequence[Term],
    drafts: Sequence[Draft],
    *,
    set_name: str,
    shown: Sequence[tuple[int, int]],
    elsewhere: Sequence[tuple[int, int]],
) -> tuple[list[tuple[int, int]], list[tuple[int, NotShown]]]:
    """
    Return which words are shown after all, and what else is not.

    Args:
        shown: Where the words are that rules have read.
        elsewhere: Where words are that other rules list, such as camera moves.
    """
    untrue = [*rough_actions(terms, drafts), *untrue_looks(prompt, drafts)]
    true = cut(prompt, shown, untrue)
    unclaimed = unclaimed_in(
        prompt,
        terms,
        shown=true,
        elsewhere=[*elsewhere, *((start, end) for start, end, _ in untrue)],
        cast=[draft.subject for draft in drafts],
        set_name=set_name,
    )
    unread = [(start, start + len(one.words), "") for start, one in unclaimed.missing]
    missing = [(a, NotShown(words=prompt[a:b], reason=reason)) for a, b, reason in untrue]
    return [*cut(prompt, true, unread), *unclaimed.shown], [*missing, *unclaimed.missing]


def _look_alikes(prompt: str, drafts: list[Draft]) -> Iterator[tuple[int, NotShown]]:
    """Yield what is in the picture only as another thing, which a viewer sees instead."""
    for draft in drafts:
        if draft.is_look_alike:
            reason = look_alike_reason(draft.subject, is_plural=draft.is_plural)
            yield draft.start, NotShown(words=prompt[draft.start : draft.end], reason=reason)


def _use_place(prompt: str, reading: Reading, scenery: Scenery) -> Scenery:
    """Bring the cast together with the windows, the water and the workplaces of the set."""
    perch(prompt, reading.drafts)
    scenery = open_windows(prompt, reading, scenery)
    scenery = splash(prompt, reading, scenery)
    go_to_work(prompt, reading, scenery.set)
    leave_to_room(reading, scenery.set)
    return scenery


def _crowds(prompt: str, drafts: list[Draft]) -> Iterator[tuple[int, NotShown]]:
    """Yield numbers of which the picture shows fewer."""
    for draft in drafts:
        number = _NUMBER.search(prompt, draft.start, draft.end)
        if number and draft.count == MOST_COPIES < int(number.group()[:_LONGEST_NUMBER]):
            reason = f"The picture shows {MOST_COPIES} of them."
            yield draft.start, NotShown(words=number.group(), reason=reason)


def _overlaps(term: Term, moves: Sequence[NamedMove]) -> bool:
    """Return whether it is a part of words for a camera move; a framing may be named beside."""
    inside = any(term.start < move.end and move.start < term.end for move in moves)
    return inside and term.meaning("framing") is None


def _words(prompt: str, spans: list[tuple[int, int]]) -> tuple[str, ...]:
    """Return the words in spans in their order; one inside another is not repeated."""
    kept: dict[str, str] = {}
    reached = -1
    for start, end in sorted(set(spans), key=lambda span: (span[0], -span[1])):
        words = prompt[start:end].strip()
        if words and end > reached:
            kept.setdefault(words.casefold(), words)
            reached = end
    return tuple(kept.values())


def _unseen(
    missing: list[tuple[int, NotShown]], shown: list[tuple[int, int]], prompt: str
) -> tuple[NotShown, ...]:
    """Return what is missing in its order, without words that are shown all the same."""
    seen = {prompt[start:end].casefold() for start, end in shown}
    kept: dict[str, NotShown] = {}
    for _, one in sorted(missing, key=lambda pair: pair[0]):
        key = one.words.casefold()
        if one.words and key not in seen:
            kept.setdefault(key, one)
    return tuple(kept.values())


def _ground_choppers(drafts: list[Draft], prompt: str, set_name: str) -> None:
    """Take a chopper for a motorcycle in a room, or where a person is on it or has one."""
    for index, draft in enumerate(drafts):
        words = prompt[draft.start : draft.end].casefold()
        if not words.endswith(("chopper", "choppers")) or draft.action is Action.FLY:
            continue
        ridden = any(one.on == index or one.subject.id == "motorcyclist" for one in drafts)
        if ridden or set_name in ROOMS:
            draft.subject = subjects()["motorcycle"]
            parked = set_name in ROOMS and draft.action is None
            draft.action = Action.STAND if parked else draft.action


def _add_furniture(reading: Reading, scenery: Scenery) -> Scenery:
    """Cast the table of a prompt whose place has none, as in a space station."""
    left: list[tuple[Term, str]] = []
    for term, reason in scenery.unused:
        place, named = term.meaning("set"), term.meaning("subject")
        subject = named.value if named else ("table" if place and place.value == "table" else "")
        is_in_set = place is not None and place.value in kinds.PLACES_FIRST
        if (subject in kinds.SHOWN_BY_SETS or is_in_set) and subject in subjects():
            reading.drafts.append(
                Draft(subject=subjects()[subject], start=term.start, end=term.end, count=1)
            )
        else:
            left.append((term, reason))
    return replace(scenery, unused=tuple(left))


def _pose(reading: Reading, prompt: str) -> list[tuple[int, NotShown]]:
    """Choose pictures that fit what subjects do, and tell of animals that stand for want of one."""
    for draft in reading.drafts:
        if draft.subject.id == "books" and draft.action is Action.FLY:
            draft.subject, draft.count = subjects()["open-book"], max(draft.count, _BOOKS)
    standing: list[tuple[int, NotShown]] = []
    for draft in reading.drafts:
        if draft.action is not Action.SIT:
            continue
        picture = kinds.lying(draft.subject)
        if kinds.can_lie(picture):
            draft.scale *= draft.subject.height_m / picture.height_m
            if draft.subject.id.startswith("black"):
                draft.tint = draft.tint or kinds.BLACK
            draft.subject = picture
        elif draft.verb is not None:
            draft.action = Action.STAND
            start, end = draft.verb
            name = draft.subject.id.replace("-", " ")
            reading.used = [span for span in reading.used if span != draft.verb]
            reason = f"The {name} is drawn standing."
            standing.append((start, NotShown(words=prompt[start:end], reason=reason)))
    return standing


_PRONOUN: Final = re.compile(r"\b(?:she|her|he|him|his)\b", re.IGNORECASE)


def _answer_pronoun(reading: Reading, prompt: str) -> None:
    """Cast a woman or a man where the prompt says only ``she``, ``he``, ``her`` or ``his``."""
    match = _PRONOUN.search(prompt)
    if match is None or any(not kinds.is_body_part(draft.subject) for draft in reading.drafts):
        return
    reading.used += [(draft.start, draft.end) for draft in reading.drafts]
    reading.drafts.clear()
    who = subjects()["woman" if match.group().lower() in {"she", "her"} else "man"]
    reading.drafts.append(Draft(subject=who, start=match.start(), end=match.end(), count=1))


def _drop(
    prompt: str, reading: Reading, excluded: frozenset[tuple[str, str]]
) -> list[tuple[int, NotShown]]:
    """Take the excluded members out of the cast, and say so."""
    kept: list[Draft] = []
    moved: dict[int, int] = {}
    dropped: list[tuple[int, int]] = []
    for index, draft in enumerate(reading.drafts):
        if ("subject", draft.subject.id) in excluded:
            dropped.append((draft.start, draft.end))
        else:
            moved[index] = len(kept)
            kept.append(draft)
    for draft in kept:
        draft.on = moved.get(draft.on) if draft.on is not None else None
    reading.drafts = kept
    return [(start, NotShown(words=prompt[start:end], reason=_EXCLUDED)) for start, end in dropped]


def _named_framing(said: list[tuple[Term, Meaning]]) -> Framing | None:
    return next((Framing(one.value) for _, one in said if one.kind == "framing"), None)


def _usual_framing(drafts: list[Draft], name: str) -> Framing:
    """Return how close a camera usually is to such a cast."""
    if not drafts:
        return Framing.WIDE
    tallest = max(draft.subject.height_m for draft in drafts)
    if any(one.on is not None and drafts[one.on].subject.id in WINDOWS for one in drafts):
        return Framing.MEDIUM  # so that one sees who is at the windows
    if name == "table" and tallest < _SMALL_M:
        return Framing.CLOSE_UP
    riders = [one for one in drafts if one.on is not None]
    seated = (
        0.5 * drafts[one.on or 0].subject.height_m + one.subject.height_m
        for one in riders
        if drafts[one.on or 0].subject.kind == "furniture"
    )
    carried = (
        0.5 * drafts[draft.on].subject.height_m + draft.subject.height_m
        for draft in drafts
        if draft.on is not None
        and drafts[draft.on].subject.kind in _CARRIERS - {"furniture"}
        and drafts[draft.on].subject.id not in WINDOWS
    )
    tallest = max(tallest, 1.6 * max(carried, default=0.0), max(seated, default=0.0))
    alive = kinds.is_alive(drafts[0].subject)
    few = sum(draft.count for draft in drafts) < _CROWD
    return Framing.MEDIUM if alive and few and tallest < 3.0 else Framing.WIDE


def _pace(said: list[tuple[Term, Meaning]]) -> float:
    return next((float(one.value) for _, one in said if one.kind == "pace"), 1.0)
