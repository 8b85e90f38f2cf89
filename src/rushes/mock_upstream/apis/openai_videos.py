"""OpenAI's videos API, and what four servers that anybody can run make of it."""

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
    """What one server does in its own way. Sources: their code, 2026."""

    prefix: str = "video_gen_"
    needs_key: bool = False
    takes_json: bool = True
    fails_in_http: bool = False
    """Whether a failed job is told of with a 4xx or 5xx; its JSON is the body all the same."""

    failed_content_status: int = 404
    tells_progress: bool = True
    """Otherwise it says 100 from the beginning."""

    error_has_code: bool = False
    cancels: bool = False
    """Whether to delete a job stops it; otherwise it is forgotten and goes on."""

    deletes_as_video: bool = False
    """Whether the answer to that is a video whose status is ``deleted``."""

    encodes: bool = False
    """Whether the words for being worked on are ``generating`` and then ``encoding``."""

    tells_prompt: bool = True
    tells_url: bool = False
    """Whether the reply tells where a finished video is."""

    has_content: bool = True
    """Whether there is a path for the content; without it, 404 is answered there."""

    early_file: bool = False
    """Whether there is some of a file before the job is completed."""


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
    """``/v1/videos``."""

    def __init__(self, desk: ApiContext) -> None:
        self._desk = desk
        self._flavour = FLAVOURS[desk.part.shape or next(iter(FLAVOURS))]
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

    def told(self, seen: ObservedJob) -> object:
        job, asked = seen.job, seen.job.asked
        final = seen.phase not in {Phase.WAITING, Phase.WORKING}
        prompt: Json = {"prompt": job.prompt} if self._flavour.tells_prompt else {}
        return {
            "id": job.id,
            "object": "video",
            "model": job.model,
            "status": self._status(seen),
            "progress": int(seen.progress * 100) if self._flavour.tells_progress else 100,
            "created_at": int(job.accepted_at),
            "completed_at": int(job.ends_at) if final else None,
            "size": asked.get("size") or "1280x720",
            "seconds": str(asked.get("seconds") or 4),
            "quality": "standard",
            "error": self._error(seen),
            **prompt,
            **({"url": seen.files["video"]} if self._flavour.tells_url and seen.files else {}),
        }

    def _status(self, seen: ObservedJob) -> str:
        if self._flavour.encodes and seen.phase is Phase.WORKING:
            return "generating" if seen.progress < 0.8 else "encoding"
        return _STATES[seen.phase]

    def _error(self, seen: ObservedJob) -> Json | None:
        if seen.fault is None:
            return None
        code: Json = {"code": seen.fault.code} if self._flavour.error_has_code else {}
        return {**code, "message": seen.fault.message}

    def _create(self, asked: MockRequest) -> MockReply:
        if not asked.is_form and not self._flavour.takes_json:
            raise Refused(422, "invalid_request", "the body must be multipart/form-data")
        if not asked.text("prompt"):
            raise Refused(400, "invalid_request", "prompt is required")
        model = asked.text("model") or "sora-2"
        job = self._desk.accept(asked, model=model, prefix=self._flavour.prefix)
        return MockReply(self.told(self._desk.seen(job, Phase.WAITING)))

    def _follow(self, asked: MockRequest) -> MockReply:
        """Go on from a file that is sent along, or from an earlier video."""
        video = asked.fields.get("video", asked.fields.get("video[id]"))
        named = cast("Json", video).get("id") if isinstance(video, dict) else video
        if named is not None and self._desk.jobs.get(str(named), asked.credential) is None:
            raise self._missing()
        return self._create(asked)

    def _remix(self, asked: MockRequest) -> MockReply:
        self._find(asked)
        return self._create(asked)

    def _look(self, asked: MockRequest) -> MockReply:
        seen = self._desk.seen(self._find(asked))
        return MockReply(self.told(seen), status=self._status_of(seen))

    def _status_of(self, seen: ObservedJob) -> int:
        if seen.fault is None or not self._flavour.fails_in_http:
            return 200
        return 500 if seen.fault.code == "generation_failed" else 400

    def _list(self, asked: MockRequest) -> MockReply:
        jobs = self._desk.jobs.newest(asked.credential)
        if asked.query.get("order") == "asc":
            jobs.reverse()
        ids = [job.id for job in jobs]
        after = asked.query.get("after")
        first = ids.index(after) + 1 if after in ids else 0
        limit = asked.number("limit", 20)
        page = jobs[first : first + limit]
        told: Json = {
            "object": "list",
            "data": [self.told(self._desk.seen(job)) for job in page],
            "first_id": page[0].id if page else None,
            "last_id": page[-1].id if page else None,
            "has_more": len(jobs) > first + limit,
        }
        return MockReply(told)

    def _delete(self, asked: MockRequest) -> MockReply:
        job = self._find(asked)
        told: Json = {"id": job.id, "object": "video.deleted", "deleted": True}
        if self._flavour.deletes_as_video:
            told = {**cast("Json", self.told(self._desk.seen(job))), "status": "deleted"}
        if self._flavour.cancels:
            self._desk.jobs.cancel(job)
        self._desk.jobs.drop(job)
        return MockReply(told)

    def _content(self, asked: MockRequest) -> MockReply:
        if not self._flavour.has_content:
            raise Refused(404, "not_found", "there is no such path")
        job = self._find(asked)
        phase = job.phase(self._desk.jobs.now())
        whole = self._desk.reel.reply("video.mp4")
        if phase is Phase.FAILED:
            raise Refused(self._flavour.failed_content_status, "failed", "the video has failed")
        if phase is not Phase.COMPLETED and self._flavour.early_file:
            return MockReply(cast("bytes", whole.body)[:100], media_type=whole.media_type)
        if phase is not Phase.COMPLETED:
            raise Refused(404, "not_ready", "the video is not ready")
        return self._variant(asked, whole)

    def _variant(self, asked: MockRequest, whole: MockReply) -> MockReply:
        name = _ENDS.get(asked.query.get("variant", "video"), "")
        if name == "thumbnail" and self._desk.part.extras:
            return self._desk.reel.reply("thumbnail.jpg")
        if name != "video":
            raise Refused(404, "not_found", "there is no such variant")
        return whole

    def _models(self, asked: MockRequest) -> MockReply:
        return MockReply({"object": "list", "data": [{"id": "sora-2", "object": "model"}]})

    def _find(self, asked: MockRequest) -> Job:
        job = self._desk.jobs.get(asked.values["id"], asked.credential)
        if job is None:
            raise self._missing()
        return job

    @staticmethod
    def _missing() -> Refused:
        return Refused(404, "not_found", "Video not found")
