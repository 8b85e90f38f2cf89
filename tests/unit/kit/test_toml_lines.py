"""On which line something stands in a TOML text."""

import json
import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.kit.toml_lines import line_of, lines

EXAMPLE = '''\
# [not.a.table]
title = "a # b"  # note

[server]
port = 1
"quoted key" . 'inner' = [
    "]", # [neither]
    "x = 1",
]

text = """
[nor.this]
port = 2"""
more = \'\'\'
it's = "not"\'\'\'
[ channels . "a.b" ]
kind = "relay"
can = { loop = true,  names = ["{"] }
[[many]]
one = 1
[[many]]
two = 2
'''


def test_headers_and_keys_are_found_and_what_only_looks_like_them_is_not() -> None:
    assert lines(EXAMPLE) == {
        ("title",): 2,
        ("server",): 4,
        ("server", "port"): 5,
        ("server", "quoted key"): 6,
        ("server", "quoted key", "inner"): 6,
        ("server", "text"): 11,
        ("server", "more"): 14,
        ("channels",): 16,
        ("channels", "a.b"): 16,
        ("channels", "a.b", "kind"): 17,
        ("channels", "a.b", "can"): 18,
        ("many",): 19,
        ("many", "one"): 20,
        ("many", "two"): 22,
    }


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("channels", "a.b", "can", "loop"), 18),  # as far as the inline table's line
        (("channels", "a.b", "base_url"), 16),  # which is not there: where its table is
        (("server", "port"), 5),
        (("nowhere", "at", "all"), None),
    ],
)
def test_what_stands_nowhere_is_looked_for_in_the_table_around_it(
    path: tuple[str, ...], line: int | None
) -> None:
    assert line_of(lines(EXAMPLE), path) == line


def test_a_text_may_end_without_a_newline_and_be_empty() -> None:
    assert lines("a = 1") == {("a",): 1}
    assert lines("") == {}


NAMES = st.one_of(
    st.from_regex(r"[A-Za-z0-9_-]{1,6}", fullmatch=True),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=6),
)
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=12)


def written_text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


@st.composite
def written_values(draw: st.DrawFn) -> str:
    """A value as somebody may write it, over several lines and with lures in it."""
    text = draw(TEXTS)
    quoted = written_text(text)
    lure = draw(st.sampled_from(["[table]", "key = 1", "]", "# no", "'", '"', "{"]))
    return draw(
        st.sampled_from(
            [
                "1.5",
                "2026-11-21 06:00:00",
                quoted,
                f'"""\n{lure}\n{text.replace(chr(92), "").replace(chr(34), "")}\n"""',
                f"'''\n{lure.replace(chr(39), '')}\n'''",
                f"[\n  {quoted},  # {lure}\n\n  {written_text(lure)}\n]",
                f"[[1, 2], [{quoted}]]",
                f"{{ a = {quoted}, b = [{written_text(lure)}] }}",
            ]
        )
    )


def key(name: str) -> str:
    bare = name and all(c.isascii() and (c.isalnum() or c in "_-") for c in name)
    return name if bare else written_text(name)


@given(st.data())
def test_each_table_and_value_is_found_on_the_line_on_which_it_was_written(
    data: st.DataObject,
) -> None:
    text = ""
    expected: dict[tuple[str, ...], int] = {}

    def note(*path: str) -> None:
        at = text.count("\n") + 1
        for length in range(1, len(path) + 1):
            expected.setdefault(path[:length], at)

    tables = data.draw(st.lists(NAMES, unique=True, max_size=4))
    for table in [None, *tables]:
        text += data.draw(st.sampled_from(["", "\n", "# [a]\n", "  \n\t# x = 1\n"]))
        above: tuple[str, ...] = ()
        if table is not None:
            above = ("top", table)
            note(*above)
            text += f"[top.{key(table)}]{data.draw(st.sampled_from(['', ' # note']))}\n"
        for name in data.draw(
            st.lists(NAMES.filter(lambda n: n != "top"), unique=True, max_size=3)
        ):
            text += data.draw(st.sampled_from(["", "\n", "  "]))
            note(*above, name)
            text += f"{key(name)} = {data.draw(written_values())}\n"
    tree = tomllib.loads(text)
    found = lines(text)
    assert found == expected
    assert {path for path in found if len(path) == 1} == {(name,) for name in tree}


@given(st.text(alphabet="ab=.[]{}\"'#\\\n ", max_size=40))
def test_every_valid_text_can_be_read(text: str) -> None:
    try:
        tree: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    assert {path[0] for path in lines(text)} == set(tree)
