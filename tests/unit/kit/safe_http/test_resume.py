"""A download that is cut off goes on where it left off, and only where that is proved right."""

import asyncio
import gzip
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import httpcore2
import pytest

from rushes.kit.safe_http import (
    BadReply,
    SafeHttpClient,
    TooLarge,
    Unreachable,
    download_with_resume,
)

FILM = bytes(range(256)) * 400
TRUST = httpcore2.default_ssl_context()


@dataclass(kw_only=True)
class Shelf:
    """Serves one file, each connection cut after as many bytes of it as was said."""

    port: int = 0
    film: bytes = FILM
    cuts: list[int] = field(default_factory=list)
    """Of the connections to come; those after them are not cut."""

    etag: str = '"v1"'
    takes_ranges: bool = True
    range_told: str = ""
    head: str = ""
    status: str = ""
    requested: list[str] = field(default_factory=list)
    served: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/film.mp4"

    async def greet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.requested.append(request)
        begin = self._begin(request)
        body, status, head = self.film[begin:], "200 OK", self.head
        if begin:
            total = len(self.film)
            reported = self.range_told or f"bytes {begin}-{total - 1}/{total}"
            status, head = "206 Partial Content", f"{head}Content-Range: {reported}\r\n"
        head += f"ETag: {self.etag}\r\n" if self.etag else ""
        head = f"HTTP/1.1 {self.status or status}\r\nContent-Length: {len(body)}\r\n{head}\r\n"
        cut = self.cuts.pop(0) if self.cuts else len(body)
        writer.write(head.encode() + body[:cut])
        await writer.drain()
        writer.close()
        self.served.set()

    def _begin(self, request: str) -> int:
        requested = re.search(r"Range: bytes=(\d+)-", request)
        same = f"If-Range: {self.etag}" in request
        return int(requested[1]) if requested and same and self.takes_ranges else 0


@pytest.fixture
async def shelf() -> AsyncIterator[Shelf]:
    shelf = Shelf()
    server = await asyncio.start_server(shelf.greet, "127.0.0.1", 0)
    shelf.port = server.sockets[0].getsockname()[1]
    yield shelf
    server.close()
    await server.wait_closed()


@pytest.fixture
async def http(shelf: Shelf) -> AsyncIterator[SafeHttpClient]:
    http = SafeHttpClient(allow=[f"127.0.0.1:{shelf.port}"], ssl_context=TRUST)
    yield http
    await http.close()


async def fetched(http: SafeHttpClient, shelf: Shelf, into: Path, **more: float) -> bytes:
    limits = {"limit_bytes": 1 << 20, "deadline_s": 5.0, "pause_s": 0.001, **more}
    size = await download_with_resume(
        http,
        shelf.url,
        into,
        limit_bytes=int(limits["limit_bytes"]),
        deadline_s=limits["deadline_s"],
        pause_s=limits["pause_s"],
    )
    data = await asyncio.to_thread(into.read_bytes)
    assert size == len(data)
    return data


async def test_it_goes_on_after_each_cut(
    shelf: Shelf, http: SafeHttpClient, tmp_path: Path
) -> None:
    shelf.cuts = [10_000, 1, 30_000, 20_000]
    assert await fetched(http, shelf, tmp_path / "f") == FILM
    ranges = [re.findall(r"Range: (?!\")(.*)\r", request) for request in shelf.requested]
    assert ranges == [
        [], ["bytes=10000-"], ["bytes=10001-"], ["bytes=40001-"], ["bytes=60001-"],
    ]  # fmt: skip


async def test_each_byte_is_written_once_whatever_the_pieces(
    shelf: Shelf, http: SafeHttpClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rushes.kit.safe_http.resume.WRITE_BYTES", 7)
    shelf.cuts = [50_001]
    assert await fetched(http, shelf, tmp_path / "f") == FILM


async def test_another_version_is_fetched_anew(
    shelf: Shelf, http: SafeHttpClient, tmp_path: Path
) -> None:
    shelf.cuts = [10_000]
    first = shelf.greet

    async def changing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await first(reader, writer)
        shelf.etag, shelf.film = '"v2"', b"another film"

    server = await asyncio.start_server(changing, "127.0.0.1", 0)
    shelf.port = server.sockets[0].getsockname()[1]
    mine = SafeHttpClient(allow=[f"127.0.0.1:{shelf.port}"], ssl_context=TRUST)
    assert await fetched(mine, shelf, tmp_path / "f") == b"another film"
    await mine.close()
    server.close()


async def test_a_server_without_ranges_begins_anew(
    shelf: Shelf, http: SafeHttpClient, tmp_path: Path
) -> None:
    shelf.cuts, shelf.takes_ranges = [10_000, 50_000], False
    assert await fetched(http, shelf, tmp_path / "f") == FILM


@pytest.mark.parametrize("etag", ["", 'W/"weak"'])
async def test_what_cannot_be_told_apart_is_fetched_anew(
    shelf: Shelf, http: SafeHttpClient, tmp_path: Path, etag: str
) -> None:
    shelf.cuts, shelf.etag = [10_000], etag
    assert await fetched(http, shelf, tmp_path / "f") == FILM
    assert "Range" not in shelf.requested[1]


async def test_a_file_is_told_apart_by_when_it_was_changed(
    shelf: Shelf, http: SafeHttpClient, tmp_path: Path
) -> None:
    changed = "Wed, 21 Oct 2026 07:28:00 GMT"
    shelf.cuts, shelf.etag, shelf.head = [10_000], "", f"Last-Modified: {changed}\r\n"
    assert await fetched(http, shelf, tmp_path / "f") == FILM
    assert f"If-Range: {changed}" in shelf.requested[1]


@pytest.mark.parametrize(
    "reported",
    ["bytes 0-102399/102400", "bytes 9999-102399/102400", "bytes 10000-10005/102400", "nonsense"],
)
async def test_a_part_that_was_not_asked_for_is_not_believed(
    shelf: Shelf, http: SafeHttpClient, tmp_path: Path, reported: str
) -> None:
    shelf.cuts, shelf.range_told = [10_000], reported
    assert await fetched(http, shelf, tmp_path / "f") == FILM
    assert "Range" not in shelf.requested[2]


async def test_cut_off_for_nothing_again_and_again_it_is_given_up(
    shelf: Shelf, http: SafeHttpClient, tmp_path: Path
) -> None:
    shelf.cuts = [10_000] + [0] * 10
    with pytest.raises(Unreachable):
        await fetched(http, shelf, tmp_path / "f")
    assert len(shelf.requested) == 3
    assert not _exists(tmp_path / "f")


async def test_its_time_is_that_of_all_tries_together(
    shelf: Shelf, http: SafeHttpClient, tmp_path: Path
) -> None:
    shelf.cuts = [10] * 100
    with pytest.raises(Unreachable):
        await fetched(http, shelf, tmp_path / "f", deadline_s=0.2, pause_s=0.15)
    assert len(shelf.requested) < 4


async def test_too_much_is_too_much_in_several_parts_too(
    shelf: Shelf, http: SafeHttpClient, tmp_path: Path
) -> None:
    shelf.cuts = [10_000]
    with pytest.raises(TooLarge):
        await fetched(http, shelf, tmp_path / "f", limit_bytes=len(FILM) - 1)
    assert not _exists(tmp_path / "f")


@pytest.mark.parametrize(
    ("status", "head"),
    [
        ("404 Not Found", ""),
        ("200 OK", "Content-Encoding: gzip\r\n"),
        ("200 OK", "Content-Encoding: compress\r\n"),
    ],
)
async def test_what_is_no_file_is_refused(
    shelf: Shelf, http: SafeHttpClient, tmp_path: Path, status: str, head: str
) -> None:
    shelf.status, shelf.head = status, head
    with pytest.raises(BadReply):
        await fetched(http, shelf, tmp_path / "f")
    assert (len(shelf.requested), _exists(tmp_path / "f")) == (1, False)


async def test_a_compressed_file_that_was_cut_off_is_fetched_anew_from_its_beginning(
    shelf: Shelf, http: SafeHttpClient, tmp_path: Path
) -> None:
    shelf.film, shelf.head = gzip.compress(FILM), "Content-Encoding: gzip\r\n"
    shelf.cuts = [500, 0]
    assert await fetched(http, shelf, tmp_path / "f") == FILM
    assert [request for request in shelf.requested if "Range" in request] == []


async def test_a_part_that_comes_compressed_is_not_put_behind_one_that_did_not(
    shelf: Shelf, http: SafeHttpClient, tmp_path: Path
) -> None:
    shelf.cuts = [10_000]
    greet = shelf.greet

    async def changing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        shelf.head = "Content-Encoding: gzip\r\n" if len(shelf.requested) == 1 else ""
        await greet(reader, writer)

    server = await asyncio.start_server(changing, "127.0.0.1", 0)
    shelf.port = server.sockets[0].getsockname()[1]
    mine = SafeHttpClient(allow=[f"127.0.0.1:{shelf.port}"], ssl_context=TRUST)
    assert await fetched(mine, shelf, tmp_path / "f") == FILM
    assert ["Range" in request for request in shelf.requested] == [False, True, False]
    await mine.close()
    server.close()


async def test_too_much_is_counted_as_it_is_decoded(
    shelf: Shelf, http: SafeHttpClient, tmp_path: Path
) -> None:
    shelf.film, shelf.head = gzip.compress(FILM), "Content-Encoding: gzip\r\n"
    with pytest.raises(TooLarge):
        await fetched(http, shelf, tmp_path / "f", limit_bytes=len(FILM) - 1)
    assert await fetched(http, shelf, tmp_path / "f", limit_bytes=len(FILM)) == FILM


async def test_a_cancelled_download_leaves_no_file(
    shelf: Shelf, http: SafeHttpClient, tmp_path: Path
) -> None:
    shelf.cuts = [10_000] * 100
    task = asyncio.ensure_future(fetched(http, shelf, tmp_path / "f", pause_s=60.0, deadline_s=600))
    await shelf.served.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert not _exists(tmp_path / "f")


def _exists(file: Path) -> bool:
    return file.exists()
