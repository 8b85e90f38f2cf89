"""Define what an API of a mock upstream consists of: routes, error bodies and job bodies."""

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
    """A path with its handler."""

    method: str
    path: str
    """A pattern with ``{id}`` for an id; a part in brackets is optional."""

    act: Act
    answer: Answer
    is_open: bool = False
    """Whether it needs no key."""

    pattern: "re.Pattern[str]" = field(init=False)
    label: str = field(init=False)
    """Its name in the counts: the shortest path that it matches."""

    def __post_init__(self) -> None:
        pattern = _NAMED.sub(r"(?P<\1>[^/]+)", self.path)
        object.__setattr__(self, "pattern", re.compile(pattern + "/?"))
        object.__setattr__(self, "label", _OPTIONAL.sub("", self.path))


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedJob:
    """A job with its phase, progress and files at one moment."""

    job: Job
    phase: Phase
    progress: float
    files: Mapping[str, str]
    """Links by kind (``video``, ``image``, ``thumbnail`` ...); empty before completion."""

    fault: Fault | None
    """The reason, if the job failed."""


class Api(Protocol):
    """One API in the shape of the services that offer it."""

    routes: tuple[Route, ...]

    needs_key: bool
    """Whether these services need a key."""

    def refusal(self, refused: Refused) -> object:
        """Return the body of an error."""
        ...

    def job_body(self, observed: ObservedJob) -> object:
        """Return the body of a callback."""
        ...


class ApiContext:
    """Gives the handlers of an API access to jobs and result files."""

    def __init__(self, jobs: Jobs, files: ResultFiles) -> None:
        self.jobs = jobs
        self.files = files

    @property
    def role(self) -> Role:
        return self.jobs.role

    def accept(self, request: MockRequest, **more: str | None) -> Job:
        """Accept a submit; *more* overrides the fields of :class:`jobs.Submit`."""
        submit: dict[str, str | None] = {
            "kind": "video",
            "prompt": request.text("prompt", "user_prompt"),
            "model": request.text("model", "model_name"),
            "callback_url": request.text("callback_url", "notify_hook") or None,
            **more,
        }
        return self.jobs.accept(
            Submit(
                kind=submit["kind"] or "video",
                path=request.path,
                request_fields=cast("Json", shortened(request.fields)),
                prompt=submit["prompt"] or "",
                model=submit["model"] or "",
                key=request.key,
                credential=request.credential,
                callback_url=submit["callback_url"],
                origin=request.origin,
                prefix=submit.get("prefix") or "",
                chosen_id=submit.get("chosen_id"),
            )
        )

    def find(self, request: MockRequest) -> Job:
        """
        Return the job with the id in the path.

        Raises:
            Refused: This key has no such job.
        """
        job = self.jobs.get(request.values["id"], request.credential)
        if job is None:
            raise missing()
        return job

    def observe(self, job: Job, phase: Phase | None = None) -> ObservedJob:
        """Return a job as it is now, or as it is in *phase*."""
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
        until = self.jobs.now() + self.role.links_s
        names = _names(job, extras=self.role.extras)
        return {
            name.partition(".")[0]: link(job, name, host=self.role.files_host, until=until)
            for name in names
        }


def _names(job: Job, *, extras: bool) -> tuple[str, ...]:
    if job.is_still:
        png = job.request_fields.get("format", job.request_fields.get("output_format")) == "png"
        return ("image.png" if png else "image.jpg",)
    more = ("thumbnail.jpg", "last_frame.jpg") if extras else ()
    return ("video.mp4", "video_raw.mp4", *more)


def _fault(job: Job, phase: Phase) -> Fault | None:
    if phase is Phase.CANCELLED:
        return Fault("cancelled", "It was cancelled")
    return job.fault if phase is Phase.FAILED else None


def missing() -> Refused:
    """Return the refusal for an unknown job."""
    return Refused(404, "not_found", "Generation not found")


def moment(when: float) -> str:
    """Format a moment as ``2024-12-22T13:38:40.139409Z``."""
    return datetime.fromtimestamp(when, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
