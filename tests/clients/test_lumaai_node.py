"""The npm packages lumaai and @ai-sdk/luma, run by Node against a real server."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.clients.conftest import Serving


@pytest.fixture(scope="module")
def reported(node: Callable[..., Any]) -> Any:
    """What every method of lumaai made, asked for once."""
    return node("lumaai.js")


def test_a_video_is_made_and_polled(reported: Any) -> None:
    assert (reported["made"]["state"], reported["made"]["assets"]) == ("queued", None)
    assert reported["film"]["state"] == "completed"
    assert reported["film"]["assets"]["video"].endswith(".mp4")
    assert reported["film"]["request"]["resolution"] == "540p"


def test_a_picture_in_sync_mode_is_there_when_the_answer_is(reported: Any) -> None:
    assert reported["picture"]["state"] == "completed"
    assert reported["picture"]["generation_type"] == "image"


def test_every_kind_of_work_is_taken(reported: Any) -> None:
    assert [request["generation_type"] for request in reported["made_too"]] == [
        "video",
        "upscale_video",
        "add_audio",
        "reframe_video",
        "reframe_image",
    ]


def test_the_list_comes_in_pages(reported: Any) -> None:
    listed = reported["list"]
    assert (listed["count"], listed["has_more"], len(listed["generations"])) == (2, True, 2)


@pytest.mark.parametrize(
    ("name", "kind", "status"),
    [
        ("gone", "NotFoundError", 404),
        ("short", "BadRequestError", 400),
        ("field", "UnprocessableEntityError", 422),
        ("modify", "UnprocessableEntityError", 422),
        ("stranger", "AuthenticationError", 401),
    ],
)
def test_each_mistake_is_the_error_that_the_library_has_for_it(
    reported: Any, name: str, kind: str, status: int
) -> None:
    assert (reported[name]["kind"], reported[name]["status"]) == (kind, status)


def test_camera_moves_ping_and_credits(reported: Any) -> None:
    assert "dolly_zoom" in reported["concepts"]
    assert reported["ping"] == {"message": "pong"}
    assert reported["credits"]["credit_balance"] > 0


def test_the_ai_sdk_draws_with_and_without_references_and_reads_our_errors(
    node: Callable[..., Any], reported: Any, server: Serving
) -> None:
    drawn = node("ai_sdk_luma.js", reported["film"]["assets"]["image"])
    assert drawn["plain"]["type"] == "image/jpeg"
    for one in (drawn["plain"], *drawn["references"].values()):
        assert one["bytes"] > 1000
        assert one["warnings"] == 0
    assert set(drawn["references"]) == {"image", "style", "character", "modify_image"}
    assert drawn["wrong_ratio"]["status"] == 422
    assert drawn["wrong_ratio"]["message"].startswith("aspect_ratio must be one of")
    assert "makes videos" in drawn["wrong_model"]["message"]
