"""What a stand-in has seen and done, as numbers, and as a ledger on disk."""

import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from rushes.mock_upstream.faults import FaultKind
from rushes.mock_upstream.jobs import Job
from rushes.mock_upstream.messages import Act


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """A request for a file."""

    path: str
    host: str
    """As the request named us."""

    range: str | None
    credential: str
    """Of the key that came with it; empty if none did."""


class Ledger:
    """Lines of JSON in a file, each of them there before anything else happens."""

    def __init__(self, file: Path | None) -> None:
        self._out: TextIO | None = file.open("a", encoding="utf-8") if file else None

    def write(self, event: str, **told: object) -> None:
        if self._out is not None:
            self._out.write(json.dumps({"event": event, **told}, default=str) + "\n")
            self._out.flush()

    def close(self) -> None:
        if self._out is not None:
            self._out.close()


@dataclass(kw_only=True)
class Counts:
    """Numbers since the beginning, or since they were last reset."""

    elapsed: Callable[[], float] = time.monotonic
    acts: Counter[Act] = field(default_factory=Counter[Act])
    """Requests of each sort, those that were cut included."""

    paths: Counter[str] = field(default_factory=Counter[str])
    """Requests of each path, an id in it written as ``{id}``."""

    deeds: Counter[FaultKind] = field(default_factory=Counter[FaultKind])
    """Misdeeds that were done."""

    statuses: Counter[int] = field(default_factory=Counter[int])
    fetched: list[Fetch] = field(default_factory=list[Fetch])
    told: int = 0
    """Callbacks that somebody took with a 2xx."""

    untold: int = 0
    """Callbacks that nobody took."""

    peak_per_s: int = 0
    """The most requests in any one second."""

    _second: int = -1
    _in_second: int = 0

    def request(self, act: Act, path: str) -> None:
        self.acts[act] += 1
        self.paths[path] += 1
        second = int(self.elapsed())
        if second != self._second:
            self._second, self._in_second = second, 0
        self._in_second += 1
        self.peak_per_s = max(self.peak_per_s, self._in_second)

    def as_json(self) -> dict[str, object]:
        return {
            "requests": sum(self.acts.values()),
            "acts": {act.value: count for act, count in self.acts.items()},
            "paths": dict(self.paths),
            "misdeeds": {deed.value: count for deed, count in self.deeds.items()},
            "statuses": {str(status): count for status, count in self.statuses.items()},
            "fetches": len(self.fetched),
            "callbacks": {"told": self.told, "untold": self.untold},
            "peak_per_s": self.peak_per_s,
        }


def job_as_json(job: Job, now: float) -> dict[str, object]:
    """Return what is told of an accepted job."""
    return {
        "id": job.id,
        "number": job.number,
        "kind": job.kind,
        "path": job.path,
        "phase": job.phase(now).value,
        "forgotten": job.forgotten,
        "prompt": job.prompt,
        "model": job.model,
        "key": job.key,
        "credential": job.credential,
        "callback_url": job.callback_url,
        "accepted_at": job.accepted_at,
        "ends_at": job.ends_at,
        "fails": job.fault.message if job.fault else None,
        "body": job.asked,
    }
