"""Store and delete the files that attempts produce."""

import pytest
from structlog.testing import capture_logs
from tests.unit.worker.stages import at_stage, stored

from rushes.core import lifecycle
from rushes.core.errors import MediaError, MediaUnavailable
from rushes.core.generation import ArtifactKind, AttemptState
from rushes.core.rendered import Rendered
from rushes.worker.result_files import (
    attempt_folder,
    delete_results,
    earlier_held_folders,
    held_folder,
    store_results,
)


@pytest.fixture
def rendered(tmp_path) -> Rendered:
    file = tmp_path / "anything.mp4"
    file.write_bytes(b"video")
    return Rendered(
        kind=ArtifactKind.VIDEO, file=file, media_type="video/mp4", width_px=64, height_px=48
    )


async def test_a_stored_file_is_recorded_with_its_size(context, rendered):
    (artifact,) = await store_results(context.media, "g1/1", [rendered])
    assert (artifact.key, artifact.size_bytes) == ("g1/1/video.mp4", 5)
    assert context.media.path(artifact.key).read_bytes() == b"video"


async def test_files_wait_for_a_media_store_that_is_unavailable(context, rendered, monkeypatch):
    put, failures = context.media.put, iter(range(3))

    async def unavailable(key, file):
        if next(failures, None) is not None:
            raise MediaUnavailable("away")
        return await put(key, file)

    monkeypatch.setattr(context.media, "put", unavailable)
    with capture_logs() as logs:
        (artifact,) = await store_results(context.media, "g1/1", [rendered], first_pause_s=0)
    assert artifact.size_bytes == 5
    assert [entry["event"] for entry in logs] == ["media_unavailable"] * 3


async def test_files_do_not_wait_longer_than_they_may_nor_for_a_full_disk(
    context, rendered, monkeypatch
):
    for error in (MediaUnavailable("away"), MediaError("full")):

        async def fails(key, file, error=error):
            raise error

        monkeypatch.setattr(context.media, "put", fails)
        with pytest.raises(type(error)):
            await store_results(context.media, "g1/1", [rendered], unavailable_s=0)


async def test_deleted_results_are_gone_and_others_stay(context, rendered):
    await store_results(context.media, "g1/1", [rendered])
    rendered.file.write_bytes(b"video")
    await store_results(context.media, "g1/2", [rendered])
    await delete_results(context, "g1/1", "g1/9")
    assert context.media.path("g1/1/video.mp4") is None
    assert context.media.path("g1/2/video.mp4") is not None


async def test_files_on_record_stay_although_their_worker_believes_that_it_lost(
    context, rendered, make_generation
):
    """The write that recorded them may have seemed to fail."""
    generation = await stored(context, make_generation(), AttemptState.ACCEPTED)
    artifacts = await store_results(context.media, held_folder(generation), [rendered])
    change = lifecycle.complete(generation, artifacts, now=context.clock.now())
    await context.store.write(change)
    await delete_results(context, held_folder(generation))
    assert context.media.path(artifacts[0].key) is not None


async def test_a_failed_deletion_is_logged_and_the_others_go_on(context, monkeypatch):
    deleted = []

    async def delete(folder):
        deleted.append(folder)
        raise MediaError("read only")

    monkeypatch.setattr(context.media, "delete", delete)
    with capture_logs() as logs:
        await delete_results(context, "g1/1", "g1/2")
    assert deleted == ["g1/1", "g1/2"]
    assert [entry["event"] for entry in logs] == ["files_left_over"] * 2


def test_each_attempt_has_a_folder_of_its_own(make_generation):
    generation = make_generation()
    assert attempt_folder(generation, 1) != attempt_folder(generation, 2)


def test_each_takeover_has_a_folder_of_its_own(make_generation, clock):
    generation = at_stage(make_generation(), AttemptState.ACCEPTED, now=clock.now())
    folders = {held_folder(generation, version) for version in (4, 5, 6)}
    assert len(folders) == 3


def test_the_first_worker_that_follows_a_job_has_no_predecessors(make_generation, clock):
    generation = at_stage(make_generation(), AttemptState.ACCEPTED, now=clock.now())
    assert earlier_held_folders(generation) == ()
