"""Speak OpenAI's videos API, also as five self-hosted servers vary it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from rushes.mock_upstream.apis.base import ApiContext, Json, ObservedJob, Route
from rushes.mock_upstream.jobs import Job, Phase
from rushes.mock_upstream.messages import Act, MockReply, MockRequest, Refused

_STATES: Final = {
    Phase.WAITING: "queued",
    Phase.WORKING: "in_progress",
    Phase.COMPLETED: "completed",
    Phase.FAILED: "failed",
    Phase.CANCELLED: "failed",
}
_ENDS: Final = {"video": "video", "thumbnail": "thumbnail", "spritesheet": "thumbnail"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Flavour:
    """The differences of one server. Sources: their code, 2026."""

    prefix: str = "video_gen_"
    needs_key: bool = False
    takes_json: bool = True
    fails_in_http: bool = False
    """Whether a failed job is answered with a 4xx or 5xx; the body is its JSON all the same."""

    failed_content_status: int = 404
    tells_progress: bool = True
    """Whether it reports progress; otherwise it says 100 from the beginning."""

    error_has_code: bool = False
    cancels: bool = False
    """Whether deletion stops a job; otherwise the job is forgotten and continues."""

    deletes_as_video: bool = False
    """Whether deletion is answered with a video whose status is ``deleted``."""

    encodes: bool = False
    """Whether the running states are ``generating`` and then ``encoding``."""

    tells_prompt: bool = True
    tells_url: bool = False
    """Whether the reply has the URL of a finished video."""

    has_content: bool = True
    """Whether the path for the content exists; otherwise it answers 404."""

    early_file: bool = False
    """Whether a part of the file is there before the job is completed."""


FLAVOURS: Final[Mapping[str, Flavour]] = {
    "openai": Flavour(prefix="video_", needs_key=True, error_has_code=True, cancels=True),
    "vllm-omni": Flavour(
        needs_key=True,
        takes_json=False,
        fails_in_http=True,
        failed_content_status=422,
        error_has_code=True,
        cancels=True,
    ),
    "fastvideo": Flavour(
        tells_progress=False, tells_prompt=False, failed_content_status=500, early_file=True
    ),
    "sglang": Flavour(deletes_as_video=True, tells_prompt=False),
    "aimock": Flavour(tells_prompt=False, tells_url=True, has_content=False),
    "trtllm": Flavour(prefix="video_", encodes=True, cancels=True),
}


class OpenAIVideos:
    """The API at ``/v1/videos``."""

    def __init__(self, context: ApiContext) -> None:
        self._context = context
        self._flavour = FLAVOURS[context.role.shape or next(iter(FLAVOURS))]
        self.needs_key = self._flavour.needs_key
        videos, one = "(?:/v1)?/videos", "(?:/v1)?/videos/{id}"
        self.routes: tuple[Route, ...] = (
            Route(method="POST", path=videos, act=Act.SUBMIT, answer=self._create),
            Route(method="POST", path=videos + "/edits", act=Act.SUBMIT, answer=self._follow),
            Route(method="POST", path=videos + "/extensions", act=Act.SUBMIT, answer=self._follow),
            Route(method="POST", path=one + "/remix", act=Act.SUBMIT, answer=self._remix),
            Route(method="GET", path=videos, act=Act.LIST, answer=self._list),
            Route(method="GET", path=one, act=Act.LOOK, answer=self._look),
            Route(method="DELETE", path=one, act=Act.CANCEL, answer=self._delete),
            Route(method="GET", path=one + "/content", act=Act.FETCH, answer=self._content),
            Route(method="GET", path="(?:/v1)?/models", act=Act.TEST, answer=self._models),
        )

    def refusal(self, refused: Refused) -> object:
        kind = "invalid_request_error" if refused.status < 500 else "server_error"
        return {
            "error": {
                "message": refused.message,
                "type": kind,
                "param": None,
                "code": refused.code,
            }
        }

    def job_body(self, observed: ObservedJob) -> object:
        job, request = observed.job, observed.job.request_fields
        final = observed.phase not in {Phase.WAITING, Phase.WORKING}
        prompt: Json = {"prompt": job.prompt} if self._flavour.tells_prompt else {}
        return {
            "id": job.id,
            "object": "video",
            "model": job.model,
            "status": self._status(observed),
            "progress": int(observed.progress * 100) if self._flavour.tells_progress else 100,
            "created_at": int(job.accepted_at),
            "completed_at": int(job.ends_at) if final else None,
            "size": request.get("size") or "1280x720",
            "seconds": str(request.get("seconds") or 4),
            "quality": "standard",
            "error": self._error(observed),
            **prompt,
            **(
                {"url": observed.files["video"]}
                if self._flavour.tells_url and observed.files
                else {}
            ),
        }

    def _status(self, observed: ObservedJob) -> str:
        if self._flavour.encodes and observed.phase is Phase.WORKING:
            return "generating" if observed.progress < 0.8 else "encoding"
        return _STATES[observed.phase]

    def _error(self, observed: ObservedJob) -> Json | None:
        if observed.fault is None:
            return None
        code: Json = {"code": observed.fault.code} if self._flavour.error_has_code else {}
        return {**code, "message": observed.fault.message}

    def _create(self, request: MockRequest) -> MockReply:
        if not request.is_form and not self._flavour.takes_json:
            raise Refused(422, "invalid_request", "the body must be multipart/form-data")
        if not request.text("prompt"):
            raise Refused(400, "invalid_request", "prompt is required")
        model = request.text("model") or "sora-2"
        job = self._context.accept(request, model=model, prefix=self._flavour.prefix)
        return MockReply(self.job_body(self._context.observe(job, Phase.WAITING)))

    def _follow(self, request: MockRequest) -> MockReply:
        """Extend or edit a file in the request, or an earlier video."""
        video = request.fields.get("video", request.fields.get("video[id]"))
        named = cast("Json", video).get("id") if isinstance(video, dict) else video
        if named is not None and self._context.jobs.get(str(named), request.credential) is None:
            raise self._missing()
        return self._create(request)

    def _remix(self, request: MockRequest) -> MockReply:
        self._find(request)
        return self._create(request)

    def _look(self, request: MockRequest) -> MockReply:
        observed = self._context.observe(self._find(request))
        return MockReply(self.job_body(observed), status=self._status_of(observed))

    def _status_of(self, observed: ObservedJob) -> int:
        if observed.fault is None or not self._flavour.fails_in_http:
            return 200
        return 500 if observed.fault.code == "generation_failed" else 400

    def _list(self, request: MockRequest) -> MockReply:
        jobs = self._context.jobs.newest(request.credential)
        if request.query.get("order") == "asc":
            jobs.reverse()
        ids = [job.id for job in jobs]
        after = request.query.get("after")
        first = ids.index(after) + 1 if after in ids else 0
        limit = request.number("limit", 20)
        page = jobs[first : first + limit]
        body: Json = {
            "object": "list",
            "data": [self.job_body(self._context.observe(job)) for job in page],
            "first_id": page[0].id if page else None,
            "last_id": page[-1].id if page else None,
            "has_more": len(jobs) > first + limit,
        }
        return MockReply(body)

    def _delete(self, request: MockRequest) -> MockReply:
        job = self._find(request)
        body: Json = {"id": job.id, "object": "video.deleted", "deleted": True}
        if self._flavour.deletes_as_video:
            body = {**cast("Json", self.job_body(self._context.observe(job))), "status": "deleted"}
        if self._flavour.cancels:
            self._context.jobs.cancel(job)
        self._context.jobs.drop(job)
        return MockReply(body)

    def _content(self, request: MockRequest) -> MockReply:
        if not self._flavour.has_content:
            raise Refused(404, "not_found", "there is no such path")
        job = self._find(request)
        phase = job.phase(self._context.jobs.now())
        video = self._context.files.reply("video.mp4")
        if phase is Phase.FAILED:
            raise Refused(self._flavour.failed_content_status, "failed", "the video has failed")
        if phase is not Phase.COMPLETED and self._flavour.early_file:
            return MockReply(cast("bytes", video.body)[:100], media_type=video.media_type)
        if phase is not Phase.COMPLETED:
            raise Refused(404, "not_ready", "the video is not ready")
        return self._variant(request, video)

    def _variant(self, request: MockRequest, video: MockReply) -> MockReply:
        name = _ENDS.get(request.query.get("variant", "video"), "")
        if name == "thumbnail" and self._context.role.extras:
            return self._context.files.reply("thumbnail.jpg")
        if name != "video":
            raise Refused(404, "not_found", "there is no such variant")
        return video

    def _models(self, request: MockRequest) -> MockReply:
        return MockReply({"object": "list", "data": [{"id": "sora-2", "object": "model"}]})

    def _find(self, request: MockRequest) -> Job:
        job = self._context.jobs.get(request.values["id"], request.credential)
        if job is None:
            raise self._missing()
        return job

    @staticmethod
    def _missing() -> Refused:
        return Refused(404, "not_found", "Video not found")
