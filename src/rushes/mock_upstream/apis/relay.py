"""What resellers of Luma speak under ``/luma``: one set of paths, six shapes of the replies."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, cast
from uuid import uuid4

from rushes.mock_upstream.apis.base import ApiContext, Json, ObservedJob, Route, moment
from rushes.mock_upstream.jobs import Job, Phase
from rushes.mock_upstream.messages import Act, MockReply, MockRequest, Refused
from rushes.mock_upstream.result_files import HEIGHT_PX, WIDTH_PX

STATES: Final = {
    Phase.WAITING: "pending",
    Phase.WORKING: "processing",
    Phase.COMPLETED: "completed",
    Phase.FAILED: "failed",
    Phase.CANCELLED: "failed",
}
_TASK_STATES: Final = {
    Phase.WAITING: "QUEUED",
    Phase.WORKING: "IN_PROGRESS",
    Phase.COMPLETED: "SUCCESS",
    Phase.FAILED: "FAILURE",
    Phase.CANCELLED: "FAILURE",
}
"""Source: new-api, ``model/task.go``."""

_SIZE: Final[Json] = {"width": WIDTH_PX, "height": HEIGHT_PX}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How one reseller words things."""

    task: Callable[[ObservedJob], Json]
    wraps: bool = False
    """Whether a batch comes as ``{code, message, data: [...]}``, and a callback too."""

    in_array: bool = False
    """Whether one task comes as an array of one."""

    missing_status: int = 400


def _skeleton(seen: ObservedJob) -> Json:
    return {
        "id": seen.job.id,
        "prompt": "",
        "state": STATES[seen.phase],
        "queue_state": None,
        "created_at": moment(seen.job.accepted_at),
        "batch_id": "",
        "video": None,
        "video_raw": None,
        "liked": None,
        "estimate_wait_seconds": None,
        "thumbnail": None,
        "last_frame": None,
    }


def _files(seen: ObservedJob) -> Json:
    """Return the finished files, each with its size; nothing before the job is completed."""
    video = seen.files.get("video")
    if video is None:
        return {}
    raw = seen.files["video_raw"]
    told: Json = {
        "video": {"url": video, **_SIZE, "download_url": raw},
        "video_raw": {"url": raw, **_SIZE, "duration": 0.5, "media_type": "video"},
    }
    for name in ("thumbnail", "last_frame"):
        if name in seen.files:
            told[name] = {"url": seen.files[name], **_SIZE, "media_type": "image"}
    return told


def _request(seen: ObservedJob) -> Json:
    ratio = seen.job.asked.get("aspect_ratio") or "16:9"
    return {"request": {"prompt": seen.job.prompt, "aspect_ratio": ratio}}


def _artifact(seen: ObservedJob) -> Json:
    files = _files(seen)
    return {"artifact": {**files, "created_at": "0001-01-01T00:00:00Z"}} if files else {}


def _chainhub(seen: ObservedJob) -> Json:
    why: Json = {"failure_reason": seen.fault.message} if seen.fault else {}
    return {**_skeleton(seen), **_files(seen), **_artifact(seen), **_request(seen), **why}


def _kkiai(seen: ObservedJob) -> Json:
    why: Json = {"message": seen.fault.message} if seen.fault else {}
    return {**_skeleton(seen), **_files(seen), **why}


def _gpt_best(seen: ObservedJob) -> Json:
    names = ("id", "state", "created_at", "video", "liked", "estimate_wait_seconds")
    told = {name: _skeleton(seen)[name] for name in names} | {"prompt": seen.job.prompt}
    files = _files(seen)
    if files:
        told |= {**files, "video": {**cast("Json", files["video"]), "download_url": ""}}
    if seen.fault:
        told["failure_reason"] = seen.fault.message
    return told


def _yescale(seen: ObservedJob) -> Json:
    said = "Submit" if seen.phase is Phase.WAITING else "Fetch"
    told = {**_skeleton(seen), "message": f"YEScale - Luma Video Generation - {said}"}
    if "video" in seen.files:
        told |= {"assets": {"video": seen.files["video"]}, **_artifact(seen)}
    if seen.fault:
        told["error"] = {"message": seen.fault.message, "code": seen.fault.code}
    return told


def _gpt_ge(seen: ObservedJob) -> Json:
    told: Json = {
        "id": seen.job.id,
        "state": STATES[seen.phase],
        "created_at": moment(seen.job.accepted_at),
        **_request(seen),
    }
    if seen.phase not in {Phase.WAITING, Phase.WORKING}:
        why = seen.fault.message if seen.fault else None
        told |= {**_files(seen), **_artifact(seen), "failure_reason": why}
    return told


SHAPES: Final[Mapping[str, Shape]] = {
    "chainhub": Shape(task=_chainhub),
    "kkiai": Shape(task=_kkiai),
    "gpt-best": Shape(task=_gpt_best, wraps=True),
    "yescale": Shape(task=_yescale),
    "gpt-ge": Shape(task=_gpt_ge, missing_status=404),
    "array": Shape(task=_chainhub, in_array=True, missing_status=404),
}
"""By the names of those whose documents show them; ``array`` is how it once was upstream."""


class Relay:
    """A reseller."""

    needs_key = True

    def __init__(self, desk: ApiContext) -> None:
        self._desk = desk
        self._shape = SHAPES[desk.part.shape or next(iter(SHAPES))]
        one = "/luma/generations/{id}"
        self.routes: tuple[Route, ...] = (
            self._route("POST", "/luma/generations", Act.SUBMIT, self._create),
            self._route("GET", "/luma/generations", Act.LIST, self._list),
            self._route("POST", "/luma/tasks", Act.BATCH, self._batch),
            self._route("GET", "/luma/users/me", Act.TEST, self._usage),
            self._route("GET", "/luma/subscription/usage", Act.TEST, self._usage),
            self._route("GET", "(?:/luma)?/v1/models", Act.TEST, self._models),
            self._route("GET", one, Act.LOOK, self._look),
            self._route("POST", "/luma/generations/file_upload", Act.UPLOAD, self._upload),
            self._route("POST", one + "/extend", Act.SUBMIT, self._extend),
            self._route("GET", one + "/download_video_url", Act.LOOK, self._download),
        )

    @staticmethod
    def _route(
        method: str, path: str, act: Act, answer: Callable[[MockRequest], MockReply]
    ) -> Route:
        return Route(method=method, path=path, act=act, answer=answer)

    def refusal(self, refused: Refused) -> object:
        """Word it as new-api does; what is about a task is worded in another way than the rest."""
        if refused.code == "not_found":
            return {"code": "task_not_exist", "message": "task_not_exist", "data": None}
        return {
            "error": {"message": refused.message, "type": "new_api_error", "code": refused.code},
        }

    def told(self, seen: ObservedJob) -> object:
        return self._wrapped(seen, 1) if self._shape.wraps else self._shape.task(seen)

    def _wrapped(self, seen: ObservedJob, number: int) -> Json:
        return {"code": "success", "message": "", "data": self._row(seen, number)}

    def _row(self, seen: ObservedJob, number: int) -> Json:
        """Return a task as new-api keeps it. Source: ``dto/task.go``."""
        job = seen.job
        final = seen.phase not in {Phase.WAITING, Phase.WORKING}
        return {
            "id": number,
            "created_at": moment(job.accepted_at),
            "updated_at": moment(job.accepted_at),
            "task_id": job.id,
            "platform": "luma_free",
            "action": "LUMA_VIDEO",
            "status": _TASK_STATES[seen.phase],
            "fail_reason": seen.fault.message if seen.fault else "",
            "submit_time": int(job.accepted_at),
            "start_time": int(job.starts_at),
            "finish_time": int(job.ends_at) if final else 0,
            "progress": f"{int(seen.progress * 100)}%",
            "data": self._shape.task(seen),
        }

    def _one(self, seen: ObservedJob) -> MockReply:
        task = self._shape.task(seen)
        return MockReply([task] if self._shape.in_array else task)

    def _create(self, asked: MockRequest) -> MockReply:
        return self._one(self._desk.seen(self._accepted(asked), Phase.WAITING))

    def _extend(self, asked: MockRequest) -> MockReply:
        self._known(asked)
        return self._create(asked)

    def _accepted(self, asked: MockRequest) -> Job:
        if not asked.text("user_prompt", "prompt") and not asked.text("image_url"):
            raise Refused(400, "invalid_request", "user_prompt is required")
        return self._desk.accept(asked)

    def _known(self, asked: MockRequest) -> Job:
        job = self._desk.jobs.get(asked.values["id"], asked.credential)
        if job is None:
            raise Refused(self._shape.missing_status, "not_found", "task_not_exist")
        return job

    def _look(self, asked: MockRequest) -> MockReply:
        return self._one(self._desk.seen(self._known(asked)))

    def _batch(self, asked: MockRequest) -> MockReply:
        ids = cast("list[object]", asked.fields.get("ids") or [])
        found = [self._desk.jobs.get(str(one), asked.credential) for one in ids]
        seen = [self._desk.seen(job) for job in found if job is not None]
        if self._shape.wraps:
            rows = [self._row(one, number) for number, one in enumerate(seen, 1)]
            return MockReply({"code": "success", "message": "", "data": rows})
        return MockReply([self._shape.task(one) for one in seen])

    def _list(self, asked: MockRequest) -> MockReply:
        offset, limit = asked.number("offset", 0), asked.number("limit", 20)
        page = self._desk.jobs.newest(asked.credential)[offset : offset + limit]
        return MockReply([self._shape.task(self._desk.seen(job)) for job in page])

    def _download(self, asked: MockRequest) -> MockReply:
        seen = self._desk.seen(self._known(asked))
        if "video_raw" not in seen.files:
            raise Refused(409, "not_ready", "the video is not ready")
        return MockReply({"url": seen.files["video_raw"]})

    def _upload(self, asked: MockRequest) -> MockReply:
        public = f"{asked.origin}/standin/uploads/{uuid4()}"
        return MockReply({"id": str(uuid4()), "presigned_url": public, "public_url": public})

    def _models(self, asked: MockRequest) -> MockReply:
        return MockReply({"object": "list", "data": [{"id": "luma_video_api", "object": "model"}]})

    def _usage(self, asked: MockRequest) -> MockReply:
        return MockReply({"consumed": 0, "available": 15000, "frozen": 0})
