"""The folder of models: what is in it, whether it is whole, how it goes away."""

from pathlib import Path

import pytest
from tests.unit.local_models.folders import PULLED_AT, write_files, write_pulled

from rushes.core.errors import Conflict, LocalModelError, NotFound
from rushes.local_models.folder import (
    MANIFEST,
    digest_of,
    find_model,
    folder_signature,
    installed_models,
    model_at,
    remove_model,
    verify_model,
)
from rushes.local_models.pull_lock import INCOMING, locked
from rushes.local_models.use_lock import in_use, unused

WEIGHTS = "transformer/diffusion_pytorch_model.safetensors"


def test_a_folder_that_does_not_exist_has_no_models(tmp_path: Path) -> None:
    assert installed_models(tmp_path / "models") == ()


def test_models_are_listed_by_name_and_unfinished_downloads_are_not(tmp_path: Path) -> None:
    write_pulled(tmp_path)
    write_files(tmp_path / "my-own")
    write_files(tmp_path / INCOMING / "ltx-video-13b")
    (tmp_path / "notes").mkdir()
    pulled, own = sorted(installed_models(tmp_path), key=lambda one: one.manifest is None)
    assert (pulled.name, pulled.family) == ("wan2.2-ti2v-5b", "wan2.2-ti2v")
    assert pulled.path == tmp_path / "wan2.2-ti2v-5b"
    assert pulled.manifest is not None
    assert pulled.manifest.pulled_at == PULLED_AT
    assert pulled.size_bytes > 2048
    assert (own.name, own.family, own.manifest) == ("my-own", "wan2.2-ti2v", None)


def test_a_model_is_found_by_its_name_or_its_path(tmp_path: Path) -> None:
    path = write_pulled(tmp_path / "models")
    assert find_model(tmp_path / "models", "Wan2.2-TI2V-5B").path == path
    assert find_model(tmp_path / "elsewhere", str(path)).family == "wan2.2-ti2v"


def test_a_folder_of_ones_own_has_the_name_that_it_has(tmp_path: Path) -> None:
    write_files(tmp_path / "My-Wan")
    assert find_model(tmp_path, "My-Wan").path == tmp_path / "My-Wan"
    assert remove_model(tmp_path, "My-Wan") > 0
    write_pulled(tmp_path)
    assert remove_model(tmp_path, "WAN2.2-TI2V-5B") > 0


def test_a_known_model_that_is_not_there_names_the_command_that_gets_it(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"`rushes models pull ltx-video-13b` does it"):
        find_model(tmp_path, "ltx-video-13b")


@pytest.mark.parametrize("name", ["", ".", "..", ".incoming", "sora"])
def test_a_name_leads_nowhere_else(tmp_path: Path, name: str) -> None:
    write_files(tmp_path)
    write_files(tmp_path / INCOMING)
    with pytest.raises(NotFound):
        find_model(tmp_path / "models", name)


def test_an_incomplete_folder_is_no_model(tmp_path: Path) -> None:
    write_files(tmp_path)
    (tmp_path / WEIGHTS).unlink()
    with pytest.raises(LocalModelError, match="it lacks weights as safetensors"):
        model_at(tmp_path)


def test_a_pulled_model_is_whole(tmp_path: Path) -> None:
    write_pulled(tmp_path)
    reported: list[tuple[float, str]] = []
    model = find_model(tmp_path, "wan2.2-ti2v-5b")
    assert verify_model(model, lambda share, file: reported.append((round(share, 2), file))) == ()
    assert reported == [
        (0.0, "model_index.json"),
        (0.08, "transformer/config.json"),
        (0.08, WEIGHTS),
    ]


def test_every_difference_from_the_hub_is_reported(tmp_path: Path) -> None:
    path = write_pulled(tmp_path)
    (path / "model_index.json").unlink()
    (path / "config.json").write_text("{}")  # so that it is a model still
    weights = bytearray((path / WEIGHTS).read_bytes())
    weights[7] ^= 1
    (path / WEIGHTS).write_bytes(weights)
    (path / "transformer/config.json").write_bytes(b"{} ")
    assert verify_model(find_model(tmp_path, "wan2.2-ti2v-5b")) == (
        "model_index.json is missing",
        "transformer/config.json has 3 bytes instead of 2",
        f"{WEIGHTS} has another content than on the hub",
        "config.json was not pulled",
    )


def test_a_model_without_a_manifest_is_checked_for_its_parts(tmp_path: Path) -> None:
    write_files(tmp_path / "own")
    model = find_model(tmp_path, "own")
    assert verify_model(model) == ()
    (model.path / WEIGHTS).unlink()
    assert verify_model(model) == ("it lacks weights as safetensors",)


def test_a_manifest_that_points_outside_is_not_believed(tmp_path: Path) -> None:
    path = write_pulled(tmp_path)
    text = (path / MANIFEST).read_text()
    (path / MANIFEST).write_text(text.replace("model_index.json", "../../etc/passwd"))
    assert find_model(tmp_path, path.name).manifest is None


def test_the_hash_of_a_small_file_is_that_of_git(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"hello\n")
    assert digest_of(file, "git-sha1") == "ce013625030ba8dba906f756967f9e9ca394464a"


def test_a_removed_model_leaves_nothing(tmp_path: Path) -> None:
    write_pulled(tmp_path)
    write_files(tmp_path / INCOMING / "wan2.2-ti2v-5b")
    write_files(tmp_path / INCOMING / "removed-by-a-process-that-died")
    freed = remove_model(tmp_path, "wan2.2-ti2v-5b")
    assert freed > 4096
    assert installed_models(tmp_path) == ()
    assert [one.name for one in (tmp_path / INCOMING).iterdir()] == ["wan2.2-ti2v-5b.lock"]


def test_a_model_in_use_is_not_removed(tmp_path: Path) -> None:
    path = write_pulled(tmp_path)
    with in_use(path), in_use(path), pytest.raises(Conflict, match="is in use"):
        remove_model(tmp_path, "wan2.2-ti2v-5b")
    with unused(path, "it"), pytest.raises(Conflict, match="is being removed"), in_use(path):
        pass
    assert remove_model(tmp_path, "wan2.2-ti2v-5b") > 0
    with pytest.raises(NotFound, match="not there any more"), in_use(path):
        pass


def test_the_signature_changes_when_a_model_comes_or_goes(tmp_path: Path) -> None:
    signatures = [folder_signature(tmp_path / "models")]
    path = write_pulled(tmp_path / "models")
    signatures.append(folder_signature(tmp_path / "models"))
    write_files(tmp_path / "models" / INCOMING / "another")
    assert folder_signature(tmp_path / "models") == signatures[1]
    remove_model(tmp_path / "models", path.name)
    signatures.append(folder_signature(tmp_path / "models"))
    assert signatures[0] == signatures[2] != signatures[1]


def test_a_model_that_is_being_pulled_is_not_removed(tmp_path: Path) -> None:
    write_pulled(tmp_path)
    with locked(tmp_path, "wan2.2-ti2v-5b"), pytest.raises(Conflict):
        remove_model(tmp_path, "wan2.2-ti2v-5b")
    assert find_model(tmp_path, "wan2.2-ti2v-5b")


@pytest.mark.parametrize("name", ["..", ".incoming", "a/b", "", "absent"])
def test_nothing_else_is_removed(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "models"
    write_files(folder / "a" / "b")
    write_files(folder / INCOMING)
    with pytest.raises(NotFound):
        remove_model(folder, name)
    assert (folder / "a" / "b").is_dir()
    assert (folder / INCOMING).is_dir()
