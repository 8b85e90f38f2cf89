"""A command that needs the data folder alone finds the one that the settings name."""

from pathlib import Path

import pytest

from rushes.cli import main
from rushes.core.errors import SettingsError
from rushes.data_folder import data_folder
from rushes.settings import load


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("RUSHES_DATA", "RUSHES_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "other.toml").write_text('data = "of-other"\n')
    return tmp_path


@pytest.mark.parametrize("file", ["", 'data = "of-file"\n', "[server]\nport = 1\n", 'data = "~/x"'])
@pytest.mark.parametrize(
    "variables", [{}, {"RUSHES_DATA": "of-variable"}, {"RUSHES_CONFIG": "other.toml"}]
)
@pytest.mark.parametrize("flags", [{}, {"data": Path("of-flag")}, {"config": Path("other.toml")}])
def test_it_is_the_folder_of_the_settings(
    monkeypatch: pytest.MonkeyPatch, file: str, variables: dict[str, str], flags: dict[str, Path]
) -> None:
    Path("rushes.toml").write_text(file)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    config = flags.get("config")
    meant = load(config_file=config, overrides={"data": flags.get("data")}).data
    assert data_folder(flags.get("data"), config_file=config) == meant


@pytest.mark.parametrize(
    ("file", "why"), [("data = 3", "data must be the path"), ("data", "is not TOML")]
)
def test_a_file_that_names_none_is_refused(file: str, why: str) -> None:
    Path("rushes.toml").write_text(file)
    with pytest.raises(SettingsError, match=why):
        data_folder()


def test_a_file_that_is_not_there_is_refused() -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        data_folder(config_file=Path("gone.toml"))


def test_keys_are_listed_whatever_else_is_wrong_in_the_settings(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        main(["keys", "create", "laptop"])
    Path("rushes.toml").write_text("[server]\nport = 99999999\n")
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main(["keys", "list"])
    assert not ended.value.code
    assert "laptop" in capsys.readouterr().out
