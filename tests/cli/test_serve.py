"""A server as a process: how it begins, what it says, how it ends."""

import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import pytest


def test_it_is_ready_and_says_so_on_one_line(server) -> None:
    assert httpx2.get(f"{server.url}/health/ready").status_code == 200
    assert server.key.startswith("rsk_")
    assert server.data.is_dir()


def test_a_key_made_while_it_runs_works_at_once(server, rushes) -> None:
    made = rushes("keys", "create", "late", "--data", server.data, "--json").json
    url = f"{server.url}/luma/generations/12345678-1234-4234-8234-123456789012"
    before = httpx2.get(url, headers={"Authorization": "Bearer rsk_unknown"})
    after = httpx2.get(url, headers={"Authorization": f"Bearer {made['key']}"})
    assert before.status_code == 401
    assert after.status_code not in {401, 403}
    rushes("keys", "revoke", made["id"], "--data", server.data)
    begun_s = time.monotonic()
    revoked = after
    while revoked.status_code != 401 and time.monotonic() < begun_s + 10:
        revoked = httpx2.get(url, headers={"Authorization": f"Bearer {made['key']}"})
    assert revoked.status_code == 401


def test_it_does_not_tell_what_it_is_built_with(server) -> None:
    assert "server" not in httpx2.get(f"{server.url}/health/live").headers


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_cleanly(serve, tmp_path: Path, how: signal.Signals) -> None:
    with serve(tmp_path / "data") as up:
        status, _ = up.stop(how)
    assert status == 0


def test_the_first_key_is_shown_once(serve, tmp_path: Path) -> None:
    with serve(tmp_path / "data") as up:
        assert up.key
        up.stop()
    with serve(tmp_path / "data") as up:
        assert up.key is None
        up.stop()


def test_a_server_that_finds_keys_says_where_the_first_one_was_made(
    tmp_path: Path, free_port: int, rushes
) -> None:
    rushes("keys", "create", "earlier", "--data", tmp_path / "d")
    command = (sys.executable, "-m", "rushes", "serve", "--port", str(free_port))
    process = subprocess.Popen(
        (*command, "--data", str(tmp_path / "d")), stdout=subprocess.PIPE, text=True, cwd=tmp_path
    )
    try:
        assert process.stdout is not None
        line = next(line for line in process.stdout if "oldest key" in line)
    finally:
        process.terminate()
        process.communicate(timeout=30)
    assert line.startswith("The oldest key is 'earlier', of 20")


def test_what_it_prints_can_be_pasted(tmp_path: Path, free_port: int) -> None:
    command = (sys.executable, "-m", "rushes", "serve", "--port", str(free_port))
    process = subprocess.Popen(
        (*command, "--data", str(tmp_path / "d")), stdout=subprocess.PIPE, text=True, cwd=tmp_path
    )
    try:
        assert process.stdout is not None
        line = next(line for line in process.stdout if line.startswith("  curl "))
        pasted = subprocess.run(
            ("bash", "-c", line), capture_output=True, text=True, timeout=30, check=True
        )
    finally:
        process.terminate()
        rest, _ = process.communicate(timeout=30)
    assert '"state":"pending"' in pasted.stdout.replace(" ", "")
    assert rest.endswith("stopped\n")
    assert process.returncode == 0


def test_without_auth_no_key_is_made_or_asked_for(serve, tmp_path: Path) -> None:
    with serve(tmp_path / "data", "--no-auth") as up:
        assert up.key is None
        reply = httpx2.post(f"{up.url}/luma/generations", json={"user_prompt": "x"})
        up.stop()
    assert reply.status_code == 200


def test_without_auth_it_does_not_listen_to_the_network(rushes) -> None:
    reported = rushes("serve", "--host", "0.0.0.0", "--no-auth")
    assert reported.status == 2
    assert "loopback" in reported.err


def test_a_port_that_is_taken_is_one_sentence(rushes, server, tmp_path: Path) -> None:
    port = server.url.rpartition(":")[2]
    reported = rushes("serve", "--port", port, "--data", tmp_path / "d")
    assert reported.status == 1
    assert re.fullmatch(r"rushes: cannot listen on 127\.0\.0\.1 port \d+: .+\n", reported.err)
    assert not (tmp_path / "d").exists()


def test_a_host_that_is_none_of_ours_is_one_sentence(rushes) -> None:
    reported = rushes("serve", "--host", "300.1.1.1")
    assert reported.status == 2
    assert reported.err == "rushes: --host must be an address of this machine, not '300.1.1.1'\n"


def test_links_follow_the_public_url(serve, tmp_path: Path) -> None:
    with serve(tmp_path / "data", "--public-url", "https://video.example.org/") as up:
        headers = {"Authorization": f"Bearer {up.key}"}
        body = {"user_prompt": "x", "resolution": "540p", "aspect_ratio": "1:1"}
        made = httpx2.post(f"{up.url}/luma/generations", json=body, headers=headers).json()
        reply = made
        while reply["state"] not in {"completed", "failed"}:
            reply = httpx2.get(f"{up.url}/luma/generations/{made['id']}", headers=headers).json()
        up.stop()
    assert reply["video"]["url"].startswith("https://video.example.org/media/")


def test_logs_are_json_when_asked_for_and_hold_no_key(tmp_path: Path, rushes) -> None:
    command = (sys.executable, "-m", "rushes", "serve", "--port", "0", "--json")
    (tmp_path / "rushes.toml").write_text("[log]\njson = true")
    process = subprocess.Popen(
        (*command, "--data", str(tmp_path / "d")),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
    )
    try:
        assert process.stdout is not None
        reported = httpx2.Response(200, text=process.stdout.readline()).json()
        httpx2.post(
            f"{reported['url']}/luma/generations",
            json={"user_prompt": "x", "resolution": "540p"},
            headers={"Authorization": f"Bearer {reported['key']}"},
        ).raise_for_status()
        assert process.stderr is not None
        line = process.stderr.readline()
    finally:
        process.terminate()
        _, rest = process.communicate(timeout=30)
    assert httpx2.Response(200, text=line).json()["level"] == "info"
    assert reported["key"] not in line + rest


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])


def test_the_limit_of_a_body_is_a_setting(serve, tmp_path: Path) -> None:
    (tmp_path / "rushes.toml").write_text("[server]\nbody_limit_mb = 1")
    with serve(tmp_path / "data", "--no-auth") as up:
        body = {"user_prompt": "x", "image_url": "A" * (1 << 20)}
        reply = httpx2.post(f"{up.url}/luma/generations", json=body)
        up.stop()
    assert reply.status_code == 413
