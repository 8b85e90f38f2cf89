"""Create: from words and pictures to a video that plays."""

import base64
import io
import re
import subprocess
import sys
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from PIL import Image
from playwright.sync_api import Page, Request, Route, expect
from tests.browser.conftest import Open, Serving, drop, jpeg, picture, until, violations

REFUSED = "Failed to load resource"
"""How Chromium begins to complain of an answer that is an error."""


def small(page: Page, *, length: str = "4 s") -> None:
    page.get_by_role("radio", name="360p").check()
    page.get_by_role("radio", name=length, exact=True).check()


def player(page: Page) -> dict[str, Any]:
    reported: dict[str, Any] = page.evaluate(
        """() => {
          const { currentTime, videoWidth, videoHeight, duration, loop } =
            document.querySelector(".frame video");
          return { currentTime, videoWidth, videoHeight, duration, loop };
        }"""
    )
    return reported


def wait_until_it_plays(page: Page) -> None:
    page.wait_for_selector(".frame video", timeout=60_000)
    until(page, "document.querySelector('.frame video').currentTime > 0.2")


def test_a_key_is_asked_for_and_kept_for_the_session_only(open_page: Open, server: Serving) -> None:
    shown = open_page(signed_in=False)
    shown.expected = {REFUSED}
    page = shown.page
    dialog = page.get_by_role("dialog", name="Sign in")
    dialog.get_by_label("API key").fill("rk_nobody")
    picture(page, "sign-in")
    dialog.get_by_role("button", name="Sign in").click()
    expect(dialog.get_by_role("alert")).to_have_text("The server does not know this key.")
    dialog.get_by_label("API key").fill(str(server.key))
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(page.get_by_label("Prompt", exact=True)).to_be_visible()
    stored = page.evaluate("[JSON.stringify({...localStorage}), document.cookie, location.href]")
    assert not any(str(server.key) in one for one in stored)
    assert page.evaluate("sessionStorage.getItem('rushes.key')") == server.key
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("dialog", name="Sign in")).to_be_visible()
    assert page.evaluate("sessionStorage.length") == 0


def test_two_dropped_pictures_become_a_video_that_plays_and_loops(open_page: Open) -> None:
    page = open_page().page
    page.get_by_label("Prompt", exact=True).fill("from dusk to dawn")
    drop(page, "first", jpeg("#e8a33d"))
    drop(page, "last", jpeg("#22335e"))
    page.get_by_role("radio", name="16:9").check()
    small(page)
    page.evaluate(
        """() => {
          window.told = new Set();
          new MutationObserver(() => {
            const line = document.querySelector(".frame .standing");
            if (line) window.told.add(line.textContent);
          }).observe(document.body, { subtree: true, childList: true, characterData: true });
        }"""
    )
    page.keyboard.press("Control+Enter")
    wait_until_it_plays(page)
    reported = page.evaluate("[...window.told]")
    assert any(re.match(r"Queued|Rendering, \d+ %", one) for one in reported), reported
    playing = player(page)
    assert (playing["videoWidth"], playing["videoHeight"]) == (640, 360)
    assert playing["duration"] == pytest.approx(4, abs=0.1)
    assert not playing["loop"]
    before = playing["currentTime"]
    until(page, f"document.querySelector('.frame video').currentTime > {before}")
    picture(page, "create-done")


def test_a_picture_is_cropped_to_the_shape(open_page: Open) -> None:
    page = open_page().page
    sent: list[dict[str, Any]] = []

    def keep(request: Request) -> None:
        if request.method == "POST" and request.url.endswith("/generations"):
            sent.append(dict(request.post_data_json or {}))

    page.on("request", keep)
    page.get_by_label("Prompt", exact=True).fill("a wall")
    drop(page, "first", jpeg("#778899", (600, 200)))
    page.get_by_role("radio", name="1:1").check()
    page.get_by_role("button", name="Crop the first image").click()
    page.get_by_role("img", name="Crop area").press("ArrowLeft")
    page.get_by_role("img", name="Crop area").press("+")
    picture(page, "crop")
    page.get_by_role("button", name="Crop", exact=True).click()
    small(page)
    page.get_by_role("button", name="Render").click()
    page.get_by_role("button", name="Cancel").click()
    head, _, data = sent[0]["keyframes"]["first"]["image"].partition(",")
    assert head == "data:image/jpeg;base64"
    width, height = Image.open(io.BytesIO(base64.b64decode(data))).size
    assert width == height < 200


def test_what_was_begun_is_cancelled(open_page: Open) -> None:
    page = open_page().page
    page.get_by_label("Prompt", exact=True).fill("a long one")
    page.get_by_role("radio", name="1080p").check()
    page.get_by_role("radio", name="12 s").check()
    page.get_by_role("button", name="Render").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator(".frame .standing")).to_have_text("Cancelled")
    expect(page.get_by_role("button", name="Retry")).to_be_visible()


def test_a_looping_video_is_made_and_extended(open_page: Open) -> None:
    page = open_page().page
    page.get_by_label("Prompt", exact=True).fill("a quiet lake")
    small(page)
    page.get_by_role("switch", name="Loop").check()
    page.get_by_role("button", name="Render").click()
    wait_until_it_plays(page)
    assert player(page)["loop"]
    page.get_by_role("button", name="Extend").click()
    expect(page.get_by_alt_text("Continued video: a quiet lake")).to_be_visible()
    expect(page.get_by_role("radio", name="1080p")).to_be_disabled()
    expect(
        page.get_by_text("Aspect ratio and resolution are those of the video it continues.").first
    ).to_be_visible()
    page.get_by_label("Prompt", exact=True).fill("then the sun rises")
    page.keyboard.press("Control+Enter")
    until(page, "document.querySelector('.frame video') === null")
    wait_until_it_plays(page)
    assert player(page)["duration"] == pytest.approx(8, abs=0.2)
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Download").click()
    assert downloading.value.suggested_filename.endswith(".mp4")
    assert downloading.value.path().read_bytes()[4:8] == b"ftyp"


def test_what_the_model_cannot_do_is_grey_with_its_reason(open_page: Open) -> None:
    shown = open_page("docs")
    page = shown.page

    def without(route: Any) -> None:
        reported = route.fetch().json()
        lesser = next(one for one in reported["models"] if one["name"] == "ray-flash-2")
        lesser["capabilities"] |= {"resolutions": ["540p"], "loop": False, "last_image": False}
        route.fulfill(json=reported)

    page.route("**/api/v1/models", without)
    page.goto(page.url.removesuffix("docs"))
    page.get_by_label("Model").select_option("ray-flash-2")
    expect(page.get_by_role("radio", name="1080p")).to_be_disabled()
    expect(page.get_by_role("radio", name="540p")).to_be_enabled()
    expect(page.get_by_text("Ray-flash-2 makes 540p.")).to_be_visible()
    expect(page.get_by_role("switch", name="Loop")).to_be_disabled()
    expect(page.get_by_text("Ray-flash-2 makes no loops.")).to_be_visible()
    expect(page.get_by_text("ray-flash-2 takes no last image")).to_be_visible()


def test_what_the_server_refuses_is_told_at_its_field(open_page: Open) -> None:
    shown = open_page()
    shown.expected = {REFUSED}
    page = shown.page
    page.get_by_role("button", name="Render").click()
    expect(page.get_by_role("alert").filter(has_text="Describe the scene.")).to_be_visible()
    page.get_by_label("Prompt", exact=True).fill("a dune")
    page.get_by_text("More: seed").click()
    page.get_by_label("Webhook").fill("http://10.0.0.1/told")
    page.get_by_role("button", name="Render").click()
    expect(page.locator(".field.webhook_url .wrong")).not_to_be_empty()


def test_it_works_at_an_address_that_is_not_secure(open_page: Open, server: Serving) -> None:
    """As on a phone in the same house: browsers withhold some things there."""
    page = open_page(at=replace(server, url=server.url.replace("127.0.0.1", "rushes.test"))).page
    assert not page.evaluate("isSecureContext")
    page.get_by_label("Prompt", exact=True).fill("seen from a phone")
    small(page)
    page.get_by_role("button", name="Render").click()
    wait_until_it_plays(page)
    page.get_by_role("button", name="Show the code").click()
    expect(page.get_by_role("dialog").locator("code")).to_contain_text("rushes.test")


def test_an_answer_that_is_lost_makes_one_generation(open_page: Open, server: Serving) -> None:
    shown = open_page()
    shown.expected = {"ERR_CONNECTION_RESET"}
    page = shown.page
    keys: list[str | None] = []

    def lose_the_first(route: Route) -> None:
        keys.append(route.request.header_value("idempotency-key"))
        if len(keys) == 1:
            route.fetch()  # the server has it, and nobody hears of it
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/api/v1/generations", lose_the_first)
    prompt = "asked for twice, made once"
    page.get_by_label("Prompt", exact=True).fill(prompt)
    small(page)
    page.get_by_role("button", name="Render").click()
    wait_until_it_plays(page)
    assert len(keys) == 2
    assert keys[0] == keys[1]
    headers = {"Authorization": f"Bearer {server.key}"}
    path = f"{server.url}/api/v1/generations"
    found = httpx2.get(path, params={"q": prompt}, headers=headers).json()["generations"]
    assert len(found) == 1


def test_a_video_from_the_strip_is_led_up_to(open_page: Open) -> None:
    page = open_page().page
    page.get_by_label("Prompt", exact=True).fill("how it ends")
    small(page)
    page.get_by_role("button", name="Render").click()
    wait_until_it_plays(page)
    page.locator(".strip .clip").first.drag_to(page.locator(".field.last .well"))
    expect(page.get_by_alt_text("Continued video: how it ends")).to_be_visible()
    page.get_by_label("Prompt", exact=True).fill("how it came to that")
    page.get_by_role("button", name="Render").click()
    until(page, "document.querySelector('.frame video')?.duration > 7.5")


def test_what_is_under_way_is_on_the_table_again_after_a_reload(open_page: Open) -> None:
    page = open_page().page
    page.get_by_label("Prompt", exact=True).fill("a long one, again")
    page.get_by_role("radio", name="1080p").check()
    page.get_by_role("radio", name="12 s").check()
    page.get_by_role("button", name="Render").click()
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    page.reload()
    expect(page.locator(".caption")).to_have_text("a long one, again")
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator(".frame .standing")).to_have_text("Cancelled")


def test_no_key_is_asked_for_where_there_is_none(open_page: Open, serve: Any) -> None:
    page = open_page(at=serve("--no-auth", "--no-worker")).page
    page.get_by_label("Prompt", exact=True).fill("it waits for a worker")
    page.get_by_role("button", name="Render").click()
    expect(page.locator(".frame .standing")).to_have_text("Queued, next in line")
    expect(page.get_by_role("button", name="Sign out")).to_have_count(0)
    page.get_by_label("Prompt", exact=True).fill("and so does this")
    page.get_by_role("button", name="Render").click()
    expect(page.locator(".frame .standing")).to_have_text("Queued, 1 ahead")


PRICES = """
[credits]
enabled = true

[[credits.prices]]
model = "ray-2"
resolution = "1080p"
price = 0.5

[[credits.prices]]
price = 0.2
"""


def test_the_price_is_shown_where_credits_are_on(open_page: Open, serve: Any) -> None:
    at = serve("--no-worker", toml=PRICES)
    shown = open_page(at=at)
    page = shown.page
    price = page.locator(".send .price")
    expect(price).to_have_text("Costs up to 1 credit, but only 0 are left")
    headers = {"Authorization": f"Bearer {at.key}"}
    with httpx2.Client(base_url=f"{at.url}/api/v1", headers=headers) as client:
        account = client.get("/credits").json()["account"]
        grant = ("credits", "grant", account, "10", "--data", str(at.data))
        subprocess.run((sys.executable, "-m", "rushes", *grant), check=True, capture_output=True)
        page.get_by_role("radio", name="1080p").check()
        expect(price).to_have_text("Costs up to 2.5 credits")
        with page.expect_request("**/api/v1/quotes") as requested:
            drop(page, "first", jpeg("#e8a33d", (1500, 1500)))
        sent = requested.value.post_data or ""
        assert "keyframes" in sent
        assert len(sent) < 1000
        page.get_by_role("radio", name="10 s", exact=True).check()
        expect(price).to_have_text("Costs up to 5 credits")
        picture(page, "create-price")
        assert violations(page) == []
        page.get_by_label("Prompt", exact=True).fill("a dune at dusk")
        page.get_by_role("button", name="Render").click()
        expect(page.locator(".frame .standing")).to_have_text("Queued, next in line")
        assert client.get("/generations").json()["generations"][0]["price"] == "5"
        page.get_by_role("button", name="Render").click()
        expect(price).to_have_text("Costs up to 5 credits, but only 0 are left")


def test_no_price_is_asked_for_where_credits_are_off(open_page: Open) -> None:
    page = open_page().page
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    page.clock.install()
    with page.expect_response("**/api/v1/credits"):
        page.reload()
    page.get_by_role("radio", name="360p").check()
    page.get_by_label("Prompt", exact=True).fill("a dune at dusk")
    page.clock.run_for(1000)
    assert not [url for url in requested if url.endswith("/quotes")]
    expect(page.locator(".send .price")).to_be_hidden()


def test_a_still_is_made(open_page: Open) -> None:
    page = open_page().page
    page.get_by_label("Prompt", exact=True).fill("a dune at dusk")
    page.get_by_role("radio", name="Image").check()
    expect(page.get_by_label("Model")).to_have_value("photon-1")
    page.get_by_role("radio", name="1:1").check()
    page.get_by_role("button", name="Render").click()
    page.wait_for_selector(".frame > img:not(.faint)", timeout=60_000)
    until(page, "document.querySelector('.frame > img').naturalWidth === 1536")
