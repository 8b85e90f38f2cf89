"""
Make videos with a local model through the page, and look after local models.

The channel, its engine and the supervision of its process are real; the program that the process runs
is the scripted worker, because torch makes four seconds of video in a minute on a CPU.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Open, Serving, picture, until, violations
from tests.engines.local.scripted import PROGRAM
from tests.unit.local_models.folders import write_files

SETTINGS = """
[channels.tiny]
kind = "local"
model = "{model}"
python = "{python}"
device = "cpu"
models = ["ray-2"]
"""
NOTE = (
    "Wan 2.2 TI2V made it at 1280x704, and it was enlarged to 1920x1080."
    " It was made in 2 parts, each of which continues the last. Its seed is "
)


@dataclass(frozen=True)
class Model:
    """A folder that the scripted worker takes for a model."""

    folder: Path

    def script(self, *directives: str) -> None:
        (self.folder / "steps").write_text("\n".join(directives), "utf-8")

    def open_gate(self) -> None:
        """Let a job go on that waits at its gate."""
        (self.folder / "gate").write_text("go", "utf-8")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    folder = write_files(tmp_path_factory.mktemp("models") / "tiny-wan")
    os.mkfifo(folder / "gate")
    return Model(folder)


@pytest.fixture(scope="module")
def server(
    serve: Callable[..., Serving], model: Model, tmp_path_factory: pytest.TempPathFactory
) -> Serving:
    """A server whose default model is a local one, and an operator's key."""
    python = tmp_path_factory.mktemp("worker") / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{PROGRAM}"\n', "utf-8")
    python.chmod(0o755)
    one = serve(toml=SETTINGS.format(model=model.folder, python=python))
    create = ("keys", "create", "op", "--operate", "--data", str(one.data), "--json")
    reported = subprocess.check_output((sys.executable, "-m", "rushes", *create), text=True)
    return replace(one, key=json.loads(reported)["key"])


def test_a_local_model_makes_a_video_whose_phases_and_note_are_shown(
    open_page: Open, model: Model
) -> None:
    page = open_page().page
    model.script("gate 2", "gate 3")
    page.get_by_label("Prompt", exact=True).fill("a lake at dawn")
    chosen = page.get_by_label("Model")
    expect(chosen.locator("option:checked")).to_have_text("ray-2 · tiny-wan")
    chosen.select_option("ray-1-6")
    expect(chosen.locator("option:checked")).to_have_text("ray-1-6 · animatic")
    chosen.select_option("ray-2")
    expect(page.get_by_role("region", name="Shot plan")).to_be_hidden()
    page.get_by_role("radio", name="1080p").check()
    page.get_by_role("radio", name="9 s", exact=True).check()
    page.get_by_role("button", name="Render").click()
    stage = page.get_by_role("region", name="Picture")
    expect(stage.locator(".standing")).to_have_text("Rendering, 19 %: denoising")
    expect(stage.get_by_role("progressbar", name="Progress")).to_be_visible()
    expect(stage.locator(".preview")).to_be_visible()
    picture(page, "local-rendering")
    assert violations(page) == []
    latest = page.locator(".strip .clip").first
    latest.focus()
    model.open_gate()
    expect(stage.locator(".standing")).to_have_text("Rendering, 76 %: denoising")
    expect(latest).to_contain_text("Rendering, 76 %: denoising")
    expect(latest).to_be_focused()
    model.open_gate()
    expect(stage.locator("video")).to_be_visible(timeout=90_000)
    until(page, "document.querySelector('.frame video').currentTime > 0.2")
    note = page.locator(".create-table .note")
    expect(note).to_contain_text(NOTE)
    picture(page, "local-made")
    assert violations(page) == []
    page.get_by_role("link", name="Details").click()
    expect(page.locator(".detail-words .note")).to_contain_text(NOTE)
    expect(page.get_by_role("row", name="Engine tiny-wan")).to_be_visible()


def test_an_edited_plan_is_kept_and_not_used_by_a_model_without_plans(open_page: Open) -> None:
    page = open_page().page
    page.get_by_label("Model").select_option("ray-1-6")
    page.get_by_label("Prompt", exact=True).fill("a dog in a kitchen")
    chips = page.get_by_role("region", name="Shot plan")
    place = chips.get_by_role("combobox", name="Place")
    place.select_option("beach")
    page.get_by_label("Model").select_option("ray-2")
    expect(place).to_be_hidden()
    told = chips.get_by_text("Ray-2 follows no plan. Your edited plan is kept and not used.")
    expect(told).to_be_visible()
    assert violations(page) == []
    page.get_by_label("Model").select_option("ray-1-6")
    expect(told).to_be_hidden()
    expect(place).to_have_value("beach")


def test_a_phone_follows_the_phases_in_the_gallery(open_page: Open, model: Model) -> None:
    page = open_page(size="phone", has_touch=True).page
    model.script("gate 2")
    page.get_by_label("Prompt", exact=True).fill("a lake by night")
    page.get_by_role("radio", name="360p").check()
    page.get_by_role("radio", name="4 s", exact=True).check()
    page.get_by_role("button", name="Render").click()
    expect(page.locator(".frame .standing")).to_contain_text("denoising")
    page.goto(page.url.partition("#")[0] + "#/gallery")
    tile = page.locator(".sheet .clip").first
    expect(tile).to_contain_text("denoising")
    expect(tile.locator(".preview")).to_be_visible()
    picture(page, "local-gallery-phone")
    assert page.evaluate(
        "(() => {const nav = document.querySelector('nav'); return nav.scrollWidth <= nav.clientWidth})()"
    )
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []
    model.open_gate()
    expect(tile.locator("img")).to_have_attribute("width", "640", timeout=90_000)


def test_the_failure_of_a_worker_is_explained_on_the_stage(open_page: Open, model: Model) -> None:
    page = open_page().page
    model.script("input")
    page.get_by_label("Prompt", exact=True).fill("a lake in fog")
    page.get_by_role("button", name="Render").click()
    stage = page.get_by_role("region", name="Picture")
    expect(stage.locator(".ended")).to_contain_text("Failed")
    expect(stage.locator(".ended")).to_contain_text("Scripted: input.")
    assert violations(page) == []
