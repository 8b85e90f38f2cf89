"""Report whether the process runs and whether it can serve requests."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, Literal

from pydantic import BaseModel
from starlette.responses import Response

from rushes.http.gateway import Call
from rushes.http.operation import JSON, Operation, Reply

Check = Callable[[], Awaitable[object]]
"""Returns if a dependency works, and raises an exception if it does not."""


class Alive(BaseModel):
    """The process answers."""

    status: Literal["alive"] = "alive"


class Readiness(BaseModel):
    """Whether the server can serve requests, with the result of each check."""

    status: Literal["ready", "unready"]
    checks: dict[str, str]
    """``ok``, or the name of the error, by the name of the check."""


CHECK_TIMEOUT_S: Final = 5.0
"""A check that takes longer fails."""

CACHED_FOR_S: Final = 1.0
"""Results are reused for this time, so that many requests cost no more than one."""


class _CachedChecks:
    """Runs the checks, never twice at once, and caches their results."""

    def __init__(self, checks: Mapping[str, Check]) -> None:
        self._checks = checks
        self._lock = asyncio.Lock()
        self._readiness: Readiness | None = None
        self._until_s = 0.0

    async def readiness(self) -> Readiness:
        async with self._lock:
            if self._readiness is None or time.monotonic() >= self._until_s:
                results = {name: await _result(check) for name, check in self._checks.items()}
                good = set(results.values()) <= {"ok"}
                self._readiness = Readiness(status="ready" if good else "unready", checks=results)
                self._until_s = time.monotonic() + CACHED_FOR_S
            return self._readiness


def health_operations(checks: Mapping[str, Check]) -> tuple[Operation, ...]:
    """Return ``/health/live`` and ``/health/ready``; the latter runs *checks* by name."""
    checked = _CachedChecks(checks)

    async def live(call: Call) -> Response:
        return Response(Alive().model_dump_json(), media_type=JSON)

    async def ready(call: Call) -> Response:
        readiness = await checked.readiness()
        status = 200 if readiness.status == "ready" else 503
        return Response(readiness.model_dump_json(), status_code=status, media_type=JSON)

    return (
        Operation(
            path="/health/live",
            handler=live,
            summary="Check that the process runs",
            open_to_all=True,
            replies={200: Reply(about="The process runs.", shape=Alive)},
        ),
        Operation(
            path="/health/ready",
            handler=ready,
            summary="Check that the server can serve requests",
            open_to_all=True,
            replies={
                200: Reply(about="Every check passed.", shape=Readiness),
                503: Reply(about="A check failed.", shape=Readiness),
            },
        ),
    )


async def _result(check: Check) -> str:
    try:
        async with asyncio.timeout(CHECK_TIMEOUT_S):
            await check()
    except Exception as error:  # noqa: BLE001  # any error is a failed check
        return type(error).__name__
    return "ok"
