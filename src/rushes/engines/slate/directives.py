"""
Obey directives in prompts: failures, delays and hangs on demand, for testing clients.

``[delay: 3s]`` waits, ``[fail: moderation]`` fails, ``[hang]`` never ends. A directive is one
lower-case word in square brackets, with or without a value after a colon.
"""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rushes.core.capabilities import Capabilities
from rushes.core.errors import (
    ContentRejected,
    EngineCrashed,
    EngineError,
    EngineTimeout,
    InputUnusable,
    PermanentEngineError,
    ResultUnusable,
    TemporaryEngineError,
)
from rushes.core.rendered import Rendered
from rushes.core.spec import GenerationSpec
from rushes.engines.base import Engine, Job, ReportProgress, Warmable, later_share

LONGEST_DELAY_S: Final = 600.0
MODERATION: Final = "moderation"

_DIRECTIVE: Final = re.compile(r"\[([a-z_]+)(?:\s*:\s*([^\[\]]*?))?\s*\]")
_DELAY: Final = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s*(ms|s|m)")
_UNITS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0}
_SHARE_OF_DELAY: Final = 0.9
"""The share of the progress that is reported during a delay."""

_TELL_EVERY_S: Final = 0.1

_FAILURES: Final[tuple[type[EngineError], ...]] = (
    ContentRejected,
    InputUnusable,
    ResultUnusable,
    PermanentEngineError,
    TemporaryEngineError,
    EngineTimeout,
    EngineCrashed,
    EngineError,
)
CODES: Final[Mapping[str, str]] = {MODERATION: ContentRejected.code} | {
    one.code: one.code for one in _FAILURES
}
"""The names of ``[fail: NAME]``, each with its error code."""

_DEFAULT: Final = PermanentEngineError.code
_WORKING: Final = (
    "[delay: TIME] with a time such as 250ms, 3s or 1m; [fail] or [fail: CODE] with"
    f" one of {', '.join(CODES)}; [hang]"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Directives:
    """The directives of a prompt."""

    delay_s: float = 0.0
    fail: str | None = None
    """The code of the error to fail with."""

    hang: bool = False


def directives_in(prompt: str) -> Directives:
    """
    Parse the directives of a prompt.

    Raises:
        ValueError: A directive is unknown, its value is wrong, or two contradict each other.
    """
    found: dict[str, str] = {}
    for match in _DIRECTIVE.finditer(prompt):
        name, value = match[1], match[2]
        if name in found:
            raise ValueError(f"has [{name}] twice; once is enough")
        if name not in {"delay", "fail", "hang"} or (name == "hang" and value is not None):
            problem = f"has the directive {match[0]}, which is unknown"
            raise ValueError(f"{problem}; those that work: {_WORKING}")
        found[name] = value or ""
    if "hang" in found and "fail" in found:
        raise ValueError("has both [hang] and [fail]; what hangs cannot fail")
    return Directives(
        delay_s=_seconds(found["delay"]) if "delay" in found else 0.0,
        fail=_code(found["fail"]) if "fail" in found else None,
        hang="hang" in found,
    )


def _seconds(value: str) -> float:
    match = _DELAY.fullmatch(value)
    seconds = float(match[1]) * _UNITS[match[2]] if match else 0.0
    if not 0 < seconds <= LONGEST_DELAY_S:
        raise ValueError(
            f"has [delay: {value}]; the time must be like 250ms, 3s or 1m,"
            f" and at most {LONGEST_DELAY_S:g}s"
        )
    return seconds


def _code(value: str) -> str:
    if not value:
        return _DEFAULT
    if value not in CODES:
        raise ValueError(f"has [fail: {value}]; the code must be one of {', '.join(CODES)}")
    return CODES[value]


class DirectedEngine:
    """
    Obeys the directives in a prompt, and lets another engine render.

    It waits in this process, so that a hanging job occupies no render process.

    Args:
        places: How many jobs are rendered at once; others wait.
    """

    def __init__(self, inner: Engine, *, places: int = 1) -> None:
        self._inner = inner
        self._places = asyncio.Semaphore(places)

    @property
    def name(self) -> str:
        return self._inner.name

    @property
    def capabilities(self) -> Capabilities:
        return self._inner.capabilities

    def problems(self, spec: GenerationSpec) -> tuple[tuple[str, str], ...]:
        """Return the problems of a prompt whose directives are invalid."""
        try:
            directives_in(spec.prompt)
        except ValueError as error:
            return (("prompt", f"prompt {error}"),)
        return ()

    async def render(self, job: Job, folder: Path, report: ReportProgress) -> tuple[Rendered, ...]:
        try:
            directives = directives_in(job.spec.prompt)
        except ValueError as error:
            raise PermanentEngineError(f"the prompt {error}") from None
        report(0.0)
        if directives.hang:
            await asyncio.Event().wait()
        if directives.delay_s:
            await _wait(directives.delay_s, report)
            report = later_share(report, _SHARE_OF_DELAY)
        if directives.fail is not None:
            raise _failure(directives.fail)
        async with self._places:
            return await self._inner.render(job, folder, report)

    async def warm(self) -> None:
        """Load what would otherwise delay the first render."""
        if isinstance(self._inner, Warmable):
            await self._inner.warm()

    async def close(self) -> None:
        await self._inner.close()


async def _wait(delay_s: float, report: ReportProgress) -> None:
    """Wait, and report progress during the wait."""
    loop = asyncio.get_running_loop()
    begun_s = loop.time()
    while (passed_s := loop.time() - begun_s) < delay_s:
        report(passed_s / delay_s * _SHARE_OF_DELAY)
        await asyncio.sleep(min(_TELL_EVERY_S, delay_s - passed_s))


def _failure(code: str) -> PermanentEngineError:
    """Return a permanent error with any code, so that the client sees it at once."""
    error = PermanentEngineError("the prompt asked for this failure")
    error.code = code
    return error
