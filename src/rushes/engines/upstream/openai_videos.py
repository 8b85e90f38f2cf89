"""Use an upstream that speaks OpenAI's videos API: OpenAI, or a compatible server."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from typing_extensions import override

from rushes.core.capabilities import Capabilities
from rushes.core.generation import ArtifactKind
from rushes.core.spec import GenerationSpec, Kind
from rushes.engines.base import Job
from rushes.engines.upstream.base import JobStatus, Phase, SubmitOrder, SubmitQuery
from rushes.engines.upstream.connected import ConnectedUpstream
from rushes.engines.upstream.connection import UpstreamConnection, segment
from rushes.engines.upstream.job_failures import failed_by_reply, stopped
from rushes.engines.upstream.openai_bodies import Flavour, request_of
from rushes.engines.upstream.picture_inputs import Pictures, frame_px
from rushes.engines.upstream.replies import UpstreamReply, items, job_id, mapping, number, text

CAPABILITIES: Final = Capabilities(
    resolutions=("720p",),
    durations_s=(4.0, 8.0, 12.0),
    ratios=("16:9", "9:16"),
    loop=False,
    last_image=False,
    seed=False,
    negative_prompt=False,
    by_id=(Kind.VIDEO,),
)
"""The capabilities of OpenAI's own server. Source: the package openai 3.52.0."""

_LOCAL: Final = replace(
    CAPABILITIES,
    durations_s=(4.0, 5.0),
    ratios=("16:9", "9:16", "1:1"),
    extend=False,
    seed=True,
    negative_prompt=True,
    by_id=(),
)
"""For a server with one common model; the operator adds what a model can do beyond that."""

OF_FLAVOUR: Final[Mapping[Flavour, Capabilities]] = {
    "openai": CAPABILITIES,
    "sglang": _LOCAL,
    "vllm-omni": _LOCAL,
    "fastvideo": _LOCAL,
    "trtllm": _LOCAL,
    "rushes": replace(
        CAPABILITIES,
        resolutions=("360p", "540p", "720p", "1080p"),
        durations_s=(4.0, 5.0, 8.0, 9.0, 10.0, 12.0),
        ratios=("1:1", "4:3", "3:4", "16:9", "9:16", "21:9", "9:21"),
        sizes=True,
        loop=True,
        last_image=True,
        seed=True,
        negative_prompt=True,
    ),
}

_PHASES: Final = {
    "queued": Phase.WAITING,
    "pending": Phase.WAITING,
    "submitted": Phase.WAITING,
    "completed": Phase.COMPLETED,
    "succeeded": Phase.COMPLETED,
    "success": Phase.COMPLETED,
    "failed": Phase.FAILED,
    "failure": Phase.FAILED,
    "error": Phase.FAILED,
}
_STOPPED: Final = frozenset({"cancelled", "canceled", "deleted"})

_DELETE_ONLY_FORGETS: Final = frozenset({"sglang", "fastvideo"})
"""Servers whose DELETE forgets a job but does not stop it; the job is kept, so it can be found."""

_WITH_THUMBNAILS: Final = frozenset({"openai", "rushes"})
_PAGES: Final = 5
_PAGE: Final = 100
_CLOCKS_APART: Final = timedelta(seconds=60)
"""The tolerated delay of the upstream's clock when jobs are compared by time."""


class OpenAIVideosUpstream(ConnectedUpstream):
    """
    Speaks ``POST {base}/videos`` and related paths; the base URL ends with ``/v1``.

    Args:
        capabilities: What the model can do; by default what every server of this flavour can.
            The operator of a MiniMax-H3, for instance, adds the last picture.

        flavour: The kind of server.

        fps: The model's frames per second, sent with each submit; None when the server knows it.

        pictures: How the first picture is passed. A first and a last picture together cannot be
            uploaded: they are sent as text where this is ``upload``.
    """

    kind = "openai-videos"

    def __init__(
        self,
        connection: UpstreamConnection,
        *,
        capabilities: Capabilities | None = None,
        flavour: Flavour = "openai",
        fps: int | None = None,
        pictures: Pictures = "upload",
    ) -> None:
        super().__init__(connection, capabilities or OF_FLAVOUR[flavour])
        self._flavour: Flavour = flavour
        self._fps = fps
        self._pictures: Pictures = pictures

    async def submit(self, order: SubmitOrder) -> str:
        request = await asyncio.to_thread(
            request_of,
            order,
            flavour=self._flavour,
            can=self._capabilities,
            fps=self._fps,
            pictures=self._pictures,
        )
        reply = await self._connection.submit(
            "POST",
            request.path,
            json=request.json,
            form=request.form,
            files=request.files,
            headers={"Idempotency-Key": order.key},
        )
        return self._connection.require_job_id(reply, _accepted_id(reply))

    @override
    async def poll(self, job_id: str) -> JobStatus:
        reply = await self._connection.request("GET", f"/videos/{segment(job_id)}")
        return self._connection.require_status(reply, self._job_status(reply, job_id))

    async def find(self, query: SubmitQuery) -> Sequence[str] | None:
        found: list[Mapping[str, object]] = []
        after = ""
        for _ in range(_PAGES):
            params = [("limit", str(_PAGE)), ("order", "desc")]
            reply = await self._connection.request(
                "GET", "/videos", params=[*params, *([("after", after)] if after else [])]
            )
            if reply.status in {404, 405, 501}:
                return None
            page = self._connection.require_status(reply, _page(reply))
            found += page
            body = mapping(reply.json())
            after = text(page[-1].get("id")) if page else ""
            if body.get("has_more") is not True or not after or _is_before(page[-1], query):
                break
        return await asyncio.to_thread(_matching, found, query, self._capabilities)

    async def cancel(self, job_id: str) -> bool:
        if self._flavour in _DELETE_ONLY_FORGETS:
            return False
        reply = await self._connection.request("DELETE", f"/videos/{segment(job_id)}")
        body = mapping(reply.json())
        if reply.status == 204 or (200 <= reply.status < 300 and body):
            return body.get("deleted") is not False
        if reply.status == 409:
            return (
                self._flavour == "vllm-omni"
            )  # there 409 means that the job is already being stopped
        if reply.status in {404, 405, 410, 501}:
            return False
        return self._connection.require_status(reply, None)

    async def test(self) -> str:
        reply = await self._connection.request("GET", "/videos", params=[("limit", "1")])
        if reply.status in {404, 405, 501}:
            models = self._connection.require_success(
                await self._connection.request("GET", "/models")
            )
            served = items(mapping(models.json()).get("data"))
            names = [text(mapping(one).get("id")) for one in served]
            return self._connection.redact(
                f"the upstream serves {', '.join(filter(None, names)) or 'no model'}"
            )
        self._connection.require_success(reply)
        return "the list of videos can be read"

    def _job_status(self, reply: UpstreamReply, job_id: str) -> JobStatus | None:
        """
        Return the status of the job in a reply; None when the reply is not about the job.

        vLLM-Omni reports a failed job with the HTTP status of its error. So a reply with a status
        of failure counts only when it contains the job's id.
        """
        job = mapping(reply.json())
        word = text(job.get("status")) if isinstance(job.get("status"), str) else ""
        names = {text(job.get("id")), text(job.get("task_id"))} - {""}
        if not word or not names or not (200 <= reply.status < 300 or job_id in names):
            return None
        if word.lower() in _STOPPED:
            return stopped(f"the job was {word.lower()} there")
        phase = _PHASES.get(word.lower(), Phase.WORKING)
        match phase:
            case Phase.FAILED:
                return failed_by_reply(reply, self._connection.redact)
            case Phase.COMPLETED:
                return self._completed(job, job_id)
            case _:
                return JobStatus(phase=phase, progress=self._progress(job))

    def _progress(self, job: Mapping[str, object]) -> float | None:
        percent = number(job.get("progress"))
        if percent is None or self._flavour == "fastvideo":  # fastvideo reports 100 from the start
            return None
        return min(max(percent / 100, 0.0), 1.0)

    def _completed(self, job: Mapping[str, object], job_id: str) -> JobStatus:
        """
        Return the status of a completed job, with the addresses of its files.

        The ``content`` path comes first and the address in the reply second, since some servers
        give an address but reply 404 at the path. SGLang's path replies 400 after an upload.
        """
        content = f"{self._connection.base_url}/videos/{segment(job_id)}/content"
        addresses = [content, *_addresses(job)]
        if self._flavour == "sglang":
            addresses.reverse()
        video, *others = addresses
        files = {ArtifactKind.VIDEO: video}
        if self._flavour in _WITH_THUMBNAILS:
            files[ArtifactKind.THUMBNAIL] = f"{content}?variant=thumbnail"
        elsewhere = {ArtifactKind.VIDEO: others[0]} if others else {}
        return JobStatus(phase=Phase.COMPLETED, progress=1.0, files=files, elsewhere=elsewhere)


def _addresses(job: Mapping[str, object]) -> Sequence[str]:
    """Return the first address of the video in a reply, or nothing."""
    values = (job.get("url"), job.get("video_url"), mapping(job.get("metadata")).get("url"))
    found = [text(one) for one in values if text(one).startswith(("http://", "https://", "/"))]
    return found[:1]


def _accepted_id(reply: UpstreamReply) -> str | None:
    """Return the id of the job in the reply to a submit, not that of an error."""
    body = mapping(reply.json())
    if body.get("error") and not text(body.get("status")):
        return None
    return job_id(body.get("id")) or job_id(body.get("task_id"))


def _page(reply: UpstreamReply) -> list[Mapping[str, object]] | None:
    """Return the jobs of one page of the list; None when the reply is no list."""
    body = reply.json()
    if not (200 <= reply.status < 300) or not isinstance(mapping(body).get("data"), list):
        return None
    return [mapping(one) for one in items(mapping(body).get("data"))]


def _is_before(job: Mapping[str, object], query: SubmitQuery) -> bool:
    return (made := _moment(job)) is not None and made < query.since - _CLOCKS_APART


def _moment(job: Mapping[str, object]) -> datetime | None:
    seconds = number(job.get("created_at"))
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _matching(
    jobs: Sequence[Mapping[str, object]], query: SubmitQuery, can: Capabilities
) -> Sequence[str] | None:
    """
    Return the ids of the jobs that match; None when the list has no prompts.

    Without its prompt a job may belong to another account. To deliver it to the wrong caller would
    be worse than not to find it.
    """
    if jobs and not any(isinstance(job.get("prompt"), str) for job in jobs):
        return None
    is_wanted = _judge(query, can)
    found = [
        (abs(made - query.since), name)
        for job in jobs
        if (name := job_id(job.get("id"))) and (made := _moment(job)) and is_wanted(job)
    ]
    return [name for _, name in sorted(found)]


def _judge(query: SubmitQuery, can: Capabilities) -> Callable[[Mapping[str, object]], bool]:
    size, seconds = _shape(query.spec, can)

    def is_wanted(job: Mapping[str, object]) -> bool:
        listed_size, listed_seconds = text(job.get("size")), number(job.get("seconds"))
        return (
            text(job.get("prompt")) == query.prompt.strip()
            and not _is_before(job, query)
            and (not size or listed_size in {"", size})
            and (seconds is None or listed_seconds in {None, seconds})
        )

    return is_wanted


def _shape(spec: GenerationSpec, can: Capabilities) -> tuple[str, float | None]:
    """
    Return size and seconds as the submit told them; "" or None for what input files decide.

    The length of an extension is unknown, because the upstream may join it to the earlier video.
    """
    if spec.extends is not None or spec.leads_to is not None or spec.source is not None:
        return "", None
    if spec.keyframes:
        return "", spec.duration_s
    width_px, height_px = frame_px(Job(spec=spec, prompt=spec.prompt), can)
    return f"{width_px}x{height_px}", spec.duration_s
