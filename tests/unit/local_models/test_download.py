"""Pulls from a hub on loopback: complete or not at all, whatever happens on the way."""

import errno
import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import huggingface_hub
import pytest
from huggingface_hub import file_download
from tests.unit.local_models.folders import PIPELINE, PULLED_AT
from tests.unit.local_models.hub import COMMIT, Hub, serving_hub

from rushes.core.errors import Conflict, InvalidRequest, LocalModelError, NotFound
from rushes.local_models import download
from rushes.local_models.catalogue import catalogue_model
from rushes.local_models.download import pull_model
from rushes.local_models.folder import InstalledModel, find_model, installed_models, verify_model
from rushes.local_models.pull_lock import INCOMING, locked
from rushes.local_models.pull_process import command
from rushes.local_models.pull_state import (
    PullStatus,
    is_cancelled,
    read_pull,
    read_pulls,
    request_cancel,
)

NAME = "wan2.2-ti2v-5b"
WEIGHTS = "transformer/diffusion_pytorch_model.safetensors"
UNWANTED = {
    "README.md": b"# Wan",
    "pytorch_model.bin": b"\x80\x04",
    "one-file.safetensors": b"everything again",
}


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A hub with a small pipeline of Wan 2.2, and files that no pull wants."""
    monkeypatch.setattr(file_download.time, "sleep", lambda _: None)  # before it tries again
    monkeypatch.setattr(file_download.constants, "DOWNLOAD_CHUNK_SIZE", 256)  # 10 MB are real
    files = {**PIPELINE, **UNWANTED, "LICENSE.txt": b"Apache"}
    with serving_hub(Hub(catalogue_model(NAME).repository, files)) as one:
        yield one


def pull(hub: Hub, folder: Path, name: str = NAME, *, accept: bool = False) -> InstalledModel:
    return pull_model(folder, name, accept_license=accept, now=PULLED_AT, endpoint=hub.url)


def test_a_pulled_model_is_complete_and_verified(hub: Hub, tmp_path: Path) -> None:
    model = pull(hub, tmp_path)
    assert verify_model(model) == ()
    assert model.family == "wan2.2-ti2v"
    assert model.manifest is not None
    assert (model.manifest.commit, model.manifest.pulled_at) == (COMMIT, PULLED_AT)
    assert set(model.manifest.files) == {*PIPELINE, "LICENSE.txt"}
    assert (model.path / WEIGHTS).read_bytes() == PIPELINE[WEIGHTS]
    assert not (model.path / ".cache").exists()
    assert read_pulls(tmp_path) == ()


def test_a_model_that_is_there_is_not_pulled_again(hub: Hub, tmp_path: Path) -> None:
    pull(hub, tmp_path)
    hub.requests.clear()
    assert pull(hub, tmp_path).name == NAME
    assert hub.requests == []


def test_a_cut_connection_goes_on_where_it_was_cut(hub: Hub, tmp_path: Path) -> None:
    hub.cuts[WEIGHTS] = 2
    assert verify_model(pull(hub, tmp_path)) == ()
    asked = [one for one in hub.requests if one.startswith(f"GET /cdn/{WEIGHTS}")]
    size = len(PIPELINE[WEIGHTS])
    assert [one.partition(" bytes=")[2] for one in asked] == [
        "",
        f"{size // 2}-",
        f"{size * 3 // 4}-",
    ]


def test_a_connection_that_stays_cut_installs_nothing_and_the_next_pull_goes_on(
    hub: Hub, tmp_path: Path
) -> None:
    hub.files[WEIGHTS] = PIPELINE[WEIGHTS]
    hub.cuts[WEIGHTS] = 1000
    with pytest.raises(LocalModelError, match=f"`rushes models pull {NAME}` goes on"):
        pull(hub, tmp_path)
    assert installed_models(tmp_path) == ()
    state = read_pull(tmp_path, NAME)
    assert state is not None
    assert state.status is PullStatus.FAILED
    assert state.error is not None
    assert catalogue_model(NAME).repository in state.error
    hub.cuts.clear()
    hub.requests.clear()
    assert verify_model(pull(hub, tmp_path)) == ()
    assert hub.downloads() == [Path(WEIGHTS).name, "LICENSE.txt"]


def test_another_content_than_the_hub_declared_is_deleted(hub: Hub, tmp_path: Path) -> None:
    hub.lies_about[WEIGHTS] = PIPELINE[WEIGHTS][::-1]
    with pytest.raises(
        LocalModelError, match="has another content than on the hub, so it was deleted"
    ):
        pull(hub, tmp_path)
    assert installed_models(tmp_path) == ()
    assert not (tmp_path / INCOMING / NAME / WEIGHTS).exists()
    hub.lies_about.clear()
    assert verify_model(pull(hub, tmp_path)) == ()


def test_a_small_file_is_checked_too(hub: Hub, tmp_path: Path) -> None:
    hub.lies_about["transformer/config.json"] = b"[]"
    with pytest.raises(LocalModelError, match=r"transformer/config\.json .* another content"):
        pull(hub, tmp_path)


@pytest.mark.parametrize(
    ("refusal", "sentence"),
    [
        ((404, "RepoNotFound"), "the hub has no repository Wan-AI/Wan2.2-TI2V-5B-Diffusers"),
        ((401, "RepoNotFound"), "or shows it only to some accounts; set HF_TOKEN"),
        (
            (401, "GatedRepo"),
            "accept them at https://huggingface.co/Wan-AI/Wan2.2-TI2V-5B-Diffusers",
        ),
        ((403, "GatedRepo"), "then set HF_TOKEN or run `hf auth login`"),
        ((500, ""), "could not be pulled: "),
    ],
)
def test_a_refusal_of_the_hub_says_what_to_do(
    hub: Hub, tmp_path: Path, refusal: tuple[int, str], sentence: str
) -> None:
    hub.refuses = refusal
    with pytest.raises(LocalModelError) as caught:
        pull(hub, tmp_path)
    assert sentence in str(caught.value)
    assert installed_models(tmp_path) == ()


def test_a_hub_that_cannot_be_reached_is_an_error_with_its_reason(tmp_path: Path) -> None:
    with pytest.raises(LocalModelError, match="could not be pulled: "):
        pull_model(
            tmp_path, NAME, accept_license=False, now=PULLED_AT, endpoint="http://127.0.0.1:1"
        )


def test_a_repository_without_its_weights_is_not_installed(hub: Hub, tmp_path: Path) -> None:
    del hub.files[WEIGHTS]
    with pytest.raises(LocalModelError, match="lacks weights as safetensors"):
        pull(hub, tmp_path)
    assert installed_models(tmp_path) == ()


@pytest.mark.parametrize("name", ["unet/../../../evil.json", "/etc/evil.json"])
def test_a_path_that_leads_out_of_the_folder_is_refused(
    hub: Hub, tmp_path: Path, name: str
) -> None:
    hub.files[name] = b"{}"
    with pytest.raises(LocalModelError, match="has a file that cannot be pulled"):
        pull(hub, tmp_path)
    assert hub.downloads() == []


def test_a_disk_that_is_too_small_is_noticed_before_the_download(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=10**8)
    monkeypatch.setattr(download.shutil, "disk_usage", lambda _: usage)
    with pytest.raises(
        LocalModelError, match=r"has 0\.1 GB free, and the model needs 0\.3 GB more"
    ):
        pull(hub, tmp_path)
    assert hub.downloads() == []


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        RuntimeError("Data processing error: No space left on device (os error 28)"),
    ],
    ids=["python", "transfer library"],
)
def test_a_disk_that_fills_up_meanwhile_is_a_clear_error(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(huggingface_hub, "hf_hub_download", fail)
    with pytest.raises(LocalModelError, match=r"the disk of .* is full"):
        pull(hub, tmp_path)
    assert installed_models(tmp_path) == ()


def test_a_licence_with_conditions_must_be_accepted(hub: Hub, tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match=r"LTX-2\.x Community.*--accept-license"):
        pull(hub, tmp_path, "ltx-2.3-distilled")
    assert hub.requests == []
    hub.repository = catalogue_model("ltx-2.3-distilled").repository
    model = pull(hub, tmp_path, "ltx-2.3-distilled", accept=True)
    assert model.manifest is not None
    assert model.manifest.licence == "LTX-2.x Community"


def test_an_unknown_model_is_not_pulled(hub: Hub, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        pull(hub, tmp_path, "sora")


def test_without_the_package_of_the_hub_the_message_says_what_to_install(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "HUB_PACKAGE", "a_package_that_is_not_there")
    with pytest.raises(LocalModelError, match=r"pip install 'rushes\[local\]'"):
        pull(hub, tmp_path)


def test_a_second_pull_of_the_same_model_is_refused(hub: Hub, tmp_path: Path) -> None:
    with locked(tmp_path, NAME), pytest.raises(Conflict):
        pull(hub, tmp_path)
    assert hub.requests == []


@pytest.fixture
def half_pulled(hub: Hub, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that pulls, and has half of the weights."""
    hub.hangs = threading.Event()
    environment = {**os.environ, "HF_ENDPOINT": hub.url, "HF_HOME": str(tmp_path / "home")}
    process = subprocess.Popen(
        command(tmp_path / "models", NAME, accept_license=False),
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    assert hub.half_sent.wait(30)
    yield process
    process.kill()
    process.wait(30)


def test_a_process_that_is_killed_leaves_nothing_installed_and_the_next_pull_goes_on(
    hub: Hub, tmp_path: Path, half_pulled: subprocess.Popen[bytes]
) -> None:
    folder = tmp_path / "models"
    state = read_pull(folder, NAME)
    assert state is not None
    assert state.status is PullStatus.RUNNING
    assert state.total_bytes == sum(map(len, PIPELINE.values())) + len(b"Apache")
    half_pulled.kill()
    half_pulled.wait(30)
    state = read_pull(folder, NAME)
    assert state is not None
    assert (state.status, state.error) == (PullStatus.STOPPED, None)
    assert installed_models(folder) == ()
    hub.hangs = None
    hub.requests.clear()
    assert verify_model(pull(hub, folder)) == ()
    assert "model_index.json" not in hub.downloads()
    assert not list((folder / INCOMING).rglob("*.incomplete"))


def test_a_pull_ends_when_it_is_cancelled(
    tmp_path: Path, half_pulled: subprocess.Popen[bytes]
) -> None:
    folder = tmp_path / "models"
    request_cancel(folder, NAME)
    half_pulled.wait(30)
    assert half_pulled.returncode < 0
    state = read_pull(folder, NAME)
    assert state is not None
    assert (state.status, state.error) == (PullStatus.STOPPED, None)
    with pytest.raises(NotFound, match="is not pulled"):
        find_model(folder, NAME)


def test_a_process_that_does_not_pull_the_model_is_not_asked_to_stop(
    tmp_path: Path, half_pulled: subprocess.Popen[bytes]
) -> None:
    half_pulled.send_signal(signal.SIGSTOP)  # so that the request stays
    request_cancel(tmp_path / "models", NAME)
    assert not is_cancelled(tmp_path / "models", NAME)
    half_pulled.kill()
    half_pulled.wait(30)
    with locked(tmp_path / "models", NAME):
        assert is_cancelled(tmp_path / "models", NAME)


def test_what_the_cache_of_the_hub_has_is_not_downloaded_again(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_download.constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    repository = catalogue_model(NAME).repository
    huggingface_hub.hf_hub_download(repository, WEIGHTS, revision=COMMIT, endpoint=hub.url)
    hub.requests.clear()
    assert verify_model(pull(hub, tmp_path)) == ()
    assert Path(WEIGHTS).name not in hub.downloads()


def test_only_a_running_pull_can_be_cancelled(tmp_path: Path) -> None:
    with pytest.raises(Conflict, match="is not being pulled"):
        request_cancel(tmp_path, NAME)


def test_a_process_reports_its_error(hub: Hub, tmp_path: Path) -> None:
    hub.refuses = (403, "GatedRepo")
    done = subprocess.run(
        command(tmp_path, NAME, accept_license=False),
        env={**os.environ, "HF_ENDPOINT": hub.url, "HF_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("rushes: the hub gives Wan-AI/")
    state = read_pull(tmp_path, NAME)
    assert state is not None
    assert state.error
