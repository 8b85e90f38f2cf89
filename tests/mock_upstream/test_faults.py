"""What a mock upstream does wrong, as it is told, and what it has counted afterwards."""

import asyncio
import json
from contextlib import suppress
from io import BytesIO

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from tests.engines.edits.conftest import write_clip

from rushes.media.probe import probe
from rushes.mock_upstream.faults import FaultKind, FaultPlan, InjectedFault
from rushes.mock_upstream.jobs import Fate, Fault
from rushes.mock_upstream.messages import Act
from rushes.mock_upstream.role import Durations, seconds

BODY = {"user_prompt": "a lake at dawn"}


@pytest.fixture
async def client():
    async with httpx2.AsyncClient(timeout=20) as made:
        yield made


@pytest.fixture
async def relay(mock_upstream):
    return await mock_upstream("relay", takes="10s")


async def submitted(client, relay, **more):
    return await client.post(f"{relay.url}/luma/generations", json={**BODY, **more})


def accepted(relay):
    return len(relay.mock.jobs.accepted)


@pytest.mark.parametrize("fault", ["cut-unread", "cut", "hang:0.01"])
async def test_a_submit_that_is_cut_before_it_is_acted_on_makes_no_job(fault, relay, client):
    relay.mock.then("submit", fault)
    with pytest.raises(httpx2.TransportError):
        await submitted(client, relay)
    assert accepted(relay) == 0


async def test_a_submit_that_is_cut_before_its_answer_has_made_one(relay, client):
    relay.mock.then("submit", "cut-after")
    with pytest.raises(httpx2.TransportError):
        await submitted(client, relay)
    assert accepted(relay) == 1


@pytest.mark.parametrize(
    ("fault", "status", "jobs"),
    [
        ("refuse:503", 503, 0),
        ("refuse:401", 401, 0),
        ("refuse:402", 402, 0),
        ("busy:2", 429, 0),
        ("moderate", 400, 0),
        ("html", 200, 0),
        ("empty", 200, 0),
        ("status-after:500", 500, 1),
        ("html-after", 502, 1),
        ("hollow", 200, 1),
        ("bad-json", 200, 1),
        ("delay:0.001", 200, 1),
    ],
)
async def test_the_status_and_the_count_are_as_scripted(fault, status, jobs, relay, client):
    relay.mock.then("submit", fault)
    assert (await submitted(client, relay)).status_code == status
    assert accepted(relay) == jobs
    assert (await submitted(client, relay)).json()["state"] == "pending"
    assert relay.mock.counts.faults[InjectedFault.of(fault).kind] == 1


async def test_whoever_is_busy_says_for_how_long(relay, client):
    relay.mock.then("submit", "busy:7")
    assert (await submitted(client, relay)).headers["retry-after"] == "7"


async def test_half_an_answer_is_half_an_answer(relay, client):
    relay.mock.then("submit", "truncate")
    with pytest.raises(httpx2.RemoteProtocolError):
        await submitted(client, relay)
    assert accepted(relay) == 1


async def test_a_look_may_tell_of_another_state_or_of_text_for_numbers(relay, client):
    job_id = (await submitted(client, relay)).json()["id"]
    relay.mock.advance(seconds=10)
    relay.mock.then("look", "word:exploding", "strings", "missing")
    path = f"{relay.url}/luma/generations/{job_id}"
    assert (await client.get(path)).json()["state"] == "exploding"
    assert (await client.get(path)).json()["video"]["width"] == "320"
    assert (await client.get(path)).json()["code"] == "task_not_exist"
    assert (await client.get(path)).json()["state"] == "completed"


async def test_after_a_restart_no_job_is_known_but_each_is_counted(relay, client):
    job_id = (await submitted(client, relay)).json()["id"]
    relay.mock.then("look", "forget")
    assert (await client.get(f"{relay.url}/luma/generations/{job_id}")).status_code == 400
    assert accepted(relay) == 1


async def test_one_idempotency_key_makes_one_job_only_where_it_is_honoured(mock_upstream, client):
    for honours in (False, True):
        relay = await mock_upstream("relay", honours_keys=honours)
        headers = {"idempotency-key": "k", "authorization": "Bearer me"}
        path = f"{relay.url}/luma/generations"
        ids = {(await client.post(path, json=BODY, headers=headers)).json()["id"] for _ in range(2)}
        assert len(ids) == accepted(relay) == (1 if honours else 2)
        assert relay.mock.jobs.repeated == (1 if honours else 0)


async def video_of(client, relay):
    job_id = (await submitted(client, relay)).json()["id"]
    relay.mock.advance(seconds=10)
    reported = (await client.get(f"{relay.url}/luma/generations/{job_id}")).json()
    return reported["video"]["url"]


async def test_what_is_delivered_is_a_video_with_its_pictures(relay, client, tmp_path):
    address = await video_of(client, relay)
    (tmp_path / "it.mp4").write_bytes((await client.get(address)).content)
    facts = probe(tmp_path / "it.mp4")
    assert (facts.width_px, facts.height_px, facts.frames) == (320, 180, 12)
    still = (await client.get(address.replace("video.mp4", "thumbnail.jpg"))).content
    assert still.startswith(b"\xff\xd8")


async def test_a_video_that_is_given_comes_with_its_own_first_frame(
    mock_upstream, client, tmp_path
):
    clip = write_clip(tmp_path / "clip.mp4", size=(64, 48), frames=3)
    relay = await mock_upstream("relay", takes="10s", video=clip.read_bytes())
    address = await video_of(client, relay)
    assert (await client.get(address)).content == clip.read_bytes()
    still = await client.get(address.replace("video.mp4", "thumbnail.jpg"))
    assert Image.open(BytesIO(still.content)).size == (64, 48)


async def test_a_video_that_is_none_is_delivered_all_the_same(mock_upstream, client):
    relay = await mock_upstream("relay", takes="10s", video=b"no video")
    assert (await client.get(await video_of(client, relay))).content == b"no video"


async def test_a_file_comes_in_parts_that_make_the_whole(relay, client):
    address = await video_of(client, relay)
    whole = await client.get(address)
    first = await client.get(address, headers={"range": "bytes=0-99"})
    rest = await client.get(
        address, headers={"range": "bytes=100-", "if-range": whole.headers["etag"]}
    )
    assert (first.status_code, rest.status_code) == (206, 206)
    assert first.content + rest.content == whole.content
    assert (await client.get(address, headers={"range": "bytes=-5"})).content == whole.content[-5:]
    beyond = await client.get(address, headers={"range": "bytes=99999999-"})
    assert beyond.status_code == 416


async def test_a_file_that_has_changed_comes_whole(relay, client):
    address = await video_of(client, relay)
    whole = await client.get(address)
    relay.mock.then("fetch", "changed", "no-range", "chunked")
    part = {"range": "bytes=100-", "if-range": whole.headers["etag"]}
    assert (await client.get(address, headers=part)).status_code == 200
    assert (await client.get(address, headers=part)).content == whole.content
    assert "content-length" not in (await client.get(address)).headers


async def test_a_file_is_cut_after_as_many_bytes_as_told(relay, client):
    address = await video_of(client, relay)
    relay.mock.then("fetch", "truncate:1000")
    got = b""
    with suppress(httpx2.RemoteProtocolError):
        async with client.stream("GET", address) as reply:
            async for piece in reply.aiter_raw():
                got += piece
    assert len(got) == 1000
    assert (await client.get(address)).content.startswith(got)


async def test_a_link_expires(mock_upstream, client):
    relay = await mock_upstream("relay", takes="10s", links_s=60.0)
    address = await video_of(client, relay)
    relay.mock.advance(seconds=61)
    assert (await client.get(address)).status_code == 403


async def test_a_link_may_lead_to_another_host(mock_upstream, client):
    relay = await mock_upstream("relay", takes="10s", files_host="localhost")
    address = await video_of(client, relay)
    assert address.startswith("http://localhost:")
    assert (await client.get(address, headers={"authorization": "Bearer k"})).is_success
    assert relay.mock.counts.fetched[0].credential != ""


class Receiver:
    """Takes callbacks, and refuses the first so many."""

    def __init__(self):
        self.reported = []
        self.refusing = 0
        self.received = asyncio.Event()

    async def __call__(self, reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        body = json.loads(await reader.readexactly(length))
        status = b"500 X" if self.refusing else b"204 X"
        if self.refusing:
            self.refusing -= 1
        else:
            self.reported.append(body["state"])
        writer.write(b"HTTP/1.1 " + status + b"\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
        await writer.drain()
        writer.close()
        self.received.set()

    async def heard_of(self, *states):
        async with asyncio.timeout(20):
            while sorted(self.reported) != sorted(states):
                await self.received.wait()
                self.received.clear()


@pytest.fixture
async def receiver():
    made = Receiver()
    server = await asyncio.start_server(made, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
    yield made
    server.close()


async def test_news_come_at_their_time(relay, client, receiver):
    await submitted(client, relay, notify_hook=receiver.url)
    relay.mock.advance(seconds=2)
    await receiver.heard_of("processing")
    relay.mock.advance(seconds=8)
    await receiver.heard_of("processing", "completed")
    assert receiver.reported == ["processing", "completed"]


async def test_news_that_are_not_taken_are_told_again(relay, client, receiver):
    receiver.refusing = 1
    await submitted(client, relay, notify_hook=receiver.url)
    relay.mock.advance(seconds=2)
    await receiver.heard_of("processing")
    assert receiver.refusing == 0


async def test_news_may_be_lost_or_come_twice(relay, client, receiver):
    relay.mock.then("callback", "lost", "twice")
    await submitted(client, relay, notify_hook=receiver.url)
    relay.mock.advance(seconds=10)
    await receiver.heard_of("completed", "completed")


async def test_news_may_come_before_the_answer(relay, client, receiver):
    relay.mock.next_jobs(Fate(takes_s=0.0, fails=Fault.of("job")))
    relay.mock.then("callback", "lost", "early")
    await submitted(client, relay, notify_hook=receiver.url)
    assert receiver.reported == ["failed"]


async def test_old_news_may_come_after_the_last(relay, client, receiver):
    relay.mock.then("callback", "late:5")
    await submitted(client, relay, notify_hook=receiver.url)
    relay.mock.advance(seconds=10)
    await receiver.heard_of("completed")
    relay.mock.advance(seconds=5)
    await receiver.heard_of("completed", "processing")


def test_the_line_comes_before_what_always_happens_and_that_before_chance():
    fault_plan = FaultPlan(1)
    fault_plan.by_chance(Act.LOOK, {"cut": 1.0})
    fault_plan.always(Act.LOOK, "missing")
    fault_plan.then(Act.LOOK, ["html"])
    assert [fault_plan.draw(Act.LOOK).kind for _ in range(2)] == [FaultKind.HTML, FaultKind.MISSING]
    fault_plan.always(Act.LOOK, None)
    assert fault_plan.draw(Act.LOOK).kind is FaultKind.CUT
    assert fault_plan.draw(Act.SUBMIT).kind is FaultKind.NOTHING


@given(seed=st.integers(0, 99))
def test_one_seed_gives_one_row_of_faults(seed):
    def row():
        fault_plan = FaultPlan(seed)
        fault_plan.by_chance(Act.LOOK, {"missing": 0.2, "cut": 0.3})
        return [fault_plan.draw(Act.LOOK) for _ in range(50)]

    assert row() == row()
    assert FaultKind.NOTHING in {one.kind for one in row()}


def test_what_is_no_fault_is_refused_by_name():
    with pytest.raises(ValueError, match="cut-unread, cut"):
        InjectedFault.of("explode")
    with pytest.raises(ValueError, match="float"):
        InjectedFault.of("delay:soon")
    with pytest.raises(ValueError, match="no more than 1"):
        FaultPlan(0).by_chance(Act.LOOK, {"cut": 0.7, "html": 0.7})


def test_lengths_of_time_are_read_with_their_units():
    assert [seconds(one) for one in ("250ms", "5s", "2m", "1h", "3")] == [0.25, 5, 120, 3600, 3]
    assert Durations.of("2s..8s") == Durations(2, 8)
    assert Durations.of("60s~0.5") == Durations(60, 60, 0.5)
    with pytest.raises(ValueError, match="like '5s'"):
        Durations.of("soon")
