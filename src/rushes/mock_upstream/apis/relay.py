"""Speak the API of Luma's resellers under ``/luma``: one set of paths, six shapes of replies."""

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
    """The replies of one reseller."""

    task: Callable[[ObservedJob], Json]
    wraps: bool = False
    """Whether batches and callbacks come as ``{code, message, data: [...]}``."""

    in_array: bool = False
    """Whether a single task comes in an array."""

    missing_status: int = 400


def _skeleton(observed: ObservedJob) -> Json:
    return {
        "id": observed.job.id,
        "prompt": "",
        "state": STATES[observed.phase],
        "queue_state": None,
        "created_at": moment(observed.job.accepted_at),
        "batch_id": "",
        "video": None,
        "video_raw": None,
        "liked": None,
        "estimate_wait_seconds": None,
        "thumbnail": None,
        "last_frame": None,
    }


def _files(observed: ObservedJob) -> Json:
    """Return the finished files, each with its size; nothing before the job is completed."""
    video = observed.files.get("video")
    if video is None:
        return {}
    raw = observed.files["video_raw"]
    body: Json = {
        "video": {"url": video, **_SIZE, "download_url": raw},
        "video_raw": {"url": raw, **_SIZE, "duration": 0.5, "media_type": "video"},
    }
    for name in ("thumbnail", "last_frame"):
        if name in observed.files:
            body[name] = {"url": observed.files[name], **_SIZE, "media_type": "image"}
    return body


def _request(observed: ObservedJob) -> Json:
    ratio = observed.job.request_fields.get("aspect_ratio") or "16:9"
    return {"request": {"prompt": observed.job.prompt, "aspect_ratio": ratio}}


def _artifact(observed: ObservedJob) -> Json:
    files = _files(observed)
    return {"artifact": {**files, "created_at": "0001-01-01T00:00:00Z"}} if files else {}


def _chainhub(observed: ObservedJob) -> Json:
    why: Json = {"failure_reason": observed.fault.message} if observed.fault else {}
    return {
        **_skeleton(observed),
        **_files(observed),
        **_artifact(observed),
        **_request(observed),
        **why,
    }


def _kkiai(observed: ObservedJob) -> Json:
    why: Json = {"message": observed.fault.message} if observed.fault else {}
    return {**_skeleton(observed), **_files(observed), **why}


def _gpt_best(observed: ObservedJob) -> Json:
    names = ("id", "state", "created_at", "video", "liked", "estimate_wait_seconds")
    body = {name: _skeleton(observed)[name] for name in names} | {"prompt": observed.job.prompt}
    files = _files(observed)
    if files:
        body |= {**files, "video": {**cast("Json", files["video"]), "download_url": ""}}
    if observed.fault:
        body["failure_reason"] = observed.fault.message
    return body


def _yescale(observed: ObservedJob) -> Json:
    said = "Submit" if observed.phase is Phase.WAITING else "Fetch"
    body = {**_skeleton(observed), "message": f"YEScale - Luma Video Generation - {said}"}
    if "video" in observed.files:
        body |= {"assets": {"video": observed.files["video"]}, **_artifact(observed)}
    if observed.fault:
        body["error"] = {"message": observed.fault.message, "code": observed.fault.code}
    return body


def _gpt_ge(observed: ObservedJob) -> Json:
    body: Json = {
        "id": observed.job.id,
        "state": STATES[observed.phase],
        "created_at": moment(observed.job.accepted_at),
        **_request(observed),
    }
    if observed.phase not in {Phase.WAITING, Phase.WORKING}:
        why = observed.fault.message if observed.fault else None
        body |= {**_files(observed), **_artifact(observed), "failure_reason": why}
    return body


SHAPES: Final[Mapping[str, Shape]] = {
    "chainhub": Shape(task=_chainhub),
    "kkiai": Shape(task=_kkiai),
    "gpt-best": Shape(task=_gpt_best, wraps=True),
    "yescale": Shape(task=_yescale),
    "gpt-ge": Shape(task=_gpt_ge, missing_status=404),
    "array": Shape(task=_chainhub, in_array=True, missing_status=404),
}
"""By the resellers whose documentation shows them; ``array`` is a former shape of Luma."""


class Relay:
    """The API of one reseller of Luma."""

    needs_key = True

    def __init__(self, context: ApiContext) -> None:
        self._context = context
        self._shape = SHAPES[context.role.shape or next(iter(SHAPES))]
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
        """Return the error as new-api words it, which has a shape of its own for tasks."""
        if refused.code == "not_found":
            return {"code": "task_not_exist", "message": "task_not_exist", "data": None}
        return {
            "error": {"message": refused.message, "type": "new_api_error", "code": refused.code},
        }

    def job_body(self, observed: ObservedJob) -> object:
        return self._wrapped(observed, 1) if self._shape.wraps else self._shape.task(observed)

    def _wrapped(self, observed: ObservedJob, number: int) -> Json:
        return {"code": "success", "message": "", "data": self._row(observed, number)}

    def _row(self, observed: ObservedJob, number: int) -> Json:
        """Return a task as new-api stores it. Source: ``dto/task.go``."""
        job = observed.job
        final = observed.phase not in {Phase.WAITING, Phase.WORKING}
        return {
            "id": number,
            "created_at": moment(job.accepted_at),
            "updated_at": moment(job.accepted_at),
            "task_id": job.id,
            "platform": "luma_free",
            "action": "LUMA_VIDEO",
            "status": _TASK_STATES[observed.phase],
            "fail_reason": observed.fault.message if observed.fault else "",
            "submit_time": int(job.accepted_at),
            "start_time": int(job.starts_at),
            "finish_time": int(job.ends_at) if final else 0,
            "progress": f"{int(observed.progress * 100)}%",
            "data": self._shape.task(observed),
        }

    def _one(self, observed: ObservedJob) -> MockReply:
        task = self._shape.task(observed)
        return MockReply([task] if self._shape.in_array else task)

    def _create(self, request: MockRequest) -> MockReply:
        return self._one(self._context.observe(self._accept(request), Phase.WAITING))

    def _extend(self, request: MockRequest) -> MockReply:
        self._find(request)
        return self._create(request)

    def _accept(self, request: MockRequest) -> Job:
        if not request.text("user_prompt", "prompt") and not request.text("image_url"):
            raise Refused(400, "invalid_request", "user_prompt is required")
        return self._context.accept(request)

    def _find(self, request: MockRequest) -> Job:
        job = self._context.jobs.get(request.values["id"], request.credential)
        if job is None:
            raise Refused(self._shape.missing_status, "not_found", "task_not_exist")
        return job

    def _look(self, request: MockRequest) -> MockReply:
        return self._one(self._context.observe(self._find(request)))

    def _batch(self, request: MockRequest) -> MockReply:
        ids = cast("list[object]", request.fields.get("ids") or [])
        found = [self._context.jobs.get(str(one), request.credential) for one in ids]
        observed = [self._context.observe(job) for job in found if job is not None]
        if self._shape.wraps:
            rows = [self._row(one, number) for number, one in enumerate(observed, 1)]
            return MockReply({"code": "success", "message": "", "data": rows})
        return MockReply([self._shape.task(one) for one in observed])

    def _list(self, request: MockRequest) -> MockReply:
        offset, limit = request.number("offset", 0), request.number("limit", 20)
        page = self._context.jobs.newest(request.credential)[offset : offset + limit]
        return MockReply([self._shape.task(self._context.observe(job)) for job in page])

    def _download(self, request: MockRequest) -> MockReply:
        observed = self._context.observe(self._find(request))
        if "video_raw" not in observed.files:
            raise Refused(409, "not_ready", "the video is not ready")
        return MockReply({"url": observed.files["video_raw"]})

    def _upload(self, request: MockRequest) -> MockReply:
        public = f"{request.origin}/mock-upstream/uploads/{uuid4()}"
        return MockReply({"id": str(uuid4()), "presigned_url": public, "public_url": public})

    def _models(self, request: MockRequest) -> MockReply:
        return MockReply({"object": "list", "data": [{"id": "luma_video_api", "object": "model"}]})

    def _usage(self, request: MockRequest) -> MockReply:
        return MockReply({"consumed": 0, "available": 15000, "frozen": 0})
