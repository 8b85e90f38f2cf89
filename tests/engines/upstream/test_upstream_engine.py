"""An upstream as an engine, for one render while somebody waits."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from tests.engines.edits.conftest import write_clip

from rushes.core.errors import (
    AmbiguousSubmit,
    ContentRejected,
    EngineError,
    EngineTimeout,
    PermanentEngineError,
    ResultMissing,
    ResultUnusable,
    TemporaryEngineError,
    UpstreamLost,
    UpstreamUnreachable,
)
from rushes.core.generation import ArtifactKind, Failure
from rushes.core.spec import GenerationSpec
from rushes.engines.base import Job
from rushes.engines.scripted import ScriptedEngine
from rushes.engines.upstream.base import JobStatus, Phase, SubmitOrder, SubmitQuery, UpstreamTerms
from rushes.engines.upstream.engine import UpstreamEngine

JOB = Job(spec=GenerationSpec(prompt="a lake", model="ray-2"), prompt="a lake")
VIDEO = {ArtifactKind.VIDEO: "video", ArtifactKind.THUMBNAIL: "thumbnail"}
WORKING = JobStatus(phase=Phase.WORKING, progress=0.5)
DONE = JobStatus(phase=Phase.COMPLETED, progress=1.0, files=VIDEO)


class Told:
    """An upstream that says what it is told to, look by look; the last of it from then on."""

    kind = "told"
    capabilities = ScriptedEngine.capabilities
    credential = "none"
    poll_batch_size = 1

    def __init__(self, *looks: JobStatus | EngineError, files: Mapping[str, bytes]) -> None:
        self.looks = list(looks)
        self.files = files
        self.orders: list[SubmitOrder] = []
        self.cancelled: list[str] = []
        self.refuses: EngineError | None = None
        self.looked = asyncio.Event()

    async def submit(self, order: SubmitOrder) -> str:
        self.orders.append(order)
        if self.refuses is not None:
            raise self.refuses
        return "job-1"

    async def poll(self, job_id: str) -> JobStatus:
        assert job_id == "job-1"
        self.looked.set()
        seen = self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]
        if isinstance(seen, EngineError):
            raise seen
        return seen

    async def poll_many(self, job_ids: Sequence[str]) -> Mapping[str, JobStatus]:
        return {job_id: await self.poll(job_id) for job_id in job_ids}

    async def find(self, submit_query: SubmitQuery) -> Sequence[str] | None:
        return None

    async def cancel(self, job_id: str) -> bool:
        self.cancelled.append(job_id)
        return True

    async def fetch(self, address: str, into: Path, *, limit_bytes: int, deadline_s: float) -> None:
        if address not in self.files:
            raise UpstreamUnreachable(f"no {address}")
        await asyncio.to_thread(into.write_bytes, self.files[address])

    async def test(self) -> str:
        return "well"

    async def close(self) -> None: ...


@pytest.fixture
def clip(tmp_path: Path) -> bytes:
    return write_clip(tmp_path / "clip.mp4", frames=4).read_bytes()


def engine(upstream: Told, **terms: float) -> UpstreamEngine:
    return UpstreamEngine(
        upstream,
        model="ray",
        pause_s=0.0,
        terms=UpstreamTerms(**terms),  # type: ignore[arg-type]  # only numbers of seconds
    )


async def test_a_job_is_submitted_followed_fetched_and_finished(
    clip: bytes, tmp_path: Path
) -> None:
    upstream = Told(JobStatus(phase=Phase.WAITING), WORKING, DONE, files={"video": clip})
    shares: list[float] = []
    rendered = await engine(upstream).render(JOB, tmp_path, shares.append)
    assert rendered[0].kind is ArtifactKind.VIDEO
    assert {item.kind for item in rendered} == set(ArtifactKind) - {ArtifactKind.IMAGE}
    assert rendered[0].file.read_bytes() == clip
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert [(order.job, order.model) for order in upstream.orders] == [(JOB, "ray")]


async def test_trouble_while_looking_is_borne_with(clip: bytes, tmp_path: Path) -> None:
    troubles = [UpstreamUnreachable("cut")] * 9
    upstream = Told(*troubles, WORKING, *troubles, DONE, files={"video": clip})
    assert await engine(upstream).render(JOB, tmp_path, lambda _: None)


@pytest.mark.parametrize(
    ("error", "looks"), [(UpstreamLost("gone"), 3), (UpstreamUnreachable("cut"), 10)]
)
async def test_trouble_that_does_not_end_is_told(
    error: EngineError, looks: int, tmp_path: Path
) -> None:
    upstream = Told(*[error] * looks, DONE, files={})
    with pytest.raises(type(error)):
        await engine(upstream).render(JOB, tmp_path, lambda _: None)
    assert upstream.looks == [DONE]


@pytest.mark.parametrize(
    ("code", "may_repeat", "error"),
    [
        ("content_rejected", False, ContentRejected),
        ("engine_unavailable", True, TemporaryEngineError),
        ("something_else", False, PermanentEngineError),
        ("something_else", True, TemporaryEngineError),
    ],
)
async def test_a_failed_job_is_an_error_of_its_sort(
    code: str, may_repeat: bool, error: type[EngineError], tmp_path: Path
) -> None:
    why = Failure(code=code, message="too dark")
    seen = JobStatus(phase=Phase.FAILED, failure=why, may_repeat=may_repeat)
    with pytest.raises(error, match="too dark") as caught:
        await engine(Told(WORKING, seen, files={})).render(JOB, tmp_path, lambda _: None)
    assert type(caught.value) is error


async def test_an_ambiguous_submit_is_told_and_not_repeated(tmp_path: Path) -> None:
    upstream = Told(DONE, files={})
    upstream.refuses = AmbiguousSubmit("cut")
    with pytest.raises(AmbiguousSubmit):
        await engine(upstream).render(JOB, tmp_path, lambda _: None)
    assert len(upstream.orders) == 1


@pytest.mark.parametrize(
    ("files", "error"),
    [({}, UpstreamUnreachable), ({"video": b"<html>"}, ResultUnusable)],
)
async def test_without_a_video_there_is_an_error(
    files: Mapping[str, bytes], error: type[Exception], tmp_path: Path
) -> None:
    with pytest.raises(error):
        await engine(Told(DONE, files=files)).render(JOB, tmp_path, lambda _: None)


async def test_a_job_that_is_done_nowhere_has_no_result(tmp_path: Path) -> None:
    nowhere = JobStatus(phase=Phase.COMPLETED, files={})
    with pytest.raises(ResultMissing, match="not where the video is"):
        await engine(Told(nowhere, files={})).render(JOB, tmp_path, lambda _: None)


async def test_a_job_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    upstream = Told(WORKING, files={})
    with pytest.raises(EngineTimeout, match=r"after 0\.05 s"):
        await engine(upstream, deadline_s=0.05).render(JOB, tmp_path, lambda _: None)
    assert upstream.cancelled == ["job-1"]


async def test_who_stops_waiting_stops_the_job(tmp_path: Path) -> None:
    upstream = Told(WORKING, files={})
    task = asyncio.create_task(engine(upstream).render(JOB, tmp_path, lambda _: None))
    await upstream.looked.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()
    assert upstream.cancelled == ["job-1"]
