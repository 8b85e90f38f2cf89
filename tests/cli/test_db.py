"""``rushes db``, and other commands on a PostgreSQL database."""

import pytest
from tests.postgres import Databases


def test_an_empty_database_is_migrated_once(rushes, databases: Databases, tmp_path) -> None:
    url = databases.empty()
    before = rushes("db", "status", "--data", tmp_path, "--json", RUSHES_STORE__URL=url)
    assert (before.json["database"], before.json["tables"], before.json["fits"]) == (
        "postgres", 0, False,
    )  # fmt: skip
    done = rushes("db", "migrate", "--data", tmp_path, "--json", RUSHES_STORE__URL=url)
    assert done.json["fits"]
    assert done.json["tables"] == done.json["known"]


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_a_process_whose_database_stays_away_ends_and_says_how_long_it_waited(
    rushes, unused_tcp_port: int, tmp_path, command: str
) -> None:
    done = rushes(
        *(command, "--data", tmp_path / "d"),
        RUSHES_STORE__URL=f"postgresql://rushes@127.0.0.1:{unused_tcp_port}/rushes",
        RUSHES_SERVER__START_TIMEOUT_S="0.5",
    )
    assert done.status == 2
    assert "the database could not be reached within 0.5 seconds" in done.err
    assert "Traceback" not in done.err


def test_the_status_of_a_sqlite_file_needs_no_server(rushes, tmp_path) -> None:
    data = tmp_path / "data"
    assert not rushes("db", "status", "--data", data, "--json").json["fits"]
    rushes("db", "migrate", "--data", data)
    assert rushes("db", "status", "--data", data, "--json").json["fits"]


def test_keys_are_in_the_database_that_the_settings_name(rushes, postgres_url, tmp_path) -> None:
    settings = tmp_path / "rushes.toml"
    settings.write_text(f'[store]\nurl = "{postgres_url}"\n')
    made = rushes("keys", "create", "laptop", "--json")
    listed = rushes("keys", "list", "--json")
    assert [one["id"] for one in listed.json] == [made.json["id"]]
    assert not (tmp_path / "rushes-data" / "rushes.db").exists()


def test_a_copy_moves_the_keys_and_retires_the_file(rushes, postgres_url, tmp_path) -> None:
    data = tmp_path / "data"
    made = rushes("keys", "create", "laptop", "--data", data, "--json")
    copied = rushes("db", "copy", "postgres", "--data", data, RUSHES_STORE__URL=postgres_url)
    assert copied.status == 0, copied.err
    assert not (data / "rushes.db").exists()
    assert len(list(data.glob("rushes.db.copied-*"))) == 1
    listed = rushes("keys", "list", "--data", data, "--json", RUSHES_STORE__URL=postgres_url)
    assert [one["id"] for one in listed.json] == [made.json["id"]]
    back = rushes("db", "copy", "sqlite", "--data", data, RUSHES_STORE__URL=postgres_url)
    assert back.status == 0, back.err
    assert [one["id"] for one in rushes("keys", "list", "--data", data, "--json").json] == [
        made.json["id"]
    ]


def test_a_copy_without_an_address_says_what_is_missing(rushes, tmp_path) -> None:
    done = rushes("db", "copy", "postgres", "--data", tmp_path)
    assert done.status == 2
    assert "store.url" in done.err


def test_doctor_looks_at_the_database_and_hides_its_password(
    rushes, postgres_url, tmp_path
) -> None:
    url = postgres_url.replace("postgres@", "postgres:hush@")
    done = rushes("doctor", "--data", tmp_path, "--json", RUSHES_STORE__URL=url)
    (found,) = [one for one in done.json["checks"] if one["name"] == "postgres"]
    assert found["verdict"] == "good"
    assert "hush" not in done.out + done.err
    shown = rushes("config", "--data", tmp_path, RUSHES_STORE__URL=url)
    assert "hush" not in shown.out + shown.err
