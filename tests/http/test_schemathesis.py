"""Schemathesis makes up requests from the documentation of every API, and the server keeps its word."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

HERE = Path(__file__).parent
TAKE_SOME = {
    "/api/v1/generations",
    "/dream-machine/v1/generations",
    "/dream-machine/v1/generations/image",
    "/luma-agents/v1/generations",
    "/luma/generations",
    "/luma/tasks",
    "/v1/generations",
    "/v1/videos",
    "/v1/videos/sync",
}
"""Where something can be asked for with neither an id nor a file at hand."""


@dataclass(frozen=True, kw_only=True)
class Scripted:
    """A server that is up, and where it complains."""

    url: str
    key: str
    log: Path


@pytest.fixture
def scripted(tmp_path: Path) -> Iterator[Scripted]:
    log = tmp_path / "log"
    with log.open("w") as reported:
        process = subprocess.Popen(
            (sys.executable, str(HERE / "serve_scripted.py"), "0", str(tmp_path / "data")),
            stdout=subprocess.PIPE,
            stderr=reported,
            text=True,
            cwd=tmp_path,
        )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, log.read_text()
        yield Scripted(**json.loads(line), log=log)
    finally:
        process.terminate()
        process.communicate(timeout=60)


@pytest.mark.slow
def test_what_is_documented_is_what_is_served(scripted: Scripted, tmp_path: Path) -> None:
    report = tmp_path / "report.ndjson"
    done = subprocess.run(
        (
            *(Path(sys.executable).with_name("st"), "--no-color"),
            *("--config-file", HERE / "schemathesis.toml"),
            *("run", f"{scripted.url}/openapi.json", "--checks", "all"),
            *("--report", "ndjson", "--report-ndjson-path", report),
        ),
        cwd=tmp_path,
        env={**os.environ, "RUSHES_KEY": scripted.key},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr + scripted.log.read_text()
    assert TAKE_SOME - taken(report) == set()


def taken(report: Path) -> set[str]:
    """Return the paths of which one POST at least was answered with success."""
    found: set[str] = set()
    for line in report.read_text("utf-8").splitlines():
        recorder = json.loads(line).get("ScenarioFinished", {}).get("recorder", {})
        for case, interaction in recorder.get("interactions", {}).items():
            requested = recorder["cases"][case]["value"]
            response = interaction["response"]
            if requested["method"] == "POST" and response and response["status_code"] < 300:
                found.add(requested["path"])
    return found
