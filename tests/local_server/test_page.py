"""
Make videos with real pipelines of diffusers through the web page, in every mode.

The server's family is made small as in ``test_pipelines``. The suite takes one family;
``RUSHES_TEST_TORCH=.venv-local/bin/python ALL_FAMILIES=1 .venv/bin/pytest tests/local_server/test_page.py``
takes all five, in a minute or two.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from tests.browser.conftest import Serving, browser, drop, jpeg, until
from tests.e2e.test_local_models import MODES, REFUSED
from tests.local_server.test_pipelines import PYTHON, models

from rushes.engines.local.families import FAMILIES

__all__ = ["browser", "models"]  # fixtures that are shared

SERVE = """
import os
import sys
from rushes.cli import program
from rushes.engines.local.families import FAMILIES
from tests.local_server.test_pipelines import small
del os.environ["RUSHES_TEST_TORCH"]  # the server would take it for a setting
name = sys.argv.pop(1)
FAMILIES[name] = small(FAMILIES[name])
program()
"""

CHANNEL = """
[channels.tiny]
kind = "local"
model = "{model}"
python = "{python}"
device = "cpu"
models = ["ray-2"]
"""

RENDER_S = 90
TAKEN = tuple(FAMILIES) if os.environ.get("ALL_FAMILIES") else ("ltx",)


@pytest.fixture
def serve(models: Path, tmp_path: Path) -> Iterator[Callable[[str], Serving]]:
    """Start a server with the tiny model of a family; it ends with the test."""
    running: list[subprocess.Popen[str]] = []

    def start(family: str) -> Serving:
        channel = CHANNEL.format(model=models / family, python=PYTHON)
        (tmp_path / "rushes.toml").write_text(channel, "utf-8")
        kept = {name: text for name, text in os.environ.items() if not name.startswith("RUSHES_")}
        options = ("serve", "--json", "--port", "0", "--data", "data")
        root = str(Path(__file__).parents[2])
        process = subprocess.Popen(
            (sys.executable, "-c", SERVE, family, *options),
            env={
                **kept,
                "RUSHES_TEST_TORCH": str(PYTHON),
                "PYTHONPATH": root,
                "OMP_NUM_THREADS": "1",
            },
            stdout=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
        )
        running.append(process)
        assert process.stdout is not None
        reported = json.loads(process.stdout.readline())
        return Serving(url=reported["url"], key=reported["key"], data=tmp_path / "data")

    yield start
    for process in running:
        process.terminate()
        process.communicate(timeout=30)


def ask(page: Page, mode: str) -> None:
    """Fill in what a mode asks for, on a page that is opened anew."""
    fields = MODES[mode]
    page.get_by_label("Prompt", exact=True).fill(mode)
    page.get_by_role("radio", name="360p").check()
    page.get_by_role("radio", name="1 s", exact=True).check()
    if "image_url" in fields:
        drop(page, "first", jpeg("#c03020"))
    if "image_end_url" in fields:
        drop(page, "last", jpeg("#2030c0"))
    if "loop" in fields:
        page.get_by_role("switch", name="Loop").check()


def render(page: Page) -> float:
    """Render, watch the video until it plays, and return its seconds."""
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".frame video", timeout=RENDER_S * 1000)
    until(page, "document.querySelector('.frame video').currentTime > 0.1")
    return float(page.evaluate("document.querySelector('.frame video').duration"))


@pytest.mark.parametrize("family", TAKEN)
def test_a_family_makes_every_mode_that_it_claims_through_the_page(
    serve: Callable[[str], Serving], browser: Browser, family: str
) -> None:
    server, refused = serve(family), REFUSED.get(family, ())
    for mode in (one for one in MODES if one not in refused):
        context = browser.new_context()
        context.add_init_script(f"sessionStorage.setItem('rushes.key', {json.dumps(server.key)})")
        page = context.new_page()
        page.goto(server.url)
        ask(page, mode)
        assert render(page) == pytest.approx(1, abs=0.1), mode
        context.close()
