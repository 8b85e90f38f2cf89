"""
The one way in: what happens around every handler of every dialect.

A handler gets a :class:`Call` whose caller is known, and returns a response; whatever it raises
is worded by its dialect. This module holds the border behind which no exception is unexpected.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Final

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Send
from starlette.types import Scope as Connection

from rushes.core.errors import InvalidRequest, RequestError, Unauthenticated
from rushes.core.generation import AccountId, Announce
from rushes.core.keys import Scope
from rushes.core.signed_links import SignedLinks
from rushes.http.problems import Problem, problem, rate_headers
from rushes.http.requests import (
    MAX_BODY_BYTES,
    address,
    body,
    fingerprint,
    header,
    is_at_home,
    origin,
    secret,
)
from rushes.http.unknown import HEADER, Unknown
from rushes.kit.clock import Clock
from rushes.service.accounts import Accounts, Caller
from rushes.service.rate_limits import Rate, RateLimits
from rushes.service.request_context import RequestContext

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
    links: SignedLinks
    public_url: str | None = None
    rate: Rate | None = None
    """What is left of how often this key may ask for a generation; None: this did not, or any."""

    rates: RateLimits = field(default_factory=RateLimits)
    unknown: Unknown = field(default_factory=Unknown)
    """What becomes of fields that no shape lists, and which were left out; parsing notes them."""

    @cached_property
    def origin(self) -> str:
        """The base URL at which the caller reached us, without a slash at its end."""
        return origin(self.request, public_url=self.public_url)

    def url(self, key: str) -> str:
        """Return the absolute URL at which a file of the media store can be read for a day."""
        return self.origin + self.links.path(key, now=self.now)

    def count_submit(self) -> None:
        """Count a generation that is asked for in other words. Raises TooManyRequests."""
        self.rates.count_submit(self.caller, now=self.now)

    def ask(self, dialect: str, *, announce: Announce | None = None) -> RequestContext:
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
        return RequestContext(
            dialect=dialect,
            origin=self.origin,
            announce=announce,
            idempotency_key=once or None,
            fingerprint=fingerprint(self.caller, self.request, self.raw),
            sdk_retry=int(told) if _COUNT.fullmatch(told) else None,
            ignored_fields=tuple(self.unknown.ignored),
        )


LONGEST_KEY: Final = 255
"""Characters of an idempotency key; what others who take such keys allow."""

Handler = Callable[[Call], Awaitable[Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointTerms:
    """On which terms an endpoint is open."""

    needs: Scope | None
    """What a key must have; None: it asks for no key."""

    submits: bool = False
    """Whether it counts as a request for a generation."""

    streams: bool = False
    """Whether it reads the body itself, from the request; ``raw`` is empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """What every endpoint needs, whichever dialect it belongs to."""

    accounts: Accounts
    links: SignedLinks
    clock: Clock
    rates: RateLimits = field(default_factory=RateLimits)
    public_url: str | None = None
    body_limit_bytes: int = MAX_BODY_BYTES
    reports_unknown: bool = False
    """Whether harmless fields that nobody knows are left out and told of, not refused."""

    def endpoint(self, handler: Handler, word: Wording, terms: EndpointTerms) -> ASGIApp:
        """Return *handler* as an ASGI app."""
        return _Endpoint(self, handler, word, terms)

    async def call(self, request: Request, terms: EndpointTerms) -> Call:
        """
        Return *request* with its caller and body: first who, then whether he may, then what.

        Raises:
            Unauthenticated: There is no good key.

            Forbidden: The key may not do this.

            TooManyRequests: The key, or the address without one, comes too often.

            TooLarge: The body is over the limit.
        """
        now = self.clock.now()
        caller = await self._caller(request, terms, now)
        rate = None
        if terms.submits:
            rate = self.rates.count_submit(caller, now=now)
        elif terms.needs is not None:
            self.rates.count_request(caller, address(request.scope), now=now)
        raw = b""
        if not terms.streams and request.method not in _WITHOUT_BODY:
            raw = await body(request, limit_bytes=self.body_limit_bytes)
        return Call(
            request=request,
            caller=caller,
            raw=raw,
            request_id=request.scope["request_id"],
            now=now,
            links=self.links,
            public_url=self.public_url,
            rate=rate,
            rates=self.rates,
            unknown=Unknown(reports=self.reports_unknown),
        )

    async def _caller(self, request: Request, terms: EndpointTerms, now: datetime) -> Caller:
        if terms.needs is None:
            self.rates.count_anonymous(address(request.scope), now=now)
            return Caller(account_id=NOBODY)
        if self.accounts.open_to_all:
            at_home = is_at_home(request.scope, public_url=self.public_url)
            caller = self.accounts.local_caller(is_operator=at_home)
        else:
            try:
                caller = await self.accounts.authenticate(secret(request))
            except Unauthenticated:
                self.rates.count_anonymous(address(request.scope), now=now)
                raise
        caller.require(terms.needs)
        return caller


class _Endpoint:
    """An ASGI app around one handler: authenticate, read, handle, word what went wrong."""

    def __init__(
        self, door: Gateway, handler: Handler, word: Wording, terms: EndpointTerms
    ) -> None:
        self._door = door
        self._handler = handler
        self._word = word
        self._terms = terms

    async def __call__(self, scope: Connection, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        rate = None
        try:
            call = await self._door.call(request, self._terms)
            rate = call.rate
            response = await self._handler(call)
            if call.unknown.ignored and response.status_code < 400:
                response.headers[HEADER] = call.unknown.header
        except ClientDisconnect:
            return
        except RequestError as error:
            response = self._word(problem(error, request_id=scope["request_id"]))
        except Exception as error:  # noqa: BLE001  # the border: nothing gets past it unworded
            _log.exception("request_failed", path=scope["path"], request_id=scope["request_id"])
            response = self._word(problem(error, request_id=scope["request_id"]))
        if rate is not None and "x-ratelimit-limit" not in response.headers:
            response.headers.update(rate_headers(rate))
        await response(scope, receive, send)


_log = structlog.get_logger()
