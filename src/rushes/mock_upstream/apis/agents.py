"""Luma's Agents API: generations, without a list, without callbacks."""

from typing import Final
from uuid import uuid4

from rushes.mock_upstream.apis.base import ApiContext, Json, ObservedJob, Route, moment
from rushes.mock_upstream.jobs import Phase
from rushes.mock_upstream.messages import Act, MockReply, MockRequest, Refused

STATES: Final = {
    Phase.WAITING: "queued",
    Phase.WORKING: "processing",
    Phase.COMPLETED: "completed",
    Phase.FAILED: "failed",
    Phase.CANCELLED: "failed",
}
VERSION: Final = "2026-04-01"
_BASE: Final = "(?:/luma-agents)?(?:/v1)?"


class Agents:
    """It as of 2026. Source: the types of ``luma-agents`` 0.5.0."""

    needs_key = True

    def __init__(self, desk: ApiContext) -> None:
        self._desk = desk
        path = _BASE + "/generations"
        self.routes: tuple[Route, ...] = (
            Route(method="POST", path=path, act=Act.SUBMIT, answer=self._create),
            Route(method="GET", path=path + "/{id}", act=Act.LOOK, answer=self._look),
            Route(method="POST", path=_BASE + "/files", act=Act.UPLOAD, answer=self._upload),
        )

    def refusal(self, refused: Refused) -> object:
        return {"detail": refused.message}

    def told(self, seen: ObservedJob) -> object:
        job = seen.job
        told: Json = {
            "id": job.id,
            "type": job.kind,
            "state": STATES[seen.phase],
            "model": job.model,
            "created_at": moment(job.accepted_at),
            "output": _output(seen),
            "failure_reason": seen.fault.message if seen.fault else None,
            "failure_code": seen.fault.code if seen.fault else None,
        }
        return told

    def _create(self, asked: MockRequest) -> MockReply:
        if not asked.text("prompt"):
            raise Refused(422, "invalid_request", "prompt: Field required")
        kind = asked.text("type") or "image"
        model = asked.text("model") or ("ray-3.2" if kind.startswith("video") else "uni-1")
        job = self._desk.accept(asked, kind=kind, model=model)
        return self._reply(asked, self._desk.seen(job, Phase.WAITING), 201)

    def _look(self, asked: MockRequest) -> MockReply:
        return self._reply(asked, self._desk.seen(self._desk.find(asked)), 200)

    def _upload(self, asked: MockRequest) -> MockReply:
        """Take a file that comes with the request; of one that is only announced, say no."""
        if "file" not in asked.fields:
            raise Refused(422, "invalid_request", "file: Field required")
        file: Json = {"id": str(uuid4()), "state": "ready", "purpose": "input"}
        told: Json = {"id": file["id"], "state": "ready", "file": file, "upload": None}
        return MockReply(told, status=201)

    def _reply(self, asked: MockRequest, seen: ObservedJob, status: int) -> MockReply:
        request_id = asked.headers.get("x-request-id") or str(uuid4())
        headers = {"x-request-id": request_id, "x-api-version": VERSION}
        return MockReply(self.told(seen), status=status, headers=headers)


def _output(seen: ObservedJob) -> list[Json]:
    """Return the finished file; the link is a new one each time."""
    kind = "image" if seen.job.is_still else "video"
    return [{"type": kind, "url": seen.files[kind]}] if kind in seen.files else []
