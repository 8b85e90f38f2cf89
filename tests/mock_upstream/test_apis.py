"""Each API of a mock upstream, as its own clients would see it."""

import re
from typing import get_args

import httpx2
import pytest

from rushes.cli.mock_upstream import Kind, Shape
from rushes.mock_upstream.apis.all_apis import KINDS
from rushes.mock_upstream.app import MockUpstream
from rushes.mock_upstream.jobs import Fate, Fault
from rushes.mock_upstream.role import Role

PROMPT = "a lake at dawn"
SUBMITS = {
    "relay": ("/luma/generations", {"user_prompt": PROMPT}),
    "dream-machine": ("/dream-machine/v1/generations", {"prompt": PROMPT, "model": "ray-2"}),
    "agents": ("/v1/generations", {"prompt": PROMPT, "type": "video"}),
    "openai-videos": ("/v1/videos", {"prompt": PROMPT}),
    "lightx2v": ("/v1/tasks/video/", {"prompt": PROMPT}),
}
LOOKS = {
    "relay": "/luma/generations/{id}",
    "dream-machine": "/dream-machine/v1/generations/{id}",
    "agents": "/v1/generations/{id}",
    "openai-videos": "/v1/videos/{id}",
    "lightx2v": "/v1/tasks/{id}/status",
}
WORDS = {
    "relay": ("pending", "processing", "completed", "failed"),
    "dream-machine": ("queued", "dreaming", "completed", "failed"),
    "agents": ("queued", "processing", "completed", "failed"),
    "openai-videos": ("queued", "in_progress", "completed", "failed"),
    "lightx2v": ("pending", "processing", "completed", "failed"),
}
EVERY = [(kind, shape) for kind, shapes in KINDS.items() for shape in shapes or ("",)]


@pytest.mark.parametrize(("kind", "shape"), EVERY)
def test_the_help_page_names_every_kind_and_shape(kind: str, shape: str) -> None:
    option = Kind if not shape else Shape
    assert re.search(rf"\b{shape or kind}\b", get_args(option)[1].help)


def one(reply):
    """Return what a reply tells of one job, whatever it is wrapped in."""
    reported = reply.json()
    return reported[0] if isinstance(reported, list) else reported


def word(reported):
    return reported.get("state") or reported.get("status")


async def submit(client, served, kind):
    path, body = SUBMITS[kind]
    how = {"files": {"prompt": (None, PROMPT)}} if kind == "openai-videos" else {"json": body}
    reply = await client.post(served.url + path, **how)
    assert reply.status_code in {200, 201}, reply.text
    reported = one(reply)
    return reported.get("id") or reported.get("task_id")


@pytest.fixture
async def client():
    async with httpx2.AsyncClient(headers={"authorization": "Bearer k1"}) as made:
        yield made


@pytest.mark.parametrize(("kind", "shape"), EVERY)
async def test_a_job_ages_by_the_clock_from_waiting_to_completed(
    kind, shape, mock_upstream, client
):
    served = await mock_upstream(kind, shape=shape, takes="10s")
    job_id = await submit(client, served, kind)
    look = served.url + LOOKS[kind].format(id=job_id)
    words = []
    for seconds in (0, 3, 10):
        served.mock.advance(seconds=seconds)
        words.append(word(one(await client.get(look))))
    expected = list(WORDS[kind][:3])
    if shape == "trtllm":
        expected[1] = "generating"
    assert words == expected


@pytest.mark.parametrize(("kind", "shape"), EVERY)
async def test_a_job_that_is_to_fail_fails_with_its_reason(kind, shape, mock_upstream, client):
    served = await mock_upstream(kind, shape=shape, takes="1s")
    served.mock.next_jobs(Fate(fails=Fault.of("moderation")))
    job_id = await submit(client, served, kind)
    served.mock.advance(seconds=1)
    reply = await client.get(served.url + LOOKS[kind].format(id=job_id))
    assert reply.status_code == (400 if shape == "vllm-omni" else 200)
    assert word(one(reply)) == "failed"
    assert "Advanced prompt moderation failed" in reply.text


@pytest.mark.parametrize(("kind", "shape"), EVERY)
async def test_an_unknown_job_and_an_unknown_path_are_told_apart(
    kind, shape, mock_upstream, client
):
    served = await mock_upstream(kind, shape=shape)
    lost = await client.get(served.url + LOOKS[kind].format(id="nobody"))
    assert lost.status_code in {400, 404}
    assert lost.json()
    assert (await client.get(served.url + "/elsewhere")).status_code == 404
    assert served.mock.counts.paths["unknown"] == 1


@pytest.mark.parametrize(("kind", "shape"), EVERY)
async def test_a_job_belongs_to_the_key_that_made_it(kind, shape, mock_upstream, client):
    served = await mock_upstream(kind, shape=shape)
    job_id = await submit(client, served, kind)
    look = served.url + LOOKS[kind].format(id=job_id)
    other = await client.get(look, headers={"authorization": "Bearer k2"})
    assert other.status_code in {400, 404}


@pytest.mark.parametrize("kind", ["relay", "dream-machine", "agents", "openai-videos"])
async def test_a_key_that_is_not_good_is_refused(kind, mock_upstream, client):
    served = await mock_upstream(kind, keys=frozenset({"good"}))
    path, body = SUBMITS[kind]
    assert (await client.post(served.url + path, json=body)).status_code == 401
    good = {"authorization": "Bearer good"}
    assert (await client.post(served.url + path, json=body, headers=good)).is_success
    assert len(served.mock.jobs.accepted) == 1


async def test_a_relays_batch_comes_as_an_array_or_wrapped(mock_upstream, client):
    for shape, wraps in (("chainhub", False), ("gpt-best", True)):
        served = await mock_upstream("relay", shape=shape)
        ids = [await submit(client, served, "relay") for _ in range(2)]
        reply = await client.post(f"{served.url}/luma/tasks", json={"ids": [*ids, "nobody"]})
        reported = reply.json()
        rows = [row["data"] for row in reported["data"]] if wraps else reported
        assert [row["id"] for row in rows] == ids


async def test_an_old_relay_tells_of_one_task_in_an_array(mock_upstream, client):
    served = await mock_upstream("relay", shape="array")
    reply = await client.post(f"{served.url}/luma/generations/", json={"user_prompt": PROMPT})
    assert [task["state"] for task in reply.json()] == ["pending"]


async def test_the_clean_video_of_a_relay_is_there_when_the_job_is_done(mock_upstream, client):
    served = await mock_upstream("relay", takes="1s")
    job_id = await submit(client, served, "relay")
    path = f"{served.url}/luma/generations/{job_id}/download_video_url"
    assert (await client.get(path)).status_code == 409
    served.mock.advance(seconds=1)
    assert (await client.get((await client.get(path)).json()["url"])).content[4:8] == b"ftyp"


async def test_what_follows_a_job_needs_that_job(mock_upstream, client):
    served = await mock_upstream("dream-machine")
    path = f"{served.url}/dream-machine/v1/generations/%s/upscale"
    assert (await client.post(path % "nobody", json={})).status_code == 404
    job_id = await submit(client, served, "dream-machine")
    reported = (await client.post(path % job_id, json={"resolution": "4k"})).json()
    assert reported["request"]["generation_type"] == "upscale_video"
    assert reported["id"] != job_id


async def test_the_list_of_dream_machine_is_the_newest_first_and_in_pages(mock_upstream, client):
    served = await mock_upstream("dream-machine")
    ids = [await submit(client, served, "dream-machine") for _ in range(3)]
    path = f"{served.url}/dream-machine/v1/generations"
    page = (await client.get(path, params={"limit": 2})).json()
    rest = (await client.get(path, params={"limit": 2, "offset": 2})).json()
    assert [row["id"] for row in page["generations"] + rest["generations"]] == ids[::-1]
    assert (page["has_more"], rest["has_more"]) == (True, False)


async def test_the_list_of_videos_goes_on_after_the_last_id(mock_upstream, client):
    served = await mock_upstream("openai-videos")
    ids = [await submit(client, served, "openai-videos") for _ in range(3)]
    path = f"{served.url}/v1/videos"
    page = (await client.get(path, params={"limit": 2, "order": "asc"})).json()
    more = {"limit": 2, "order": "asc", "after": page["last_id"]}
    rest = (await client.get(path, params=more)).json()
    assert [row["id"] for row in page["data"] + rest["data"]] == ids


@pytest.mark.parametrize(
    ("shape", "stops"),
    [("openai", True), ("vllm-omni", True), ("sglang", False), ("fastvideo", False)],
)
async def test_to_delete_a_video_stops_it_only_where_the_server_can(
    shape, stops, mock_upstream, client
):
    served = await mock_upstream("openai-videos", shape=shape)
    job_id = await submit(client, served, "openai-videos")
    path = f"{served.url}/v1/videos/{job_id}"
    assert (await client.delete(path)).is_success
    assert (await client.get(path)).status_code == 404
    assert (served.mock.jobs.accepted[0].cancelled_at is not None) is stops


async def test_vllm_omni_takes_nothing_but_forms(mock_upstream, client):
    served = await mock_upstream("openai-videos", shape="vllm-omni")
    reply = await client.post(f"{served.url}/v1/videos", json={"prompt": PROMPT})
    assert reply.status_code == 422


async def test_lightx2v_makes_no_second_task_of_the_same_id(mock_upstream, client):
    served = await mock_upstream("lightx2v")
    path, body = SUBMITS["lightx2v"]
    replies = [await client.post(served.url + path, json={**body, "task_id": "t"})] * 1
    replies.append(await client.post(served.url + path, json={**body, "task_id": "t"}))
    assert [reply.status_code for reply in replies] == [200, 503]
    assert len(served.mock.jobs.accepted) == 1


@pytest.mark.parametrize(
    ("kind", "path", "how"),
    [
        ("agents", "/v1/files", {"files": {"file": ("a.png", b"png", "image/png")}}),
        ("relay", "/luma/generations/file_upload", {"json": {"url": "data:image/png;base64,AA"}}),
    ],
)
async def test_a_picture_can_be_brought_ahead(kind, path, how, mock_upstream, client):
    served = await mock_upstream(kind)
    reported = (await client.post(served.url + path, **how)).json()
    assert reported["id"]
    assert served.mock.counts.acts == {"upload": 1}
    assert not served.mock.jobs.accepted


def test_a_kind_or_shape_that_there_is_not_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match="relay, dream-machine, agents"):
        MockUpstream(Role(kind="sora"))
    with pytest.raises(ValueError, match="chainhub, kkiai"):
        MockUpstream(Role(kind="relay", shape="vllm-omni"))
