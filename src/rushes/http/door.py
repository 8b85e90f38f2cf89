"""
The one way in: what happens around every handler of every dialect.

A handler gets a :class:`Call` whose caller is known, and returns a response; whatever it raises
is worded by its dialect. This module holds the border behind which no exception is unexpected.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from rushes.core.errors import InvalidRequest, RequestError
from rushes.core.generation import AccountId, Announce
from rushes.core.links import Links
from rushes.http.problems import Problem, problem
from rushes.http.requests import MAX_BODY_BYTES, body, fingerprint, header, origin, secret
from rushes.kit.clock import Clock
from rushes.service.accounts import Accounts, Caller
from rushes.service.ask import Ask

NOBODY: Final = AccountId("")
"""The account of a caller at an endpoint that asks for no key; it owns nothing."""

_WITHOUT_BODY: Final = frozenset({"GET", "HEAD"})
"""Methods whose body means nothing; some clients say that they send one, and send none."""

_COUNT: Final = re.compile(r"[0-9]{1,9}")

Wording = Callable[[Problem], Response]
"""How a dialect tells of an error."""


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request whose caller is known."""

    request: Request
    caller: Caller
    raw: bytes
    """The body."""

    request_id: str
    now: datetime
    links: Links
    public_url: str | None = None

    @cached_property
    def origin(self) -> str:
        """The base URL at which the caller reached us, without a slash at its end."""
        return origin(self.request, public_url=self.public_url)

    def url(self, key: str) -> str:
        """Return the absolute URL at which a file of the media store can be read for a day."""
        return self.origin + self.links.path(key, now=self.now)

    def ask(self, dialect: str, *, announce: Announce | None = None) -> Ask:
        """
        Return the circumstances of this request, as the service wants them.

        Raises:
            InvalidRequest: The idempotency key is too long to be kept.
        """
        scope = self.request.scope
        once = header(scope, b"idempotency-key")
        if len(once) > LONGEST_KEY:
            raise InvalidRequest(
                f"Idempotency-Key must have at most {LONGEST_KEY} characters, not {len(once)}",
                param="Idempotency-Key",
            )
        told = header(scope, b"x-stainless-retry-count")
        return Ask(
            dialect=dialect,
            origin=self.origin,
            announce=announce,
            idempotency_key=once or None,
            fingerprint=fingerprint(self.caller, self.request, self.raw),
            sdk_retry=int(told) if _COUNT.fullmatch(told) else None,
        )


LONGEST_KEY: Final = 255
"""Characters of an idempotency key; what others who take such keys allow."""

Handler = Callable[[Call], Awaitable[Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """What every endpoint needs, whichever dialect it belongs to."""

    accounts: Accounts
    links: Links
    clock: Clock
    public_url: str | None = None
    body_limit_bytes: int = MAX_BODY_BYTES

    def endpoint(
        self,
        handler: Handler,
        word: Wording,
        *,
        open_to_all: bool = False,
        streams: bool = False,
    ) -> ASGIApp:
        """
        Return *handler* as an ASGI app.

        Args:
            open_to_all: It asks for no key.

            streams: It reads the body itself, from the request; ``raw`` is empty.
        """
        return _Endpoint(self, handler, word, open_to_all, streams)

    async def call(self, request: Request, *, open_to_all: bool, streams: bool = False) -> Call:
        """Return *request* with its caller and body. Raises Unauthenticated, TooLarge."""
        caller = (
            Caller(account_id=NOBODY)
            if open_to_all
            else await self.accounts.authenticate(secret(request))
        )
        raw = b""
        if not streams and request.method not in _WITHOUT_BODY:
            raw = await body(request, limit_bytes=self.body_limit_bytes)
        return Call(
            request=request,
            caller=caller,
            raw=raw,
            request_id=request.scope["request_id"],
            now=self.clock.now(),
            links=self.links,
            public_url=self.public_url,
        )


class _Endpoint:
    """An ASGI app around one handler: authenticate, read, handle, word what went wrong."""

    def __init__(
        self, door: Door, handler: Handler, word: Wording, open_to_all: bool, streams: bool
    ) -> None:
        self._door = door
        self._handler = handler
        self._word = word
        self._open_to_all = open_to_all
        self._streams = streams

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            call = await self._door.call(
                request, open_to_all=self._open_to_all, streams=self._streams
            )
            response = await self._handler(call)
        except ClientDisconnect:
            return
        except RequestError as error:
            response = self._word(problem(error, request_id=scope["request_id"]))
        except Exception as error:  # noqa: BLE001  # the border: nothing gets past it unworded
            _log.exception("request_failed", path=scope["path"], request_id=scope["request_id"])
            response = self._word(problem(error, request_id=scope["request_id"]))
        await response(scope, receive, send)


_log = structlog.get_logger()
