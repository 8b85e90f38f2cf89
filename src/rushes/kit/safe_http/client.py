"""
An outbound HTTP client for URLs that strangers send.

The address that was checked is the address that is dialled: httpcore2 asks us for every new
connection, each hop of a redirect included, and never resolves a name itself; the Host header and
the certificate stay on the name. No proxy, no cookie, no connection kept. The client asks for
no content coding; one that comes all the same is decoded, and limits hold for what is decoded.
"""

import asyncio
import ssl
from collections.abc import AsyncGenerator, Generator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Final
from urllib.parse import urljoin

import httpcore2

from rushes.kit.address_rules import AddressRules, ForbiddenAddress, Target, parse
from rushes.kit.safe_http.body import (
    codings_of,
    headers_of,
    media_type,
    pieces,
    read_up_to,
    refuse_long,
    save_body,
    too_long,
)
from rushes.kit.safe_http.content_coding import without_coding
from rushes.kit.safe_http.dialer import Dialer, Sips, Unreachable, Unresolved
from rushes.kit.safe_http.reply import BadReply, Downloaded, Reply, StreamedReply, TooLarge

__all__ = [
    "BadReply",
    "Downloaded",
    "ForbiddenAddress",
    "Reply",
    "SafeHttpClient",
    "StreamedReply",
    "TooLarge",
    "Unreachable",
    "Unresolved",
]

USUAL_PORTS: Final = frozenset({80, 443})
CONNECT_S: Final = 5.0
"""Seconds for one address to accept a connection, before the name's next one is dialled."""


class SafeHttpClient:
    """
    Fetches and posts for strangers, without letting them reach the inside of our network.

    Args:
        allow: What an operator opens beyond the public internet: networks (``10.0.0.0/8``, all
            ports), addresses or names with a port (``minio.internal:9000``), names (usual ports).
            Loopback, link-local and metadata addresses are opened only by naming them.

        ports: The usual ports.

        ssl_context: Which certificates to believe; the system's when None.

    Raises:
        ValueError: An entry of *allow* is malformed.
    """

    def __init__(
        self,
        *,
        allow: Sequence[str] = (),
        ports: frozenset[int] = USUAL_PORTS,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self._dialler = Dialer(AddressRules(allow=allow, ports=ports))
        self._pool = httpcore2.AsyncConnectionPool(
            network_backend=self._dialler,
            ssl_context=ssl_context or httpcore2.default_ssl_context(),
            max_connections=None,
            max_keepalive_connections=0,
        )

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        limit_bytes: int = 1 << 20,
        deadline_s: float = 20.0,
        redirects: int = 0,
        truncate: bool = False,
    ) -> Reply:
        """
        Send a request and return the answer, whatever its status.

        Args:
            limit_bytes: The longest body, decoded; a longer one, or one that cannot be decoded, is
                cut when *truncate*, an error when not.

            deadline_s: Seconds for everything together: names, connections, redirects, body.

            redirects: How many to follow, of GET and HEAD only. With 0 a redirect is the answer.

        Raises:
            BadReply: The body cannot be decoded.

            Forbidden: The URL, or one it redirects to, may not be reached from here.

            TooLarge: The body is over the limit.

            Unresolved: The name has no address at present.

            Unreachable: There was no whole answer in time.
        """
        hops = redirects if method in {"GET", "HEAD"} else 0
        async with self._answer(
            method, url, headers=headers or {}, body=body, deadline_s=deadline_s, redirects=hops
        ) as answer:
            if not truncate:
                refuse_long(answer, limit_bytes)
            body, truncated = await read_up_to(answer, limit_bytes, may_break=truncate)
            if truncated and not truncate:
                raise TooLarge(too_long(limit_bytes))
            headers = headers_of(answer)
            return Reply(
                status=answer.status,
                headers=without_coding(headers) if codings_of(answer) else headers,
                body=body,
                truncated=truncated,
            )

    async def download(
        self,
        url: str,
        into: Path,
        *,
        limit_bytes: int,
        deadline_s: float,
        redirects: int = 3,
        headers: Mapping[str, str] | None = None,
    ) -> Downloaded:
        """
        Write what *url* holds to the file *into*, in constant memory; no file is left on error.

        Raises:
            BadReply: The status is not in the 200s, or the content cannot be decoded.

            Forbidden: The URL, or one it redirects to, may not be reached from here.

            TooLarge: The body is over the limit.

            Unresolved: The name has no address at present.

            Unreachable: There was no whole answer in time.
        """
        async with self._answer(
            "GET", url, headers=headers or {}, body=b"", deadline_s=deadline_s, redirects=redirects
        ) as answer:
            kind = media_type(answer)
            refuse_long(answer, limit_bytes)
            size_bytes, digest = await save_body(answer, into, limit_bytes)
        return Downloaded(size_bytes=size_bytes, media_type=kind, sha256=digest)

    @asynccontextmanager
    async def stream(
        self,
        url: str,
        *,
        deadline_s: float,
        redirects: int = 3,
        headers: Mapping[str, str] | None = None,
        secrets: Mapping[str, str] | None = None,
    ) -> AsyncGenerator[StreamedReply, None]:
        """
        Ask for what *url* holds and give its body piece by piece, whatever the status.

        Whatever goes wrong while it is read is raised where the context is left.

        Args:
            secrets: Headers for the origin of *url* alone; after a redirect to another, none.

        Raises:
            BadReply: The body cannot be decoded.

            Forbidden: The URL, or one it redirects to, may not be reached from here.

            Unresolved: The name has no address at present.

            Unreachable: There was no whole answer in time.
        """
        async with self._answer(
            "GET",
            url,
            headers=headers or {},
            secrets=secrets or {},
            body=b"",
            deadline_s=deadline_s,
            redirects=redirects,
        ) as answer:
            yield StreamedReply(
                status=answer.status,
                headers=headers_of(answer),
                codings=codings_of(answer),
                pieces=pieces(answer),
            )

    async def check(self, url: str, *, deadline_s: float = 5.0) -> None:
        """
        Pass silently when *url* may be reached, as far as can be told without dialling it.

        Raises:
            Forbidden: It is malformed, or may not be reached from here.

            Unresolved: The name has no address at present; it may have one later.
        """
        target = parse(url)
        try:
            async with asyncio.timeout(deadline_s):
                await self._dialler.resolve(target.host, target.port)
        except TimeoutError:
            raise Unresolved(f"{target.host} could not be looked up in time") from None

    async def close(self) -> None:
        """Let go of every connection; requests under way fail."""
        await self._pool.aclose()

    @asynccontextmanager
    async def _answer(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        body: bytes,
        deadline_s: float,
        redirects: int,
        secrets: Mapping[str, str] = MappingProxyType({}),
    ) -> AsyncGenerator[httpcore2.Response, None]:
        target, headers = parse(url), {**headers, **secrets}
        with _translated(deadline_s):
            async with asyncio.timeout(deadline_s):
                for hops_left in range(redirects, -1, -1):
                    async with self._stream(method, target, headers, body) as answer:
                        onward = _onward(answer, target) if redirects else None
                        if onward is None:
                            yield answer
                            return
                    if not hops_left:
                        raise ForbiddenAddress(
                            f"{target.host} redirects more than {redirects} times"
                        )
                    if onward.origin != target.origin:
                        headers = _without_secrets(headers, secrets)
                    target = onward

    @asynccontextmanager
    async def _stream(
        self, method: str, target: Target, headers: Mapping[str, str], body: bytes
    ) -> AsyncGenerator[httpcore2.Response, None]:
        fields = {"Accept-Encoding": "identity", **headers, "Connection": "close"}
        async with self._pool.stream(
            method,
            httpcore2.URL(
                scheme=target.scheme.encode(),
                host=target.host.encode(),
                port=target.port,
                target=target.path.encode(),
            ),
            headers=[("Host", target.authority), *fields.items()],
            content=body or (b"" if method == "POST" else None),
            extensions={"timeout": {"connect": CONNECT_S}},
        ) as answer:
            connection: object = answer.extensions.get("network_stream")  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]  # httpcore2 types it in part
            if isinstance(connection, Sips):
                connection.head_came()
            yield answer


@contextmanager
def _translated(deadline_s: float) -> Generator[None, None, None]:
    """Turn httpcore2's errors into ours; its messages stay in the chain and in no reply."""
    try:
        yield
    except TimeoutError:
        raise Unreachable(f"there was no whole answer within {deadline_s:g} s") from None
    except httpcore2.TimeoutException as error:
        raise Unreachable("the connection was not accepted in time") from error
    except httpcore2.LocalProtocolError as error:
        raise ForbiddenAddress("this cannot be said in HTTP") from error
    except (httpcore2.ProtocolError, httpcore2.NetworkError) as error:
        raise Unreachable(_what_broke(error)) from error


def _what_broke(error: Exception) -> str:
    if _has_cause(error, ssl.SSLCertVerificationError):
        return "the server's certificate is not valid for its name"
    if _has_cause(error, ssl.SSLError):
        return "no secure connection could be agreed on"
    if isinstance(error, httpcore2.ConnectError):
        return "the server does not accept connections"
    if isinstance(error, httpcore2.ProtocolError):
        return "the server does not answer in HTTP"
    return "the connection broke"


def _has_cause(error: BaseException, kind: type[BaseException]) -> bool:
    seen: BaseException | None = error
    while seen is not None and not isinstance(seen, kind):
        seen = seen.__cause__ or seen.__context__
    return seen is not None


def _onward(answer: httpcore2.Response, target: Target) -> Target | None:
    """Return where the answer sends us, None when it is an answer and no redirect."""
    location = headers_of(answer).get("location")
    if answer.status not in {301, 302, 303, 307, 308} or not location:
        return None
    try:
        return parse(urljoin(target.url, location))
    except ValueError:
        raise ForbiddenAddress(
            f"{target.host} redirects to a URL that may not be fetched"
        ) from None


def _without_secrets(headers: Mapping[str, str], secrets: Iterable[str]) -> dict[str, str]:
    withheld = {"authorization", "cookie", *(name.lower() for name in secrets)}
    return {name: value for name, value in headers.items() if name.lower() not in withheld}
