"""Use an upstream that speaks Luma's Dream Machine API: Luma itself, or a compatible server."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from typing_extensions import override

from rushes.core.capabilities import Capabilities
from rushes.core.errors import UpstreamUnreachable
from rushes.core.generation import ArtifactKind
from rushes.core.geometry import RATIOS
from rushes.core.spec import Kind, Medium, Role
from rushes.engines.upstream.base import JobStatus, Phase, SubmitOrder, SubmitQuery
from rushes.engines.upstream.connected import ConnectedUpstream
from rushes.engines.upstream.connection import UpstreamConnection, segment
from rushes.engines.upstream.dream_machine_bodies import ALL, Pictures, request_of
from rushes.engines.upstream.job_failures import classify, failed
from rushes.engines.upstream.relay_replies import moment, same
from rushes.engines.upstream.replies import (
    UpstreamReply,
    describe,
    items,
    job_id,
    mapping,
    number,
    poll_error,
    text,
)

CAPABILITIES: Final = Capabilities(
    kinds=tuple(Kind),
    resolutions=("540p", "720p", "1080p"),
    durations_s=(5.0, 9.0),
    ratios=tuple(RATIOS),
    extend_backwards=True,
    interpolate=True,
    concepts=(
        "static", "handheld", "pov", "push_in", "pull_out", "zoom_in", "zoom_out", "dolly_zoom",
        "pan_left", "pan_right", "truck_left", "truck_right", "tilt_up", "tilt_down", "crane_up",
        "crane_down", "pedestal_up", "pedestal_down", "orbit_left", "orbit_right", "roll_left",
        "roll_right", "aerial", "aerial_drone", "bolt_cam", "low_angle", "high_angle", "eye_level",
        "ground_level", "overhead", "over_the_shoulder", "selfie", "tiny_planet", "elevator_doors",
    ),
    seed=False,
    negative_prompt=False,
    still_ratios=tuple(RATIOS),
    still_formats=("jpg", "png"),
    references=tuple(Role),
    upscales=("540p", "720p", "1080p", "4k"),
    reframes=tuple(Medium),
    modes=tuple(f"{sort}_{n}" for sort in ("adhere", "flex", "reimagine") for n in (1, 2, 3)),
    by_id=(Kind.VIDEO, Kind.UPSCALE, Kind.AUDIO),
    source_s=10.0,
)  # fmt: skip
"""
The capabilities of ray-2 and photon-1. Sources: lumaai 1.21.0, docs.lumalabs.ai.

The API takes a negative prompt for sound only. An operator who wants that adds the capability;
other submits with a negative prompt are then refused, not silently changed.
"""

_PHASES: Final[Mapping[str, Phase]] = {
    "queued": Phase.WAITING,
    "pending": Phase.WAITING,
    "completed": Phase.COMPLETED,
    "failed": Phase.FAILED,
}
_CLOCKS_APART: Final = timedelta(seconds=5)
_PAGE: Final = 100
_PAGES: Final = 10
"""The number of pages of the list that a search reads, newest first."""


class DreamMachineUpstream(ConnectedUpstream):
    """
    Speaks ``/generations`` and related paths; the base URL ends with ``/dream-machine/v1``.

    Args:
        pictures: ``url``: as our URLs, the only form that Luma documents. ``data``: as data URIs,
            which other servers of this API accept, too.
    """

    kind = "dream-machine"

    def __init__(
        self,
        connection: UpstreamConnection,
        *,
        capabilities: Capabilities = CAPABILITIES,
        pictures: Pictures = "url",
    ) -> None:
        super().__init__(connection, capabilities)
        self._pictures: Pictures = pictures

    async def submit(self, order: SubmitOrder) -> str:
        request = await asyncio.to_thread(request_of, order, pictures=self._pictures)
        reply = await self._connection.submit(
            "POST", request.path, json=request.body, headers={"Idempotency-Key": order.key}
        )
        return self._connection.require_job_id(reply, job_id(mapping(reply.json()).get("id")))

    @override
    async def poll(self, job_id: str) -> JobStatus:
        reply = await self._connection.request("GET", f"{ALL}/{segment(job_id)}")
        return self._connection.require_status(reply, self._job_status(reply, job_id))

    async def find(self, query: SubmitQuery) -> Sequence[str] | None:
        found: list[tuple[bool, float, str]] = []
        for page in range(_PAGES):
            params = [("limit", str(_PAGE)), ("offset", str(page * _PAGE))]
            reply = await self._connection.request("GET", ALL, params=params)
            if reply.status in {404, 405}:
                return None
            listed = mapping(reply.json())
            rows = [mapping(row) for row in items(listed.get("generations"))]
            if not 200 <= reply.status < 300 or "generations" not in listed:
                raise self._no_list(reply)
            found += [match for row in rows if (match := _match(row, query))]
            if not rows or listed.get("has_more") is not True or _is_before(rows[-1], query):
                break
        return list(dict.fromkeys(job_id for *_, job_id in sorted(found)))

    async def cancel(self, job_id: str) -> bool:
        reply = await self._connection.request("DELETE", f"{ALL}/{segment(job_id)}")
        if reply.status == 429 or reply.status >= 500:
            raise poll_error(reply, self._connection.redact(describe(reply)))
        return reply.status == 204 or (reply.status < 300 and reply.json() is not None)

    async def test(self) -> str:
        reply = await self._connection.request("GET", "/credits")
        balance = number(mapping(reply.json()).get("credit_balance"))
        if 200 <= reply.status < 300 and balance is not None:
            return f"the key is accepted, and {balance:g} credits are left"
        if reply.status in {404, 405, 501}:
            reply = await self._connection.request("GET", "/ping")
        self._connection.require_success(reply)
        return "the address replies"

    def _no_list(self, reply: UpstreamReply) -> UpstreamUnreachable:
        words = self._connection.redact(describe(reply))
        return UpstreamUnreachable(f"the upstream gives no list of its jobs ({words})")

    def _job_status(self, reply: UpstreamReply, requested_id: str) -> JobStatus | None:
        fields = mapping(reply.json())
        word = fields.get("state")
        named = job_id(fields.get("id"))
        if not isinstance(word, str) or named is None or not word.strip():
            return None
        if not 200 <= reply.status < 300 and not same(named, requested_id):
            return None
        match _PHASES.get(word.strip().lower(), Phase.WORKING):
            case Phase.COMPLETED:
                files = _files(fields)
                return (
                    JobStatus(phase=Phase.COMPLETED, progress=1.0, files=files) if files else None
                )
            case Phase.FAILED:
                reason = text(fields.get("failure_reason"))
                return failed(classify("", reason), self._connection.redact(reason))
            case phase:
                return JobStatus(phase=phase)


def _files(fields: Mapping[str, object]) -> dict[ArtifactKind, str]:
    """Return the addresses of a completed job's files; the ``image`` of a video is a frame."""
    assets = mapping(fields.get("assets"))
    video, image = text(assets.get("video")), text(assets.get("image"))
    if video:
        files = {ArtifactKind.VIDEO: video}
        return files | ({ArtifactKind.THUMBNAIL: image} if image else {})
    is_video = text(fields.get("generation_type")) == "video"
    return {ArtifactKind.IMAGE: image} if image and not is_video else {}


def _match(row: Mapping[str, object], query: SubmitQuery) -> tuple[bool, float, str] | None:
    """Return how well a listed job matches, least first; None when it does not match."""
    named, made = job_id(row.get("id")), moment(row.get("created_at"))
    request = mapping(row.get("request"))
    if named is None:
        return None
    if query.callback_url is not None and "callback_url" in request:
        is_ours = text(request.get("callback_url")) == query.callback_url
        return (False, 0.0, named) if is_ours else None
    if text(request.get("callback_url")) or made is None or made < query.since - _CLOCKS_APART:
        return None
    model = text(request.get("model")) or text(row.get("model"))
    is_alike = text(request.get("prompt")) == query.prompt.strip()
    if not is_alike or (model and query.model and model != query.model):
        return None
    return True, (made - query.since).total_seconds(), named


def _is_before(row: Mapping[str, object], query: SubmitQuery) -> bool:
    made = moment(row.get("created_at"))
    return made is not None and made < query.since - _CLOCKS_APART
