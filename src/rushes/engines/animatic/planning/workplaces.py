"""Put who works before an anvil, a wheel or a machine, and leave to a picture what it holds."""

import re
from typing import Final

from rushes.core.shot_plan import Action, Facing
from rushes.engines.animatic.cast.catalogue import people, subjects
from rushes.engines.animatic.planning import kinds
from rushes.engines.animatic.planning.casting_drafts import Draft, Reading, index_of, take_out
from rushes.engines.animatic.sets.room_table import ROOMS

_STATIONS: Final = frozenset(
    {"anvil", "potters-wheel", "easel", "spinning-wheel", "loom", "punching-bag"}
)
"""What stands on the floor before who works at it; nobody has it in the hands."""

_ON_COUNTERS: Final = frozenset({"sewing-machine", "microscope", "typewriter", "cash-register"})
_WHEELS: Final = frozenset({"wheel", "spinning-wheel"})
"""What the wheel of a potter may be taken for."""

_POTTERY: Final = re.compile(
    r"\b(?:potter|clay\b|céram|alfar|töpfer|olar|гончар)|陶|도예", re.IGNORECASE
)
_STICKS: Final = re.compile(r"\b(?:drum)?sticks?\b", re.IGNORECASE)
_WORKER, _STATION = 0.42, 0.55
"""Where across the frame they are: the hands are over what they work at."""


def go_to_work(prompt: str, reading: Reading, set_name: str) -> None:
    """Put the worker and the thing of a prompt together as they are at work."""
    _take_out_what_is_drawn(prompt, reading)
    stations = [
        index
        for index, one in enumerate(reading.drafts)
        if one.subject.id in _STATIONS | _WHEELS and one.on is None
    ]
    workers = [
        one
        for one in reading.drafts
        if kinds.is_person(one.subject) and (one.on is None or one.on in stations)
    ]
    if len(workers) != 1 or workers[0].count > 1:
        return
    worker = workers[0]
    has_counter = set_name in ROOMS and ROOMS[set_name].has_counter
    for one in reading.drafts:
        if one.subject.id in _WHEELS and _POTTERY.search(prompt):
            one.subject = subjects()["potters-wheel"]
        at = index_of(reading.drafts, worker)
        if one.subject.id in _STATIONS and one.count == 1 and one.on in {None, at}:
            one.on, one.x, worker.x, worker.on = None, _STATION, _WORKER, None
            worker.facing = Facing.RIGHT
            worker.action = worker.action or Action.WORK
        elif one.subject.id in _ON_COUNTERS and one.on is None and has_counter:
            one.x = worker.x = None
            worker.action = Action.WORK


def _take_out_what_is_drawn(prompt: str, reading: Reading) -> None:
    """Take out the violin of a violinist and the sticks of a drummer: their pictures have them."""
    props = {
        drawn.prop
        for one in reading.drafts
        if (drawn := people().get(one.subject.id)) and drawn.prop and one.count == 1
    }
    drums = any(one.subject.id.startswith("drum") for one in reading.drafts)
    for index, one in reversed([*enumerate(reading.drafts)]):
        sticks = drums and one.subject.id == "branch" and _is_sticks(prompt, one)
        same = one.subject.id in props and one.tint is None and one.scale == 1.0
        same = same and one.subject.kind == "instrument" and one.plane is None
        if sticks or same:
            reading.used.append((one.start, one.end))
            take_out(reading, index)


def _is_sticks(prompt: str, draft: Draft) -> bool:
    return _STICKS.search(prompt[draft.start : draft.end]) is not None
