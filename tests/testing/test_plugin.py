"""The pytest plugin, in pytest runs of its own."""

import importlib.metadata
import os
import subprocess
import sys
from pathlib import Path

import pytest

PLUGIN = "rushes.testing.plugin"


def run_pytest(folder: Path, tests: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run tests as a user would who has installed rushes, with no other plugin than xdist."""
    (folder / "test_it.py").write_text(tests)
    (folder / "pytest.ini").write_text("[pytest]\n")
    return subprocess.run(
        (sys.executable, "-m", "pytest", "-q", "-p", PLUGIN, *arguments),
        cwd=folder,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def test_the_package_names_its_plugin() -> None:
    text = (Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8")
    assert f'[project.entry-points.pytest11]\nrushes = "{PLUGIN}"' in text
    found = importlib.metadata.entry_points(group="pytest11", name="rushes")
    assert [one.value for one in found] == [PLUGIN], "install the project again: make setup"


def test_loading_it_imports_nothing_heavy() -> None:
    program = (
        "import sys, pytest\n"
        f"import {PLUGIN}\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))\n"
        "print(*sorted(name for name in sys.modules if name.startswith('rushes')))"
    )
    out = subprocess.run(
        (sys.executable, "-c", program), capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert not {"pydantic", "starlette", "httpx2", "numpy", "av", "typer"} & set(out[0].split())
    assert out[1].split() == ["rushes", "rushes.testing", PLUGIN]


def test_pytest_is_no_runtime_dependency() -> None:
    program = "import sys; sys.modules['pytest'] = None; import rushes.testing"
    subprocess.run((sys.executable, "-c", program), check=True)


def test_a_run_that_does_not_use_it_starts_no_server(tmp_path) -> None:
    tests = "import psutil\ndef test_nothing():\n    assert psutil.Process().children() == []\n"
    done = run_pytest(tmp_path, tests)
    assert done.returncode == 0, done.stdout


SDKS = """
import httpx2, lumaai, luma_agents, openai, pytest

def test_the_server_is_there(rushes_server):
    assert httpx2.get(f"{rushes_server.url}/health/ready").status_code == 200
    assert rushes_server.engine == "slate"

def test_sdks_find_it_by_their_variables(rushes_env):
    assert lumaai.LumaAI().ping.check().message == "pong"
    made = luma_agents.Luma().generations.create(prompt="a lake", model="ray-3.2", type="video")
    assert made.state == "queued"
    with pytest.warns(DeprecationWarning):
        assert openai.OpenAI().videos.list().data is not None

def test_the_environment_is_as_it_was_without_the_fixture():
    import os
    assert "LUMAAI_BASE_URL" not in os.environ
"""


def test_the_sdks_find_the_server_of_the_session(tmp_path, monkeypatch) -> None:
    for name in ("LUMAAI_BASE_URL", "LUMAAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    done = run_pytest(tmp_path, SDKS)
    assert done.returncode == 0, done.stdout


PIDS = """
import pathlib, pytest

@pytest.mark.parametrize("n", range(4))
def test_it(rushes_server, n):
    with pathlib.Path("pids").open("a") as file:
        file.write(f"{rushes_server.pid}\\n")
"""


def test_one_server_serves_a_session_and_each_worker_of_xdist_has_its_own(tmp_path) -> None:
    done = run_pytest(tmp_path, PIDS, "-p", "xdist", "-n", "2")
    assert done.returncode == 0, done.stdout
    pids = (tmp_path / "pids").read_text().split()
    assert len(pids) == 4
    assert len(set(pids)) == 2


@pytest.mark.parametrize(("engine", "status"), [("animatic", 0), ("film", 4)])
def test_the_engine_can_be_chosen(tmp_path, engine, status) -> None:
    tests = "def test_it(rushes_server):\n    assert rushes_server.engine == 'animatic'\n"
    done = run_pytest(tmp_path, tests, "--rushes-engine", engine)
    assert done.returncode == status, done.stdout
