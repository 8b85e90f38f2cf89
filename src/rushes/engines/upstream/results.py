"""Download and check the files of a finished job."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from rushes.core.errors import EngineError, ResultMissing
from rushes.core.generation import ArtifactKind
from rushes.core.rendered import Rendered
from rushes.core.spec import GenerationSpec, Medium
from rushes.engines.upstream.base import JobStatus, Upstream, UpstreamTerms
from rushes.intake.delivered_files import check_delivered

OPTIONAL: Final = frozenset(
    {ArtifactKind.THUMBNAIL, ArtifactKind.LAST_FRAME, ArtifactKind.VIDEO_RAW}
)
"""Files that are made from the video or still when they cannot be fetched."""

OPTIONAL_DEADLINE_S: Final = 60.0
"""Seconds for one optional file; a link that hangs must not hold up the video for minutes."""


async def download_results(
    upstream: Upstream,
    status: JobStatus,
    *,
    spec: GenerationSpec,
    terms: UpstreamTerms,
    folder: Path,
) -> tuple[Rendered, ...]:
    """
    Download the files of a completed job and check them; return them, the video or still first.

    Raises:
        ResultMissing: There is no video or still, or the reply does not say where it is.

        ResultUnusable: The file is not a usable video or still.

        TemporaryEngineError: The download, the check or the disk failed; another try may succeed.
    """
    fetched = await fetch_results(upstream, status, makes=spec.makes, terms=terms, folder=folder)
    return await check_delivered(spec, fetched, folder)


async def fetch_results(
    upstream: Upstream, job: JobStatus, *, makes: Medium, terms: UpstreamTerms, folder: Path
) -> Mapping[ArtifactKind, Path]:
    """
    Fetch the files of a completed job into *folder*; optional ones may be absent from the result.

    The video or still comes first: while it is missing, the other files are useless.

    Raises:
        ResultMissing: There is no video or still, or the status has no address of it.

        ResultUnusable: It is too large, or its address is not allowed.

        TemporaryEngineError: It could not be fetched now.
    """
    main = ArtifactKind.IMAGE if makes is Medium.IMAGE else ArtifactKind.VIDEO
    if main not in job.files:
        raise ResultMissing(f"the upstream says that it is done, but not where the {main} is")
    found: dict[ArtifactKind, Path] = {}
    for kind in sorted(job.files, key=lambda one: one is not main):
        into = folder / f"fetched_{kind}"
        try:
            await _fetch(upstream, _addresses(job, kind), into, _terms_of(kind, terms))
        except EngineError:
            if kind not in OPTIONAL:
                raise
        else:
            found[kind] = into
    return found


def _addresses(job: JobStatus, kind: ArtifactKind) -> Iterator[str]:
    yield job.files[kind]
    if kind in job.elsewhere:
        yield job.elsewhere[kind]


def _terms_of(kind: ArtifactKind, terms: UpstreamTerms) -> tuple[int, float]:
    """Return the most bytes and seconds that one file may take."""
    longest_s = terms.file_deadline_s
    if kind in OPTIONAL:
        longest_s = min(longest_s, OPTIONAL_DEADLINE_S)
    return terms.file_limit_bytes, longest_s


async def _fetch(
    upstream: Upstream, addresses: Iterator[str], into: Path, limits: tuple[int, float]
) -> None:
    """Fetch a file from the first address that has it; raise the error of the first otherwise."""
    limit_bytes, deadline_s = limits
    first: EngineError | None = None
    messages: list[str] = []
    for address in addresses:
        try:
            await upstream.fetch(address, into, limit_bytes=limit_bytes, deadline_s=deadline_s)
        except EngineError as error:
            first = first or error
            messages.append(str(error))
        else:
            return
    if first is not None:
        raise type(first)("; at its other address ".join(messages)) from first
