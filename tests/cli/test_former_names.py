"""Commands and settings answer under their former names for one release, with a warning."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import Done
from typer.core import TyperGroup

from rushes.cli.commands import COMMANDS, FORMER_NAMES, root
from rushes.cli.support.lazy import LazyCommand
from rushes.settings import NAMES, variable
from rushes.settings.channel_tables import FIELDS
from rushes.settings.former_names import FORMER_CHANNEL_FIELDS
from rushes.settings.former_names import FORMER_NAMES as FORMER_SETTINGS


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


CHANNEL = '[channels.a]\nkind = "relay"\nbase_url = "http://127.0.0.1:9"\nmodels = ["ray-2"]\n'


@pytest.mark.parametrize(("former", "current"), FORMER_SETTINGS.items())
def test_a_variable_with_a_former_name_sets_the_renamed_setting(
    rushes: Callable[..., Done], former: str, current: str
) -> None:
    assert former not in NAMES
    done = rushes("config", "--json", **{variable(former): "7"})
    assert done.json[current] == 7
    assert f"{variable(former)} is called {current} now" in done.err
    assert rushes("config", "--json", **{variable(current): "7"}).err == ""


@pytest.mark.parametrize(("former", "current"), FORMER_SETTINGS.items())
def test_a_file_with_a_former_name_sets_the_renamed_setting(
    rushes: Callable[..., Done], tmp_path: Path, former: str, current: str
) -> None:
    group, name = former.split(".")
    (tmp_path / "rushes.toml").write_text(f"[{group}]\n{name} = 7\n")
    done = rushes("config", "--json")
    assert done.json[current] == 7
    assert f"rushes.toml:2: {former} is called {current} now" in done.err


@pytest.mark.parametrize(("former", "current"), FORMER_CHANNEL_FIELDS.items())
def test_a_channel_with_a_former_name_sets_the_renamed_field(
    rushes: Callable[..., Done], tmp_path: Path, former: str, current: str
) -> None:
    assert former not in FIELDS
    (tmp_path / "rushes.toml").write_text(f"{CHANNEL}{former} = 7\n")
    done = rushes("config", "--json")
    assert done.json[f"channels.a.{current}"] == 7
    assert f"rushes.toml:5: channels.a.{former} is called {current} now" in done.err


def test_a_mistake_names_a_setting_as_it_is_written(
    rushes: Callable[..., Done], tmp_path: Path
) -> None:
    (tmp_path / "rushes.toml").write_text(f"{CHANNEL}usual_s = 0\n")
    assert "rushes.toml:5: channels.a.usual_s: must be greater than 0" in rushes("config").err


def test_a_setting_is_not_set_by_both_of_its_names(
    rushes: Callable[..., Done], tmp_path: Path
) -> None:
    (tmp_path / "rushes.toml").write_text(
        "[limits]\nstrangers_per_minute = 1\nanonymous_requests_per_minute = 2\n"
        f"{CHANNEL}usual_s = 1\nexpected_duration_s = 2\n"
    )
    done = rushes("config")
    assert done.status == 2
    for name, present in (
        ("limits.strangers_per_minute", "limits.anonymous_requests_per_minute"),
        ("channels.a.usual_s", "expected_duration_s"),
    ):
        assert f"{name}: is the former name of {present}, which is set too" in done.err
