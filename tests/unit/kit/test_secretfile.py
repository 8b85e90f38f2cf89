"""Secrets that are made once and kept."""

from pathlib import Path

from rushes.kit.secret_file import (
    forget_former_secret,
    former_secret,
    kept_secret,
    rotate_secret,
)


def test_a_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "secrets" / "links"
    made = kept_secret(file)
    assert len(made) == 32
    assert kept_secret(file) == made
    assert file.stat().st_mode & 0o077 == 0
    assert [one.name for one in file.parent.iterdir()] == ["links"]


def test_an_empty_file_holds_no_secret(tmp_path: Path) -> None:
    (tmp_path / "links").touch()
    made = kept_secret(tmp_path / "links")
    assert len(made) == 32
    assert kept_secret(tmp_path / "links") == made


def test_a_secret_that_an_operator_wrote_is_kept_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "links").write_bytes(b"own")
    assert kept_secret(tmp_path / "links") == b"own"


def test_a_turned_secret_leaves_the_former_until_it_is_forgotten(tmp_path: Path) -> None:
    file = tmp_path / "secrets" / "webhooks"
    first = kept_secret(file)
    assert former_secret(file) is None

    second = rotate_secret(file)
    assert (kept_secret(file), former_secret(file)) == (second, first)
    third = rotate_secret(file)
    assert (kept_secret(file), former_secret(file)) == (third, second)
    assert len({first, second, third}) == 3
    for one in file.parent.iterdir():
        assert one.stat().st_mode & 0o077 == 0, one.name

    assert forget_former_secret(file)
    assert not forget_former_secret(file)
    assert former_secret(file) is None
    assert [one.name for one in file.parent.iterdir()] == ["webhooks"]


def test_a_secret_is_turned_where_there_was_none(tmp_path: Path) -> None:
    made = rotate_secret(tmp_path / "webhooks")
    assert kept_secret(tmp_path / "webhooks") == made
