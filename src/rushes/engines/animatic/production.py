"""From a job to its files: what is asked, drawn, encoded, joined, signed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from av.error import FFmpegError

from rushes.core.errors import InputUnusable, TemporaryEngineError
from rushes.core.geometry import DEFAULT_RATIO, FPS, frame_size, nearest_ratio
from rushes.core.rendered import Rendered, video_files
from rushes.core.shot_plan import ShotPlan
from rushes.engines.animatic.camera_path import TimedMoves, timed_moves
from rushes.engines.animatic.mark import MARKED_CRF, Mark, label
from rushes.engines.animatic.paint.arrays import Array
from rushes.engines.animatic.paint.picture import Picture
from rushes.engines.animatic.pipeline import Output, Take, shoot
from rushes.engines.animatic.planning.prompt_seed import seed_of
from rushes.engines.animatic.sets.composition import Composition, ignored
from rushes.engines.animatic.shot import Shot
from rushes.engines.base import Job
from rushes.engines.video.encoder import RAW_CRF, VideoFile
from rushes.engines.video.joining import (
    Mismatch,
    copy_encoded,
    first_frame,
    frame_count_of,
    join,
    last_frame,
)
from rushes.engines.video.mp4 import Label, same_file
from rushes.engines.video.pictures import read_depth, read_picture, write_jpeg
from rushes.engines.video.watch import Watch

_THUMBNAIL_QUALITY: Final = 88
_LAST_FRAME_QUALITY: Final = 95


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What the operator decided."""

    threads: int
    watermark: str | None = None
    label: Label = field(default_factory=label)
    """What the files say of themselves."""

    sign: Callable[[Path, str, bool], None] | None = None
    """Signs an MP4 in place, given the prompt and whether it was made from pictures."""


def produce(job: Job, folder: Path, setup: Setup, watch: Watch) -> tuple[Rendered, ...]:
    """
    Render the job into files under *folder* and return them, the video first.

    Raises:
        Stopped: The watch says so.

        InputUnusable: A keyframe or the earlier clip cannot be read.

        TemporaryEngineError: The files could not be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        plan = plan_of(job)
        return _Production(plan, folder, setup, watch).run()
    except (OSError, FFmpegError) as error:
        raise TemporaryEngineError(f"the video could not be made: {error}") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the job comes to once its inputs were read."""

    shot: Shot
    indices: range
    pictures: tuple[Array, ...]
    at: float
    """The moment of a single picture: 0 or 1."""

    earlier: Path | None
    later: Path | None
    prompt: str
    shot_plan: ShotPlan
    """What is drawn where there are no pictures."""

    depths: tuple[Array | None, ...] = ()
    """The measured depth of each picture; None: it is guessed."""

    moves: tuple[TimedMoves, ...] | None = None
    """How the camera moves through pictures; None: as the words say."""

    preview: Path | None = None
    """Where to leave a small picture of the frame that is drawn."""

    def build(self, report: Callable[[float], None] = ignored) -> Picture:
        """Return the drawing; *report* is called with the finished share of the preparation."""
        match len(self.pictures):
            case 0:
                return Composition(self.shot, self.shot_plan, report=report)
            case 1:
                from rushes.engines.animatic.photo.still import (  # noqa: PLC0415  # slow
                    Still,
                )

                return Still(
                    self.shot,
                    self.pictures[0],
                    at=self.at,
                    measured=next(iter(self.depths), None),
                    moves=self.moves,
                )
            case _:
                from rushes.engines.animatic.photo.passage import (  # noqa: PLC0415  # slow
                    Passage,
                )

                return Passage(self.shot, self.pictures, measured=self.depths, moves=self.moves)


def plan_of(job: Job) -> Plan:
    """
    Return what the job comes to; reads its inputs.

    Raises:
        InputUnusable: A keyframe or the earlier clip cannot be read.
    """
    first = read_picture(job.first_image) if job.first_image else None
    last = read_picture(job.last_image) if job.last_image else None
    # Both are looked into before anything is drawn, so that a damaged one is found out early.
    openings = [_read(first_frame, clip) for clip in (job.earlier_clip, job.later_clip) if clip]
    opening = openings[0] if job.earlier_clip and job.spec.loop else None
    pictures = _sequence(first, last, opening, loop=job.spec.loop)
    first_depth = read_depth(job.first_depth) if job.first_depth else None
    last_depth = read_depth(job.last_depth) if job.last_depth else None
    known = [(first, first_depth), (last, last_depth)]
    depths = tuple(
        next((depth for of, depth in known if of is picture), None) for picture in pictures
    )
    shot = _shot_for(job, pictures)
    indices = range(shot.frames)
    if job.earlier_clip:
        # The clip already shows the first frame; where it loops, it also shows the last.
        indices = range(1, shot.frames - 1 if opening is not None else shot.frames)
    if job.later_clip:
        indices = range(indices.start, shot.frames - 1)
    return Plan(
        shot=shot,
        indices=indices,
        pictures=pictures,
        depths=depths,
        moves=timed_moves(job.shot_plan, seed=shot.seed) if job.shot_plan else None,
        at=1.0 if first is None else 0.0,
        earlier=job.earlier_clip,
        later=job.later_clip,
        prompt=job.prompt,
        shot_plan=shot_plan_of(job, seed=shot.seed),
        preview=job.preview,
    )


def shot_plan_of(job: Job, *, seed: int) -> ShotPlan:
    """Return the plan that came with the job, or what the rules understand of its prompt."""
    if job.shot_plan is not None:
        return job.shot_plan
    from rushes.engines.animatic.planning.plan import (  # noqa: PLC0415  # as slow as all of sets
        plan_shot,
    )

    return plan_shot(
        job.prompt,
        concepts=job.spec.concepts,
        negative_prompt=job.spec.negative_prompt,
        seed=seed,
    )


def _sequence(
    first: Array | None, last: Array | None, opening: Array | None, *, loop: bool
) -> tuple[Array, ...]:
    """Return the pictures that the clip goes through, in time."""
    pictures = [picture for picture in (first, last) if picture is not None]
    if opening is not None:
        return (*pictures, opening)
    if loop and len(pictures) == 2:
        return (*pictures, pictures[0])
    return tuple(pictures)


def _shot_for(job: Job, pictures: Sequence[Array]) -> Shot:
    spec = job.spec
    ratio = spec.aspect_ratio
    if ratio is None:
        shape = pictures[0].shape if pictures else None
        ratio = nearest_ratio(shape[1], shape[0]) if shape else DEFAULT_RATIO
    width, height = spec.size_px or frame_size(ratio, spec.resolution)
    return Shot(
        words=job.prompt.lower(),
        seed=seed_of(job.prompt) if spec.seed is None else spec.seed,
        width_px=width,
        height_px=height,
        duration_s=spec.duration_s,
        concepts=spec.concepts,
        # An extension closes the loop of the whole by arriving at its opening, not at its own.
        loop=spec.loop and job.earlier_clip is None,
        continues=job.earlier_clip is not None,
    )


def _read(look: Callable[[Path], Array], clip: Path) -> Array:
    """Return a frame of a clip."""
    try:
        return look(clip)
    except (FFmpegError, IndexError, StopIteration) as error:
        raise InputUnusable(f"the clip cannot be read: {error}") from error


class _Production:
    """The steps from a plan to its files."""

    def __init__(self, plan: Plan, folder: Path, setup: Setup, watch: Watch) -> None:
        self._plan, self._folder, self._setup, self._watch = plan, folder, setup, watch
        self._size = (plan.shot.width_px, plan.shot.height_px)

    def run(self) -> tuple[Rendered, ...]:
        self._watch.progress(0.0)
        outputs = self._outputs()
        indices = self._plan.indices
        middle = indices[len(indices) // 2]
        take = Take(
            shot=self._plan.shot,
            build=self._plan.build,
            indices=indices,
            keep=frozenset({middle, indices[-1]}),
            preview=self._plan.preview,
        )
        watch = self._watch.part(start=0.0, end=0.97)
        kept = shoot(take, outputs, threads=self._setup.threads, watch=watch)
        write_jpeg(kept[middle], self._folder / "thumbnail.jpg", quality=_THUMBNAIL_QUALITY)
        last = kept[indices[-1]]
        if self._plan.later is not None:
            last = _read(last_frame, self._plan.later)
        write_jpeg(last, self._folder / "last_frame.jpg", quality=_LAST_FRAME_QUALITY)
        if self._joins:
            for output in outputs:
                self._join(output)
        if self._setup.sign is not None:
            for output in outputs:
                self._setup.sign(output.path, self._plan.prompt, bool(self._plan.pictures))
        if self._setup.watermark is None:
            same_file(self._folder / "video.mp4", self._folder / "video_raw.mp4")
        self._watch.progress(1.0)
        return self._rendered()

    def _outputs(self) -> list[Output]:
        """Return the files to encode: one when there is no mark, for it is its own raw video."""
        if self._setup.watermark is None:
            return [Output(path=self._folder / "video.mp4", crf=RAW_CRF, label=self._setup.label)]
        mark = Mark(self._setup.watermark, *self._size)
        return [
            Output(path=self._folder / "video_raw.mp4", crf=RAW_CRF, label=self._setup.label),
            Output(
                path=self._folder / "video.mp4",
                crf=MARKED_CRF,
                mark=mark,
                label=self._setup.label,
            ),
        ]

    @property
    def _joins(self) -> bool:
        return self._plan.earlier is not None or self._plan.later is not None

    def _join(self, output: Output) -> None:
        """Put what was made after the earlier clip, or before the later one, or between both."""
        parts = (self._plan.earlier, output.path, self._plan.later)
        clips = [clip for clip in parts if clip is not None]
        joined = output.path.with_suffix(".whole.mp4")
        try:
            join(clips, joined, self._setup.label)
        except (Mismatch, ValueError):
            # Encoded anew with the settings of the new part, so that this time they match.
            alike = [clip if clip == output.path else self._redone(clip, output) for clip in clips]
            join(alike, joined, self._setup.label)
            for clip in alike:
                if clip != output.path:
                    clip.unlink()
        except FFmpegError as error:
            raise InputUnusable(f"the {self._other} clip cannot be read: {error}") from error
        joined.replace(output.path)

    @property
    def _other(self) -> str:
        return "later" if self._plan.earlier is None else "earlier"

    def _redone(self, clip: Path, output: Output) -> Path:
        which = "earlier" if clip == self._plan.earlier else "later"
        redone = output.path.with_suffix(f".{which}.mp4")
        self._encode_anew(clip, redone, output)
        return redone

    def _encode_anew(self, clip: Path, redone: Path, output: Output) -> None:
        file = VideoFile(
            redone,
            *self._size,
            label=self._setup.label,
            threads=self._setup.threads,
            crf=output.crf,
        )
        try:
            copy_encoded(clip, file, *self._size, watch=self._watch.part(start=0.97, end=0.99))
            file.close()
        finally:
            file.abandon()

    def _rendered(self) -> tuple[Rendered, ...]:
        video = self._folder / "video.mp4"
        duration_s = len(self._plan.indices) / FPS
        if self._joins:
            duration_s = frame_count_of(video) / FPS
        return video_files(self._folder, size_px=self._size, duration_s=duration_s)
