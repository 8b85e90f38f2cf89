"""Whether the process lives, and whether it can do its work."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

Check = Callable[[], Awaitable[object]]
"""Returns when the thing works, raises when it does not."""


def health_routes(checks: dict[str, Check]) -> list[Route]:
    """Return ``/health/live`` and ``/health/ready``; the latter runs *checks* by name."""

    async def live(request: Request) -> Response:
        return JSONResponse({"status": "alive"})

    async def ready(request: Request) -> Response:
        results: dict[str, str] = {}
        for name, check in checks.items():
            try:
                await check()
                results[name] = "ok"
            except Exception as error:  # noqa: BLE001  # a check that fails in any way says no
                results[name] = type(error).__name__
        good = set(results.values()) <= {"ok"}
        body = {"status": "ready" if good else "unready", "checks": results}
        return JSONResponse(body, status_code=200 if good else 503)

    return [
        Route("/health/live", live, methods=["GET"]),
        Route("/health/ready", ready, methods=["GET"]),
    ]
