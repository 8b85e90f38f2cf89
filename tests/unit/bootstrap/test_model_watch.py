"""A server offers what is pulled while it runs, and what was removed no longer."""

from dataclasses import replace
from types import SimpleNamespace

import httpx2
import pytest
from tests.unit.local_models.folders import write_files

from rushes.bootstrap import local_channels
from rushes.bootstrap.application import build
from rushes.core.errors import LocalModelError
from rushes.core.spec import GenerationSpec
from rushes.engines.base import render_permit
from rushes.local_models.folder import remove_model
from rushes.settings import Settings

MODEL = "wan2.2-ti2v-5b"


@pytest.fixture
async def application(tmp_path, monkeypatch):
    found = [(SimpleNamespace(name=MODEL), "resident")]
    monkeypatch.setattr(local_channels, "runnable", lambda _: found)
    monkeypatch.setattr(local_channels, "find_spec", lambda _: object())
    settings = replace(Settings(), data=tmp_path)
    settings = replace(settings, server=replace(settings.server, auth=False))
    made = build(settings, serves_worker=True)
    yield made
    await made.close()


@pytest.fixture
def models(tmp_path):
    return tmp_path / "models"


async def engine_of(application, model="ray-2"):
    transport = httpx2.ASGITransport(application.app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://rushes.test") as client:
        reply = (await client.get("/api/v1/models")).json()
    return next(one["engine"] for one in reply["models"] if one["name"] == model)


async def test_a_model_that_comes_and_goes_is_offered_while_it_is_there(application, models):
    watch, worker = application.model_watch, application.worker
    assert await engine_of(application) == "animatic"
    write_files(models / MODEL)
    assert await engine_of(application) == "animatic"
    await watch.look()
    assert await engine_of(application) == f"{MODEL}, animatic"
    assert MODEL in worker.channel_names
    assert application.channel_control.channel(MODEL).models == {"ray-2": MODEL}
    remove_model(models, MODEL)
    await watch.look()
    assert await engine_of(application) == "animatic"
    assert worker.channel_names == ("animatic",)


async def test_the_engine_of_a_removed_model_is_closed_when_it_is_idle(
    application, models, monkeypatch
):
    write_files(models / MODEL)
    await application.model_watch.look()
    engine = application.channel_control.channel(MODEL).engine
    closed = []
    monkeypatch.setattr(engine, "close", lambda: closed_now(closed))
    async with render_permit(engine, GenerationSpec(prompt="a lake")):
        remove_model(models, MODEL)
        await application.model_watch.look()
        assert not closed
    await application.model_watch.close()
    assert closed == [True]


async def test_a_model_that_cannot_be_read_takes_no_other_away(application, models, monkeypatch):
    write_files(models / MODEL)
    await application.model_watch.look()

    def fail(*_):
        raise LocalModelError("its files are damaged")

    with monkeypatch.context() as broken:
        broken.setattr(local_channels, "installed_models", fail)
        write_files(models / "damaged")
        await application.model_watch.look()
    assert await engine_of(application) == f"{MODEL}, animatic"


async def closed_now(closed):
    closed.append(True)


async def test_other_models_keep_their_engine(application, models, monkeypatch):
    both = [(SimpleNamespace(name=name), "resident") for name in (MODEL, "wan2.1-vace-1.3b")]
    monkeypatch.setattr(local_channels, "runnable", lambda _: both)
    write_files(models / MODEL)
    await application.model_watch.look()
    engine = application.channel_control.channel(MODEL).engine
    write_files(models / "wan2.1-vace-1.3b")
    await application.model_watch.look()
    assert application.channel_control.channel(MODEL).engine is engine
    assert "wan2.1-vace-1.3b" in application.worker.channel_names
