"""What a newcomer leans on: examples that work, completion, and no colours where they do not belong."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.cli.conftest import Done, environment
from typer.core import TyperGroup

from rushes.cli.commands import GROUPS, root
from rushes.cli.support.examples import EXAMPLES


def commands(group: TyperGroup, above: str = "") -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from commands(command, f"{above}{name} ")
        elif not command.hidden:
            yield f"{above}{name}"


@pytest.mark.parametrize("name", [*commands(root())])
def test_every_command_has_examples_and_shows_them(name: str, capsys) -> None:
    assert EXAMPLES.get(name)
    with pytest.raises(SystemExit):
        root()([*name.split(), "--help"], prog_name="rushes")
    shown = capsys.readouterr().out
    for example in EXAMPLES[name]:
        assert f"\n    {example}\n" in shown + "\n"


@pytest.mark.parametrize(
    ("name", "example"), [(name, one) for name, each in EXAMPLES.items() for one in each]
)
def test_an_example_is_understood_by_its_command(name: str, example: str) -> None:
    words = [word for word in shlex.split(example) if not word.startswith("RUSHES_")]
    assert words[0] == "rushes"
    assert " ".join(words[1:]).startswith(name)
    command = root()
    rest = words[1:]
    for part in name.split():
        assert isinstance(command, TyperGroup)
        command = command.commands[part]
        rest = rest[1:]
    command.make_context(name, rest)  # raises for what it does not know


@pytest.mark.parametrize("above", ["", *GROUPS])
def test_every_line_in_a_list_of_commands_is_whole(above: str, capsys) -> None:
    with pytest.raises(SystemExit):
        root()([*above.split(), "--help"], prog_name="rushes")
    _, _, listed = capsys.readouterr().out.partition("Commands:\n")
    lines = listed.splitlines()
    assert lines
    for line in lines:
        assert re.fullmatch(r"  [a-z-]+ +[A-Z].{,48}\.", line), "one sentence in 50 characters"
        assert not line.endswith(".."), line
        assert len(line) <= 80


@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help_is_asked_for_either_way(rushes: Callable[..., Done], flag: str) -> None:
    reported = rushes("generations", "list", flag)
    assert (reported.status, "Usage: rushes generations list" in reported.out) == (0, True)


def test_the_version_is_asked_for_either_way(rushes: Callable[..., Done]) -> None:
    assert rushes("--version").out == rushes("version").out


def completed(line: str, shell: str = "bash") -> list[str]:
    words = line.split(" ")
    requested = {
        "_RUSHES_COMPLETE": f"complete_{shell}",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(words) - 1),
        "_TYPER_COMPLETE_ARGS": line,
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }
    done = subprocess.run(
        (sys.executable, "-m", "rushes"),
        env=environment(**requested),
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.split()


def test_a_shell_completes_commands_options_and_values() -> None:
    assert completed("rushes gen") == ["generate", "generations"]
    assert completed("rushes generations c") == ["cancel"]
    assert completed("rushes generate x --res") == ["--resolution"]
    assert completed("rushes generate x --resolution 5") == ["540p"]
    assert completed("rushes generate x --aspect 9") == ["9:16", "9:21"]
    assert "ray-2" in completed("rushes generate x --model ray")
    assert completed("rushes generations list --state f") == ["failed"]


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_complete_too(shell: str) -> None:
    assert "generations" in " ".join(completed("rushes gen", shell))


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_the_script_for_a_shell_is_shown(rushes: Callable[..., Done], shell: str) -> None:
    reported = rushes("--show-completion", shell, _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert reported.status == 0
    assert "_RUSHES_COMPLETE" in reported.out


@pytest.mark.parametrize(
    "arguments",
    [
        ("models", "offered"),
        ("config", "--sources"),
        ("doctor",),
        ("--help",),
        ("generate", "x", "--resolution", "360p", "--duration", "4s"),
        ("generate", "x", "--resolution", "8k"),
        ("dance",),
    ],
)
def test_nothing_but_text_goes_into_a_pipe(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """Whatever the terminal would be able to do."""
    able = {**os.environ, "TERM": "xterm-kitty", "COLORTERM": "truecolor", "KITTY_WINDOW_ID": "1"}
    done = subprocess.run(
        (sys.executable, "-m", "rushes", *arguments),
        cwd=tmp_path,
        env=able,
        capture_output=True,
        check=False,
    )
    assert not re.search(rb"[\x00-\x08\x0e-\x1f]", done.stdout + done.stderr)
    assert b"%" not in done.stderr, "no progress bar either"
