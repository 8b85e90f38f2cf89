"""What a caller sent is shown in short, and never as the bytes of a file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.kit.quoting import quoted, quoted_json, quoted_text, readable

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01".decode("latin-1")


def test_text_is_quoted_and_cut() -> None:
    assert quoted("hd") == quoted_text("hd") == "'hd'"
    assert quoted("été 夏 🎬") == "'été 夏 🎬'"
    assert quoted("x" * 100) == f"'{'x' * 57}'..."
    assert quoted("two\nlines\tof it") == r"'two\nlines\tof it'"


def test_other_values_are_shown_as_json() -> None:
    assert quoted({"a": [1, None, "é"]}) == '{"a": [1, null, "é"]}'
    assert quoted_json("hd") == '"hd"'
    assert quoted(10**5000) == "a very large number"
    assert len(quoted(list(range(100)))) == 60


@pytest.mark.parametrize("value", [JPEG, [JPEG], {"a": {"b": JPEG}}, {JPEG: 1}, "a\ufffdb", "\x80"])
def test_binary_is_told_of_and_not_shown(value: object) -> None:
    for reported in (quoted(value), quoted_json(value)):
        assert "not text" in reported
        assert "JFIF" not in reported


def test_bytes_are_told_of_as_a_file() -> None:
    assert quoted(b"\xff\xd8") == "a file of 2 bytes"
    assert quoted({"a": b"\xff\xd8"}) == '{"a": "a file of 2 bytes"}'


def test_a_message_keeps_its_words_and_loses_what_is_binary() -> None:
    assert readable("size is wrong: 'x'\nsend one") == "size is wrong: 'x'\nsend one"
    assert readable(f"a {JPEG} is not understood") == "a (not text) is not understood"


@given(st.recursive(st.text() | st.integers() | st.none(), lambda one: st.lists(one, max_size=3)))
def test_nothing_that_is_shown_is_long_or_unprintable(value: object) -> None:
    for reported in (quoted(value), quoted_json(value), quoted(str(value))):
        assert readable(reported) == reported
        assert "\n" not in reported
        assert len(reported) <= 60 * 10 + 5  # escapes of 57 characters
