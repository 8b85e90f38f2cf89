"""
Authenticate requests, enforce limits, call handlers and word their errors, for every dialect.

A handler receives a :class:`Call` whose caller is known, and returns a response. The dialect words
the errors that it raises. No exception passes this module: an unexpected one becomes a 500.
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
    is_local_request,
    origin,
    secret,
)
from rushes.http.unknown import HEADER, Unknown
from rushes.kit.clock import Clock
from rushes.service.accounts import Accounts, Caller
from rushes.service.rate_limits import Rate, RateLimits
from rushes.service.request_context import RequestContext

NOBODY: Final = AccountId("")
"""The account of a caller at an endpoint that needs no key; it owns nothing."""

_WITHOUT_BODY: Final = frozenset({"GET", "HEAD"})
"""Methods whose body is ignored; some clients announce one and send none."""

_COUNT: Final = re.compile(r"[0-9]{1,9}")

Wording = Callable[[Problem], Response]
"""Returns an error in the format of a dialect."""

MediaUrl = Callable[[str], str]
"""Returns the absolute URL of a file, given its key in the media store."""


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
    """The remaining rate of the key if this request counted against it and the key has a limit."""

    rates: RateLimits = field(default_factory=RateLimits)
    unknown: Unknown = field(default_factory=Unknown)
    """Decides about unknown fields and lists those that parsing ignored."""

    @cached_property
    def origin(self) -> str:
        """The base URL that the caller used, without a trailing slash."""
        return origin(self.request, public_url=self.public_url)

    def url(self, key: str) -> str:
        """Return an absolute URL of a file in the media store, valid for a day."""
        return self.origin + self.links.path(key, now=self.now)

    def parameter(self, name: str = "id") -> str:
        """Return a parameter of the path."""
        return str(self.request.path_params[name])

    async def count_submit(self) -> None:
        """Count a submit that the endpoint's terms do not know of. Raises TooManyRequests."""
        await self.rates.count_submit(self.caller, now=self.now)

    def ask(self, dialect: str, *, announce: Announce | None = None) -> RequestContext:
        """
        Return the context of this request for the service.

        Raises:
            InvalidRequest: The idempotency key is too long.
        """
        scope = self.request.scope
        key = header(scope, b"idempotency-key")
        if len(key) > LONGEST_KEY:
            raise InvalidRequest(
                f"Idempotency-Key must have at most {LONGEST_KEY} characters, not {len(key)}",
                param="Idempotency-Key",
            )
        retries = header(scope, b"x-stainless-retry-count")
        return RequestContext(
            dialect=dialect,
            origin=self.origin,
            announce=announce,
            idempotency_key=key or None,
            fingerprint=fingerprint(self.caller, self.request, self.raw),
            sdk_retry=int(retries) if _COUNT.fullmatch(retries) else None,
            ignored_fields=tuple(self.unknown.ignored),
        )


LONGEST_KEY: Final = 255
"""Characters of an idempotency key, as in other APIs that take such keys."""

Handler = Callable[[Call], Awaitable[Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointTerms:
    """The conditions of access to an endpoint."""

    needs: Scope | None
    """The scope that a key must have; None: the endpoint needs no key."""

    submits: bool = False
    """Whether it counts against the limit of submits."""

    streams: bool = False
    """Whether the handler reads the body itself, as a stream; ``raw`` is then empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """The services that every endpoint of every dialect needs."""

    accounts: Accounts
    links: SignedLinks
    clock: Clock
    rates: RateLimits = field(default_factory=RateLimits)
    public_url: str | None = None
    body_limit_bytes: int = MAX_BODY_BYTES
    reports_unknown: bool = False
    """Whether unknown harmless fields are ignored and reported instead of refused."""

    def endpoint(self, handler: Handler, word: Wording, terms: EndpointTerms) -> ASGIApp:
        """Return *handler* as an ASGI app."""
        return _Endpoint(self, handler, word, terms)

    async def call(self, request: Request, terms: EndpointTerms) -> Call:
        """
        Return *request* with its caller and body; check the key, then the limits, then read.

        Raises:
            Unauthenticated: There is no valid key.

            Forbidden: The key lacks the scope.

            TooManyRequests: The key, or the address without one, exceeds its limit.

            TooLarge: The body is over the limit.
        """
        now = self.clock.now()
        caller = await self._caller(request, terms, now)
        rate = None
        if terms.submits:
            rate = await self.rates.count_submit(caller, now=now)
        elif terms.needs is not None:
            await self.rates.count_request(caller, address(request.scope), now=now)
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
            await self.rates.count_anonymous(address(request.scope), now=now)
            return Caller(account_id=NOBODY)
        if self.accounts.open_to_all:
            is_local = is_local_request(request.scope, public_url=self.public_url)
            caller = self.accounts.local_caller(is_operator=is_local)
        else:
            try:
                caller = await self.accounts.authenticate(secret(request))
            except Unauthenticated:
                await self.rates.count_anonymous(address(request.scope), now=now)
                raise
        caller.require(terms.needs)
        return caller


class _Endpoint:
    """An ASGI app around one handler: authenticate, read, handle, word errors."""

    def __init__(
        self, gateway: Gateway, handler: Handler, word: Wording, terms: EndpointTerms
    ) -> None:
        self._gateway = gateway
        self._handler = handler
        self._word = word
        self._terms = terms

    async def __call__(self, scope: Connection, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        rate = None
        try:
            call = await self._gateway.call(request, self._terms)
            rate = call.rate
            response = await self._handler(call)
            if call.unknown.ignored and response.status_code < 400:
                response.headers[HEADER] = call.unknown.header
        except ClientDisconnect:
            return
        except RequestError as error:
            response = self._word(problem(error, request_id=scope["request_id"]))
        except Exception as error:  # noqa: BLE001  # the outermost handler: the client gets a reply to every error
            _log.exception("request_failed", path=scope["path"], request_id=scope["request_id"])
            response = self._word(problem(error, request_id=scope["request_id"]))
        if rate is not None and "x-ratelimit-limit" not in response.headers:
            response.headers.update(rate_headers(rate))
        await response(scope, receive, send)


_log = structlog.get_logger()
