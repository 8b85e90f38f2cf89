"""Use an upstream that resells Luma under ``/luma/generations``."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final, Literal

from typing_extensions import override

from rushes.core.capabilities import Capabilities
from rushes.core.capability_check import format_seconds
from rushes.core.errors import (
    PermanentEngineError,
    TemporaryEngineError,
    UpstreamLost,
    UpstreamUnreachable,
)
from rushes.core.generation import ArtifactKind
from rushes.core.spec import Kind, Position
from rushes.engines.upstream.base import JobStatus, Phase, SubmitOrder, SubmitQuery
from rushes.engines.upstream.connected import ConnectedUpstream
from rushes.engines.upstream.connection import UpstreamConnection, segment
from rushes.engines.upstream.picture_inputs import address_of
from rushes.engines.upstream.relay_replies import (
    accepted_id,
    address_in,
    created_at,
    hooks_of,
    job_status_of,
    layers_of,
    names,
    plain,
    prompt_of,
)
from rushes.engines.upstream.replies import (
    Meaning,
    UpstreamReply,
    describe,
    is_array,
    items,
    mapping,
    meaning_of,
    poll_error,
)

CAPABILITIES: Final = Capabilities(
    resolutions=("720p", "1080p"),
    durations_s=(5.0,),
    ratios=("1:1", "4:3", "3:4", "16:9", "9:16"),
    seed=False,
    negative_prompt=False,
    expands=True,
    by_id=(Kind.VIDEO,),
)
"""The union of the capabilities of the five documented relays."""

CREATE: Final = "/luma/generations"
BATCH: Final = "/luma/tasks"
UNKNOWN_ID: Final = "00000000-0000-4000-8000-000000000000"
"""An id that no job has: a request for it is free, and proves that the key is accepted."""

CLOCKS_APART: Final = timedelta(seconds=5)
"""The tolerated delay of a relay's clock when jobs are compared by time."""

_LISTED: Final = 100


class RelayUpstream(ConnectedUpstream):
    """
    Speaks the relay dialect; the base URL ends before ``/luma``.

    Args:
        pictures: ``url``: as our URL where there is one, else as a data URI. ``data``: always as a
            data URI, which every relay takes.

        poll_batch_size: How many jobs one ``POST /luma/tasks`` may ask about; 1 without that path.
    """

    kind = "relay"

    def __init__(
        self,
        connection: UpstreamConnection,
        *,
        capabilities: Capabilities = CAPABILITIES,
        pictures: Literal["url", "data"] = "data",
        poll_batch_size: int = 1,
    ) -> None:
        super().__init__(connection, capabilities)
        self._pictures: Literal["url", "data"] = pictures
        self._poll_batch_size = poll_batch_size

    @property
    @override
    def poll_batch_size(self) -> int:
        return self._poll_batch_size

    async def submit(self, order: SubmitOrder) -> str:
        path, body = await asyncio.to_thread(_request, order, self._pictures)
        reply = await self._connection.submit(
            "POST", path, json=body, headers={"Idempotency-Key": order.key}
        )
        return self._connection.require_job_id(reply, accepted_id(reply.json()))

    @override
    async def poll(self, job_id: str) -> JobStatus:
        reply = await self._connection.request("GET", f"{CREATE}/{segment(job_id)}")
        status = job_status_of(
            reply.json(), self._connection.redact, job_id=job_id, status=reply.status
        )
        return await self._with_address(job_id, self._connection.require_status(reply, status))

    @override
    async def poll_many(self, job_ids: Sequence[str]) -> Mapping[str, JobStatus]:
        if self._poll_batch_size == 1:
            return {job_id: await self.poll(job_id) for job_id in job_ids}
        reply = await self._connection.request("POST", BATCH, json={"ids": list(job_ids)})
        rows = _rows(reply.json())
        if rows is None or not _is_fine(reply):
            raise self._no_list(reply)
        found: dict[str, JobStatus] = {}
        by_plain_id = {plain(job_id): job_id for job_id in job_ids}
        for row in rows:
            ours = next(
                (by_plain_id[one] for name in names(row) if (one := plain(name)) in by_plain_id),
                None,
            )
            status = job_status_of(row, self._connection.redact, job_id=ours) if ours else None
            if ours is not None and status is not None:
                found[ours] = status
        return {
            job_id: await self._with_address(job_id, status) for job_id, status in found.items()
        }

    async def find(self, query: SubmitQuery) -> Sequence[str] | None:
        reply = await self._connection.request(
            "GET", f"{CREATE}/", params=[("limit", str(_LISTED))]
        )
        body = reply.json()
        if reply.status in {429, *range(500, 600)}:
            raise self._no_list(reply)
        if body is None or not _is_fine(reply):
            return None  # it has no such list, or replies with a web page
        rows = _rows(body)
        if rows is None:
            raise self._no_list(reply)
        return _matches(rows, query)

    async def cancel(self, job_id: str) -> bool:
        return False

    async def test(self) -> str:
        reply = await self._connection.request("GET", f"{CREATE}/{UNKNOWN_ID}")
        refuses_us = reply.status == 400 and meaning_of(reply) is Meaning.CHANNEL
        if reply.status in {400, 404} and mapping(reply.json()) and not refuses_us:
            return "the address replies, and the key is accepted"
        self._connection.require_success(reply)
        return "the address replies"

    async def _with_address(self, job_id: str, status: JobStatus) -> JobStatus:
        """Request the video's address when a completed job has none."""
        if status.phase is not Phase.COMPLETED or ArtifactKind.VIDEO in status.files:
            return status
        path = f"{CREATE}/{segment(job_id)}/download_video_url"
        reply = await self._connection.request("GET", path)
        address = address_in(reply.json()) if _is_fine(reply) else None
        if address is None:
            words = self._connection.redact(describe(reply))
            raise UpstreamUnreachable(
                f"the job is done, but the upstream gives no address of its video ({words})"
            )
        return replace(status, files={**status.files, ArtifactKind.VIDEO: address})

    def _no_list(self, reply: UpstreamReply) -> TemporaryEngineError:
        """Return the error for a reply that is no list; it never says that a job is lost."""
        words = self._connection.redact(describe(reply))
        error = poll_error(reply, words)
        if isinstance(error, UpstreamLost):
            return UpstreamUnreachable(f"the upstream gives no list of its jobs ({words})")
        return error


def _is_fine(reply: UpstreamReply) -> bool:
    return 200 <= reply.status < 300


def _request(
    order: SubmitOrder, pictures: Literal["url", "data"]
) -> tuple[str, Mapping[str, object]]:
    """Return the path and the body of a submit; reads files."""
    job, spec = order.job, order.job.spec
    _refuse_unsupported(order)
    body: dict[str, object] = {"user_prompt": job.prompt, "expand_prompt": spec.expand_prompt}
    if order.model:
        body["model_name"] = order.model
    if spec.loop:
        body["loop"] = True
    if job.first_image is not None and not spec.extends:
        body["image_url"] = address_of(job.first_image, order, pictures=pictures)
    if job.last_image is not None:
        body["image_end_url"] = address_of(job.last_image, order, pictures=pictures)
    if spec.aspect_ratio:
        body["aspect_ratio"] = spec.aspect_ratio
    if spec.resolution:
        body["resolution"] = spec.resolution
    body["duration"] = format_seconds(spec.duration_s)
    if spec.seed is not None:
        body["seed"] = spec.seed
    if order.callback_url:
        body["notify_hook"] = order.callback_url
    return _path(order), body


def _path(order: SubmitOrder) -> str:
    ours = order.job.spec.extends
    if ours is None:
        return CREATE
    if ours not in order.ids:
        raise PermanentEngineError("the upstream did not make the video that is to be extended")
    return f"{CREATE}/{segment(order.ids[ours])}/extend"


def _refuse_unsupported(order: SubmitOrder) -> None:
    """
    Refuse an order that this API cannot express, instead of dropping a part of it.

    Raises:
        PermanentEngineError: The API cannot express a part of the order.
    """
    spec = order.job.spec
    last = spec.keyframe(Position.LAST)
    unsupported = {
        f"the kind {spec.kind}": spec.kind is not Kind.VIDEO,
        "a video from elsewhere to continue": spec.source is not None,
        "a video to lead up to": last is not None and last.generation_id is not None,
        "a negative prompt": spec.negative_prompt,
        "concepts": spec.concepts,
        "an exact size": spec.size_px is not None,
    }
    for what, is_used in unsupported.items():
        if is_used:
            raise PermanentEngineError(f"{what} cannot be asked of a relay")


def _rows(body: object) -> Sequence[object] | None:
    """Return the jobs of a list, bare or wrapped; None when *body* is no list."""
    wrapped = mapping(body)
    places = (body, *(wrapped.get(name) for name in ("data", "items", "generations")))
    return next((items(place) for place in places if is_array(place)), None)


def _matches(rows: Sequence[object], query: SubmitQuery) -> Sequence[str]:
    """Return the ids of the jobs that match the query, best first."""
    earliest = query.since - CLOCKS_APART
    found: list[tuple[bool, float, str]] = []
    for row in rows:
        job_id = accepted_id(row)
        if job_id is None or not layers_of(row):
            continue
        hooks, made = hooks_of(row), created_at(row)
        is_called_back = query.callback_url is not None and query.callback_url in hooks
        if hooks and not is_called_back:
            continue  # it calls back another client
        is_alike = bool(query.prompt) and prompt_of(row) == query.prompt.strip()
        if is_called_back or (is_alike and made is not None and made >= earliest):
            late_s = (made - query.since).total_seconds() if made else 0.0
            found.append((not is_called_back, late_s, job_id))
    return [job_id for *_, job_id in sorted(found)]
