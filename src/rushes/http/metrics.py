"""Serve metrics to Prometheus, and check who may read them."""

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from rushes.http.gateway import Call
from rushes.http.operation import Operation, Reply
from rushes.http.requests import header, secret
from rushes.service.accounts import Accounts

TEXT: Final = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsAccess:
    """The rules for reading metrics."""

    accounts: Accounts
    token: str | None = None
    """A secret that only reads metrics."""

    open_here: bool = False
    """Whether programs on this machine need no key. Pages in a browser always need one."""

    async def check(self, call: Call) -> None:
        """Check that the caller may read metrics. Raises Unauthenticated, Forbidden."""
        if self.open_here and not header(call.scope, b"origin"):
            return
        given = secret(call.scope)
        if self.token and given and hmac.compare_digest(given.encode(), self.token.encode()):
            return
        (await self.accounts.authenticate(given)).require_operator()


def metrics_operation(read: Callable[[], Awaitable[bytes]], access: MetricsAccess) -> Operation:
    """Return the route for Prometheus; *read* returns the text."""

    async def metrics(call: Call) -> Response:
        await access.check(call)
        return Response(await read(), headers={"Content-Type": TEXT})

    return Operation(
        path="/metrics",
        handler=metrics,
        summary="Get the metrics",
        about="In Prometheus's text format. Needs an operator's key or the token in the settings,"
        " unless the server listens on a loopback address only.",
        open_to_all=True,
        replies={200: Reply(about="Every metric.", media_type="text/plain")},
        problems=(401, 403, 503),
    )
