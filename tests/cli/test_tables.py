"""Tables that fit the terminal, and lose nothing in a pipe."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from rushes.cli.support.output import fitting

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=12)
TEXTS = st.lists(WORDS, max_size=4).map(" ".join)
NAMES = ("id", "state", "made", "model", "prompt")
ROWS = st.lists(st.tuples(*[TEXTS] * len(NAMES)), max_size=5)
SPARE = ("model", "made", "prompt")


def total(widths: dict[str, int]) -> int:
    return sum(widths.values()) + 2 * (len(widths) - 1)


@given(rows=ROWS, width=st.integers(10, 200))
def test_a_table_fits_or_all_that_can_be_spared_is_left_out(rows, width: int) -> None:
    found = fitting(NAMES, rows, cut="prompt", spare=SPARE, width=width)
    assert total(found) <= width or not set(SPARE) & set(found)


@given(rows=ROWS, width=st.integers(10, 200))
def test_nothing_is_left_out_out_of_turn(rows, width: int) -> None:
    found = fitting(NAMES, rows, cut="prompt", spare=SPARE, width=width)
    left = [name for name in SPARE if name not in found]
    assert left == list(SPARE[: len(left)])
    assert [name for name in NAMES if name in found] == list(found)
    assert {"id", "state"} <= set(found)


@given(rows=ROWS)
def test_where_there_is_room_everything_is_as_wide_as_its_text(rows) -> None:
    found = fitting(NAMES, rows, cut="prompt", spare=SPARE, width=10_000)
    for index, name in enumerate(NAMES):
        assert found[name] == max(cell_len(name), *(cell_len(row[index]) for row in rows), 0)


@given(rows=ROWS, width=st.integers(10, 200))
def test_an_id_is_never_broken(rows, width: int) -> None:
    found = fitting(NAMES, rows, cut="prompt", spare=SPARE, width=width)
    assert found["id"] == max(2, *(cell_len(row[0]) for row in rows), 0)
