"""How a mock upstream is scripted and counted from outside."""

import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from rushes.mock_upstream.app import MockUpstream
from rushes.mock_upstream.faults import FaultKind
from rushes.mock_upstream.role import Durations, Role
from rushes.mock_upstream.serving import serving_in_thread

BODY = {"user_prompt": "a lake at dawn", "image_url": "data:image/png;base64," + "A" * 9000}


@pytest.fixture
def relay(tmp_path):
    part = Role(kind="relay", takes=Durations.of("1h"))
    mock = MockUpstream(part, ledger=tmp_path / "ledger.jsonl")
    with serving_in_thread(mock) as url, httpx2.Client(base_url=url) as client:
        yield client


def test_it_tells_each_submit_with_key_credential_and_callback(relay):
    headers = {"authorization": "Bearer secret", "idempotency-key": "k1"}
    hook = "http://127.0.0.1:9/never"
    relay.post("/luma/generations", json={**BODY, "notify_hook": hook}, headers=headers)
    (job,) = relay.get("/mock-upstream/jobs").json()["jobs"]
    assert (job["key"], job["callback_url"], job["phase"]) == ("k1", hook, "waiting")
    assert job["prompt"] == BODY["user_prompt"]
    assert len(job["credential"]) == 12
    assert "secret" not in json.dumps(job)
    assert "9022 characters" in job["body"]["image_url"]


def test_it_counts_by_sort_path_and_second(relay):
    for _ in range(3):
        relay.get("/luma/generations/nobody")
    counts = relay.get("/mock-upstream/counts").json()
    assert counts["acts"] == {"look": 3}
    assert counts["paths"] == {"/luma/generations/{id}": 3}
    assert counts["statuses"] == {"400": 3}
    assert 1 <= counts["peak_per_s"] <= 3


def test_it_takes_a_script_and_forgets_it_when_reset(relay):
    script = {
        "next": {"submit": ["refuse:503"]},
        "always": {"look": "html"},
        "jobs": [{"takes": "0s", "fails": "moderation"}],
        "honours_keys": True,
    }
    assert relay.post("/mock-upstream/script", json=script).status_code == 200
    assert relay.post("/luma/generations", json=BODY).status_code == 503
    relay.post("/luma/generations", json=BODY)
    assert relay.get("/mock-upstream/jobs").json()["jobs"][0]["phase"] == "failed"
    assert "html" in relay.get("/luma/generations/x").headers["content-type"]
    relay.post("/mock-upstream/reset")
    assert relay.get("/mock-upstream/counts").json()["accepted"] == 0
    assert relay.get("/luma/generations/x").status_code == 400


def test_the_script_that_is_documented_is_understood(relay):
    page = (Path(__file__).parents[2] / "docs" / "mock-upstream.md").read_text("utf-8")
    script = json.loads(page.split("```json\n")[1].split("```")[0])
    assert relay.post("/mock-upstream/script", json=script).json() == {}


@pytest.mark.parametrize("fault", FaultKind)
def test_a_fault_is_documented(fault):
    page = (Path(__file__).parents[2] / "docs" / "mock-upstream.md").read_text("utf-8")
    assert fault is FaultKind.NOTHING or re.search(rf"`{fault}[:`]", page)


@pytest.mark.parametrize(
    "script",
    [{"dances": 1}, {"next": {"submit": ["explode"]}}, {"always": {"dance": "cut"}}, {"next": 3}],
)
def test_a_script_that_is_not_understood_is_refused(script, relay):
    reply = relay.post("/mock-upstream/script", json=script)
    assert reply.status_code == 422
    assert reply.json()["error"]


def test_the_ledger_is_on_disk_before_the_answer(relay, tmp_path):
    answer = relay.post("/luma/generations", json=BODY).json()
    (line,) = (tmp_path / "ledger.jsonl").read_text("utf-8").splitlines()
    assert (json.loads(line)["event"], json.loads(line)["id"]) == ("accepted", answer["id"])


def test_the_ledger_tells_repetitions_cancellations_and_fetches(tmp_path):
    part = Role(kind="openai-videos", honours_keys=True)
    with (
        serving_in_thread(MockUpstream(part, ledger=tmp_path / "ledger.jsonl")) as url,
        httpx2.Client(base_url=url, headers={"idempotency-key": "k"}) as client,
    ):
        for _ in range(2):
            video = client.post("/v1/videos", json={"prompt": "a lake"}).json()["id"]
        client.get(f"/v1/videos/{video}/content")
        client.delete(f"/v1/videos/{video}")
    lines = (tmp_path / "ledger.jsonl").read_text("utf-8").splitlines()
    reported = [json.loads(line)["event"] for line in lines]
    assert reported == ["accepted", "repeated", "fetched", "cancelled"]


def test_as_a_command_it_tells_where_it_is_and_stops_when_asked(tmp_path):
    command = (sys.executable, "-m", "rushes", "mock-upstream", "dream-machine", "--json")
    options = ("--takes", "0s", "--does", "look=missing@1.0", "--ledger", tmp_path / "ledger.jsonl")
    process = subprocess.Popen((*command, *options), stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        reported = json.loads(process.stdout.readline())
        path = f"{reported['url']}/dream-machine/v1/generations"
        made = httpx2.post(path, json={"prompt": "a lake", "model": "ray-2"}).json()
        assert httpx2.get(f"{path}/{made['id']}").status_code == 404
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)
    assert process.returncode == 0
    assert len((tmp_path / "ledger.jsonl").read_text("utf-8").splitlines()) == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("sora",), "the kind must be one of relay"),
        (("relay", "--shape", "sora"), "the shape must be chainhub"),
        (("relay", "--takes", "long"), "like '5s'"),
        (("relay", "--does", "explode"), "look=missing@0.1"),
    ],
)
def test_a_command_that_makes_no_sense_says_what_would(options, words):
    command = (sys.executable, "-m", "rushes", "mock-upstream", *options)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert words in done.stderr


def test_the_former_control_path_answers_for_a_release(relay):
    assert relay.get("/standin/counts").json() == relay.get("/mock-upstream/counts").json()
