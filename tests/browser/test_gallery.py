"""The gallery, one generation in detail, and two side by side."""

import re
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import httpx2
import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Open, Serving, picture, until, violations
from typing_extensions import override

SMALL = {"resolution": "360p", "duration_s": 4}


@pytest.fixture(scope="module")
def server(serve: Callable[..., Serving]) -> Serving:
    """A server of this file's own: it is empty, and webhooks may come back to this machine."""
    return serve(RUSHES_NETWORK__ALLOW="127.0.0.1")


@pytest.fixture(scope="module")
def client(server: Serving) -> Iterator[httpx2.Client]:
    headers = {"Authorization": f"Bearer {server.key}", "Prefer": "wait=60"}
    with httpx2.Client(base_url=f"{server.url}/api/v1", headers=headers, timeout=90) as one:
        yield one


def make(client: httpx2.Client, prompt: str, **more: Any) -> dict[str, Any]:
    reply = client.post("/generations", json={"prompt": prompt} | SMALL | more)
    assert reply.status_code == 201, reply.text
    return dict(reply.json())


@pytest.fixture(scope="module")
def films(client: httpx2.Client) -> list[dict[str, Any]]:
    """Two videos, one that was cancelled, one that failed."""
    made = [
        make(client, "a lighthouse at dusk"),
        make(client, "dunes by night", model="ray-flash-2", seed=7, expand_prompt=True),
    ]
    held = {"Prefer": "wait=0"}
    body = {"prompt": "not to be", "duration_s": 12, "resolution": "1080p"}
    stopped = client.post("/generations", json=body, headers=held).json()
    made.append(client.post(f"/generations/{stopped['id']}/cancel").json())
    gone = {"first": {"image": f"{client.base_url.copy_with(path='/nothing.jpg')}"}}
    made.append(make(client, "of a picture that is not there", keyframes=gone))
    assert [one["state"] for one in made] == ["completed", "completed", "cancelled", "failed"]
    return made


@pytest.fixture
def hook() -> Iterator[tuple[list[str], str]]:
    """Return the ids of what a receiver of webhooks got, and its address."""
    reported: list[str] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            reported.append(self.headers["webhook-id"])
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        @override
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as listening:
        thread = Thread(target=listening.serve_forever)
        thread.start()
        yield reported, f"http://127.0.0.1:{listening.server_port}/told"
        listening.shutdown()
        thread.join()


def test_generations_are_filtered_by_state_words_model_and_time(
    open_page: Open, films: list[dict[str, Any]]
) -> None:
    page = open_page("#/gallery").page
    clips = page.locator(".sheet .clip")
    expect(clips).to_have_count(4)
    page.get_by_role("radio", name="Cancelled").check()
    expect(clips).to_have_count(1)
    expect(clips.first).to_have_accessible_name("Cancelled: not to be")
    page.get_by_role("radio", name="All").check()
    page.get_by_role("searchbox", name="Search").fill("NIGHT dunes")
    expect(clips).to_have_count(1)
    assert "q=NIGHT+dunes" in page.url
    page.reload()
    expect(clips).to_have_count(1)
    expect(page.get_by_role("searchbox", name="Search")).to_have_value("NIGHT dunes")
    page.get_by_role("searchbox", name="Search").fill("")
    page.get_by_label("Model").select_option("ray-flash-2")
    expect(clips).to_have_count(1)
    page.get_by_label("Model").select_option("")
    page.get_by_label("Time").select_option("between")
    page.get_by_label("To", exact=True).fill("2020-01-01")
    expect(clips).to_have_count(0)
    expect(page.get_by_text("No generation matches.")).to_be_visible()
    page.get_by_label("Time").select_option("1")
    expect(clips).to_have_count(4)


def test_a_thumbnail_plays_while_it_is_pointed_at(
    open_page: Open, films: list[dict[str, Any]]
) -> None:
    page = open_page("#/gallery").page
    clip = page.get_by_role("link", name="a lighthouse at dusk")
    assert page.locator(".sheet video").count() == 0
    clip.hover()
    until(page, "document.querySelector('.sheet video')?.currentTime > 0.1")
    picture(page, "gallery")
    page.mouse.move(0, 0)
    expect(page.locator(".sheet video")).to_have_count(0)


def test_nothing_moves_by_itself_where_motion_is_unwelcome(
    open_page: Open, films: list[dict[str, Any]]
) -> None:
    page = open_page("#/gallery", reduced_motion="reduce").page
    clip = page.get_by_role("link", name="a lighthouse at dusk")
    clip.hover()
    expect(page.locator(".sheet video")).to_have_count(0)
    clip.focus()
    page.keyboard.press("Space")
    until(page, "document.querySelector('.sheet video')?.currentTime > 0.1")


def test_two_are_marked_by_keys_and_compared_frame_by_frame(
    open_page: Open, films: list[dict[str, Any]]
) -> None:
    page = open_page("#/gallery").page
    page.get_by_role("link", name="dunes by night").focus()
    page.keyboard.press("c")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("link", name="a lighthouse at dusk")).to_be_focused()
    page.keyboard.press("c")
    page.get_by_role("link", name="Compare").click()
    expect(page.get_by_role("heading", name="Compare")).to_be_visible()
    times = "[...document.querySelectorAll('.pair-videos video')].map((one) => one.currentTime)"
    until(page, "[...document.querySelectorAll('.pair-videos video')].every((v) => v.duration)")
    page.get_by_role("slider", name="Frame").fill("48")
    until(page, f"{times}.every((at) => Math.abs(at - 48.5 / 24) < 0.01)")
    page.keyboard.press(".")
    until(page, f"{times}.every((at) => Math.abs(at - 49.5 / 24) < 0.01)")
    expect(page.locator("output")).to_contain_text("50 / 97")
    page.get_by_role("button", name="Play").click()
    until(page, f"{times}.every((at) => at > 2.3)")
    page.get_by_role("button", name="Pause").click()
    left, right = page.evaluate(times)
    assert left == pytest.approx(right, abs=0.2)
    expect(page.get_by_role("row", name="Seed 7 default")).to_be_visible()
    page.get_by_role("radio", name="Overlay").check()
    page.get_by_role("slider", name="Position of the divider").fill("30")
    picture(page, "compare-over")


def test_more_are_loaded_as_one_goes_down(open_page: Open, films: list[dict[str, Any]]) -> None:
    shown = open_page("docs")
    page = shown.page
    requested: list[str] = []

    def in_small_pages(route: Any) -> None:
        requested.append(route.request.url)
        route.continue_(url=re.sub(r"limit=\d+", "limit=2", route.request.url))

    page.route("**/api/v1/generations?*", in_small_pages)
    page.goto(page.url.replace("docs", "#/gallery"))
    expect(page.locator(".sheet .clip")).to_have_count(4)
    assert len(requested) == 2
    assert "cursor=" in requested[1]


def test_a_detail_page_tells_all_that_there_is(
    open_page: Open, films: list[dict[str, Any]]
) -> None:
    page = open_page(f"#/g/{films[1]['id']}").page
    expect(page.get_by_role("heading", name="dunes by night", level=1)).to_be_visible()
    expect(page.get_by_role("heading", name="Prompt given to the engine")).to_be_visible()
    expect(page.get_by_role("row", name="Model ray-flash-2")).to_be_visible()
    expect(page.get_by_role("row", name="Seed 7")).to_be_visible()
    reported = page.locator(".timeline li strong")
    expect(reported.first).to_have_text("Queued")
    expect(page.locator(".timeline")).to_contain_text("Completed")
    expect(page.get_by_role("heading", name="One attempt")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("Video 640 . 360 4 s"))).to_be_visible()
    until(page, "document.querySelector('.frame video').currentTime > 0.1")


def test_a_failure_is_told_in_a_sentence(open_page: Open, films: list[dict[str, Any]]) -> None:
    page = open_page(f"#/g/{films[3]['id']}").page
    message = films[3]["failure"]["message"]
    expect(page.locator(".detail-words .wrong")).to_contain_text(re.compile(message, re.IGNORECASE))


def test_a_webhook_that_has_landed_is_told_again(
    open_page: Open, client: httpx2.Client, hook: tuple[list[str], str]
) -> None:
    reported, url = hook
    made = make(client, "to be told of", webhook_url=url)
    page = open_page(f"#/g/{made['id']}").page
    rows = page.locator(".deliveries > ul > li")
    expect(rows).to_have_count(2)
    expect(rows.last).to_contain_text("delivered")
    before = len(reported)
    rows.last.get_by_role("button", name="Send again").click()
    expect(page.get_by_text("Sending it again.")).to_be_visible()
    expect(rows.last).to_contain_text("delivered after 2 tries")
    assert reported[before:] == [reported[before - 1]]
    rows.last.get_by_text("2 tries", exact=True).click()
    expect(rows.last.get_by_text("200 in")).to_have_count(2)


def test_an_address_is_registered_tested_and_told(
    open_page: Open, client: httpx2.Client, hook: tuple[list[str], str]
) -> None:
    reported, url = hook
    page = open_page("#/webhooks").page
    page.get_by_role("button", name="Add a webhook").click()
    page.get_by_label("URL; it gets a message").fill(url)
    page.get_by_role("button", name="Add", exact=True).click()
    secret = page.get_by_role("dialog", name="Signing secret").locator("code")
    expect(secret).to_contain_text("whsec_")
    page.keyboard.press("Escape")
    page.get_by_role("button", name=f"Test: {url}").click()
    expect(page.get_by_role("dialog", name="Test result")).to_contain_text("200 in")
    page.keyboard.press("Escape")
    assert len(reported) == 1
    make(client, "told of to an address")
    log = page.locator(".deliveries > ul > li").filter(has_text=url)
    page.reload()
    expect(log).to_have_count(2)
    expect(log.first).to_contain_text("delivered")
    page.get_by_role("radio", name="Given up").check()
    expect(log).to_have_count(0)
    page.get_by_role("radio", name="Delivered").check()
    expect(log).to_have_count(2)
    picture(page, "webhooks")
    assert violations(page) == []
    page.get_by_role("button", name=f"Disable: {url}").click()
    expect(page.get_by_role("button", name=f"Enable: {url}")).to_be_visible()
    page.get_by_role("button", name=f"Remove: {url}").click()
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_text("No webhooks yet.")).to_be_visible()


def test_what_was_made_is_removed_for_good(open_page: Open, client: httpx2.Client) -> None:
    made = make(client, "soon gone")
    page = open_page(f"#/g/{made['id']}").page
    page.get_by_role("button", name="Remove").click()
    dialog = page.get_by_role("dialog", name="Remove this generation?")
    dialog.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("heading", name="Gallery")).to_be_visible()
    assert client.get(f"/generations/{made['id']}").status_code == 404


def test_a_remix_begins_with_what_was_asked_before(
    open_page: Open, films: list[dict[str, Any]]
) -> None:
    page = open_page(f"#/g/{films[1]['id']}").page
    page.get_by_role("button", name="Remix").click()
    expect(page.get_by_label("Prompt", exact=True)).to_have_value("dunes by night")
    expect(page.get_by_label("Model")).to_have_value("ray-flash-2")
    expect(page.get_by_role("radio", name="360p")).to_be_checked()
    expect(page.get_by_role("switch", name="Expand the prompt")).to_be_checked()


def test_a_video_is_reframed_and_upscaled(open_page: Open, films: list[dict[str, Any]]) -> None:
    page = open_page(f"#/g/{films[0]['id']}").page
    page.get_by_role("button", name="Reframe").click()
    dialog = page.get_by_role("dialog", name="Reframe")
    dialog.get_by_role("radio", name="1:1").check()
    dialog.get_by_role("button", name="Reframe").click()
    until(page, "document.querySelector('.frame video')?.videoWidth === 360")
    page.get_by_role("button", name="Upscale").click()
    page.get_by_role("dialog", name="Upscale").get_by_role("button", name="Upscale").click()
    until(page, "document.querySelector('.frame video')?.videoWidth === 540")


def test_an_address_that_leads_nowhere_says_so(open_page: Open, server: Serving) -> None:
    shown = open_page("#/g/15b7abb1-3741-4b7e-9615-1f9a16c7442d")
    shown.expected = {"Failed to load resource"}
    expect(shown.page.get_by_role("heading", name="Not found")).to_be_visible()
