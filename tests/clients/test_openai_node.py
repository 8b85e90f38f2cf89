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
def reported(node: Callable[..., Any]) -> Any:
    """What every method made, asked for once."""
    return node("openai.js")


def test_a_video_is_made_polled_and_downloaded(reported: Any) -> None:
    assert reported["made"]["status"] in {"queued", "in_progress"}
    film = reported["film"]
    assert (film["status"], film["progress"], film["model"]) == ("completed", 100, "sora-2")
    assert (film["seconds"], film["size"]) == ("4", "128x128")
    assert (reported["content_type"], reported["sheet_type"]) == ("video/mp4", "image/jpeg")
    assert reported["bytes"] > 1000
    assert reported["poll_hint"] is None


def test_replies_have_what_the_type_declares_and_nothing_else(reported: Any) -> None:
    for video in (
        reported["made"],
        reported["film"],
        reported["remix"],
        reported["more"],
        *reported["guided"],
    ):
        assert set(video) == FIELDS


def test_a_picture_may_be_a_file_or_an_object(reported: Any) -> None:
    assert len(reported["guided"]) == 2


def test_a_remix_and_an_extension_know_where_they_come_from(reported: Any) -> None:
    assert reported["remix"]["remixed_from_video_id"] == reported["film"]["id"]
    assert (reported["more"]["status"], reported["more"]["seconds"]) == ("completed", "8")


def test_the_list_comes_in_pages_both_ways(reported: Any) -> None:
    first, every = reported["first"], reported["every"]
    assert first["ids"] == [reported["more"]["id"], reported["remix"]["id"]]
    assert first["has_more"] is True
    assert every[-2:] == first["ids"][::-1]
    assert len(every) == len(set(every)) >= 5


def test_what_is_deleted_is_gone(reported: Any) -> None:
    assert reported["gone"] == {
        "id": reported["guided"][0]["id"],
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
    reported: Any, name: str, kind: str, status: int, param: str | None
) -> None:
    error = reported["errors"][name]
    assert (error["name"], error["status"], error["param"]) == (kind, status, param)
    assert error["code"]
    assert error["message"]
