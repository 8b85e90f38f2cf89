"""
Send HTTP requests to URLs that strangers name, without reaching internal addresses.

The client connects to exactly the addresses that it has checked. httpcore2 asks our dialer for
every new connection, including each hop of a redirect, and never resolves a name itself. The Host
header and the certificate check still use the name. The client uses no proxy, keeps no cookie and
keeps no connection. It asks for no content coding; if a server applies one all the same, the body
is decoded, and limits count decoded bytes.
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
    decoded_pieces,
    headers_of,
    media_type,
    read_up_to,
    refuse_long,
    save_body,
    too_long_message,
)
from rushes.kit.safe_http.content_coding import without_coding_headers
from rushes.kit.safe_http.dialer import (
    BoundedStream,
    Dialer,
    Unreachable,
    Unresolved,
    system_authorities,
)
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
    Sends requests to untrusted URLs, only to addresses that the rules allow.

    Args:
        allow: Exceptions that the operator allows beyond the public internet: networks
            (``10.0.0.0/8``, all ports), addresses or names with a port (``minio.internal:9000``),
            names (usual ports). Only an entry that names a loopback, link-local or metadata
            address allows it.

        ports: The usual ports.

        ssl_context: The certificate authorities to trust; the system's when None.

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
        self._dialer = Dialer(AddressRules(allow=allow, ports=ports))
        self._pool = httpcore2.AsyncConnectionPool(
            network_backend=self._dialer,
            ssl_context=ssl_context or system_authorities(),
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
        truncate: bool = False,
    ) -> Reply:
        """
        Send a request and return the reply, whatever its status. Redirects are not followed.

        Args:
            limit_bytes: The longest body, in decoded bytes.

            deadline_s: Seconds for everything together: look-up, connection, headers, body.

            truncate: Whether to cut a body that is too long or cannot be decoded, instead of
                raising.

        Raises:
            BadReply: The body cannot be decoded.

            ForbiddenAddress: The URL, or one that it redirects to, is not allowed.

            TooLarge: The body is larger than the limit.

            Unresolved: The host name has no address at present.

            Unreachable: No whole response came in time.
        """
        async with self._respond(
            method, url, headers=headers or {}, body=body, deadline_s=deadline_s, redirects=0
        ) as response:
            if not truncate:
                refuse_long(response, limit_bytes)
            body, truncated = await read_up_to(response, limit_bytes, may_truncate=truncate)
            if truncated and not truncate:
                raise TooLarge(too_long_message(limit_bytes))
            headers = headers_of(response)
            return Reply(
                status=response.status,
                headers=without_coding_headers(headers) if codings_of(response) else headers,
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
        Write the body at *url* to the file *into*, in constant memory. An error leaves no file.

        Raises:
            BadReply: The status is not in the 200s, or the body cannot be decoded.

            ForbiddenAddress: The URL, or one that it redirects to, is not allowed.

            TooLarge: The body is larger than the limit.

            Unresolved: The host name has no address at present.

            Unreachable: No whole response came in time.
        """
        async with self._respond(
            "GET", url, headers=headers or {}, body=b"", deadline_s=deadline_s, redirects=redirects
        ) as response:
            kind = media_type(response)
            refuse_long(response, limit_bytes)
            size_bytes, digest = await save_body(response, into, limit_bytes)
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
        Request *url* and yield the reply, whatever its status, with its body in pieces.

        Errors while the body is read are raised at the end of the ``async with`` block.

        Args:
            secrets: Headers for the origin of *url* alone. They do not follow a redirect to
                another origin.

        Raises:
            BadReply: The body cannot be decoded.

            ForbiddenAddress: The URL, or one that it redirects to, is not allowed.

            Unresolved: The host name has no address at present.

            Unreachable: No whole response came in time.
        """
        async with self._respond(
            "GET",
            url,
            headers=headers or {},
            secrets=secrets or {},
            body=b"",
            deadline_s=deadline_s,
            redirects=redirects,
        ) as response:
            yield StreamedReply(
                status=response.status,
                headers=headers_of(response),
                codings=codings_of(response),
                pieces=decoded_pieces(response),
            )

    async def check(self, url: str, *, deadline_s: float = 5.0) -> None:
        """
        Check that the rules allow *url*, without connecting to it.

        Raises:
            ForbiddenAddress: The URL is malformed, or not allowed.

            Unresolved: The host name has no address at present; it may have one later.
        """
        target = parse(url)
        try:
            async with asyncio.timeout(deadline_s):
                await self._dialer.resolve(target.host, target.port)
        except TimeoutError:
            raise Unresolved(f"{target.host} could not be looked up in time") from None

    async def close(self) -> None:
        """Close every connection. Requests in progress fail."""
        await self._pool.aclose()

    @asynccontextmanager
    async def _respond(
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
        with _translate_errors(deadline_s):
            async with asyncio.timeout(deadline_s):
                for hops_left in range(redirects, -1, -1):
                    async with self._stream(method, target, headers, body) as response:
                        onward = _redirect_target(response, target) if redirects else None
                        if onward is None:
                            yield response
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
        ) as response:
            connection: object = response.extensions.get("network_stream")  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]  # httpcore2 types it in part
            if isinstance(connection, BoundedStream):
                connection.lift_head_limit()
            yield response


@contextmanager
def _translate_errors(deadline_s: float) -> Generator[None, None, None]:
    """Turn httpcore2's errors into ours. Its messages stay in the chain and reach no caller."""
    try:
        yield
    except TimeoutError:
        raise Unreachable(f"there was no whole response within {deadline_s:g} s") from None
    except httpcore2.TimeoutException as error:
        raise Unreachable("the connection was not accepted in time") from error
    except httpcore2.LocalProtocolError as error:
        raise ForbiddenAddress("the request holds characters that HTTP does not allow") from error
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
        return "the server does not reply in HTTP"
    return "the connection broke"


def _has_cause(error: BaseException, kind: type[BaseException]) -> bool:
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, kind):
        cause = cause.__cause__ or cause.__context__
    return cause is not None


def _redirect_target(response: httpcore2.Response, target: Target) -> Target | None:
    """Return the target of a redirect; None when the response is no redirect."""
    location = headers_of(response).get("location")
    if response.status not in {301, 302, 303, 307, 308} or not location:
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
