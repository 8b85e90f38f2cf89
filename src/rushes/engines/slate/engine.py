"""Render generations as cards."""

from pathlib import Path
from typing import Final

from rushes.core.capabilities import Capabilities
from rushes.core.geometry import RATIOS, SHORT_SIDES_PX, STILL_SIZES, UPSCALED_PX
from rushes.core.rendered import Rendered
from rushes.core.spec import Kind, Medium, Role
from rushes.engines.base import Job, ReportProgress
from rushes.engines.video.watch import Watch, in_thread

NAME: Final = "slate"


class SlateEngine:
    """
    Draws a card with the prompt, the model, the ratio and a running timecode.

    The file has exactly the requested size, length, frame rate, codec and sound. The engine accepts
    the same requests as the animatic engine, apart from shot plans, which it cannot draw.

    Args:
        concepts: Names of camera moves that it accepts and writes on the card.
    """

    def __init__(self, *, concepts: tuple[str, ...] = ()) -> None:
        self._capabilities = Capabilities(
            resolutions=tuple(SHORT_SIDES_PX),
            durations_s=(4.0, 5.0, 8.0, 9.0, 10.0, 12.0),
            ratios=tuple(RATIOS),
            sizes=True,
            extend_backwards=True,
            interpolate=True,
            concepts=concepts,
            kinds=(Kind.VIDEO, Kind.IMAGE, Kind.UPSCALE, Kind.AUDIO, Kind.REFRAME),
            still_ratios=tuple(STILL_SIZES),
            still_formats=("jpg", "png"),
            references=tuple(Role),
            upscales=tuple(UPSCALED_PX),
            reframes=tuple(Medium),
        )

    @property
    def name(self) -> str:
        return NAME

    @property
    def capabilities(self) -> Capabilities:
        return self._capabilities

    async def render(self, job: Job, folder: Path, report: ReportProgress) -> tuple[Rendered, ...]:
        return await in_thread(lambda watch: _produce(job, folder, watch), report)

    async def close(self) -> None:
        """Do nothing: no resources are kept between renders."""

    def preload(self) -> None:
        """Import and load what the first card needs, so that it is as fast as later ones."""
        from rushes.engines.slate.production import (  # noqa: PLC0415  # numpy, cv2 and av come with it
            warm_up,
        )

        warm_up()


def _produce(job: Job, folder: Path, watch: Watch) -> tuple[Rendered, ...]:
    from rushes.engines.slate.production import (  # noqa: PLC0415  # numpy, cv2 and av come with it
        produce,
    )

    return produce(job, folder, watch)
