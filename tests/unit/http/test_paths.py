"""The one spelling of a path."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.http.app import canonical_path

PARTS = st.sampled_from(["luma", "v1", "V1", "pro", "vip", "generations", "x", ""])


@pytest.mark.parametrize(
    ("path", "one"),
    [
        ("/", "/"),
        ("//", "/"),
        ("/luma/generations", "/luma/generations"),
        ("/luma/generations/", "/luma/generations"),
        ("/luma/generations//", "/luma/generations"),
        ("//luma/generations", "/luma/generations"),
        ("//v1/luma/v1/tasks/", "/luma/tasks"),
        ("/pro/luma/V1/tasks", "/luma/tasks"),
        ("/v1/videos/", "/v1/videos"),
        ("/v1/generations", "/v1/generations"),
        ("/vip/other", "/vip/other"),
        ("/v2/luma/tasks", "/v2/luma/tasks"),
        ("/x/v1/luma/tasks", "/x/v1/luma/tasks"),
        ("/luma/generations/v1/x", "/luma/generations/v1/x"),
    ],
)
def test_a_path_has_one_spelling(path: str, one: str) -> None:
    assert canonical_path(path) == one


@given(st.lists(PARTS).map(lambda parts: "/" + "/".join(parts)))
def test_the_one_spelling_begins_with_one_slash_and_ends_without(path: str) -> None:
    one = canonical_path(path)
    assert one.startswith("/")
    assert not one.startswith("//")
    assert one == "/" or not one.endswith("/")
