"""A real server and a real browser: Debian's Chromium, driven through its own protocol."""

import base64
import io
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)

PICTURES = Path(__file__).parents[2] / "build" / "browser"
"""Where screenshots are kept, for whoever wants to look at what was tested."""

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
GONE = "status of 410 (Gone)"
"""A preview that was removed between its link and its request, because the render ended."""

WIDTHS = {"wide": (1440, 900), "middle": (900, 1100), "phone": (390, 844)}

expect.set_options(timeout=20_000)  # a busy machine is slow; that says nothing about the page


@dataclass(frozen=True, kw_only=True)
class Serving:
    """A server that is up, and its key; None where it asks for none."""

    url: str
    key: str | None
    data: Path


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Serving]]:
    """Start servers; they end with the tests."""
    running: list[subprocess.Popen[str]] = []
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RUSHES_")}

    def start(*options: str, toml: str = "", **settings: str) -> Serving:
        data = tmp_path_factory.mktemp("served") / "data"
        data.with_name("rushes.toml").write_text(toml, "utf-8")
        command = ("serve", "--json", "--port", "0", "--data", str(data), *options)
        process = subprocess.Popen(
            (sys.executable, "-m", "rushes", *command),
            stdout=subprocess.PIPE,
            env={**kept, **settings},
            text=True,
            cwd=data.parent,
        )
        running.append(process)
        assert process.stdout is not None
        reported = json.loads(process.stdout.readline())
        return Serving(url=reported["url"], key=reported["key"], data=data)

    yield start
    for process in running:
        process.send_signal(signal.SIGTERM)
    for process in running:
        try:
            process.communicate(timeout=30)
        finally:
            if process.poll() is None:
                process.kill()


@pytest.fixture(scope="session")
def server(serve: Callable[..., Serving]) -> Serving:
    """One server for all the tests of a process; webhooks may come back to this machine."""
    return serve(RUSHES_NETWORK__ALLOW="127.0.0.1")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for a file's tests; while it is driven, no other test may have an event loop."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        reported = "no Chromium is here to show the page: apt-get install chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(f"nothing is skipped in CI, but {reported}")
        pytest.skip(reported)
    flags = [
        "--autoplay-policy=no-user-gesture-required",
        "--disable-dev-shm-usage",
        "--host-resolver-rules=MAP rushes.test 127.0.0.1",
    ]
    if os.geteuid() == 0:
        flags.append("--no-sandbox")  # Chromium refuses to run as root without
    with sync_playwright() as driver:
        one = driver.chromium.launch(executable_path=program, args=flags)
        yield one
        one.close()


class Shown:
    """A page whose complaints are kept."""

    def __init__(self, context: BrowserContext) -> None:
        self.complaints: list[str] = []
        self.expected: set[str] = set()
        """Parts of what the browser may say: it complains of each answer that is an error."""

        self.page: Page = context.new_page()
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def unexpected(self) -> list[str]:
        expected = {*self.expected, GONE}
        return [one for one in self.complaints if not any(part in one for part in expected)]


Open = Callable[..., Shown]


@pytest.fixture
def open_page(browser: Browser, server: Serving) -> Iterator[Open]:
    """Open the page, signed in unless told otherwise; what the browser complains of fails."""
    contexts: list[BrowserContext] = []
    shown: list[Shown] = []

    def open_one(
        path: str = "",
        *,
        at: Serving = server,
        signed_in: bool = True,
        size: str = "wide",
        theme: str = "dark",
        **more: Any,
    ) -> Shown:
        width, height = WIDTHS[size]
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if theme == "dark" else "light",
            accept_downloads=True,
            **more,
        )
        context.set_default_timeout(30_000)
        contexts.append(context)
        if signed_in and at.key:
            context.add_init_script(f"sessionStorage.setItem('rushes.key', {json.dumps(at.key)})")
        one = Shown(context)
        shown.append(one)
        one.page.goto(f"{at.url}/{path}")
        return one

    yield open_one
    for context in contexts:
        context.close()
    assert [complaint for one in shown for complaint in one.unexpected()] == []


def picture(page: Page, name: str) -> None:
    """Keep what the page looks like."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


def until(page: Page, condition: str, *, within_s: float = 60) -> None:
    """Return once a condition of JavaScript holds; the page's own policy lets nobody evaluate text."""
    held = page.evaluate(
        f"""async (within) => {{
          for (const end = performance.now() + within; performance.now() < end;) {{
            if ({condition}) return true;
            await new Promise((wake) => setTimeout(wake, 30));
          }}
          return false;
        }}""",
        within_s * 1000,
    )
    assert held, condition


def jpeg(colour: str, size: tuple[int, int] = (400, 400)) -> bytes:
    """Return a picture."""
    into = io.BytesIO()
    Image.new("RGB", size, colour).save(into, "JPEG")
    return into.getvalue()


def drop(page: Page, well: str, data: bytes) -> None:
    """Drop a picture on a well, as from a folder beside the browser."""
    transfer = page.evaluate_handle(
        """(data) => {
          const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
          const transfer = new DataTransfer();
          transfer.items.add(new File([bytes], "dropped.jpg", { type: "image/jpeg" }));
          return transfer;
        }""",
        base64.b64encode(data).decode(),
    )
    page.dispatch_event(f".field.{well} .well", "drop", {"dataTransfer": transfer})
    page.wait_for_selector(f".field.{well} canvas")


def violations(page: Page) -> list[str]:
    """Return what axe has against the page, as far as it is serious."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate("axe.run({ resultTypes: ['violations'] })")["violations"]
    return [
        f"{one['id']}: {one['help']}: {', '.join(node['html'][:120] for node in one['nodes'])}"
        for one in found
        if one["impact"] in {"serious", "critical"}
    ]
