"""What the commands say, print and exit with."""

import base64
import re
from pathlib import Path

import pytest

from rushes.webhooks.signing import Signer

SECRET = "whsec_" + base64.b64encode(bytes(32)).decode()


COMMANDS = (
    "serve",
    "worker",
    "generate",
    "demo",
    "models offered",
    "models list",
    "models show",
    "models pull",
    "models verify",
    "models rm",
    "doctor",
    "config",
    "version",
    "generations list",
    "generations show",
    "generations cancel",
    "generations retry",
    "generations events",
    "keys create",
    "keys list",
    "keys show",
    "keys limit",
    "keys rotate",
    "keys revoke",
    "accounts create",
    "accounts list",
    "accounts delete",
    "channels list",
    "channels test",
    "channels pause",
    "channels resume",
    "webhooks add",
    "webhooks list",
    "webhooks remove",
    "webhooks enable",
    "webhooks disable",
    "webhooks rotate",
    "webhooks test",
    "credits show",
    "credits grant",
    "credits entries",
    "credits verify",
    "usage",
    "webhooks secret",
    "deliveries list",
    "deliveries show",
    "deliveries redeliver",
)


def test_what_is_not_there_comes_with_the_way_out(rushes, tmp_path: Path) -> None:
    rushes("keys", "create", "laptop", "--data", tmp_path)
    reported = rushes("generations", "show", "nonsense", "--data", tmp_path)
    assert reported.status == 4
    assert "; `rushes generations list` shows all" in reported.err
    reported = rushes("keys", "revoke", "key_0", "--data", tmp_path)
    assert reported.status == 4
    assert "; `rushes keys list` shows all" in reported.err


def test_help_names_every_command(rushes) -> None:
    reported = rushes("--help")
    assert reported.status == 0
    for command in COMMANDS:
        assert command.split()[0] in reported.out


def test_help_shows_what_is_taken_by_default(rushes) -> None:
    assert "[default: 720p]" in rushes("generate", "--help").out
    assert "[default: NAME]" in rushes("keys", "create", "--help").out


def test_version_is_the_packages_own(rushes) -> None:
    assert re.match(r"rushes \d+\.\d+", rushes("version").out)
    assert set(rushes("version", "--json").json) == {"version", "python"}


@pytest.mark.parametrize(
    ("arguments", "missing"),
    [(("generate",), "prompt"), (("keys", "create"), "name"), (("dance",), "dance")],
)
def test_a_wrong_command_line_is_status_2(rushes, arguments, missing: str) -> None:
    reported = rushes(*arguments)
    assert reported.status == 2
    assert missing in reported.err
    assert "Traceback" not in reported.err


def test_wrong_settings_are_status_2_and_one_list(rushes) -> None:
    reported = rushes("config", RUSHES_SERVER__PORT="x", RUSHES_LOG__LEVEL="loud")
    assert reported.status == 2
    assert "RUSHES_SERVER__PORT" in reported.err
    assert "RUSHES_LOG__LEVEL" in reported.err
    assert "Traceback" not in reported.err


def test_config_tells_values_and_where_they_are_from(rushes, tmp_path: Path) -> None:
    (tmp_path / "rushes.toml").write_text("[log]\njson = true")
    reported = rushes(
        "config", "--sources", "--json", RUSHES_SERVER__PORT="1234", RUSHES_PROMPTS__API_KEY="hush"
    )
    assert reported.json["server.port"] == {"value": 1234, "source": "RUSHES_SERVER__PORT"}
    assert reported.json["log.json"] == {"value": True, "source": "rushes.toml:2: log.json"}
    assert reported.json["prompts.api_key"]["value"] == "***"
    assert "hush" not in reported.out + reported.err
    table = rushes("config", "--sources", RUSHES_SERVER__PORT="1234").out
    assert re.search(r"server\.port +1234 +RUSHES_SERVER__PORT", table)


def test_models_offered_lists_names_aliases_and_abilities(rushes, tmp_path: Path) -> None:
    models = {model["name"]: model for model in rushes("models", "offered", "--json").json}
    assert "ray-v2" in models["ray-2"]["aliases"]
    assert models["ray-2"]["engine"] == "animatic"
    assert {"540p", "720p", "1080p"} <= set(models["ray-2"]["resolutions"])
    assert models["ray-2"]["kinds"] == ["video", "upscale", "audio", "reframe"]
    assert models["photon-1"]["kinds"] == ["image", "reframe"]
    assert models["photon-1"]["durations"] == []
    assert list(tmp_path.iterdir()) == []  # looking leaves nothing behind


def test_doctor_finds_this_machine_fit(rushes, tmp_path: Path) -> None:
    reported = rushes("doctor", "--data", tmp_path / "data", "--json", RUSHES_SERVER__PORT="0")
    checks = {check["name"]: check["verdict"] for check in reported.json["checks"]}
    assert reported.status == 0
    assert reported.json["good"]
    assert checks["encoder"] == checks["data"] == checks["sqlite"] == "good"
    assert not (tmp_path / "data").exists()


def test_doctor_says_no_when_the_data_folder_is_a_file(rushes, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    reported = rushes("doctor", "--data", tmp_path / "data", RUSHES_SERVER__PORT="0")
    assert reported.status == 1
    assert re.search(r"NO +data", reported.out)


def test_a_key_is_made_shown_once_and_revoked(rushes, tmp_path: Path) -> None:
    made = rushes("keys", "create", "laptop", "--data", tmp_path / "d", "--json").json
    assert made["key"].startswith("rsk_")
    assert (made["name"], made["account"]) == ("laptop", "laptop")
    assert made["key"] not in rushes("keys", "list", "--data", tmp_path / "d").out
    gone = rushes("keys", "revoke", made["id"], "--data", tmp_path / "d", "--json").json
    assert gone["revoked_at"]
    assert made["key"].encode() not in (tmp_path / "d" / "rushes.db").read_bytes()


def test_two_keys_share_an_account_only_when_told_so(rushes, tmp_path: Path) -> None:
    one = rushes("keys", "create", "a", "--data", tmp_path / "d", "--json").json
    two = rushes("keys", "create", "b", "--account", "a", "--data", tmp_path / "d", "--json").json
    three = rushes("keys", "create", "c", "--data", tmp_path / "d", "--json").json
    assert one["account"] == two["account"] != three["account"]


def test_the_webhook_secret_that_was_made_is_shown_to_the_operator(rushes, tmp_path: Path) -> None:
    rushes("keys", "create", "a", "--data", tmp_path / "d")
    shown = rushes("webhooks", "secret", "--data", tmp_path / "d").out.strip()
    assert Signer(shown)
    assert rushes("webhooks", "secret", "--data", tmp_path / "d", "--json").json == {
        "secret": shown,
        "former": [],
    }
    kept = (tmp_path / "d" / "secrets" / "webhooks").read_bytes()
    assert base64.b64decode(shown.removeprefix("whsec_")) == kept


def test_the_webhook_secret_that_was_set_is_the_one_that_is_shown(rushes, tmp_path: Path) -> None:
    reported = rushes(
        "webhooks", "secret", "--data", tmp_path / "d", RUSHES_WEBHOOKS__SECRET=SECRET
    )
    assert reported.out.strip() == SECRET
    assert not (tmp_path / "d").exists()


@pytest.mark.parametrize(
    "command", [("keys", "list"), ("generations", "list"), ("webhooks", "secret")]
)
def test_looking_into_a_folder_without_data_does_not_make_any(
    rushes, tmp_path: Path, command
) -> None:
    reported = rushes(*command, "--data", tmp_path / "typo")
    assert reported.status == 4
    assert "use --data for another folder" in reported.err
    assert not (tmp_path / "typo").exists()


def test_what_is_not_there_is_status_4(rushes, tmp_path: Path) -> None:
    rushes("keys", "create", "a", "--data", tmp_path / "d")
    for command in (
        ("keys", "revoke", "key_none"),
        ("generations", "show", "none"),
        ("generations", "events", "12345678-1234-4234-8234-123456789012"),
        ("generations", "cancel", "12345678-1234-4234-8234-123456789012"),
        ("generations", "retry", "12345678-1234-4234-8234-123456789012"),
    ):
        reported = rushes(*command, "--data", tmp_path / "d")
        assert reported.status == 4, command
        assert reported.err.startswith("rushes: there is no ")


def test_an_error_is_one_sentence(rushes, tmp_path: Path) -> None:
    reported = rushes("generate", "x", "--image", tmp_path / "none.jpg")
    assert reported.status == 4
    assert len(reported.err.strip().splitlines()) == 1
