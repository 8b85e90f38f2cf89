"""Speak Luma's Dream Machine API, at ``/dream-machine/v1`` or at the root."""

from collections.abc import Callable
from functools import partial
from typing import Final

from rushes.mock_upstream.apis.base import ApiContext, Json, ObservedJob, Route, moment
from rushes.mock_upstream.jobs import Phase
from rushes.mock_upstream.messages import Act, MockReply, MockRequest, Refused

STATES: Final = {
    Phase.WAITING: "queued",
    Phase.WORKING: "dreaming",
    Phase.COMPLETED: "completed",
    Phase.FAILED: "failed",
    Phase.CANCELLED: "failed",
}
CONCEPTS: Final = ("dolly_zoom", "orbit_left", "pan_left", "zoom_in")

_CREATED: Final = {
    "/generations": "video",
    "/generations/video": "video",
    "/generations/image": "image",
    "/generations/video/modify": "modify_video",
    "/generations/video/reframe": "reframe_video",
    "/generations/image/reframe": "reframe_image",
}
_FOLLOWING: Final = {"upscale": "upscale_video", "audio": "add_audio"}


class DreamMachine:
    """The API as of 2025. Source: lumalabs/lumaai-api's openapi.yaml; lumaai 1.21.0."""

    needs_key = True

    def __init__(self, context: ApiContext) -> None:
        self._context = context
        create = [
            _route("POST", path, Act.SUBMIT, partial(self._create, kind))
            for path, kind in _CREATED.items()
        ]
        follow = [
            _route("POST", f"/generations/{{id}}/{path}", Act.SUBMIT, partial(self._follow, kind))
            for path, kind in _FOLLOWING.items()
        ]
        self.routes: tuple[Route, ...] = (
            *create,
            *follow,
            _route("GET", "/generations", Act.LIST, self._list),
            _route("GET", "/generations/concepts/list", Act.TEST, self._concepts),
            _route("GET", "/generations/{id}", Act.LOOK, self._look),
            _route("DELETE", "/generations/{id}", Act.CANCEL, self._delete),
            _route("GET", "/credits", Act.TEST, self._credits),
            _route("GET", "/ping", Act.TEST, self._ping),
        )

    def refusal(self, refused: Refused) -> object:
        return {"detail": refused.message}

    def job_body(self, observed: ObservedJob) -> object:
        job = observed.job
        return {
            "id": job.id,
            "generation_type": "image" if job.is_still else "video",
            "state": STATES[observed.phase],
            "failure_reason": observed.fault.message if observed.fault else None,
            "created_at": moment(job.accepted_at),
            "assets": _assets(observed),
            "model": job.model,
            "request": {
                "generation_type": job.kind,
                "callback_url": job.callback_url,
                **job.request_fields,
            },
        }

    def _create(self, kind: str, request: MockRequest) -> MockReply:
        if kind in {"video", "image"} and not request.text("prompt") and not _pictures(request):
            raise Refused(400, "invalid_request", "Prompt is required")
        job = self._context.accept(request, kind=kind)
        return MockReply(self.job_body(self._context.observe(job, Phase.WAITING)), status=201)

    def _follow(self, kind: str, request: MockRequest) -> MockReply:
        self._context.find(request)
        job = self._context.accept(request, kind=kind)
        return MockReply(self.job_body(self._context.observe(job, Phase.WAITING)))

    def _look(self, request: MockRequest) -> MockReply:
        return MockReply(self.job_body(self._context.observe(self._context.find(request))))

    def _list(self, request: MockRequest) -> MockReply:
        offset, limit = request.number("offset", 0), min(100, request.number("limit", 100))
        jobs = self._context.jobs.newest(request.credential)
        page = jobs[offset : offset + limit]
        body: Json = {
            "has_more": len(jobs) > offset + limit,
            "count": len(page),
            "limit": limit,
            "offset": offset,
            "generations": [self.job_body(self._context.observe(job)) for job in page],
        }
        return MockReply(body)

    def _delete(self, request: MockRequest) -> MockReply:
        job = self._context.find(request)
        self._context.jobs.cancel(job)
        self._context.jobs.drop(job)
        return MockReply(b"", status=204, media_type="text/plain")

    def _concepts(self, request: MockRequest) -> MockReply:
        return MockReply(list(CONCEPTS))

    def _credits(self, request: MockRequest) -> MockReply:
        return MockReply({"credit_balance": 15000.0})

    def _ping(self, request: MockRequest) -> MockReply:
        return MockReply({"message": "pong"})


def _route(method: str, path: str, act: Act, answer: Callable[[MockRequest], MockReply]) -> Route:
    return Route(method=method, path="(?:/dream-machine/v1)?" + path, act=act, answer=answer)


def _assets(observed: ObservedJob) -> Json | None:
    if observed.phase is not Phase.COMPLETED:
        return None
    return {
        "video": observed.files.get("video"),
        "image": observed.files.get("image", observed.files.get("thumbnail")),
        "progress_video": None,
    }


def _pictures(request: MockRequest) -> bool:
    return bool(request.fields.get("keyframes") or request.fields.get("image_ref"))
