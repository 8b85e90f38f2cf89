"""Directives in prompts: what a tester asks the slate engine to do instead of a video."""

import asyncio

import pytest

from rushes.core.errors import PermanentEngineError
from rushes.core.spec import GenerationSpec
from rushes.engines.animatic.engine import AnimaticEngine
from rushes.engines.base import Channel, Job
from rushes.engines.scripted import ScriptedEngine
from rushes.engines.slate.directives import CODES, DirectedEngine, Directives, directives_in


def job(prompt: str) -> Job:
    spec = GenerationSpec(prompt=prompt, model="ray-2", resolution="540p", aspect_ratio="1:1")
    return Job(spec=spec, prompt=prompt)


def problems(engine, prompt: str) -> tuple[tuple[str, str], ...]:
    channel = Channel(name="c", engine=engine, models={"ray-2": "ray-2"})
    return channel.problems(job(prompt).spec)


@pytest.mark.parametrize(
    ("prompt", "requested"),
    [
        ("a lake", Directives()),
        ("a lake [fail: moderation]", Directives(fail="content_rejected")),
        ("[fail]", Directives(fail="engine_rejected")),
        ("[fail:engine_timeout] a lake", Directives(fail="engine_timeout")),
        ("a [hang] lake", Directives(hang=True)),
        ("[delay: 3s]", Directives(delay_s=3)),
        ("[delay: 250ms][fail]", Directives(delay_s=0.25, fail="engine_rejected")),
        ("[delay: 1.5 m] [hang]", Directives(delay_s=90, hang=True)),
    ],
)
def test_a_directive_is_read_wherever_it_stands(prompt, requested) -> None:
    assert directives_in(prompt) == requested


@pytest.mark.parametrize(
    "prompt", ["[Push in] a lake", "a sign [OPEN]", "[slow zoom]", "[]", "[1]", "list[0]", "[ fail"]
)
def test_other_brackets_are_words(prompt) -> None:
    assert directives_in(prompt) == Directives()


@pytest.mark.parametrize(
    ("prompt", "reported"),
    [
        ("[fial: moderation]", "those that work: [delay: TIME]"),
        ("[hang: 3s]", "[hang: 3s], which is unknown"),
        ("[fail: nonsense]", "must be one of moderation, content_rejected"),
        ("[delay]", "must be like 250ms, 3s or 1m"),
        ("[delay: 3]", "must be like 250ms, 3s or 1m"),
        ("[delay: 0s]", "at most 600s"),
        ("[delay: 11m]", "at most 600s"),
        ("[fail][fail]", "[fail] twice"),
        ("[hang] [fail]", "both [hang] and [fail]"),
    ],
)
async def test_a_directive_that_does_not_work_is_refused_before_it_is_queued(
    tmp_path, prompt, reported
) -> None:
    engine = DirectedEngine(ScriptedEngine(["video"]))
    ((field, sentence),) = problems(engine, prompt)
    assert field == "prompt"
    assert reported in sentence
    with pytest.raises(PermanentEngineError):
        await engine.render(job(prompt), tmp_path, lambda *_: None)


def test_the_animatic_engine_knows_no_directives() -> None:
    assert problems(AnimaticEngine(), "a lake [fial: moderation] [hang]") == ()


@pytest.mark.parametrize(("name", "code"), CODES.items())
async def test_a_failure_is_final_and_has_the_code_asked_for(tmp_path, name, code) -> None:
    engine = DirectedEngine(ScriptedEngine([]))
    with pytest.raises(PermanentEngineError) as failure:
        await engine.render(job(f"a lake [fail: {name}]"), tmp_path, lambda *_: None)
    assert failure.value.code == code
    assert PermanentEngineError.code == "engine_rejected"


async def test_a_hang_ends_when_it_is_cancelled_and_holds_up_nobody(tmp_path) -> None:
    engine = DirectedEngine(ScriptedEngine(["video"]))
    begun = asyncio.Event()
    hanging = asyncio.create_task(engine.render(job("[hang]"), tmp_path, lambda _: begun.set()))
    await begun.wait()
    rendered = await engine.render(job("a lake"), tmp_path, lambda *_: None)
    assert rendered[0].file.read_bytes() == b"video"
    assert not hanging.done()
    hanging.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hanging


async def test_a_delay_reports_progress_and_then_renders(tmp_path) -> None:
    reported: list[float] = []
    loop = asyncio.get_running_loop()
    begun_s = loop.time()
    engine = DirectedEngine(ScriptedEngine(["video"]))
    await engine.render(
        job("[delay: 250ms]"), tmp_path, lambda share, _=None: reported.append(share)
    )
    assert loop.time() - begun_s >= 0.25
    assert reported == sorted(reported)
    assert any(0.2 < share < 0.9 for share in reported)
    assert reported[-1] == pytest.approx(1.0)


async def test_no_more_are_rendered_at_once_than_there_are_places(tmp_path) -> None:
    at_once, most = 0, 0

    async def before(_job: Job) -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        for _ in range(5):
            await asyncio.tasks.sleep(0)
        at_once -= 1

    engine = DirectedEngine(ScriptedEngine(["video"] * 8, before=before), places=2)
    folders = [tmp_path / str(n) for n in range(8)]
    for folder in folders:
        folder.mkdir()
    await asyncio.gather(*(engine.render(job("x"), one, lambda *_: None) for one in folders))
    assert most == 2
