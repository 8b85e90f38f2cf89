"""Declare the settings of the worker."""

import os
from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass

from rushes.settings.groups import CONFIG, Seconds
from rushes.settings.written import Listed


def cores() -> int:
    """Return how many CPU cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def half_the_cores() -> int:
    """Return half the number of CPU cores, at least one."""
    return max(1, cores() // 2)


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class Worker:
    """The worker, which makes the generations."""

    enabled: bool = True
    """Run a worker inside ``rushes serve``. Turn it off if ``rushes worker`` runs separately."""

    slots: Annotated[int, Field(ge=1, le=256)] | None = None
    """
    Generations that the built-in engine renders at the same time.

    The default is half the CPU cores, because one render uses about two cores. With
    ``engine = "slate"`` it is 16, because those jobs mostly wait.
    """

    metrics_port: Annotated[int, Field(ge=0, le=65535)] | None = None
    """
    Port at ``server.host`` where ``rushes worker`` serves ``/metrics`` and ``/health``.

    By default it serves neither. With 0 it takes a free port and logs it. ``rushes serve`` has both
    at its own port.
    """

    channels: Listed = ()
    """
    The channels that this worker works; by default all.

    Other workers must work the other channels: generations that only those can make wait for them.
    """

    lease_s: Seconds = 15.0
    """Seconds without a renewed lease after which another worker takes over a generation."""

    max_attempts: Annotated[int, Field(ge=1, le=100)] = 5
    """Attempts before a generation fails. Only temporary errors and crashes are retried."""

    render_timeout_s: Seconds = 900.0
    """Seconds that one render may take. The longest clip takes a small part of the default."""

    stop_grace_s: Annotated[float, Field(ge=0)] = 5.0
    """Seconds that a stopping worker waits for renders. The rest return to the queue."""
