"""Accounts and keys from the command line."""

import json
import re
from pathlib import Path


def test_a_key_is_limited_rotated_and_shown(rushes, tmp_path: Path) -> None:
    data = ("--data", tmp_path / "d")
    made = rushes(
        *(
            "keys",
            "create",
            "laptop",
            "--account",
            "acme",
            "--scope",
            "read",
            "--scope",
            "generate",
        ),
        *("--submits-per-minute", 20, "--in-flight", 3, "--model", "ray-v2"),
        *("--expires-in", "90d", *data, "--json"),
    ).json
    assert made["scopes"] == ["generate", "read"]
    assert made["operates"] is False
    assert (made["submits_per_minute"], made["in_flight"], made["models"]) == (20, 3, ["ray-2"])
    assert made["expires_at"] > made["created_at"]

    limited = rushes(
        "keys", "limit", made["id"], "--in-flight", 0, "--every-model", *data, "--json"
    )
    reported = limited.json
    assert (reported["submits_per_minute"], reported["in_flight"], reported["models"]) == (
        20,
        None,
        None,
    )

    rotated = rushes("keys", "rotate", made["id"], "--grace", "24h", *data)
    assert rotated.status == 0, rotated.err
    assert re.match(r"rsk_[\w-]{43}\n", rotated.out)
    assert "is valid until" in rotated.out

    shown = rushes("keys", "show", made["id"], *data)
    assert re.search(r"^submits_per_minute +20$", shown.out, re.MULTILINE)
    assert re.search(r"^scopes +generate, read$", shown.out, re.MULTILINE)
    for secret in (made["key"], rotated.out.splitlines()[0]):
        assert secret not in shown.out


def test_what_makes_no_sense_is_refused_before_a_key_is_made(rushes, tmp_path: Path) -> None:
    data = ("--data", tmp_path / "d")
    made = rushes("keys", "create", "a", *data, "--json").json
    for requested, why in (
        (("create", "b", "--model", "ray-99"), "--model must be one of"),
        (("create", "b", "--expires-in", "soon"), "--expires-in must be like"),
        (("limit", made["id"]), "name a limit"),
    ):
        reported = rushes("keys", *requested, *data)
        assert reported.status in {2, 5}
        assert why in reported.err
    assert len(rushes("keys", "list", *data, "--json").json) == 1


def test_an_account_is_made_listed_and_deleted_when_that_is_wanted(rushes, tmp_path: Path) -> None:
    data = ("--data", tmp_path / "d")
    assert rushes("accounts", "create", "acme", "--name", "Acme Films", *data).status == 0
    rushes("keys", "create", "laptop", "--account", "acme", *data)
    (listed,) = json.loads(rushes("accounts", "list", *data, "--json").out)
    assert (listed["id"], listed["name"], listed["keys"]) == ("acme", "Acme Films", 1)

    unsure = rushes("accounts", "delete", "acme", *data)
    assert unsure.status == 1
    assert "Go on?" in unsure.err
    assert "--yes" in rushes("accounts", "delete", "acme", "--json", *data).err
    gone = rushes("accounts", "delete", "acme", "--yes", *data)
    assert "1 keys" in gone.out
    assert rushes("accounts", "list", *data, "--json").json == []
    again = rushes("accounts", "delete", "acme", "--yes", *data)
    assert again.status == 4
    assert "`rushes accounts list` shows" in again.err
