"""What a media folder does beyond the promises of every media store."""

import errno
import os
from pathlib import Path

import pytest

from rushes.core.errors import MediaError
from rushes.media.files import FileMediaStore


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "media"


def names_below(folder: Path) -> list[str]:
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*"))


async def test_the_folder_is_made_and_reopened(root: Path) -> None:
    await FileMediaStore(root / "deep").put_bytes("g1/a", b"x")
    assert FileMediaStore(root / "deep").path("g1/a") == root / "deep" / "g1" / "a"


def test_a_new_folder_is_its_owners_alone(root: Path) -> None:
    FileMediaStore(root)
    assert root.stat().st_mode & 0o077 == 0


async def test_a_root_behind_a_link_is_a_root_all_the_same(root: Path, tmp_path: Path) -> None:
    FileMediaStore(root)
    (tmp_path / "link").symlink_to(root)
    media = FileMediaStore(tmp_path / "link")
    await media.put_bytes("g1/a", b"x")
    assert media.path("g1/a") == root / "g1" / "a"


def test_a_root_that_cannot_be_made_is_a_media_error(root: Path) -> None:
    root.write_bytes(b"a file")
    with pytest.raises(MediaError, match="cannot be made"):
        FileMediaStore(root)


@pytest.mark.parametrize("key", ["out/secret", "file", "out"])
async def test_a_link_does_not_lead_out(root: Path, tmp_path: Path, key: str) -> None:
    media = FileMediaStore(root)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_bytes(b"secret")
    (root / "out").symlink_to(outside)
    (root / "file").symlink_to(outside / "secret")
    assert media.path(key) is None
    with pytest.raises(MediaError):
        await media.put_bytes(key, b"x")
    with pytest.raises(MediaError):
        await media.delete(key)
    assert (outside / "secret").read_bytes() == b"secret"


async def test_deleting_does_not_follow_a_link_below(root: Path, tmp_path: Path) -> None:
    media = FileMediaStore(root)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "kept").write_bytes(b"x")
    await media.put_bytes("g1/a", b"x")
    (root / "g1" / "out").symlink_to(tmp_path / "outside")
    await media.delete("g1")
    assert names_below(root) == []
    assert (tmp_path / "outside" / "kept").exists()


async def test_the_file_is_synced_before_it_is_named_and_its_folder_after(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    media = FileMediaStore(root)
    steps: list[str] = []
    fsync, replace = os.fsync, os.replace

    def noting_fsync(opened: int) -> None:
        steps.append("sync " + Path(f"/proc/self/fd/{opened}").readlink().name.split(".")[0])
        fsync(opened)

    def noting_replace(source: Path, target: Path) -> None:
        steps.append("name")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", noting_fsync)
    monkeypatch.setattr(os, "replace", noting_replace)
    await media.put_bytes("g1/video", b"x")
    assert steps == ["sync media", "sync ", "name", "sync g1"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
async def test_a_full_disk_leaves_what_was_there_and_nothing_unfinished(
    root: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    media = FileMediaStore(root)
    await media.put_bytes("g1/video", b"before")

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(os, step, fail)
        with pytest.raises(MediaError, match="No space left"):
            await media.put_bytes("g1/video", b"after")
    assert names_below(root) == ["g1", "g1/video"]
    assert (root / "g1" / "video").read_bytes() == b"before"
    await media.put_bytes("g1/video", b"after")
    assert (root / "g1" / "video").read_bytes() == b"after"


async def test_a_key_below_a_file_is_not_kept(root: Path) -> None:
    media = FileMediaStore(root)
    await media.put_bytes("g1", b"a file")
    with pytest.raises(MediaError):
        await media.put_bytes("g1/video.mp4", b"x")
    assert (root / "g1").read_bytes() == b"a file"


async def test_a_file_is_as_old_as_it_is_said_to_be_within_a_microsecond(root: Path) -> None:
    media = FileMediaStore(root)
    await media.put_bytes("inputs/a", b"x")
    os.utime(root / "inputs" / "a", ns=(0, 1_700_000_000_123_456_700))
    (entry,) = await media.entries("inputs")
    assert not await media.delete_unused("inputs/a", since=entry.used_at)
