"""The local engine: what it sends to the worker for each kind of job, and what it makes of it."""

import asyncio
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from PIL import Image
from tests.engines.edits.conftest import write_clip
from tests.engines.local.scripted import scripted_engine

from rushes.core.errors import Conflict, EngineCrashed, InputUnusable, TemporaryEngineError
from rushes.core.generation import ArtifactKind
from rushes.core.spec import GenerationSpec
from rushes.engines.base import Job, render_permit
from rushes.local_models.folder import remove_model

SIZE = (160, 128)


@pytest.fixture
async def engine_of(model):
    made = []

    def make(family, **more):
        made.append(scripted_engine(model.folder, family, **more))
        return made[-1]

    yield make
    for one in made:
        await one.close()


def job_of(**values):
    inputs = {
        name: values.pop(name)
        for name in ("first_image", "last_image", "earlier_clip", "later_clip")
        if name in values
    }
    spec = GenerationSpec(
        prompt="a lake",
        model="ray-2",
        size_px=SIZE,
        resolution="360p",
        **{"duration_s": 4.0} | values,
    )
    return Job(spec=spec, prompt=spec.prompt, **inputs)


def picture(path: Path, level: int) -> Path:
    cv2.imwrite(str(path), np.full((48, 64, 3), level, np.uint8))
    return path


async def render(engine, job, folder):
    folder.mkdir(exist_ok=True)
    return await engine.render(job, folder, lambda *_: None)


def frames_and_rate(file: Path) -> tuple[int, float]:
    """Return the frames and the rate of a video."""
    with av.open(str(file)) as container:
        stream = container.streams.video[0]
        return sum(1 for _ in container.decode(stream)), float(stream.average_rate)


async def test_a_clip_of_words_is_made_in_one_pass_at_the_models_size_and_rate(
    engine_of, model, tmp_path
):
    rendered = await render(engine_of("wan2.1-vace"), job_of(), tmp_path / "a")
    (request,) = model.requests
    assert request["frames"] == 65
    assert (request["width"], request["height"]) == (160, 128)
    assert request["first_image"] is request["last_image"] is request["clip"] is None
    assert frames_and_rate(rendered[0].file) == (65, 16.0)
    assert rendered[0].duration_s == 65 / 16
    assert model.loads[0]["family"] == "wan2.1-vace"


async def test_a_guided_model_is_sent_what_to_avoid_and_a_distilled_one_is_not(
    engine_of, model, tmp_path
):
    wan, ltx = engine_of("wan2.2-ti2v"), engine_of("ltx")
    await render(wan, job_of(), tmp_path / "a")
    await render(wan, job_of(negative_prompt="rain"), tmp_path / "b")
    await render(ltx, job_of(), tmp_path / "c")
    usual, own, none = [one["negative_prompt"] for one in model.requests]
    assert "worst quality" in usual
    assert own == "rain"
    assert none is None
    assert len(model.requests[2]["sigmas"]) == model.requests[2]["steps"]


async def test_a_seed_is_used_as_given_and_otherwise_reported(engine_of, model, tmp_path):
    engine = engine_of("ltx")
    given = await render(engine, job_of(seed=5), tmp_path / "a")
    chosen = await render(engine, job_of(), tmp_path / "b")
    other = await render(engine, job_of(), tmp_path / "c")
    assert model.requests[0]["seed"] == 5
    assert given[0].note is None
    assert chosen[0].note == f"Its seed is {model.requests[1]['seed']}."
    assert chosen[0].note != other[0].note


async def test_an_enlarged_clip_says_so(engine_of, tmp_path):
    large = replace(job_of(seed=1).spec, size_px=(1280, 720))
    job = Job(spec=large, prompt="a lake")
    rendered = await render(engine_of("wan2.1-vace"), job, tmp_path / "a")
    assert "832x480" in rendered[0].note
    assert "enlarged to 1280x720" in rendered[0].note
    assert all(one.note is None for one in rendered[1:])
    assert (rendered[0].width_px, rendered[0].height_px) == (1280, 720)


async def test_a_long_clip_continues_from_the_last_frame_of_its_first_part(
    engine_of, model, tmp_path
):
    rendered = await render(engine_of("wan2.2-ti2v"), job_of(duration_s=9.0), tmp_path / "a")
    first, second = model.requests
    assert first["first_image"] is None
    assert second["first_image"] is not None
    assert second["keep"] == [1, 109]
    assert second["seed"] == first["seed"] + 1
    assert frames_and_rate(rendered[0].file) == (217, 24.0)
    assert "2 parts" in rendered[0].note


async def test_a_model_that_knows_clips_continues_from_the_end_of_the_first_part(
    engine_of, model, tmp_path
):
    rendered = await render(engine_of("wan2.1-vace"), job_of(duration_s=8.0), tmp_path / "a")
    first, second = model.requests
    assert second["clip"] == first["output"]
    assert second["clip_frames"] == second["keep"][0] == 17
    assert second["first_image"] is None
    assert frames_and_rate(rendered[0].file)[0] == 129


async def test_first_and_last_images_reach_the_parts_that_show_them(engine_of, model, tmp_path):
    first, last = picture(tmp_path / "f.png", 40), picture(tmp_path / "l.png", 200)
    job = job_of(first_image=first, last_image=last, duration_s=9.0)
    await render(engine_of("wan2.2-i2v"), job, tmp_path / "a")
    begins, ends = model.requests
    assert (begins["first_image"], begins["last_image"]) == (str(first), None)
    assert ends["last_image"] == str(last)


async def test_a_last_image_alone_is_sent_alone(engine_of, model, tmp_path):
    last = picture(tmp_path / "l.png", 200)
    await render(engine_of("ltx"), job_of(last_image=last), tmp_path / "a")
    (request,) = model.requests
    assert (request["first_image"], request["last_image"]) == (None, str(last))


async def test_a_loop_of_an_image_begins_and_ends_with_it_and_shows_it_once(
    engine_of, model, tmp_path
):
    first = picture(tmp_path / "f.png", 40)
    rendered = await render(
        engine_of("wan2.2-i2v"), job_of(first_image=first, loop=True), tmp_path / "a"
    )
    (request,) = model.requests
    assert request["first_image"] == request["last_image"] == str(first)
    assert (request["frames"], request["keep"]) == (65, [0, 64])
    assert frames_and_rate(rendered[0].file)[0] == 64


async def test_a_loop_of_words_returns_to_its_own_first_frame(engine_of, model, tmp_path):
    rendered = await render(engine_of("ltx"), job_of(loop=True), tmp_path / "a")
    away, back = model.requests
    assert away["last_image"] is None
    assert cv2.imread(back["last_image"]).shape[:2] == SIZE[::-1]
    assert back["clip"] == away["output"]
    assert frames_and_rate(rendered[0].file)[0] == 96


async def test_an_extension_begins_with_the_earlier_clip(engine_of, model, tmp_path):
    engine = engine_of("ltx")
    earlier = (await render(engine, job_of(), tmp_path / "a"))[0].file
    last = picture(tmp_path / "f.png", 40)
    job = job_of(first_image=last, earlier_clip=earlier)
    rendered = await render(engine, job, tmp_path / "b")
    request = model.requests[1]
    assert (request["clip"], request["clip_frames"]) == (str(earlier), 25)
    assert frames_and_rate(rendered[0].file) == (97 + 96, 24.0)
    assert rendered[0].duration_s == pytest.approx((97 + 96) / 24)


async def test_a_clip_of_another_engine_is_encoded_anew_with_the_new_part(
    engine_of, model, tmp_path
):
    earlier = write_clip(tmp_path / "earlier.mp4", size=(320, 240))
    frames, _ = frames_and_rate(earlier)
    job = job_of(first_image=picture(tmp_path / "f.png", 40), earlier_clip=earlier)
    rendered = await render(engine_of("wan2.1-vace"), job, tmp_path / "a")
    assert rendered[0].duration_s == pytest.approx(frames / 24 + 4.0, abs=0.2)
    assert frames_and_rate(rendered[0].file)[1] == 24.0
    with av.open(str(rendered[0].file)) as container:
        assert (container.streams.video[0].width, container.streams.video[0].height) == SIZE


async def test_a_clip_that_leads_to_another_ends_with_it(engine_of, model, tmp_path):
    engine = engine_of("ltx")
    later = (await render(engine, job_of(), tmp_path / "a"))[0].file
    job = job_of(last_image=picture(tmp_path / "l.png", 90), later_clip=later)
    rendered = await render(engine, job, tmp_path / "b")
    assert model.requests[1]["keep"] == [0, 96]
    assert frames_and_rate(rendered[0].file)[0] == 96 + 97


async def test_a_clip_to_extend_that_cannot_be_read_is_refused(engine_of, tmp_path):
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no video")
    with pytest.raises(InputUnusable):
        await render(engine_of("ltx"), job_of(earlier_clip=broken), tmp_path / "a")


async def test_progress_of_several_parts_names_the_phase_and_never_goes_back(engine_of, tmp_path):
    reported, phases = [], []

    def report(share, phase=None):
        reported.append(share)
        phases.append(phase)

    (tmp_path / "a").mkdir()
    await engine_of("wan2.2-ti2v").render(job_of(duration_s=9.0), tmp_path / "a", report)
    steps = ["encode prompt", "denoise", "decode", "write"]
    assert [phase for phase, _ in groupby(phases)] == [None, "load model", *steps, *steps, None]
    assert reported == sorted(reported)
    assert reported[0] == 0.0
    assert reported[-1] == 1.0
    assert len(set(reported)) > 10


async def test_a_model_in_use_is_not_removed_and_a_removed_one_is_not_used(
    engine_of, model, tmp_path
):
    engine, problems = engine_of("ltx"), []
    folder = model.folder

    def remove(share, *_):
        if share == 1.0:
            return
        try:
            remove_model(folder.parent, folder.name)
        except Conflict as error:
            problems.append(str(error))

    (folder / "model_index.json").write_text("{}")
    (tmp_path / "a").mkdir()
    await engine.render(job_of(), tmp_path / "a", remove)
    assert len(problems) > 5
    remove_model(folder.parent, folder.name)
    with pytest.raises(TemporaryEngineError, match="not there any more"):
        await render(engine, job_of(), tmp_path / "b")


async def test_a_preview_is_left_where_the_job_says(engine_of, model, tmp_path):
    preview = tmp_path / "preview.jpg"
    model.script("crash 3")
    with pytest.raises(EngineCrashed):
        await render(engine_of("ltx"), replace(job_of(), preview=preview), tmp_path / "a")
    with Image.open(preview) as picture:
        assert picture.format == "JPEG"


async def test_a_job_is_done_again_after_a_crash_in_its_second_part(engine_of, model, tmp_path):
    model.script("ok", "crash 2")
    engine, job = engine_of("wan2.2-ti2v"), job_of(duration_s=9.0)
    with pytest.raises(TemporaryEngineError):
        await render(engine, job, tmp_path / "a")
    rendered = await render(engine, job, tmp_path / "a")
    assert frames_and_rate(rendered[0].file)[0] == 217


async def test_jobs_wait_for_the_gpu_before_their_time_begins_to_count(engine_of):
    engine = engine_of("ltx")
    spec = job_of().spec
    async with render_permit(engine, spec):
        waiting = asyncio.create_task(render_permit(engine, spec).__aenter__())
        await asyncio.sleep(0)
        assert not waiting.done()
    await waiting
    await render_permit(engine, spec).__aexit__(None, None, None)


async def test_the_prompt_of_the_next_job_reaches_the_worker_while_this_one_renders(
    engine_of, model, tmp_path
):
    engine, spec = engine_of("wan2.2-ti2v"), job_of().spec
    engine.expect(spec, "before there is a process")
    await render(engine, job_of(), tmp_path / "a")
    engine.expect(spec, "while none renders")

    def follow(share, _phase=None):
        if share > 0.2 and not noted:
            noted.append(share)
            engine.expect(replace(spec, negative_prompt="rain"), "the next one")

    noted: list[float] = []
    (tmp_path / "b").mkdir()
    await engine.render(job_of(), tmp_path / "b", follow)
    await render(engine, job_of(), tmp_path / "c")
    assert model.prepared == [
        {"op": "prepare", "prompt": "the next one", "negative_prompt": "rain", "guidance": 5.0}
    ]


async def test_a_distilled_model_prepares_nothing_to_avoid(engine_of, model, tmp_path):
    engine, spec = engine_of("ltx"), job_of().spec
    (tmp_path / "a").mkdir()
    await engine.render(job_of(), tmp_path / "a", lambda *_: engine.expect(spec, "next"))
    await render(engine, job_of(), tmp_path / "b")
    assert model.prepared[0] == {
        "op": "prepare",
        "prompt": "next",
        "negative_prompt": None,
        "guidance": 1.0,
    }


async def test_the_sound_of_a_model_is_sent_for_where_the_video_is_one_piece(
    engine_of, model, tmp_path
):
    silent = await render(engine_of("ltx2"), job_of(), tmp_path / "a")
    engine = engine_of("ltx2", sound=True)
    video = await render(engine, job_of(), tmp_path / "b")
    looped = await render(engine, job_of(loop=True), tmp_path / "c")
    assert [request["sound"] for request in model.requests] == [False, True, False, False]
    assert "has no sound" in looped[0].note
    for rendered in (silent, video):
        assert "sound" not in rendered[0].note


async def test_the_artifacts_are_a_video_a_thumbnail_a_last_frame_and_the_video_without_a_mark(
    engine_of, tmp_path
):
    rendered = await render(engine_of("ltx"), job_of(), tmp_path / "a")
    assert {one.kind for one in rendered} == set(ArtifactKind) - {ArtifactKind.IMAGE}
    assert rendered[1].file.read_bytes() == rendered[0].file.read_bytes()
