"""Run commands in this process, which takes a tenth of the time, or as an operator does in their own."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from rushes.cli import main

RUSHES = (sys.executable, "-m", "rushes")


@dataclass(frozen=True, kw_only=True)
class Done:
    """A command that has ended."""

    status: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


@dataclass(frozen=True, kw_only=True)
class Serving:
    """A server that is up."""

    url: str
    key: str | None
    data: Path
    process: "subprocess.Popen[str]"

    def stop(self, how: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        self.process.send_signal(how)
        out, _ = self.process.communicate(timeout=30)
        return self.process.returncode, out


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RUSHES_")}
    return {**kept, "NO_COLOR": "1", "COLUMNS": "100", "TERM": "dumb", **more}


@pytest.fixture
def rushes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Done]:
    """Run a command in this process, in an empty working directory; it leaves no trace here."""

    def run(*arguments: object, **variables: str) -> Done:
        with monkeypatch.context() as patch, Path(os.devnull).open(encoding="utf-8") as nothing:
            patch.chdir(tmp_path)
            patch.setattr(sys, "stdin", nothing)
            for name in [name for name in os.environ if name.startswith("RUSHES_")]:
                patch.delenv(name)
            for name, value in environment(**variables).items():
                patch.setenv(name, value)
            capsys.readouterr()
            with pytest.raises(SystemExit) as ended:
                main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return Done(status=int(ended.value.code or 0), out=out, err=err)

    return run


@pytest.fixture
def rushes_process(tmp_path: Path) -> Callable[..., Done]:
    """Run a command in a process of its own, in an empty working directory."""

    def run(*arguments: object, **variables: str) -> Done:
        done = subprocess.run(
            (*RUSHES, *map(str, arguments)),
            cwd=tmp_path,
            env=environment(**variables),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return Done(status=done.returncode, out=done.stdout, err=done.stderr)

    return run


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Start a command in an empty working directory, and let the test go on beside it."""
    begun: list[subprocess.Popen[str]] = []

    def start(*arguments: object) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            (*RUSHES, *map(str, arguments)),
            cwd=tmp_path,
            env=environment(),
            stderr=subprocess.PIPE,
            text=True,
        )
        begun.append(process)
        return process

    yield start
    for process in begun:
        process.kill()
        process.communicate()


@contextmanager
def _serving(data: Path, *arguments: str, **variables: str) -> Iterator[Serving]:
    command = (*RUSHES, "serve", "--json", "--port", "0", "--data", str(data), *arguments)
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, env=environment(**variables), text=True, cwd=data.parent
    )
    try:
        assert process.stdout is not None
        reported = json.loads(process.stdout.readline())
        yield Serving(url=reported["url"], key=reported["key"], data=data, process=process)
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """One server for a file of tests."""
    with _serving(tmp_path_factory.mktemp("served") / "data") as up:
        yield up


@pytest.fixture
def serve() -> Callable[..., AbstractContextManager[Serving]]:
    """Start a server of one's own: ``with serve(data_folder, "--no-auth") as up``."""
    return _serving
