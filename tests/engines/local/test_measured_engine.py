"""An engine with a depth model: pictures come with their depth, or without where it fails."""

import cv2
import numpy as np
import pytest
from tests.engines.local.scripted import ScriptedModel, depth_model

from rushes.core.generation import ArtifactKind
from rushes.core.rendered import Rendered
from rushes.core.spec import GenerationSpec, Kind
from rushes.engines.base import Job
from rushes.engines.local.measured_engine import MeasuredEngine
from rushes.engines.scripted import ScriptedEngine


class Camera(ScriptedEngine):
    """Keeps the jobs that it is given."""

    def __init__(self):
        super().__init__(())
        self.jobs = []

    async def render(self, job, folder, report):
        self.jobs.append(job)
        report(0.5)
        report(1.0)
        return (Rendered(kind=ArtifactKind.VIDEO, file=folder / "v", media_type="video/mp4"),)


@pytest.fixture
def depth(tmp_path):
    return ScriptedModel(tmp_path / "depth")


@pytest.fixture
async def engine(depth):
    model = depth_model(depth.folder)
    made = MeasuredEngine(Camera(), model.worker, lambda: model)
    yield made
    await made.close()


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "first.png"
    cv2.imwrite(str(path), np.zeros((48, 64, 3), np.uint8))
    return path


def job_of(**values):
    return Job(spec=GenerationSpec(prompt="a lake"), prompt="a lake", **values)


async def test_the_pictures_of_a_video_come_with_their_depth(engine, depth, picture, tmp_path):
    reported = []
    (video,) = await engine.render(
        job_of(first_image=picture), tmp_path, lambda *progress: reported.append(progress)
    )
    (job,) = engine._inner.jobs  # the camera of this test
    assert cv2.imread(str(job.first_depth), cv2.IMREAD_UNCHANGED).dtype == np.uint16
    assert [one["op"] for one in depth.requests] == ["depth"]
    assert depth.loads == []
    assert video.note == "Scripted Depth estimated the depth of its pictures."
    assert reported[0] == (0.0, "measure depth")
    assert [share for share, _ in reported] == sorted(share for share, _ in reported)
    assert reported[-1] == (1.0, None)


async def test_words_alone_and_stills_start_no_worker(engine, depth, picture, tmp_path):
    still = Job(spec=GenerationSpec(prompt="a", kind=Kind.IMAGE), prompt="a", first_image=picture)
    for job in (job_of(), still):
        (made,) = await engine.render(job, tmp_path, lambda *_: None)
        assert made.note is None
    assert depth.requests == []


async def test_without_a_depth_model_the_engine_guesses(depth, picture, tmp_path):
    inner = Camera()
    engine = MeasuredEngine(inner, depth_model(depth.folder).worker, lambda: None)
    (made,) = await engine.render(job_of(first_image=picture), tmp_path, lambda *_: None)
    assert (inner.jobs[0].first_depth, made.note) == (None, None)


async def test_a_depth_model_that_fails_leaves_the_depth_to_the_engine(
    engine, depth, picture, tmp_path
):
    depth.script("internal")
    (video,) = await engine.render(job_of(last_image=picture), tmp_path, lambda *_: None)
    (job,) = engine._inner.jobs  # the camera of this test
    assert (job.last_image, job.last_depth) == (picture, None)
    assert video.note is None
