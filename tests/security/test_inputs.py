"""Fetched inputs: a usable file, a permanent refusal, or a temporary error."""

import gzip
import io
from pathlib import Path

import pytest
from PIL import Image
from tests.security.conftest import Site, Zone

from rushes.core.errors import InputUnusable, TemporaryEngineError
from rushes.kit.safe_http import SafeHttpClient
from rushes.worker.inputs import Inputs

SECRET = "/bot123:token/p.png?X-Amz-Signature=deadbeef"  # a made-up one


def png(width: int = 96, height: int = 64) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), (9, 99, 199)).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def inputs(opened: SafeHttpClient) -> Inputs:
    return Inputs(http=opened, limit_bytes=1 << 20, deadline_s=2.0)


def left_in(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


async def test_a_fetched_picture_becomes_a_png_and_leaves_no_other_file(
    site: Site, inputs: Inputs, tmp_path: Path
) -> None:
    site.page("/p", png(), head="Content-Type: text/html\r\n")
    site.redirect("/r", "/p")
    file = await inputs.prepare(site.url("/r"), tmp_path / "first.png")
    with Image.open(file) as picture:
        assert (picture.size, picture.getpixel((5, 5))) == ((96, 64), (9, 99, 199))
    assert left_in(tmp_path) == ["first.png"]
    assert "User-Agent: rushes/" in site.requests[0]


async def test_a_picture_that_comes_compressed_unasked_is_taken(
    site: Site, inputs: Inputs, tmp_path: Path
) -> None:
    site.page("/p", gzip.compress(png()), head="Content-Encoding: gzip\r\n")
    with Image.open(await inputs.prepare(site.url("/p"), tmp_path / "first.png")) as picture:
        assert picture.size == (96, 64)
    site.page("/p", b"not gzip", head="Content-Encoding: gzip\r\n")
    with pytest.raises(InputUnusable, match="compressed with gzip, but it is not"):
        await inputs.prepare(site.url("/p"), tmp_path / "second.png")


async def test_a_file_is_converted_to_png_and_the_original_stays(
    inputs: Inputs, tmp_path: Path
) -> None:
    source = tmp_path / "mine.jpg"
    source.write_bytes(png())
    await inputs.prepare(source, tmp_path / "first.png")
    assert source.read_bytes() == png()
    assert left_in(tmp_path) == ["first.png", "mine.jpg"]


@pytest.mark.parametrize(
    ("status", "body", "why"),
    [
        ("404 Not Found", b"", "status 404"),
        ("403 Forbidden", b"<html>", "status 403.*anybody"),
        ("304 Not Modified", b"", "status 304"),
        ("200 OK", b"<html>sign in", "a web page"),
        ("200 OK", b"", "empty"),
        ("200 OK", b"\xff\xd8\xff\xe0 and no more", "broken"),
        ("200 OK", b"x" * ((1 << 20) + 1), "more than 1 MiB"),
        ("302 Found", b"", "status 302"),
    ],
)
async def test_a_client_error_is_a_permanent_error(
    site: Site, inputs: Inputs, tmp_path: Path, *, status: str, body: bytes, why: str
) -> None:
    site.page(SECRET.partition("?")[0], body, status)
    with pytest.raises(
        InputUnusable, match=f"^Failed to read user input frames: .*{why}"
    ) as reported:
        await inputs.prepare(site.url(SECRET), tmp_path / "first.png")
    assert_no_secret(reported.value)
    assert left_in(tmp_path) == []


@pytest.mark.parametrize(
    "status", ["500 E", "502 B", "503 S", "504 G", "429 Too Many", "408 T", "425 E"]
)
async def test_a_server_error_is_a_temporary_error(
    site: Site, inputs: Inputs, tmp_path: Path, status: str
) -> None:
    site.page(SECRET.partition("?")[0], b"", status)
    with pytest.raises(TemporaryEngineError, match=f"status {status[:3]}") as reported:
        await inputs.prepare(site.url(SECRET), tmp_path / "first.png")
    assert_no_secret(reported.value)


async def test_a_server_that_hangs_or_breaks_is_tried_again(
    site: Site, opened: SafeHttpClient, tmp_path: Path
) -> None:
    async def hang(reader: object, writer: object) -> None:
        await reader.read()  # type: ignore[attr-defined]  # a StreamReader

    inputs = Inputs(http=opened, deadline_s=0.2)
    site.answers["/hang"] = hang
    site.answers["/break"] = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"
    for path in ("/hang", "/break"):
        with pytest.raises(TemporaryEngineError, match=r"frames: 127\.0\.0\.1: "):
            await inputs.prepare(site.url(path), tmp_path / "first.png")


async def test_a_name_without_an_address_is_tried_again(
    inputs: Inputs, zone: Zone, tmp_path: Path
) -> None:
    with pytest.raises(TemporaryEngineError, match="could not be looked up") as reported:
        await inputs.prepare("https://nowhere.example" + SECRET, tmp_path / "first.png")
    assert_no_secret(reported.value)


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data/iam/",
        "http://evil.example" + SECRET,
        "http://user:token@a.example/",
        "file:///etc/passwd",
        "/etc/passwd",
        "string",
        "",
        "http://127.0.0.1:1/",
    ],
)
async def test_a_forbidden_address_is_refused_with_advice(
    inputs: Inputs, zone: Zone, tmp_path: Path, url: str
) -> None:
    zone.add("evil.example", ["8.8.8.8", "10.1.2.3"])
    with pytest.raises(
        InputUnusable, match=r"^Failed to read user input frames: .*public"
    ) as reported:
        await inputs.prepare(url, tmp_path / "first.png")
    assert_no_secret(reported.value)
    assert "10.1.2.3" not in str(reported.value)


async def test_a_redirect_inside_is_refused_for_good(
    site: Site, inputs: Inputs, tmp_path: Path
) -> None:
    site.redirect("/", "http://169.254.169.254/latest" + SECRET)
    with pytest.raises(InputUnusable) as reported:
        await inputs.prepare(site.url(), tmp_path / "first.png")
    assert_no_secret(reported.value)


def assert_no_secret(error: Exception) -> None:
    assert not [word for word in ("token", "deadbeef", "bot123") if word in str(error)]
