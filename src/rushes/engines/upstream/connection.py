"""The HTTP line to one account at one upstream, which every client speaks through."""

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
from rushes.engines.upstream.request_body import BodyPart, encoded
from rushes.engines.upstream.transport_errors import BROKEN, TooLong, what_broke
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
from rushes.kit.safe_http.dialer import BoundedStream, Dialer

_Told = TypeVar("_Told")

KEPT: Final = 32
"""Connections for looks that may be open at once."""

KEPT_S: Final = 15.0
"""Seconds for which one is kept when it has nothing to do."""

AGENT: Final = "rushes-upstream/1"

_NOT_NOW: Final = frozenset({401, 402, 403, 407, 408, 425, 429})
"""Statuses of 4xx that a key, a balance, a fresh link or some patience can change."""


@dataclass(slots=True, kw_only=True)
class _Request:
    """What is asked, and how far it has come."""

    method: str
    path: str
    fields: Mapping[str, str]
    content: bytes | None
    has_begun: bool = False
    """Whether any of it may have left this machine."""

    async def note(self, event: str, _: Mapping[str, object]) -> None:
        """Be told by httpcore2 of each thing it is about to do."""
        if event.endswith("send_request_headers.started"):
            self.has_begun = True


class UpstreamConnection:
    """
    Speaks HTTP with one upstream: every submit on a connection of its own, looks on kept ones.

    Follows no redirect, uses no proxy, keeps no cookie. The key is in no error, log or repr.

    Args:
        base_url: Where the upstream is, as the operator wrote it; its host may be anywhere.

        key: Sent with each request; None: the upstream wants none.

        files: Fetches results, whose addresses are the upstream's and are not trusted; the line
            closes it. It must be allowed to reach the base URL's own host and port.

        connect_s: Seconds for one address to accept a connection.

        answer_s: Seconds for the whole answer to a look.

        submit_s: Seconds for the whole of a submit.

        refusal_statuses: With which the operator knows this upstream to refuse a submit.

        ssl_context: Which certificates to believe; the system's when None.

    Raises:
        ValueError: The base URL is none, or the key holds what no header may.
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
        self._ssl_context = ssl_context or httpcore2.default_ssl_context()
        self._dialer = Dialer(AnyAddress())
        self._pool = httpcore2.AsyncConnectionPool(
            network_backend=self._dialer,
            ssl_context=self._ssl_context,
            max_connections=KEPT,
            keepalive_expiry=KEPT_S,
        )

    @override
    def __repr__(self) -> str:
        return f"Line({self._base.url!r}, credential={self.credential!r})"

    @property
    def credential(self) -> str:
        """A few characters that tell one key from another; nothing of the key can be had of it."""
        return hashlib.sha256(self._key.encode()).hexdigest()[:8] if self._key else "none"

    @property
    def base_url(self) -> str:
        """Where the upstream is, without a slash at its end."""
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
        Make a request that may cost money, once, on a fresh connection that is not kept.

        Args:
            path: What is put behind the base URL; its parts are quoted, see :func:`segment`.

            form: Fields of a multipart form, sent as one whenever there are any or *files*.

        Raises:
            UpstreamUnreachable: Nothing of it was sent.

            AmbiguousSubmit: It was sent in part or whole, and no whole answer came.
        """
        content, kind = encoded(json, form, files or {})
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
                return await self._whole(reply)
        except (*BROKEN, TooLong) as error:
            what = self.redact(what_broke(error))
            if request.has_begun:
                raise AmbiguousSubmit(f"the upstream's answer did not come ({what})") from None
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
        Make a request that costs nothing, on a kept connection, and return the whole answer.

        Raises:
            UpstreamUnreachable: There was none.
        """
        content, fields = encoded(json, (), {})
        path = f"{path}?{urlencode(params)}" if params else path
        request = _Request(method=method, path=path, fields=fields, content=content)
        try:
            async with (
                asyncio.timeout(self._answer_s),
                self._open(self._pool, request) as reply,
            ):
                return await self._whole(reply)
        except (*BROKEN, TooLong) as error:
            what = self.redact(what_broke(error))
            raise UpstreamUnreachable(f"the upstream does not answer ({what})") from None

    def require_job_id(self, reply: UpstreamReply, job_id: str | None) -> str:
        """
        Return the id that the answer to a submit gives the job.

        Raises:
            UpstreamBusy: Surely not accepted; there is too much to do.

            UpstreamUnreachable: Surely not accepted, with a status that the operator told of.

            ChannelUnusable: Surely not accepted; key, balance or address are wrong.

            PermanentEngineError: Surely not accepted, by this upstream, ever.

            AmbiguousSubmit: There is no id, and no refusal either.
        """
        if job_id is not None and 200 <= reply.status < 300:
            return job_id
        raise submit_error(
            reply, self.redact(describe(reply)), refusal_statuses=self._refusal_statuses
        ) from None

    def require_status(self, reply: UpstreamReply, sighting: _Told | None) -> _Told:
        """
        Return what the answer to a look tells of the job; that counts, whatever the status.

        Raises:
            UpstreamLost: The upstream says that there is no such job.

            UpstreamBusy: It has too much to do.

            UpstreamUnreachable: The answer makes no sense.
        """
        if sighting is not None:
            return sighting
        raise poll_error(reply, self.redact(describe(reply)))

    def require_success(self, reply: UpstreamReply) -> UpstreamReply:
        """
        Return an answer that proves address and key.

        Raises as :meth:`require_job_id`, but UpstreamUnreachable where nothing is proved.
        """
        if 200 <= reply.status < 300 and reply.json() is not None:
            return reply
        words = self.redact(describe(reply))
        error = submit_error(reply, words, refusal_statuses=self._refusal_statuses)
        if isinstance(error, AmbiguousSubmit):
            raise UpstreamUnreachable(f"the upstream's answer makes no sense ({words})")
        raise error

    def redact(self, said: str) -> str:
        """Return in short what an upstream said, without our key."""
        return shortened(said.replace(self._key, "***") if self._key else said)

    async def fetch(self, address: str, into: Path, *, limit_bytes: int, deadline_s: float) -> None:
        """
        Write a result to *into*, as ``Upstream.fetch`` promises.

        Raises:
            UpstreamUnreachable: It could not be had now.

            TemporaryEngineError: It could not be written to this machine's disk.

            ResultMissing: The server answers that there is no such file.

            ResultUnusable: It is too large, or may not be reached from here.
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
            raise self._unfetched(error) from None
        except OSError as error:
            raise TemporaryEngineError("the result could not be written here") from error

    def _unfetched(self, error: BadReply | Unreachable | ValueError) -> EngineError:
        words = self.redact(str(error))
        if isinstance(error, BadReply) and _says_missing(error.status):
            return ResultMissing(f"the result is not there: {words}")
        return UpstreamUnreachable(f"the result could not be had: {words}")

    async def close(self) -> None:
        """Let go of every connection."""
        await self._pool.aclose()
        await self._files.close()

    @asynccontextmanager
    async def _open(
        self,
        through: httpcore2.AsyncConnectionInterface | httpcore2.AsyncConnectionPool,
        request: _Request,
    ) -> AsyncGenerator[httpcore2.Response, None]:
        usual = {
            "Host": self._base.authority,
            "User-Agent": AGENT,
            "Accept": "application/json",
            "Accept-Encoding": "identity",
        }
        url = httpcore2.URL(
            scheme=self._base.scheme.encode(),
            host=self._base.host.encode(),
            port=self._base.port,
            target=(self._base.path.rstrip("/") + request.path).encode("ascii"),
        )
        is_bare = request.content is None and request.method == "POST"
        async with through.stream(
            request.method,
            url,
            headers=list(
                {**usual, **OUTBOUND_HEADERS.get(), **request.fields, **self._secrets}.items()
            ),
            content=b"" if is_bare else request.content,
            extensions={"timeout": {"connect": self._connect_s}, "trace": request.note},
        ) as reply:
            connection: object = reply.extensions.get("network_stream")  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]  # httpcore2 types it in part
            if isinstance(connection, BoundedStream):
                connection.lift_head_limit()
            yield reply

    async def _whole(self, reply: httpcore2.Response) -> UpstreamReply:
        """Return the answer, decoded; one that cannot be decoded stays as it is, and is no JSON."""
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
    """Tell whether a status says that there is no file, and not that we may not have it now."""
    return 400 <= status < 500 and status not in _NOT_NOW


def segment(name: str) -> str:
    """Return an id as one part of a path."""
    return quote(name, safe="")
