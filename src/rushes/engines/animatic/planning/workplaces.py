"""Put who works at an anvil, a machine or a table, and leave to a picture what it holds."""

import re
from typing import Final

from rushes.core.shot_plan import Action, Facing, Framing, Plane
from rushes.engines.animatic.cast.catalogue import people, subjects
from rushes.engines.animatic.planning import carriers, kinds
from rushes.engines.animatic.planning.casting_drafts import (
    MOST_MEMBERS,
    Draft,
    Reading,
    index_of,
    take_out,
)
from rushes.engines.animatic.planning.holding import TOOLS
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
_AT_A_TABLE: Final = re.compile(
    r"knead|chop|slic|cut|carv|dice|peel|repair|mend|fix|assembl|solder|writ|wrote|decorat|fold"
    r"|roll|wrap|pour|prepar|mix|stir|bak|grat|frost|ic(?:es|ing)\b|polish|engrav|build|examin"
    r"|amas|cort|pica|repar|arregl|escrib|escrev|decor|sirv|verter|viert|consert|despej|sov"
    r"|pétri|coup|répar|écri|décor|vers|prépar|knet|schneid|hack|reparier|schreib|schnitz|gieß"
    r"|verzier|меси|реж|ремонт|чин|пиш|налива|украш|лепи|揉|切|修|写|倒|包|做|装饰|こね|捏|刻"
    r"|直|書|注|作|握|반죽|썰|자르|고치|수리|쓰|쓴|따르|붓|만드|만들|빚",
    re.IGNORECASE,
)
"""How verbs begin for work that is done on a table."""

_TABLES: Final = frozenset({"table", "desk", "kitchen-counter"})
_STANDS_BEHIND, _TABLE_AT, _TABLE_ROW = 0.45, 0.5, 0.97
"""Where across the frame a worker and the table are, and the row on which it stands."""

_MOST_ON_TABLE: Final = 6
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
    if set_name in ROOMS:
        _work_at_table(prompt, reading, worker, has_counter=has_counter)


def _work_at_table(prompt: str, reading: Reading, worker: Draft, *, has_counter: bool) -> None:
    """Put who kneads, repairs or writes behind a table or counter that has on it what they use."""
    drafts = reading.drafts
    verb = "" if worker.verb is None else prompt[slice(*worker.verb)]
    near = any(one.value == Framing.CLOSE_UP for _, one in reading.scenery)
    if worker.on is not None or near or not _AT_A_TABLE.match(verb):
        return
    at = index_of(drafts, worker)
    things = [one for one in drafts if one.on in {None, at} and _is_worked_on(one)]
    table = next((one for one in drafts if one.subject.id in _TABLES and one.on is None), None)
    if table is None and has_counter and things:
        _lay_on_counter(worker, things)
        return
    if not things or (table is None and len(drafts) >= MOST_MEMBERS):
        return
    if table is None:
        first = things[0]
        table = Draft(subject=subjects()["table"], start=first.start, end=first.end, count=1)
        drafts.append(table)
    table.x, table.y, table.plane = _TABLE_AT, _TABLE_ROW, None
    worker.x, worker.action, worker.facing = _STANDS_BEHIND, Action.WORK, Facing.RIGHT
    for one in things:
        one.on, one.x, one.plane = index_of(drafts, table), None, None


def _lay_on_counter(worker: Draft, things: list[Draft]) -> None:
    """Leave it to the set to put things on its counter, the first one under the hands."""
    worker.x, worker.action, worker.facing = None, Action.WORK, Facing.RIGHT
    for one in things:
        one.on, one.plane, one.x = None, None, None


def _is_worked_on(thing: Draft) -> bool:
    """Judge whether it lies on the table, as all but tools and clothes do."""
    laid = carriers.is_laid(thing.subject) and thing.count <= _MOST_ON_TABLE
    return laid and thing.plane is not Plane.SKY and thing.subject.id not in _TOOLS


_CUTLERY: Final = {"magnifying-glass-tilted-left", "kitchen-knife", "pen", "fountain-pen"}
_TOOLS: Final = frozenset({*TOOLS.values(), *_CUTLERY})
"""What stays in the hand."""


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
