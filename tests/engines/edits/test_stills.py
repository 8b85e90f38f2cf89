"""Stills: their sizes and formats, and what reference pictures do to them."""

from itertools import pairwise

import numpy as np
import pytest
from PIL import Image
from tests.engines.edits.conftest import quartered

from rushes.core.generation import ArtifactKind
from rushes.core.geometry import STILL_SIZES
from rushes.core.spec import Kind, Role, Still
from rushes.engines.animatic.edits.grade import Grade, graded, tone_of, toned
from rushes.engines.animatic.edits.still import StillPainter
from rushes.engines.animatic.planning.plan import plan_shot
from rushes.engines.base import ReferencePicture
from rushes.engines.video.watch import Watch

SIZE = (192, 128)


@pytest.fixture
def paint(picture):
    def run(prompt="mountains at dawn", *guides, seed=3, size=SIZE):
        plan = plan_shot(prompt, seed=seed)
        painter = StillPainter(prompt, plan, seed=seed, size=size, guides=guides)
        return painter.painted(Watch(lambda _share: None))

    return run


def apart(left, right) -> float:
    return float(np.abs(left.astype(int) - right).mean())


@pytest.mark.parametrize(
    ("ratio", "form", "media_type"), [("1:1", "jpg", "image/jpeg"), ("1:3", "png", "image/png")]
)
def test_a_still_has_the_asked_shape_and_format_and_says_what_it_is(done, ratio, form, media_type):
    image, thumbnail = done(Kind.IMAGE, "a lake", aspect_ratio=ratio, still=Still(format=form))
    assert (image.kind, image.media_type) == (ArtifactKind.IMAGE, media_type)
    assert thumbnail.kind is ArtifactKind.THUMBNAIL
    with Image.open(image.file) as shown:
        assert shown.size == STILL_SIZES[ratio] == (image.width_px, image.height_px)
        reported = shown.info.get("Comment") or shown.info["comment"].decode()
        assert "not a neural model" in reported
    with Image.open(thumbnail.file) as small:
        assert max(small.size) == 640


def test_the_same_words_and_seed_give_the_same_still(paint):
    np.testing.assert_array_equal(paint(), paint())
    assert apart(paint(), paint(seed=4)) > 1
    assert apart(paint(), paint("a city at night")) > 10


def test_a_followed_picture_is_seen_as_much_as_it_weighs(paint, picture):
    red = picture("red.png", colour=(210, 20, 20))
    scene = paint()
    looks = [
        paint("mountains at dawn", ReferencePicture(role=Role.CONTENT, image=red, weight=weight))
        for weight in (0.0, 0.3, 0.6, 0.85)
    ]
    np.testing.assert_array_equal(looks[0], scene)
    moved = [apart(look, scene) for look in looks]
    assert all(more > less + 5 for less, more in pairwise(moved))
    assert looks[-1].std(axis=(0, 1)).max() < 3  # nothing of the scene is left


def test_without_words_for_a_place_a_followed_picture_keeps_its_colours(paint, picture):
    shown = picture("shown.png", size=SIZE)
    made = paint("xyzzy", ReferencePicture(role=Role.CONTENT, image=shown, weight=1.0))
    assert apart(made, quartered(*SIZE)) < 1


def test_two_followed_pictures_stand_side_by_side(paint, picture):
    red = picture("red.png", colour=(210, 20, 20))
    blue = picture("blue.png", colour=(20, 20, 210))
    made = paint(
        "xyzzy",
        ReferencePicture(role=Role.CONTENT, image=red, weight=1.0),
        ReferencePicture(role=Role.CONTENT, image=blue, weight=1.0),
    )
    assert made[60, 20, 0] > made[60, 20, 2] + 100
    assert made[60, 170, 2] > made[60, 170, 0] + 100


def test_a_style_gives_its_colours_and_nothing_else(paint, picture):
    green = picture("green.png", colour=(20, 160, 40))
    scene = paint()
    made = paint("mountains at dawn", ReferencePicture(role=Role.STYLE, image=green, weight=1.0))
    assert tone_of(made).mean[1] < -20  # a* of green
    bright = scene.mean(axis=2)
    kept = np.corrcoef(bright.ravel(), made.mean(axis=2).ravel())[0, 1]
    assert kept > 0.6


def test_a_character_stands_in_the_picture_and_leaves_the_rest(paint, picture):
    red = picture("red.png", colour=(230, 10, 10))
    scene = paint()
    made = paint("mountains at dawn", ReferencePicture(role=Role.CHARACTER, image=red))
    assert apart(made[:, :30], scene[:, :30]) == 0
    assert made[80, 111, 0] > made[80, 111, 2] + 60


def test_a_picture_is_changed_as_the_words_say(paint, picture):
    shown = ReferencePicture(role=Role.MODIFY, image=picture("shown.png", size=SIZE))
    grey = paint("make it black and white", shown)
    assert np.ptp(grey.astype(int), axis=2).max() <= 2
    assert paint("make it night", shown).mean() < 0.7 * quartered(*SIZE).mean()
    assert paint("warmer", shown)[..., 0].mean() > paint("colder", shown)[..., 0].mean() + 10


def test_a_changed_picture_that_weighs_less_is_more_of_a_scene(paint, picture):
    shown = picture("shown.png", size=SIZE)
    near, far = (
        paint("a sunset at sea", ReferencePicture(role=Role.MODIFY, image=shown, weight=weight))
        for weight in (1.0, 0.2)
    )
    scene = paint("a sunset at sea")
    assert apart(far, scene) < apart(near, scene)


def test_a_still_without_a_shape_takes_that_of_the_picture_it_follows(done, picture):
    tall = picture("tall.png", size=(90, 160))
    image, _ = done(Kind.IMAGE, "", guides=[ReferencePicture(role=Role.CONTENT, image=tall)])
    assert (image.width_px, image.height_px) == STILL_SIZES["9:16"]


def test_a_grade_of_nothing_changes_nothing():
    shown = quartered(40, 30)
    assert apart(graded(shown, Grade()), shown) == 0
    assert apart(toned(shown, tone_of(shown), share=1.0), shown) < 1
