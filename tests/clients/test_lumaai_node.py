"""The npm packages lumaai and @ai-sdk/luma, run by Node against a real server."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.clients.conftest import Serving


@pytest.fixture(scope="module")
def told(node: Callable[..., Any]) -> Any:
    """What every method of lumaai made, asked for once."""
    return node("lumaai.js")


def test_a_video_is_made_and_polled(told: Any) -> None:
    assert (told["made"]["state"], told["made"]["assets"]) == ("queued", None)
    assert told["film"]["state"] == "completed"
    assert told["film"]["assets"]["video"].endswith(".mp4")
    assert told["film"]["request"]["resolution"] == "540p"


def test_a_picture_in_sync_mode_is_there_when_the_answer_is(told: Any) -> None:
    assert told["picture"]["state"] == "completed"
    assert told["picture"]["generation_type"] == "image"


def test_every_kind_of_work_is_taken(told: Any) -> None:
    assert [request["generation_type"] for request in told["made_too"]] == [
        "video",
        "upscale_video",
        "add_audio",
        "reframe_video",
        "reframe_image",
    ]


def test_the_list_comes_in_pages(told: Any) -> None:
    listed = told["list"]
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
    told: Any, name: str, kind: str, status: int
) -> None:
    assert (told[name]["kind"], told[name]["status"]) == (kind, status)


def test_camera_moves_ping_and_credits(told: Any) -> None:
    assert "dolly_zoom" in told["concepts"]
    assert told["ping"] == {"message": "pong"}
    assert told["credits"]["credit_balance"] > 0


def test_the_ai_sdk_draws_with_and_without_references_and_reads_our_errors(
    node: Callable[..., Any], told: Any, server: Serving
) -> None:
    drawn = node("ai_sdk_luma.js", told["film"]["assets"]["image"])
    assert drawn["plain"]["type"] == "image/jpeg"
    for one in (drawn["plain"], *drawn["references"].values()):
        assert one["bytes"] > 1000
        assert one["warnings"] == 0
    assert set(drawn["references"]) == {"image", "style", "character", "modify_image"}
    assert drawn["wrong_ratio"]["status"] == 422
    assert drawn["wrong_ratio"]["message"].startswith("aspect_ratio must be one of")
    assert "makes videos" in drawn["wrong_model"]["message"]
