"""``rushes.testing``: a real server for tests of a client, by its context manager."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx2
import psutil
import pytest
from tests.clients.conftest import finished_at

from rushes.testing import Server, ServerFailed, serve


@pytest.fixture(scope="module")
def server():
    with serve() as up:
        yield up


def made(server: Server, prompt: str, **more: object) -> dict:
    """Return a generation once it has ended."""
    headers = {"Authorization": f"Bearer {server.key}"}
    with httpx2.Client(base_url=server.url, headers=headers, timeout=60) as client:
        begun = client.post("/api/v1/generations", json={"prompt": prompt, **more})
        assert begun.status_code == 201, begun.text
        finished_at(server.url, server.key, begun.json()["id"])
        return client.get(f"/api/v1/generations/{begun.json()['id']}").json()


def test_a_video_is_made_by_the_slate_engine(server) -> None:
    done = made(server, "a lake", resolution="540p")
    assert done["state"] == "completed"
    assert done["engine"] == server.engine == "slate"
    video = httpx2.get(done["artifacts"]["video"]["url"])
    assert video.content[4:8] == b"ftyp"


@pytest.mark.parametrize("code", ["content_rejected", "engine_timeout"])
def test_a_failure_on_demand_has_its_code_at_once(server, code) -> None:
    done = made(server, f"a lake [fail: {code}]")
    assert (done["state"], done["failure"]["code"], done["attempt"]) == ("failed", code, 1)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/v1/generations", {"prompt": "[fial]"}),
        ("/dream-machine/v1/generations", {"prompt": "[fial]", "model": "ray-2"}),
        ("/luma/generations", {"user_prompt": "[fial]"}),
        ("/v1/videos", {"prompt": "[fial]", "model": "sora-2"}),
        ("/v1/generations", {"prompt": "[fial]", "model": "ray-3.2", "type": "video"}),
    ],
)
def test_an_unknown_directive_is_refused_by_every_api(server, path, body) -> None:
    reply = httpx2.post(
        f"{server.url}{path}", json=body, headers={"Authorization": f"Bearer {server.key}"}
    )
    assert reply.status_code in {400, 422}, reply.text
    assert "[delay: TIME]" in reply.text


def test_a_job_that_hangs_can_be_cancelled_and_holds_up_no_other(server) -> None:
    headers = {"Authorization": f"Bearer {server.key}"}
    with httpx2.Client(base_url=server.url, headers=headers, timeout=60) as client:
        hanging = [
            client.post("/api/v1/generations", json={"prompt": "[hang]"}).json()["id"]
            for _ in range(3)
        ]
        assert made(server, "a lake", resolution="540p")["state"] == "completed"
        for one in hanging:
            assert client.get(f"/api/v1/generations/{one}").json()["state"] == "running"
            client.post(f"/api/v1/generations/{one}/cancel")
            finished_at(server.url, server.key, one)
            assert client.get(f"/api/v1/generations/{one}").json()["state"] == "cancelled"


def test_another_key_has_an_account_of_its_own(server) -> None:
    done = made(server, "a lake", resolution="540p")
    other = {"Authorization": f"Bearer {server.create_key('other')}"}
    assert httpx2.get(f"{server.url}/api/v1/account", headers=other).status_code == 200
    there = httpx2.get(f"{server.url}/api/v1/generations/{done['id']}", headers=other)
    assert there.status_code == 404


def test_the_key_is_not_in_what_a_failed_assertion_prints(server) -> None:
    assert server.key not in repr(server)


def test_nothing_is_left_when_the_block_ends() -> None:
    with serve() as up:
        process, folder = psutil.Process(up.pid), up.data.parent
        assert folder.is_dir()
    assert not process.is_running()
    assert not folder.exists()


def test_settings_of_the_environment_and_the_folder_have_no_effect(monkeypatch, tmp_path) -> None:
    monkeypatch.chdir(tmp_path)
    Path("rushes.toml").write_text("this is no toml")
    monkeypatch.setenv("RUSHES_SERVER__HOST", "no address")
    with serve(engine="animatic", settings={"models.default": "ray-flash-2"}) as up:
        assert up.engine == "animatic"
        assert up.log == ""


def test_a_server_that_cannot_start_says_why() -> None:
    with (
        pytest.raises(ServerFailed, match=r"before it was ready:\n(.|\n)*must be"),
        serve(engine="film"),
    ):
        pass


def test_it_stops_when_the_process_that_started_it_is_killed(tmp_path) -> None:
    program = (
        "import rushes.testing, json, sys\n"
        "with rushes.testing.serve() as up:\n"
        "    print(up.pid, flush=True)\n"
        "    sys.stdin.read()\n"
    )
    parent = subprocess.Popen(
        (sys.executable, "-c", program),
        stdout=subprocess.PIPE,
        stdin=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    server = psutil.Process(int(parent.stdout.readline()))
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdin.close()
    parent.stdout.close()
    server.wait(timeout=30)


def test_plain_serve_tells_a_program_all_it_needs_on_one_line(tmp_path) -> None:
    process = subprocess.Popen(
        (
            sys.executable,
            "-m",
            "rushes",
            "serve",
            "--json",
            "--engine",
            "slate",
            "--port",
            "0",
            "--data",
            str(tmp_path / "data"),
            "--stop-on-eof",
        ),
        stdout=subprocess.PIPE,
        stdin=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
    )
    reported = json.loads(process.stdout.readline())
    assert reported["ready"] is True
    assert reported["pid"] == process.pid
    assert reported["engine"] == "slate"
    assert reported["key"].startswith("rsk_")
    assert httpx2.get(f"{reported['url']}/health/ready").status_code == 200
    process.stdin.close()
    assert process.wait(30) == 0
    process.stdout.close()
