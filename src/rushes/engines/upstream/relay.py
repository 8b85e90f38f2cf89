"""Speaks ``/luma/generations`` with whoever resells Luma under it."""

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
"""What all five seeds taken together document."""

CREATE: Final = "/luma/generations"
BATCH: Final = "/luma/tasks"
NOBODY: Final = "00000000-0000-4000-8000-000000000000"
"""An id that no job has: asking for it costs nothing, and proves that the key is taken."""

CLOCKS_APART: Final = timedelta(seconds=5)
"""How far a relay's clock may be behind ours where jobs are told apart by time."""

_LISTED: Final = 100


class RelayUpstream(ConnectedUpstream):
    """
    Speaks the relay dialect; the base URL is what comes before ``/luma``.

    Args:
        pictures: ``url``: as an address of ours where there is one; else, and with ``data``, as
            a data URI, which every relay takes as well.

        poll_batch_size: How many jobs ``POST /luma/tasks`` may be asked about; 1: it has none such.
    """

    kind = "relay"

    def __init__(
        self,
        line: UpstreamConnection,
        *,
        capabilities: Capabilities = CAPABILITIES,
        pictures: Literal["url", "data"] = "data",
        poll_batch_size: int = 1,
    ) -> None:
        super().__init__(line, capabilities)
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
        said = job_status_of(
            reply.json(), self._connection.redact, asked=job_id, status=reply.status
        )
        return await self._whole(job_id, self._connection.require_status(reply, said))

    @override
    async def poll_many(self, job_ids: Sequence[str]) -> Mapping[str, JobStatus]:
        if self._poll_batch_size == 1:
            return {job_id: await self.poll(job_id) for job_id in job_ids}
        reply = await self._connection.request("POST", BATCH, json={"ids": list(job_ids)})
        rows = _rows(reply.json())
        if rows is None or not _is_fine(reply):
            raise self._no_list(reply)
        found: dict[str, JobStatus] = {}
        asked = {plain(job_id): job_id for job_id in job_ids}
        for row in rows:
            ours = next((asked[one] for name in names(row) if (one := plain(name)) in asked), None)
            said = job_status_of(row, self._connection.redact, asked=ours) if ours else None
            if ours is not None and said is not None:
                found[ours] = said
        return {job_id: await self._whole(job_id, said) for job_id, said in found.items()}

    async def find(self, query: SubmitQuery) -> Sequence[str] | None:
        reply = await self._connection.request(
            "GET", f"{CREATE}/", params=[("limit", str(_LISTED))]
        )
        rows = _rows(reply.json())
        if reply.status in {429, *range(500, 600)}:
            raise self._no_list(reply)
        if rows is None or not _is_fine(reply):
            return None  # it has no such list, or answers with its web page
        return _matches(rows, query)

    async def cancel(self, job_id: str) -> bool:
        return False

    async def test(self) -> str:
        reply = await self._connection.request("GET", f"{CREATE}/{NOBODY}")
        refuses_us = reply.status == 400 and meaning_of(reply) is Meaning.CHANNEL
        if reply.status in {400, 404} and mapping(reply.json()) and not refuses_us:
            return "the address answers, and the key is taken"
        self._connection.require_success(reply)
        return "the address answers"

    async def _whole(self, job_id: str, said: JobStatus) -> JobStatus:
        """Ask for the video's address where a completed job came without."""
        if said.phase is not Phase.COMPLETED or ArtifactKind.VIDEO in said.files:
            return said
        path = f"{CREATE}/{segment(job_id)}/download_video_url"
        reply = await self._connection.request("GET", path)
        address = address_in(reply.json()) if _is_fine(reply) else None
        if address is None:
            words = self._connection.redact(describe(reply))
            raise UpstreamUnreachable(f"the job is done, but nothing says where ({words})")
        return replace(said, files={**said.files, ArtifactKind.VIDEO: address})

    def _no_list(self, reply: UpstreamReply) -> TemporaryEngineError:
        """Return what an answer means that is no list; never that a job is lost."""
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
    _refuse_unsayable(order)
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


def _refuse_unsayable(order: SubmitOrder) -> None:
    """
    Refuse what this API has no words for, so that nothing is left out that was asked for.

    Raises:
        PermanentEngineError: There is such.
    """
    spec = order.job.spec
    last = spec.keyframe(Position.LAST)
    unsayable = {
        f"the kind {spec.kind}": spec.kind is not Kind.VIDEO,
        "a video from elsewhere to go on from": spec.source is not None,
        "a video to lead up to": last is not None and last.generation_id is not None,
        "a negative prompt": spec.negative_prompt,
        "concepts": spec.concepts,
        "an exact size": spec.size_px is not None,
    }
    for what, is_asked in unsayable.items():
        if is_asked:
            raise PermanentEngineError(f"{what} cannot be asked of a relay")


def _rows(body: object) -> Sequence[object] | None:
    """Return the jobs of a list, bare or wrapped; None when it is none."""
    wrapped = mapping(body)
    places = (body, *(wrapped.get(name) for name in ("data", "items", "generations")))
    return next((items(place) for place in places if is_array(place)), None)


def _matches(rows: Sequence[object], query: SubmitQuery) -> Sequence[str]:
    """Return the ids of the jobs that may be the one that is sought, best first."""
    earliest = query.since - CLOCKS_APART
    found: list[tuple[bool, float, str]] = []
    for row in rows:
        job_id = accepted_id(row)
        if job_id is None or not layers_of(row):
            continue
        hooks, made = hooks_of(row), created_at(row)
        is_called_back = query.callback_url is not None and query.callback_url in hooks
        if hooks and not is_called_back:
            continue  # it is somebody else's
        is_alike = bool(query.prompt) and prompt_of(row) == query.prompt.strip()
        if is_called_back or (is_alike and made is not None and made >= earliest):
            late_s = (made - query.since).total_seconds() if made else 0.0
            found.append((not is_called_back, late_s, job_id))
    return [job_id for *_, job_id in sorted(found)]
