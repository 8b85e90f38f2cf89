"""The part that a stand-in plays: which API, for whom, how fast, how well."""

import re
from dataclasses import dataclass
from math import exp
from random import Random
from typing import Final, Self

_LENGTH: Final = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h)?")
_UNITS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, None: 1.0}


def seconds(text: str) -> float:
    """Return a length of time, ``250ms``, ``5s``, ``2m``, ``1h`` or a number. Raises ValueError."""
    found = _LENGTH.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"a length of time must be like '5s' or '250ms', not {text!r}")
    return float(found[1]) * _UNITS[found[2]]


@dataclass(frozen=True, slots=True)
class Durations:
    """How long jobs take: always the same, evenly spread, or now and then much longer."""

    low_s: float
    high_s: float
    sigma: float = 0.0
    """Of a logarithmic normal distribution whose median is *low_s*."""

    @classmethod
    def of(cls, text: str) -> Self:
        """Read ``5s``, ``2s..8s`` (even) or ``60s~0.5`` (median and sigma). Raises ValueError."""
        low, dots, high = text.partition("..")
        if dots:
            return cls(seconds(low), seconds(high))
        median, tilde, sigma = text.partition("~")
        return cls(seconds(median), seconds(median), float(sigma) if tilde else 0.0)

    def draw(self, random: Random) -> float:
        """Return the seconds that one job takes."""
        if self.sigma:
            return self.low_s * exp(random.gauss(0.0, self.sigma))
        return random.uniform(self.low_s, self.high_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """What a stand-in is told once, when it begins."""

    kind: str
    """``relay``, ``dream-machine``, ``agents``, ``openai-videos`` or ``lightx2v``."""

    shape: str = ""
    """Which of the services of that kind; empty: the first of them."""

    takes: Durations = Durations(0.0, 0.0)
    waits: float = 0.2
    """Share of its time that a job waits before it is worked on."""

    fails: float = 0.0
    """Share of the jobs that fail."""

    seed: int = 0
    keys: frozenset[str] = frozenset()
    """The API keys that are good; empty: any is, and none is needed."""

    honours_keys: bool = False
    """Whether one job is made of two submits with one idempotency key."""

    links_s: float = 3600.0
    """How long the link to a file is good."""

    files_host: str | None = None
    """The host name in links to files, where it is not the one at which we were asked."""

    extras: bool = True
    """Whether a video comes with a thumbnail and a last frame."""
