"""Texts with NUL come back from PostgreSQL as they were."""

from hypothesis import given
from hypothesis import strategies as st

from rushes.store.postgres.nul_characters import original, storable


@given(st.text(st.sampled_from("\0\x100a")))
def test_what_is_stored_has_no_nul_and_comes_back(text: str) -> None:
    stored = storable(text)
    assert "\0" not in stored
    assert original(stored) == text
