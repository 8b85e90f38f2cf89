"""Configure a mock upstream: its API, keys, durations and failures."""

import re
from dataclasses import dataclass
from math import exp
from random import Random
from typing import Final, Self

_LENGTH: Final = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h)?")
_UNITS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, None: 1.0}


def seconds(text: str) -> float:
    """Parse a length of time: ``250ms``, ``5s``, ``2m``, ``1h`` or a number. Raises ValueError."""
    found = _LENGTH.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"a length of time must be like '5s' or '250ms', not {text!r}")
    return float(found[1]) * _UNITS[found[2]]


@dataclass(frozen=True, slots=True)
class Durations:
    """The distribution of jobs' durations: constant, uniform or log-normal."""

    low_s: float
    high_s: float
    sigma: float = 0.0
    """The parameter of a log-normal distribution whose median is *low_s*; 0 for the others."""

    @classmethod
    def of(cls, text: str) -> Self:
        """Parse ``5s``, ``2s..8s`` (uniform), ``60s~0.5`` (median, sigma). Raises ValueError."""
        low, dots, high = text.partition("..")
        if dots:
            return cls(seconds(low), seconds(high))
        median, tilde, sigma = text.partition("~")
        return cls(seconds(median), seconds(median), float(sigma) if tilde else 0.0)

    def draw(self, random: Random) -> float:
        """Draw the duration of one job, in seconds."""
        if self.sigma:
            return self.low_s * exp(random.gauss(0.0, self.sigma))
        return random.uniform(self.low_s, self.high_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """The configuration of a mock upstream."""

    kind: str
    """``relay``, ``dream-machine``, ``agents``, ``openai-videos`` or ``lightx2v``."""

    shape: str = ""
    """A service of that kind; empty for the first of them."""

    takes: Durations = Durations(0.0, 0.0)
    waits: float = 0.2
    """The share of its duration that a job waits in the queue."""

    fails: float = 0.0
    """The share of jobs that fail."""

    seed: int = 0
    keys: frozenset[str] = frozenset()
    """The valid API keys; without any, every request is accepted."""

    honours_keys: bool = False
    """Whether two submits with one idempotency key create one job."""

    links_s: float = 3600.0
    """How long the link to a file is valid."""

    files_host: str | None = None
    """The host name in links to files, if it is not the host of the request."""

    extras: bool = True
    """Whether a video comes with a thumbnail and a last frame."""
