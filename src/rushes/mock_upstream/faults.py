"""Define the faults that a mock upstream can inject, and choose one for each request."""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Self

from rushes.mock_upstream.messages import Act


class FaultKind(StrEnum):
    """One kind of fault; text behind a colon is its argument."""

    NOTHING = "nothing"  #: a correct reply

    # The request is not handled.

    CUT_UNREAD = "cut-unread"  #: the connection is cut before the body is read
    CUT = "cut"  #: ... after it
    REFUSE = "refuse"  #: answered with this status, ``refuse:503``
    BUSY = "busy"  #: 429 with ``Retry-After`` in seconds, ``busy:2``
    MODERATE = "moderate"  #: 400, because the content breaks the rules
    MISSING = "missing"  #: 404, as for an unknown job
    HTML = "html"  #: a page of HTML with status 200
    EMPTY = "empty"  #: nothing at all with status 200
    HANG = "hang"  #: no reply for this many seconds, then a cut; ``hang:30``

    # The request is handled.

    CUT_AFTER = "cut-after"  #: the connection is cut before the reply
    STATUS_AFTER = "status-after"  #: answered with this status, ``status-after:502``
    HTML_AFTER = "html-after"  #: ... with a page of HTML
    DELAY = "delay"  #: answered after this many seconds, ``delay:1.5``
    HOLLOW = "hollow"  #: answered with an empty object
    BAD_JSON = "bad-json"  #: answered with invalid JSON
    TRUNCATE = "truncate"  #: cut after half the reply, or this many bytes, ``truncate:1000``
    WORD = "word"  #: the state is this word, ``word:exploding``
    NO_LINKS = "no-links"  #: links to files are null
    STRINGS = "strings"  #: each number is written as text
    FORGET = "forget"  #: all jobs are forgotten first, as in a restart

    # Faults of a file.

    NO_RANGE = "no-range"  #: the complete file is sent, whatever the range
    CHUNKED = "chunked"  #: without ``Content-Length``
    CHANGED = "changed"  #: the file differs from the previous reply

    # Faults of a callback.

    TWICE = "twice"
    EARLY = "early"  #: sent before the reply to the submit
    LATE = "late"  #: sent this many seconds after the others of its job, ``late:1``
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class InjectedFault:
    """A kind of fault with its argument."""

    kind: FaultKind
    argument: str = ""

    @classmethod
    def of(cls, text: str) -> Self:
        """
        Parse a fault of a script: ``cut``, ``busy:2``, ``word:exploding``.

        Raises:
            ValueError: The kind is unknown, or its argument must be a number and is none.
        """
        name, _, argument = text.partition(":")
        if name not in set(FaultKind):
            raise ValueError(f"a fault must be one of {', '.join(FaultKind)}, not {name!r}")
        made = cls(FaultKind(name), argument)
        if made.kind is not FaultKind.WORD and argument:
            made.number(0.0)
        return made

    def number(self, default: float) -> float:
        """Return the argument as a number. Raises ValueError."""
        return float(self.argument) if self.argument else default


GOOD = InjectedFault(FaultKind.NOTHING)


class FaultPlan:
    """Chooses a fault for each request: the next, else the permanent one, else by chance."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._line: defaultdict[Act, deque[InjectedFault]] = defaultdict(deque)
        self._always: dict[Act, InjectedFault] = {}
        self._chances: dict[Act, tuple[tuple[InjectedFault, float], ...]] = {}

    def then(self, act: Act, faults: Iterable[str]) -> None:
        """Inject these faults into the next requests of a kind, one after the other."""
        self._line[act].extend([InjectedFault.of(one) for one in faults])

    def always(self, act: Act, fault: str | None) -> None:
        """Inject a fault into every request of a kind; None ends it."""
        self._always.pop(act, None)
        if fault is not None:
            self._always[act] = InjectedFault.of(fault)

    def by_chance(self, act: Act, chances: Mapping[str, float]) -> None:
        """
        Inject faults into requests of a kind with these probabilities.

        Raises:
            ValueError: A probability is not between 0 and 1, or their sum is more than 1.
        """
        read = tuple((InjectedFault.of(fault), float(share)) for fault, share in chances.items())
        if any(share < 0 for _, share in read) or sum(share for _, share in read) > 1:
            raise ValueError("chances must be from 0 to 1, and no more than 1 together")
        self._chances[act] = read

    def draw(self, act: Act) -> InjectedFault:
        """Choose the fault for one request."""
        if line := self._line.get(act):
            return line.popleft()
        if act in self._always:
            return self._always[act]
        chances = self._chances.get(act)
        if not chances:
            return GOOD
        drawn = self._random.random()
        for injected, share in chances:
            if drawn < share:
                return injected
            drawn -= share
        return GOOD
