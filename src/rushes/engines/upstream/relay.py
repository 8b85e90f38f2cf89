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
    layers_of,
    names,
    plain,
    prompt_of,
    sighting_of,
)
from rushes.engines.upstream.replies import (
    Answer,
    Meaning,
    is_array,
    items,
    mapping,
    meaning_of,
    told,
    trouble,
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

        looks_at_once: How many jobs ``POST /luma/tasks`` may be asked about; 1: it has none such.
    """

    kind = "relay"

    def __init__(
        self,
        line: UpstreamConnection,
        *,
        capabilities: Capabilities = CAPABILITIES,
        pictures: Literal["url", "data"] = "data",
        looks_at_once: int = 1,
    ) -> None:
        super().__init__(line, capabilities)
        self._pictures: Literal["url", "data"] = pictures
        self._looks_at_once = looks_at_once

    @property
    @override
    def looks_at_once(self) -> int:
        return self._looks_at_once

    async def submit(self, order: SubmitOrder) -> str:
        path, body = await asyncio.to_thread(_request, order, self._pictures)
        answer = await self._line.submit(
            "POST", path, json=body, headers={"Idempotency-Key": order.key}
        )
        return self._line.accepted(answer, accepted_id(answer.json()))

    @override
    async def look(self, job_id: str) -> JobStatus:
        answer = await self._line.ask("GET", f"{CREATE}/{segment(job_id)}")
        said = sighting_of(answer.json(), self._line.words, asked=job_id, status=answer.status)
        return await self._whole(job_id, self._line.seen(answer, said))

    @override
    async def look_many(self, job_ids: Sequence[str]) -> Mapping[str, JobStatus]:
        if self._looks_at_once == 1:
            return {job_id: await self.look(job_id) for job_id in job_ids}
        answer = await self._line.ask("POST", BATCH, json={"ids": list(job_ids)})
        rows = _rows(answer.json())
        if rows is None or not _is_fine(answer):
            raise self._no_list(answer)
        found: dict[str, JobStatus] = {}
        asked = {plain(job_id): job_id for job_id in job_ids}
        for row in rows:
            ours = next((asked[one] for name in names(row) if (one := plain(name)) in asked), None)
            said = sighting_of(row, self._line.words, asked=ours) if ours else None
            if ours is not None and said is not None:
                found[ours] = said
        return {job_id: await self._whole(job_id, said) for job_id, said in found.items()}

    async def find(self, sought: SubmitQuery) -> Sequence[str] | None:
        answer = await self._line.ask("GET", f"{CREATE}/", params=[("limit", str(_LISTED))])
        rows = _rows(answer.json())
        if answer.status in {429, *range(500, 600)}:
            raise self._no_list(answer)
        if rows is None or not _is_fine(answer):
            return None  # it has no such list, or answers with its web page
        return _matches(rows, sought)

    async def cancel(self, job_id: str) -> bool:
        return False

    async def test(self) -> str:
        answer = await self._line.ask("GET", f"{CREATE}/{NOBODY}")
        refuses_us = answer.status == 400 and meaning_of(answer) is Meaning.CHANNEL
        if answer.status in {400, 404} and mapping(answer.json()) and not refuses_us:
            return "the address answers, and the key is taken"
        self._line.tested(answer)
        return "the address answers"

    async def _whole(self, job_id: str, said: JobStatus) -> JobStatus:
        """Ask for the video's address where a completed job came without."""
        if said.phase is not Phase.COMPLETED or ArtifactKind.VIDEO in said.files:
            return said
        path = f"{CREATE}/{segment(job_id)}/download_video_url"
        answer = await self._line.ask("GET", path)
        address = address_in(answer.json()) if _is_fine(answer) else None
        if address is None:
            raise UpstreamUnreachable(
                f"the job is done, but nothing says where ({self._line.words(told(answer))})"
            )
        return replace(said, files={**said.files, ArtifactKind.VIDEO: address})

    def _no_list(self, answer: Answer) -> TemporaryEngineError:
        """Return what an answer means that is no list; never that a job is lost."""
        words = self._line.words(told(answer))
        error = trouble(answer, words)
        if isinstance(error, UpstreamLost):
            return UpstreamUnreachable(f"the upstream gives no list of its jobs ({words})")
        return error


def _is_fine(answer: Answer) -> bool:
    return 200 <= answer.status < 300


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


def _matches(rows: Sequence[object], sought: SubmitQuery) -> Sequence[str]:
    """Return the ids of the jobs that may be the one that is sought, best first."""
    earliest = sought.since - CLOCKS_APART
    found: list[tuple[bool, float, str]] = []
    for row in rows:
        job_id = accepted_id(row)
        if job_id is None or not layers_of(row):
            continue
        hooks, made = hooks_of(row), created_at(row)
        is_called_back = sought.callback_url is not None and sought.callback_url in hooks
        if hooks and not is_called_back:
            continue  # it is somebody else's
        is_alike = bool(sought.prompt) and prompt_of(row) == sought.prompt.strip()
        if is_called_back or (is_alike and made is not None and made >= earliest):
            late_s = (made - sought.since).total_seconds() if made else 0.0
            found.append((not is_called_back, late_s, job_id))
    return [job_id for *_, job_id in sorted(found)]
