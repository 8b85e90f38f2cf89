"""
Take the pictures of the page anew: a server of its own, a few videos, a browser that looks.

    .venv/bin/python docs/take_pictures.py

It needs Chromium, and a minute; it writes ``docs/pictures/*.webp`` and nothing else.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx2
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

PICTURES = Path(__file__).parent / "pictures"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
WIDE_PX, PHONE_PX = (1280, 800), (390, 844)
QUALITY = 82
SMALL = {"resolution": "540p"}
PLANNED = "A knight faces a dragon before a castle at sunset, slow push in"
"""The prompt whose plan is shown while it is edited."""

FILMS: tuple[dict[str, object], ...] = (
    {"prompt": "Snow falls on a village at night, pull back"},
    {"prompt": "A camel caravan crosses dunes under a starry sky", "aspect_ratio": "21:9"},
    {"prompt": "A turtle swims over a coral reef, sun rays, tracking shot", "aspect_ratio": "4:3"},
    {"prompt": "A chef cooks in a kitchen, steam, handheld"},
    {"prompt": "A fox in an autumn forest, fog, dolly in", "aspect_ratio": "1:1"},
    {"prompt": "A rocket rises over a ringed planet, slow zoom out", "model": "ray-flash-2"},
    {"prompt": "A woman with an umbrella in a neon street, rain", "aspect_ratio": "9:16"},
    {"prompt": "Two dancers on a stage, orbit left"},
    {"prompt": "A sailboat on a mountain lake at dawn, mist", "loop": True},
    {"prompt": "A lighthouse at dusk, waves, slow push in", "expand_prompt": True},
)


@contextmanager
def server() -> Iterator[str]:
    """Serve from an empty folder, without keys; yield the base URL."""
    with TemporaryDirectory(prefix="rushes-pictures-") as folder:
        command = ("-m", "rushes", "serve", "--json", "--no-auth", "--port", "0", "--data", folder)
        with subprocess.Popen(  # noqa: S603  # our own program
            (sys.executable, *command), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as process:
            try:
                assert process.stdout is not None  # noqa: S101  # for the type checkers
                yield json.loads(process.stdout.readline())["url"]
            finally:
                process.terminate()


def make_films(url: str) -> list[str]:
    """Have the videos made; return their ids, the newest last."""
    with httpx2.Client(base_url=url, timeout=90, headers={"Prefer": "wait=60"}) as client:
        made = [client.post("/api/v1/generations", json=SMALL | film).json() for film in FILMS]
    return [one["id"] for one in made]


@contextmanager
def page(browser: Browser, size_px: tuple[int, int], theme: str) -> Iterator[Page]:
    """Open a page of this size in pixels."""
    width, height = size_px
    dark = theme == "dark"
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light"
    )
    try:
        yield context.new_page()
    finally:
        context.close()


def shoot(one: Page, name: str) -> None:
    """Write what is seen, once its pictures and videos are there."""
    one.wait_for_load_state("networkidle")
    one.evaluate(
        """() => Promise.all([...document.querySelectorAll("video")].map(async (video) => {
          video.pause();
          while (video.readyState < 2) await new Promise((wake) => setTimeout(wake, 50));
          video.controls = false;
        }))"""
    )
    taken = Image.open(BytesIO(one.screenshot()))
    PICTURES.mkdir(exist_ok=True)
    taken.convert("RGB").save(PICTURES / f"{name}.webp", quality=QUALITY, method=6)
    print(f"{name}.webp", (PICTURES / f"{name}.webp").stat().st_size // 1000, "kB")


def take(browser: Browser, url: str, ids: list[str]) -> None:
    """Take all of them."""
    with page(browser, WIDE_PX, "dark") as one:
        one.goto(f"{url}/")
        one.get_by_label("Prompt", exact=True).fill(PLANNED)
        one.locator(".member:not([hidden])").first.wait_for()
        one.get_by_role("button", name="dragon", exact=False).first.click()
        one.mouse.move(0, 0)
        shoot(one, "create")
        one.get_by_role("button", name="Add a subject").click()
        one.get_by_role("button", name="Animals").click()
        one.evaluate(
            """async () => {
              const waits = () => [...document.querySelectorAll(".subject-picture")]
                .slice(0, 30).some((one) => !one.style.backgroundImage);
              while (waits()) await new Promise((wake) => setTimeout(wake, 50));
            }"""
        )
        shoot(one, "subjects")
        one.keyboard.press("Escape")
        one.goto(f"{url}/#/g/{ids[-1]}")
        one.wait_for_selector(".timeline")
        shoot(one, "detail")
        one.goto(f"{url}/#/compare/{ids[-1]}/{ids[-2]}")
        one.get_by_role("slider", name="Frame").fill("60")
        shoot(one, "compare")
    with page(browser, WIDE_PX, "light") as one:
        one.goto(f"{url}/#/gallery")
        one.wait_for_selector(".sheet .clip")
        shoot(one, "gallery")
    with page(browser, PHONE_PX, "dark") as one:
        one.goto(f"{url}/")
        one.get_by_label("Prompt", exact=True).fill(PLANNED)
        one.locator(".member:not([hidden])").first.wait_for()
        one.get_by_role("button", name="dragon", exact=False).first.click()
        shoot(one, "phone")


def main() -> None:
    """Do all of it."""
    program = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if program is None:
        sys.exit("no Chromium is here to look at the page: apt-get install chromium")
    flags = ["--no-sandbox"] if os.geteuid() == 0 else []  # as root it refuses to run without
    with server() as url, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=flags)
        take(browser, url, make_films(url))
        browser.close()


if __name__ == "__main__":
    main()
