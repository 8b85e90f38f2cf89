"""Send HTTP requests to one upstream with one key, and keep paid submits unambiguous."""

import asyncio
import hashlib
import ssl
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import quote, urlencode, urljoin

import httpcore2
from typing_extensions import override

from rushes.core.errors import (
    AmbiguousSubmit,
    EngineError,
    ResultMissing,
    ResultUnusable,
    TemporaryEngineError,
    UpstreamUnreachable,
)
from rushes.engines.upstream.configured import AnyAddress, base_target, sound_key
from rushes.engines.upstream.replies import (
    UpstreamReply,
    describe,
    poll_error,
    shortened,
    submit_error,
)
from rushes.engines.upstream.request_body import BodyPart, encode_body
from rushes.engines.upstream.transport_errors import TRANSPORT_ERRORS, TooLong, describe_error
from rushes.kit.address_rules import ForbiddenAddress, parse
from rushes.kit.outbound_headers import OUTBOUND_HEADERS
from rushes.kit.safe_http import (
    BadReply,
    SafeHttpClient,
    TooLarge,
    Unreachable,
    download_with_resume,
)
from rushes.kit.safe_http.content_coding import (
    DecodingError,
    TruncatedBody,
    content_codings,
    decode,
    without_coding_headers,
)
from rushes.kit.safe_http.dialer import BoundedStream, Dialer, system_authorities

_Found = TypeVar("_Found")

MAX_CONNECTIONS: Final = 32
"""Connections for polling that may be open at once."""

KEEPALIVE_S: Final = 15.0
"""Seconds for which an idle connection is kept."""

USER_AGENT: Final = "rushes-upstream/1"

_NOT_NOW: Final = frozenset({401, 402, 403, 407, 408, 425, 429})
"""Statuses of 4xx that another key, more balance, a fresh link or time can change."""


@dataclass(slots=True, kw_only=True)
class _Request:
    """A request, and whether its sending has begun."""

    method: str
    path: str
    fields: Mapping[str, str]
    content: bytes | None
    has_begun: bool = False
    """Whether a part of it may have left this machine."""

    async def note(self, event: str, _: Mapping[str, object]) -> None:
        """Note a step of httpcore2, which calls this before each one."""
        if event.endswith("send_request_headers.started"):
            self.has_begun = True


class UpstreamConnection:
    """
    Sends requests to one upstream: each submit on a new connection, all others on kept ones.

    It follows no redirect, uses no proxy and keeps no cookie. Errors, logs and ``repr`` never
    contain the key.

    Args:
        base_url: The upstream's URL from the configuration; every host is allowed.

        key: Sent with each request; None when the upstream needs none.

        files: Fetches results, whose addresses come from the upstream and are not trusted. This
            connection closes it. It must be allowed to reach the base URL's host and port.

        connect_s: Seconds for one address to accept a connection.

        answer_s: Seconds for a free request, with its whole reply.

        submit_s: Seconds for a submit, with its whole reply.

        refusal_statuses: Statuses that mean, by the operator's word, that a submit was refused.

        ssl_context: The certificate authorities to trust; the system's when None.

    Raises:
        ValueError: The base URL is invalid, or the key holds characters that no header may.
    """

    def __init__(
        self,
        *,
        base_url: str,
        key: str | None,
        files: SafeHttpClient,
        connect_s: float = 10.0,
        answer_s: float = 30.0,
        submit_s: float = 120.0,
        reply_limit_bytes: int = 8 << 20,
        refusal_statuses: frozenset[int] = frozenset(),
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self._base = base_target(base_url)
        self._key = sound_key(key)
        self._files = files
        self._secrets = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        self._connect_s = connect_s
        self._answer_s = answer_s
        self._submit_s = submit_s
        self._reply_limit_bytes = reply_limit_bytes
        self._refusal_statuses = refusal_statuses
        self._ssl_context = ssl_context or system_authorities()
        self._dialer = Dialer(AnyAddress())
        self._pool = httpcore2.AsyncConnectionPool(
            network_backend=self._dialer,
            ssl_context=self._ssl_context,
            max_connections=MAX_CONNECTIONS,
            keepalive_expiry=KEEPALIVE_S,
        )

    @override
    def __repr__(self) -> str:
        return f"UpstreamConnection({self._base.url!r}, credential={self.credential!r})"

    @property
    def credential(self) -> str:
        """A short fingerprint of the key, from which the key cannot be computed."""
        return hashlib.sha256(self._key.encode()).hexdigest()[:8] if self._key else "none"

    @property
    def base_url(self) -> str:
        """The upstream's URL without a slash at its end."""
        return self._base.url

    async def submit(
        self,
        method: str,
        path: str,
        *,
        json: object = None,
        form: Sequence[tuple[str, str]] = (),
        files: Mapping[str, BodyPart] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> UpstreamReply:
        """
        Make a request that may cost money, once, on a new connection that is not kept.

        Only a new connection shows for certain whether anything was sent before it broke.

        Args:
            path: Appended to the base URL; ids in it are quoted with :func:`segment`.

            form: Fields of a multipart form; it is sent when there are fields or *files*.

        Raises:
            UpstreamUnreachable: Nothing was sent.

            AmbiguousSubmit: The request was sent, in part or whole, but no whole reply came.
        """
        content, kind = encode_body(json, form, files or {})
        fields = {**kind, **(headers or {}), "Connection": "close"}
        request = _Request(method=method, path=path, fields=fields, content=content)
        connection = httpcore2.AsyncHTTPConnection(
            origin=httpcore2.Origin(
                self._base.scheme.encode(), self._base.host.encode(), self._base.port
            ),
            ssl_context=self._ssl_context,
            network_backend=self._dialer,
        )
        try:
            async with (
                asyncio.timeout(self._submit_s),
                connection,
                self._open(connection, request) as reply,
            ):
                return await self._read(reply)
        except (*TRANSPORT_ERRORS, TooLong) as error:
            what = self.redact(describe_error(error))
            if request.has_begun:
                raise AmbiguousSubmit(f"the upstream did not reply ({what})") from None
            raise UpstreamUnreachable(f"the upstream cannot be reached ({what})") from None

    async def request(
        self,
        method: str,
        path: str,
        *,
        json: object = None,
        params: Sequence[tuple[str, str]] = (),
    ) -> UpstreamReply:
        """
        Make a free request on a kept connection, and return the whole reply.

        Raises:
            UpstreamUnreachable: No whole reply came.
        """
        content, fields = encode_body(json, (), {})
        path = f"{path}?{urlencode(params)}" if params else path
        request = _Request(method=method, path=path, fields=fields, content=content)
        try:
            async with (
                asyncio.timeout(self._answer_s),
                self._open(self._pool, request) as reply,
            ):
                return await self._read(reply)
        except (*TRANSPORT_ERRORS, TooLong) as error:
            what = self.redact(describe_error(error))
            raise UpstreamUnreachable(f"the upstream does not reply ({what})") from None

    def require_job_id(self, reply: UpstreamReply, job_id: str | None) -> str:
        """
        Return *job_id* when the reply to a submit has one; raise what the reply means otherwise.

        Raises:
            UpstreamBusy: Certainly not accepted: the upstream has too much to do.

            UpstreamUnreachable: Certainly not accepted: one of the *refusal_statuses*.

            ChannelUnusable: Certainly not accepted: key, balance or address are wrong.

            PermanentEngineError: Certainly not accepted, and no later submit will be.

            AmbiguousSubmit: The reply has neither an id nor a refusal.
        """
        if job_id is not None and 200 <= reply.status < 300:
            return job_id
        raise submit_error(
            reply, self.redact(describe(reply)), refusal_statuses=self._refusal_statuses
        ) from None

    def require_status(self, reply: UpstreamReply, found: _Found | None) -> _Found:
        """
        Return *found*, the job in the reply, whatever its HTTP status; raise if it is None.

        Raises:
            UpstreamLost: The upstream says that there is no such job.

            UpstreamBusy: The upstream has too much to do.

            UpstreamUnreachable: The reply is not usable.
        """
        if found is not None:
            return found
        raise poll_error(reply, self.redact(describe(reply)))

    def require_success(self, reply: UpstreamReply) -> UpstreamReply:
        """
        Return a reply that proves address and key.

        Raises as :meth:`require_job_id`, but UpstreamUnreachable instead of AmbiguousSubmit.
        """
        if 200 <= reply.status < 300 and reply.json() is not None:
            return reply
        words = self.redact(describe(reply))
        error = submit_error(reply, words, refusal_statuses=self._refusal_statuses)
        if isinstance(error, AmbiguousSubmit):
            raise UpstreamUnreachable(f"the upstream's reply is not usable ({words})")
        raise error

    def redact(self, said: str) -> str:
        """Shorten a message of the upstream, and hide our key in it."""
        return shortened(said.replace(self._key, "***") if self._key else said)

    async def fetch(self, address: str, into: Path, *, limit_bytes: int, deadline_s: float) -> None:
        """
        Write a result to *into*, as ``Upstream.fetch`` promises.

        Raises:
            UpstreamUnreachable: It could not be fetched now.

            TemporaryEngineError: It could not be written to this machine's disk.

            ResultMissing: The server says that there is no such file.

            ResultUnusable: It is too large, or its address is not allowed.
        """
        try:
            target = parse(urljoin(self._base.url + "/", address))
            secrets = self._secrets if target.origin == self._base.origin else {}
            await download_with_resume(
                self._files,
                target.url,
                into,
                limit_bytes=limit_bytes,
                deadline_s=deadline_s,
                secrets=secrets,
            )
        except (ForbiddenAddress, TooLarge) as error:
            raise ResultUnusable(f"the result cannot be kept: {self.redact(str(error))}") from None
        except (BadReply, Unreachable, ValueError) as error:
            raise self._fetch_error(error) from None
        except OSError as error:
            raise TemporaryEngineError("the result could not be written here") from error

    def _fetch_error(self, error: BadReply | Unreachable | ValueError) -> EngineError:
        words = self.redact(str(error))
        if isinstance(error, BadReply) and _says_missing(error.status):
            return ResultMissing(f"the result is not there: {words}")
        return UpstreamUnreachable(f"the result could not be fetched: {words}")

    async def close(self) -> None:
        """Close every connection."""
        await self._pool.aclose()
        await self._files.close()

    @asynccontextmanager
    async def _open(
        self,
        through: httpcore2.AsyncConnectionInterface | httpcore2.AsyncConnectionPool,
        request: _Request,
    ) -> AsyncGenerator[httpcore2.Response, None]:
        defaults = {
            "Host": self._base.authority,
            "User-Agent": USER_AGENT,
            "Accept": "application/json",
            "Accept-Encoding": "identity",
        }
        url = httpcore2.URL(
            scheme=self._base.scheme.encode(),
            host=self._base.host.encode(),
            port=self._base.port,
            target=(self._base.path.rstrip("/") + request.path).encode("ascii"),
        )
        is_empty_post = request.content is None and request.method == "POST"
        async with through.stream(
            request.method,
            url,
            headers=list(
                {**defaults, **OUTBOUND_HEADERS.get(), **request.fields, **self._secrets}.items()
            ),
            content=b"" if is_empty_post else request.content,
            extensions={"timeout": {"connect": self._connect_s}, "trace": request.note},
        ) as reply:
            connection: object = reply.extensions.get("network_stream")  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]  # httpcore2 types it in part
            if isinstance(connection, BoundedStream):
                connection.lift_head_limit()
            yield reply

    async def _read(self, reply: httpcore2.Response) -> UpstreamReply:
        """Read the reply, decoded. A body that cannot be decoded counts as empty."""
        headers = [
            (name.decode("latin-1").lower(), value.decode("latin-1"))
            for name, value in reply.headers
        ]
        applied = content_codings(value for name, value in headers if name == "content-encoding")
        body = bytearray()
        try:
            async for piece in decode(reply.aiter_stream(), applied):
                body += piece
                if len(body) > self._reply_limit_bytes:
                    raise TooLong
        except TruncatedBody as error:
            raise Unreachable(str(error)) from None
        except DecodingError:
            return UpstreamReply(status=reply.status, headers=dict(headers), body=b"")
        return UpstreamReply(
            status=reply.status,
            headers=without_coding_headers(dict(headers)) if applied else dict(headers),
            body=bytes(body),
        )


def _says_missing(status: int) -> bool:
    """Tell whether a status means that there is no such file, now and later."""
    return 400 <= status < 500 and status not in _NOT_NOW


def segment(name: str) -> str:
    """Quote an id as one segment of a path."""
    return quote(name, safe="")
