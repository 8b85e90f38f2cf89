"""Following one generation, and opening what came of it."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tests.cli.conftest import Done, Serving, environment

SMALL = {"resolution": "360p", "aspect_ratio": "1:1", "duration_s": 4}
UNKNOWN = "8d2b6a1e-5f0c-4d7e-9a53-0c1b8e7f6a42"


def requested(server: Serving, **more: Any) -> str:
    reply = httpx2.post(
        f"{server.url}/api/v1/generations",
        json={"prompt": "a lake", **SMALL, **more},
        headers={"Authorization": f"Bearer {server.key}"},
    )
    return str(reply.json()["id"])


@pytest.fixture(params=["server", "folder"])
def where(request: pytest.FixtureRequest, server: Serving) -> tuple[object, ...]:
    if request.param == "server":
        return ("--server", server.url, "--key", server.key)
    return ("--data", server.data)


def test_watching_ends_with_where_the_video_is(
    rushes: Callable[..., Done], server: Serving, where: tuple[object, ...]
) -> None:
    reported = rushes("watch", requested(server), *where)
    assert reported.status == 0, reported.err
    state, _, file = reported.out.strip().partition(": ")
    assert state.startswith("completed after ")
    if file.startswith("http"):
        assert httpx2.get(file).headers["content-type"] == "video/mp4"
    else:
        assert Path(file).is_file()


@pytest.mark.parametrize("place", ["server", "folder"])
def test_a_program_reads_a_line_for_each_change(serve, begin, tmp_path: Path, place: str) -> None:
    data = tmp_path / "data"
    with serve(data, "--no-worker", "--no-auth") as up:
        id_ = requested(up)
        where = ("--server", up.url) if place == "server" else ("--data", str(data))
        watching = subprocess.Popen(
            (sys.executable, "-m", "rushes", "watch", id_, *where, "--json"),
            stdout=subprocess.PIPE,
            env=environment(),
            cwd=tmp_path,
            text=True,
        )
        assert watching.stdout is not None
        first = watching.stdout.readline()
        begin("worker", "--data", data)  # only now, so that no change is missed
        rest, _ = watching.communicate(timeout=120)
    *moments, end = map(json.loads, [first, *rest.splitlines()])
    assert (end["id"], end["state"], end["failure"]) == (id_, "completed", None)
    assert end["file"].endswith("video.mp4")
    assert (moments[0]["state"], moments[0]["position"]) == ("queued", 0)
    order = ["queued", "running"]
    states = [order.index(moment["state"]) for moment in moments]
    assert states == sorted(states)
    assert all((one["position"] is None) == (one["state"] == "running") for one in moments)


def test_what_failed_is_told_with_its_reason(
    rushes: Callable[..., Done], server: Serving, where: tuple[object, ...]
) -> None:
    broken = "data:image/jpeg;base64,/9j/4AAAAAAAAAAAAAAAAAAAAAAAAAAA"
    failed = requested(server, keyframes={"first": {"image": broken}})
    reported = rushes("watch", failed, *where)
    assert reported.status == 1
    assert f"rushes: generation {failed} failed: " in reported.err
    opened = rushes("open", failed, *where)
    assert (opened.status, opened.err) == (1, reported.err)


def test_what_was_cancelled_is_told_with_the_way_out(
    rushes: Callable[..., Done], server: Serving, where: tuple[object, ...]
) -> None:
    cancelled = requested(server, resolution="1080p", duration_s=12)
    rushes("generations", "cancel", cancelled, "--data", server.data)
    reported = rushes("watch", cancelled, *where)
    assert reported.status == 1
    assert "was cancelled; `rushes generations retry` submits it again" in reported.err


@pytest.mark.parametrize("verb", ["watch", "open"])
@pytest.mark.parametrize("id_", [UNKNOWN, "nonsense"])
def test_what_is_not_there_is_status_4(
    rushes: Callable[..., Done], where: tuple[object, ...], verb: str, id_: str
) -> None:
    reported = rushes(verb, id_, *where)
    assert reported.status == 4
    assert f"rushes: there is no generation '{id_}'" in reported.err


def test_a_folder_without_data_is_not_made(rushes: Callable[..., Done], tmp_path: Path) -> None:
    reported = rushes("watch", UNKNOWN)
    assert reported.status == 4
    assert "use --data for another folder" in reported.err
    assert list(tmp_path.iterdir()) == []


def test_watching_can_be_given_up(serve, tmp_path: Path) -> None:
    with serve(tmp_path / "data", "--no-worker", "--no-auth") as up:
        id_ = requested(up)
        command = (sys.executable, "-m", "rushes", "watch", id_, "--server", up.url, "--json")
        watching = subprocess.Popen(
            command, stdout=subprocess.PIPE, env=environment(), cwd=tmp_path, text=True
        )
        assert watching.stdout is not None
        assert json.loads(watching.stdout.readline())["position"] == 0
        watching.send_signal(signal.SIGINT)
        watching.communicate(timeout=60)
        state = httpx2.get(f"{up.url}/api/v1/generations/{id_}").json()["state"]
    assert watching.returncode == 130
    assert state == "queued", "who only watches cancels nothing"


@pytest.fixture
def desktop(tmp_path: Path) -> dict[str, str]:
    """A desktop on which everything is opened by a program that writes down what it was given."""
    program = tmp_path / "bin" / "xdg-open"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/opened\n')
    program.chmod(0o755)
    return {"PATH": f"{program.parent}:/usr/bin:/bin", "DISPLAY": ":9"}


def test_a_finished_video_is_opened(
    rushes_process: Callable[..., Done],
    server: Serving,
    where: tuple[object, ...],
    desktop: dict[str, str],
    tmp_path: Path,
) -> None:
    id_ = requested(server)
    assert rushes_process("watch", id_, *where).status == 0
    reported = rushes_process("open", id_, *where, **desktop)
    assert reported.status == 0, reported.err
    opened = tmp_path / "opened"
    assert opened.read_text() == reported.out
    opened.unlink()
    for only in ("--print", "--json"):
        where_it_is = rushes_process("open", id_, *where, only, **desktop)
        assert where_it_is.status == 0
        assert reported.out.strip().rpartition("/")[2] in where_it_is.out
    assert rushes_process("open", id_, *where, "--print", **desktop).out == reported.out


def test_without_a_desktop_it_is_said_where_the_video_is(
    rushes: Callable[..., Done], server: Serving, where: tuple[object, ...]
) -> None:
    id_ = requested(server)
    assert rushes("watch", id_, *where).status == 0
    reported = rushes("open", id_, *where, DISPLAY="", WAYLAND_DISPLAY="", WSL_DISTRO_NAME="")
    assert reported.status == 0
    assert reported.out.endswith("video.mp4\n")
    assert reported.err == "rushes: this machine has no desktop to open it in\n"
    assert rushes("open", id_, *where, "--json", DISPLAY="").json["opened"] is False


def test_an_unfinished_video_is_not_opened(serve, rushes, tmp_path: Path) -> None:
    with serve(tmp_path / "data", "--no-worker", "--no-auth") as up:
        id_ = requested(up)
        reported = rushes("open", id_, "--server", up.url)
    assert reported.status == 5
    assert f"is queued, 0% done; `rushes watch {id_}` waits for it" in reported.err
