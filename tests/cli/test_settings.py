"""Where settings come from, and how their mistakes are told."""

import base64
from pathlib import Path

import pytest

from rushes import settings
from rushes.core.errors import SettingsError
from rushes.settings import NAMES, Settings, flag, load, load_with_sources, values, variable


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in NAMES:
        monkeypatch.delenv(variable(name), raising=False)
    monkeypatch.delenv("RUSHES_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def reported(*, overrides: dict[str, object] | None = None, config_file: Path | None = None) -> str:
    with pytest.raises(SettingsError) as caught:
        load(config_file=config_file, overrides=overrides)
    return str(caught.value)


def test_without_any_source_the_defaults_hold(empty_folder: Path) -> None:
    found = load()
    assert found.server.port == 8000
    assert found.data == empty_folder / "rushes-data"


def test_a_flag_wins_over_the_environment_and_that_over_the_file(
    empty_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (empty_folder / "rushes.toml").write_text(
        "[server]\nport = 1\nhost = '::1'\nlink_lifetime_s = 99"
    )
    monkeypatch.setenv("RUSHES_SERVER__PORT", "2")
    monkeypatch.setenv("RUSHES_SERVER__HOST", "localhost")
    loaded = load_with_sources(overrides={"server.port": 3, "server.host": None})
    server = loaded.settings.server
    assert (server.port, server.host, server.link_lifetime_s) == (3, "localhost", 99)
    assert loaded.sources["server.port"] == "--port"
    assert loaded.sources["server.host"] == "RUSHES_SERVER__HOST"
    assert loaded.sources["server.link_lifetime_s"] == "rushes.toml:4: server.link_lifetime_s"
    assert loaded.sources["server.auth"] == "default"


def test_every_mistake_is_told_at_once_with_its_place(
    empty_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (empty_folder / "rushes.toml").write_text("[log]\nlevel = 'loud'\n[sever]\nport = 1")
    monkeypatch.setenv("RUSHES_SERVER__PROT", "2")
    monkeypatch.setenv("RUSHES_WORKER__SLOTS", "many")
    message = reported(overrides={"server.port": 70000})
    assert "rushes.toml:2: log.level: must be 'debug', 'info', 'warning' or 'error'" in message
    assert (
        "rushes.toml:4: sever.port: there is no such setting; did you mean server.port?" in message
    )
    assert (
        "RUSHES_SERVER__PROT: there is no such setting; did you mean RUSHES_SERVER__PO" in message
    )
    assert "RUSHES_WORKER__SLOTS: must be a number, not 'many'" in message
    assert "--port: must be less than or equal to 65535, not 70000" in message


def test_a_secret_is_neither_told_in_a_mistake_nor_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUSHES_PROMPTS__API_KEY", "very-secret")
    monkeypatch.setenv("RUSHES_PROMPTS__BASE_URL", "nowhere")
    assert "very-secret" not in reported()
    monkeypatch.delenv("RUSHES_PROMPTS__BASE_URL")
    assert "very-secret" not in repr(load())


def test_a_secret_of_the_wrong_type_is_not_told(empty_folder: Path) -> None:
    (empty_folder / "rushes.toml").write_text("[webhooks]\nsecret = 123456")
    message = reported()
    assert "rushes.toml:2: webhooks.secret" in message
    assert "123456" not in message


@pytest.mark.parametrize("wrong", ["hush-hush", "whsec_c2hvcnQ=", "whsec_!", "whsec_", "  "])
def test_a_webhook_secret_that_cannot_sign_is_a_mistake_among_the_others(
    wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUSHES_WEBHOOKS__SECRET", wrong)
    monkeypatch.setenv("RUSHES_WEBHOOKS__CONCURRENCY", "0")
    message = reported()
    assert "RUSHES_WEBHOOKS__SECRET: " in message
    assert "webhook secret" in message
    assert "RUSHES_WEBHOOKS__CONCURRENCY" in message
    assert "hush" not in message


def test_webhook_secrets_may_overlap(monkeypatch: pytest.MonkeyPatch) -> None:
    both = " ".join(f"whsec_{base64.b64encode(bytes([n]) * 32).decode()}" for n in (1, 2))
    monkeypatch.setenv("RUSHES_WEBHOOKS__SECRET", both)
    secret = load().webhooks.secret
    assert secret is not None
    assert secret.get_secret_value() == both


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUSHES_SERVER__PUBLIC_URL", "")
    assert load().server.public_url is None


def test_a_list_is_written_with_commas_in_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUSHES_NETWORK__ALLOW", "10.0.0.0/8, minio.internal:9000")
    assert load().network.allow == ("10.0.0.0/8", "minio.internal:9000")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('["10.0.0.1:9000"]', ("10.0.0.1:9000",)),
        (' ["10.0.0.0/8", "minio.internal"] ', ("10.0.0.0/8", "minio.internal")),
        ("[]", ()),
        ("[fd00::1]:9000, 10.0.0.0/8", ("[fd00::1]:9000", "10.0.0.0/8")),
    ],
)
def test_a_list_is_also_written_as_json(
    monkeypatch: pytest.MonkeyPatch, written: str, meant: tuple[str, ...]
) -> None:
    monkeypatch.setenv("RUSHES_NETWORK__ALLOW", written)
    assert load().network.allow == meant


@pytest.mark.parametrize("written", ["///", '["///"]', '["10.0.0.0/8"'])
def test_a_wrong_value_is_told_once(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv("RUSHES_NETWORK__ALLOW", written)
    assert reported().count(", not ") == 1


@pytest.mark.parametrize(
    "written", ["mine=ray-3, Yours = ray-2", '{"mine":"ray-3","yours":"ray-2"}']
)
def test_aliases_of_models_are_written_as_pairs_or_json(
    monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    monkeypatch.setenv("RUSHES_MODELS__ALIASES", written)
    monkeypatch.setenv("RUSHES_MODELS__DEFAULT", "mine")
    assert load().models.aliases == {"mine": "ray-3", "yours": "ray-2"}


def test_aliases_of_models_are_a_table_in_the_file() -> None:
    Path("rushes.toml").write_text('[models.aliases]\n"a.b" = "ray-3"\n')
    assert load().models.aliases == {"a.b": "ray-3"}


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("mine", "must be like 'ours=ray-2, theirs=ray-3', or an object in JSON, not 'mine'"),
        ("mine=ray2", "ray2 is another name of ray-2; write that"),
        ("ray-2=ray-3", "ray-2 is a model itself"),
        ("mine=ray-9", "mine must be one of photon-1, "),
    ],
)
def test_an_alias_that_cannot_be_is_refused(
    monkeypatch: pytest.MonkeyPatch, written: str, why: str
) -> None:
    monkeypatch.setenv("RUSHES_MODELS__ALIASES", written)
    assert f"RUSHES_MODELS__ALIASES: {why}" in reported()


def test_an_entry_that_opens_nothing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUSHES_NETWORK__ALLOW", "10.0.0.0/8, ///")
    assert "RUSHES_NETWORK__ALLOW: an allow-list entry must be like" in reported()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.2", "::", "example.org"])
def test_auth_can_be_off_on_loopback_only(host: str) -> None:
    message = reported(overrides={"server.auth": False, "server.host": host})
    assert "--no-auth" in message
    assert "auth can be off only on a loopback address" in message


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_auth_may_be_off_on_loopback(host: str) -> None:
    assert not load(overrides={"server.auth": False, "server.host": host}).server.auth


def test_the_file_in_the_data_folder_is_read_when_no_other_is_there(empty_folder: Path) -> None:
    data = empty_folder / "kept"
    data.mkdir()
    (data / "rushes.toml").write_text("[server]\nport = 4")
    assert load(overrides={"data": data}).server.port == 4
    (empty_folder / "rushes.toml").write_text("[server]\nport = 5")
    assert load(overrides={"data": data}).server.port == 5


def test_a_file_in_the_data_folder_cannot_move_it(empty_folder: Path) -> None:
    data = empty_folder / "kept"
    data.mkdir()
    (data / "rushes.toml").write_text("data = 'elsewhere'")
    assert "cannot say where that is" in reported(overrides={"data": data})


def test_a_named_file_must_be_there_and_be_toml(empty_folder: Path) -> None:
    assert "cannot be read" in reported(config_file=empty_folder / "none.toml")
    (empty_folder / "bad.toml").write_text("[server]\nport 8")
    assert "bad.toml:2: is not TOML" in reported(config_file=empty_folder / "bad.toml")


def test_the_file_can_be_named_by_a_variable(
    empty_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (empty_folder / "named.toml").write_text("[server]\nport = 6")
    monkeypatch.setenv("RUSHES_CONFIG", str(empty_folder / "named.toml"))
    assert load().server.port == 6


def test_an_expander_needs_its_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUSHES_PROMPTS__BASE_URL", "http://127.0.0.1:11434/v1/")
    assert "RUSHES_PROMPTS__BASE_URL: base_url and model go together" in reported()
    monkeypatch.setenv("RUSHES_PROMPTS__MODEL", "small")
    assert load().prompts.base_url == "http://127.0.0.1:11434/v1"


def test_plans_by_a_chat_model_need_the_chat_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUSHES_PROMPTS__PLAN", "chat_model")
    assert 'plan = "chat_model" needs base_url and model: set both' in reported()
    monkeypatch.setenv("RUSHES_PROMPTS__BASE_URL", "http://127.0.0.1:11434/v1")
    monkeypatch.setenv("RUSHES_PROMPTS__MODEL", "small")
    assert load().prompts.plan == "chat_model"


def test_a_public_url_is_a_base(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUSHES_SERVER__PUBLIC_URL", "ftp://example.org")
    assert "RUSHES_SERVER__PUBLIC_URL: must be like 'https://video.example.org'" in reported()


def test_names_variables_and_flags_belong_together() -> None:
    assert variable("server.public_url") == "RUSHES_SERVER__PUBLIC_URL"
    assert flag("server.public_url") == "--public-url"
    assert set(values(Settings())) == set(NAMES)
    assert len(set(map(variable, NAMES))) == len(NAMES)


def test_settings_cannot_be_changed_after_loading() -> None:
    with pytest.raises((AttributeError, TypeError)):
        load().server.port = 1  # type: ignore[misc]  # that is the point


@pytest.mark.parametrize(
    ("host", "loopback"), [("::1", True), ("127.9.9.9", True), ("10.0.0.1", False), ("a.b", False)]
)
def test_loopback_is_told_from_the_rest(host: str, loopback: bool) -> None:
    assert settings.is_loopback(host) is loopback
