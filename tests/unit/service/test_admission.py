"""What is admitted of each kind of work, and what it takes from the work it builds on."""

import base64
import io
from dataclasses import replace

import pytest
from PIL import Image

from rushes.core import lifecycle
from rushes.core.errors import Conflict, Expired, InvalidRequest, NotFound, NotReady
from rushes.core.generation import (
    AccountId,
    Artifact,
    ArtifactKind,
    Failure,
    GenerationId,
    State,
)
from rushes.core.signed_links import SignedLinks
from rushes.core.spec import (
    GenerationSpec,
    Keyframe,
    Kind,
    Medium,
    Position,
    Reference,
    Source,
    Still,
)
from rushes.engines.base import channels_of
from rushes.engines.scripted import ScriptedEngine
from rushes.media.files import FileMediaStore
from rushes.service.accounts import Caller
from rushes.service.catalogue import MODELS, Catalogue
from rushes.service.generations import Generations
from rushes.service.request_context import RequestContext
from rushes.store.memory import MemoryStore

ME = Caller(account_id=AccountId("acc"))
ASK = RequestContext(dialect="native", origin="http://here.test")
CLIP, OTHER, PICTURE = (f"{n}{n}{n}{n}{n}{n}{n}{n}-1111-4111-8111-111111111111" for n in "123")


class Harness:
    """The use cases, with earlier work as a test wants it."""

    def __init__(self, folder, clock, make_generation) -> None:
        self.store = MemoryStore()
        self.clock, self._make = clock, make_generation
        self.links = SignedLinks(secret=b"x" * 32)
        self.media = FileMediaStore(folder)
        self.generations = self._generations(ScriptedEngine([]))

    def _generations(self, engine) -> Generations:
        return Generations(
            store=self.store,
            media=self.media,
            catalogue=Catalogue(channels_of(dict.fromkeys(MODELS, engine))),
            links=self.links,
            clock=self.clock,
        )

    def takes_no_last_image(self) -> None:
        engine = ScriptedEngine([])
        engine.capabilities = replace(engine.capabilities, last_image=False)
        self.generations = self._generations(engine)

    async def done(self, name, *kinds, spec=None, account="acc", state=State.COMPLETED, **facts):
        artifacts = tuple(
            Artifact(
                kind=kind,
                key=f"{name}/{kind}",
                media_type="x/y",
                **{"size_bytes": 9, "width_px": 1280, "height_px": 720, **facts},
            )
            for kind in kinds
        )
        earlier = self._make(name, account_id=AccountId(account))
        earlier = replace(
            earlier, id=GenerationId(name), spec=spec or replace(earlier.spec, model="ray-flash-2")
        )
        now = self.clock.now()
        await self.store.write(lifecycle.submit(earlier))
        if state is State.QUEUED:
            return earlier
        claimed = await self.store.write(lifecycle.claim(earlier, engine="e", now=now))
        change = (
            lifecycle.complete(claimed, artifacts, now=now)
            if state is State.COMPLETED
            else lifecycle.fail(claimed, Failure(code="x", message="no luck"), now=now)
        )
        return await self.store.write(change)

    async def admit(self, kind=Kind.VIDEO, prompt="", **requested):
        spec = GenerationSpec(prompt=prompt, kind=kind, **requested)
        return (await self.generations.submit(spec, caller=ME, context=ASK)).spec


@pytest.fixture
def harness(tmp_path, clock, make_generation) -> Harness:
    return Harness(tmp_path, clock, make_generation)


def source(name=CLIP, medium=Medium.VIDEO) -> Source:
    return Source(generation_id=name, medium=medium)


async def test_an_upscale_takes_model_and_shape_from_its_video_and_the_next_resolution(harness):
    await harness.done(CLIP, ArtifactKind.VIDEO)
    spec = await harness.admit(Kind.UPSCALE, source=source())
    assert (spec.model, spec.aspect_ratio, spec.resolution) == ("ray-flash-2", "16:9", "1080p")
    spec = await harness.admit(Kind.UPSCALE, source=source(), resolution="4k", model="ray-2")
    assert (spec.model, spec.resolution) == ("ray-2", "4k")


async def test_a_video_in_540p_can_become_720p_and_does_where_nothing_is_said(harness):
    await harness.done(CLIP, ArtifactKind.VIDEO, width_px=960, height_px=540)
    for said in ({}, {"resolution": "720p"}):
        assert (await harness.admit(Kind.UPSCALE, source=source(), **said)).resolution == "720p"
    with pytest.raises(InvalidRequest, match="which is 960x540: 720p or 1080p or 4k"):
        await harness.admit(Kind.UPSCALE, source=source(), resolution="540p")


async def test_an_upscale_that_gains_nothing_is_refused_with_what_would(harness):
    await harness.done(CLIP, ArtifactKind.VIDEO, width_px=1920, height_px=1080)
    with pytest.raises(InvalidRequest, match="more than the video has, which is 1920x1080: 4k"):
        await harness.admit(Kind.UPSCALE, source=source(), resolution="1080p")
    with pytest.raises(
        InvalidRequest, match="resolution must be one of 540p, 720p, 1080p, 4k, not '8k'"
    ):
        await harness.admit(Kind.UPSCALE, source=source(), resolution="8k")


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"duration_s": 61.0}, "source must be at most 30s long, not 61s"),
        ({"size_bytes": 101 << 20}, "source must be at most 100 MiB"),
    ],
)
async def test_a_source_beyond_what_the_engine_works_on_is_refused(harness, facts, why):
    await harness.done(CLIP, ArtifactKind.VIDEO, **facts)
    with pytest.raises(InvalidRequest, match=why):
        await harness.admit(Kind.AUDIO, source=source())


async def test_sound_keeps_the_shape_so_that_the_video_can_be_extended(harness):
    await harness.done(CLIP, ArtifactKind.VIDEO)
    spec = await harness.admit(Kind.AUDIO, source=source())
    assert (spec.aspect_ratio, spec.resolution) == ("16:9", "720p")


async def test_a_source_must_be_there_be_mine_be_finished_and_be_of_the_right_medium(harness):
    with pytest.raises(NotFound):
        await harness.admit(Kind.AUDIO, source=source())
    await harness.done(CLIP, ArtifactKind.VIDEO, account="somebody else")
    with pytest.raises(NotFound):
        await harness.admit(Kind.AUDIO, source=source())
    await harness.done(OTHER, state=State.QUEUED)
    with pytest.raises(NotReady, match="can be worked on once it is completed"):
        await harness.admit(Kind.AUDIO, source=source(OTHER))
    await harness.done(PICTURE, ArtifactKind.IMAGE)
    with pytest.raises(Conflict, match="there is no video"):
        await harness.admit(Kind.AUDIO, source=source(PICTURE))


async def test_what_failed_cannot_be_followed(harness):
    await harness.done(OTHER, state=State.FAILED)
    still = Still(references=(Reference(generation_id=OTHER),))
    with pytest.raises(Conflict, match="no luck"):
        await harness.admit(Kind.IMAGE, "a lake", still=still)


async def test_a_picture_is_reframed_by_a_picture_model(harness):
    await harness.done(PICTURE, ArtifactKind.IMAGE)
    requested = source(PICTURE, Medium.IMAGE)
    spec = await harness.admit(Kind.REFRAME, source=requested, aspect_ratio="2:1")
    assert spec.model == "photon-1"
    assert spec.makes is Medium.IMAGE


async def test_a_still_as_a_keyframe_is_the_picture_that_it_is(harness):
    await harness.done(PICTURE, ArtifactKind.IMAGE)
    keyframe = Keyframe(position=Position.FIRST, generation_id=PICTURE)
    spec = await harness.admit(prompt="a lake", keyframes=(keyframe,))
    assert spec.extends is None
    assert spec.keyframes[0].image == f"media:{PICTURE}/image"


async def test_a_still_as_a_keyframe_is_refused_by_a_model_that_takes_no_such_picture(harness):
    await harness.done(PICTURE, ArtifactKind.IMAGE)
    harness.takes_no_last_image()
    first, last = (Keyframe(position=at, generation_id=PICTURE) for at in Position)
    assert await harness.admit(prompt="a lake", keyframes=(first,))
    with pytest.raises(InvalidRequest, match="does not support a last image"):
        await harness.admit(prompt="a lake", keyframes=(first, last))


async def test_what_leads_to_a_video_has_its_shape(harness):
    await harness.done(CLIP, ArtifactKind.VIDEO)
    keyframe = Keyframe(position=Position.LAST, generation_id=CLIP)
    spec = await harness.admit(keyframes=(keyframe,))
    assert (spec.leads_to, spec.aspect_ratio, spec.model) == (CLIP, "16:9", "ray-flash-2")
    with pytest.raises(InvalidRequest, match="aspect_ratio must be 16:9"):
        await harness.admit(keyframes=(keyframe,), aspect_ratio="1:1")
    with pytest.raises(InvalidRequest, match="loop cannot be combined with a video as the last"):
        await harness.admit(keyframes=(keyframe,), loop=True)


async def test_what_is_between_two_videos_may_have_a_shape_of_its_own(harness):
    await harness.done(CLIP, ArtifactKind.VIDEO)
    await harness.done(OTHER, ArtifactKind.VIDEO, width_px=720, height_px=720)
    keyframes = (
        Keyframe(position=Position.FIRST, generation_id=CLIP),
        Keyframe(position=Position.LAST, generation_id=OTHER),
    )
    assert (await harness.admit(keyframes=keyframes)).aspect_ratio == "16:9"
    assert (await harness.admit(keyframes=keyframes, aspect_ratio="1:1")).aspect_ratio == "1:1"
    assert (await harness.admit(keyframes=keyframes)).interpolates


async def test_pictures_inside_a_request_are_kept_and_our_own_links_are_recognised(harness, clock):
    inline = inline_picture()
    await harness.media.put_bytes("g/1/image.png", b"a picture")
    link = "http://here.test" + harness.links.path("g/1/image.png", now=clock.now())
    references = (
        Reference(image=inline),
        Reference(image=link),
        Reference(image="http://pictures.test/a.png"),
    )
    spec = await harness.admit(Kind.IMAGE, "a lake", still=Still(references=references))
    kept = [reference.image for reference in spec.still.references]
    assert kept[0].startswith("media:inputs/")
    assert kept[1:] == ["media:g/1/image.png", "http://pictures.test/a.png"]


async def test_a_link_to_a_file_of_ours_that_has_gone_is_refused(harness, clock):
    link = "http://here.test" + harness.links.path("inputs/ab.png", now=clock.now())
    with pytest.raises(InvalidRequest, match="was never uploaded or has been removed"):
        await harness.admit(Kind.IMAGE, "a lake", still=Still(references=(Reference(image=link),)))


async def test_what_has_expired_is_not_gone_on_from_and_says_why(harness):
    made = await harness.done(CLIP, ArtifactKind.VIDEO)
    await harness.store.write(lifecycle.expire(made, now=harness.clock.now()))
    extended = (Keyframe(position=Position.FIRST, generation_id=CLIP),)
    for requested in ({"keyframes": extended}, {"kind": Kind.UPSCALE, "source": source()}):
        with pytest.raises(Conflict, match="is expired: its files were kept until 2026-01-01"):
            await harness.admit(**requested)
    with pytest.raises(Conflict, match="have been removed"):
        await harness.generations.remix(CLIP, "other words", caller=ME, context=ASK)
    with pytest.raises(Expired, match="its files were kept until"):
        await harness.generations.artifact(CLIP, ArtifactKind.VIDEO, caller=ME)


async def test_what_came_with_a_failed_one_must_still_be_here_to_ask_for_it_anew(harness):
    picture = Keyframe(position=Position.FIRST, image="media:inputs/ab.png")
    spec = GenerationSpec(model="ray-2", prompt="p", resolution="720p", keyframes=(picture,))
    await harness.done(CLIP, spec=spec, state=State.FAILED)
    with pytest.raises(Conflict, match="a file that came with generation"):
        await harness.generations.retry(CLIP, caller=ME)
    await harness.media.put_bytes("inputs/ab.png", b"a picture")
    assert (await harness.generations.retry(CLIP, caller=ME)).spec == spec


async def test_removing_takes_the_files_and_leaves_no_litter(harness):
    await harness.done(CLIP, ArtifactKind.VIDEO)
    await harness.media.put_bytes(f"{CLIP}/1/video.mp4", b"a clip")
    await harness.generations.remove(CLIP, caller=ME)
    assert harness.media.path(f"{CLIP}/1/video.mp4") is None
    assert await harness.store.get_many([CLIP]) == ()


async def test_every_picture_that_is_none_is_told_at_once(harness):
    still = Still(references=(Reference(image="!!"), Reference(image="ftp://a/b.png")))
    with pytest.raises(InvalidRequest) as reported:
        await harness.admit(Kind.IMAGE, "a lake", still=still)
    assert [name for name, _ in reported.value.problems] == ["references.0", "references.1"]


def inline_picture() -> str:
    file = io.BytesIO()
    Image.new("RGB", (32, 32), "navy").save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


@pytest.mark.parametrize(
    "file", [inline_picture(), "media:inputs/secret.mp4", "file:///etc/passwd"]
)
async def test_a_video_comes_by_its_address_only(harness, file):
    with pytest.raises(InvalidRequest) as reported:
        await harness.admit(Kind.AUDIO, "rain", source=Source(file=file))
    assert reported.value.param == "source"


async def test_a_video_by_its_address_is_admitted_as_it_is(harness):
    spec = await harness.admit(Kind.AUDIO, "rain", source=Source(file="http://videos.test/a.mp4"))
    assert spec.source.file == "http://videos.test/a.mp4"
    assert spec.model == "ray-2"
