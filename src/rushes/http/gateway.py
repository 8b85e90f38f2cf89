"""
Authenticate requests, enforce limits, call handlers and word their errors, for every dialect.

A handler receives a :class:`Call` whose caller is known, and returns a response. The dialect words
the errors that it raises. No exception passes this module: an unexpected one becomes a 500.
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Final

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Send
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
    first_headers,
    is_local_request,
    origin,
    secret,
)
from rushes.http.unknown import HEADER, Unknown
from rushes.kit.clock import Clock
from rushes.service.accounts import Accounts, Caller
from rushes.service.rate_limits import RateLimits
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


@dataclass(kw_only=True)
class Call:
    """One request whose caller is known. It is made for every request, hence not frozen."""

    scope: Connection
    receive: Receive
    caller: Caller
    raw: bytes
    """The body."""

    request_id: str
    now: datetime
    links: SignedLinks
    public_url: str | None = None
    rates: RateLimits = field(default_factory=RateLimits)
    reports_unknown: bool = False
    """Whether unknown harmless fields are ignored and reported instead of refused."""

    @cached_property
    def request(self) -> Request:
        """The request as Starlette shows it: query, all headers, the body as a stream."""
        return Request(self.scope, self.receive)

    _unknown: Unknown | None = field(default=None, init=False)
    _origin: str = field(default="", init=False)

    @property
    def unknown(self) -> Unknown:
        """Decides about unknown fields and lists those that parsing ignored."""
        if self._unknown is None:
            self._unknown = Unknown(reports=self.reports_unknown)
        return self._unknown

    @property
    def ignored(self) -> Sequence[str]:
        """The fields that parsing ignored; none if nothing was parsed."""
        return self._unknown.ignored if self._unknown is not None else ()

    @property
    def origin(self) -> str:
        """The base URL that the caller used, without a trailing slash."""
        if not self._origin:
            self._origin = origin(self.scope, public_url=self.public_url)
        return self._origin

    def url(self, key: str) -> str:
        """Return an absolute URL of a file in the media store, valid for a day."""
        return self.origin + self.links.path(key, now=self.now)

    def parameter(self, name: str = "id") -> str:
        """Return a parameter of the path."""
        return str(self.scope["path_params"][name])

    async def count_submit(self) -> None:
        """Count a submit that the endpoint's terms do not know of. Raises TooManyRequests."""
        await self.rates.count_submit(self.caller, now=self.now)

    def ask(self, dialect: str, *, announce: Announce | None = None) -> RequestContext:
        """
        Return the context of this request for the service.

        Raises:
            InvalidRequest: The idempotency key is too long.
        """
        headers = first_headers(self.scope)
        key = headers.get(b"idempotency-key", b"").decode("latin-1")
        if len(key) > LONGEST_KEY:
            raise InvalidRequest(
                f"Idempotency-Key must have at most {LONGEST_KEY} characters, not {len(key)}",
                param="Idempotency-Key",
            )
        retries = headers.get(b"x-stainless-retry-count", b"").decode("latin-1")
        return RequestContext(
            dialect=dialect,
            origin=self.origin,
            announce=announce,
            idempotency_key=key or None,
            fingerprint=fingerprint(self.caller, self.scope, self.raw),
            sdk_retry=int(retries) if retries and _COUNT.fullmatch(retries) else None,
            ignored_fields=tuple(self.ignored),
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

    def endpoint(
        self, handler: Handler, word: Wording, terms: EndpointTerms, *, served_by: tuple[str, str]
    ) -> "Endpoint":
        """
        Return *handler* as an endpoint.

        Args:
            word: Returns an error in the format of the API.

            served_by: The API and the route, for metrics and traces.
        """
        return Endpoint(self, handler, word, terms, served_by)

    async def caller(self, scope: Connection, needs: Scope | None, now: datetime) -> Caller:
        """
        Return the caller of a request; check its key and count who has none.

        Raises:
            Unauthenticated: There is no valid key.

            TooManyRequests: The address has no valid key, and exceeds its limit.
        """
        if needs is None:
            await self.rates.count_anonymous(address(scope), now=now)
            return Caller(account_id=NOBODY)
        if self.accounts.open_to_all:
            is_local = is_local_request(scope, public_url=self.public_url)
            return self.accounts.local_caller(is_operator=is_local)
        given = secret(scope)
        known = self.accounts.known(given, now)
        if known is not None:
            return known
        try:
            return await self.accounts.authenticate(given)
        except Unauthenticated:
            await self.rates.count_anonymous(address(scope), now=now)
            raise


class Endpoint:
    """
    One handler behind the gateway: authenticate, limit, read, handle, word errors.

    The application calls :meth:`respond` and sends the response itself. As an ASGI app the endpoint
    does both, for the router.
    """

    def __init__(
        self,
        gateway: Gateway,
        handler: Handler,
        word: Wording,
        terms: EndpointTerms,
        served_by: tuple[str, str],
    ) -> None:
        self._gateway = gateway
        self._handler = handler
        self._word = word
        self._terms = terms
        self._served_by = served_by

    async def __call__(self, scope: Connection, receive: Receive, send: Send) -> None:
        response = await self.respond(scope, receive)
        if response is not None:
            await response(scope, receive, send)

    async def respond(self, scope: Connection, receive: Receive) -> Response | None:
        """Return the response, also to what fails; None: the client has gone."""
        scope["served_by"] = self._served_by
        gateway, terms = self._gateway, self._terms
        rate = None
        try:
            now = gateway.clock.now()
            caller = await gateway.caller(scope, terms.needs, now)
            if terms.needs is not None:
                caller.require(terms.needs)
            if terms.submits:
                rate = await gateway.rates.count_submit(caller, now=now)
            elif terms.needs is not None:
                await gateway.rates.count_request(caller, address(scope), now=now)
            raw = b""
            if not terms.streams and scope["method"] not in _WITHOUT_BODY:
                raw = await body(scope, receive, limit_bytes=gateway.body_limit_bytes)
            call = Call(
                scope=scope,
                receive=receive,
                caller=caller,
                raw=raw,
                request_id=scope["request_id"],
                now=now,
                links=gateway.links,
                public_url=gateway.public_url,
                rates=gateway.rates,
                reports_unknown=gateway.reports_unknown,
            )
            response = await self._handler(call)
            if call.ignored and response.status_code < 400:
                response.headers[HEADER] = call.unknown.header
        except ClientDisconnect:
            return None
        except RequestError as error:
            response = self._word(problem(error, request_id=scope["request_id"]))
        except Exception as error:  # noqa: BLE001  # the outermost handler: the client gets a reply to every error
            _log.exception("request_failed", path=scope["path"], request_id=scope["request_id"])
            response = self._word(problem(error, request_id=scope["request_id"]))
        if rate is not None and "x-ratelimit-limit" not in response.headers:
            response.headers.update(rate_headers(rate))
        return response


_log = structlog.get_logger()
