"""The container's files and the systemd unit are well-formed, and give the server no more than it needs.

No container engine and no systemd runs here; `.ci/container` runs the steps of the Containerfile themselves.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from rushes import __version__
from rushes.settings import NAMES

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
CONTAINERFILE = ROOT / "Containerfile"
COMPOSE = ROOT / "compose.yaml"
UNIT = ROOT / "contrib" / "systemd" / "rushes.service"


def run(*command: str | Path) -> str:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def analyze() -> str:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not here: apt-get install systemd")
    return program


def instructions(name: str) -> list[str]:
    written = CONTAINERFILE.read_text("utf-8").replace("\\\n", " ")
    return re.findall(rf"^ *{name} +(.*)$", written, re.MULTILINE)


@pytest.mark.skipif(sys.platform != "linux", reason="the lock has hadolint for Linux only")
def test_the_linter_finds_nothing_in_the_containerfile() -> None:
    assert run(BIN / "hadolint", "--failure-threshold", "style", CONTAINERFILE) == ""


def test_the_container_does_not_run_as_root() -> None:
    assert instructions("USER")[-1] == "10001:10001"


def test_the_container_tells_whether_it_can_work() -> None:
    (check,) = instructions("HEALTHCHECK")
    assert "/health/ready" in check


def test_the_image_installs_what_running_needs_and_nothing_for_testing() -> None:
    assert instructions("ARG")[1] == "LOCK=requirements.lock"
    copied = [name for line in instructions("COPY") for name in line.split()[:-1]]
    assert "requirements-test.lock" not in copied
    assert [
        name for name in copied if not name.startswith(("--", "/")) and not (ROOT / name).exists()
    ] == []


def test_what_the_containerfile_copies_is_sent_to_the_builder() -> None:
    sent = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    copied = {
        name.removeprefix("./")
        for line in instructions("COPY")
        if not line.startswith("--from")
        for name in line.split()[:-1]
    }
    assert copied == {line.removeprefix("!") for line in sent if line.startswith("!")}


def test_the_compose_file_has_the_shape_of_the_specification() -> None:
    run(BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", COMPOSE)


def test_the_composed_service_can_write_to_its_data_only_and_is_published_on_loopback_only() -> (
    None
):
    service = yaml.safe_load(COMPOSE.read_text("utf-8"))["services"]["rushes"]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert [one.partition(":")[2] for one in service["volumes"]] == ["/data"]
    assert [one for one in service["ports"] if not one.startswith("127.0.0.1:")] == []


def test_a_stop_has_longer_than_renders_are_given() -> None:
    service = yaml.safe_load(COMPOSE.read_text("utf-8"))["services"]["rushes"]
    grace_s = int(service["environment"]["RUSHES_WORKER__STOP_GRACE_S"])
    assert int(service["stop_grace_period"].removesuffix("s")) > grace_s + 10


def test_systemd_accepts_the_unit(analyze: str, tmp_path: Path) -> None:
    unit = tmp_path / UNIT.name
    unit.write_text(UNIT.read_text("utf-8").replace("/opt/rushes/bin", os.fspath(BIN)), "utf-8")
    assert run(analyze, "verify", "--man=no", unit) == ""


def test_systemd_finds_the_unit_little_exposed(analyze: str) -> None:
    """Of 100; a unit that says nothing of it has 96."""
    run(analyze, "security", "--offline=true", "--threshold=20", UNIT)


def test_the_image_is_labelled_with_the_version_of_the_package() -> None:
    assert f"VERSION={__version__}" in instructions("ARG")


def _manifests() -> list[dict[str, Any]]:
    folder = ROOT / "contrib" / "kubernetes"
    kustomization = yaml.safe_load((folder / "kustomization.yaml").read_text("utf-8"))
    files = [folder / name for name in kustomization["resources"]]
    assert {file.name for file in folder.iterdir()} == {
        "kustomization.yaml",
        *(file.name for file in files),
    }
    return [one for file in files for one in yaml.safe_load_all(file.read_text("utf-8"))]


def test_the_kubernetes_manifests_follow_the_schema_of_kubernetes() -> None:
    for manifest in _manifests():
        kubernetes_validate.validate(manifest, kubernetes_validate.latest_version(), strict=True)


def test_the_pods_write_to_their_volumes_only_and_stop_after_the_grace_of_the_worker() -> None:
    settings = yaml.safe_load((ROOT / "contrib/kubernetes/kustomization.yaml").read_text("utf-8"))
    literals = dict(one.split("=", 1) for one in settings["configMapGenerator"][0]["literals"])
    deployments = [one for one in _manifests() if one["kind"] == "Deployment"]
    assert len(deployments) == 2
    for deployment in deployments:
        pod = deployment["spec"]["template"]["spec"]
        (container,) = pod["containers"]
        assert pod["securityContext"]["runAsUser"] == 10001
        assert container["securityContext"]["readOnlyRootFilesystem"]
        assert {mount["mountPath"] for mount in container["volumeMounts"]} == {"/data", "/tmp"}  # noqa: S108  # of the pod
        command = " ".join(container["lifecycle"]["preStop"]["exec"]["command"])
        assert "rushes nodes drain --here" in command
        (hook_s,) = re.findall(r"(?:sleep|--wait) (\d+)", command)
        grace_s = float(hook_s) + float(literals["RUSHES_WORKER__STOP_GRACE_S"])
        assert pod["terminationGracePeriodSeconds"] >= grace_s + 15


def test_each_setting_in_the_kubernetes_manifests_exists() -> None:
    settings = yaml.safe_load((ROOT / "contrib/kubernetes/kustomization.yaml").read_text("utf-8"))
    for literal in settings["configMapGenerator"][0]["literals"]:
        name = literal.split("=")[0].removeprefix("RUSHES_").lower().replace("__", ".")
        assert name in NAMES
