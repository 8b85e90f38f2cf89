"""What a monitor reads, and who may."""

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
class Readers:
    """Who may read."""

    accounts: Accounts
    token: str | None = None
    """A secret that is good for this and nothing else."""

    open_here: bool = False
    """Whether programs on this machine need no key; a page in a browser there does."""

    async def check(self, call: Call) -> None:
        """Pass silently whoever may read. Raises Unauthenticated, Forbidden."""
        if self.open_here and not header(call.request.scope, b"origin"):
            return
        given = secret(call.request)
        if self.token and given and hmac.compare_digest(given.encode(), self.token.encode()):
            return
        (await self.accounts.authenticate(given)).require_operator()


def metrics_operation(read: Callable[[], Awaitable[bytes]], readers: Readers) -> Operation:
    """Return ``/metrics``."""

    async def metrics(call: Call) -> Response:
        await readers.check(call)
        return Response(await read(), headers={"Content-Type": TEXT})

    return Operation(
        path="/metrics",
        handler=metrics,
        summary="Read what is measured",
        about="In Prometheus's text format. It takes an operator's key or the token of the"
        " settings, unless the server listens on a loopback address only.",
        open_to_all=True,
        replies={200: Reply(about="Every metric.", media_type="text/plain")},
        problems=(401, 403, 503),
    )
