"""Use an upstream that speaks LightX2V's task API, where the client chooses the task ids."""

import asyncio
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal

from typing_extensions import override

from rushes.core.capabilities import Capabilities
from rushes.core.errors import PermanentEngineError, TemporaryEngineError, UpstreamBusy
from rushes.core.generation import ArtifactKind
from rushes.core.spec import Kind
from rushes.engines.upstream.base import JobStatus, Phase, SubmitOrder, SubmitQuery
from rushes.engines.upstream.connected import ConnectedUpstream
from rushes.engines.upstream.connection import UpstreamConnection, segment
from rushes.engines.upstream.job_failures import Redact, failed, stopped
from rushes.engines.upstream.picture_inputs import Pictures, address_of, frame_px
from rushes.engines.upstream.replies import UpstreamReply, find_complaint, job_id, mapping, text

Fields = Literal["target_shape", "size"]
"""The field for the frame's height and width; other field names depend on it."""

CAPABILITIES: Final = Capabilities(
    resolutions=("720p",),
    durations_s=(5.0,),
    ratios=("16:9", "9:16", "1:1"),
    loop=False,
    last_image=False,
    extend=False,
)
"""For a model that takes a first picture. An operator may add the last picture."""

_PHASES: Final = {
    "pending": Phase.WAITING,
    "processing": Phase.WORKING,
    "completed": Phase.COMPLETED,
    "failed": Phase.FAILED,
}
_LENGTHS: Final[Mapping[Fields, str]] = {
    "target_shape": "target_video_length",
    "size": "num_frames",
}


_TRY_WITHOUT_SLASH: Final = frozenset({307, 308, 404, 405})
"""Statuses that mean that nothing was done and the path needs no slash at its end."""


class LightX2VUpstream(ConnectedUpstream):
    """
    Speaks ``POST {base}/tasks/video/`` and related paths; the base URL ends with ``/v1``.

    The task id is derived from the order's key. So a submit without a reply can always be found,
    and the server refuses a second submit with the same key. Source: ``lightx2v/server``.

    Args:
        fps: The model's frames per second.

        fields: ``size`` for servers since the second half of 2026. Older servers ignore unknown
            names and newer ones refuse them, so the older names are the default.
    """

    kind = "lightx2v"

    def __init__(
        self,
        connection: UpstreamConnection,
        *,
        capabilities: Capabilities = CAPABILITIES,
        pictures: Pictures = "data",
        fps: int = 16,
        fields: Fields = "target_shape",
    ) -> None:
        super().__init__(connection, capabilities)
        self._pictures: Pictures = pictures
        self._fps = fps
        self._fields: Fields = fields

    async def submit(self, order: SubmitOrder) -> str:
        body = await asyncio.to_thread(self._body, order)
        reply = await self._connection.submit("POST", "/tasks/video/", json=body)
        if reply.status in _TRY_WITHOUT_SLASH:
            reply = await self._connection.submit("POST", "/tasks/video", json=body)
        complaint = find_complaint(reply.json())
        if reply.status == 503 and complaint and "queue is full" in complaint.words:
            raise UpstreamBusy(
                f"the upstream has too much to do ({self._connection.redact('queue full')})"
            )
        return self._connection.require_job_id(reply, job_id(mapping(reply.json()).get("task_id")))

    @override
    async def poll(self, job_id: str) -> JobStatus:
        reply = await self._connection.request("GET", f"/tasks/{segment(job_id)}/status")
        result = f"{self._connection.base_url}/tasks/{segment(job_id)}/result"
        return self._connection.require_status(
            reply, job_status_of(reply, result, self._connection.redact)
        )

    async def find(self, query: SubmitQuery) -> Sequence[str] | None:
        name = task_id_of(query.key)
        reply = await self._connection.request("GET", f"/tasks/{segment(name)}/status")
        if reply.status == 404:
            return []
        self._connection.require_status(reply, job_status_of(reply, "", self._connection.redact))
        return [name]

    async def cancel(self, job_id: str) -> bool:
        reply = await self._connection.request("DELETE", f"/tasks/{segment(job_id)}")
        result = mapping(reply.json())
        self._connection.require_status(reply, result if 200 <= reply.status < 300 else None)
        return text(result.get("stop_status")) == "success"

    async def test(self) -> str:
        reply = self._connection.require_success(
            await self._connection.request("GET", "/service/status")
        )
        status = text(mapping(reply.json()).get("service_status"))
        return self._connection.redact(
            f"the service is {status}" if status else "the address replies"
        )

    def _body(self, order: SubmitOrder) -> dict[str, object]:
        """Return the body. Raises PermanentEngineError if the API cannot express the order."""
        if problems := list(_problems(order)):
            raise PermanentEngineError("; ".join(problems))
        job, name = order.job, task_id_of(order.key)
        width_px, height_px = frame_px(job, self._capabilities)
        seed = job.spec.seed
        body: dict[str, object] = {
            "task_id": name,
            "save_result_path": f"{name}.mp4",
            "prompt": job.prompt,
            "negative_prompt": job.spec.negative_prompt or "",
            # Without a seed some servers make the same video each time.
            "seed": int(name[-8:], 16) if seed is None else seed,
            self._fields: [height_px, width_px],
            _LENGTHS[self._fields]: round(job.spec.duration_s * self._fps) + 1,
        }
        for field, picture in (
            ("image_path", job.first_image),
            ("last_frame_path", job.last_image),
        ):
            if picture is not None:
                body[field] = address_of(picture, order, pictures=self._pictures)
        return body


def task_id_of(key: str) -> str:
    """Return the task id for an order with this key."""
    return f"rushes-{hashlib.sha256(key.encode()).hexdigest()[:32]}"


def _problems(order: SubmitOrder) -> Iterator[str]:
    job, spec = order.job, order.job.spec
    if spec.kind is not Kind.VIDEO:
        yield f"this upstream makes new videos only, not {spec.kind}"
    if spec.loop:
        yield "this upstream makes no loops"
    if spec.concepts:
        yield "this upstream knows no concepts"
    if any(k.generation_id for k in spec.keyframes) or job.earlier_clip or job.later_clip:
        yield "this upstream continues no earlier video"
    if job.last_image is not None and job.first_image is None:
        yield "this upstream takes a last picture only together with a first one"


def job_status_of(reply: UpstreamReply, result: str, redact: Redact) -> JobStatus | None:
    """Return the status of the task in a reply, with its file at *result*; None without a task."""
    task = mapping(reply.json())
    status = task.get("status")
    if not 200 <= reply.status < 300 or not isinstance(status, str) or not task.get("task_id"):
        return None
    word = status.strip().lower()
    if word == "cancelled":
        return stopped("the task was cancelled there")
    match _PHASES.get(word, Phase.WORKING):
        case Phase.FAILED:
            return failed(TemporaryEngineError, redact(text(task.get("error"))))
        case Phase.COMPLETED as phase:
            return JobStatus(phase=phase, progress=1.0, files={ArtifactKind.VIDEO: result})
        case phase:
            return JobStatus(phase=phase)
