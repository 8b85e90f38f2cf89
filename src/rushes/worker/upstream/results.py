"""Brings what an upstream has made into our media store, before its links end."""

from rushes.core import lifecycle
from rushes.core.generation import Generation
from rushes.core.lifecycle import Change
from rushes.engines.upstream.base import JobStatus, UpstreamChannel
from rushes.engines.upstream.results import fetch_results
from rushes.intake.delivered_files import check_delivered
from rushes.worker.context import WorkerContext
from rushes.worker.result_files import held_folder, store_results


async def collect_results(
    context: WorkerContext, generation: Generation, channel: UpstreamChannel, sighting: JobStatus
) -> Change:
    """
    Return the completion of a generation whose job was seen completed; its files are kept.

    Raises:
        ResultMissing: The video or still is not there.

        ResultUnusable: What came is not what was asked for.

        UpstreamUnreachable: It could not be fetched now.

        TemporaryEngineError: It could not be read or written on this machine now.

        MediaError: The files could not be kept now.
    """
    spec = generation.spec
    with context.scratch.folder() as folder:
        fetched = await fetch_results(
            channel.upstream, sighting, makes=spec.makes, terms=channel.terms, folder=folder
        )
        rendered = await check_delivered(spec, fetched, folder)
        artifacts = await store_results(context.media, held_folder(generation), rendered)
    return lifecycle.complete(generation, artifacts, now=context.clock.now())
