"""Local models on the command line: what this machine could run, what it has."""

import json
from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import Done
from tests.unit.local_models.folders import PIPELINE, write_files, write_pulled
from tests.unit.local_models.hub import Hub, serving_hub

from rushes.cli.local_models import NAMES
from rushes.local_models.catalogue import MODELS, catalogue_model

WEIGHTS = "transformer/diffusion_pytorch_model.safetensors"


def test_doctor_says_what_this_machine_could_run_and_what_is_damaged(
    rushes: Callable[..., Done], tmp_path: Path
) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    card = programs / "nvidia-smi"
    card.write_text('#!/bin/sh\necho "0, Card, 140000, 90000"\n')
    card.chmod(0o755)
    write_pulled(tmp_path / "models")
    own = write_files(tmp_path / "models" / "own")
    (own / WEIGHTS).unlink()
    done = rushes(
        *("doctor", "--data", "d", "--json"),
        RUSHES_SERVER__PORT="0",
        RUSHES_MODELS__FOLDER="models",
        PATH=f"{programs}:/usr/bin:/bin",
    )
    found = {check["name"]: (check["verdict"], check["found"]) for check in done.json["checks"]}
    assert found["gpu"] == ("note", "Card, 94 of 147 GB free")
    assert "wan2.2-i2v-a14b (resident)" in found["local models"][1]
    assert found["model wan2.2-ti2v-5b"] == ("good", "pulled")
    assert found["model own"] == ("poor", "it lacks weights as safetensors")
    assert done.status == 0


def test_doctor_starts_the_worker_of_a_local_channel(
    rushes: Callable[..., Done], tmp_path: Path
) -> None:
    write_pulled(tmp_path / "models")
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho '" + json.dumps(READY) + "'\n")
    python.chmod(0o755)
    (tmp_path / "rushes.toml").write_text(f"""
        models.folder = "models"
        [channels.gpu]
        kind = "local"
        model = "wan2.2-ti2v-5b"
        models = ["ray-2"]
        python = "{python}"
        [channels.lost]
        kind = "local"
        model = "ltx-video-13b"
        models = ["ray-3"]
    """)
    done = rushes("doctor", "--data", "d", "--json", RUSHES_SERVER__PORT="0")
    found = {check["name"]: (check["verdict"], check["found"]) for check in done.json["checks"]}
    assert found["channel gpu"] == ("good", "local for ray-2")
    assert found["worker gpu"] == ("good", "torch 2.13.0; Card, 94 of 147 GB free")
    assert found["worker lost"][0] == "bad"
    assert "rushes models pull ltx-video-13b" in found["worker lost"][1]
    assert done.status == 1


READY = {
    "event": "ready",
    "device": "cuda",
    "device_name": "Card",
    "free_bytes": 94_000_000_000,
    "total_bytes": 147_000_000_000,
    "versions": {"torch": "2.13.0"},
}


def test_the_list_says_what_is_pulled_and_what_it_would_take(
    rushes: Callable[..., Done], tmp_path: Path
) -> None:
    write_pulled(tmp_path / "d" / "models")
    write_files(tmp_path / "d" / "models" / "own")
    models = {one["name"]: one for one in rushes("models", "list", "--data", "d", "--json").json}
    assert list(models)[-1] == "own"
    pulled = models["wan2.2-ti2v-5b"]
    assert pulled["state"] == "pulled"
    assert pulled["licence"]["name"] == "Apache-2.0"
    assert pulled["path"] == str(tmp_path / "d/models/wan2.2-ti2v-5b")
    assert models["ltx-video-13b"]["state"] == "-"
    assert models["ltx-video-13b"]["licence"]["must_accept"]
    assert (models["own"]["state"], models["own"]["family"]) == ("here", "wan2.2-ti2v")
    listed = rushes("models", "list", "--data", "d").out
    assert f"Folder: {tmp_path / 'd' / 'models'}" in listed


def test_one_model_is_shown_with_its_licence_and_needs(rushes: Callable[..., Done]) -> None:
    shown = rushes("models", "show", "ltx-2.3-distilled").out
    assert "10 million US dollars" in shown
    assert "pull it with --accept-license" in shown
    assert "https://huggingface.co/diffusers/LTX-2.3-Distilled-Diffusers" in shown


def test_an_unknown_model_is_not_found(rushes: Callable[..., Done]) -> None:
    for command in ("show", "pull", "verify", "rm"):
        done = rushes("models", command, "sora")
        assert (done.status, "there is no local model 'sora'" in done.err) == (4, True)


def test_a_model_is_pulled_verified_and_removed(
    rushes: Callable[..., Done], rushes_process: Callable[..., Done], tmp_path: Path
) -> None:
    name = "wan2.2-ti2v-5b"
    with serving_hub(Hub(catalogue_model(name).repository, dict(PIPELINE))) as hub:
        # In processes of their own, because the hub's library reads its variables when it is imported.
        hub_is = {"HF_ENDPOINT": hub.url, "HF_HOME": str(tmp_path / "home")}
        pulled = rushes_process("models", "pull", name, **hub_is)
        assert pulled.status == 0, pulled.err
        assert pulled.out.startswith(f"{name} is in {tmp_path}")
        again = rushes_process("models", "pull", name, "--json", **hub_is)
        assert again.json["state"] == "pulled"
    assert rushes("models", "verify", name).out == f"{name}: every file is as on the hub.\n"
    folder = tmp_path / "rushes-data" / "models" / name
    (folder / WEIGHTS).write_bytes(b"short")
    damaged = rushes("models", "verify", str(folder))
    assert (damaged.status, "has 5 bytes instead of 2048" in damaged.out) == (1, True)
    assert rushes("models", "rm", str(folder)).status == 2
    assert rushes("models", "rm", name).out.startswith(f"{name} is deleted")
    assert not folder.exists()


def test_a_licence_is_accepted_explicitly(rushes: Callable[..., Done]) -> None:
    done = rushes("models", "pull", "sdxl-turbo")
    assert done.status == 5
    assert "accept it: --accept-license" in done.err


def test_completion_knows_the_catalogue() -> None:
    assert [model.name for model in MODELS] == list(NAMES)


def test_the_command_that_was_models_still_runs(rushes: Callable[..., Done]) -> None:
    former = rushes("models", "--json")
    assert former.json == rushes("models", "offered", "--json").json
    assert "`rushes models` is called `rushes models offered` now" in former.err
    assert "models that requests can name" in rushes("models", "--help").out
