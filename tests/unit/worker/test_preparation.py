"""Prepare an engine's job: clips, frames, sources and references."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.engines.edits.conftest import QUARTERS, write_clip

from rushes.core import lifecycle
from rushes.core.errors import InputUnusable
from rushes.core.generation import Artifact, ArtifactKind, GenerationId
from rushes.core.spec import (
    Keyframe,
    Kind,
    Medium,
    Position,
    Reference,
    Role,
    Source,
    Still,
)
from rushes.engines.scripted import ScriptedEngine
from rushes.kit.safe_http import SafeHttpClient
from rushes.media.files import FileMediaStore
from rushes.store.memory import MemoryStore
from rushes.worker.inputs import Inputs
from rushes.worker.preparation import JobPreparation

SUFFIXES = {
    ArtifactKind.VIDEO: ".mp4",
    ArtifactKind.VIDEO_RAW: ".mp4",
    ArtifactKind.LAST_FRAME: ".jpg",
    ArtifactKind.IMAGE: ".png",
}


class Stage:
    def __init__(self, folder: Path, clock, make_generation) -> None:
        self.store, self.media = MemoryStore(), FileMediaStore(folder / "media")
        self.clock, self.make, self.folder = clock, make_generation, folder / "attempt"
        self.folder.mkdir()
        self.clip = write_clip(folder / "clip.mp4", frames=6)
        self.picture = folder / "picture.png"
        Image.new("RGB", (48, 32), (200, 40, 40)).save(self.picture)

    async def earlier(self, name: str, *kinds: ArtifactKind, prompt: str = "a lake") -> str:
        generation = replace(self.make(name), id=GenerationId(name))
        generation = replace(generation, spec=replace(generation.spec, prompt=prompt))
        await self.store.write(lifecycle.submit(generation))
        now = self.clock.now()
        claimed = await self.store.write(lifecycle.claim(generation, engine="e", now=now))
        artifacts = []
        for kind in kinds:
            file = self.clip if SUFFIXES[kind] == ".mp4" else self.picture
            key = f"{name}/{kind}{SUFFIXES[kind]}"
            size = await self.media.put(key, file)
            artifacts.append(
                Artifact(
                    kind=kind, key=key, media_type="x/y", size_bytes=size, width_px=1, height_px=1
                )
            )
        await self.store.write(lifecycle.complete(claimed, tuple(artifacts), now=now))
        return name

    async def job(self, prompt: str = "hills", **requested):
        generation = self.make()
        generation = replace(generation, spec=replace(generation.spec, **requested))
        preparation = JobPreparation(
            store=self.store,
            media=self.media,
            inputs=Inputs(http=SafeHttpClient()),
            folder=self.folder,
            can=ScriptedEngine.capabilities,
        )
        return await preparation.job(generation, prompt)


@pytest.fixture
def stage(tmp_path, clock, make_generation) -> Stage:
    return Stage(tmp_path, clock, make_generation)


VIDEO = (ArtifactKind.VIDEO, ArtifactKind.VIDEO_RAW, ArtifactKind.LAST_FRAME)


def corner(file: Path) -> np.ndarray:
    return np.asarray(Image.open(file))[5, 5].astype(int)


async def test_a_video_that_leads_to_a_clip_gets_the_clip_and_its_first_frame(stage):
    later = await stage.earlier("later", *VIDEO)
    job = await stage.job(keyframes=(Keyframe(position=Position.LAST, generation_id=later),))
    assert job.later_clip == stage.media.path("later/video_raw.mp4")
    assert (job.earlier_clip, job.first_image) == (None, None)
    assert np.abs(corner(job.last_image) - QUARTERS[0]).max() < 16


async def test_between_two_clips_there_are_frames_only(stage):
    keyframes = (
        Keyframe(position=Position.FIRST, generation_id=await stage.earlier("one", *VIDEO)),
        Keyframe(position=Position.LAST, generation_id=await stage.earlier("two", *VIDEO)),
    )
    job = await stage.job(keyframes=keyframes)
    assert (job.earlier_clip, job.later_clip) == (None, None)
    assert job.first_image.is_file()
    assert job.last_image.is_file()


async def test_a_source_is_the_unmarked_video(stage):
    name = await stage.earlier("one", *VIDEO)
    job = await stage.job(kind=Kind.UPSCALE, source=Source(generation_id=name))
    assert job.source == stage.media.path("one/video_raw.mp4")


async def test_sound_without_words_follows_the_words_of_the_video(stage):
    name = await stage.earlier("one", *VIDEO, prompt="waves on a beach")
    source = Source(generation_id=name)
    assert (await stage.job("", kind=Kind.AUDIO, source=source)).prompt == "waves on a beach"
    assert (await stage.job("rain", kind=Kind.AUDIO, source=source)).prompt == "rain"


async def test_a_picture_may_be_a_still_or_how_a_video_ended(stage):
    still = await stage.earlier("still", ArtifactKind.IMAGE)
    video = await stage.earlier("video", *VIDEO)
    for name in (still, video):
        source = Source(medium=Medium.IMAGE, generation_id=name)
        job = await stage.job(kind=Kind.REFRAME, source=source, aspect_ratio="1:1")
        assert corner(job.source)[0] > 150


async def test_references_keep_their_order_their_role_and_their_weight(stage):
    await stage.media.put("inputs/a.png", stage.picture)
    references = (
        Reference(role=Role.STYLE, image="media:inputs/a.png", weight=0.4),
        Reference(role=Role.CHARACTER, generation_id=await stage.earlier("s", ArtifactKind.IMAGE)),
    )
    job = await stage.job(kind=Kind.IMAGE, still=Still(references=references))
    assert [(g.role, g.weight) for g in job.guides] == [
        (Role.STYLE, 0.4),
        (Role.CHARACTER, 1.0),
    ]
    assert len({g.image for g in job.guides}) == 2


async def test_a_stored_video_is_checked_like_any_other(stage):
    await stage.media.put("inputs/a.mp4", stage.clip)
    job = await stage.job(kind=Kind.AUDIO, source=Source(file="media:inputs/a.mp4"))
    assert job.source.read_bytes() == stage.clip.read_bytes()
    await stage.media.put("inputs/b.mp4", stage.picture)
    with pytest.raises(InputUnusable, match="no video that we read"):
        await stage.job(kind=Kind.AUDIO, source=Source(file="media:inputs/b.mp4"))


@pytest.mark.parametrize(
    "requested",
    [
        {"kind": Kind.AUDIO, "source": Source(generation_id="gone")},
        {"kind": Kind.AUDIO, "source": Source(file="media:inputs/gone.mp4")},
        {"keyframes": (Keyframe(position=Position.LAST, generation_id="gone"),)},
        {"still": Still(references=(Reference(generation_id="gone"),))},
    ],
)
async def test_a_missing_input_is_reported_as_gone(stage, requested):
    with pytest.raises(InputUnusable, match=r"gone|no longer here"):
        await stage.job(**requested)
