"""A channel's key is needed by what talks to the channel, and by nothing else."""

from collections.abc import Callable
from pathlib import Path

import pytest

from rushes.cli import main

FILE = """
[channels.luma]
kind = "dream-machine"
key_env = "LUMA_KEY"
models = ["ray-2"]

[channels.agents]
kind = "agents"
key_file = "not-there"
models = ["ray-3"]
"""

Run = Callable[[str], tuple[int, str, str]]


@pytest.fixture
def rushes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    (tmp_path / "rushes.toml").write_text(FILE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LUMA_KEY", raising=False)

    def run(command: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(command.split())
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return run


@pytest.mark.parametrize(
    "command",
    [
        *("keys list", "generations list", "accounts list", "credits show", "credits verify"),
        *("webhooks list", "deliveries list", "usage", "gc --dry-run", "models offered"),
        "nodes list",
        *("keys create laptop", "channels pause luma", "channels resume luma"),
        "keys create narrow --model ray-2",
    ],
)
def test_what_reads_the_data_folder_needs_no_channels_key(rushes: Run, command: str) -> None:
    assert rushes("keys create first")[0] == 0
    status, _, err = rushes(command)
    assert (status, err) == (0, "")


def test_the_list_of_channels_says_whose_key_is_not_here(rushes: Run, tmp_path: Path) -> None:
    status, out, _ = rushes("channels list")
    assert status == 0
    assert "luma: its key is missing: the variable LUMA_KEY is empty or does not exist" in out
    assert (
        f"agents: its key is missing: the file {tmp_path / 'not-there'} is empty or does not exist"
        in out
    )


def test_a_channel_is_not_asked_without_its_key(rushes: Run) -> None:
    assert rushes("channels test luma")[::2] == (
        2,
        "rushes: the key of luma is missing: the variable LUMA_KEY is empty or does not exist\n",
    )


@pytest.mark.parametrize("command", ["worker", "mcp", "serve --port 0", "config"])
def test_what_talks_to_channels_names_every_key_that_is_not_there(
    rushes: Run, command: str
) -> None:
    status, _, err = rushes(command)
    assert status == 2
    assert "channels.luma.key_env: names an environment variable that is not set" in err
    assert "channels.agents.key_file: cannot be read" in err


def test_doctor_says_that_a_server_cannot_run_without_them(rushes: Run) -> None:
    status, out, _ = rushes("doctor")
    assert status == 1
    assert "its key is missing: the variable LUMA_KEY" in out


def test_a_worker_of_some_channels_needs_their_keys_only(rushes: Run) -> None:
    status, _, err = rushes("worker --channels luma")
    assert status == 2
    assert "the key of luma is missing" in err
    assert "agents" not in err


def test_a_worker_of_unknown_channels_says_which_exist(rushes: Run) -> None:
    status, _, err = rushes("worker --channels gpu0,animatic")
    assert status == 2
    assert "worker.channels names 'gpu0'; the channels are luma, agents, animatic" in err
