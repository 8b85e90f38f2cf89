"""The npm package openai, run by Node against a real server."""

from collections.abc import Callable
from typing import Any

import pytest

FIELDS = {
    "id", "object", "model", "status", "progress", "created_at", "completed_at", "expires_at",
    "size", "seconds", "prompt", "remixed_from_video_id", "error",
}  # fmt: skip
"""What its type ``Video`` declares."""


@pytest.fixture(scope="module")
def told(node: Callable[..., Any]) -> Any:
    """What every method made, asked for once."""
    return node("openai.js")


def test_a_video_is_made_polled_and_downloaded(told: Any) -> None:
    assert told["made"]["status"] in {"queued", "in_progress"}
    film = told["film"]
    assert (film["status"], film["progress"], film["model"]) == ("completed", 100, "sora-2")
    assert (film["seconds"], film["size"]) == ("4", "128x128")
    assert (told["content_type"], told["sheet_type"]) == ("video/mp4", "image/jpeg")
    assert told["bytes"] > 1000
    assert told["poll_hint"] is None


def test_replies_have_what_the_type_declares_and_nothing_else(told: Any) -> None:
    for video in (told["made"], told["film"], told["remix"], told["more"], *told["guided"]):
        assert set(video) == FIELDS


def test_a_picture_may_be_a_file_or_an_object(told: Any) -> None:
    assert len(told["guided"]) == 2


def test_a_remix_and_an_extension_know_where_they_come_from(told: Any) -> None:
    assert told["remix"]["remixed_from_video_id"] == told["film"]["id"]
    assert (told["more"]["status"], told["more"]["seconds"]) == ("completed", "8")


def test_the_list_comes_in_pages_both_ways(told: Any) -> None:
    first, every = told["first"], told["every"]
    assert first["ids"] == [told["more"]["id"], told["remix"]["id"]]
    assert first["has_more"] is True
    assert every[-2:] == first["ids"][::-1]
    assert len(every) == len(set(every)) >= 5


def test_what_is_deleted_is_gone(told: Any) -> None:
    assert told["gone"] == {
        "id": told["guided"][0]["id"],
        "object": "video.deleted",
        "deleted": True,
    }


@pytest.mark.parametrize(
    ("name", "kind", "status", "param"),
    [
        ("edit", "BadRequestError", 400, "model"),
        ("character", "BadRequestError", 400, "video"),
        ("no_character", "NotFoundError", 404, None),
        ("gone", "NotFoundError", 404, None),
        ("seconds", "BadRequestError", 400, "seconds"),
        ("stranger", "AuthenticationError", 401, None),
    ],
)
def test_errors_are_of_its_classes(
    told: Any, name: str, kind: str, status: int, param: str | None
) -> None:
    error = told["errors"][name]
    assert (error["name"], error["status"], error["param"]) == (kind, status, param)
    assert error["code"]
    assert error["message"]
