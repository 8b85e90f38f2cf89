"""Speak Luma's Agents API, which has no list and no callbacks."""

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
    """The API as of 2026. Source: the types of ``luma-agents`` 0.5.0."""

    needs_key = True

    def __init__(self, context: ApiContext) -> None:
        self._context = context
        path = _BASE + "/generations"
        self.routes: tuple[Route, ...] = (
            Route(method="POST", path=path, act=Act.SUBMIT, answer=self._create),
            Route(method="GET", path=path + "/{id}", act=Act.LOOK, answer=self._look),
            Route(method="POST", path=_BASE + "/files", act=Act.UPLOAD, answer=self._upload),
        )

    def refusal(self, refused: Refused) -> object:
        return {"detail": refused.message}

    def job_body(self, observed: ObservedJob) -> object:
        job = observed.job
        body: Json = {
            "id": job.id,
            "type": job.kind,
            "state": STATES[observed.phase],
            "model": job.model,
            "created_at": moment(job.accepted_at),
            "output": _output(observed),
            "failure_reason": observed.fault.message if observed.fault else None,
            "failure_code": observed.fault.code if observed.fault else None,
        }
        return body

    def _create(self, request: MockRequest) -> MockReply:
        if not request.text("prompt"):
            raise Refused(422, "invalid_request", "prompt: Field required")
        kind = request.text("type") or "image"
        model = request.text("model") or ("ray-3.2" if kind.startswith("video") else "uni-1")
        job = self._context.accept(request, kind=kind, model=model)
        return self._reply(request, self._context.observe(job, Phase.WAITING), 201)

    def _look(self, request: MockRequest) -> MockReply:
        return self._reply(request, self._context.observe(self._context.find(request)), 200)

    def _upload(self, request: MockRequest) -> MockReply:
        """Accept a file in the request; refuse an upload that is only announced."""
        if "file" not in request.fields:
            raise Refused(422, "invalid_request", "file: Field required")
        file: Json = {"id": str(uuid4()), "state": "ready", "purpose": "input"}
        body: Json = {"id": file["id"], "state": "ready", "file": file, "upload": None}
        return MockReply(body, status=201)

    def _reply(self, request: MockRequest, observed: ObservedJob, status: int) -> MockReply:
        request_id = request.headers.get("x-request-id") or str(uuid4())
        headers = {"x-request-id": request_id, "x-api-version": VERSION}
        return MockReply(self.job_body(observed), status=status, headers=headers)


def _output(observed: ObservedJob) -> list[Json]:
    """Return the finished file, with a new link each time."""
    kind = "image" if observed.job.is_still else "video"
    return [{"type": kind, "url": observed.files[kind]}] if kind in observed.files else []
