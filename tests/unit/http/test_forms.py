"""A body as fields, whichever way it was written."""

import json
from base64 import b64decode, b64encode
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.core.errors import InvalidRequest
from rushes.http.form_bodies import DEEPEST, MOST_FIELDS, Part, data_uri, fields, nested, parts

FORM = "application/x-www-form-urlencoded"
NAMES = st.text("abcdefgh_", min_size=1, max_size=6)
TREES = st.recursive(
    st.text(),
    lambda inner: (
        st.lists(st.text(), min_size=1, max_size=3)
        | st.dictionaries(NAMES, inner, min_size=1, max_size=3)
    ),
    max_leaves=6,
)


def flat(tree: Any, name: str = "") -> list[tuple[str, str]]:
    """Write *tree* as a form with brackets does."""
    if isinstance(tree, dict):
        return [
            pair
            for key, inner in tree.items()
            for pair in flat(inner, f"{name}[{key}]" if name else key)
        ]
    if isinstance(tree, list):
        return [(f"{name}[]", one) for one in tree]
    return [(name, tree)]


@given(st.dictionaries(NAMES, TREES, max_size=4))
async def test_what_was_flattened_is_put_together_again(tree: dict[str, Any]) -> None:
    try:
        assert nested(flat(tree)) == tree
    except InvalidRequest:
        assert any(name.count("[") > DEEPEST for name, _ in flat(tree))
        return
    assert await fields(urlencode(flat(tree)).encode(), FORM) == tree


@given(st.dictionaries(st.text(), st.integers() | st.text() | st.none() | st.booleans()))
async def test_json_is_read_whatever_it_is_called(value: dict[str, Any]) -> None:
    raw = json.dumps(value).encode()
    for kind in ("application/json", "text/plain", FORM, "multipart/form-data", ""):
        assert await fields(raw, kind) == value


def test_a_repeated_name_is_a_list() -> None:
    assert nested([("a", "1"), ("a", "2"), ("a", "3")]) == {"a": ["1", "2", "3"]}


@pytest.mark.parametrize(
    "pairs",
    [
        [("a", "1"), ("a[b]", "2")],
        [("a[b]", "1"), ("a", "2")],
        [("a[b][c]", "1"), ("a[b]", "2")],
        [("a" + "[b]" * (DEEPEST + 1), "1")],
    ],
)
def test_names_that_contradict_each_other_are_refused(pairs: list[tuple[str, str]]) -> None:
    with pytest.raises(InvalidRequest):
        nested(pairs)


@pytest.mark.parametrize("name", ["a[", "a]", "[a]", "a[b", "a]b[", "[]", ""])
def test_odd_brackets_are_part_of_the_name(name: str) -> None:
    assert nested([(name, "1")]) == {name: "1"}


async def test_no_body_has_no_fields() -> None:
    assert await fields(b"", "application/json") == {}
    assert await fields(b" \r\n", "multipart/form-data; boundary=x") == {}


async def test_a_file_is_a_data_uri_of_its_bytes() -> None:
    raw = (
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
        b'--x\r\nContent-Disposition: form-data; name="f"; filename="f.bin"\r\n\r\n\x00\xff\r\n--x--\r\n'
    )
    found = await fields(raw, "multipart/form-data; boundary=x")
    assert found["a"] == "1"
    assert found["f"] == data_uri(b"\x00\xff")
    assert b64decode(str(found["f"]).partition(",")[2]) == b"\x00\xff"


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (b"a=%ff", FORM),
        (b"a=\xff", FORM),
        ("&".join(f"a{n}=1" for n in range(MOST_FIELDS + 1)).encode(), FORM),
        (b"--x\r\n", "multipart/form-data"),
        (b"nonsense", "multipart/form-data; boundary=x"),
        (b"nonsense", "application/json"),
        (b"[]", "application/json"),
        (b"nonsense", ""),
        (b'{"x": NaN}', "application/json"),
        (b'{"x": -Infinity}', "application/json"),
    ],
)
async def test_what_is_neither_json_nor_a_form_is_refused(raw: bytes, kind: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        await fields(raw, kind)
    assert caught.value.param == "body"


async def test_a_long_text_in_a_multipart_form_is_taken_whole() -> None:
    long = b"x" * (3 << 20)
    raw = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n' + long + b"\r\n--x--\r\n"
    assert (await fields(raw, "multipart/form-data; boundary=x"))["a"] == long.decode()


JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01"


def one_part(data: bytes, *heads: str) -> bytes:
    head = "".join(f"{one}\r\n" for one in ('Content-Disposition: form-data; name="a"', *heads))
    return b"--x\r\n" + head.encode() + b"\r\n" + data + b"\r\n--x--\r\n"


async def read_part(data: bytes, *heads: str) -> str | Part:
    [(name, value)] = await parts(one_part(data, *heads), "multipart/form-data; boundary=x")
    assert name == "a"
    return value


@pytest.mark.parametrize(
    ("data", "heads"),
    [
        (JPEG, []),
        (JPEG, ["Content-Type: image/jpeg"]),
        (JPEG, ["Content-Type: application/octet-stream"]),
        (JPEG, ["Content-Type: text/plain; charset=utf-8"]),
        (b"GIF89a\x01\x00\x01\x00\x00\x00\x00", []),
        (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom", []),
        (b"\x01\x02\xfe\xff of no known kind", []),
        (b"not really", ["Content-Type: Image/PNG"]),
    ],
)
async def test_a_file_without_a_name_is_a_file(data: bytes, heads: list[str]) -> None:
    found = await read_part(data, *heads)
    assert isinstance(found, Part)
    assert (found.data, found.name) == (data, None)
    raw = one_part(data, *heads)
    assert await fields(raw, "multipart/form-data; boundary=x") == {"a": data_uri(data)}


@pytest.mark.parametrize(
    "text",
    ["a dune", "été 夏 🎬", "GIF89a is a format, BM a badge", "two\r\nlines\t", "\x01", "\x00", ""],
)
async def test_text_without_a_file_name_stays_text(text: str) -> None:
    assert await read_part(text.encode()) == text
    assert await read_part(text.encode(), "Content-Type: text/plain") == text
    assert await read_part(text.encode(), "Content-Type: application/octet-stream") == text


async def test_text_in_latin_1_stays_text() -> None:
    assert await read_part("été".encode("latin-1")) == "été"


async def test_a_file_in_base64_is_the_bytes_that_it_spells() -> None:
    heads = ["Content-Transfer-Encoding: base64", "Content-Type: image/jpeg"]
    found = await read_part(b64encode(JPEG), *heads)
    assert isinstance(found, Part)
    assert found.data == JPEG
    found = await read_part(JPEG, *heads)
    assert isinstance(found, Part)
    assert found.data == JPEG
