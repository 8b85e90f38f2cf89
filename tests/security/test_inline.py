"""Images written as text: each spelling is understood, everything else is refused by name."""

import base64
import random
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.kit.inline_images import (
    NotAnImage,
    TooLong,
    bytes_from_text,
    from_text,
    image_type,
    is_url,
)

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
HEADS = {
    ".jpg": b"\xff\xd8\xff\xe0\x00\x10JFIF",
    ".png": PNG,
    ".gif": b"GIF89a\x01\x00\x01\x00",
    ".webp": b"RIFF\x24\x00\x00\x00WEBPVP8 ",
    ".bmp": b"BM\x36\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00",
    ".avif": b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1miaf",
    ".heic": b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic",
}

images = st.builds(
    lambda head, rest: head + rest, st.sampled_from(list(HEADS.values())), st.binary()
)
spellings = st.sampled_from(
    [
        lambda b: base64.b64encode(b).decode(),
        lambda b: base64.urlsafe_b64encode(b).decode(),
        lambda b: base64.b64encode(b).decode().rstrip("="),
        lambda b: base64.urlsafe_b64encode(b).decode().rstrip("="),
        lambda b: textwrap.fill(base64.b64encode(b).decode(), 76),
        lambda b: base64.encodebytes(b).decode().replace("\n", "\r\n"),
        lambda b: f"  {base64.b64encode(b).decode()}\n",
        lambda b: f"data:image/png;base64,{base64.b64encode(b).decode()}",
        lambda b: f"DATA:image/png;charset=utf-8;BASE64,{base64.b64encode(b).decode()}",
        lambda b: f"data:;base64, {base64.urlsafe_b64encode(b).decode()}",
        lambda b: (
            "data:image/png;base64,"
            + base64.b64encode(b)
            .decode()
            .replace("+", "%2B")
            .replace("/", "%2f")
            .replace("=", "%3D")
        ),
    ]
)


@given(content=images, spell=spellings)
def test_every_spelling_gives_the_bytes_back(content: bytes, spell) -> None:  # type: ignore[no-untyped-def]  # a lambda
    assert from_text(spell(content))[0] == content


@pytest.mark.parametrize(("suffix", "head"), HEADS.items())
def test_each_kind_is_known_by_how_it_begins(suffix: str, head: bytes) -> None:
    assert from_text(base64.b64encode(head).decode())[1] == suffix


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1avif", "image/avif"),
        (b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic", "image/heic"),
        (b"\x00\x00\x00\x14ftypmif1\x00\x00\x00\x00mif1avif", "image/heic"),
        (b"\x00\x00\x00\x18ftypisom\x00\x00\x00\x00isomavif", None),
        (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom", None),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", None),
        (b"BMW is a maker of motor cars", None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
        (b"<!doctype html><title>x</title>", None),
        (b"PK\x03\x04", None),
        (b"II*\0", None),
        (b"", None),
    ],
)
def test_lookalikes_are_told_apart(head: bytes, kind: str | None) -> None:
    assert image_type(head) == kind


PLACEHOLDERS = [
    "string",
    "",
    " ",
    "null",
    "image",
    "test",
    "abcd",
    "input.png",
    "./first.jpg",
    "C:\\a.png",
    "ftp://example.com/a.png",
    "file:///etc/passwd",
    "blob:http://a/b",
    "example.com/a.png",
    "data:",
    "data:image/png",
    "data:image/png,%89PNG",
    "data:image/png;base64",
    "data:image/png;base64,",
    "data:image/svg+xml;utf8,<svg/>",
    "data:image/png;base64,!!!!",
    "data:" + "a;" * 2000 + "base64,AAAA",
    "AAAAA",
    "A===",
    "=" * 100,
    "\u00e9" * 40,
    "iVBORw0KGgo\u200b=",
    "A" * 100,
    base64.b64encode(b"<svg xmlns='http://www.w3.org/2000/svg'/>").decode(),
    "data:image/png;base64," + base64.b64encode(b"<html>").decode(),
    "{}",
    "\x00",
]


@pytest.mark.parametrize("text", PLACEHOLDERS)
def test_what_is_no_image_is_refused_and_told_what_works(text: str) -> None:
    assert not is_url(text)
    with pytest.raises(NotAnImage, match=r"http\(s\) URL, a data URI or base64 of a JPEG"):
        from_text(text)


def test_a_refusal_shows_little_of_a_long_text() -> None:
    with pytest.raises(NotAnImage) as refused:
        from_text("Z" * 10_000)
    assert len(str(refused.value)) < 250


@given(st.text())
def test_any_text_is_an_image_or_refused(text: str) -> None:
    with pytest.raises(NotAnImage):
        from_text(text)


@pytest.mark.parametrize("prefix", ["", "data:image/png;base64,"])
def test_an_image_over_the_limit_is_refused_and_one_at_it_is_not(prefix: str) -> None:
    limit_bytes = 1 << 20
    fits = PNG.ljust(limit_bytes, b"x")
    assert from_text(prefix + base64.b64encode(fits).decode(), limit_bytes=limit_bytes)[0] == fits
    with pytest.raises(TooLong, match="1 MiB"):
        from_text(prefix + base64.b64encode(fits + b"x").decode(), limit_bytes=limit_bytes)


@pytest.mark.parametrize(
    "text", ["http://a.com/x", "HTTPS://A.com", " https://a.com ", "http:", "https:a"]
)
def test_what_means_to_be_a_url_is_known_as_one(text: str) -> None:
    assert is_url(text)


@pytest.mark.parametrize("size_bytes", [(1 << 18) - 1, 1 << 18, (3 << 18) + 1, 1_000_003])
@pytest.mark.parametrize("broken", [False, True])
def test_a_long_image_is_read_whole_wherever_its_lines_break(size_bytes: int, broken: bool) -> None:
    image = b"\x89PNG\r\n\x1a\n" + random.Random(1).randbytes(size_bytes)
    text = base64.b64encode(image).decode()
    if broken:
        text = "\r\n".join(text[at : at + 76] for at in range(0, len(text), 76))
    assert from_text(text) == (image, ".png")
    assert from_text(text.replace("+", "-").replace("/", "_").rstrip("=")) == (image, ".png")


def test_padding_in_the_middle_is_no_base64() -> None:
    image = b"\x89PNG\r\n\x1a\n" + b"x" * ((3 << 16) - 10)
    text = base64.b64encode(image).decode()
    assert len(text) == 1 << 18
    assert text.endswith("=")
    with pytest.raises(NotAnImage):
        from_text(text + "AAAA")


def blanks_for_pluses(content: bytes) -> str:
    return base64.b64encode(content).decode().replace("+", " ")


@given(content=images)
def test_blanks_that_a_form_made_of_pluses_are_pluses(content: bytes) -> None:
    assert from_text(blanks_for_pluses(content))[0] == content
    assert from_text(f"data:image/png;base64,{blanks_for_pluses(content)}\n")[0] == content


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("size_bytes", [999, 1000, 1001, 300_000])
def test_a_whole_picture_comes_through_a_form(seed: int, size_bytes: int) -> None:
    image = PNG + random.Random(seed).randbytes(size_bytes)
    spelled = blanks_for_pluses(image)
    assert from_text(spelled)[0] == image
    assert from_text("\r\n".join(textwrap.wrap(spelled, 76, drop_whitespace=False)))[0] == image


@pytest.mark.parametrize("width", [64, 76])
@pytest.mark.parametrize("size_bytes", [1, 2, 3, 40, 170, 171, 172, 1000, 5000])
def test_blanks_where_lines_break_are_none(width: int, size_bytes: int) -> None:
    image = PNG + random.Random(1).randbytes(size_bytes)
    text = base64.b64encode(image).decode()
    lines = [text[at : at + width] for at in range(0, len(text), width)]
    for spelled in (" ".join(lines), " \n".join(lines), f" {' '.join(lines)} "):
        assert from_text(spelled)[0] == image


def test_a_plus_at_the_end_is_kept() -> None:
    image = next(
        image
        for seed in range(10_000)
        if base64.b64encode(image := PNG + random.Random(seed).randbytes(3)).endswith(b"+")
    )
    assert from_text(blanks_for_pluses(image))[0] == image


def test_the_bytes_of_anything_are_read_in_every_spelling() -> None:
    content = bytes(range(256))
    text = base64.b64encode(content).decode()
    for spelled in (
        text,
        text.replace("+", " "),
        text.rstrip("="),
        f"data:video/mp4;base64,{text}",
    ):
        assert bytes_from_text(spelled, limit_bytes=256) == content
    assert bytes_from_text("not base64!", limit_bytes=256) is None
    with pytest.raises(TooLong, match="limit of one file"):
        bytes_from_text(text, limit_bytes=255)
