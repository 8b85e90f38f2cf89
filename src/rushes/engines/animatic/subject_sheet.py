"""Draw subjects by themselves, side by side: what a page shows to choose from."""

from pathlib import Path
from typing import Final

from rushes.core.generation import ArtifactKind
from rushes.core.rendered import Rendered
from rushes.engines.base import Job
from rushes.engines.video.watch import Watch

CELL_PX: Final = 96
COLUMNS: Final = 8
_MARGIN_PX: Final = 6
_QUALITY: Final = 80


def draw(job: Job, folder: Path, watch: Watch) -> Rendered:
    """
    Write each member of a plan's cast into a cell of a WebP with a clear background.

    The cells are ``CELL_PX`` wide and high, ``COLUMNS`` in a row, in the order of the cast.
    """
    import numpy as np  # noqa: PLC0415  # nothing heavy before the first sheet
    from PIL import Image  # noqa: PLC0415  # as above

    from rushes.engines.animatic.cast.portrait import portrait  # noqa: PLC0415  # as above

    cast = job.shot_plan.cast if job.shot_plan else ()
    rows = max(1, -(-len(cast) // COLUMNS))
    sheet = np.zeros((rows * CELL_PX, COLUMNS * CELL_PX, 4), np.uint8)
    for order, member in enumerate(cast):
        watch.progress(order / len(cast))
        cell = portrait(member, CELL_PX - 2 * _MARGIN_PX)
        height, width = cell.shape[:2]
        top = order // COLUMNS * CELL_PX + (CELL_PX - height) // 2
        left = order % COLUMNS * CELL_PX + (CELL_PX - width) // 2
        sheet[top : top + height, left : left + width] = cell
    file = folder / "subjects.webp"
    Image.fromarray(sheet).save(file, "WEBP", quality=_QUALITY, method=2)
    return Rendered(
        kind=ArtifactKind.IMAGE,
        file=file,
        media_type="image/webp",
        width_px=sheet.shape[1],
        height_px=sheet.shape[0],
    )
