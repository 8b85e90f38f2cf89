"""The process of rushes that `chaos.py` kills: as in production, but with shorter pauses."""

import os
import shutil
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

from PIL import Image

from rushes.cli import main
from rushes.core.errors import ResultUnusable
from rushes.core.generation import ArtifactKind
from rushes.core.rendered import Rendered
from rushes.core.spec import GenerationSpec
from rushes.engines.upstream import results
from rushes.worker import retry_policy
from rushes.worker.upstream import channel_health, poller, reconcile

LAZILY_IMPORTED = (
    "rushes.bootstrap.application",
    "rushes.cli.serve",
    "rushes.cli.support.api_server",
    "rushes.cli.support.logs",
    "rushes.cli.worker",
    "rushes.media.object_store.media_store",
    "rushes.store.postgres",
)
"""Modules that the commands import when they run; they take most of the time of a start."""

for one in LAZILY_IMPORTED:
    import_module(one)  # by the process that all others are forked from


def shorten_pauses() -> None:
    """Wait tenths of a second where production waits seconds; change nothing else."""
    poller.BACKOFF_BASE_S, poller.BACKOFF_CAP_S, retry_policy.REPEAT_S = 0.1, 0.5, 0.1  # type: ignore[misc]  # as said
    retry_policy.FIRST_PAUSE_S, retry_policy.LONGEST_PAUSE_S = 0.1, 0.5  # type: ignore[misc]  # as said
    channel_health.FIRST_PAUSE_S, channel_health.LONGEST_PAUSE_S = 0.3, 0.6  # type: ignore[misc]  # as said
    channel_health.BUSY_S = 0.2  # type: ignore[misc]  # as said
    reconcile.LONGEST_PAUSE_S = 0.5  # type: ignore[misc]  # as said


async def check_lightly(
    _: GenerationSpec, fetched: Mapping[ArtifactKind, Path], folder: Path
) -> tuple[Rendered, ...]:
    """Accept any file that starts like a video, without a sandboxed process."""
    video = fetched[ArtifactKind.VIDEO]
    if video.read_bytes()[4:8] != b"ftyp":
        raise ResultUnusable("it is no video")
    kinds = (ArtifactKind.VIDEO, ArtifactKind.VIDEO_RAW)
    files = {kind: shutil.copyfile(video, folder / f"{kind}.mp4") for kind in kinds}
    last_frame = folder / "last_frame.jpg"  # an extension begins with it
    Image.new("RGB", (320, 180)).save(last_frame)
    return (
        *(
            Rendered(kind=kind, file=file, media_type="video/mp4", width_px=320, height_px=180)
            for kind, file in files.items()
        ),
        Rendered(
            kind=ArtifactKind.LAST_FRAME,
            file=last_frame,
            media_type="image/jpeg",
            width_px=320,
            height_px=180,
        ),
    )


def work(role: str, data: str, port: int, is_light: bool) -> None:
    """Run `rushes serve` or `rushes worker` until killed."""
    os.setpgid(0, 0)  # freezing it must not freeze the terminal's other processes
    log = os.open(Path(data) / "log.txt", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    shorten_pauses()
    if is_light:
        results.check_delivered = check_lightly  # type: ignore[assignment]  # as said
    command = ["serve", "--json", "--port", str(port)] if role == "serve" else ["worker"]
    sys.argv = ["rushes", *command, "--data", data]
    main()
