"""Produce the files of a job: choose its cards, their lengths and sizes, and the sound."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import av
import cv2
from av.error import FFmpegError

from rushes.core.errors import InputUnusable, PermanentEngineError, TemporaryEngineError
from rushes.core.generation import ArtifactKind
from rushes.core.geometry import (
    DEFAULT_RATIO,
    DEFAULT_RESOLUTION,
    FPS,
    STILL_SIZES,
    frame_count,
    frame_size,
    upscaled_size,
)
from rushes.core.rendered import Rendered
from rushes.core.spec import GenerationSpec, Kind, Medium, Reframing, Role
from rushes.engines.base import Job
from rushes.engines.slate.card import Words, clock_for, drawn, stamped, with_insets
from rushes.engines.slate.film import FrameFile, Reel, Scene, write
from rushes.engines.slate.inputs import frames_in, laid, nearest, sound_of
from rushes.engines.slate.sound import beeps
from rushes.engines.video.dub import dub
from rushes.engines.video.frames import Array, rgb_of
from rushes.engines.video.joining import (
    Mismatch,
    copy_encoded,
    cover_centred,
    frame_count_of,
    join,
    last_frame,
)
from rushes.engines.video.mp4 import Label, same_file
from rushes.engines.video.pictures import read_picture, write_jpeg
from rushes.engines.video.reading import frames_and_sound, look_at, opened
from rushes.engines.video.watch import Watch

_LABEL: Final = Label(
    engine="slate", comment="A card that stands for a video in tests. engine: slate."
)
_QUALITY: Final = 90
_TYPES: Final = {".jpg": "image/jpeg", ".png": "image/png", ".mp4": "video/mp4"}
_TITLES: Final = {
    Kind.VIDEO: "VIDEO",
    Kind.IMAGE: "IMAGE",
    Kind.UPSCALE: "UPSCALE",
    Kind.AUDIO: "AUDIO",
    Kind.REFRAME: "REFRAME",
}


def produce(job: Job, folder: Path, watch: Watch) -> tuple[Rendered, ...]:
    """
    Write the files of a job into *folder*, and return them, the video or still first.

    Raises:
        Stopped: The watch stops the work.

        InputUnusable: A picture or a clip cannot be read, or already has the size of an upscale.

        PermanentEngineError: The engine does not do this kind of work.

        TemporaryEngineError: The files could not be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    watch.progress(0.0)
    try:
        rendered = _Production(job, folder, watch).run()
    except (OSError, FFmpegError) as error:
        raise TemporaryEngineError(f"the file could not be made: {error}") from error
    watch.progress(1.0)
    return rendered


def warm_up() -> None:
    """Load fonts and codecs by making a small video that is thrown away."""
    spec = GenerationSpec(prompt="a", size_px=(1280, 720), resolution="720p", duration_s=0.2)
    with TemporaryDirectory(prefix="rushes-slate-") as folder:
        produce(Job(spec=spec, prompt="a"), Path(folder), Watch(lambda _share: None))


@dataclass(frozen=True, slots=True)
class _Production:
    """Makes the files of one job."""

    job: Job
    folder: Path
    watch: Watch

    def run(self) -> tuple[Rendered, ...]:
        spec = self.job.spec
        match spec.kind, spec.makes:
            case Kind.VIDEO, _:
                return self._new_video()
            case Kind.IMAGE, _:
                return self._still()
            case Kind.REFRAME, Medium.IMAGE:
                return self._reframed_picture()
            case Kind.UPSCALE, _:
                return self._upscaled()
            case Kind.REFRAME, _:
                return self._reframed()
            case Kind.AUDIO, _:
                return self._with_sound()
            case _:
                raise PermanentEngineError(f"the slate engine cannot {spec.kind} a video")

    # new videos

    def _new_video(self) -> tuple[Rendered, ...]:
        job, spec = self.job, self.job.spec
        # A clip's last or first frame is also passed as a picture. The clip shows it already.
        first = self._picture(None if job.earlier_clip else job.first_image)
        last = self._picture(None if job.later_clip else job.last_image)
        earlier, later = (frames_in(clip) for clip in (job.earlier_clip, job.later_clip))
        size = self._video_size()
        frames = frame_count(spec.duration_s, loop=spec.loop and not earlier)
        if earlier:  # the clip shows the first frame; in a loop, the last one too
            frames -= 2 if spec.loop else 1
        if later:
            frames -= 1
        reel = Reel(
            scenes=self._scenes(size, first, last, frames),
            frames=frames,
            clock=clock_for(*size),
            counts_from=earlier,
        )
        write(reel, self._video, _LABEL, progress=self._progress)
        middle, end = _image_at(reel, frames // 2), _image_at(reel, frames - 1)
        if earlier or later:
            self._join(size)
            frames = frame_count_of(self._video)
            end = last_frame(job.later_clip) if job.later_clip else end
        return self._delivered(size, frames / FPS, middle, end)

    def _scenes(
        self, size: tuple[int, int], first: Array | None, last: Array | None, frames: int
    ) -> list[Scene]:
        """Return the first picture, or the card, and from the middle on the last picture."""
        words = self._words(size, ("length", f"{self.job.spec.duration_s:g}s"))
        scenes = [Scene(start=0, card=_shown(words, size, first))]
        if last is not None:
            scenes.append(Scene(start=frames // 2, card=_shown(words, size, last)))
        return scenes

    def _video_size(self) -> tuple[int, int]:
        spec, job = self.job.spec, self.job
        if spec.size_px:
            return spec.size_px
        ratio = spec.aspect_ratio
        if ratio is None:
            ratio = nearest(job.first_image or job.last_image)
        return frame_size(ratio, spec.resolution or DEFAULT_RESOLUTION)

    def _join(self, size: tuple[int, int]) -> None:
        """Put the new part after the earlier clip, or before the later one, or between both."""
        parts = (self.job.earlier_clip, self._video, self.job.later_clip)
        clips = [clip for clip in parts if clip is not None]
        joined = self.folder / "whole.mp4"
        try:
            join(clips, joined, _LABEL)
        except (Mismatch, ValueError):
            alike = [clip if clip == self._video else self._redone(clip, size) for clip in clips]
            join(alike, joined, _LABEL)
        joined.replace(self._video)

    def _redone(self, clip: Path, size: tuple[int, int]) -> Path:
        """Encode a clip again with the settings of cards, so that both can be joined."""
        which = "earlier" if clip == self.job.earlier_clip else "later"
        redone = self.folder / f"{which}.mp4"
        file = FrameFile(redone, size, _LABEL)
        try:
            copy_encoded(clip, file, *size, watch=self.watch.part(start=0.6, end=0.9))
            file.finish()
        finally:
            file.close()
        return redone

    # pictures

    def _still(self) -> tuple[Rendered, ...]:
        guides = self.job.guides
        shows = [one for one in guides if one.role in {Role.MODIFY, Role.CONTENT}]
        ratio = self.job.spec.aspect_ratio or nearest(shows[0].image if shows else None)
        size = STILL_SIZES[ratio]
        changed = [one for one in guides if one.role is Role.MODIFY]
        picture = cover_centred(read_picture(changed[0].image), *size) if changed else None
        card = drawn(self._words(size), size, picture)
        named = [(f"{one.role} {one.weight:g}", read_picture(one.image)) for one in guides]
        return self._picture_files(with_insets(card, named))

    def _reframed_picture(self) -> tuple[Rendered, ...]:
        spec = self.job.spec
        size = STILL_SIZES[spec.aspect_ratio or DEFAULT_RATIO]
        shown = laid(read_picture(self._source()), size, spec.reframing or Reframing())
        return self._picture_files(drawn(self._words(size), size, shown))

    def _picture_files(self, card: Array) -> tuple[Rendered, ...]:
        still = self.job.spec.still
        image = self.folder / f"image.{still.format if still else 'jpg'}"
        thumbnail = self.folder / "thumbnail.jpg"
        _write_picture(card, image)
        rows, columns = card.shape[0] // 4, card.shape[1] // 4
        small = cv2.resize(card, (columns, rows), interpolation=cv2.INTER_AREA)
        write_jpeg(small, thumbnail, quality=_QUALITY)
        return (
            _rendered(ArtifactKind.IMAGE, image, (card.shape[1], card.shape[0])),
            _rendered(ArtifactKind.THUMBNAIL, thumbnail, (columns, rows)),
        )

    # edits of a video

    def _upscaled(self) -> tuple[Rendered, ...]:
        resolution = self.job.spec.resolution
        was = look_at(self._source())
        size = upscaled_size(was.width_px, was.height_px, resolution)
        if size[0] <= was.width_px:
            problem = f"the video is {was.width_px}x{was.height_px} already"
            raise InputUnusable(f"{problem}; nothing is gained at {resolution}")
        shown = cover_centred(self._opening(), *size)
        return self._card_for_source(size, shown)

    def _reframed(self) -> tuple[Rendered, ...]:
        spec = self.job.spec
        size = frame_size(spec.aspect_ratio or DEFAULT_RATIO, spec.resolution or DEFAULT_RESOLUTION)
        shown = laid(self._opening(), size, spec.reframing or Reframing())
        return self._card_for_source(size, shown)

    def _card_for_source(self, size: tuple[int, int], picture: Array) -> tuple[Rendered, ...]:
        """Deliver a card over a frame of the source, with its length, frame rate and sound."""
        source = self._source()
        was = look_at(source)
        frames = max(1, round(was.duration_s * was.rate))
        words = self._words(size, ("fps", f"{float(was.rate):g}"))
        reel = Reel(
            scenes=[Scene(start=0, card=drawn(words, size, picture))],
            frames=frames,
            clock=clock_for(*size),
            rate=was.rate,
        )
        sound = sound_of(source) if was.has_sound else None
        write(reel, self._video, _LABEL, progress=self._progress, more=sound)
        middle, end = _image_at(reel, frames // 2), _image_at(reel, frames - 1)
        return self._delivered(size, frames / float(was.rate), middle, end)

    def _with_sound(self) -> tuple[Rendered, ...]:
        source = self._source()
        was = look_at(source)
        watch = self.watch.part(start=0.1, end=0.8)
        dub(source, beeps(was.duration_s), self._video, _LABEL, watch=watch)
        size = (was.width_px, was.height_px)
        return self._delivered(size, was.duration_s, self._opening(), last_frame(source))

    def _opening(self) -> Array:
        """Return the first frame of the source, upright."""
        with opened(self._source()) as container:
            stream = container.streams.video[0]
            for frame in frames_and_sound(container, stream, stream):
                if isinstance(frame, av.VideoFrame):
                    return rgb_of(frame)
        raise InputUnusable("no frame of the video can be decoded; send another MP4")

    # shared parts

    def _words(self, size: tuple[int, int], *more: tuple[str, str]) -> Words:
        spec = self.job.spec
        facts = [
            ("model", spec.model),
            ("ratio", spec.aspect_ratio or "as the picture's"),
            ("size", f"{size[0]}x{size[1]}"),
            *more,
        ]
        if spec.seed is not None:
            facts.append(("seed", str(spec.seed)))
        if spec.concepts:
            facts.append(("concepts", ", ".join(spec.concepts)))
        if spec.negative_prompt:
            facts.append(("without", spec.negative_prompt))
        facts += [(name, "yes") for name, on in self._switches() if on]
        return Words(title=_TITLES[spec.kind], prompt=self.job.prompt, facts=tuple(facts))

    def _switches(self) -> tuple[tuple[str, bool], ...]:
        job, spec = self.job, self.job.spec
        return (
            ("loop", spec.loop),
            ("extends", bool(job.earlier_clip and not job.later_clip)),
            ("leads up", bool(job.later_clip and not job.earlier_clip)),
            ("between two", bool(job.earlier_clip and job.later_clip)),
        )

    def _progress(self, share: float) -> None:
        self.watch.progress(0.1 + share * 0.5)

    def _picture(self, path: Path | None) -> Array | None:
        return None if path is None else read_picture(path)

    def _source(self) -> Path:
        if self.job.source is None:
            raise InputUnusable("there is no source to work on")
        return self.job.source

    @property
    def _video(self) -> Path:
        return self.folder / "video.mp4"

    def _delivered(
        self, size: tuple[int, int], length_s: float, middle: Array, end: Array
    ) -> tuple[Rendered, ...]:
        raw, thumbnail, last = (
            self.folder / name for name in ("video_raw.mp4", "thumbnail.jpg", "last_frame.jpg")
        )
        write_jpeg(middle, thumbnail, quality=_QUALITY)
        write_jpeg(end, last, quality=_QUALITY)
        same_file(self._video, raw)
        return (
            _rendered(ArtifactKind.VIDEO, self._video, size, length_s),
            _rendered(ArtifactKind.VIDEO_RAW, raw, size, length_s),
            _rendered(ArtifactKind.THUMBNAIL, thumbnail, size),
            _rendered(ArtifactKind.LAST_FRAME, last, size),
        )


def _shown(words: Words, size: tuple[int, int], picture: Array | None) -> Array:
    return drawn(words, size, None if picture is None else cover_centred(picture, *size))


def _image_at(reel: Reel, index: int) -> Array:
    """Return a frame of a reel as uint8 RGB, as it was drawn."""
    scene = [one for one in reel.scenes if one.start <= index][-1]
    return stamped(scene.card, reel.clock, reel.timecode(index))


def _write_picture(picture: Array, path: Path) -> None:
    if path.suffix == ".jpg":
        write_jpeg(picture, path, quality=_QUALITY)
        return
    done, content = cv2.imencode(path.suffix, cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    if not done:
        raise OSError(f"{path.name} could not be encoded")
    path.write_bytes(content.tobytes())


def _rendered(
    kind: ArtifactKind, file: Path, size: tuple[int, int], duration_s: float | None = None
) -> Rendered:
    return Rendered(
        kind=kind,
        file=file,
        media_type=_TYPES[file.suffix],
        width_px=size[0],
        height_px=size[1],
        duration_s=duration_s,
    )
