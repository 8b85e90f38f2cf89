"""What an API of a stand-in is: paths, each with what answers there, and words for errors."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Protocol, cast

from rushes.mock_upstream.jobs import Fault, Job, Jobs, Phase, Submit
from rushes.mock_upstream.messages import Act, MockReply, MockRequest, Refused, shortened
from rushes.mock_upstream.result_files import ResultFiles, link
from rushes.mock_upstream.role import Role

_NAMED: Final = re.compile(r"\{(\w+)\}")
_OPTIONAL: Final = re.compile(r"\(\?:[^()]*\)\?")

Json = dict[str, object]
Answer = Callable[[MockRequest], MockReply]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A path, and what answers there."""

    method: str
    path: str
    """A pattern, with ``{id}`` for an id; what is in brackets may be left out."""

    act: Act
    answer: Answer
    is_open: bool = False
    """Whether no key is needed."""

    pattern: "re.Pattern[str]" = field(init=False)
    label: str = field(init=False)
    """Under which it is counted: the shortest path that it stands for."""

    def __post_init__(self) -> None:
        pattern = _NAMED.sub(r"(?P<\1>[^/]+)", self.path)
        object.__setattr__(self, "pattern", re.compile(pattern + "/?"))
        object.__setattr__(self, "label", _OPTIONAL.sub("", self.path))


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedJob:
    """A job as it is to be told of."""

    job: Job
    phase: Phase
    progress: float
    files: Mapping[str, str]
    """Of a completed job: ``video``, ``image``, ``thumbnail`` ... and where each is."""

    fault: Fault | None
    """Of a failed job."""


class Api(Protocol):
    """One API, as its services speak it."""

    routes: tuple[Route, ...]

    needs_key: bool
    """Whether its services ask for a key at all."""

    def refusal(self, refused: Refused) -> object:
        """Return the body of an error."""
        ...

    def told(self, seen: ObservedJob) -> object:
        """Return the body of a callback."""
        ...


class ApiContext:
    """Where the answers of an API get what they tell."""

    def __init__(self, jobs: Jobs, reel: ResultFiles) -> None:
        self.jobs = jobs
        self.reel = reel

    @property
    def part(self) -> Role:
        return self.jobs.part

    def accept(self, asked: MockRequest, **more: str | None) -> Job:
        """Take a submit for a job of this *kind*; see :class:`jobs.Submit` for the rest."""
        told: dict[str, str | None] = {
            "kind": "video",
            "prompt": asked.text("prompt", "user_prompt"),
            "model": asked.text("model", "model_name"),
            "callback_url": asked.text("callback_url", "notify_hook") or None,
            **more,
        }
        return self.jobs.accept(
            Submit(
                kind=told["kind"] or "video",
                path=asked.path,
                asked=cast("Json", shortened(asked.fields)),
                prompt=told["prompt"] or "",
                model=told["model"] or "",
                key=asked.key,
                credential=asked.credential,
                callback_url=told["callback_url"],
                origin=asked.origin,
                prefix=told.get("prefix") or "",
                chosen_id=told.get("chosen_id"),
            )
        )

    def find(self, asked: MockRequest) -> Job:
        """
        Return the job that the path names.

        Raises:
            Refused: There is none that this key may see.
        """
        job = self.jobs.get(asked.values["id"], asked.credential)
        if job is None:
            raise missing()
        return job

    def seen(self, job: Job, phase: Phase | None = None) -> ObservedJob:
        """Return how a job is to be told of, as it is now or when it has come so far."""
        now = self.jobs.now()
        phase = phase or job.phase(now)
        completed = phase is Phase.COMPLETED
        return ObservedJob(
            job=job,
            phase=phase,
            progress=1.0 if completed else job.progress(now),
            files=self._files(job) if completed else {},
            fault=_fault(job, phase),
        )

    def _files(self, job: Job) -> dict[str, str]:
        until = self.jobs.now() + self.part.links_s
        names = _names(job, extras=self.part.extras)
        return {
            name.partition(".")[0]: link(job, name, host=self.part.files_host, until=until)
            for name in names
        }


def _names(job: Job, *, extras: bool) -> tuple[str, ...]:
    if job.is_still:
        png = job.asked.get("format", job.asked.get("output_format")) == "png"
        return ("image.png" if png else "image.jpg",)
    more = ("thumbnail.jpg", "last_frame.jpg") if extras else ()
    return ("video.mp4", "video_raw.mp4", *more)


def _fault(job: Job, phase: Phase) -> Fault | None:
    if phase is Phase.CANCELLED:
        return Fault("cancelled", "It was cancelled")
    return job.fault if phase is Phase.FAILED else None


def missing() -> Refused:
    """Return what is said of a job that there is not."""
    return Refused(404, "not_found", "Generation not found")


def moment(when: float) -> str:
    """Return a moment as ``2024-12-22T13:38:40.139409Z``."""
    return datetime.fromtimestamp(when, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
