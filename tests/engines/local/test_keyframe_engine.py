"""The keyframe engine: what it has drawn for each kind of job, and what it says of it."""

from dataclasses import replace
from itertools import groupby
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from tests.engines.edits.conftest import write_clip
from tests.engines.local.scripted import ScriptedModel, keyframe_engine

from rushes.core.errors import EngineCrashed, ResultUnusable
from rushes.core.generation import ArtifactKind
from rushes.core.rendered import Rendered
from rushes.core.shot_plan import (
    Action,
    CameraMove,
    CastMember,
    Effect,
    Facing,
    Framing,
    Plane,
    ShotPlan,
)
from rushes.core.spec import GenerationSpec, Keyframe, Kind, Position, Still
from rushes.engines.animatic.engine import AnimaticEngine
from rushes.engines.animatic.planning.plan import plan_shot
from rushes.engines.base import Job, needs_plan
from rushes.engines.local.keyframe_words import keyframe_prompt
from rushes.engines.local.picture_families import PIPELINES, picture_family, picture_sampling
from rushes.engines.local.still_files import still_files

SIZE = (320, 180)


class Camera:
    """Takes the place of the animatic engine, and keeps the jobs that it is given."""

    name = "camera"
    capabilities = AnimaticEngine().capabilities

    def __init__(self) -> None:
        self.jobs: list[Job] = []

    async def render(self, job, folder, report) -> tuple[Rendered, ...]:
        self.jobs.append(job)
        report(0.5)
        report(1.0)
        file = folder / "video.mp4"
        file.write_bytes(b"a video")
        return (Rendered(kind=ArtifactKind.VIDEO, file=file, media_type="video/mp4"),)

    async def close(self) -> None:
        """Hold nothing."""


@pytest.fixture
def camera():
    return Camera()


@pytest.fixture
async def engine_of(model, camera):
    made = []

    def make(**more):
        made.append(keyframe_engine(model.folder, **{"camera": camera} | more))
        return made[-1]

    yield make
    for one in made:
        await one.close()


def job_of(prompt="a lake", **values):
    inputs = {
        name: values.pop(name)
        for name in ("first_image", "last_image", "earlier_clip", "preview")
        if name in values
    }
    spec = GenerationSpec(
        prompt=prompt,
        model="ray-2",
        **{"duration_s": 4.0, "size_px": SIZE, "resolution": "360p"} | values,
    )
    plan = spec.shot_plan
    if plan is None and spec.kind is Kind.VIDEO and spec.is_made_from_words:  # as the worker does
        plan = plan_shot(prompt, concepts=spec.concepts, negative_prompt=None, seed=1)
    return Job(spec=spec, prompt=prompt, shot_plan=plan, **inputs)


def picture(path: Path, level: int) -> Path:
    cv2.imwrite(str(path), np.full((48, 64, 3), level, np.uint8))
    return path


async def render(engine, job, folder, report=lambda *_: None):
    folder.mkdir(exist_ok=True)
    return await engine.render(job, folder, report)


async def test_a_video_of_words_is_one_drawn_picture_that_a_camera_moves_through(
    engine_of, model, camera, tmp_path
):
    job = job_of("a close-up of a lighthouse, the camera pans left", seed=5)
    (video,) = await render(engine_of(), job, tmp_path / "a")
    (request,) = model.requests
    assert request["op"] == "draw"
    assert request["prompt"] == "a close-up of a lighthouse, the camera pans left, close-up"
    assert (request["seed"], request["steps"], request["guidance"]) == (5, 4, 8.0)
    assert request["width"] * 9 == pytest.approx(request["height"] * 16, rel=0.05)
    (moved,) = camera.jobs
    assert str(moved.first_image) == request["output"]
    assert [move.move for move in moved.shot_plan.camera] == ["pan_left"]
    assert video.note == "One picture by scripted-pictures, moved through by the animatic engine."
    assert model.loads[0]["family"] == "text-to-image"


async def test_the_phases_of_drawing_measuring_and_moving_are_reported(engine_of, tmp_path):
    depth, reported = ScriptedModel(tmp_path / "depth"), []
    engine = engine_of(depth=depth.folder)
    await render(engine, job_of(), tmp_path / "a", lambda *progress: reported.append(progress))
    phases = [phase for phase, _ in groupby(progress[1:] for progress in reported)]
    steps = ("load model", "encode prompt", "denoise", "decode", "write", "measure depth")
    assert phases == [(), *((step,) for step in (*steps, "move camera"))]
    shares = [progress[0] for progress in reported]
    assert shares == sorted(shares)


async def test_a_drawn_picture_that_is_enlarged_says_so_and_a_chosen_seed_is_reported(
    engine_of, model, tmp_path
):
    job = job_of(size_px=(1920, 1080), resolution="1080p")
    (video,) = await render(engine_of(), job, tmp_path / "a")
    (request,) = model.requests
    drawn = f"{request['width']}x{request['height']}"
    assert f"drew it at {drawn}, and it was enlarged to 1920x1080." in video.note
    assert f"Its seed is {request['seed']}." in video.note


async def test_pictures_of_the_caller_are_used_in_the_place_of_a_drawn_one(
    engine_of, model, camera, tmp_path
):
    first, last = picture(tmp_path / "f.png", 40), picture(tmp_path / "l.png", 200)
    engine = engine_of()
    (video,) = await render(engine, job_of(first_image=first, last_image=last), tmp_path / "a")
    await render(engine, job_of(last_image=last), tmp_path / "b")
    assert model.requests == []
    assert [(job.first_image, job.last_image) for job in camera.jobs] == [
        (first, last),
        (None, last),
    ]
    assert "no model drew a picture" in video.note


async def test_a_depth_model_measures_drawn_and_given_pictures(engine_of, model, camera, tmp_path):
    depth = ScriptedModel(tmp_path / "depth")
    engine = engine_of(depth=depth.folder)
    first, last = picture(tmp_path / "f.png", 40), picture(tmp_path / "l.png", 200)
    (video,) = await render(engine, job_of(seed=1), tmp_path / "a")
    await render(engine, job_of(first_image=first, last_image=last), tmp_path / "b")
    assert [one["image"] for one in depth.requests] == [
        model.requests[0]["output"],
        str(first),
        str(last),
    ]
    drawn, given = camera.jobs
    assert drawn.first_depth.exists()
    assert drawn.last_depth is None
    assert given.last_depth.exists()
    assert "Scripted Depth estimated its depth." in video.note
    assert len(model.loads) == 1


async def test_the_whole_way_to_a_video_with_the_animatic_engine(engine_of, model, tmp_path):
    depth = ScriptedModel(tmp_path / "depth")
    engine = engine_of(depth=depth.folder, camera=None)
    reported = []
    job = job_of(preview=tmp_path / "p.jpg")
    rendered = await render(
        engine, job, tmp_path / "a", lambda share, _=None: reported.append(share)
    )
    assert {one.kind for one in rendered} == set(ArtifactKind) - {ArtifactKind.IMAGE}
    assert reported == sorted(reported)
    assert reported[-1] == 1.0
    assert len({share for share in reported if share < 0.6}) > 4
    with av.open(str(rendered[0].file)) as container:
        first = next(container.decode(video=0)).to_ndarray(format="rgb24").astype(int)
    drawn = cv2.resize(cv2.imread(model.requests[0]["output"])[..., ::-1], SIZE).astype(int)
    assert np.abs(first - drawn).mean() < 12
    assert (rendered[0].width_px, rendered[0].height_px) == SIZE


async def test_an_extension_goes_on_from_the_clip(engine_of, model, tmp_path):
    earlier = write_clip(tmp_path / "earlier.mp4", size=SIZE)
    job = job_of(first_image=picture(tmp_path / "f.png", 40), earlier_clip=earlier)
    rendered = await render(engine_of(camera=None), job, tmp_path / "a")
    assert rendered[0].duration_s > 4.0
    assert model.requests == []


@pytest.mark.parametrize(("file_format", "magic"), [("png", b"\x89PNG"), ("jpg", b"\xff\xd8")])
async def test_a_still_is_the_drawn_picture_in_the_size_and_format_of_the_request(
    engine_of, model, tmp_path, file_format, magic
):
    job = job_of(kind=Kind.IMAGE, aspect_ratio="16:9", still=Still(format=file_format))
    image, thumbnail = await render(engine_of(), job, tmp_path / "a")
    assert image.file.read_bytes().startswith(magic)
    assert (image.width_px, image.height_px) == (2048, 1152)
    assert cv2.imread(str(image.file)).shape == (1152, 2048, 3)
    assert max(thumbnail.width_px, thumbnail.height_px) == 640
    assert model.requests[0]["prompt"] == "a lake"
    assert "enlarged to 2048x1152" in image.note
    assert thumbnail.note is None


def test_a_still_of_another_size_than_was_planned_is_refused(tmp_path):
    drawn = picture(tmp_path / "drawn.png", 40)
    with pytest.raises(ResultUnusable, match="64x48, not 1536x1536"):
        still_files(drawn, tmp_path, file_format="jpg", size_px=(1536, 1536), note=None)


async def test_what_the_model_could_not_take_into_account_is_passed_on(engine_of, model, tmp_path):
    model.script("notice", "notice")
    engine = engine_of()
    video = (await render(engine, job_of(), tmp_path / "a"))[0]
    image = (await render(engine, job_of(kind=Kind.IMAGE, aspect_ratio="1:1"), tmp_path / "b"))[0]
    assert "Only half was read." in video.note
    assert "Only half was read." in image.note


async def test_a_worker_that_crashes_fails_the_attempt_and_the_next_one_succeeds(
    engine_of, model, tmp_path
):
    model.script("crash 2")
    engine = engine_of()
    with pytest.raises(EngineCrashed):
        await render(engine, job_of(), tmp_path / "a")
    await render(engine, job_of(), tmp_path / "a")


async def test_what_no_picture_is_drawn_for_cannot_avoid_anything(engine_of):
    engine = engine_of(avoids=True)
    words = job_of(negative_prompt="rain").spec
    assert engine.capabilities.negative_prompt
    assert engine.problems(words) == ()
    given = replace(words, keyframes=(Keyframe(position=Position.FIRST, image="media:a"),))
    ((field, why),) = engine.problems(given)
    assert (field, "leave it out" in why) == ("negative_prompt", True)


async def test_a_guided_model_is_sent_what_to_avoid(engine_of, model, tmp_path):
    await render(engine_of(avoids=True), job_of(negative_prompt="rain"), tmp_path / "a")
    assert model.requests[0]["negative_prompt"] == "rain"


def test_it_makes_videos_and_stills_and_nothing_that_it_would_have_to_drop(engine_of):
    can = engine_of().capabilities
    assert can.kinds == (Kind.VIDEO, Kind.IMAGE)
    assert not can.references
    assert can.shot_plans
    assert not can.negative_prompt
    assert "4k" not in can.resolutions
    assert can.concepts


async def test_an_edited_plan_is_drawn_from_its_words_and_moved_through_as_it_says(
    engine_of, model, camera, tmp_path
):
    cat = CastMember(
        subject="cat",
        words="a dog",
        count=2,
        x=0.1,
        colour="#1e1e1e",
        action=Action.RUN,
        plane=Plane.FOREGROUND,
        facing=Facing.CAMERA,
        scale=2.0,
    )
    rider = CastMember(subject="robot", words="a rusty robot", action=Action.SIT, on=0)
    plan = ShotPlan(
        set="living_room",
        time="night",
        weather="storm",
        light="candle",
        palette="noir",
        effects=(Effect.LIGHT_SHAFTS,),
        framing=Framing.CLOSE_UP,
        camera=(CameraMove(move="pan_left"),),
        cast=(cat, rider),
    )
    video = job_of("a dog in the sun", shot_plan=plan)
    still = replace(video, spec=replace(video.spec, kind=Kind.IMAGE, still=Still()))
    for number, job in enumerate((video, still)):
        made = await render(engine_of(), job, tmp_path / str(number))
        assert "drawn from the words of the plan" in made[0].note
    (words,) = {request["prompt"] for request in model.requests}
    assert words == (
        "large black cat (2 of them) running in the foreground on the left facing the camera,"
        " a rusty robot sitting on cat, living room, at night, storm, candlelight, light shafts,"
        " noir colours, close-up"
    )
    assert camera.jobs[0].shot_plan == plan


def test_a_plan_is_made_for_videos_and_for_stills_only_if_the_caller_sends_one(engine_of):
    engine, still = engine_of(), GenerationSpec(prompt="a", kind=Kind.IMAGE)
    assert needs_plan(engine, GenerationSpec(prompt="a"))
    assert not needs_plan(engine, still)
    assert needs_plan(engine, replace(still, shot_plan=ShotPlan()))


@pytest.mark.parametrize("framing", list(Framing))
def test_each_framing_has_words_of_its_own(framing):
    words = {keyframe_prompt("a cat.", ShotPlan(framing=one)) for one in Framing}
    assert len(words) == len(Framing)
    assert keyframe_prompt("a cat. ", ShotPlan(framing=framing)).startswith("a cat, ")


@pytest.mark.parametrize(
    ("pipeline", "name", "expected"),
    [
        ("FluxPipeline", "flux.1-schnell", (4, 1.0)),
        ("ZImagePipeline", "z-image-turbo", (9, 1.0)),
        ("Lumina2Text2ImgPipeline", "lumina-2", (30, 4.0)),
        ("StableDiffusionXLPipeline", "sdxl-turbo", (4, 1.0)),
        ("StableDiffusionXLPipeline", "mine", (30, 5.0)),
        ("LatentConsistencyModelPipeline", "lcm-dreamshaper-7", (4, 8.0)),
        ("SanaPipeline", "mine", (30, 5.0)),
    ],
)
def test_steps_and_guidance_are_those_of_the_model(tmp_path, pipeline, name, expected):
    (tmp_path / "model_index.json").write_text(f'{{"_class_name": "{pipeline}"}}')
    sampling = picture_family(name, tmp_path).sampling
    assert (sampling.steps, sampling.guidance) == expected


def test_a_model_without_guidance_is_given_the_number_that_its_pipeline_takes_for_none():
    turbo = PIPELINES["ZImagePipeline"]
    assert turbo.guidance(turbo.sampling) == 0.0
    own = picture_sampling(turbo, steps=20, guidance=3.0)
    assert (own.steps, turbo.guidance(own), turbo.takes_avoids(own)) == (20, 3.0, True)
    assert not turbo.takes_avoids(turbo.sampling)
