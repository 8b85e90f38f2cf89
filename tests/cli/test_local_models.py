"""Local models on the command line: what this machine could run, what it has."""

from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import Done
from tests.unit.local_models.folders import write_files, write_pulled

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
