"""Brings what an upstream has made into our media store, before its links end."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from rushes.core import lifecycle
from rushes.core.errors import ResultUnusable, TemporaryEngineError
from rushes.core.generation import ArtifactKind, Generation
from rushes.core.lifecycle import Change
from rushes.core.spec import Medium
from rushes.engines.upstream.base import Sighting, UpstreamChannel
from rushes.worker.bench import Bench
from rushes.worker.finish import finish
from rushes.worker.keeping import folder_held, keep

_EXTRAS: Final = frozenset({ArtifactKind.THUMBNAIL, ArtifactKind.LAST_FRAME})


async def collected(
    bench: Bench, generation: Generation, channel: UpstreamChannel, sighting: Sighting
) -> Change:
    """
    Return the completion of a generation whose job was seen completed; its files are kept.

    Raises:
        TemporaryEngineError: They could not be fetched now.

        ResultUnusable: What came is not what was asked for.

        MediaError: They could not be kept now.
    """
    with bench.scratch.folder() as folder:
        fetched = await _fetched(channel, generation, sighting, folder)
        rendered = await finish(generation.spec, fetched, folder)
        artifacts = await keep(bench.media, folder_held(generation), rendered)
    return lifecycle.complete(generation, artifacts, now=bench.clock.now())


async def _fetched(
    channel: UpstreamChannel, generation: Generation, sighting: Sighting, folder: Path
) -> Mapping[ArtifactKind, Path]:
    """Write the files of a job into *folder*; what we can make ourselves may be missing."""
    main = ArtifactKind.IMAGE if generation.spec.makes is Medium.IMAGE else ArtifactKind.VIDEO
    if main not in sighting.files:
        raise TemporaryEngineError(f"{channel.name} says that it is done, but not where it is")
    terms, found = channel.terms, dict[ArtifactKind, Path]()
    for kind, address in sighting.files.items():
        into = folder / f"fetched_{kind}"
        try:
            await channel.upstream.fetch(
                address,
                into,
                limit_bytes=terms.file_limit_bytes,
                deadline_s=terms.file_deadline_s,
            )
        except (TemporaryEngineError, ResultUnusable):
            if kind in _EXTRAS:
                continue
            raise
        found[kind] = into
    return found
