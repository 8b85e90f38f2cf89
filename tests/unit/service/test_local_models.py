"""The use cases of local models: a pull in a process of its own, seen and ended from outside."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from tests.unit.local_models.folders import PIPELINE, write_pulled
from tests.unit.local_models.hub import Hub, serving_hub

from rushes.core.errors import Conflict, InvalidRequest, NotFound
from rushes.local_models.catalogue import MODELS, catalogue_model
from rushes.local_models.hardware import Gpu, Hardware
from rushes.local_models.overview import LocalModelView
from rushes.local_models.pull_state import PullStatus
from rushes.service import local_models
from rushes.service.local_models import LocalModels

NAME = "wan2.2-ti2v-5b"
MACHINE = Hardware(
    gpus=(Gpu(index=0, name="Card", total_bytes=80 * 10**9, free_bytes=80 * 10**9),),
    ram_bytes=256 * 10**9,
    free_disk_bytes=10**12,
)


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Hub]:
    with serving_hub(Hub(catalogue_model(NAME).repository, dict(PIPELINE))) as one:
        monkeypatch.setenv("HF_ENDPOINT", one.url)  # the process of a pull inherits it
        monkeypatch.setenv("HF_HOME", str(tmp_path / "home"))
        yield one


@pytest.fixture
async def models(tmp_path: Path) -> AsyncIterator[LocalModels]:
    one = LocalModels(tmp_path / "models", hardware=lambda _: MACHINE)
    yield one
    await one.close()


async def ended(models: LocalModels) -> LocalModelView:
    """Return the model once the process that pulls it has ended."""
    await asyncio.to_thread(models._pulls[NAME].wait, 60)
    return await models.show(NAME)


async def status(models: LocalModels) -> PullStatus | None:
    pull = (await models.show(NAME)).pull
    return pull and pull.status


async def test_a_model_is_pulled_and_removed(hub: Hub, models: LocalModels) -> None:
    started = await models.pull(NAME)
    assert started.pull is not None
    assert started.pull.status is PullStatus.RUNNING
    pulled = await ended(models)
    assert pulled.installed is not None
    assert pulled.pull is None
    with pytest.raises(Conflict, match="is pulled already"):
        await models.pull(NAME)
    assert await models.remove(NAME) > 2048
    assert (await models.show(NAME)).installed is None


async def test_a_pull_is_cancelled_and_goes_on_later(hub: Hub, models: LocalModels) -> None:
    hub.hangs = threading.Event()
    await models.pull(NAME)
    assert await asyncio.to_thread(hub.half_sent.wait, 30)
    with pytest.raises(Conflict, match="is being pulled already"):
        await models.pull(NAME)
    running = await models.show(NAME)
    assert running.pull is not None
    assert running.pull.total_bytes == sum(map(len, PIPELINE.values()))
    await models.cancel(NAME)
    await ended(models)
    assert await status(models) is PullStatus.STOPPED
    hub.hangs.set()
    hub.hangs = None
    await models.pull(NAME)
    assert (await ended(models)).installed is not None


async def test_a_pull_that_has_just_begun_can_be_cancelled(hub: Hub, models: LocalModels) -> None:
    hub.hangs = threading.Event()
    await models.pull(NAME)
    await models.cancel(NAME)
    await ended(models)
    assert await status(models) is PullStatus.STOPPED


async def test_a_failed_pull_says_why(hub: Hub, models: LocalModels) -> None:
    hub.refuses = (403, "GatedRepo")
    await models.pull(NAME)
    failed = await ended(models)
    assert failed.pull is not None
    assert failed.pull.status is PullStatus.FAILED
    assert failed.pull.error is not None
    assert "accepted its terms" in failed.pull.error


async def test_the_end_of_a_server_ends_its_pulls(hub: Hub, tmp_path: Path) -> None:
    hub.hangs = threading.Event()
    models = LocalModels(tmp_path / "models", hardware=lambda _: MACHINE)
    await models.pull(NAME)
    assert await asyncio.to_thread(hub.half_sent.wait, 30)
    await models.close()
    assert await status(models) is PullStatus.STOPPED


async def test_the_list_has_the_machine_and_what_it_can_run(
    models: LocalModels, tmp_path: Path
) -> None:
    write_pulled(tmp_path / "models")
    listed = await models.list()
    assert listed.hardware is MACHINE
    assert listed.folder == tmp_path / "models"
    assert [view.name for view in listed.models] == [model.name for model in MODELS]
    first = listed.models[0]
    assert first.installed is not None
    assert first.fit is not None
    assert first.fit.profile == "resident"


async def test_a_licence_must_be_accepted_before_anything_starts(
    hub: Hub, models: LocalModels
) -> None:
    with pytest.raises(InvalidRequest) as caught:
        await models.pull("sdxl-turbo")
    assert caught.value.param == "accept_license"
    assert hub.requests == []


async def test_without_the_package_a_pull_says_what_to_install(
    models: LocalModels, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local_models, "hub_is_installed", lambda: False)
    with pytest.raises(Conflict, match=r"pip install 'rushes\[local\]'"):
        await models.pull(NAME)
    assert not (await models.list()).can_pull


@pytest.mark.parametrize("name", ["sora", "../etc", "/etc"])
async def test_a_name_leads_nowhere_else(models: LocalModels, name: str) -> None:
    with pytest.raises(NotFound):
        await models.show(name)
    with pytest.raises(NotFound):
        await models.pull(name)
    with pytest.raises(NotFound):
        await models.remove(name)
