"""Let what a verb is done to be ridden, held, played or chased by who does it."""

from collections.abc import Sequence
from typing import Final

from rushes.core.shot_plan import Action
from rushes.engines.animatic.planning import carriers, kinds
from rushes.engines.animatic.planning.casting_drafts import CHASES, RIDES, Draft

_AT_AN_INSTRUMENT: Final = (0.36, 0.58)
"""Where across the frame a player and a piano or a harp are, so that the hands are on it."""


def play(players: Sequence[Draft], first: int, instrument: Draft, index: int) -> None:
    """
    Let the players play an instrument, which one of them holds unless it stands.

    Args:
        first: Index of the first player in the cast.
        index: Of the instrument; a cat that plays the piano is on its keys.
    """
    for player in players:
        if kinds.is_alive(player.subject):
            player.action = Action.WORK
    small = players[0].subject.height_m < kinds.LAP_M
    if small and instrument.subject.id in kinds.PIANOS:
        for player in players:
            player.on = index
    elif not kinds.is_held(instrument.subject):
        players[0].x, instrument.x = _AT_AN_INSTRUMENT
    elif kinds.is_alive(players[0].subject) and instrument.count == 1:
        instrument.on = first


def ride(drafts: Sequence[Draft]) -> None:
    """Put the last person on the mount that was named right before the verb."""
    mount = len(drafts) - 1
    if mount < 1 or not kinds.moves_by_itself(drafts[mount].subject):
        return
    animals = not kinds.is_alive(drafts[mount].subject)  # a dog may ride a skateboard
    may_ride = kinds.is_alive if animals else kinds.is_person
    riders = [one for one in drafts[:mount] if may_ride(one.subject) and one.on is None]
    if not riders or kinds.is_person(drafts[mount].subject):
        return
    riders[-1].on, riders[-1].action = mount, kinds.posture_on(drafts[mount].subject)
    alive = kinds.is_alive(drafts[mount].subject)
    drafts[mount].action = Action.WALK if alive else Action.DRIVE


def doer(drafts: Sequence[Draft], actors: Sequence[int], apart: int | None) -> int:
    """
    Return which of several a verb with an object is about.

    Args:
        apart: The last one, if a comma parts it from the others.
    """
    if apart is not None and apart in actors and kinds.is_alive(drafts[apart].subject):
        return apart
    return max(actors, key=lambda at: kinds.is_alive(drafts[at].subject))


def _take_in_hand(actor: Draft, index: int, thing: Draft) -> None:
    """Let who reads a book or drinks from a cup have it in their hands."""
    fits = kinds.is_person(actor.subject) or thing.subject.height_m < actor.subject.height_m
    if kinds.is_held(thing.subject) and thing.count == 1 and thing.on is None and fits:
        thing.on = index


def is_on_itself(drafts: Sequence[Draft], index: int) -> bool:
    """Return whether a member is on one that is on it."""
    at, passed = drafts[index].on, set[int]()
    while at is not None and at not in passed and at != index:
        passed.add(at)
        at = drafts[at].on
    return at == index


def _riding_along(
    drafts: Sequence[Draft], source: int, mount: Draft, actors: Sequence[int]
) -> list[Draft]:
    """Return the other people who ride the same thing, as both of a couple do."""
    others = [drafts[at] for at in actors if at != source and mount.count == 1]
    return [one for one in others if kinds.is_person(one.subject)]


def suffer(
    drafts: Sequence[Draft], source: int, index: int, *, verb: str, actors: Sequence[int]
) -> None:
    """Let what a verb is done to move as the verb says: one rides a horse that walks."""
    actor, draft = drafts[source], drafts[index]
    if draft.subject.id == "kite" and kinds.is_person(actor.subject):
        for one in (actor, *(drafts[at] for at in actors if kinds.is_person(drafts[at].subject))):
            one.action = Action.WORK  # they hold the string, and the kite is in the sky
    elif verb.startswith(RIDES) and _bears(draft, actor):
        for one in (actor, *_riding_along(drafts, source, draft, actors)):
            one.on, one.action = index, kinds.posture_on(draft.subject)
        vehicle = not kinds.is_alive(draft.subject)
        draft.action = draft.action or kinds.suited(
            [Action.DRIVE if vehicle else Action.WALK], draft.subject
        )
    elif kinds.is_bridge(draft.subject):
        crossing = [actor, *(drafts[at] for at in actors if at != source)]
        crossing = [one for one in crossing if kinds.moves_by_itself(one.subject)]
        for one in crossing:
            one.on = index
        if crossing:
            carriers.carry(draft, max(crossing, key=lambda one: one.subject.height_m))
    elif actor.action in kinds.WITH_HANDS and kinds.has_hands(actor.subject):
        _take_in_hand(actor, source, draft)
    elif verb.startswith(CHASES) and kinds.moves_by_itself(draft.subject):
        draft.action = draft.action or kinds.suited([Action.RUN], draft.subject)


def _bears(mount: Draft, rider: Draft) -> bool:
    """Judge whether one can ride on another; nobody rides a rabbit out of a hat."""
    large = mount.subject.height_m * mount.scale >= _LEAST_MOUNT * rider.subject.height_m
    return kinds.moves_by_itself(mount.subject) and (large or not kinds.is_alive(mount.subject))


_LEAST_MOUNT: Final = 0.3


def who_lies(
    drafts: Sequence[Draft],
    source: int | None,
    actors: Sequence[int],
    relation: str | None,
    place: Draft,
) -> int | None:
    """Return what a preposition is about: who works on a laptop in bed is in bed."""
    held = source is not None and kinds.is_held(drafts[source].subject)
    seats = relation == "in" and place.subject.kind in {"furniture", "boat", "vehicle"}
    return actors[0] if held and seats and actors else source
