"""What the outbound client reaches, and what it does with servers that mean harm."""

import asyncio
import datetime as dt
import gzip
import hashlib
import ipaddress
import socket
import ssl
import threading
import tracemalloc
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import httpcore2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.security.conftest import Site, Zone

from rushes.kit.safe_http import (
    BadReply,
    ForbiddenAddress,
    SafeHttpClient,
    TooLarge,
    Unreachable,
    Unresolved,
)
from rushes.kit.safe_http.dialer import system_authorities

LIMIT = 1 << 16


async def fetch(
    http: SafeHttpClient, url: str, *, redirects: int, headers: dict[str, str] | None = None
) -> bytes:
    async with http.stream(url, deadline_s=5, redirects=redirects, headers=headers) as reply:
        return b"".join([piece async for piece in reply.pieces])


def left_in(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


AT_LOOPBACK = [
    "127.0.0.1",
    "localhost",
    "localhost.",
    "LOCALHOST",
    "0.0.0.0",
    "0",
    "127.1",
    "2130706433",
    "0x7f.1",
    "0x7f000001",
    "017700000001",
    "0177.0.0.1",
    "127.0.0.1.",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "user:secret@127.0.0.1",
    "example.com@127.0.0.1",
    "%31%32%37.0.0.1",
    "\u2460\u2461\u2466.0.0.1",
    "127\u30020\u30020\u30021",
]


@pytest.mark.parametrize("host", AT_LOOPBACK)
async def test_no_spelling_of_loopback_reaches_it(
    site: Site, guarded: SafeHttpClient, tmp_path: Path, host: str
) -> None:
    site.page("/")
    anywhere = SafeHttpClient(ports=frozenset({site.port}))
    url = f"http://{host}:{site.port}/"
    for http in (guarded, anywhere):
        with pytest.raises(ForbiddenAddress):
            await http.request("GET", url)
        with pytest.raises(ForbiddenAddress):
            await http.download(url, tmp_path / "file", limit_bytes=LIMIT, deadline_s=2)
        with pytest.raises(ForbiddenAddress):
            await http.check(url)
    assert site.requests == []
    await anywhere.close()


async def test_the_same_site_is_reached_once_it_is_opened(
    site: Site, opened: SafeHttpClient
) -> None:
    site.page("/", b"hello", head="Content-Type: text/plain\r\n")
    reply = await opened.request("GET", site.url("/?q=1"), headers={"X-Who": "me"})
    assert (reply.status, reply.body, reply.headers["content-type"]) == (
        200,
        b"hello",
        "text/plain",
    )
    assert f"Host: 127.0.0.1:{site.port}\r\n" in site.requests[0]
    assert "X-Who: me\r\n" in site.requests[0]
    assert "Accept-Encoding: identity\r\n" in site.requests[0]


async def test_a_post_sends_its_body_and_its_length(site: Site, opened: SafeHttpClient) -> None:
    got: list[bytes] = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        got.append(await reader.readexactly(5))
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")

    site.answers["/hook"] = take
    reply = await opened.request("POST", site.url("/hook"), body=b"hello")
    assert (reply.status, got) == (204, [b"hello"])
    assert "Content-Length: 5\r\n" in site.requests[0]


@pytest.mark.parametrize(
    "answers", [["127.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["::1"], ["::ffff:10.0.0.1"]]
)
async def test_a_name_with_any_inner_answer_is_refused(
    site: Site, guarded: SafeHttpClient, zone: Zone, answers: list[str]
) -> None:
    zone.add("evil.example", answers)
    with pytest.raises(ForbiddenAddress):
        await guarded.request("GET", "http://evil.example/")
    with pytest.raises(ForbiddenAddress):
        await guarded.check("http://evil.example/")
    assert site.requests == []


class Dialled(Exception):
    pass


@pytest.fixture
def dialled(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """What would have been dialled; nothing is."""
    calls: list[tuple[str, int]] = []

    async def connect_tcp(_: object, host: str, port: int, **__: object) -> None:
        calls.append((host, port))
        raise httpcore2.ConnectError("not in a test")

    monkeypatch.setattr(httpcore2.AnyIOBackend, "connect_tcp", connect_tcp)
    return calls


async def test_the_address_that_was_checked_is_the_one_dialled(
    guarded: SafeHttpClient, zone: Zone, dialled: list[tuple[str, int]]
) -> None:
    zone.add("rebind.example", ["8.8.8.8"], ["127.0.0.1"])
    with pytest.raises(Unreachable):
        await guarded.request("GET", "http://rebind.example/")
    assert (dialled, zone.requested) == ([("8.8.8.8", 80)], ["rebind.example"])
    with pytest.raises(ForbiddenAddress):
        await guarded.request("GET", "http://rebind.example/")
    assert len(dialled) == 1


async def test_a_check_passed_earlier_is_worth_nothing_later(
    guarded: SafeHttpClient, zone: Zone, dialled: list[tuple[str, int]]
) -> None:
    zone.add("rebind.example", ["8.8.8.8"], ["10.0.0.1"])
    await guarded.check("http://rebind.example/")
    with pytest.raises(ForbiddenAddress):
        await guarded.request("POST", "http://rebind.example/")
    assert dialled == []


async def test_three_addresses_of_a_name_are_tried_and_no_more(
    guarded: SafeHttpClient, zone: Zone, dialled: list[tuple[str, int]]
) -> None:
    zone.add("many.example", ["8.8.8.1", "8.8.8.2", "8.8.8.3", "8.8.8.4"])
    with pytest.raises(Unreachable):
        await guarded.request("GET", "https://many.example/")
    assert dialled == [("8.8.8.1", 443), ("8.8.8.2", 443), ("8.8.8.3", 443)]


async def test_a_name_that_does_not_resolve_is_told_apart(
    guarded: SafeHttpClient, zone: Zone
) -> None:
    for act in (guarded.check, lambda url: guarded.request("GET", url)):
        with pytest.raises(Unresolved):
            await act("https://nowhere.example/hook")


async def test_a_resolver_that_hangs_is_waited_for_no_longer_than_the_deadline(
    guarded: SafeHttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: release.wait(10) and [])
    try:
        with pytest.raises(Unresolved):
            await guarded.check("http://slow.example/", deadline_s=0.05)
        with pytest.raises(Unreachable):
            await guarded.request("GET", "http://slow.example/", deadline_s=0.05)
    finally:
        release.set()


@pytest.mark.parametrize("port", [22, 25, 6379, 8080])
async def test_a_port_that_is_not_usual_is_refused(guarded: SafeHttpClient, port: int) -> None:
    with pytest.raises(ForbiddenAddress):
        await guarded.check(f"http://8.8.8.8:{port}/")


async def test_proxies_of_the_environment_are_not_asked(
    site: Site,
    guarded: SafeHttpClient,
    zone: Zone,
    dialled: list[tuple[str, int]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, site.url())
    zone.add("a.example", ["8.8.8.8"])
    with pytest.raises(Unreachable):
        await guarded.request("GET", "http://a.example/")
    assert dialled == [("8.8.8.8", 80)]


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:a9fe:a9fe]/",
        "//169.254.169.254/",
        "http://0xa9fea9fe/",
        "http://localhost:1/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:70/",
        "http://u:p@127.0.0.1/",
        "http://[",
        "http://127.0.0.2/",
        "http:\\\\10.0.0.1\\",
        "ht\ttp://10.0.0.1/",
    ],
)
@pytest.mark.parametrize("status", ["301 M", "302 F", "303 S", "307 T", "308 P"])
async def test_a_redirect_to_the_inside_is_refused(
    site: Site, opened: SafeHttpClient, tmp_path: Path, location: str, status: str
) -> None:
    site.redirect("/", location, status)
    with pytest.raises(ForbiddenAddress):
        await fetch(opened, site.url(), redirects=3)
    with pytest.raises(ForbiddenAddress):
        await opened.download(site.url(), tmp_path / "f", limit_bytes=LIMIT, deadline_s=5)
    assert not (tmp_path / "f").exists()


async def test_redirects_are_followed_as_often_as_asked(
    site: Site, opened: SafeHttpClient, tmp_path: Path
) -> None:
    site.redirect("/1", "/2")
    site.redirect("/2", site.url("/3"))
    site.redirect("/3", "./4?x=y")
    site.page("/4", b"there")
    assert await fetch(opened, site.url("/1"), redirects=3) == b"there"
    with pytest.raises(ForbiddenAddress, match="more than 2"):
        await fetch(opened, site.url("/1"), redirects=2)
    await opened.download(site.url("/1"), tmp_path / "f", limit_bytes=LIMIT, deadline_s=5)
    assert (tmp_path / "f").read_bytes() == b"there"


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_request_follows_no_redirect(
    site: Site, opened: SafeHttpClient, method: str
) -> None:
    site.redirect("/", "/2", "307 T")
    site.page("/2")
    reply = await opened.request(method, site.url(), body=b"x")
    assert (reply.status, len(site.requests)) == (307, 1)


async def test_a_key_is_not_carried_to_another_origin(site: Site, zone: Zone) -> None:
    zone.add("localhost", ["127.0.0.1"])
    http = SafeHttpClient(allow=["127.0.0.1"])
    site.redirect("/", site.url("/2", host="localhost"))
    site.page("/2")
    await fetch(http, site.url(), headers={"Authorization": "Bearer x", "X": "y"}, redirects=1)
    assert ["Bearer" in r for r in site.requests] == [True, False]
    assert "X: y" in site.requests[1]
    await http.close()


async def test_secret_headers_of_any_name_stay_with_their_origin(site: Site, zone: Zone) -> None:
    zone.add("localhost", ["127.0.0.1"])
    http = SafeHttpClient(allow=["127.0.0.1"])
    site.redirect("/", "/1")
    site.redirect("/1", site.url("/2", host="localhost"))
    site.page("/2")
    async with http.stream(site.url(), deadline_s=5, secrets={"X-Api-Key": "hush"}) as reply:
        assert reply.status == 200
    assert ["X-Api-Key" in request for request in site.requests] == [True, True, False]
    await http.close()


async def test_a_body_over_the_limit_is_refused_before_and_while_it_comes(
    site: Site, opened: SafeHttpClient, tmp_path: Path
) -> None:
    async def endless(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x" * 65536)
            await writer.drain()

    site.page("/announced", b"x" * (LIMIT + 1))
    site.answers["/endless"] = endless
    for path in ("/announced", "/endless"):
        with pytest.raises(TooLarge):
            await opened.request("GET", site.url(path), limit_bytes=LIMIT)
        with pytest.raises(TooLarge):
            await opened.download(site.url(path), tmp_path / "f", limit_bytes=LIMIT, deadline_s=5)
        assert left_in(tmp_path) == []
        cut = await opened.request("GET", site.url(path), limit_bytes=LIMIT, truncate=True)
        assert (len(cut.body), cut.truncated) == (LIMIT, True)
    await asyncio.wait_for(site.gone.wait(), 5)


async def test_a_body_of_exactly_the_limit_is_whole(site: Site, opened: SafeHttpClient) -> None:
    site.page("/", b"x" * LIMIT)
    reply = await opened.request("GET", site.url(), limit_bytes=LIMIT)
    assert (len(reply.body), reply.truncated) == (LIMIT, False)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n12",
        b"HTTP/1.1 200 OK\r\nX: ",
        b"HTTP/1.1 102 P\r\n\r\n",
    ],
)
async def test_one_deadline_holds_for_a_server_that_dawdles_anywhere(
    site: Site, opened: SafeHttpClient, tmp_path: Path, head: bytes
) -> None:
    async def dawdle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        await reader.read()

    site.answers["/"] = dawdle
    with pytest.raises(Unreachable, match=r"0\.1 s"):
        await opened.request("GET", site.url(), deadline_s=0.1)
    with pytest.raises(Unreachable, match=r"0\.1 s"):
        await opened.download(site.url(), tmp_path / "f", limit_bytes=LIMIT, deadline_s=0.1)
    assert left_in(tmp_path) == []


@pytest.mark.parametrize(
    ("head", "crumb"),
    [
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
)
async def test_a_trickle_is_ended_by_the_deadline_and_leaves_the_loop_free(
    site: Site, opened: SafeHttpClient, tmp_path: Path, head: bytes, crumb: bytes
) -> None:
    async def trickle(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            writer.write(crumb * 10_000)
            await writer.drain()

    site.answers["/"] = trickle
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    other = asyncio.create_task(others())
    with pytest.raises(Unreachable):
        await opened.download(site.url(), tmp_path / "f", limit_bytes=1 << 30, deadline_s=0.3)
    other.cancel()
    assert turns > 20


async def test_no_more_is_read_at_once_than_is_parsed_quickly(
    guarded: SafeHttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    requested: list[int] = []

    class Stream(httpcore2.AsyncMockStream):
        async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
            requested.append(max_bytes)
            return await super().read(max_bytes, timeout)

    async def connect_tcp(*_: object, **__: object) -> Stream:
        return Stream([b"HTTP/1.1 100 C\r\n\r\n", b"HTTP/1.1 204 N\r\n\r\n"])

    monkeypatch.setattr(httpcore2.AnyIOBackend, "connect_tcp", connect_tcp)
    assert (await guarded.request("GET", "http://8.8.8.8/")).status == 204
    assert requested
    assert max(requested) <= 8192


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\n" + b"X-A: aaaaaaaaaaaaaaaa\r\n" * 100_000,
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 1_000_000,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;" + b"a" * 1_000_000,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nx",
        b"HTTP/9.9 abc\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"\x00\xff\xfe\r\n\r\n",
        b"",
    ],
)
async def test_what_is_no_sound_http_is_unreachable(
    site: Site, opened: SafeHttpClient, answer: bytes
) -> None:
    site.answers["/"] = answer
    with pytest.raises(Unreachable):
        await opened.request("GET", site.url(), deadline_s=5)


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    head=st.sampled_from([b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 302 F\r\nLocation: "]),
    noise=st.binary(max_size=200),
)
def test_any_answer_is_a_reply_or_one_of_our_errors(head: bytes, noise: bytes) -> None:
    async def ask() -> None:
        site = Site(answers={"/": head + noise})
        server = await asyncio.start_server(site.greet, "127.0.0.1", 0)
        site.port = server.sockets[0].getsockname()[1]
        http = SafeHttpClient(allow=[f"127.0.0.1:{site.port}"], ssl_context=PLAIN)
        try:
            await fetch(http, site.url(), redirects=1)
        except (Unreachable, ForbiddenAddress, TooLarge):
            pass
        finally:
            await http.close()
            server.close()

    asyncio.run(ask())


PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


async def test_a_body_that_comes_compressed_unasked_is_decoded(
    site: Site, opened: SafeHttpClient, tmp_path: Path
) -> None:
    site.page("/", gzip.compress(b"hello"), head="Content-Encoding: gzip\r\n")
    reply = await opened.request("GET", site.url())
    assert (reply.body, reply.truncated) == (b"hello", False)
    assert "content-encoding" not in reply.headers
    done = await opened.download(site.url(), tmp_path / "f", limit_bytes=5, deadline_s=5)
    assert (done.size_bytes, done.sha256) == (5, hashlib.sha256(b"hello").hexdigest())
    assert (tmp_path / "f").read_bytes() == b"hello"


async def test_codings_in_several_headers_are_taken_off_in_turn(
    site: Site, opened: SafeHttpClient, tmp_path: Path
) -> None:
    head = "Content-Encoding: deflate\r\ncontent-encoding: x-gzip\r\n"
    site.page("/", gzip.compress(zlib.compress(b"hello")), head=head)
    assert (await opened.request("GET", site.url())).body == b"hello"


async def test_the_limit_is_that_of_what_is_decoded_and_a_bomb_is_stopped_early(
    site: Site, opened: SafeHttpClient, tmp_path: Path
) -> None:
    bomb = gzip.compress(b"\0" * (256 << 20))
    site.page("/", bomb, head="Content-Encoding: gzip\r\n")
    tracemalloc.start()
    with pytest.raises(TooLarge, match=f"longer than {LIMIT} bytes"):
        await opened.download(site.url(), tmp_path / "f", limit_bytes=LIMIT, deadline_s=5)
    with pytest.raises(TooLarge):
        await opened.request("GET", site.url(), limit_bytes=LIMIT)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak_bytes < 4 << 20
    assert left_in(tmp_path) == []
    kept = await opened.request("GET", site.url(), limit_bytes=9, truncate=True)
    assert (kept.body, kept.truncated) == (b"\0" * 9, True)


async def test_what_is_not_compressed_as_the_server_says_is_refused(
    site: Site, opened: SafeHttpClient, tmp_path: Path
) -> None:
    site.page("/", b"\x1f\x8b" + b"bomb" * 9, head="Content-Encoding: gzip\r\n")
    with pytest.raises(BadReply, match="compressed with gzip, but it is not"):
        await opened.download(site.url(), tmp_path / "f", limit_bytes=LIMIT, deadline_s=5)
    with pytest.raises(BadReply):
        await opened.request("GET", site.url())
    reply = await opened.request("GET", site.url(), truncate=True)
    assert (reply.status, reply.truncated) == (200, True)
    assert left_in(tmp_path) == []


async def test_a_compressed_body_that_ends_too_early_may_come_whole_later(
    site: Site, opened: SafeHttpClient, tmp_path: Path
) -> None:
    site.page("/", gzip.compress(b"hello")[:-4], head="Content-Encoding: gzip\r\n")
    with pytest.raises(Unreachable, match="compressed with gzip, is cut short"):
        await opened.download(site.url(), tmp_path / "f", limit_bytes=LIMIT, deadline_s=5)
    assert left_in(tmp_path) == []


async def test_a_body_with_an_encoding_that_is_none_is_read_as_it_is(
    site: Site, opened: SafeHttpClient, tmp_path: Path
) -> None:
    site.page("/", b"hello", head="Content-Encoding: aws-chunked\r\n")
    await opened.download(site.url(), tmp_path / "f", limit_bytes=LIMIT, deadline_s=5)
    assert (tmp_path / "f").read_bytes() == b"hello"


@pytest.mark.parametrize("status", [204 + 100, 401, 404, 500, 503])
async def test_a_download_with_another_status_says_which(
    site: Site, opened: SafeHttpClient, tmp_path: Path, status: int
) -> None:
    site.page("/", status=f"{status} X")
    with pytest.raises(BadReply) as refused:
        await opened.download(site.url(), tmp_path / "f", limit_bytes=LIMIT, deadline_s=5)
    assert refused.value.status == status
    assert left_in(tmp_path) == []


async def test_a_download_tells_what_it_wrote(
    site: Site, opened: SafeHttpClient, tmp_path: Path
) -> None:
    body = bytes(range(256)) * 4000
    site.page("/", body, head="Content-Type: Image/PNG; x=y\r\n")
    done = await opened.download(site.url(), tmp_path / "f", limit_bytes=1 << 21, deadline_s=5)
    assert (tmp_path / "f").read_bytes() == body
    assert (done.size_bytes, done.media_type) == (len(body), "image/png")
    assert done.sha256 == hashlib.sha256(body).hexdigest()


async def test_a_cancelled_download_leaves_no_file(
    site: Site, opened: SafeHttpClient, tmp_path: Path
) -> None:
    begun = asyncio.Event()

    async def dawdle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n12")
        await writer.drain()
        begun.set()
        await reader.read()

    site.answers["/"] = dawdle
    task = asyncio.create_task(
        opened.download(site.url(), tmp_path / "f", limit_bytes=LIMIT, deadline_s=9)
    )
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert left_in(tmp_path) == []


async def test_a_header_that_would_split_the_request_is_refused(
    site: Site, opened: SafeHttpClient
) -> None:
    site.page("/")
    with pytest.raises(ForbiddenAddress):
        await opened.request("GET", site.url(), headers={"X": "a\r\nHost: b"})
    assert site.requests == []


async def test_a_server_that_accepts_nothing_is_unreachable() -> None:
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        port = unheard.getsockname()[1]
    http = SafeHttpClient(allow=["127.0.0.1"])
    with pytest.raises(Unreachable, match="does not accept"):
        await http.request("GET", f"http://127.0.0.1:{port}/")
    await http.close()


def _certificate(folder: Path, name: str) -> Path:
    """Write a key and a certificate of its own authority for *name*."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    try:
        known_as: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        known_as = x509.DNSName(name)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([known_as]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    file.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return file


class SecureSite(Site):
    pem: Path
    names: list[str | None]


@pytest.fixture
async def secure(tmp_path: Path) -> AsyncIterator[SecureSite]:
    site = SecureSite()
    site.pem, site.names = _certificate(tmp_path, "img.example"), []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(site.pem)
    context.sni_callback = lambda _, name, __: site.names.append(name)
    server = await asyncio.start_server(site.greet, "127.0.0.1", 0, ssl=context)
    site.port = server.sockets[0].getsockname()[1]
    site.page("/")
    yield site
    server.close()


async def test_https_asks_for_the_name_and_checks_the_certificate_against_it(
    secure: SecureSite, zone: Zone
) -> None:
    zone.add("img.example", ["127.0.0.1"])
    zone.add("other.example", ["127.0.0.1"])
    http = SafeHttpClient(
        allow=["127.0.0.0/8"], ssl_context=ssl.create_default_context(cafile=secure.pem)
    )
    reply = await http.request("GET", f"https://img.example:{secure.port}/")
    assert (reply.status, secure.names) == (200, ["img.example"])
    for host in ("other.example", "127.0.0.1"):
        with pytest.raises(Unreachable, match="certificate"):
            await http.request("GET", f"https://{host}:{secure.port}/")
    assert len(secure.requests) == 1
    await http.close()


async def test_a_certificate_that_nobody_vouches_for_is_refused(
    secure: SecureSite, zone: Zone
) -> None:
    zone.add("img.example", ["127.0.0.1"])
    http = SafeHttpClient(allow=["127.0.0.1"])
    with pytest.raises(Unreachable, match="certificate"):
        await http.request("GET", f"https://img.example:{secure.port}/")
    assert secure.requests == []
    await http.close()


def test_the_certificate_authorities_of_the_system_are_read_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reads: list[ssl.SSLContext] = []

    def read() -> ssl.SSLContext:
        reads.append(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
        return reads[-1]

    monkeypatch.setattr(httpcore2, "default_ssl_context", read)
    system_authorities.cache_clear()
    try:
        pools = [SafeHttpClient()._pool for _ in range(2)]
        assert [pool._ssl_context for pool in pools] == reads * 2
    finally:
        system_authorities.cache_clear()


async def test_plain_http_where_https_was_asked_is_unreachable() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    http = SafeHttpClient(allow=["127.0.0.1"])
    port = server.sockets[0].getsockname()[1]
    with pytest.raises(Unreachable, match="secure"):
        await http.request("GET", f"https://127.0.0.1:{port}/", deadline_s=5)
    await http.close()
    server.close()


@pytest.mark.parametrize(
    "piece", [b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 E\r\nX: y\r\n\r\n"]
)
async def test_answers_that_only_announce_another_come_to_an_end(
    site: Site, opened: SafeHttpClient, piece: bytes
) -> None:
    sent_bytes = 0

    async def announce(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent_bytes
        while True:
            writer.write(piece * 100)
            sent_bytes += len(piece) * 100
            await writer.drain()

    site.answers["/"] = announce
    with pytest.raises(Unreachable, match="does not reply in HTTP"):
        await opened.request("GET", site.url(), deadline_s=30)
    async with asyncio.timeout(5):
        await site.gone.wait()
    assert sent_bytes < 32 << 20  # what the sockets hold, and little more


async def test_a_few_announcements_before_an_answer_are_no_harm(
    site: Site, opened: SafeHttpClient
) -> None:
    body = b"x" * 300_000
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 5
    site.answers["/"] = early + b"HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n" + body
    reply = await opened.request("GET", site.url())
    assert (reply.status, reply.body) == (200, body)
