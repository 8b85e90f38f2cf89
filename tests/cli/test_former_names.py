"""Commands answer under their former names for one release, with a warning."""

from collections.abc import Callable

import pytest
from tests.cli.conftest import Done
from typer.core import TyperGroup

from rushes.cli.commands import COMMANDS, FORMER_NAMES, root
from rushes.cli.support.lazy import LazyCommand


def command(path: str) -> LazyCommand:
    found = root()
    for name in path.split():
        assert isinstance(found, TyperGroup)
        found = found.commands[name]
    assert isinstance(found, LazyCommand)
    return found


def function(path: str) -> str:
    callback = command(path).loaded().callback
    return f"{callback.__module__}.{callback.__qualname__}"


@pytest.mark.parametrize(("former", "current"), FORMER_NAMES.items())
def test_a_former_name_runs_the_renamed_command(former: str, current: str) -> None:
    assert former not in COMMANDS
    assert function(former) == function(current)


@pytest.mark.parametrize(("former", "current"), FORMER_NAMES.items())
def test_a_former_name_warns(rushes: Callable[..., Done], former: str, current: str) -> None:
    done = rushes(*former.split(), "--help")
    assert done.status == 0
    assert f"`rushes {former}` is called `rushes {current}` now" in done.err
    assert rushes(*current.split(), "--help").err == ""


@pytest.mark.parametrize("former", FORMER_NAMES)
def test_help_does_not_list_a_former_name(rushes: Callable[..., Done], former: str) -> None:
    *group, name = former.split()
    listed = [line.split()[0] for line in rushes(*group, "--help").out.splitlines() if line.strip()]
    assert name not in listed
