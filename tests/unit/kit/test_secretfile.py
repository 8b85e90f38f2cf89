"""Secrets that are made once and kept."""

from pathlib import Path

from rushes.kit.secretfile import kept_secret


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
