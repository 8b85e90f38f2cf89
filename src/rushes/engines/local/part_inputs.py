"""Read a job's inputs, and prepare what each part of its plan begins and ends with."""

from pathlib import Path

from av.error import FFmpegError

from rushes.core.errors import InputUnusable
from rushes.core.geometry import DEFAULT_RATIO, DEFAULT_RESOLUTION, frame_size, nearest_ratio
from rushes.engines.base import Job
from rushes.engines.local.families import VideoFamily
from rushes.engines.local.render_plan import (
    End,
    Given,
    Part,
    PartInputs,
    RenderPlan,
    Start,
    plan_render,
)
from rushes.engines.video.joining import first_frame, last_frame
from rushes.engines.video.pictures import read_picture, write_png
from rushes.engines.video.reading import look_at


def plan_of(job: Job, family: VideoFamily) -> RenderPlan:
    """
    Return the plan of a job; reads its pictures and the length of the clip to extend.

    Raises:
        InputUnusable: An input cannot be read.
    """
    earlier = None
    if job.earlier_clip is not None:
        earlier = max(1, round(look_at(job.earlier_clip).duration_s * family.fps))
    inputs = Given(
        first_image=job.first_image is not None,
        last_image=job.last_image is not None,
        earlier_frames=earlier,
        later_clip=job.later_clip is not None,
    )
    return plan_render(job.spec, family, inputs, delivered_px(job))


def delivered_px(job: Job) -> tuple[int, int]:
    """Return the size that the spec asks for; without a ratio, that of the first picture."""
    spec = job.spec
    if spec.size_px is not None:
        return spec.size_px
    ratio = spec.aspect_ratio
    if ratio is None:
        picture = job.first_image or job.last_image
        shape = read_picture(picture).shape if picture else None
        ratio = nearest_ratio(shape[1], shape[0]) if shape else DEFAULT_RATIO
    return frame_size(ratio, spec.resolution or DEFAULT_RESOLUTION)


def inputs_of(part: Part, number: int, job: Job, made: list[Path], folder: Path) -> PartInputs:
    """
    Return what a part begins and ends with; writes frames of clips as PNGs into *folder*.

    Args:
        made: The files of the parts before it.

    Raises:
        InputUnusable: The clip to extend cannot be read.
    """
    last = None
    if part.end is End.LAST_IMAGE:
        last = job.last_image
    elif part.end is End.OPENING:
        last = _opening(job, made, folder)
    if part.start is not Start.PREVIOUS:
        first = {Start.FIRST_IMAGE: job.first_image, Start.LAST_IMAGE: job.last_image}
        return PartInputs(first_image=first.get(part.start), last_image=last)
    previous = made[-1] if made else job.earlier_clip
    if previous is None:
        raise InputUnusable("there is no clip to extend")
    if part.overlap > 1:
        return PartInputs(clip=previous, clip_frames=part.overlap, last_image=last)
    begins = folder / f"begin{number}.png"
    return PartInputs(first_image=_frame(previous, begins, at_end=True), last_image=last)


def _opening(job: Job, made: list[Path], folder: Path) -> Path | None:
    """Return the first picture of the complete video, at which a loop arrives again."""
    if job.earlier_clip is not None:
        return _frame(job.earlier_clip, folder / "opening.png", at_end=False)
    if job.first_image is not None or not made:
        return job.first_image or job.last_image
    return _frame(made[0], folder / "opening.png", at_end=False)


def _frame(clip: Path, into: Path, *, at_end: bool) -> Path:
    try:
        write_png(last_frame(clip) if at_end else first_frame(clip), into)
    except (FFmpegError, IndexError, StopIteration) as error:
        raise InputUnusable(f"the clip cannot be read: {error}") from error
    return into
