"""What a stand-in may do wrong, and when it does."""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Self

from rushes.mock_upstream.messages import Act


class FaultKind(StrEnum):
    """One way to treat a request; what stands behind a colon is its argument."""

    NOTHING = "nothing"  #: it is answered as it should be

    # the request is not acted on

    CUT_UNREAD = "cut-unread"  #: the connection is cut before the body is read
    CUT = "cut"  #: ... after it
    REFUSE = "refuse"  #: answered with this status, ``refuse:503``
    BUSY = "busy"  #: 429, to be repeated after so many seconds, ``busy:2``
    MODERATE = "moderate"  #: 400, for what was asked for is against the rules
    MISSING = "missing"  #: as though there were no such job
    HTML = "html"  #: a page of HTML with status 200
    EMPTY = "empty"  #: nothing at all with status 200
    HANG = "hang"  #: no answer for so many seconds, then a cut; ``hang:30``

    # it is acted on

    CUT_AFTER = "cut-after"  #: the connection is cut before the answer
    STATUS_AFTER = "status-after"  #: answered with this status, ``status-after:502``
    HTML_AFTER = "html-after"  #: ... with a page of HTML
    DELAY = "delay"  #: answered after so many seconds, ``delay:1.5``
    HOLLOW = "hollow"  #: answered with an empty object
    BAD_JSON = "bad-json"  #: answered with what is no JSON
    TRUNCATE = "truncate"  #: cut after half the answer, or so many bytes, ``truncate:1000``
    WORD = "word"  #: this word stands for the state, ``word:exploding``
    NO_LINKS = "no-links"  #: it tells no address of a file
    STRINGS = "strings"  #: each number is written as text
    FORGET = "forget"  #: all jobs are forgotten first, as in a restart

    # of a file

    NO_RANGE = "no-range"  #: all of it is sent, whatever part was asked for
    CHUNKED = "chunked"  #: its length is not told
    CHANGED = "changed"  #: it is another one than before

    # of a callback

    TWICE = "twice"
    EARLY = "early"  #: made before the submit is answered
    LATE = "late"  #: made so many seconds after all the others of its job, ``late:1``
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class InjectedFault:
    """A deed with its argument."""

    deed: FaultKind
    argument: str = ""

    @classmethod
    def of(cls, text: str) -> Self:
        """
        Read it as it is written in a script: ``cut``, ``busy:2``, ``word:exploding``.

        Raises:
            ValueError: There is no such deed, or its argument is no number where one is needed.
        """
        name, _, argument = text.partition(":")
        if name not in set(FaultKind):
            raise ValueError(f"a misdeed must be one of {', '.join(FaultKind)}, not {name!r}")
        made = cls(FaultKind(name), argument)
        if made.deed is not FaultKind.WORD and argument:
            made.number(0.0)
        return made

    def number(self, default: float) -> float:
        """Return the argument as a number. Raises ValueError."""
        return float(self.argument) if self.argument else default


GOOD = InjectedFault(FaultKind.NOTHING)


class FaultPlan:
    """Chooses for each request: what is next in line, else what always happens, else by chance."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._line: defaultdict[Act, deque[InjectedFault]] = defaultdict(deque)
        self._always: dict[Act, InjectedFault] = {}
        self._chances: dict[Act, tuple[tuple[InjectedFault, float], ...]] = {}

    def then(self, act: Act, deeds: Iterable[str]) -> None:
        """Treat the next requests of this sort so, one after the other."""
        self._line[act].extend([InjectedFault.of(one) for one in deeds])

    def always(self, act: Act, deed: str | None) -> None:
        """Treat every request of this sort so; None: no longer."""
        self._always.pop(act, None)
        if deed is not None:
            self._always[act] = InjectedFault.of(deed)

    def by_chance(self, act: Act, chances: Mapping[str, float]) -> None:
        """
        Treat so many of the requests of this sort so, as shares of one.

        Raises:
            ValueError: A share is not between 0 and 1, or they are more than 1 together.
        """
        read = tuple((InjectedFault.of(deed), float(share)) for deed, share in chances.items())
        if any(share < 0 for _, share in read) or sum(share for _, share in read) > 1:
            raise ValueError("chances must be from 0 to 1, and no more than 1 together")
        self._chances[act] = read

    def draw(self, act: Act) -> InjectedFault:
        """Say how a request is treated."""
        if line := self._line.get(act):
            return line.popleft()
        if act in self._always:
            return self._always[act]
        chances = self._chances.get(act)
        if not chances:
            return GOOD
        drawn = self._random.random()
        for misdeed, share in chances:
            if drawn < share:
                return misdeed
            drawn -= share
        return GOOD
