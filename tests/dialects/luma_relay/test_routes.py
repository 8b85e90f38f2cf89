"""What each path of the relay dialect does."""

import base64
import uuid
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest
from tests.dialects.luma_relay.conftest import ORIGIN, PNG, Server

from rushes.core.generation import Announce, State
from rushes.core.spec import Position

CREATE = "/luma/generations"
UNKNOWN = "11111111-2222-4333-8444-555555555555"


# The paths


@pytest.mark.parametrize(
    "path",
    [
        "/luma/generations",
        "/luma/generations/",
        "/luma/generations_sync",
        "/v1/luma/generations",
        "/v1/luma/generations/",
        "/pro/luma/generations",
        "/vip/luma/generations/",
        "/luma/v1/generations",
        "/luma/V1/generations/",
        "/v1/luma/v1/generations",
        "//luma/generations",
    ],
)
async def test_every_spelling_of_the_path_creates_without_a_redirect(
    server: Server, path: str
) -> None:
    reply = await server.client.request(
        "POST", httpx2.URL(ORIGIN + path), json={"user_prompt": "x"}, follow_redirects=False
    )
    assert reply.status_code == 200
    assert reply.json()["state"] == "pending"


@pytest.mark.parametrize("before", ["", "/v1", "/pro", "/vip"])
@pytest.mark.parametrize("after", ["", "/v1", "/V1"])
@pytest.mark.parametrize("slash", ["", "/"])
async def test_every_spelling_of_a_tasks_path_shows_it(
    server: Server, before: str, after: str, slash: str
) -> None:
    task_id = (await server.create())["id"]
    path = f"{before}/luma{after}/generations/{task_id}{slash}"
    assert (await server.json("GET", path))["id"] == task_id


@pytest.mark.parametrize("path", ["/luma", "/luma/", "/luma/nothing", "/v1/luma/nothing/at/all"])
async def test_an_unknown_path_is_told_in_the_envelope(server: Server, path: str) -> None:
    reported = await server.refused("GET", path, 404)
    assert reported["code"] == "not_found"
    assert reported["error"]["type"] == "not_found_error"


async def test_a_path_that_only_begins_alike_is_not_ours(server: Server) -> None:
    reply = await server.client.get("/lumacity")
    assert reply.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/luma/generations", {"GET", "HEAD", "POST"}),
        (f"/luma/generations/{UNKNOWN}", {"GET", "HEAD", "DELETE"}),
        ("/luma/tasks", {"POST"}),
    ],
)
async def test_a_method_that_is_not_possible_is_told_with_all_that_are(
    server: Server, path: str, allowed: set[str]
) -> None:
    reported = await server.refused("PUT", path, 405)
    assert reported["code"] == "method_not_allowed"
    reply = await server.client.put(path)
    assert set(reply.headers["allow"].split(", ")) == allowed


async def test_a_task_can_be_asked_for_by_head_and_by_a_get_that_claims_to_send_json(
    server: Server,
) -> None:
    task_id = (await server.create())["id"]
    assert (await server.client.head(f"/luma/generations/{task_id}")).status_code == 200
    headers = {"Content-Type": "application/json"}
    assert (await server.json("GET", f"/luma/generations/{task_id}", headers=headers))["id"]


# Who may


@pytest.mark.parametrize("write", ["Bearer {}", "bearer {}", "{}", "Key {}", "Token {}"])
async def test_a_key_is_taken_in_every_spelling(server: Server, write: str) -> None:
    secret = server.client.headers["authorization"].removeprefix("Bearer ")
    headers = {"Authorization": write.format(secret)}
    await server.json("POST", CREATE, json={"user_prompt": "x"}, headers=headers)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", CREATE),
        ("GET", CREATE),
        ("GET", f"{CREATE}/{UNKNOWN}"),
        ("DELETE", f"{CREATE}/{UNKNOWN}"),
        ("POST", f"{CREATE}/{UNKNOWN}/extend"),
        ("GET", f"{CREATE}/{UNKNOWN}/download_video_url"),
        ("POST", f"{CREATE}/{UNKNOWN}/download_video_url"),
        ("POST", "/luma/tasks"),
        ("POST", "/luma/generations/file_upload"),
        ("POST", "/luma/generations_sync"),
        ("GET", "/luma/subscription/usage"),
        ("GET", "/luma/users/me"),
    ],
)
@pytest.mark.parametrize("key", ["", "Bearer rsk_wrong"])
async def test_nothing_is_done_without_a_good_key(
    server: Server, method: str, path: str, key: str
) -> None:
    reported = await server.refused(method, path, 401, headers={"Authorization": key})
    assert reported["error"]["type"] == "authentication_error"
    assert reported["code"] == "invalid_api_key"
    reply = await server.client.request(method, path, headers={"Authorization": key})
    assert reply.headers["x-should-retry"] == "false"


async def test_anothers_task_is_not_there_at_all(server: Server) -> None:
    task_id = (await server.create())["id"]
    _, secret = await server.accounts.create_key("another")
    other = {"Authorization": f"Bearer {secret}"}
    for method, path, body in (
        ("GET", f"{CREATE}/{task_id}", None),
        ("DELETE", f"{CREATE}/{task_id}", None),
        ("POST", f"{CREATE}/{task_id}/extend", {"user_prompt": "on"}),
        ("GET", f"{CREATE}/{task_id}/download_video_url", None),
    ):
        reported = await server.refused(method, path, 404, json=body, headers=other)
        missing = path.replace(task_id, UNKNOWN)
        same = await server.refused(method, missing, 404, json=body, headers=other)
        assert reported["message"].replace(task_id, UNKNOWN) == same["message"]
    assert await server.json("POST", "/luma/tasks", json={"ids": [task_id]}, headers=other) == []
    assert await server.json("GET", CREATE, headers=other) == []


async def test_no_reply_outlives_its_task(server: Server) -> None:
    task_id = (await server.create())["id"]
    assert (await server.show(task_id))["id"] == task_id
    await server.store.remove(await server.stored(task_id))
    await server.refused("GET", f"{CREATE}/{task_id}", 404)


@pytest.mark.parametrize("name", ["nonsense", UNKNOWN, "%00", "a" * 500, "%F0%9F%90%88", "null"])
async def test_a_task_that_is_not_there_is_a_404(server: Server, name: str) -> None:
    reported = await server.refused("GET", f"{CREATE}/{name}", 404)
    assert reported["error"]["type"] == "not_found_error"


async def test_the_callers_request_id_comes_back_in_head_and_body(server: Server) -> None:
    headers = {"X-Request-Id": "mine-42"}
    reply = await server.client.post(CREATE, json={"user_prompt": "x"}, headers=headers)
    assert reply.headers["x-request-id"] == reply.json()["request_id"] == "mine-42"
    reported = await server.refused("GET", "/luma/nothing", 404, headers=headers)
    assert reported["request_id"] == "mine-42"


# Creating


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "text/plain", "application/x-www-form-urlencoded", "", "image/png"],
)
async def test_json_is_read_whatever_it_is_called(server: Server, content_type: str) -> None:
    raw = b'\xef\xbb\xbf {"user_prompt": "caf\xc3\xa9", "loop": "true"} \n'
    reply = await server.json("POST", CREATE, content=raw, headers={"Content-Type": content_type})
    assert reply["prompt"] == "café"
    assert reply["request"]["loop"] is True


async def test_a_form_in_brackets_is_read_as_the_object_that_it_means(server: Server) -> None:
    form = {
        "user_prompt": "x & y",
        "loop": "true",
        "duration": "9",
        "keyframes[frame1][url]": "https://a.example/1.png",
        "metadata[aspect_ratio]": "9:16",
    }
    for sent in (
        {
            "content": urlencode(form),
            "headers": {"Content-Type": "application/x-www-form-urlencoded"},
        },
        {"files": {name: (None, value) for name, value in form.items()}},
    ):
        reply = await server.json("POST", CREATE, **sent)
        spec = (await server.stored(reply["id"])).spec
        assert (spec.prompt, spec.loop, spec.duration_s) == ("x & y", True, 9.0)
        assert spec.aspect_ratio == "9:16"
        last = spec.keyframe(Position.LAST)
        assert last is not None
        assert last.image == "https://a.example/1.png"


async def test_a_picture_may_be_a_file_of_the_form(server: Server) -> None:
    reply = await server.json(
        "POST", CREATE, files={"user_prompt": (None, "x"), "image": ("a.png", PNG, "image/png")}
    )
    first = (await server.stored(reply["id"])).spec.keyframe(Position.FIRST)
    assert first is not None
    assert first.media_key is not None
    kept = server.media.path(first.media_key)
    assert kept is not None
    assert kept.read_bytes() == PNG


@pytest.mark.parametrize("before", ["data:image/png;base64,", "data:;base64,", ""])
async def test_a_picture_may_be_written_into_the_request(server: Server, before: str) -> None:
    reply = await server.create(image_url=before + base64.b64encode(PNG).decode())
    first = (await server.stored(reply["id"])).spec.keyframe(Position.FIRST)
    assert first is not None
    assert first.media_key is not None
    assert first.media_key.endswith(".png")


@pytest.mark.parametrize("sneaky", ["media:inputs/x.png", "file:///etc/passwd", "/etc/passwd"])
async def test_a_picture_cannot_be_named_by_where_it_lies_here(server: Server, sneaky: str) -> None:
    reported = await server.refused(
        "POST", CREATE, 400, json={"user_prompt": "x", "image_url": sneaky}
    )
    assert reported["error"]["param"] == "image_url"


async def test_what_cannot_be_done_is_refused_in_the_callers_words(server: Server) -> None:
    body = {
        "prompt": "x",
        "metadata": {"aspect_ratio": "2:1", "resolution": "8k", "image_end": "nonsense"},
        "duration": "7s",
        "notifyHook": "http://127.0.0.1/",
        "expand_prompt": "perhaps",
    }
    reported = await server.refused("POST", CREATE, 400, json=body)
    assert {one["param"] for one in reported["error"]["problems"]} == {
        "metadata.aspect_ratio",
        "metadata.resolution",
        "metadata.image_end",
        "duration",
        "notifyHook",
        "expand_prompt",
    }
    assert "5s, 9s, 10s" in reported["message"]
    assert await server.json("GET", CREATE) == []


@pytest.mark.parametrize(
    ("said", "resolution", "ratio"),
    [
        (1080, "1080p", None),
        ("720", "720p", None),
        (" 1080P ", "1080p", None),
        ("1280x720", "720p", "16:9"),
        ("720*1280", "720p", "9:16"),
        ("1920 X 1080", "1080p", "16:9"),
        ("4K", "4k", None),
        ("3840x2160", "4k", "16:9"),
        ("2160p", "4k", None),
        ("720x720", "720p", "1:1"),
    ],
)
async def test_a_resolution_is_understood_in_every_plain_form(
    server: Server, said: object, resolution: str, ratio: str | None
) -> None:
    task_id = (await server.create(resolution=said))["id"]
    spec = (await server.stored(task_id)).spec
    assert (spec.resolution, spec.aspect_ratio) == (resolution, ratio)


@pytest.mark.parametrize(
    "said", ["hd", "719", 718, "1280x721", "720i", "p", "720pp", "x", True, 7.2]
)
async def test_what_is_no_resolution_is_refused(server: Server, said: object) -> None:
    body = {"user_prompt": "x", "resolution": said}
    reported = await server.refused("POST", CREATE, 400, json=body)
    assert reported["error"]["param"] == "resolution"


async def test_a_size_and_another_shape_contradict_each_other(server: Server) -> None:
    body = {"user_prompt": "x", "resolution": "1280x720", "aspect_ratio": "9:16"}
    reported = await server.refused("POST", CREATE, 400, json=body)
    assert (
        "resolution is the size of a 16:9 frame, but aspect_ratio is '9:16'" in reported["message"]
    )
    await server.create(resolution="1280x720", aspect_ratio="16:9")


async def test_without_a_ratio_the_reply_says_what_follows(server: Server) -> None:
    assert (await server.create())["request"]["aspect_ratio"] == "16:9"
    reply = await server.create(image_url="https://a.example/1.png")
    assert reply["request"]["aspect_ratio"] == ""
    await server.complete(reply["id"])
    assert (await server.show(reply["id"]))["request"]["aspect_ratio"] == "16:9"


async def test_the_prompt_that_was_used_and_a_note_are_told_beside_the_callers_own(
    server: Server,
) -> None:
    task_id = (await server.create(expand_prompt=True))["id"]
    await server.complete(task_id, prompt_used="a cat, wide shot", note="made without the chat")
    reply = await server.show(task_id)
    assert reply["prompt"] == reply["request"]["prompt"] == "a cat"
    assert reply["request"]["prompt_used"] == "a cat, wide shot"
    assert reply["note"] == "made without the chat"
    assert reply["engine"] == "scripted"


async def test_the_hook_is_remembered_with_its_wording(server: Server) -> None:
    reply = await server.create(notify_hook="https://h.example/x")
    stored = await server.stored(reply["id"])
    assert stored.announce == Announce(url="https://h.example/x", format="superset")
    assert stored.dialect == "luma_relay"
    assert stored.origin == ORIGIN


# Once


async def test_a_key_makes_one_task_of_equal_requests(server: Server) -> None:
    headers = {"Idempotency-Key": "k1"}
    first = await server.json("POST", CREATE, json={"user_prompt": "x"}, headers=headers)
    again = await server.json("POST", CREATE, json={"user_prompt": "x"}, headers=headers)
    assert first["id"] == again["id"]
    other = await server.refused("POST", CREATE, 409, json={"user_prompt": "y"}, headers=headers)
    assert other["code"] == "idempotency_mismatch"
    reply = await server.client.post(CREATE, json={"user_prompt": "y"}, headers=headers)
    assert reply.headers["x-should-retry"] == "false"


async def test_a_librarys_own_retry_makes_no_second_task(server: Server) -> None:
    body = {"user_prompt": "x"}
    first, again = [
        await server.json("POST", CREATE, json=body, headers={"X-Stainless-Retry-Count": count})
        for count in ("0", "1")
    ]
    assert first["id"] == again["id"]
    assert (await server.create(**body))["id"] != first["id"]


# Extending


async def test_an_extension_is_a_task_of_its_own_in_the_shape_of_the_first(server: Server) -> None:
    task_id = (await server.create(aspect_ratio="9:16", resolution="1080p", model="ray-v1"))["id"]
    await server.complete(task_id)
    dooy = {
        "user_prompt": "on",
        "image_url": "",
        "image_end_url": "",
        "loop": False,
        "aspect_ratio": "",
    }
    reply = await server.json("POST", f"{CREATE}/{task_id}/extend", json=dooy)
    assert reply["id"] != task_id
    assert reply["state"] == "pending"
    spec = (await server.stored(reply["id"])).spec
    assert spec.extends == task_id
    assert (spec.aspect_ratio, spec.resolution, spec.model) == ("9:16", "1080p", "ray-1-6")


async def test_an_extension_needs_words_and_another_shape_is_refused(server: Server) -> None:
    task_id = (await server.create())["id"]
    await server.complete(task_id)
    body = {"aspect_ratio": "1:1", "resolution": "540p", "image_url": "https://a.example/1.png"}
    reported = await server.refused("POST", f"{CREATE}/{task_id}/extend", 400, json=body)
    named = {one["param"] for one in reported["error"]["problems"]}
    assert named == {"user_prompt", "aspect_ratio", "resolution", "image_url"}


async def test_what_is_not_there_yet_can_be_extended_later_and_what_failed_never(
    server: Server,
) -> None:
    task_id = (await server.create())["id"]
    path, body = f"{CREATE}/{task_id}/extend", {"user_prompt": "on"}
    assert (await server.refused("POST", path, 409, json=body))["code"] == "not_ready"
    assert (await server.client.post(path, json=body)).headers["retry-after"] == "2"
    await server.fail(task_id)
    assert (await server.refused("POST", path, 409, json=body))["code"] == "conflict"
    assert (await server.client.post(path, json=body)).headers["x-should-retry"] == "false"


# Fetching the video


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_the_address_comes_once_the_video_is_there(server: Server, method: str) -> None:
    task_id = (await server.create())["id"]
    path = f"{CREATE}/{task_id}/download_video_url"
    for _ in range(2):
        reported = await server.refused(method, path, 409)
        assert reported["code"] == "not_ready"
        reply = await server.client.request(method, path)
        assert reply.headers["retry-after"] == "2"
        assert "x-should-retry" not in reply.headers
        if (await server.stored(task_id)).state is State.QUEUED:
            await server.run(task_id)
    await server.refused(method, f"{CREATE}/{UNKNOWN}/download_video_url", 404)


async def test_the_address_is_a_link_to_the_file_and_gone_when_the_file_is(server: Server) -> None:
    task_id = (await server.create())["id"]
    await server.complete(task_id)
    path = f"{CREATE}/{task_id}/download_video_url"
    reply = await server.json("GET", path)
    assert set(reply) == {"url"}
    assert (await server.client.get(reply["url"])).content == b"bytes of video"
    await server.media.delete(task_id)
    assert (await server.refused("GET", path, 410))["code"] == "gone"


async def test_a_failed_task_has_no_address_and_says_why(server: Server) -> None:
    task_id = (await server.create())["id"]
    await server.fail(task_id, "the sky fell")
    reported = await server.refused("GET", f"{CREATE}/{task_id}/download_video_url", 409)
    assert "the sky fell" in reported["message"]
    assert reported["code"] == "conflict"


# Cancelling


async def test_a_cancelled_task_is_told_as_failed_by_the_caller(server: Server) -> None:
    task_id = (await server.create())["id"]
    reply = await server.json("DELETE", f"{CREATE}/{task_id}")
    assert reply["state"] == reply["status"] == reply["data"]["task_status"] == "failed"
    assert reply["failure_reason"] == reply["message"] == "cancelled by the caller"
    assert reply["error"]["code"] == "cancelled"
    assert (await server.stored(task_id)).state is State.CANCELLED
    reported = await server.refused("DELETE", f"{CREATE}/{task_id}", 409)
    assert reported["code"] == "illegal_transition"


async def test_a_running_task_can_be_cancelled_and_a_finished_one_cannot(server: Server) -> None:
    running = (await server.create())["id"]
    await server.run(running)
    assert (await server.json("DELETE", f"{CREATE}/{running}"))["state"] == "failed"
    done = (await server.create())["id"]
    await server.complete(done)
    await server.refused("DELETE", f"{CREATE}/{done}", 409)


# Many at once


async def make(server: Server, count: int) -> list[str]:
    made = []
    for n in range(count):
        server.clock.advance(seconds=1)
        made.append((await server.create(user_prompt=f"cat {n}"))["id"])
    return made


async def test_the_list_is_an_array_newest_first_in_pages(server: Server) -> None:
    made = (await make(server, 13))[::-1]
    assert [t["id"] for t in await server.json("GET", CREATE)] == made[:10]
    page = await server.json("GET", f"{CREATE}/?offset=10&limit=100")
    assert [t["id"] for t in page] == made[10:]
    assert [t["id"] for t in await server.json("GET", f"{CREATE}?offset=&limit=")] == made[:10]
    assert await server.json("GET", f"{CREATE}?limit=0") == []


@pytest.mark.parametrize(
    "query", ["limit=-1", "limit=x", "limit=101", "offset=-1", "offset=1e3", "limit=²"]
)
async def test_a_page_that_makes_no_sense_is_refused(server: Server, query: str) -> None:
    reported = await server.refused("GET", f"{CREATE}?{query}", 400)
    assert reported["error"]["param"] == query.partition("=")[0]


async def test_a_batch_is_a_bare_array_without_what_is_unknown(server: Server) -> None:
    one, two = await make(server, 2)
    ids = [two, UNKNOWN, "nonsense", one, two, f"video_{uuid.UUID(one).hex}"]
    found = await server.json("POST", "/luma/tasks", json={"ids": ids})
    assert [task["id"] for task in found][:2] == [two, one]
    assert found[0] == {**(await server.show(two)), "request_id": found[0]["request_id"]}
    assert await server.json("POST", "/luma/tasks", json={"ids": []}) == []


@pytest.mark.parametrize(
    ("query", "headers", "key", "wrapped"),
    [
        ("", {}, None, False),
        ("?format=wrapped", {}, None, True),
        ("", {"X-Relay-Batch": "wrapped"}, None, True),
        ("", {"Content-Type": "text/plain"}, None, True),
        ("", {}, "wrapped", True),
        ("", {"Content-Type": "text/plain"}, "array", False),
        ("?format=array", {"X-Relay-Batch": "wrapped"}, "wrapped", False),
        ("", {"X-Relay-Batch": "array"}, "wrapped", False),
    ],
)
async def test_who_wants_a_batch_wrapped_says_so(
    server: Server, query: str, headers: dict[str, str], key: str | None, wrapped: bool
) -> None:
    _, secret = await server.accounts.create_key("x", account="tester", batch_format=key)
    task_id = (await server.create())["id"]
    found = await server.json(
        "POST",
        "/luma/tasks" + query,
        content=f'{{"ids": ["{task_id}"]}}',
        headers={"Authorization": secret} | headers,
    )
    assert isinstance(found, dict) is wrapped


@pytest.mark.parametrize(
    ("state", "status", "progress"),
    [
        ("pending", "QUEUED", "0%"),
        ("processing", "IN_PROGRESS", "50%"),
        ("completed", "SUCCESS", "100%"),
        ("failed", "FAILURE", "40%"),
    ],
)
async def test_a_wrapped_batch_is_rows_as_new_api_writes_them(
    server: Server, state: str, status: str, progress: str
) -> None:
    task_id = (await server.create())["id"]
    await server.bring_to(task_id, state)
    body = {"ids": [task_id]}
    reported = await server.json("POST", "/luma/tasks?format=wrapped", json=body)
    assert (reported["code"], reported["message"]) == ("success", "")
    (row,) = reported["data"]
    assert (row["task_id"], row["status"], row["progress"]) == (task_id, status, progress)
    assert row["data"]["id"] == task_id
    assert row["data"]["state"] == state
    assert row["platform"]
    assert row["action"] == "LUMA_VIDEO"
    assert 0 < row["id"] < 2**53
    stored = await server.stored(task_id)
    assert row["submit_time"] == int(stored.created_at.timestamp())
    assert (row["start_time"] > 0) is (state != "pending")
    assert (row["finish_time"] > 0) is (state in {"completed", "failed"})
    assert row["fail_reason"] == ("no such luck" if state == "failed" else "")


@pytest.mark.parametrize(
    ("body", "query", "named"),
    [
        ({}, "", "ids"),
        ({"ids": None}, "", "ids"),
        ({"ids": {"a": 1}}, "", "ids"),
        ({"ids": [1, 2]}, "", "ids"),
        ({"ids": ["x"] * 3 + [str(n) for n in range(1001)]}, "", "ids"),
        ({"id": "x", "action": "cancel"}, "", "action"),
        ({"ids": ["x"], "action": "retrieve"}, "", "id"),
        ({"id": "x", "action": "retrieve_batch"}, "", "ids"),
        ({"ids": []}, "?format=both", "format"),
    ],
)
async def test_a_batch_that_makes_no_sense_is_refused(
    server: Server, body: dict[str, Any], query: str, named: str
) -> None:
    reported = await server.refused("POST", "/luma/tasks" + query, 400, json=body)
    assert reported["error"]["param"] == named


# Uploading


@pytest.mark.parametrize(
    "sent",
    [
        {"json": {"url": "data:image/png;base64," + base64.b64encode(PNG).decode()}},
        {"json": {"url": base64.b64encode(PNG).decode()}},
        {"files": {"file": ("a.png", PNG, "image/png")}},
        {"content": PNG, "headers": {"Content-Type": "image/png"}},
        {"content": PNG},
    ],
)
async def test_an_uploaded_picture_has_an_address_that_a_task_may_use(
    server: Server, sent: dict[str, Any]
) -> None:
    reported = await server.json("POST", "/luma/generations/file_upload", **sent)
    assert set(reported) == {"id", "presigned_url", "public_url"}
    assert (await server.client.get(reported["public_url"])).content == PNG
    reply = await server.create(image_url=reported["public_url"])
    first = (await server.stored(reply["id"])).spec.keyframe(Position.FIRST)
    assert first is not None
    assert first.media_key == reported["id"]


async def test_an_address_that_is_uploaded_comes_back_as_it_is(server: Server) -> None:
    body = {"url": "https://a.example/1.png"}
    reported = await server.json("POST", "/luma/generations/file_upload", json=body)
    assert reported["public_url"] == reported["presigned_url"] == body["url"]


@pytest.mark.parametrize(
    "sent",
    [
        {"json": {}},
        {"json": {"url": 5}},
        {"json": {"url": "nonsense"}},
        {"json": {"url": "http://10.0.0.1/x.png"}},
        {"files": {"file": ("a.svg", b"<svg/>", "image/svg+xml")}},
        {"content": b"GIF87"},
    ],
)
async def test_what_is_no_picture_is_not_taken(server: Server, sent: dict[str, Any]) -> None:
    await server.refused("POST", "/luma/generations/file_upload", 400, **sent)


async def test_an_expired_link_to_our_media_is_refused_by_name(server: Server) -> None:
    reported = await server.json("POST", "/luma/generations/file_upload", content=PNG)
    server.clock.advance(seconds=timedelta(days=3).total_seconds())
    body = {"user_prompt": "x", "image_url": reported["public_url"]}
    refused = await server.refused("POST", CREATE, 400, json=body)
    assert "expired" in refused["message"]
    assert refused["error"]["param"] == "image_url"


# Who am I


async def test_usage_and_me_say_what_is_so(server: Server) -> None:
    await make(server, 2)
    usage = await server.json("GET", "/luma/subscription/usage")
    assert usage["in_progress"] == 2
    assert usage["limit"] is None
    assert (await server.json("GET", "/luma/users/me"))["id"] == "tester"


# Browsers


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
@pytest.mark.parametrize("path", [CREATE, "/pro/luma/generations/", f"{CREATE}/{UNKNOWN}"])
async def test_a_browser_may_ask_from_anywhere_with_any_header(
    server: Server, method: str, path: str
) -> None:
    requested = "authorization, content-type, x-ptoken, x-vtoken, x-ctoken"
    reply = await server.client.request(
        "OPTIONS",
        path,
        headers={
            "Authorization": "",
            "Origin": "https://page.example",
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": requested,
        },
    )
    assert reply.status_code == 200
    assert reply.headers["access-control-allow-origin"] in {"*", "https://page.example"}
    assert method in reply.headers["access-control-allow-methods"]
    allowed = {name.strip() for name in reply.headers["access-control-allow-headers"].split(",")}
    assert set(requested.split(", ")) <= allowed


async def test_a_browser_may_read_replies_and_errors(server: Server) -> None:
    origin = {"Origin": "https://page.example"}
    for reply in (
        await server.client.get(CREATE, headers=origin),
        await server.client.get("/luma/nothing", headers=origin),
        await server.client.get(CREATE, headers=origin | {"Authorization": ""}),
    ):
        assert reply.headers["access-control-allow-origin"] == "*"
        assert "retry-after" in reply.headers["access-control-expose-headers"].lower()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", CREATE),
        ("HEAD", CREATE),
        ("POST", CREATE),
        ("PUT", CREATE),
        ("GET", f"{CREATE}/{UNKNOWN}"),
        ("HEAD", f"{CREATE}/{UNKNOWN}"),
        ("GET", f"{CREATE}/a%2Fb"),
        ("GET", f"{CREATE}/file_upload"),
        ("POST", f"{CREATE}/{UNKNOWN}"),
        ("GET", f"{CREATE}//"),
        ("GET", "/luma/users/me"),
        ("PATCH", "/luma/nothing"),
    ],
)
async def test_a_browser_is_told_the_same_as_everybody_else(
    server: Server, method: str, path: str
) -> None:
    known = {"X-Request-Id": "same"}
    mine = await server.client.request(method, path, headers=known)
    browsers = await server.client.request(
        method, path, headers=known | {"Origin": "https://page.example"}
    )
    assert browsers.status_code == mine.status_code
    assert browsers.content == mine.content
    shared = {k: v for k, v in browsers.headers.items() if not k.startswith("access-control-")}
    assert shared == dict(mine.headers)
    assert mine.headers["vary"] == "Origin"
    assert "access-control-allow-origin" in browsers.headers
