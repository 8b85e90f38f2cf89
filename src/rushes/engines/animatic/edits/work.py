"""From a job that is no new video to its files."""

from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Final

import av
from av.error import FFmpegError

from rushes.core.errors import InputUnusable, PermanentEngineError, TemporaryEngineError
from rushes.core.generation import ArtifactKind
from rushes.core.geometry import (
    DEFAULT_RATIO,
    DEFAULT_RESOLUTION,
    STILL_SIZES,
    frame_size,
    nearest_ratio,
)
from rushes.core.rendered import Rendered
from rushes.core.spec import Kind, Medium, Reframing, Role
from rushes.engines.animatic.edits.film import Developed, Draw, Lab, develop
from rushes.engines.animatic.edits.reframe import Reframed, reframed_picture
from rushes.engines.animatic.edits.sound.bed import bed
from rushes.engines.animatic.edits.still import StillPainter, written
from rushes.engines.animatic.edits.upscale import enlarged
from rushes.engines.animatic.mark import MARKED_CRF, Mark, label
from rushes.engines.animatic.paint.arrays import Array
from rushes.engines.animatic.pipeline import PREVIEW_EVERY_S, Output
from rushes.engines.animatic.planning.prompt_seed import seed_of
from rushes.engines.animatic.production import Setup, shot_plan_of
from rushes.engines.base import Job
from rushes.engines.video.dub import dub
from rushes.engines.video.encoder import RAW_CRF
from rushes.engines.video.frames import small_rgb_of
from rushes.engines.video.mp4 import same_file
from rushes.engines.video.pictures import (
    PREVIEW_PX,
    read_picture,
    thumbnail_of,
    write_jpeg,
    write_small_jpeg,
)
from rushes.engines.video.reading import look_at
from rushes.engines.video.watch import Watch

_UPSCALED: Final = "Resampled to more pixels; no detail was added."
_REFRAMED: Final = "Laid into another frame; what is blurred was added."
_DUBBED: Final = "The sound is synthesised from words, not recorded."
_PAINTED: Final = "A procedural picture. engine: animatic, not a neural model."
_THUMBNAIL_QUALITY: Final = 88
_LAST_FRAME_QUALITY: Final = 95
_TYPES: Final = {".jpg": "image/jpeg", ".png": "image/png"}


def work(job: Job, folder: Path, setup: Setup, watch: Watch) -> tuple[Rendered, ...]:
    """
    Do what the job asks, into files under *folder*, and return them, the one asked for first.

    Raises:
        Stopped: The watch says so.

        InputUnusable: The source cannot be read, or has nothing that could be made of it.

        PermanentEngineError: It is a kind of work that is not done here.

        TemporaryEngineError: The files could not be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        return _EditRun(job, folder, setup, watch).run()
    except (OSError, FFmpegError) as error:
        raise TemporaryEngineError(f"the file could not be made: {error}") from error


def _showing(draw: Draw, preview: Path | None) -> Draw:
    """Return *draw*, which also leaves a small picture of its frame about twice a second."""
    if preview is None:
        return draw
    next_s = monotonic()

    def drawn(frame: av.VideoFrame) -> av.VideoFrame:
        nonlocal next_s
        new = draw(frame)
        if monotonic() >= next_s:
            next_s = monotonic() + PREVIEW_EVERY_S
            write_small_jpeg(small_rgb_of(new, PREVIEW_PX), preview)
        return new

    return drawn


def _scaled(size: tuple[int, int], longest_px: int) -> tuple[int, int]:
    """Return a size of even numbers in the same shape, whose longer side is *longest_px*."""
    width, height = (max(2, round(side * longest_px / max(size) / 2) * 2) for side in size)
    return width, height


@dataclass(frozen=True, slots=True)
class _EditRun:
    """One job on the way to its files."""

    job: Job
    folder: Path
    setup: Setup
    watch: Watch

    def run(self) -> tuple[Rendered, ...]:
        spec = self.job.spec
        match spec.kind, spec.makes:
            case Kind.IMAGE, _:
                rendered = self._painted()
            case Kind.REFRAME, Medium.IMAGE:
                rendered = self._reframed_picture()
            case Kind.REFRAME, _:
                rendered = self._reframed_video()
            case Kind.UPSCALE, _:
                rendered = self._upscaled()
            case Kind.AUDIO, _:
                rendered = self._dubbed()
            case _:
                raise PermanentEngineError(f"the animatic engine cannot {spec.kind} a video")
        self.watch.progress(1.0)
        return rendered

    # pictures

    def _painted(self) -> tuple[Rendered, ...]:
        job = self.job
        size = self._still_size()
        if job.preview is not None:
            small = self._painter(_scaled(size, PREVIEW_PX))
            write_small_jpeg(small.painted(self.watch.part(start=0.0, end=0.1)), job.preview)
        painter = self._painter(size)
        return self._picture(painter.painted(self.watch.part(start=0.1, end=0.9)))

    def _painter(self, size: tuple[int, int]) -> StillPainter:
        job = self.job
        seed = seed_of(job.prompt) if job.spec.seed is None else job.spec.seed
        plan = shot_plan_of(job, seed=seed)
        return StillPainter(job.prompt, plan, seed=seed, size=size, guides=job.guides)

    def _reframed_picture(self) -> tuple[Rendered, ...]:
        reframing = self.job.spec.reframing or Reframing()
        picture = read_picture(self._source())
        self.watch.progress(0.3)
        return self._picture(reframed_picture(picture, self._still_size(), reframing))

    def _still_size(self) -> tuple[int, int]:
        spec = self.job.spec
        ratio = spec.aspect_ratio
        if ratio is None:
            shows = [g for g in self.job.guides if g.role in {Role.MODIFY, Role.CONTENT}]
            shape = read_picture(shows[0].image).shape if shows else None
            ratio = nearest_ratio(shape[1], shape[0]) if shape else DEFAULT_RATIO
        return STILL_SIZES[ratio]

    def _picture(self, picture: Array) -> tuple[Rendered, ...]:
        still = self.job.spec.still
        suffix = f".{still.format}" if still else ".jpg"
        image = written(picture, self.folder / f"image{suffix}", comment=_PAINTED)
        small = thumbnail_of(picture)
        thumbnail = self.folder / "thumbnail.jpg"
        write_jpeg(small, thumbnail, quality=_THUMBNAIL_QUALITY)
        return (
            _rendered(ArtifactKind.IMAGE, image, picture),
            _rendered(ArtifactKind.THUMBNAIL, thumbnail, small),
        )

    # videos

    def _upscaled(self) -> tuple[Rendered, ...]:
        draw = enlarged(look_at(self._source()), self.job.spec.resolution)
        return self._film(draw, (draw.width_px, draw.height_px), made=_UPSCALED)

    def _reframed_video(self) -> tuple[Rendered, ...]:
        spec = self.job.spec
        size = frame_size(spec.aspect_ratio or DEFAULT_RATIO, spec.resolution or DEFAULT_RESOLUTION)
        draw = Reframed(size, spec.reframing or Reframing())
        return self._film(draw, size, made=_REFRAMED)

    def _film(self, draw: Draw, size: tuple[int, int], *, made: str) -> tuple[Rendered, ...]:
        source, words = self._source(), self.setup.watermark
        watch = self.watch.part(start=0.0, end=0.97)
        outputs = [Output(path=self._raw if words else self._video, crf=RAW_CRF)]
        if words:
            outputs.append(Output(path=self._video, crf=MARKED_CRF, mark=Mark(words, *size)))
        lab = Lab(outputs=outputs, made=made, threads=self.setup.threads, watch=watch)
        return self._delivered(develop(source, _showing(draw, self.job.preview), lab))

    def _dubbed(self) -> tuple[Rendered, ...]:
        job, source, words = self.job, self._source(), self.setup.watermark
        reel = look_at(source)
        sound = bed(
            job.prompt,
            unwanted=job.spec.negative_prompt,
            seed=seed_of(job.prompt) if job.spec.seed is None else job.spec.seed,
            duration_s=reel.duration_s,
        )
        dubbed = self._raw if words else self._video
        dub(source, sound, dubbed, label(_DUBBED), watch=self.watch.part(start=0.1, end=0.5))
        outputs: list[Output] = []
        if words:
            mark = Mark(words, reel.width_px, reel.height_px)
            outputs.append(Output(path=self._video, crf=MARKED_CRF, mark=mark))
        watch = self.watch.part(start=0.5, end=0.97)
        lab = Lab(outputs=outputs, made=_DUBBED, threads=self.setup.threads, watch=watch)
        same = _showing(lambda frame: frame, self.job.preview)
        return self._delivered(develop(dubbed, same, lab))

    def _delivered(self, developed: Developed) -> tuple[Rendered, ...]:
        thumbnail, last = self.folder / "thumbnail.jpg", self.folder / "last_frame.jpg"
        write_jpeg(developed.middle, thumbnail, quality=_THUMBNAIL_QUALITY)
        write_jpeg(developed.last, last, quality=_LAST_FRAME_QUALITY)
        if self.setup.watermark is not None and self.setup.sign is not None:
            self.setup.sign(self._raw, self.job.prompt, True)
        if self.setup.sign is not None:
            self.setup.sign(self._video, self.job.prompt, True)
        if self.setup.watermark is None:
            same_file(self._video, self._raw)
        seen, length_s = developed.last, developed.duration_s
        return (
            _rendered(ArtifactKind.VIDEO, self._video, seen, duration_s=length_s),
            _rendered(ArtifactKind.VIDEO_RAW, self._raw, seen, duration_s=length_s),
            _rendered(ArtifactKind.THUMBNAIL, thumbnail, developed.middle),
            _rendered(ArtifactKind.LAST_FRAME, last, seen),
        )

    @property
    def _video(self) -> Path:
        return self.folder / "video.mp4"

    @property
    def _raw(self) -> Path:
        return self.folder / "video_raw.mp4"

    def _source(self) -> Path:
        if self.job.source is None:
            raise InputUnusable("there is no source to work on")
        return self.job.source


def _rendered(
    kind: ArtifactKind, file: Path, picture: Array, *, duration_s: float | None = None
) -> Rendered:
    return Rendered(
        kind=kind,
        file=file,
        media_type=_TYPES.get(file.suffix, "video/mp4"),
        width_px=picture.shape[1],
        height_px=picture.shape[0],
        duration_s=duration_s,
    )
