"""The slate engine: cards of exactly what was asked for."""

import asyncio
import errno
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from tests.engines.edits.conftest import QUARTERS, Probed, quartered, write_clip

from rushes.core.errors import InputUnusable, PermanentEngineError, TemporaryEngineError
from rushes.core.generation import ArtifactKind
from rushes.core.geometry import RATIOS, STILL_SIZES, frame_size
from rushes.core.spec import GenerationSpec, Kind, Medium, Rectangle, Reframing, Role, Source, Still
from rushes.engines.base import Job, ReferencePicture
from rushes.engines.slate.card import Words, clock_for, drawn, glyph
from rushes.engines.slate.engine import SlateEngine
from rushes.engines.slate.h264 import parameters_of

FPS = 24


def job(kind: Kind = Kind.VIDEO, prompt: str = "a lake at dawn", **more) -> Job:
    ours = {name: more.pop(name) for name in tuple(more) if name in Job.__dataclass_fields__}
    requested = {"aspect_ratio": "16:9", "resolution": "360p", "model": "ray-2", **more}
    spec = GenerationSpec(prompt=prompt, kind=kind, **requested)
    return Job(spec=spec, prompt=prompt, **ours)


def rendered(job: Job, folder: Path):
    made = asyncio.run(SlateEngine().render(job, folder, lambda *_: None))
    return {one.kind: one for one in made}


def video(job: Job, folder: Path) -> Probed:
    return Probed(rendered(job, folder)[ArtifactKind.VIDEO].file)


@pytest.fixture
def picture(tmp_path: Path):
    """Return a maker of picture files, of one colour or of four."""

    def write(
        name: str = "picture.png", *, size: tuple[int, int] = (320, 180), colour=None
    ) -> Path:
        shown = quartered(*size)
        if colour is not None:
            shown[:] = colour
        cv2.imwrite(str(tmp_path / name), cv2.cvtColor(shown, cv2.COLOR_RGB2BGR))
        return tmp_path / name

    return write


def apart(left, right) -> float:
    return float(np.abs(left.astype(int) - right).mean())


def read_timecode(picture: np.ndarray) -> str:
    """Read the timecode off a frame, by the digits that it can be made of."""
    height, width = picture.shape[:2]
    clock = clock_for(width, height)
    grey = picture.mean(axis=2) * 219 / 255 + 16
    top, rows, columns = clock.row * 16, clock.tall * 16, clock.wide * 16
    read = ""
    for place in range(len(clock.form)):
        left = clock.column * 16 + place * columns
        seen = grey[top : top + rows, left : left + columns]
        best = min(
            "0123456789:", key=lambda c: apart(seen, glyph(c, clock.wide, clock.tall).astype(int))
        )
        read += best
    return read


@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize("loop", [False, True])
def test_a_video_has_the_size_length_rate_and_codec_asked_for(tmp_path, ratio, loop) -> None:
    made = video(job(aspect_ratio=ratio, loop=loop, duration_s=4.0), tmp_path)
    assert made.size == frame_size(ratio, "360p")
    assert len(made.pictures) == 96 + (not loop)
    assert (made.codec, made.rate) == ("h264", FPS)
    assert "engine: slate" in made.comment


@pytest.mark.parametrize("size", [(128, 128), (2520, 128), (130, 2520), (720, 1280)])
def test_any_size_has_a_card(tmp_path, size) -> None:
    made = video(job(size_px=size, duration_s=4.0), tmp_path)
    assert made.size == size
    assert {read_timecode(one)[-2:] for one in made.pictures[:24]} == {f"{n:02}" for n in range(24)}


def test_the_timecode_counts_every_frame(tmp_path) -> None:
    made = video(job(), tmp_path)
    expected = [f"00:00:{n // 24:02}:{n % 24:02}" for n in range(121)]
    assert [read_timecode(one) for one in made.pictures] == expected


def test_beside_the_timecode_nothing_moves(tmp_path) -> None:
    made = video(job(), tmp_path)
    assert max(apart(made.pictures[0][:200], one[:200]) for one in made.pictures) < 1


def test_a_player_can_start_at_every_second_second(tmp_path) -> None:
    made = rendered(job(), tmp_path)[ArtifactKind.VIDEO].file
    with av.open(str(made)) as container:
        packets = [p for p in container.demux(video=0) if p.dts is not None]
    assert [p.pts for p in packets if p.is_keyframe] == [n * packets[1].pts for n in (0, 48, 96)]


def test_the_card_shows_the_prompt_the_model_and_the_ratio() -> None:
    def card(**more):
        facts = (("model", more.get("model", "ray-2")), ("ratio", more.get("ratio", "16:9")))
        words = Words(title="VIDEO", prompt=more.get("prompt", "a dune"), facts=facts)
        return drawn(words, (640, 360))

    plain = card()
    for changed in ({"model": "ray-3"}, {"ratio": "1:1"}, {"prompt": "a dome"}):
        assert apart(plain, card(**changed)) > 0, changed


@pytest.mark.parametrize(
    "prompt",
    [
        "",
        "  \n\t",
        "灯台、夕暮れ",
        "Привет, мир",
        "منارة",
        "नमस्ते",
        "🎬" * 40,
        "a" * 6000,
        "\ud800\x00\u202e",
    ],
)
def test_any_prompt_has_a_card(tmp_path, prompt) -> None:
    assert video(job(prompt=prompt, duration_s=4.0), tmp_path).size == (640, 360)


@pytest.mark.parametrize("prompt", ["灯台、夕暮れ", "Привет", "منارة", "한국어"])
def test_a_prompt_in_another_script_is_seen(prompt) -> None:
    def card(text: str):
        return drawn(Words(title="VIDEO", prompt=text, facts=()), (640, 360))

    assert apart(card(prompt), card("?" * len(prompt))) > 0.1


def test_the_first_image_opens_the_video_and_the_last_one_ends_it(tmp_path, picture) -> None:
    first = picture("first.png", colour=(200, 30, 30))
    last = picture("last.png", colour=(30, 30, 200))
    made = video(job(first_image=first, last_image=last), tmp_path)
    assert apart(made.pictures[0][:200], (200, 30, 30)) < 6
    assert apart(made.pictures[-1][:200], (30, 30, 200)) < 6
    assert read_timecode(made.pictures[-1]) == "00:00:05:00"


def test_without_a_first_image_the_card_comes_before_the_last_one(tmp_path, picture) -> None:
    made = video(job(last_image=picture(colour=(30, 30, 200))), tmp_path)
    assert apart(made.pictures[0][:200], (30, 30, 200)) > 30
    assert apart(made.pictures[-1][:200], (30, 30, 200)) < 6


def test_a_picture_decides_the_ratio_when_none_is_asked_for(tmp_path, picture) -> None:
    portrait = picture(size=(180, 320))
    assert video(job(first_image=portrait, aspect_ratio=None), tmp_path).size == (360, 640)


def test_the_last_frame_and_the_thumbnail_are_frames_of_the_video(tmp_path) -> None:
    made = rendered(job(), tmp_path)
    pictures = Probed(made[ArtifactKind.VIDEO].file).pictures
    for kind, frame in ((ArtifactKind.LAST_FRAME, -1), (ArtifactKind.THUMBNAIL, 60)):
        shown = cv2.cvtColor(cv2.imread(str(made[kind].file)), cv2.COLOR_BGR2RGB)
        assert apart(shown, pictures[frame]) < 2


@pytest.fixture(params=["slate", "another encoder"])
def earlier(request, tmp_path) -> Path:
    """A clip of 97 frames to go on from."""
    if request.param == "slate":
        made = rendered(job(prompt="the first part", duration_s=4.0), tmp_path / "earlier")
        return made[ArtifactKind.VIDEO].file
    return write_clip(tmp_path / "clip.mp4", size=(640, 360), frames=97)


def test_an_extension_begins_with_the_clip_and_counts_on(tmp_path, earlier, picture) -> None:
    requested = job(earlier_clip=earlier, first_image=picture())
    made = video(requested, tmp_path / "out")
    assert len(made.pictures) == 97 + 120
    assert apart(made.pictures[96], Probed(earlier).pictures[96]) < 4
    assert read_timecode(made.pictures[97]) == "00:00:04:01"
    assert read_timecode(made.pictures[-1]) == "00:00:09:00"


def test_a_video_can_come_before_a_clip(tmp_path, earlier, picture) -> None:
    made = rendered(job(later_clip=earlier, last_image=picture()), tmp_path / "out")
    pictures = Probed(made[ArtifactKind.VIDEO].file).pictures
    assert len(pictures) == 120 + 97
    assert read_timecode(pictures[0]) == "00:00:00:00"
    assert apart(pictures[-1], Probed(earlier).pictures[-1]) < 4
    last = cv2.cvtColor(cv2.imread(str(made[ArtifactKind.LAST_FRAME].file)), cv2.COLOR_BGR2RGB)
    assert apart(last, pictures[-1]) < 4


def test_a_video_can_come_between_two_clips(tmp_path, earlier) -> None:
    later = write_clip(tmp_path / "later.mp4", size=(640, 360), frames=30)
    made = video(job(earlier_clip=earlier, later_clip=later), tmp_path / "out")
    assert len(made.pictures) == 97 + 119 + 30


def test_a_loop_over_an_extension_leaves_out_the_frame_that_is_its_start(tmp_path, earlier) -> None:
    made = video(job(earlier_clip=earlier, loop=True), tmp_path / "out")
    assert len(made.pictures) == 97 + 119


def test_a_clip_that_cannot_be_read_is_the_callers_to_mend(tmp_path) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no video")
    with pytest.raises(InputUnusable, match="cannot be read"):
        rendered(job(earlier_clip=broken), tmp_path / "out")


@pytest.mark.parametrize("ratio", ["3:1", "9:21", "1:1"])
@pytest.mark.parametrize("suffix", ["jpg", "png"])
def test_a_still_has_its_size_and_format(tmp_path, ratio, suffix) -> None:
    requested = job(Kind.IMAGE, aspect_ratio=ratio, still=Still(format=suffix))
    image = rendered(requested, tmp_path)[ArtifactKind.IMAGE]
    shown = cv2.imread(str(image.file))
    assert (shown.shape[1], shown.shape[0]) == STILL_SIZES[ratio]
    assert (image.width_px, image.height_px) == STILL_SIZES[ratio]
    magic = b"\xff\xd8" if suffix == "jpg" else b"\x89PNG"
    assert image.file.read_bytes().startswith(magic)


@pytest.mark.parametrize("role", Role)
def test_a_still_shows_each_reference(tmp_path, picture, role) -> None:
    plain = rendered(job(Kind.IMAGE), tmp_path / "plain")[ArtifactKind.IMAGE].file
    guide = ReferencePicture(role=role, image=picture(colour=(250, 10, 240)))
    made = rendered(job(Kind.IMAGE, guides=(guide,)), tmp_path / "out")[ArtifactKind.IMAGE].file
    shown, without = cv2.imread(str(made)), cv2.imread(str(plain))
    vivid = np.all(np.abs(shown.astype(int) - (240, 10, 250)) < 25, axis=2)
    assert vivid.mean() > (0.3 if role is Role.MODIFY else 0.01)
    assert apart(shown, without) > 1


@pytest.mark.parametrize(("resolution", "size"), [("1080p", (1920, 1080)), ("4k", (3840, 2160))])
def test_an_upscale_keeps_length_rate_and_sound(tmp_path, resolution, size) -> None:
    source = write_clip(tmp_path / "clip.mp4", size=(320, 180), frames=30, rate=30, sound="aac")
    requested = job(Kind.UPSCALE, resolution=resolution, source=source, aspect_ratio=None)
    made = video(requested, tmp_path / "out")
    assert (made.size, len(made.pictures), made.rate) == (size, 30, 30)
    assert made.sound_codec == "aac"
    assert len(made.sound[0]) / 48_000 == pytest.approx(1.0, abs=0.1)
    upper = made.pictures[0][: size[1] // 4]
    assert apart(upper[:, : size[0] // 3], QUARTERS[0]) < 8
    assert read_timecode(made.pictures[29]) == "00:00:00:29"


def test_an_upscale_of_what_is_large_enough_is_refused(tmp_path) -> None:
    source = write_clip(tmp_path / "clip.mp4", size=(1920, 1080), frames=3)
    with pytest.raises(InputUnusable, match="1920x1080 already"):
        rendered(job(Kind.UPSCALE, resolution="1080p", source=source), tmp_path / "out")


def test_a_reframing_of_a_video_lays_it_where_it_is_asked(tmp_path) -> None:
    source = write_clip(
        tmp_path / "clip.webm", codec="libvpx-vp9", sound="libopus", frames=25, rate=25
    )
    place = Reframing(placement=Rectangle(x=0.5, y=0, width=0.5, height=0.5))
    requested = job(Kind.REFRAME, source=source, aspect_ratio="1:1", reframing=place)
    made = video(
        replace(requested, spec=replace(requested.spec, source=Source(file="x"))), tmp_path / "out"
    )
    assert (made.size, made.rate, made.sound_codec) == ((360, 360), 25, "opus")
    assert apart(made.pictures[0][20:60, 200:260], QUARTERS[0]) < 12
    assert apart(made.pictures[0][20:60, 20:160], (58, 58, 58)) < 6


def test_a_reframing_of_a_picture_is_a_picture(tmp_path, picture) -> None:
    source = Source(medium=Medium.IMAGE, file="x")
    requested = job(Kind.REFRAME, source=picture(), aspect_ratio="9:16")
    made = rendered(
        replace(requested, spec=replace(requested.spec, source=source)), tmp_path / "out"
    )
    shown = cv2.imread(str(made[ArtifactKind.IMAGE].file))
    assert (shown.shape[1], shown.shape[0]) == STILL_SIZES["9:16"]


def test_sound_is_a_beep_each_second_under_the_pictures_as_they_were(tmp_path) -> None:
    source = write_clip(tmp_path / "clip.mp4", frames=72)
    made = video(job(Kind.AUDIO, source=source), tmp_path / "out")
    assert all(
        apart(one, two) == 0
        for one, two in zip(made.pictures, Probed(source).pictures, strict=True)
    )
    assert (made.sound_codec, made.sound_rate) == ("aac", 48_000)
    assert len(made.sound[0]) / 48_000 == pytest.approx(3.0, abs=0.05)
    loud = [
        np.abs(made.sound[0][round(s * 48_000) :][:2400]).max()
        for s in (0.02, 0.5, 1.02, 1.5, 2.02)
    ]
    assert [level > 0.05 for level in loud] == [True, False, True, False, True]


def test_a_modification_is_refused(tmp_path) -> None:
    assert Kind.MODIFY not in SlateEngine().capabilities.kinds
    with pytest.raises(PermanentEngineError, match="cannot modify"):
        rendered(job(Kind.MODIFY), tmp_path)


def test_a_full_disk_is_worth_another_attempt(tmp_path, monkeypatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("rushes.engines.slate.production.write_jpeg", lambda *_, **__: full())
    with pytest.raises(TemporaryEngineError, match="No space left"):
        rendered(job(), tmp_path)


def test_a_stream_that_cannot_be_repeated_is_told_from_one_that_can() -> None:
    codec = av.CodecContext.create("libx264", "w")
    codec.width, codec.height, codec.pix_fmt, codec.time_base = 64, 64, "yuv420p", Fraction(1, 24)
    codec.options = {"preset": "medium"}
    codec.flags |= 1 << 22  # the parameter sets apart, as in an MP4
    codec.open()
    with pytest.raises(ValueError, match="baseline"):
        parameters_of(bytes(codec.extradata))
    with pytest.raises(ValueError, match="no parameter sets"):
        parameters_of(b"")


def test_quartered_pictures_fill_the_frame(tmp_path) -> None:
    path = tmp_path / "wide.png"
    cv2.imwrite(str(path), cv2.cvtColor(quartered(640, 360), cv2.COLOR_RGB2BGR))
    made = video(job(first_image=path, duration_s=4.0), tmp_path / "out")
    assert apart(made.pictures[0][10:150, 10:300], QUARTERS[0]) < 6


@pytest.mark.parametrize("size", [(128, 128), (640, 360), (360, 640), (2520, 1080)])
def test_most_of_a_picture_is_seen(tmp_path, picture, size) -> None:
    first = picture(colour=(200, 30, 30))
    made = video(job(first_image=first, size_px=size, duration_s=4.0), tmp_path)
    assert apart(made.pictures[0][: round(size[1] * 0.64)], (200, 30, 30)) < 6
