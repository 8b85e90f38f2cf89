"""No secret gets into the log, whoever writes it there."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from rushes.cli.support.logs import without_secrets


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("key rsk_B26BKIZuXlBbTEwwLYA3ytOlqtns3NlBYFaJBvvXEzw was used", "key rsk_*** was used"),
        ("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", "whsec_***"),
        (
            "GET /media/1767000000.abcdefghijklmnopqrstuvwxyzABCDEF/g/1/video.mp4",
            "GET /media/***/g",
        ),
        ("nothing to hide", "nothing to hide"),
    ],
)
def test_what_looks_like_a_secret_is_blanked(written: str, kept: str) -> None:
    line = without_secrets(None, "info", {"event": written, "count": 3})
    assert str(line["event"]).startswith(kept)
    assert line["count"] == 3


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("got https://a.test/p.png?sig=topsecret&x=1 now", "got https://a.test/p.png?*** now"),
        ("https://me:topsecret@a.test/hook", "https://a.test/hook"),
        ("https://me:topsecret@a.test/hook?a=topsecret", "https://a.test/hook?***"),
        ("https://a.test/plain", "https://a.test/plain"),
    ],
)
def test_an_address_is_shown_without_its_query_and_login(written: str, kept: str) -> None:
    line = without_secrets(None, "info", {"event": written, "more": {"in": [written]}})
    assert line == {"event": kept, "more": {"in": [kept]}}


def test_a_whole_run_logs_who_and_what_and_no_secret(tmp_path: Path) -> None:
    """Ask, render, tell and fail, at the most talkative level, and look at every line."""
    words, query = "a-prompt-of-nobodys-business", "sig=very-private-query"
    data = tmp_path / "data"
    command = (sys.executable, "-m", "rushes", "serve", "--json", "--port", "0")
    up = subprocess.Popen(
        (*command, "--data", str(data)),
        env={
            **os.environ,
            "RUSHES_LOG__JSON": "true",
            "RUSHES_LOG__LEVEL": "debug",
            "RUSHES_NETWORK__ALLOW": "127.0.0.1",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    seen: list[str] = []
    try:
        assert up.stdout is not None
        reported = json.loads(up.stdout.readline())
        with httpx2.Client(
            base_url=reported["url"],
            headers={"Authorization": f"Bearer {reported['key']}", "X-Request-Id": "mine-1"},
        ) as client:
            requested = {
                "kind": "video",
                "prompt": words,
                "resolution": "360p",
                "aspect_ratio": "1:1",
                "keyframes": {"first": {"image": f"http://127.0.0.1:9/a.png?{query}"}},
                "webhook_url": f"http://127.0.0.1:9/hook?{query}",
            }
            made = client.post("/api/v1/generations", json=requested)
            assert made.status_code == 201, made.text
            made_id = made.json()["id"]
            assert up.stderr is not None
            for line in up.stderr:
                seen.append(line)
                if "delivery_tried" in line:
                    break
            client.get(f"/api/v1/generations?q={words}")
            client.post(f"/api/v1/generations/{made_id}/cancel")
    finally:
        up.send_signal(signal.SIGTERM)
        _, log = up.communicate(timeout=60)
    log = "".join(seen) + log
    lines = [json.loads(line) for line in log.splitlines()]
    tried = [line for line in lines if line["event"] == "delivery_tried"]
    assert {line["generation"] for line in tried} == {made_id}
    mine = [line for line in lines if line.get("request_id") == "mine-1"]
    assert {line["route"] for line in mine if line["event"] == "request"} >= {"/api/v1/generations"}
    assert all(line.get("channel") for line in lines if line["event"] == "claimed")
    for secret in (reported["key"], words, query, "/media/17"):
        assert secret not in log
