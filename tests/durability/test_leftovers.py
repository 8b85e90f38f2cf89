"""Nothing is left of attempts that came to nothing: no files, no folders, no task of their own."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from rushes.core import lifecycle
from rushes.core.errors import MediaError
from rushes.core.generation import State
from rushes.kit.temporary_folders import PREFIX, TemporaryFolders
from rushes.media.files import FileMediaStore


def kept(shop) -> set[str]:
    root = shop.media._root
    return {str(file.relative_to(root)) for file in root.rglob("*") if file.is_file()}


async def within(seconds: float, true) -> None:
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110  # there is no event for it
            await asyncio.sleep(0.005)


async def test_an_attempt_that_could_not_keep_its_last_file_leaves_none(shop, asked, monkeypatch):
    put = shop.media.put

    async def full(key, file):
        if key.endswith(".jpg"):
            raise MediaError("the disk is full")
        return await put(key, file)

    monkeypatch.setattr(shop.media, "put", full)
    await shop.submit(asked)
    await shop.scripted(b"video").run_next()
    assert (await shop.store.get(asked.id)).state is State.QUEUED
    assert kept(shop) == set()


async def test_a_disk_that_is_full_for_long_costs_no_generation(shop, asked, clock, monkeypatch):
    async def full(key, file):
        raise MediaError("the disk is full")

    await shop.submit(asked)
    with monkeypatch.context() as patched:
        patched.setattr(shop.media, "put", full)
        for _ in range(10):
            await shop.scripted(b"video").run_next()
            clock.advance(seconds=31)
    await shop.scripted(b"video").run_next()
    done = await shop.store.get(asked.id)
    assert (done.state, done.attempt) == (State.COMPLETED, 1)
    told = [delivery.event.type for delivery in await shop.store.deliveries(asked.id)]
    assert told == ["generation.running", "generation.completed"]


async def test_a_cancel_while_files_are_kept_leaves_none(shop, asked, clock, monkeypatch):
    put, reached = shop.media.put, asyncio.Event()

    async def cancelled_after(key, file):
        size_bytes = await put(key, file)
        if "video_raw" in key:
            reached.set()
            running = await shop.store.get(asked.id)
            await shop.store.write(lifecycle.cancel(running, now=clock.now()))
            await asyncio.Event().wait()
        return size_bytes

    monkeypatch.setattr(shop.media, "put", cancelled_after)
    await shop.submit(asked)
    worker = asyncio.create_task(shop.scripted(b"video").run())
    await asyncio.wait_for(reached.wait(), 20)
    await within(20, lambda: kept(shop) == set())
    worker.cancel()
    await asyncio.gather(worker, return_exceptions=True)
    assert (await shop.store.get(asked.id)).state is State.CANCELLED


async def test_a_worker_that_stops_while_files_are_kept_leaves_none(shop, asked, monkeypatch):
    put = shop.media.put

    async def slow(key, file):
        size_bytes = await put(key, file)
        if "thumbnail" in key:
            await asyncio.Event().wait()
        return size_bytes

    monkeypatch.setattr(shop.media, "put", slow)
    await shop.submit(asked)
    worker = asyncio.create_task(shop.scripted(b"video").run())
    await within(5, lambda: any("thumbnail" in name for name in kept(shop)))
    worker.cancel()
    await asyncio.gather(worker, return_exceptions=True)
    assert (await shop.store.get(asked.id)).state is State.QUEUED
    assert kept(shop) == set()


async def test_what_a_killed_attempt_has_left_goes_with_the_next_that_ends(shop, asked, clock):
    await shop.submit(asked)
    claim = lifecycle.claim(asked, engine="scripted", now=clock.now())
    await shop.store.write(claim, lease=shop.scripted(name="dead")._context.lease())
    await shop.media.put_bytes(f"{asked.id}/1/video.mp4", b"half of it")
    clock.advance(seconds=16)
    await shop.scripted(b"video").run_next()
    assert {name.split("/")[1] for name in kept(shop)} == {"2"}


async def test_what_killed_attempts_have_left_goes_when_it_is_given_up(shop, asked, clock):
    await shop.submit(asked)
    for turn in range(3):
        waiting = await shop.store.next_available(now=clock.now())
        claim = lifecycle.claim(waiting, engine="scripted", now=clock.now())
        await shop.store.write(claim, lease=shop.scripted(name=f"dead{turn}")._context.lease())
        await shop.media.put_bytes(f"{asked.id}/{turn + 1}/video.mp4", b"half of it")
        clock.advance(seconds=16)
    await shop.scripted(b"video").run_next()
    assert (await shop.store.get(asked.id)).state is State.FAILED
    assert kept(shop) == set()


async def test_a_worker_that_claims_its_own_work_again_stops_both_attempts(shop, asked, clock):
    """The wall clock leaps beyond the lease, and a free slot takes what another one renders."""
    begun, ended = [], []

    async def hang(job):
        begun.append(job)
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(job)

    worker = shop.scripted(b"video", before=hang)
    worker._slots = 2
    await shop.submit(asked)
    running = asyncio.create_task(worker.run())
    await within(5, lambda: len(begun) == 1)
    clock.advance(seconds=3600)
    await within(5, lambda: len(begun) == 2)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert len(ended) == 2
    assert (await shop.store.get(asked.id)).state is State.QUEUED


async def test_a_worker_that_is_told_to_stop_finishes_what_is_nearly_done(shop, asked):
    begun, finish = asyncio.Event(), asyncio.Event()

    async def nearly(_job):
        begun.set()
        await finish.wait()

    worker = shop.scripted(b"video", before=nearly)
    worker._stop_grace_s = 5
    await shop.submit(asked)
    running = asyncio.create_task(worker.run())
    await begun.wait()
    worker.stop()
    await asyncio.sleep(0.01)
    running.cancel()  # the server's own end comes on top, and cuts nothing short
    await asyncio.sleep(0.01)
    finish.set()
    await asyncio.gather(running, return_exceptions=True)
    assert (await shop.store.get(asked.id)).state is State.COMPLETED


async def test_a_worker_that_was_told_to_stop_claims_nothing_more(shop, asked):
    worker = shop.scripted(b"video")
    running = asyncio.create_task(worker.run())
    await asyncio.sleep(0.01)
    worker.stop()
    await shop.submit(asked)
    async with asyncio.timeout(5):
        await running
    assert (await shop.store.get(asked.id)).state is State.QUEUED


async def test_a_worker_that_is_stopped_while_it_claims_gives_that_back(shop, asked, monkeypatch):
    claiming, write = asyncio.Event(), shop.store.write

    async def slow(change, **more):
        if change.event == "generation.running":
            claiming.set()
            await asyncio.sleep(0.02)
        return await write(change, **more)

    monkeypatch.setattr(shop.store, "write", slow)
    await shop.submit(asked)
    running = asyncio.create_task(shop.scripted(b"video").run())
    await claiming.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    found = await shop.store.get(asked.id)
    assert (found.state, found.attempt) in {(State.QUEUED, 0), (State.COMPLETED, 1)}


async def test_a_file_that_is_being_kept_when_its_bringer_gives_up_can_be_removed(tmp_path) -> None:
    media = FileMediaStore(tmp_path / "media")
    for _ in range(20):
        putting = asyncio.create_task(media.put_bytes("g1/1/video.mp4", b"x" * (4 << 20)))
        await asyncio.sleep(0.001)
        putting.cancel()
        await asyncio.gather(putting, return_exceptions=True)
        await media.delete("g1")
        assert list((tmp_path / "media").iterdir()) == []


CHILD = """
import sys, time
from pathlib import Path
from rushes.kit.temporary_folders import TemporaryFolders
with TemporaryFolders(Path(sys.argv[1])).folder() as folder:
    (folder / "half").write_bytes(b"x")
    print(folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def working(tmp_path: Path):
    """Another process that has a temporary folder; return it and the folder."""
    command = (sys.executable, "-c", CHILD, str(tmp_path))
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    yield child, Path(child.stdout.readline().strip())
    child.kill()
    child.communicate()


def test_a_folder_is_swept_when_its_process_was_killed_and_not_before(tmp_path, working) -> None:
    child, folder = working
    assert TemporaryFolders(tmp_path).sweep() == 0
    assert (folder / "half").exists()
    child.kill()
    child.wait()
    assert TemporaryFolders(tmp_path).sweep() == 1
    assert not folder.exists()


def test_a_process_that_ends_by_itself_leaves_no_folder(working) -> None:
    child, folder = working
    child.communicate("", timeout=10)
    assert not folder.exists()


def test_a_sweep_leaves_alone_what_is_none_of_ours(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "kept").write_bytes(b"x")
    (tmp_path / f"{PREFIX}link").symlink_to(tmp_path / "theirs")
    (tmp_path / f"{PREFIX}file").write_bytes(b"x")
    with TemporaryFolders(tmp_path).folder() as own:
        assert TemporaryFolders(tmp_path).sweep() == 0
        assert own.is_dir()
    assert (tmp_path / "theirs" / "kept").exists()
    assert (tmp_path / f"{PREFIX}file").exists()


async def test_a_worker_sweeps_when_it_starts(shop, tmp_path, working) -> None:
    child, folder = working
    child.kill()
    child.wait()
    worker = shop.scripted()
    object.__setattr__(worker._context, "scratch", TemporaryFolders(tmp_path))
    running = asyncio.create_task(worker.run())
    await within(5, lambda: not folder.exists())
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
