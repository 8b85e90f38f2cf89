"""Whether the process lives, and whether it can do its work."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, Literal

from pydantic import BaseModel
from starlette.responses import Response

from rushes.http.gateway import Call
from rushes.http.operation import JSON, Operation, Reply

Check = Callable[[], Awaitable[object]]
"""Returns when the thing works, raises when it does not."""


class Alive(BaseModel):
    """The process answers."""

    status: Literal["alive"] = "alive"


class Readiness(BaseModel):
    """Whether it can do its work, and each thing that it needs for that."""

    status: Literal["ready", "unready"]
    checks: dict[str, str]
    """``ok``, or the name of what went wrong."""


CHECK_TAKES_S: Final = 5.0
"""A check that takes longer says no."""

GOOD_FOR_S: Final = 1.0
"""So long an answer is given again without looking anew, however many ask."""


class _Checked:
    """Runs the checks, one round at a time, and remembers what came of them for a moment."""

    def __init__(self, checks: Mapping[str, Check]) -> None:
        self._checks = checks
        self._lock = asyncio.Lock()
        self._told: Readiness | None = None
        self._until_s = 0.0

    async def readiness(self) -> Readiness:
        async with self._lock:
            if self._told is None or time.monotonic() >= self._until_s:
                results = {name: await _result(check) for name, check in self._checks.items()}
                good = set(results.values()) <= {"ok"}
                self._told = Readiness(status="ready" if good else "unready", checks=results)
                self._until_s = time.monotonic() + GOOD_FOR_S
            return self._told


def health_operations(checks: Mapping[str, Check]) -> tuple[Operation, ...]:
    """Return ``/health/live`` and ``/health/ready``; the latter runs *checks* by name."""
    checked = _Checked(checks)

    async def live(call: Call) -> Response:
        return Response(Alive().model_dump_json(), media_type=JSON)

    async def ready(call: Call) -> Response:
        told = await checked.readiness()
        status = 200 if told.status == "ready" else 503
        return Response(told.model_dump_json(), status_code=status, media_type=JSON)

    return (
        Operation(
            path="/health/live",
            handler=live,
            summary="See whether the process lives",
            open_to_all=True,
            replies={200: Reply(about="It does.", shape=Alive)},
        ),
        Operation(
            path="/health/ready",
            handler=ready,
            summary="See whether the server can do its work",
            open_to_all=True,
            replies={
                200: Reply(about="It can.", shape=Readiness),
                503: Reply(about="It cannot.", shape=Readiness),
            },
        ),
    )


async def _result(check: Check) -> str:
    try:
        async with asyncio.timeout(CHECK_TAKES_S):
            await check()
    except Exception as error:  # noqa: BLE001  # a check that fails in any way says no
        return type(error).__name__
    return "ok"
