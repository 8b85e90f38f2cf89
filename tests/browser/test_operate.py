"""Operate: what an operator's key sees, and what others do not."""

import json
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import httpx2
import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Open, Serving, picture, violations
from tests.unit.local_models.folders import PIPELINE
from tests.unit.local_models.hub import Hub, serving_hub

from rushes.local_models.catalogue import catalogue_model

CHANNELS = """
[credits]
enabled = true

[[credits.prices]]
model = "ray-2"
price = 0.5

[channels.here]
kind = "animatic"
models = ["ray-2"]

[channels.spare]
kind = "animatic"
models = ["ray-2", "ray-flash-2"]
priority = -1
"""


@pytest.fixture(scope="module")
def server(serve: Callable[..., Serving]) -> Serving:
    """A server that renders nothing, with two channels and an operator's key."""
    one = serve("--no-worker", toml=CHANNELS)
    create = ("keys", "create", "op", "--operate", "--data", str(one.data), "--json")
    reported = subprocess.check_output((sys.executable, "-m", "rushes", *create), text=True)
    return replace(one, key=json.loads(reported)["key"])


NAME = "wan2.2-ti2v-5b"


@pytest.fixture(scope="module")
def local_server(
    serve: Callable[..., Serving], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Serving, Hub]]:
    """A server that pulls models from a hub on loopback, which sends half of the weights and waits."""
    hub = Hub(catalogue_model(NAME).repository, dict(PIPELINE), hangs=threading.Event())
    with serving_hub(hub):
        home = str(tmp_path_factory.mktemp("home"))
        one = serve("--no-worker", HF_ENDPOINT=hub.url, HF_HOME=home)
        create = ("keys", "create", "op", "--operate", "--data", str(one.data), "--json")
        reported = subprocess.check_output((sys.executable, "-m", "rushes", *create), text=True)
        yield replace(one, key=json.loads(reported)["key"]), hub


def test_the_queue_is_shown_as_it_grows(open_page: Open, server: Serving) -> None:
    page = open_page("#/operate").page
    expect(page.get_by_text("Healthy")).to_be_visible()
    waiting = page.locator(".counts .queued dd")
    expect(waiting).to_have_text("0")
    headers = {"Authorization": f"Bearer {server.key}"}
    body = {"prompt": "it waits", "model": "ray-flash-2"}
    httpx2.post(f"{server.url}/api/v1/generations", json=body, headers=headers).raise_for_status()
    expect(waiting).to_have_text("1")
    expect(page.locator(".operate-waiting tbody tr")).to_contain_text("Video, ray-flash-2")


def test_what_was_used_is_plotted_and_credits_are_shown(open_page: Open, server: Serving) -> None:
    grant = ("credits", "grant", "op", "100", "--data", str(server.data))
    subprocess.run((sys.executable, "-m", "rushes", *grant), check=True, capture_output=True)
    headers = {"Authorization": f"Bearer {server.key}"}
    with httpx2.Client(base_url=f"{server.url}/api/v1", headers=headers) as client:
        made = client.post("/generations", json={"prompt": "never made"}).json()
        client.post(f"/generations/{made['id']}/cancel").raise_for_status()
    page = open_page("#/operate").page
    expect(page.get_by_text("100 credits")).to_be_visible()
    expect(page.get_by_role("heading", name="Usage in 30 days: 1 generation")).to_be_visible()
    expect(page.get_by_role("row", name="op ray-2 0 0 1 0")).to_be_visible()
    page.goto(f"{server.url}/#/g/{made['id']}")
    expect(page.get_by_role("row", name=re.compile(r"Price \S+ credits"))).to_be_visible()


def test_a_node_is_drained_and_resumed(open_page: Open) -> None:
    shown = open_page("#/operate")
    shown.expected = {"status of 503"}  # a draining node says that it is not ready
    page = shown.page
    node = page.locator(".operate-nodes tbody tr").first
    expect(node).to_contain_text("Active")
    node.get_by_role("button", name=re.compile("Drain: ")).click()
    expect(node).to_contain_text("Drained")
    expect(page.get_by_text("Not ready: node (Draining)")).to_be_visible()
    node.get_by_role("button", name=re.compile("Resume: ")).click()
    expect(node).to_contain_text("Active")
    expect(page.get_by_text("Healthy")).to_be_visible()


def test_a_channel_is_paused_and_resumed(open_page: Open) -> None:
    page = open_page("#/operate").page
    spare = page.locator(".channels > li").filter(has_text="spare")
    expect(spare).to_contain_text("Accepts work")
    page.get_by_role("button", name="Pause: spare").click()
    dialog = page.get_by_role("dialog", name="Pause spare")
    dialog.get_by_label("For", exact=True).select_option("3600")
    dialog.get_by_label("Reason").fill("a new disk")
    dialog.get_by_role("button", name="Pause").click()
    expect(spare).to_contain_text("Paused by an operator")
    expect(spare).to_contain_text("A new disk.")
    picture(page, "operate-wide-dark")
    assert violations(page) == []
    page.get_by_role("button", name="Resume: spare").click()
    expect(spare).to_contain_text("Accepts work")


def test_a_key_is_made_and_revoked(open_page: Open, server: Serving) -> None:
    page = open_page("#/operate").page
    page.get_by_role("button", name="Create a key").click()
    dialog = page.get_by_role("dialog", name="Create a key")
    dialog.get_by_label("Name", exact=True).fill("laptop")
    dialog.get_by_label("In progress at once, at most").fill("2")
    assert violations(page) == []
    dialog.get_by_role("button", name="Create").click()
    secret = page.get_by_role("dialog", name="The new key").locator("code").text_content()
    page.keyboard.press("Escape")
    expect(
        page.get_by_role("row", name=re.compile("laptop .* generate, read 2 in progress"))
    ).to_be_visible()
    headers = {"Authorization": f"Bearer {secret}"}
    assert httpx2.get(f"{server.url}/api/v1/account", headers=headers).json()["id"] == "laptop"
    page.get_by_role("button", name="Revoke: laptop").click()
    page.get_by_role("button", name="Revoke", exact=True).click()
    expect(page.get_by_role("row", name=re.compile("laptop .* revoked"))).to_be_visible()
    expect(page.get_by_role("button", name="Revoke: laptop")).to_have_count(0)


def test_a_key_gets_a_new_secret_that_is_shown_once(open_page: Open, server: Serving) -> None:
    create = ("keys", "create", "desk", "--account", "studio", "--data", str(server.data))
    made = (sys.executable, "-m", "rushes", *create, "--json")
    former = json.loads(subprocess.check_output(made, text=True))["key"]
    page = open_page("#/operate").page
    accounts = page.get_by_role("region", name="Accounts")
    expect(accounts.get_by_role("row", name=re.compile("studio studio desk "))).to_be_visible()
    page.get_by_role("button", name="Rotate: desk").click()
    dialog = page.get_by_role("dialog", name="Rotate desk")
    assert violations(page) == []
    dialog.get_by_role("button", name="Rotate", exact=True).click()
    secret = page.get_by_role("dialog", name="The new secret").locator("code").text_content()
    statuses = [
        httpx2.get(
            f"{server.url}/api/v1/account", headers={"Authorization": f"Bearer {one}"}
        ).status_code
        for one in (secret, former)
    ]
    assert statuses == [200, 401]
    page.keyboard.press("Escape")
    picture(page, "operate-accounts")
    assert str(secret) not in page.content()
    page.get_by_role("button", name="Revoke: desk").click()
    page.get_by_role("button", name="Revoke", exact=True).click()
    expect(accounts.get_by_role("row", name=re.compile("studio studio none "))).to_be_visible()


def test_settings_are_shown_with_where_they_come_from(open_page: Open) -> None:
    page = open_page("#/operate", size="phone", theme="light").page
    page.get_by_text("Settings and their sources").click()
    expect(page.get_by_role("row", name="worker.enabled false --no-worker")).to_be_visible()
    picture(page, "operate-phone-light")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_another_key_sees_nothing_of_it(open_page: Open, server: Serving) -> None:
    create = ("keys", "create", "somebody", "--data", str(server.data), "--json")
    reported = subprocess.check_output((sys.executable, "-m", "rushes", *create), text=True)
    other = replace(server, key=json.loads(reported)["key"])
    page = open_page("#/operate", at=other).page
    expect(page.get_by_text("This view needs a key")).to_be_visible()
    expect(page.get_by_role("link", name="Operate")).to_have_count(0)


def test_a_local_model_is_pulled_stopped_continued_and_deleted(
    open_page: Open, local_server: tuple[Serving, Hub]
) -> None:
    at, hub = local_server
    page = open_page("#/operate", at=at).page
    expect(page.locator(".operate-local-models")).to_contain_text("of main memory")
    models = page.get_by_role("region", name="Local models")
    row = models.get_by_role("row").filter(has=page.get_by_text(NAME, exact=True))
    expect(row).to_contain_text("Not pulled")
    expect(row).to_contain_text("Apache-2.0")
    row.get_by_role("button", name=f"Pull: {NAME}").click()
    dialog = page.get_by_role("dialog", name=f"Pull {NAME}?")
    expect(dialog).to_contain_text("The download has about 34 GB")
    assert violations(page) == []
    dialog.get_by_role("button", name="Pull", exact=True).click()
    expect(row).to_contain_text("Pulling")
    expect(row.get_by_role("progressbar", name="Downloaded")).to_be_visible()
    picture(page, "operate-local-models")
    assert violations(page) == []
    assert hub.half_sent.wait(60)
    row.get_by_role("button", name=f"Stop: {NAME}").click()
    expect(row).to_contain_text("Stopped")
    assert hub.hangs is not None
    hub.hangs.set()
    hub.hangs = None
    row.get_by_role("button", name=f"Continue: {NAME}").click()
    page.get_by_role("button", name="Pull", exact=True).click()
    expect(row.get_by_text("Pulled", exact=True)).to_be_visible()
    row.get_by_role("button", name=f"Delete: {NAME}").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(row).to_contain_text("Not pulled")


def test_a_licence_with_conditions_is_shown_before_a_pull(
    open_page: Open, local_server: tuple[Serving, Hub]
) -> None:
    page = open_page("#/operate", at=local_server[0], size="phone", theme="light").page
    page.get_by_role("button", name="Pull: ltx-2.3-distilled").click()
    dialog = page.get_by_role("dialog", name="Pull ltx-2.3-distilled?")
    expect(dialog).to_contain_text("10 million US dollars")
    expect(dialog.get_by_role("link", name="LTX-2.x Community")).to_be_visible()
    expect(dialog.get_by_role("button", name="Accept the licence and pull")).to_be_visible()
    assert violations(page) == []
    dialog.get_by_role("button", name="Cancel").click()
    assert not [one for one in local_server[1].requests if "LTX" in one]
