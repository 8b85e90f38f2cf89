"""What each kind of work is refused for, and in which words."""

from dataclasses import replace

import pytest

from rushes.core.capabilities import Capabilities
from rushes.core.errors import InvalidRequest
from rushes.core.geometry import STILL_SIZES, UPSCALED_PX
from rushes.core.spec import (
    GenerationSpec,
    Keyframe,
    Kind,
    Medium,
    Position,
    Rectangle,
    Reference,
    Reframing,
    Role,
    Source,
    Still,
)
from rushes.engines.base import channels_of
from rushes.engines.scripted import ScriptedEngine
from rushes.service.catalogue import MODELS, Catalogue

CAN = Capabilities(
    kinds=(Kind.VIDEO, Kind.IMAGE, Kind.UPSCALE, Kind.AUDIO, Kind.REFRAME),
    resolutions=("540p", "720p"),
    durations_s=(5.0,),
    ratios=("16:9", "1:1"),
    still_ratios=tuple(STILL_SIZES),
    still_formats=("jpg", "png"),
    references=(Role.CONTENT, Role.STYLE),
    upscales=tuple(UPSCALED_PX),
    reframes=(Medium.IMAGE,),
)
VIDEO = GenerationSpec(prompt="a lake", model="ray-2", resolution="720p")
CLIP = Source(generation_id="earlier")
PICTURE = Source(medium=Medium.IMAGE, file="http://pictures.test/a.png")


class Limited(ScriptedEngine):
    capabilities = CAN


def refusals(spec: GenerationSpec) -> dict[str, str]:
    return dict(Catalogue(channels_of(dict.fromkeys(MODELS, Limited([])))).refusals(spec))


def test_what_no_engine_can_do_is_refused_with_what_it_can():
    reported = refusals(replace(VIDEO, kind=Kind.MODIFY, source=CLIP))
    assert reported == {
        "kind": "ray-2 cannot modify a video; it can make a video, make a picture,"
        " upscale a video, add sound to a video, reframe"
    }


def test_a_model_is_not_asked_for_what_its_name_says_it_does_not_make():
    still = replace(VIDEO, kind=Kind.IMAGE)
    assert refusals(still)["model"].startswith("model ray-2 makes videos; for a picture ask for")
    assert refusals(replace(VIDEO, model="photon-1"))["model"].startswith(
        "model photon-1 makes pictures; for a video ask for ray-1-6 or"
    )
    assert refusals(replace(still, model="photon-1")) == {}


def test_a_picture_has_a_default_model_of_its_own():
    catalogue = Catalogue(channels_of(dict.fromkeys(MODELS, Limited([]))))
    assert catalogue.resolve(None) == "ray-2"
    assert catalogue.resolve(None, makes=Medium.IMAGE) == "photon-1"
    own = Catalogue(channels_of({"house": Limited([])}), default="house")
    assert own.resolve(None, makes=Medium.IMAGE) == "house"


def test_a_still_is_refused_by_its_format_its_shape_and_its_references():
    still = Still(format="tiff", references=(Reference(role=Role.MODIFY), Reference(weight=1.5)))
    spec = replace(VIDEO, kind=Kind.IMAGE, model="uni-1", aspect_ratio="5:1", still=still)
    reported = refusals(spec)
    assert set(reported) == {"format", "aspect_ratio", "references"}
    assert reported["format"] == "format must be one of jpg, png, not 'tiff'"


@pytest.mark.parametrize(("resolution", "is_refused"), [("720p", False), ("8k", True)])
def test_an_upscale_names_the_resolutions_there_are(resolution, is_refused):
    spec = replace(VIDEO, kind=Kind.UPSCALE, source=CLIP, resolution=resolution)
    due = (
        {"resolution": "resolution must be one of 540p, 720p, 1080p, 4k, not '8k'"}
        if is_refused
        else {}
    )
    assert refusals(spec) == due


def test_work_on_a_video_needs_one():
    assert "source" in refusals(replace(VIDEO, kind=Kind.AUDIO))
    assert "not a picture" in refusals(replace(VIDEO, kind=Kind.AUDIO, source=PICTURE))["source"]
    assert refusals(replace(VIDEO, kind=Kind.AUDIO, source=CLIP)) == {}


def test_keyframes_and_loops_belong_to_a_new_video():
    keyframes = (Keyframe(position=Position.FIRST, image="http://pictures.test/a.png"),)
    spec = replace(VIDEO, kind=Kind.AUDIO, source=CLIP, keyframes=keyframes, loop=True)
    assert set(refusals(spec)) == {"keyframes", "loop"}


def test_a_reframing_needs_a_shape_and_rectangles_in_which_something_is_seen():
    spec = replace(VIDEO, kind=Kind.REFRAME, source=PICTURE, model="photon-1")
    assert set(refusals(spec)) == {"aspect_ratio"}
    spec = replace(spec, aspect_ratio="2:1")
    assert refusals(spec) == {}
    gone = Rectangle(x=1.2, y=0, width=1, height=1)
    flat = Rectangle(x=0, y=0, width=1, height=0)
    reported = refusals(replace(spec, reframing=Reframing(crop=flat, placement=gone)))
    assert set(reported) == {"crop", "placement"}
    film = replace(spec, source=CLIP, model="ray-2", aspect_ratio="1:1")
    assert refusals(film) == {"kind": "ray-2 cannot reframe a video"}


def test_a_clip_may_be_led_up_to_or_joined_only_where_the_engine_can():
    first = Keyframe(position=Position.FIRST, generation_id="a")
    last = Keyframe(position=Position.LAST, generation_id="b")
    before = replace(VIDEO, keyframes=(last,))
    between = replace(VIDEO, keyframes=(first, last))
    assert before.leads_to == "b"
    assert before.extends is None
    assert between.interpolates
    assert between.extends is None
    assert refusals(before) == {"extend": "ray-2 cannot extend a video backwards"}
    assert refusals(between) == {"extend": "ray-2 cannot interpolate between two videos"}
    willing = Catalogue(channels_of({"ray-2": ScriptedEngine([])}))
    assert willing.refusals(before) == willing.refusals(between) == ()


def test_a_model_that_is_no_longer_offered_is_refused_by_name():
    with pytest.raises(InvalidRequest, match="model must be one of"):
        Catalogue(channels_of({"ray-2": Limited([])})).resolve("photon-1")


def test_an_exact_size_is_refused_by_an_engine_that_only_knows_named_ones() -> None:
    reported = refusals(replace(VIDEO, size_px=(1792, 1024)))
    assert reported == {
        "size": "size must be one of 540x540, 720x720, 960x540, 1280x720, not 1792x1024"
    }


def test_an_engine_of_any_size_refuses_only_what_no_video_can_have() -> None:
    catalogue = Catalogue(channels_of(dict.fromkeys(MODELS, ScriptedEngine([]))))
    assert catalogue.refusals(replace(VIDEO, size_px=(1792, 1024))) == ()
    assert catalogue.refusals(replace(VIDEO, size_px=(1791, 1024))) == (
        ("size", "size must have even sides, not 1791x1024"),
    )
