"""Count the requests and effects of a mock upstream, and write its ledger on disk."""

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
    """The host in the request."""

    range: str | None
    credential: str
    """The digest of the key in the request; empty without a key."""


class Ledger:
    """Writes lines of JSON to a file, each before the reply that it is about."""

    def __init__(self, file: Path | None) -> None:
        self._out: TextIO | None = file.open("a", encoding="utf-8") if file else None

    def write(self, event: str, **fields: object) -> None:
        if self._out is not None:
            self._out.write(json.dumps({"event": event, **fields}, default=str) + "\n")
            self._out.flush()

    def close(self) -> None:
        if self._out is not None:
            self._out.close()


@dataclass(kw_only=True)
class Counts:
    """Numbers since the start or the last reset."""

    elapsed: Callable[[], float] = time.monotonic
    acts: Counter[Act] = field(default_factory=Counter[Act])
    """Requests of each kind, including those whose connection was cut."""

    paths: Counter[str] = field(default_factory=Counter[str])
    """Requests of each path; an id in a path is written as ``{id}``."""

    faults: Counter[FaultKind] = field(default_factory=Counter[FaultKind])
    """Faults that were injected."""

    statuses: Counter[int] = field(default_factory=Counter[int])
    fetched: list[Fetch] = field(default_factory=list[Fetch])
    delivered: int = 0
    """Callbacks that were answered with a 2xx."""

    undelivered: int = 0
    """Callbacks that failed in every try."""

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
            "faults": {fault.value: count for fault, count in self.faults.items()},
            "statuses": {str(status): count for status, count in self.statuses.items()},
            "fetches": len(self.fetched),
            "callbacks": {"delivered": self.delivered, "undelivered": self.undelivered},
            "peak_per_s": self.peak_per_s,
        }


def job_as_json(job: Job, now: float) -> dict[str, object]:
    """Return an accepted job as ``/mock-upstream/jobs`` shows it."""
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
        "body": job.request_fields,
    }
