"""Draw one small frame of a shot plan: what a page shows while a plan is edited."""

import json
from dataclasses import astuple
from pathlib import Path
from typing import Final

from rushes.core.generation import ArtifactKind
from rushes.core.rendered import Rendered
from rushes.engines.base import Job
from rushes.engines.video.watch import Watch

MOMENT: Final = 0.4
"""Share of the clip at which it is looked at: the camera is near its middle."""


PLACES: Final = "cast.json"
"""The file beside the frame that says where each cast member is: x, y, left, top, right, bottom."""


def draw(job: Job, folder: Path, watch: Watch) -> Rendered:
    """Write what the animatic engine draws for the same plan and seed, small, as one JPEG."""
    del watch  # one frame has no parts whose progress could be reported
    from rushes.engines.animatic.sketch import (  # noqa: PLC0415  # numpy, cv2 and av come with it
        Sketch,
    )
    from rushes.engines.video.pictures import (  # noqa: PLC0415  # as above
        PREVIEW_PX,
        write_small_jpeg,
    )

    sketch = Sketch(job.spec, shot_plan=job.shot_plan, longest_px=PREVIEW_PX)
    picture = sketch.at(MOMENT)
    places = [astuple(place) for place in sketch.cast_places(MOMENT)]
    (folder / PLACES).write_text(
        json.dumps([[round(share, 3) for share in place] for place in places]), "utf-8"
    )
    file = folder / "frame.jpg"
    write_small_jpeg(picture, file)
    height, width = picture.shape[:2]
    return Rendered(
        kind=ArtifactKind.IMAGE,
        file=file,
        media_type="image/jpeg",
        width_px=width,
        height_px=height,
    )
