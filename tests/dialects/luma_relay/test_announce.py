"""What is posted to a notify_hook, in each wording and state."""

import json
from typing import Any

import pytest
from tests.dialects.luma_relay.conftest import Server, golden

from rushes.dialects.luma_relay.dialect import LumaRelay
from rushes.dialects.luma_relay.wire import NOTIFY_FORMATS

STATES = ["processing", "completed", "failed"]
HOOK = "https://hooks.example/luma"


async def reported(server: Server, state: str, wording: str) -> dict[str, Any]:
    task_id = (await server.create(notify_hook=HOOK, image_url="https://a.example/1.png"))["id"]
    await server.bring_to(task_id, state)
    body = server.dialect.announcement(
        await server.stored(task_id), wording=wording, url=lambda key: f"https://me.example/{key}"
    )
    return dict(json.loads(body))


@pytest.mark.parametrize("state", STATES)
async def test_the_superset_is_the_reply_and_more(server: Server, state: str) -> None:
    body = await reported(server, state, "superset")
    reply = await server.show(body["id"])
    assert set(body) == {*reply, "type"} | ({"output"} if state == "completed" else set())
    assert set(golden(f"reply_{state}.json")) <= set(body)
    assert body["state"] == state
    assert body["type"] == "video"
    if state == "completed":
        base = f"https://me.example/{body['id']}/1"
        assert body["video"]["url"] == f"{base}/video.mp4"
        assert body["output"] == {
            "video_url": f"{base}/video.mp4",
            "cover_url": f"{base}/thumbnail.jpg",
            "duration": pytest.approx(5.04, abs=0.01),
        }


@pytest.mark.parametrize(
    ("state", "word"),
    [("processing", "dreaming"), ("completed", "completed"), ("failed", "failed")],
)
async def test_the_official_wording_is_lumas_generation(
    server: Server, state: str, word: str
) -> None:
    body = await reported(server, state, "official")
    assert set(body) == {
        "id",
        "generation_type",
        "state",
        "failure_reason",
        "created_at",
        "assets",
        "model",
        "request",
    }
    assert body["state"] == word
    assert body["request"]["generation_type"] == "video"
    assert body["request"]["callback_url"] == HOOK
    assert (body["failure_reason"] is not None) is (state == "failed")
    if state == "completed":
        assert body["assets"]["video"].endswith("/video.mp4")
        assert body["assets"]["image"].endswith("/thumbnail.jpg")
    else:
        assert body["assets"] is None


@pytest.mark.parametrize(
    ("state", "word"),
    [("processing", "processing"), ("completed", "succeed"), ("failed", "failed")],
)
async def test_crazyrouters_wording_has_its_words_and_whole_seconds(
    server: Server, state: str, word: str
) -> None:
    body = await reported(server, state, "crazyrouter")
    assert (body["status"], body["type"]) == (word, "video")
    assert type(body["created_at"]) is type(body["updated_at"]) is int
    assert 1_700_000_000 < body["created_at"] < body["updated_at"] < 2_000_000_000
    assert ("output" in body) is (state == "completed")
    assert ("error" in body) is (state == "failed")


@pytest.mark.parametrize("state", STATES)
async def test_new_apis_wording_is_a_row_of_a_wrapped_batch(server: Server, state: str) -> None:
    body = await reported(server, state, "newapi")
    assert (body["code"], body["message"]) == ("success", "")
    assert body["data"]["task_id"] == body["data"]["data"]["id"]
    assert body["data"]["data"]["state"] == state


@pytest.mark.parametrize("wording", NOTIFY_FORMATS)
@pytest.mark.parametrize("state", ["processing", "failed"])
async def test_no_wording_speaks_of_a_video_before_there_is_one(
    server: Server, state: str, wording: str
) -> None:
    assert "me.example" not in json.dumps(await reported(server, state, wording))


async def test_a_wording_that_is_no_longer_known_becomes_the_superset(server: Server) -> None:
    assert (await reported(server, "completed", "forgotten"))["type"] == "video"


@pytest.mark.parametrize(
    "wrong", [{"batch_format": "object"}, {"notify_format": "xml"}, {"batch_format": ""}]
)
def test_a_format_that_nobody_speaks_is_refused_at_start(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="must be one of"):
        LumaRelay(**wrong)


async def test_what_an_operator_chose_is_what_is_remembered(server: Server) -> None:
    chosen = LumaRelay(notify_format="official")
    assert chosen.name == server.dialect.name == "luma_relay"
    assert chosen.prefix == "/luma"
    assert chosen.fast_retries_s == ()
