"""Failed and killed attempts leave no files, no folders and no tasks."""

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


def kept(cluster) -> set[str]:
    root = cluster.media._root
    return {str(file.relative_to(root)) for file in root.rglob("*") if file.is_file()}


async def within(seconds: float, true) -> None:
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110  # there is no event for it
            await asyncio.sleep(0.005)


async def test_an_attempt_that_could_not_store_its_last_file_leaves_none(
    cluster, generation, monkeypatch
):
    put = cluster.media.put

    async def full(key, file):
        if key.endswith(".jpg"):
            raise MediaError("the disk is full")
        return await put(key, file)

    monkeypatch.setattr(cluster.media, "put", full)
    await cluster.submit(generation)
    await cluster.local_worker(b"video").run_next()
    assert (await cluster.store.get(generation.id)).state is State.QUEUED
    assert kept(cluster) == set()


async def test_a_disk_that_stays_full_fails_no_generation(cluster, generation, clock, monkeypatch):
    async def full(key, file):
        raise MediaError("the disk is full")

    await cluster.submit(generation)
    with monkeypatch.context() as patched:
        patched.setattr(cluster.media, "put", full)
        for _ in range(10):
            await cluster.local_worker(b"video").run_next()
            clock.advance(seconds=31)
    await cluster.local_worker(b"video").run_next()
    done = await cluster.store.get(generation.id)
    assert (done.state, done.attempt) == (State.COMPLETED, 1)
    reported = [delivery.event.type for delivery in await cluster.store.deliveries(generation.id)]
    assert reported == ["generation.running", "generation.completed"]


async def test_a_cancel_while_files_are_stored_leaves_none(cluster, generation, clock, monkeypatch):
    put, reached = cluster.media.put, asyncio.Event()

    async def cancelled_after(key, file):
        size_bytes = await put(key, file)
        if "video_raw" in key:
            reached.set()
            running = await cluster.store.get(generation.id)
            await cluster.store.write(lifecycle.cancel(running, now=clock.now()))
            await asyncio.Event().wait()
        return size_bytes

    monkeypatch.setattr(cluster.media, "put", cancelled_after)
    await cluster.submit(generation)
    worker = asyncio.create_task(cluster.local_worker(b"video").run())
    await asyncio.wait_for(reached.wait(), 20)
    await within(20, lambda: kept(cluster) == set())
    worker.cancel()
    await asyncio.gather(worker, return_exceptions=True)
    assert (await cluster.store.get(generation.id)).state is State.CANCELLED


async def test_a_worker_that_stops_while_files_are_stored_leaves_none(
    cluster, generation, monkeypatch
):
    put = cluster.media.put

    async def slow(key, file):
        size_bytes = await put(key, file)
        if "thumbnail" in key:
            await asyncio.Event().wait()
        return size_bytes

    monkeypatch.setattr(cluster.media, "put", slow)
    await cluster.submit(generation)
    worker = asyncio.create_task(cluster.local_worker(b"video").run())
    await within(5, lambda: any("thumbnail" in name for name in kept(cluster)))
    worker.cancel()
    await asyncio.gather(worker, return_exceptions=True)
    assert (await cluster.store.get(generation.id)).state is State.QUEUED
    assert kept(cluster) == set()


async def test_files_of_a_killed_attempt_go_when_the_next_one_ends(cluster, generation, clock):
    await cluster.submit(generation)
    claim = lifecycle.claim(generation, engine="scripted", now=clock.now())
    await cluster.store.write(claim, lease=cluster.local_worker(name="dead")._context.lease())
    await cluster.media.put_bytes(f"{generation.id}/1/video.mp4", b"half of it")
    clock.advance(seconds=16)
    await cluster.local_worker(b"video").run_next()
    assert {name.split("/")[1] for name in kept(cluster)} == {"2"}


async def test_files_of_killed_attempts_go_when_the_generation_is_given_up(
    cluster, generation, clock
):
    await cluster.submit(generation)
    for turn in range(3):
        waiting = await cluster.store.next_available(now=clock.now())
        claim = lifecycle.claim(waiting, engine="scripted", now=clock.now())
        await cluster.store.write(
            claim, lease=cluster.local_worker(name=f"dead{turn}")._context.lease()
        )
        await cluster.media.put_bytes(f"{generation.id}/{turn + 1}/video.mp4", b"half of it")
        clock.advance(seconds=16)
    await cluster.local_worker(b"video").run_next()
    assert (await cluster.store.get(generation.id)).state is State.FAILED
    assert kept(cluster) == set()


async def test_a_worker_that_claims_its_own_work_again_stops_both_attempts(
    cluster, generation, clock
):
    """The wall clock leaps beyond the lease, and a free slot claims what another slot renders."""
    begun, ended = [], []

    async def hang(job):
        begun.append(job)
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(job)

    worker = cluster.local_worker(b"video", before=hang)
    worker._slots = 2
    await cluster.submit(generation)
    running = asyncio.create_task(worker.run())
    await within(5, lambda: len(begun) == 1)
    clock.advance(seconds=3600)
    await within(5, lambda: len(begun) == 2)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert len(ended) == 2
    assert (await cluster.store.get(generation.id)).state is State.QUEUED


async def test_a_stopping_worker_finishes_what_is_nearly_done(cluster, generation):
    begun, finish = asyncio.Event(), asyncio.Event()

    async def nearly(_job):
        begun.set()
        await finish.wait()

    worker = cluster.local_worker(b"video", before=nearly)
    worker._stop_grace_s = 5
    await cluster.submit(generation)
    running = asyncio.create_task(worker.run())
    await begun.wait()
    worker.stop()
    await asyncio.sleep(0.01)
    running.cancel()  # the server's own end comes on top, and cuts nothing short
    await asyncio.sleep(0.01)
    finish.set()
    await asyncio.gather(running, return_exceptions=True)
    assert (await cluster.store.get(generation.id)).state is State.COMPLETED


async def test_a_stopping_worker_claims_nothing_more(cluster, generation):
    worker = cluster.local_worker(b"video")
    running = asyncio.create_task(worker.run())
    await asyncio.sleep(0.01)
    worker.stop()
    await cluster.submit(generation)
    async with asyncio.timeout(5):
        await running
    assert (await cluster.store.get(generation.id)).state is State.QUEUED


async def test_a_worker_stopped_during_a_claim_releases_the_generation(
    cluster, generation, monkeypatch
):
    claiming, write = asyncio.Event(), cluster.store.write

    async def slow(change, **more):
        if change.event == "generation.running":
            claiming.set()
            await asyncio.sleep(0.02)
        return await write(change, **more)

    monkeypatch.setattr(cluster.store, "write", slow)
    await cluster.submit(generation)
    running = asyncio.create_task(cluster.local_worker(b"video").run())
    await claiming.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    found = await cluster.store.get(generation.id)
    assert (found.state, found.attempt) in {(State.QUEUED, 0), (State.COMPLETED, 1)}


async def test_a_file_whose_storing_was_cancelled_can_be_deleted(tmp_path) -> None:
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
    """Start another process with a temporary folder; return both."""
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


def test_a_sweep_leaves_other_folders_alone(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "kept").write_bytes(b"x")
    (tmp_path / f"{PREFIX}link").symlink_to(tmp_path / "theirs")
    (tmp_path / f"{PREFIX}file").write_bytes(b"x")
    with TemporaryFolders(tmp_path).folder() as own:
        assert TemporaryFolders(tmp_path).sweep() == 0
        assert own.is_dir()
    assert (tmp_path / "theirs" / "kept").exists()
    assert (tmp_path / f"{PREFIX}file").exists()


async def test_a_worker_sweeps_when_it_starts(cluster, tmp_path, working) -> None:
    child, folder = working
    child.kill()
    child.wait()
    worker = cluster.local_worker()
    object.__setattr__(worker._context, "scratch", TemporaryFolders(tmp_path))
    running = asyncio.create_task(worker.run())
    await within(5, lambda: not folder.exists())
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
