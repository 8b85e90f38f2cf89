"""Luma's Dream Machine API, at ``/dream-machine/v1`` or at the root."""

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
    """It as it stood in 2025. Source: lumalabs/lumaai-api's openapi.yaml; lumaai 1.21.0."""

    needs_key = True

    def __init__(self, desk: ApiContext) -> None:
        self._desk = desk
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

    def told(self, seen: ObservedJob) -> object:
        job = seen.job
        return {
            "id": job.id,
            "generation_type": "image" if job.is_still else "video",
            "state": STATES[seen.phase],
            "failure_reason": seen.fault.message if seen.fault else None,
            "created_at": moment(job.accepted_at),
            "assets": _assets(seen),
            "model": job.model,
            "request": {"generation_type": job.kind, "callback_url": job.callback_url, **job.asked},
        }

    def _create(self, kind: str, asked: MockRequest) -> MockReply:
        if kind in {"video", "image"} and not asked.text("prompt") and not _pictures(asked):
            raise Refused(400, "invalid_request", "Prompt is required")
        job = self._desk.accept(asked, kind=kind)
        return MockReply(self.told(self._desk.seen(job, Phase.WAITING)), status=201)

    def _follow(self, kind: str, asked: MockRequest) -> MockReply:
        self._desk.find(asked)
        job = self._desk.accept(asked, kind=kind)
        return MockReply(self.told(self._desk.seen(job, Phase.WAITING)))

    def _look(self, asked: MockRequest) -> MockReply:
        return MockReply(self.told(self._desk.seen(self._desk.find(asked))))

    def _list(self, asked: MockRequest) -> MockReply:
        offset, limit = asked.number("offset", 0), min(100, asked.number("limit", 100))
        jobs = self._desk.jobs.newest(asked.credential)
        page = jobs[offset : offset + limit]
        told: Json = {
            "has_more": len(jobs) > offset + limit,
            "count": len(page),
            "limit": limit,
            "offset": offset,
            "generations": [self.told(self._desk.seen(job)) for job in page],
        }
        return MockReply(told)

    def _delete(self, asked: MockRequest) -> MockReply:
        job = self._desk.find(asked)
        self._desk.jobs.cancel(job)
        self._desk.jobs.drop(job)
        return MockReply(b"", status=204, media_type="text/plain")

    def _concepts(self, asked: MockRequest) -> MockReply:
        return MockReply(list(CONCEPTS))

    def _credits(self, asked: MockRequest) -> MockReply:
        return MockReply({"credit_balance": 15000.0})

    def _ping(self, asked: MockRequest) -> MockReply:
        return MockReply({"message": "pong"})


def _route(method: str, path: str, act: Act, answer: Callable[[MockRequest], MockReply]) -> Route:
    return Route(method=method, path="(?:/dream-machine/v1)?" + path, act=act, answer=answer)


def _assets(seen: ObservedJob) -> Json | None:
    if seen.phase is not Phase.COMPLETED:
        return None
    return {
        "video": seen.files.get("video"),
        "image": seen.files.get("image", seen.files.get("thumbnail")),
        "progress_video": None,
    }


def _pictures(asked: MockRequest) -> bool:
    return bool(asked.fields.get("keyframes") or asked.fields.get("image_ref"))
