"""Whether the process lives, and whether it can do its work."""

from collections.abc import Awaitable, Callable
from typing import Literal

from pydantic import BaseModel
from starlette.responses import Response

from rushes.http.door import Call
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


def health_operations(checks: dict[str, Check]) -> tuple[Operation, ...]:
    """Return ``/health/live`` and ``/health/ready``; the latter runs *checks* by name."""

    async def live(call: Call) -> Response:
        return Response(Alive().model_dump_json(), media_type=JSON)

    async def ready(call: Call) -> Response:
        results = {name: await _result(check) for name, check in checks.items()}
        good = set(results.values()) <= {"ok"}
        told = Readiness(status="ready" if good else "unready", checks=results)
        status = 200 if good else 503
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
        await check()
    except Exception as error:  # noqa: BLE001  # a check that fails in any way says no
        return type(error).__name__
    return "ok"
