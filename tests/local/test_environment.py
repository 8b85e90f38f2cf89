"""The environment of these tests has what it asks for, and nothing of the server."""

import re
from importlib.metadata import PackageNotFoundError, distributions, version
from importlib.util import find_spec

import pytest
from packaging.requirements import Requirement


def is_for_cuda(name: str) -> bool:
    return name.startswith(("nvidia-", "cuda-")) or name == "triton"


def test_what_is_installed_needs_nothing_that_is_not() -> None:
    missing: list[str] = []
    for each in distributions():
        for need in map(Requirement, each.requires or []):
            if (need.marker and not need.marker.evaluate({"extra": ""})) or is_for_cuda(need.name):
                continue
            try:
                found = version(need.name)
            except PackageNotFoundError:
                found = ""
            if not found or not need.specifier.contains(found, prereleases=True):
                missing.append(f"{each.name} needs {need}, and there is {found or 'none'}")
    assert missing == []


def test_the_worker_runs_where_the_server_is_not_installed() -> None:
    assert find_spec("rushes") is None


@pytest.mark.parametrize("package", ["torch", "diffusers", "transformers"])
def test_the_release_is_the_one_that_the_tiny_models_were_made_for(package: str) -> None:
    tested = {"torch": "2.13.0", "diffusers": "0.42.1", "transformers": "5.23.0"}
    assert re.sub(r"\+.*", "", version(package)) == tested[package]
