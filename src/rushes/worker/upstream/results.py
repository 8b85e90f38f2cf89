"""Download the results of an upstream job and store them."""

from rushes.core import lifecycle
from rushes.core.generation import Generation
from rushes.core.lifecycle import Change
from rushes.engines.upstream.base import JobStatus, UpstreamChannel
from rushes.engines.upstream.results import download_results
from rushes.worker.context import WorkerContext
from rushes.worker.result_files import held_folder, store_results


async def collect_results(
    context: WorkerContext, generation: Generation, channel: UpstreamChannel, status: JobStatus
) -> Change:
    """
    Download, check and store the files of a completed job, and return the completing change.

    Raises:
        ResultMissing: The upstream has no video or still.

        ResultUnusable: The file is not a usable video or still.

        UpstreamUnreachable: The download failed; another try may succeed.

        TemporaryEngineError: This machine could not read or write the file now.

        MediaError: The files could not be stored.
    """
    with context.scratch.folder() as folder:
        rendered = await download_results(
            channel.upstream, status, spec=generation.spec, terms=channel.terms, folder=folder
        )
        artifacts = await store_results(context.media, held_folder(generation), rendered)
    return lifecycle.complete(generation, artifacts, now=context.clock.now())
