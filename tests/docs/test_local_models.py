"""The pages about local models: complete, true to the tables, and with settings that work."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from rushes.bootstrap.application import Application, build
from rushes.bootstrap.channels import configured_channels
from rushes.core.errors import InvalidRequest
from rushes.core.generation import AccountId, Generation, State
from rushes.core.spec import GenerationSpec, Keyframe, Kind, Position
from rushes.engines.local.families import FAMILIES
from rushes.engines.scripted import ScriptedEngine
from rushes.local_models.catalogue import MODELS, CatalogueModel
from rushes.mock_upstream.app import MockUpstream
from rushes.mock_upstream.role import Durations, Role
from rushes.mock_upstream.serving import serving
from rushes.service.accounts import Caller
from rushes.service.catalogue import Catalogue
from rushes.service.request_context import RequestContext
from rushes.settings import load

DOCS = Path(__file__).parents[2] / "docs"
PAGES = DOCS / "local-models"
OVERVIEW = (DOCS / "local-models.md").read_text("utf-8")
ME = Caller(account_id=AccountId("a"))
ASK = RequestContext(dialect="native", origin="http://here.test")

VIDEO = GenerationSpec(prompt="fog over hills", duration_s=5, resolution="720p")

SERVERS = {
    "SGLang": Role(kind="openai-videos", shape="sglang", takes=Durations.of("0s")),
    "vLLM-Omni": Role(kind="openai-videos", shape="vllm-omni", takes=Durations.of("0s")),
    "LightX2V": Role(kind="lightx2v", takes=Durations.of("0s")),
}
"""The model servers of the overview, each with the mock upstream that follows its source."""


def test_every_family_has_a_page_that_the_overview_links() -> None:
    pages = {model.family: model.page for model in MODELS}
    assert set(FAMILIES) <= set(pages)
    assert {page.name for page in PAGES.iterdir()} == set(pages.values())
    for page in pages.values():
        assert f"(local-models/{page})" in OVERVIEW


@pytest.mark.parametrize("page", sorted(PAGES.iterdir()), ids=lambda page: page.stem)
def test_a_page_has_licence_memory_speed_and_what_the_family_cannot_do(page: Path) -> None:
    text = page.read_text("utf-8")
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert {"Memory", "Speed", "What it can't do"} <= set(headings)
    assert re.search(r"(none|[Nn]othing) was measured by this project", text)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_a_model_is_on_the_page_of_its_family(model: CatalogueModel) -> None:
    text = (PAGES / model.page).read_text("utf-8")
    assert f"`{model.name}`" in text
    assert model.licence.name in text
    assert model.repository in text


def configuration(server: str) -> str:
    """Return the settings under the heading of a model server."""
    found = re.search(rf"^### {server}\n+```toml\n(.*?)^```$", OVERVIEW, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


def pulled(folder: Path, name: str, class_name: str) -> None:
    """Put a model of one component into the folder of models."""
    index = {"_class_name": class_name, "expand_timesteps": class_name == "WanPipeline"}
    files = {"model_index.json": json.dumps(index), "transformer/w.safetensors": ""}
    for one, text in files.items():
        file = folder / name / one
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def test_the_settings_for_local_models_give_each_the_work_that_it_can_do(tmp_path: Path) -> None:
    found = re.search(r"^```toml\n(\[channels\.wan\].*?)^```$", OVERVIEW, re.MULTILINE | re.DOTALL)
    assert found is not None
    file = tmp_path / "rushes.toml"
    file.write_text(f'data = "{tmp_path / "data"}"\n{found[1]}')
    pulled(tmp_path / "data" / "models", "wan2.2-ti2v-5b", "WanPipeline")
    pulled(tmp_path / "data" / "models", "wan2.1-vace-1.3b", "WanVACEPipeline")
    channels = configured_channels(load(config_file=file), animatic=ScriptedEngine([]))
    catalogue = Catalogue(channels)
    spec = replace(VIDEO, model="ray-2", aspect_ratio="16:9")
    assert [one.name for one in catalogue.capable_channels(spec)] == ["wan", "vace"]
    ends = tuple(Keyframe(position=at, image="https://a.example/b.png") for at in Position)
    for harder in (replace(spec, keyframes=ends), replace(spec, loop=True)):
        assert [one.name for one in catalogue.capable_channels(harder)] == ["vace"]


@asynccontextmanager
async def configured(server: str, folder: Path) -> AsyncIterator[Application]:
    """Run a server with the settings of the page, except for the address of the upstream."""
    async with serving(MockUpstream(SERVERS[server])) as url:
        text, count = re.subn(r'"http://[\d.:]+/', f'"{url}/', configuration(server))
        assert count == 1
        file = folder / "rushes.toml"
        file.write_text(f'data = "{folder / "data"}"\n{text}')
        application = build(load(config_file=file))
        async with application.running(dispatcher=False):
            yield application


async def done(application: Application, spec: GenerationSpec) -> Generation:
    generation = await application.generations.submit(spec, caller=ME, context=ASK)
    async with asyncio.timeout(90):
        while not generation.state.is_final:
            await asyncio.sleep(0.02)
            generation = await application.generations.get(generation.id, caller=ME)
    assert generation.state is State.COMPLETED, generation.failure
    return generation


@pytest.mark.parametrize("server", SERVERS)
async def test_the_settings_for_a_model_server_make_a_video(server: str, tmp_path: Path) -> None:
    async with configured(server, tmp_path) as application:
        generation = await done(application, VIDEO)
        assert generation.attempts[-1].channel in configuration(server)


async def test_first_and_last_images_go_to_lightx2v(tmp_path: Path) -> None:
    async with configured("LightX2V", tmp_path) as application:
        stills = [
            await done(application, GenerationSpec(kind=Kind.IMAGE, model="photon-1", prompt=one))
            for one in ("a red door", "a blue door")
        ]
        ends = zip((Position.FIRST, Position.LAST), stills, strict=True)
        keyframes = tuple(Keyframe(position=at, generation_id=one.id) for at, one in ends)
        generation = await done(application, replace(VIDEO, keyframes=keyframes))
        assert generation.attempts[-1].channel == "lightx2v"


@pytest.mark.parametrize("server", ["SGLang", "vLLM-Omni"])
async def test_last_images_are_refused_where_the_server_takes_none(
    server: str, tmp_path: Path
) -> None:
    image = "https://pictures.example/door.png"
    keyframes = tuple(Keyframe(position=at, image=image) for at in Position)
    async with configured(server, tmp_path) as application:
        with pytest.raises(InvalidRequest, match="does not support a last image"):
            await application.generations.submit(
                replace(VIDEO, keyframes=keyframes), caller=ME, context=ASK
            )
