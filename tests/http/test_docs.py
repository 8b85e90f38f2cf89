import re
from html.parser import HTMLParser
from typing import Any

import httpx2
import pytest
from openapi_spec_validator import validate
from starlette.applications import Starlette
from tests.dialects.plans import scripted_plans

from rushes.core.signed_links import SignedLinks
from rushes.dialects.base import DialectContext
from rushes.dialects.native.dialect import Native
from rushes.engines.base import channels_of
from rushes.engines.scripted import ScriptedEngine
from rushes.http.docs_page import docs_routes
from rushes.http.gateway import Gateway
from rushes.http.openapi import About, Schema, document, offered
from rushes.kit.clock import FrozenClock
from rushes.kit.safe_http import SafeHttpClient
from rushes.media.files import FileMediaStore
from rushes.service.account_deletion import AccountDeletion
from rushes.service.accounts import Accounts
from rushes.service.catalogue import MODELS, Catalogue
from rushes.service.channel_control import ChannelControl
from rushes.service.credits import Credits
from rushes.service.deliveries import Deliveries
from rushes.service.generations import Generations
from rushes.service.local_models import LocalModels
from rushes.service.node_list import NodeList
from rushes.service.progress_stream import ProgressStream
from rushes.service.queue_view import QueueView
from rushes.service.webhook_targets import WebhookTargets
from rushes.service.webhooks import Webhooks
from rushes.store.memory import MemoryStore
from rushes.webhooks.sample_message import SampleMessage
from rushes.webhooks.sender import Sender

VOID = {"meta", "link", "br", "hr", "img", "input"}


class _Page(HTMLParser):
    """Notes what a page is made of, and that every element is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.names: list[str] = []
        self.ids: set[str] = set()
        self.links: set[str] = set()

    def handle_starttag(  # type: ignore[explicit-override]  # typing has no override in Python 3.11
        self, tag: str, attrs: list[tuple[str, str | None]]
    ) -> None:
        self.tags.add(tag)
        self.names += [name for name, _ in attrs]
        reported = dict(attrs)
        self.ids.add(reported.get("id") or "")
        self.links.add(reported.get("href") or "")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:  # type: ignore[explicit-override]  # as above
        while self.open and self.open[-1] != tag and self.open[-1] in {"p", "tr", "td", "th"}:
            self.open.pop()  # which HTML lets one leave open
        assert self.open.pop() == tag


@pytest.fixture
def reported(tmp_path: Any, clock: FrozenClock) -> Schema:
    store, links = MemoryStore(), SignedLinks(secret=b"s" * 32)
    catalogue = Catalogue(channels_of({name: ScriptedEngine([]) for name in MODELS}))
    generations = Generations(
        store=store, media=FileMediaStore(tmp_path), catalogue=catalogue, links=links, clock=clock
    )
    context = DialectContext(
        gateway=Gateway(accounts=Accounts(keyring=store, clock=clock), links=links, clock=clock),
        generations=generations,
        progress_stream=ProgressStream(store),
        catalogue=catalogue,
        targets=WebhookTargets(SafeHttpClient()),
        plans=scripted_plans(),
        credits=Credits(store.ledger, store, catalogue, clock),
    )
    deliveries = Deliveries(generations=generations, outbox=store, clock=clock)
    http = SafeHttpClient()
    secret = "whsec_" + "A" * 32
    sender = Sender(announcers={}, links=links, http=http, clock=clock, secrets=lambda: secret)
    webhooks = Webhooks(
        outbox=store,
        targets=WebhookTargets(http),
        announcers={},
        tester=SampleMessage(sender=sender, clock=clock),
        clock=clock,
    )
    channels = ChannelControl((), pauses=store, store=store, clock=clock)
    accounts = context.gateway.accounts
    account_deletion = AccountDeletion(
        store=store, media=FileMediaStore(tmp_path), accounts=accounts, clock=clock
    )
    api = Native(
        deliveries=deliveries,
        webhooks=webhooks,
        channels=channels,
        queue=QueueView(store),
        nodes=NodeList(store, clock),
        account_deletion=account_deletion,
        local_models=LocalModels(tmp_path / "models"),
    ).api(context)
    return document([api], About(version="1<b>", values=offered(catalogue)))


@pytest.fixture
def client(reported: Schema) -> httpx2.AsyncClient:
    app = Starlette(routes=docs_routes(lambda: reported))
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://rushes.test")


async def test_the_document_is_valid_and_relative(client: httpx2.AsyncClient) -> None:
    reply = await client.get("/openapi.json")

    document = reply.json()
    validate(document)
    assert document["servers"] == [{"url": "/"}]
    assert document["openapi"].startswith("3.1")


@pytest.mark.parametrize("path", ["/openapi.json", "/docs"])
async def test_what_is_known_already_is_not_sent_again(
    client: httpx2.AsyncClient, path: str
) -> None:
    first = await client.get(path)
    again = await client.get(path, headers={"If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


async def test_the_page_needs_no_script_and_nothing_from_elsewhere(
    client: httpx2.AsyncClient,
) -> None:
    reply = await client.get("/docs")
    page = _Page()
    page.feed(reply.text)

    policy = reply.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not page.tags & {"script", "img", "iframe", "link", "object"}
    assert not [name for name in page.names if name.startswith("on") or name == "style"]
    assert {link for link in page.links if link and not link.startswith("#")} == {"/openapi.json"}
    assert not page.open


async def test_the_page_shows_every_operation_and_no_link_of_it_leads_nowhere(
    client: httpx2.AsyncClient, reported: Schema
) -> None:
    text = (await client.get("/docs")).text
    page = _Page()
    page.feed(text)

    for path, methods in reported["paths"].items():
        for method in methods:
            assert re.search(rf"{method.upper()}</span>{re.escape(path)}<", text)
    assert {link[1:] for link in page.links if link.startswith("#")} <= page.ids


async def test_what_the_page_shows_is_escaped(client: httpx2.AsyncClient) -> None:
    text = (await client.get("/docs")).text

    assert "1&lt;b&gt;" in text
    assert "<b>" not in text
