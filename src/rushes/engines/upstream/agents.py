"""Use an upstream that speaks Luma's Agents API: stills, videos and edits."""

import asyncio
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from typing_extensions import override

from rushes.core.capabilities import Capabilities
from rushes.core.errors import (
    AmbiguousSubmit,
    ChannelUnusable,
    ContentRejected,
    EngineError,
    InputUnusable,
    PermanentEngineError,
    TemporaryEngineError,
    UpstreamBusy,
    UpstreamUnreachable,
)
from rushes.core.generation import ArtifactKind
from rushes.core.spec import Kind, Medium, Role
from rushes.engines.upstream.agents_bodies import Body, Ref, body_of, files_of
from rushes.engines.upstream.base import JobStatus, Phase, SubmitOrder, SubmitQuery
from rushes.engines.upstream.connected import ConnectedUpstream
from rushes.engines.upstream.connection import UpstreamConnection, segment
from rushes.engines.upstream.job_failures import Redact, failed, stopped
from rushes.engines.upstream.picture_inputs import PNG, Pictures, base64_of, bytes_of
from rushes.engines.upstream.replies import (
    UpstreamReply,
    find_complaint,
    items,
    job_id,
    mapping,
    text,
)
from rushes.engines.upstream.request_body import BodyPart

CAPABILITIES: Final = Capabilities(
    kinds=(Kind.VIDEO, Kind.IMAGE, Kind.REFRAME, Kind.MODIFY),
    resolutions=("360p", "540p", "720p", "1080p"),
    durations_s=(5.0, 10.0),
    ratios=("9:16", "3:4", "1:1", "4:3", "16:9", "21:9"),
    extend_backwards=True,
    seed=False,
    negative_prompt=False,
    still_ratios=(
        *("3:1", "2:1", "21:9", "16:9", "4:3", "3:2"),
        *("1:1", "3:4", "2:3", "9:16", "1:2", "1:3"),
    ),
    still_formats=("jpg", "png"),
    references=(Role.CONTENT, Role.MODIFY),
    reframes=(Medium.VIDEO,),
    modes=(
        *("adhere_1", "adhere_2", "adhere_3"),
        *("flex_1", "flex_2", "flex_3"),
        *("reimagine_1", "reimagine_2", "reimagine_3"),
    ),
    by_id=(Kind.VIDEO,),
    source_bytes=50 << 20,
)
"""The capabilities of uni-1 and ray-3.2.

Sources: luma-agents 0.5.0, Luma's page on video generation.
"""

_STATES: Final = {
    "queued": Phase.WAITING,
    "processing": Phase.WORKING,
    "completed": Phase.COMPLETED,
    "failed": Phase.FAILED,
}

FAILURES: Final[Mapping[str, type[EngineError]]] = {
    "content_moderated": ContentRejected,
    "generation_failed": TemporaryEngineError,
    "budget_exhausted": ChannelUnusable,
    "output_not_found": TemporaryEngineError,
    "image_too_large": InputUnusable,
    "unsupported_format": InputUnusable,
    "corrupt_input": InputUnusable,
    "invalid_request": PermanentEngineError,
    "rate_limited": UpstreamBusy,
}
"""The error of each ``failure_code``. Source: the package luma-agents 0.5.0."""

_OUTPUTS: Final = {"video": ArtifactKind.VIDEO, "image": ArtifactKind.IMAGE}
_TYPES: Final = {
    ".png": PNG,
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".mov": "video/quicktime",
    ".webm": "video/webm",
}


class AgentsUpstream(ConnectedUpstream):
    """
    Speaks ``POST {base}/generations`` and its related paths; the base URL ends with ``/v1``.

    The API has no list, so a submit without a reply cannot be found, and it cancels no job.

    Args:
        pictures: How pictures and videos are passed: by our URL where there is one, as text in
            the request, or uploaded to ``/files`` beforehand.
    """

    kind = "agents"

    def __init__(
        self,
        connection: UpstreamConnection,
        *,
        capabilities: Capabilities = CAPABILITIES,
        pictures: Pictures = "data",
    ) -> None:
        super().__init__(connection, capabilities)
        self._pictures: Pictures = pictures

    async def submit(self, order: SubmitOrder) -> str:
        await self._body(order, _Any())  # refuse before anything is uploaded
        refs = {file: await self._ref(file, order) for file in files_of(order)}
        reply = await self._connection.submit(
            "POST",
            "/generations",
            json=await self._body(order, refs),
            headers={"Idempotency-Key": order.key},
        )
        return self._connection.require_job_id(reply, _id(reply))

    @override
    async def poll(self, job_id: str) -> JobStatus:
        reply = await self._connection.request("GET", f"/generations/{segment(job_id)}")
        return self._connection.require_status(reply, job_status_of(reply, self._connection.redact))

    async def find(self, query: SubmitQuery) -> Sequence[str] | None:
        """Return None: this API has no list."""
        return None

    async def cancel(self, job_id: str) -> bool:
        """Return False: this API cancels no job."""
        return False

    async def test(self) -> str:
        """Request a generation that does not exist: only a valid key gets that reply."""
        reply = await self._connection.request("GET", f"/generations/{uuid.uuid4()}")
        complaint = find_complaint(reply.json())
        words = complaint.message.lower() if complaint is not None else ""
        # Every reply of this API has the header, but a proxy may drop it. A server without this
        # path says "not found", or names the path.
        is_its_own = "x-api-version" in reply.headers or (
            "generation" in words and "/generations/" not in words
        )
        if reply.status == 404 and is_its_own:
            return "the key is accepted"
        self._connection.require_success(reply)
        return "the address replies"

    async def _body(self, order: SubmitOrder, refs: Mapping[Path, Ref]) -> Body:
        return await asyncio.to_thread(body_of, order, can=self._capabilities, refs=refs)

    async def _ref(self, file: Path, order: SubmitOrder) -> Ref:
        """Return the reference to a file, and upload the file first if needed."""
        media_type = _TYPES.get(file.suffix.lower(), PNG)
        if self._pictures == "url" and file in order.urls:
            is_video = media_type.startswith("video/")
            named = {"url": order.urls[file]}
            return named | {"media_type": media_type} if is_video else named
        if self._pictures == "upload":
            return {"file_id": await self._upload(file, media_type)}
        return {"data": await asyncio.to_thread(base64_of, file), "media_type": media_type}

    async def _upload(self, file: Path, media_type: str) -> str:
        content = await asyncio.to_thread(bytes_of, file)
        form = (("mime_type", media_type), ("size_bytes", str(len(content))), ("purpose", "input"))
        part = BodyPart(name=file.name, content=content, media_type=media_type)
        try:
            reply = await self._connection.submit("POST", "/files", form=form, files={"file": part})
            found = _id(reply) if mapping(reply.json()).get("state") == "ready" else None
            return self._connection.require_job_id(reply, found)
        except AmbiguousSubmit as error:
            # The file may have arrived or not, but no job was submitted.
            raise UpstreamUnreachable(f"a file could not be uploaded: {error}") from None


class _Any(dict[Path, Ref]):
    """Has a reference for every file, to check an order before its files are uploaded."""

    def __missing__(self, file: Path) -> Ref:
        return {}


def _id(reply: UpstreamReply) -> str | None:
    return job_id(mapping(reply.json()).get("id"))


def job_status_of(reply: UpstreamReply, redact: Redact) -> JobStatus | None:
    """
    Return the status of the job in a reply; None when it contains no job.

    An unknown state, or a completed job without output, counts as working.
    """
    job = mapping(reply.json())
    state = job.get("state")
    if not 200 <= reply.status < 300 or not isinstance(state, str) or not text(job.get("id")):
        return None
    phase = _STATES.get(state.strip().lower(), Phase.WORKING)
    if phase is Phase.FAILED:
        return _failed(job, redact)
    if phase is not Phase.COMPLETED:
        return JobStatus(phase=phase)
    files = dict(_files(job))
    if not files:
        return JobStatus(phase=Phase.WORKING)
    return JobStatus(phase=phase, progress=1.0, files=files)


def _files(job: Mapping[str, object]) -> list[tuple[ArtifactKind, str]]:
    outputs = [mapping(one) for one in items(job.get("output"))]
    return [
        (kind, url)
        for output in reversed(outputs)  # the first of each kind wins
        if (kind := _OUTPUTS.get(text(output.get("type")))) and (url := text(output.get("url")))
    ]


def _failed(job: Mapping[str, object], redact: Redact) -> JobStatus:
    code, reason = text(job.get("failure_code")), text(job.get("failure_reason"))
    why = redact(reason or code)
    if code in {"", "generation_failed"} and "cancelled" in reason.lower():
        return stopped(why)  # another server like ours has no code for it
    return failed(FAILURES.get(code, TemporaryEngineError), why)
