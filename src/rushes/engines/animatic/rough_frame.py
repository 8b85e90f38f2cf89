"""An engine that draws one small frame of a shot plan: what a page shows while a plan is edited."""

import json
from dataclasses import astuple
from pathlib import Path
from typing import Final

from rushes.core.capabilities import Capabilities
from rushes.core.generation import ArtifactKind
from rushes.core.geometry import RATIOS, STILL_SIZES
from rushes.core.rendered import Rendered
from rushes.core.spec import Kind
from rushes.engines.base import Job, ReportProgress
from rushes.engines.video.watch import Watch, in_thread

MOMENT: Final = 0.4
"""Share of the clip at which it is looked at: the camera is near its middle."""


PLACES: Final = "cast.json"
"""The file beside the frame that says where each cast member is: x, y, left, top, right, bottom."""


class RoughFrameEngine:
    """
    Draws what the animatic engine draws for the same plan and seed, small, as one JPEG.

    It is no channel: it makes no thumbnail and delivers nothing to a caller's generation. Nothing
    heavy is imported before the first frame.
    """

    @property
    def name(self) -> str:
        return "rough-frame"

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            kinds=(Kind.IMAGE,),
            resolutions=(),
            durations_s=(),
            ratios=tuple(RATIOS),
            still_ratios=tuple(STILL_SIZES),
            still_formats=("jpg",),
            shot_plans=True,
        )

    async def render(self, job: Job, folder: Path, report: ReportProgress) -> tuple[Rendered, ...]:
        return await in_thread(lambda watch: _drawn(job, folder, watch), report)

    async def close(self) -> None:
        """Hold nothing between frames."""


def _drawn(job: Job, folder: Path, watch: Watch) -> tuple[Rendered, ...]:
    watch.progress(0.0)
    from rushes.engines.animatic.sketch import (  # noqa: PLC0415  # numpy, cv2 and av come with it
        Sketch,
    )
    from rushes.engines.video.pictures import (  # noqa: PLC0415  # as above
        PREVIEW_PX,
        write_small_jpeg,
    )

    sketch = Sketch(job.spec, shot_plan=job.shot_plan, longest_px=PREVIEW_PX)
    picture = sketch.at(MOMENT)
    folder.mkdir(parents=True, exist_ok=True)
    places = [astuple(place) for place in sketch.cast_places(MOMENT)]
    (folder / PLACES).write_text(
        json.dumps([[round(share, 3) for share in place] for place in places]), "utf-8"
    )
    file = folder / "frame.jpg"
    write_small_jpeg(picture, file)
    watch.progress(1.0)
    height, width = picture.shape[:2]
    return (
        Rendered(
            kind=ArtifactKind.IMAGE,
            file=file,
            media_type="image/jpeg",
            width_px=width,
            height_px=height,
        ),
    )
