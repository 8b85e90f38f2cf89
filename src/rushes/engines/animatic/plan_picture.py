"""An engine that draws one picture of a shot plan for a page, such as a rough frame."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from rushes.core.capabilities import Capabilities
from rushes.core.geometry import RATIOS, STILL_SIZES
from rushes.core.rendered import Rendered
from rushes.core.spec import Kind
from rushes.engines.animatic import rough_frame, subject_sheet
from rushes.engines.base import Job, ReportProgress
from rushes.engines.video.watch import Watch, in_thread

PictureName = Literal["rough-frame", "subject-sheet"]


@dataclass(frozen=True, slots=True)
class _Drawing:
    """How a picture is drawn: its format, and what writes it into a folder."""

    still_format: str
    draw: Callable[[Job, Path, Watch], Rendered]


_DRAWINGS: Final[Mapping[PictureName, _Drawing]] = {
    "rough-frame": _Drawing("jpg", rough_frame.draw),
    "subject-sheet": _Drawing("webp", subject_sheet.draw),
}


class PlanPictureEngine:
    """
    Draws one picture of a shot plan.

    It is no channel: it makes no thumbnail and delivers nothing to a caller's generation. Nothing
    heavy is imported before the first picture.
    """

    def __init__(self, name: PictureName) -> None:
        self.name = name
        self._drawing = _DRAWINGS[name]

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            kinds=(Kind.IMAGE,),
            resolutions=(),
            durations_s=(),
            ratios=tuple(RATIOS),
            still_ratios=tuple(STILL_SIZES),
            still_formats=(self._drawing.still_format,),
            shot_plans=True,
        )

    async def render(self, job: Job, folder: Path, report: ReportProgress) -> tuple[Rendered, ...]:
        def drawn(watch: Watch) -> Rendered:
            watch.progress(0.0)
            folder.mkdir(parents=True, exist_ok=True)
            picture = self._drawing.draw(job, folder, watch)
            watch.progress(1.0)
            return picture

        return (await in_thread(drawn, report),)

    async def close(self) -> None:
        """Hold nothing between pictures."""
