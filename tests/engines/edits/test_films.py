"""Upscaling, reframing and dubbing, measured on what comes out."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from PIL import Image
from tests.engines.edits.conftest import QUARTERS, Probed, quartered

from rushes.core.errors import InputUnusable, PermanentEngineError
from rushes.core.generation import ArtifactKind
from rushes.core.spec import Kind, Medium, Rectangle, Reframing, Source, Still
from rushes.engines.animatic.edits.reframe import reframed_picture
from rushes.engines.video.watch import Stopped, Watch

VIDEO_FILES = [
    ArtifactKind.VIDEO,
    ArtifactKind.VIDEO_RAW,
    ArtifactKind.THUMBNAIL,
    ArtifactKind.LAST_FRAME,
]


def close(pixel, colour, tolerance=14) -> bool:
    return bool(np.all(np.abs(pixel.astype(int) - colour) <= tolerance))


def test_an_upscale_has_the_asked_size_the_same_length_and_the_same_sound(clip, done):
    source = clip(sound="aac")
    rendered = done(Kind.UPSCALE, source=source, resolution="1080p")
    assert [item.kind for item in rendered] == VIDEO_FILES
    assert all((item.width_px, item.height_px) == (1920, 1080) for item in rendered)
    before, after = Probed(source), Probed(rendered[0].file)
    assert after.size == (1920, 1080)
    assert (after.duration_s, rendered[0].duration_s) == (1.0, 1.0)
    assert after.sound_codec == "aac"
    np.testing.assert_array_equal(after.sound, before.sound)
    for (row, column), colour in zip(
        ((270, 480), (270, 1440), (810, 480), (810, 1440)), QUARTERS, strict=True
    ):
        assert close(after.pictures[3][row, column], colour)


def test_an_upscale_says_that_it_is_resampled(clip, done):
    rendered = done(Kind.UPSCALE, source=clip(frames=3), resolution="1080p")
    assert Probed(rendered[0].file).comment.startswith("Resampled to more pixels; no detail")


def test_a_video_that_has_the_pixels_already_is_not_upscaled(clip, done):
    with pytest.raises(InputUnusable, match="is 1920x1080 already"):
        done(Kind.UPSCALE, source=clip(size=(1920, 1080), frames=2), resolution="1080p")


def test_a_rate_other_than_ours_is_kept(clip, done):
    source = clip(rate=30, frames=15)
    after = Probed(done(Kind.UPSCALE, source=source, resolution="1080p")[0].file)
    assert len(after.pictures) == 15
    assert float(after.rate) == pytest.approx(30, rel=0.01)


def test_sound_that_an_mp4_does_not_hold_is_encoded_anew(clip, done):
    source = clip("clip.mkv", sound="pcm_s16le")
    after = Probed(done(Kind.REFRAME, source=source, aspect_ratio="1:1", resolution="540p")[0].file)
    assert after.sound_codec == "aac"
    assert np.sqrt(np.mean(after.sound**2)) == pytest.approx(0.2 / np.sqrt(2), rel=0.15)


def test_a_webm_is_read(clip, done):
    source = clip("clip.webm", codec="libvpx-vp9", frames=6)
    after = Probed(done(Kind.REFRAME, source=source, aspect_ratio="1:1", resolution="540p")[0].file)
    assert (after.codec, after.size) == ("h264", (540, 540))


def test_a_telephone_held_upright_is_turned(clip, done):
    source = clip(frames=3)
    data = source.read_bytes()
    level, turned = (
        b"".join(v.to_bytes(4, "big", signed=True) for v in matrix)
        for matrix in (
            (1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30),
            (0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30),
        )
    )
    head, sep, tail = data.rpartition(level)
    source.write_bytes(head + turned + tail)
    assert sep
    after = Probed(done(Kind.UPSCALE, source=source, resolution="1080p")[0].file)
    assert after.size == (1080, 1920)
    assert close(after.pictures[0][200, 900], QUARTERS[0])  # what was on the left is on top


def test_the_marked_video_differs_from_the_raw_one_in_the_corner_only(clip, done):
    rendered = done(
        Kind.REFRAME,
        source=clip(frames=3),
        aspect_ratio="1:1",
        resolution="540p",
        watermark="PREVIEW",
    )
    marked, raw = Probed(rendered[0].file), Probed(rendered[1].file)
    difference = np.abs(marked.pictures[1].astype(int) - raw.pictures[1]).max(axis=2)
    assert difference[-60:, -200:].max() > 30
    assert difference[:400].mean() < 2


@pytest.mark.parametrize("trouble", ["text", "cut", "sound only"])
def test_what_is_no_video_is_refused_as_such(clip, done, tmp_path, trouble):
    source = clip(frames=3)
    match trouble:
        case "text":
            source.write_text("#EXTM3U\nhttp://127.0.0.1/secret.ts\n")
        case "cut":
            source.write_bytes(source.read_bytes()[:700])
        case _:
            source = tmp_path / "playlist.mp4"
            source.write_text("ffconcat version 1.0\nfile '/etc/hostname'\n")
    with pytest.raises(InputUnusable):
        done(Kind.UPSCALE, source=source, resolution="1080p")


def test_modifying_is_not_done_here(clip, done):
    with pytest.raises(PermanentEngineError, match="cannot modify"):
        done(Kind.MODIFY, source=clip(frames=2))


@pytest.mark.parametrize(
    ("kind", "requested"),
    [
        (Kind.UPSCALE, {"resolution": "1080p"}),
        (Kind.REFRAME, {"aspect_ratio": "9:16", "resolution": "540p"}),
        (Kind.AUDIO, {}),
    ],
)
def test_progress_never_goes_back_and_ends_at_one(clip, done, kind, requested):
    reported = []
    done(kind, "rain", source=clip(), watch=Watch(reported.append), **requested)
    assert reported == sorted(reported)
    assert reported[-1] == 1.0
    assert len(reported) > 10


def test_work_stops_when_it_is_no_longer_wanted(clip, done):
    reported = []

    def listen(share):
        reported.append(share)
        if len(reported) == 5:
            watch.stop()

    watch = Watch(listen)
    with pytest.raises(Stopped):
        done(Kind.UPSCALE, source=clip(), watch=watch, resolution="1080p")
    assert len(reported) == 5


# reframing


def test_a_reframed_video_covers_its_frame_from_the_middle(clip, done):
    source = clip(size=(320, 180), frames=3)
    after = Probed(
        done(Kind.REFRAME, source=source, aspect_ratio="9:16", resolution="540p")[0].file
    )
    assert after.size == (540, 960)
    left_top, right_bottom = after.pictures[1][100, 60], after.pictures[1][860, 480]
    assert close(left_top, QUARTERS[0])
    assert close(right_bottom, QUARTERS[3])


def test_a_placed_video_lies_where_it_was_asked_and_its_edges_go_on_softly(clip, done):
    placement = Rectangle(x=0.0, y=0.25, width=1.0, height=0.5)
    rendered = done(
        Kind.REFRAME,
        source=clip(size=(320, 320), frames=3),
        aspect_ratio="1:1",
        resolution="540p",
        reframing=Reframing(placement=placement),
    )
    shown = Probed(rendered[0].file).pictures[1]
    assert close(shown[140, 100], QUARTERS[0])
    assert close(shown[400, 400], QUARTERS[3])
    assert close(shown[60, 100], np.multiply(QUARTERS[0], 0.86), tolerance=24)
    assert close(shown[500, 440], np.multiply(QUARTERS[3], 0.86), tolerance=24)
    jump = np.abs(np.diff(shown[:130, 100].astype(int), axis=0)).max()
    assert jump < 20  # nothing sharp in what was added


def test_a_crop_takes_its_part_of_the_source(done, picture):
    corner = Rectangle(x=0.5, y=0.0, width=0.5, height=0.5)
    (image, _) = done(
        Kind.REFRAME,
        source=picture(),
        target=Source(medium=Medium.IMAGE),
        aspect_ratio="1:1",
        still=Still(format="png"),
        reframing=Reframing(crop=corner),
    )
    assert image.media_type == "image/png"
    shown = np.asarray(Image.open(image.file))
    assert shown.shape == (1536, 1536, 3)
    assert all(close(shown[row, 760], QUARTERS[1], tolerance=3) for row in (60, 760, 1480))


def test_nothing_to_be_seen_is_refused(clip, done):
    beyond = Rectangle(x=2.0, y=0.0, width=0.5, height=0.5)
    with pytest.raises(InputUnusable, match="nothing of the source would be seen"):
        done(
            Kind.REFRAME,
            source=clip(frames=2),
            aspect_ratio="1:1",
            reframing=Reframing(placement=beyond),
        )


@settings(max_examples=25, deadline=None)
@given(
    size=st.tuples(st.integers(20, 300), st.integers(20, 300)),
    frame=st.tuples(st.integers(20, 120), st.integers(20, 120)),
    place=st.builds(
        Rectangle,
        x=st.floats(-0.4, 0.6),
        y=st.floats(-0.4, 0.6),
        width=st.floats(0.3, 1.5),
        height=st.floats(0.3, 1.5),
    ),
)
def test_each_quarter_of_a_picture_is_found_where_it_was_placed(size, frame, place):
    assume(place.x + place.width > 0.05)
    assume(place.y + place.height > 0.05)
    width, height = frame[0] * 2, frame[1] * 2
    shown = reframed_picture(quartered(*size), (width, height), Reframing(placement=place))
    assert shown.shape == (height, width, 3)
    for order, colour in enumerate(QUARTERS):
        x = round((place.x + place.width * (0.25 + 0.5 * (order % 2))) * width)
        y = round((place.y + place.height * (0.25 + 0.5 * (order // 2))) * height)
        if 0 <= x < width and 0 <= y < height:
            assert close(shown[y, x], colour, tolerance=6)


# sound


def test_sound_is_laid_under_the_very_same_pictures(clip, done):
    source = clip(frames=48, sound="aac")
    rendered = done(Kind.AUDIO, "waves on a beach", source=source)
    assert [item.kind for item in rendered] == VIDEO_FILES
    before, after = Probed(source), Probed(rendered[0].file)
    assert all(
        np.array_equal(old, new) for old, new in zip(before.pictures, after.pictures, strict=True)
    )
    assert (after.sound_codec, after.sound_rate, after.sound.shape[0]) == ("aac", 48_000, 2)
    assert after.sound.shape[1] / 48_000 == pytest.approx(2.0, abs=0.03)
    middle = after.sound[:, 30_000:60_000]
    assert 0.01 < np.sqrt(np.mean(middle**2)) < 0.3
    assert np.abs(after.sound[:, :400]).max() < 0.02
    assert not np.allclose(middle[0], middle[1], atol=0.01)
    assert "synthesised" in after.comment


def test_the_same_words_and_seed_sound_the_same(clip, done):
    source = clip()
    first, again, other = (
        done(Kind.AUDIO, "rain", source=source, into=name, seed=seed)[0].file.read_bytes()
        for name, seed in (("a", 7), ("b", 7), ("c", 8))
    )
    assert first == again
    assert first != other


def test_a_marked_video_sounds_too(clip, done):
    rendered = done(Kind.AUDIO, "fire", source=clip(), watermark="PREVIEW")
    marked, raw = Probed(rendered[0].file), Probed(rendered[1].file)
    np.testing.assert_array_equal(marked.sound, raw.sound)
    assert not np.array_equal(marked.pictures[5], raw.pictures[5])
