"""How each view looks and whether everybody can use it: axe-core finds nothing serious in any."""

from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import WIDTHS, Open, Serving, picture, until, violations

SEEN = [("wide", "light"), ("wide", "dark"), ("middle", "light"), ("phone", "dark")]
"""At which widths and in which themes every view is looked at."""

JUDGED = {("wide", "light"), ("phone", "dark")}
"""Where axe judges, which takes a while; between them they have every colour and every layout."""


@pytest.fixture(scope="module")
def made(server: Serving) -> dict[str, str]:
    """Two finished videos and one that failed, by name."""
    headers = {"Authorization": f"Bearer {server.key}", "Prefer": "wait=60"}
    wanted: dict[str, dict[str, Any]] = {
        "one": {"prompt": "a lighthouse at dusk", "expand_prompt": True},
        "two": {"prompt": "dunes under a starry sky", "aspect_ratio": "9:16", "seed": 7},
        "failed": {
            "prompt": "of a picture that is not there",
            "keyframes": {"first": {"image": f"{server.url}/nothing.jpg"}},
        },
    }
    small = {"resolution": "360p", "duration_s": 4}
    path = f"{server.url}/api/v1/generations"
    with httpx2.Client(headers=headers, timeout=90) as client:
        return {
            name: client.post(path, json=body | small).raise_for_status().json()["id"]
            for name, body in wanted.items()
        }


def settled(page: Page) -> None:
    """Return once every picture is there, so that screenshots are alike from run to run."""
    until(page, "[...document.images].every((one) => one.complete || one.loading === 'lazy')")


def create(page: Page, made: dict[str, str]) -> None:
    page.locator(f".strip .clip[data-id='{made['one']}']").click()
    until(page, "document.querySelector('.frame video')?.readyState >= 2")
    page.get_by_text("More: seed").click()


def empty(page: Page, made: dict[str, str]) -> None:
    page.get_by_role("radio", name="9:16").check()


def code(page: Page, made: dict[str, str]) -> None:
    page.get_by_label("Prompt", exact=True).fill("a dune")
    page.get_by_role("button", name="Show the code").click()


def shown(page: Page, made: dict[str, str]) -> None:
    until(page, "document.querySelector('h1')")


def refused(page: Page, made: dict[str, str]) -> None:
    page.get_by_role("button", name="Render").click()
    expect(page.get_by_role("alert").first).to_have_text("Describe the scene.")


VIEWS: dict[str, tuple[str, Callable[[Page, dict[str, str]], None]]] = {
    "create": ("#/", create),
    "create-empty": ("#/", empty),
    "create-refused": ("#/", refused),
    "code": ("#/", code),
    "gallery": ("#/gallery", shown),
    "detail": ("#/g/{one}", shown),
    "detail-failed": ("#/g/{failed}", shown),
    "webhooks": ("#/webhooks", shown),
    "compare": ("#/compare/{one}/{two}", shown),
}


@pytest.mark.parametrize("view", VIEWS)
def test_everybody_can_use_it(open_page: Open, made: dict[str, str], view: str) -> None:
    path, prepare = VIEWS[view]
    page = open_page(path.format(**made)).page
    expect(page.locator("h1").first).to_be_attached()
    prepare(page, made)
    found: list[str] = []
    for size, theme in SEEN:
        width, height = WIDTHS[size]
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        settled(page)
        picture(page, f"{view}-{size}-{theme}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it is too wide"
        if (size, theme) in JUDGED:
            found += [f"{size} {theme}: {one}" for one in violations(page)]
    assert found == []


def test_signing_in_needs_no_pointer(open_page: Open, server: Serving) -> None:
    one = open_page(signed_in=False)
    one.expected = {"Failed to load resource"}
    page = one.page
    dialog = page.get_by_role("dialog", name="Sign in")
    expect(dialog.get_by_label("API key")).to_be_focused()
    assert violations(page) == []
    page.keyboard.type(str(server.key))
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()


def test_the_theme_is_chosen_and_kept(open_page: Open) -> None:
    page = open_page(theme="light").page
    before = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    page.get_by_role("button", name="Theme: Auto").click()
    page.get_by_role("button", name="Theme: Light").click()
    expect(page.get_by_role("button", name="Theme: Dark")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") != before
    page.reload()
    expect(page.get_by_role("button", name="Theme: Dark")).to_be_visible()


def test_all_of_create_is_reached_by_keys(open_page: Open) -> None:
    page = open_page().page
    page.get_by_label("Prompt", exact=True).fill("by keys")
    page.get_by_label("Prompt", exact=True).focus()
    wanted = page.evaluate(
        """() => [...document.querySelectorAll(".create-side :is(input, select, button, summary)")]
          .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.disabled)
          .filter((one) => one.type !== "radio" || one.checked).length"""
    )
    for _ in range(wanted):
        page.keyboard.press("Tab")
        assert page.evaluate("Boolean(document.activeElement.closest('.create-side'))")
    assert page.evaluate("document.activeElement.textContent") == "Show the code"
