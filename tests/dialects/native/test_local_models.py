"""Local models through our own API: listed, pulled, cancelled and removed by operators."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from tests.dialects.native.conftest import Server, problem_of
from tests.unit.local_models.folders import PIPELINE, write_files, write_pulled
from tests.unit.local_models.hub import COMMIT, Hub, serving_hub

from rushes.local_models.catalogue import MODELS, catalogue_model

PATH = "/api/v1/local-models"
NAME = "wan2.2-ti2v-5b"


@pytest.fixture
async def operator(server: Server) -> httpx2.AsyncClient:
    _, secret = await server.accounts.create_key("op", is_operator=True)
    return server.as_client(secret)


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Hub]:
    with serving_hub(Hub(catalogue_model(NAME).repository, dict(PIPELINE))) as one:
        monkeypatch.setenv("HF_ENDPOINT", one.url)
        monkeypatch.setenv("HF_HOME", str(tmp_path / "home"))
        yield one


async def ended(server: Server) -> None:
    await asyncio.to_thread(server.local_models._pulls[NAME].wait, 60)


async def test_an_operator_sees_the_models_and_the_machine(
    operator: httpx2.AsyncClient, tmp_path: Path
) -> None:
    write_pulled(tmp_path / "models")
    write_files(tmp_path / "models" / "own")
    reply = (await operator.get(PATH)).json()
    assert reply["folder"] == str(tmp_path / "models")
    assert reply["can_pull"]
    assert reply["machine"]["gpus"][0]["free_bytes"] == 20 * 10**9
    models = {one["name"]: one for one in reply["models"]}
    assert list(models) == [*(model.name for model in MODELS), "own"]
    pulled = models[NAME]
    assert (pulled["installed"], pulled["commit"], pulled["pull"]) == (True, "a" * 40, None)
    assert pulled["fit"]["profile"] == "model-offload"
    assert pulled["catalogue"]["licence"]["name"] == "Apache-2.0"
    assert (models["own"]["catalogue"], models["own"]["fit"]) == (None, None)
    assert models["own"]["family"] == "wan2.2-ti2v"
    assert models["wan2.1-vace-14b"]["fit"]["profile"] == "group-offload"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", PATH),
        ("GET", f"{PATH}/{NAME}"),
        ("POST", f"{PATH}/{NAME}/pull"),
        ("POST", f"{PATH}/{NAME}/cancel"),
        ("DELETE", f"{PATH}/{NAME}"),
    ],
)
async def test_nobody_else_may(server: Server, tmp_path: Path, method: str, path: str) -> None:
    write_pulled(tmp_path / "models")
    assert problem_of(await server.client.request(method, path), 403)["code"] == "forbidden"
    assert problem_of(await server.as_client(None).request(method, path), 401)
    assert (tmp_path / "models" / NAME).is_dir()


async def test_a_model_is_pulled_and_removed(
    server: Server, operator: httpx2.AsyncClient, hub: Hub, tmp_path: Path
) -> None:
    started = await operator.post(f"{PATH}/{NAME}/pull")
    assert (started.status_code, started.json()["pull"]["status"]) == (202, "running")
    await ended(server)
    pulled = (await operator.get(f"{PATH}/{NAME}")).json()
    assert (pulled["installed"], pulled["commit"]) == (True, COMMIT)
    assert problem_of(await operator.post(f"{PATH}/{NAME}/pull"), 409)["code"] == "conflict"
    assert (await operator.delete(f"{PATH}/{NAME}")).status_code == 204
    assert not (tmp_path / "models" / NAME).exists()
    assert problem_of(await operator.delete(f"{PATH}/{NAME}"), 404)


async def test_a_pull_shows_its_progress_and_is_cancelled(
    server: Server, operator: httpx2.AsyncClient, hub: Hub
) -> None:
    hub.hangs = threading.Event()
    await operator.post(f"{PATH}/{NAME}/pull")
    assert await asyncio.to_thread(hub.half_sent.wait, 60)
    running = (await operator.get(f"{PATH}/{NAME}")).json()["pull"]
    assert running["status"] == "running"
    assert running["total_bytes"] == sum(map(len, PIPELINE.values()))
    assert (await operator.post(f"{PATH}/{NAME}/cancel")).status_code == 200
    await ended(server)
    stopped = (await operator.get(f"{PATH}/{NAME}")).json()
    assert (stopped["pull"]["status"], stopped["installed"]) == ("stopped", False)
    assert problem_of(await operator.post(f"{PATH}/{NAME}/cancel"), 409)


async def test_a_licence_is_accepted_in_the_request(operator: httpx2.AsyncClient, hub: Hub) -> None:
    path = f"{PATH}/sdxl-turbo/pull"
    problem = problem_of(await operator.post(path, json={"accept_license": False}), 422)
    assert (problem["param"], "accept it" in problem["detail"]) == ("accept_license", True)
    assert hub.requests == []
    assert (await operator.post(path, json={"accept_license": True})).status_code == 202


@pytest.mark.parametrize("name", ["sora", "..", "%2Fetc", ".incoming"])
async def test_other_names_lead_nowhere(operator: httpx2.AsyncClient, name: str) -> None:
    for method, end in (("GET", ""), ("POST", "/pull"), ("DELETE", "")):
        assert (await operator.request(method, f"{PATH}/{name}{end}")).status_code in {404, 405}
