"""How generations are told of, whichever dialect took them and whatever kind they are."""

import json
from typing import Any
from uuid import UUID

import pytest
from tests.dialects.openai_videos.conftest import PIXEL, VIDEOS, Server

from rushes.core.generation import State
from rushes.dialects.openai_videos.dialect import OpenAIVideos
from rushes.dialects.openai_videos.translate import event_of, seconds_text, status_word

TASKS = "/v1/video/generations"
NATIVE = "/api/v1/generations"


async def test_a_video_from_its_beginning_to_its_end(server: Server) -> None:
    reported = await server.ask(model="sora-2")
    id_, began = reported["id"], reported["created_at"]
    assert id_.startswith("video_")
    assert len(id_) == 38
    assert (reported["status"], reported["progress"], reported["object"]) == ("queued", 0, "video")
    await server.run(id_, progress=0.42)
    reported = await server.get(f"{VIDEOS}/{id_}")
    assert (reported["status"], reported["progress"], reported["completed_at"]) == (
        "in_progress",
        42,
        None,
    )
    id_ = await server.completed(model="sora-2")
    reported = await server.get(f"{VIDEOS}/{id_}")
    assert (reported["status"], reported["progress"], reported["error"]) == ("completed", 100, None)
    assert reported["completed_at"] > began
    assert (reported["seconds"], reported["size"], reported["model"]) == ("4", "720x1280", "sora-2")


async def test_a_failure_says_why(server: Server) -> None:
    id_ = (await server.ask())["id"]
    await server.fail(id_, message="no such luck")
    reported = await server.get(f"{VIDEOS}/{id_}")
    assert reported["status"] == "failed"
    assert reported["error"] == {"code": "engine_rejected", "message": "no such luck"}
    assert reported["progress"] < 100


async def test_what_was_cancelled_has_failed_and_says_so(server: Server) -> None:
    id_ = (await server.ask())["id"]
    await server.client.post(f"{NATIVE}/{UUID(id_[6:])}/cancel")
    reported = await server.get(f"{VIDEOS}/{id_}")
    assert (reported["status"], reported["error"]["code"]) == ("failed", "cancelled")


async def test_when_to_ask_again_is_said_until_it_is_final(server: Server) -> None:
    id_ = (await server.ask())["id"]
    assert (await server.client.get(f"{VIDEOS}/{id_}")).headers["openai-poll-after-ms"] == "1000"
    await server.complete(id_)
    assert "openai-poll-after-ms" not in (await server.client.get(f"{VIDEOS}/{id_}")).headers


@pytest.mark.parametrize(
    ("body", "size", "seconds"),
    [
        ({"prompt": "a", "aspect_ratio": "1:1", "duration_s": 5}, "720x720", "5"),
        ({"kind": "upscale", "source": True, "resolution": "1080p"}, "1080x1920", "4"),
        ({"kind": "audio", "source": True}, "720x1280", "4"),
        ({"kind": "reframe", "source": True, "aspect_ratio": "1:1"}, "720x720", "4"),
        ({"kind": "modify", "source": True, "prompt": "night"}, "720x1280", "4"),
        ({"prompt": "on", "keyframes": {"first": True}, "duration_s": 8}, "720x1280", "12"),
        ({"prompt": "to", "keyframes": {"last": True}, "duration_s": 8}, "720x1280", "12"),
    ],
)
async def test_every_kind_of_video_that_another_dialect_took_reads_as_one(
    server: Server, body: dict[str, Any], size: str, seconds: str
) -> None:
    earlier = {"generation_id": str((await server.stored(await server.completed())).id)}
    if body.get("source"):
        body = {**body, "source": earlier}
    if frames := body.get("keyframes"):
        body = {**body, "keyframes": dict.fromkeys(frames, earlier)}
    reply = await server.client.post(NATIVE, json=body)
    assert reply.status_code == 201, reply.text
    reported = await server.get(f"{VIDEOS}/{reply.json()['id']}")
    assert (reported["status"], reported["size"], reported["seconds"]) == ("queued", size, seconds)
    assert reported in (await server.get(VIDEOS))["data"]


@pytest.mark.parametrize(
    ("length_s", "text"), [(4.0417, "4"), (12.0, "12"), (7.5, "7.5"), (0.0, "0"), (10.0417, "10")]
)
def test_a_length_is_told_as_text(length_s: float, text: str) -> None:
    assert seconds_text(length_s) == text


def test_every_state_has_its_word() -> None:
    assert {status_word(state) for state in State} == {
        "queued", "in_progress", "completed", "failed",
    }  # fmt: skip


class TestListing:
    async def test_pages_go_both_ways_and_say_whether_there_is_more(self, server: Server) -> None:
        made = [(await server.ask())["id"] for _ in range(5)]
        page = await server.get(f"{VIDEOS}?limit=2")
        assert [one["id"] for one in page["data"]] == made[:2:-1]
        assert (page["object"], page["first_id"], page["last_id"], page["has_more"]) == (
            "list",
            made[4],
            made[3],
            True,
        )
        page = await server.get(f"{VIDEOS}?limit=3&order=asc&after={made[1]}")
        assert [one["id"] for one in page["data"]] == made[2:]
        assert page["has_more"] is False

    async def test_an_empty_one_has_no_ids(self, server: Server) -> None:
        page = await server.get(VIDEOS)
        assert page == {
            "object": "list",
            "data": [],
            "first_id": None,
            "last_id": None,
            "has_more": False,
        }

    @pytest.mark.parametrize("query", ["limit=0", "limit=101", "order=up", "after=video_x"])
    async def test_what_makes_no_sense_is_refused(self, server: Server, query: str) -> None:
        reported = await server.get(f"{VIDEOS}?{query}", status=400)
        assert reported["error"]["param"] == query.partition("=")[0]

    async def test_nobody_sees_what_is_another_account_s(self, server: Server) -> None:
        id_ = await server.completed()
        _, secret = await server.running_app.accounts.create_key("stranger")
        async with server.as_client(secret) as stranger:
            assert (await stranger.get(VIDEOS)).json()["data"] == []
            for path in (f"/{id_}", f"/{id_}/content", f"?after={id_}"):
                assert (await stranger.get(VIDEOS + path)).status_code in {400, 404}
            assert (await stranger.delete(f"{VIDEOS}/{id_}")).status_code == 404
            body = {"prompt": "a", "video": {"id": id_}, "seconds": "4"}
            assert (await stranger.post(f"{VIDEOS}/extensions", json=body)).status_code == 404


class TestContent:
    async def test_it_can_be_had_whole_and_in_parts(self, server: Server) -> None:
        id_ = (await server.ask())["id"]
        await server.complete(id_, data=b"0123456789")
        reply = await server.client.get(f"{VIDEOS}/{id_}/content")
        assert (reply.content, reply.headers["content-type"]) == (b"0123456789", "video/mp4")
        part = await server.client.get(f"{VIDEOS}/{id_}/content", headers={"Range": "bytes=2-4"})
        assert (part.status_code, part.content) == (206, b"234")
        again = await server.client.get(
            f"{VIDEOS}/{id_}/content", headers={"If-None-Match": reply.headers["etag"]}
        )
        assert again.status_code == 304
        thumbnail = await server.client.get(f"{VIDEOS}/{id_}/content?variant=thumbnail")
        assert thumbnail.headers["content-type"] == "image/jpeg"

    async def test_it_needs_a_key(self, server: Server) -> None:
        id_ = await server.completed()
        async with server.as_client(None) as nobody:
            reply = await nobody.get(f"{VIDEOS}/{id_}/content")
        assert reply.status_code == 401
        assert reply.json()["error"]["type"] == "authentication_error"

    async def test_of_what_is_not_done_or_has_failed_there_is_none(self, server: Server) -> None:
        id_ = (await server.ask())["id"]
        reply = await server.client.get(f"{VIDEOS}/{id_}/content")
        assert (reply.status_code, reply.headers["retry-after"]) == (409, "2")
        await server.fail(id_, message="no such luck")
        reply = await server.client.get(f"{VIDEOS}/{id_}/content")
        assert (reply.status_code, reply.headers["x-should-retry"]) == (409, "false")
        assert "no such luck" in reply.json()["error"]["message"]

    async def test_a_variant_that_there_is_not_is_refused(self, server: Server) -> None:
        id_ = await server.completed()
        reported = await server.get(f"{VIDEOS}/{id_}/content?variant=subtitles", status=400)
        assert reported["error"]["param"] == "variant"

    async def test_of_a_file_that_is_no_video_no_sheet_is_made(self, server: Server) -> None:
        id_ = await server.completed()
        reported = await server.get(f"{VIDEOS}/{id_}/content?variant=spritesheet", status=409)
        assert "no sheet can be made" in reported["error"]["message"]

    async def test_it_goes_with_the_video(self, server: Server) -> None:
        id_ = await server.completed()
        reply = await server.client.delete(f"{VIDEOS}/{id_}")
        assert reply.json() == {"id": id_, "object": "video.deleted", "deleted": True}
        await server.get(f"{VIDEOS}/{id_}/content", status=404)

    async def test_a_video_that_is_being_made_is_not_deleted(self, server: Server) -> None:
        id_ = (await server.ask())["id"]
        reply = await server.client.delete(f"{VIDEOS}/{id_}")
        assert (reply.status_code, reply.headers["x-should-retry"]) == (409, "false")


class TestSync:
    async def test_the_reply_is_the_file(self, server: Server) -> None:
        server.meanwhile(lambda id_: server.complete(id_, data=b"the video"))
        reply = await server.client.post(f"{VIDEOS}/sync", data={"prompt": "a dune"})
        assert (reply.status_code, reply.content) == (200, b"the video")
        assert reply.headers["content-type"] == "video/mp4"

    async def test_a_failure_is_told_as_an_error(self, server: Server) -> None:
        server.meanwhile(lambda id_: server.fail(id_, message="no such luck"))
        error = await server.refused(f"{VIDEOS}/sync", status=409)
        assert "no such luck" in error["message"]


class TestTasks:
    async def test_new_api_s_spelling_is_taken_and_told(self, server: Server) -> None:
        body = {
            "model": "sora-2", "prompt": "a dune", "image": PIXEL, "duration": 8, "width": 832,
            "height": 480, "fps": 0, "n": 1, "metadata": {"seed": 7, "negative_prompt": "people"},
        }  # fmt: skip
        reported = (await server.client.post(TASKS, json=body)).json()
        assert (reported["task_id"], reported["status"], reported["metadata"]) == (
            reported["id"],
            "queued",
            None,
        )
        spec = (await server.stored(reported["id"])).spec
        assert (spec.seed, spec.negative_prompt, spec.size_px, spec.duration_s) == (
            7,
            "people",
            (832, 480),
            8.0,
        )
        assert spec.keyframes[0].media_key
        task = await server.get(f"{TASKS}/{reported['id']}")
        assert (task["code"], task["data"]["status"], task["data"]["progress"]) == (
            "success",
            "QUEUED",
            "0%",
        )
        await server.complete(reported["id"])
        task = (await server.get(f"{TASKS}/{reported['id']}"))["data"]
        assert (task["status"], task["action"]) == ("SUCCESS", "generate")
        assert task["result_url"] == task["data"]["metadata"]["url"]
        async with server.as_client(None) as nobody:
            assert (await nobody.get(task["result_url"])).status_code == 200

    async def test_several_pictures_are_refused(self, server: Server) -> None:
        error = await server.refused(TASKS, images=[PIXEL, PIXEL])
        assert error["param"] == "images"
        await server.ask(TASKS, images=[PIXEL])

    async def test_a_failure_says_why(self, server: Server) -> None:
        id_ = (await server.ask(TASKS))["id"]
        await server.fail(id_)
        task = (await server.get(f"{TASKS}/{id_}"))["data"]
        assert (task["status"], task["fail_reason"]) == ("FAILURE", "no such luck")

    async def test_another_is_not_found_in_the_words_of_this_api(self, server: Server) -> None:
        reported = await server.get(f"{TASKS}/nobody", status=404)
        assert reported["error"]["type"] == "not_found_error"


class TestWebhooks:
    async def test_an_end_is_told_and_nothing_else(self, server: Server) -> None:
        reported = await server.ask(callback_url="http://93.184.216.34/told")
        announce = (await server.stored(reported["id"])).announce
        assert announce is not None
        assert announce.only_final

    async def test_the_event_names_the_video(self, server: Server) -> None:
        dialect = OpenAIVideos(files=None)  # type: ignore[arg-type]  # it is not asked for any
        done = await server.complete((await server.ask())["id"])
        failed = await server.fail((await server.ask())["id"])
        for generation, kind in ((done, "video.completed"), (failed, "video.failed")):
            body = json.loads(dialect.announcement(generation, wording="", url=str))
            assert set(body) == {"id", "object", "created_at", "type", "data"}
            assert (body["type"], body["object"]) == (kind, "event")
            assert body["data"] == {"id": f"video_{UUID(generation.id).hex}"}
            assert body["id"].startswith("evt_")
        assert event_of(done) == event_of(done)
        assert event_of(done).id != event_of(failed).id


@pytest.mark.parametrize(
    "path", ["/v1/videos/x/y/z", "/v1/videos/x/y", "/v1/video/generations/x/y"]
)
async def test_what_is_not_there_is_told_in_the_words_of_this_api(
    server: Server, path: str
) -> None:
    assert set(await server.get(path, status=404)) == {"error"}


async def test_characters_are_refused_and_not_found(server: Server) -> None:
    error = await server.refused(f"{VIDEOS}/characters", name="Ada", video="x")
    assert error["param"] == "prompt"  # which this one has not
    reply = await server.client.post(f"{VIDEOS}/characters", json={"name": "Ada", "video": "x"})
    assert reply.status_code == 400
    assert "input_reference" in reply.json()["error"]["message"]
    await server.get(f"{VIDEOS}/characters/char_1", status=404)
