"""Agents, as the official client of the Model Context Protocol: over HTTP and over standard input."""

import asyncio
import base64
import io
import json
import os
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import av
import httpx2
import jsonschema
import pytest
import pytest_asyncio
from mcp import Client, MCPError, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolResult, ImageContent, ResourceLink, TextContent
from PIL import Image
from tests.clients.conftest import Serving

pytestmark = pytest.mark.asyncio(loop_scope="module")

SMALL = {"resolution": "360p", "aspect_ratio": "1:1", "duration_s": 4}
WAYS = (
    "http",
    "http, before 2026",
    "alone",
    "alone, before 2026",
    "relayed",
    "relayed, before 2026",
)

Connect = Callable[..., AbstractAsyncContextManager[Client]]


@dataclass
class Told:
    """What a client was told of progress."""

    shares: list[float] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    async def __call__(self, progress: float, total: float | None, message: str | None) -> None:
        assert total == 1.0
        self.shares.append(progress)
        self.words.append(message or "")


@pytest.fixture(scope="module")
def server(account_of: Callable[[str], Serving]) -> Serving:
    return account_of("agents")


@asynccontextmanager
async def over_http(url: str, key: str | None, mode: str) -> AsyncGenerator[Client]:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=60.0) as http,
        Client(streamable_http_client(f"{url}/mcp", http_client=http), mode=mode) as client,
    ):
        yield client


def started(*arguments: str, **variables: str) -> StdioServerParameters:
    path = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    return StdioServerParameters(
        command=sys.executable, args=["-m", "rushes", "mcp", *arguments], env={**path, **variables}
    )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def beside(
    server: Serving, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Callable[[str], Awaitable[Client]]]:
    """Return the client of a process beside the agent; each way has one for all tests of this file."""
    clients: dict[str, Client] = {}
    holders: list[asyncio.Task[None]] = []
    over = asyncio.Event()

    async def hold(way: str, ready: asyncio.Event) -> None:  # enters and leaves in one task
        data = tmp_path_factory.mktemp("alone") / "data"
        arguments = ("--data", str(data)) if way.startswith("alone") else ("--server", server.url)
        mode = "legacy" if way.endswith("before 2026") else "auto"
        try:
            async with Client(started(*arguments, RUSHES_KEY=server.key), mode=mode) as client:
                clients[way] = client
                ready.set()
                await over.wait()
        finally:
            ready.set()

    async def connected(way: str) -> Client:
        if way not in clients:
            ready = asyncio.Event()
            holders.append(asyncio.create_task(hold(way, ready)))
            await ready.wait()
        return clients[way]

    yield connected
    over.set()
    await asyncio.gather(*holders)


@pytest.fixture(params=WAYS)
def connect(
    request: pytest.FixtureRequest,
    server: Serving,
    beside: Callable[[str], Awaitable[Client]],
) -> Connect:
    """Connect in one of the ways there are."""
    way = request.param

    @asynccontextmanager
    async def connected() -> AsyncGenerator[Client]:
        if way.startswith("http"):
            mode = "legacy" if way.endswith("before 2026") else "auto"
            async with over_http(server.url, server.key, mode) as client:
                yield client
        else:
            yield await beside(way)

    return connected


@pytest.fixture(params=("auto", "legacy"))
def agent(request: pytest.FixtureRequest, server: Serving) -> Connect:
    """Connect over HTTP, as clients of either generation do."""
    return lambda key=None: over_http(server.url, key or server.key, request.param)


def text(result: CallToolResult) -> str:
    first = result.content[0]
    assert isinstance(first, TextContent)
    return first.text


def one(result: CallToolResult, kind: type) -> Any:
    found = [content for content in result.content if isinstance(content, kind)]
    assert len(found) == 1, result.content
    return found[0]


def read(uri: str) -> bytes:
    if uri.startswith("file:"):
        return Path(httpx2.URL(uri).path).read_bytes()
    return httpx2.get(uri).read()  # with no key: the link proves itself


def seconds(video: bytes) -> float:
    with av.open(io.BytesIO(video)) as container:
        stream = container.streams.video[0]
        return sum(1 for _ in container.demux(stream) if _.size) / float(stream.average_rate or 1)


async def test_an_agent_makes_a_video_and_sees_it(connect: Connect) -> None:
    reported = Told()
    async with connect() as client:
        assert [tool.name for tool in (await client.list_tools()).tools] == [
            *("generate", "plan_shot", "extend", "get", "wait", "list", "cancel")
        ]
        made = await client.call_tool(
            "generate", {"prompt": "a lighthouse at dusk", **SMALL}, progress_callback=reported
        )
    assert not made.is_error, text(made)
    assert "is completed: 4.04 s of video, 360x360" in text(made)
    link = one(made, ResourceLink)
    assert (link.mime_type, link.title) == ("video/mp4", "a lighthouse at dusk")
    video = read(link.uri)
    assert link.size == len(video)
    assert seconds(video) == pytest.approx(97 / 24)
    picture = one(made, ImageContent)
    with Image.open(io.BytesIO(base64.b64decode(picture.data))) as seen:
        assert (seen.format, seen.size) == ("JPEG", (360, 360))
    assert reported.words
    assert reported.shares == sorted(set(reported.shares)), (
        "the protocol wants it to grow each time"
    )


async def test_what_is_refused_is_told_in_our_sentences(connect: Connect) -> None:
    async with connect() as client:
        for arguments, sentence in (
            ({"prompt": "x", "resolution": "8k"}, "resolution must be one of 360p, 540p"),
            ({"prompt": "x", "duration_s": 7}, "duration_s must be one of 4s, 5s"),
            ({"prompt": "x", "model": "sora"}, "model must be one of"),
            ({"prompt": "x", "size": "big"}, "generate takes no 'size'; it takes seed"),
            ({}, "prompt is required"),
            ({"prompt": ""}, "prompt: "),
            ({"prompt": "x", "wait_s": 9999}, "wait_s: "),
        ):
            refused = await client.call_tool("generate", arguments)
            assert refused.is_error
            assert sentence in text(refused)
        none = await client.call_tool("get", {"generation_id": "nonsense"})
        assert (none.is_error, text(none)) == (True, "there is no generation 'nonsense'")


async def test_what_takes_longer_is_waited_for_later(agent: Connect) -> None:
    async with agent() as client:
        requested = await client.call_tool("generate", {"prompt": "dunes", **SMALL, "wait_s": 0})
        assert not requested.is_error
        assert "Call `wait` with its id" in text(requested)
        id_ = requested.structured_content["generation_id"]
        done = await client.call_tool("wait", {"generation_id": id_})
        assert done.structured_content["state"] == "completed"
        again = await client.call_tool("get", {"generation_id": id_})
        assert one(again, ResourceLink).uri == one(done, ResourceLink).uri
        assert one(again, ImageContent) == one(done, ImageContent)


async def test_a_video_is_made_longer_at_either_end(agent: Connect) -> None:
    async with agent() as client:
        first = await client.call_tool("generate", {"prompt": "a quiet lake", **SMALL})
        id_ = first.structured_content["generation_id"]
        for more in ({"direction": "before"}, {"loop": True}):
            longer = await client.call_tool(
                "extend", {"generation_id": id_, "prompt": "fog", "duration_s": 4, **more}
            )
            assert not longer.is_error, text(longer)
            assert longer.structured_content["files"]["video"]["duration_s"] > 7.9
        refused = await client.call_tool(
            "extend",
            {
                "generation_id": id_,
                "prompt": "fog",
                "direction": "before",
                "last_image": "https://example.com/a.jpg",
            },
        )
        assert "last_image is for a part after the video" in text(refused)


async def test_one_that_is_cancelled_disappoints_who_waits(agent: Connect) -> None:
    async with agent() as client:
        long = {"prompt": "x [hang]", "resolution": "1080p", "duration_s": 12, "wait_s": 0}
        id_ = (await client.call_tool("generate", long)).structured_content["generation_id"]
        cancelled = await client.call_tool("cancel", {"generation_id": id_})
        assert (cancelled.is_error, text(cancelled)) == (False, f"Generation {id_} was cancelled.")
        waited = await client.call_tool("wait", {"generation_id": id_})
        assert waited.is_error
        assert not (await client.call_tool("get", {"generation_id": id_})).is_error
        again = await client.call_tool("cancel", {"generation_id": id_})
        assert again.is_error
        assert "cancelled" in text(again)


async def test_one_that_fails_says_why(agent: Connect) -> None:
    broken = "data:image/jpeg;base64," + base64.b64encode(b"\xff\xd8\xff\xe0" + bytes(200)).decode()
    async with agent() as client:
        failed = await client.call_tool("generate", {"prompt": "x", "first_image": broken})
    assert failed.is_error
    assert "failed: " in text(failed)
    assert failed.structured_content["failure"]["code"] == "input_unusable"


async def test_a_list_goes_on_where_it_ended(
    agent: Connect, account_of: Callable[[str], Serving]
) -> None:
    key = account_of("lister").key
    async with agent(key) as client:
        for name in "abc":
            await client.call_tool("generate", {"prompt": name, **SMALL, "wait_s": 0})
        whole = (await client.call_tool("list", {"limit": 50})).structured_content
        ids = [one["generation_id"] for one in whole["generations"]]
        assert not whole["more"]
        first = await client.call_tool("list", {"limit": 2})
        assert first.structured_content["more"]
        assert f"`after_id` {ids[1]} gives the next" in text(first)
        rest = await client.call_tool("list", {"after_id": ids[1], "limit": 50})
        assert [one["generation_id"] for one in rest.structured_content["generations"]] == ids[2:]
        assert text(await client.call_tool("list", {"state": "failed"})) == "There are none."


async def test_a_stranger_sees_nothing_and_can_do_nothing(
    agent: Connect, account_of: Callable[[str], Serving]
) -> None:
    async with agent() as client:
        made = await client.call_tool("generate", {"prompt": "mine", **SMALL})
        id_ = made.structured_content["generation_id"]
    async with agent(account_of("stranger").key) as client:
        assert text(await client.call_tool("list", {})) == "There are none."
        for tool, more in (("get", {}), ("wait", {}), ("cancel", {}), ("extend", {"prompt": "x"})):
            refused = await client.call_tool(tool, {"generation_id": id_, **more})
            assert (refused.is_error, refused.structured_content) == (True, None)
            assert text(refused) == f"there is no generation {id_!r}"
        after = await client.call_tool("list", {"after_id": id_})
        assert after.structured_content["generations"] == []


@pytest.mark.parametrize("key", [None, "rsk_wrong"])
@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_without_a_good_key_there_is_a_sentence_and_nothing_else(
    server: Serving, key: str | None, mode: str
) -> None:
    refusal = pytest.RaisesExc(MCPError, match="API key")
    with pytest.RaisesGroup(refusal, allow_unwrapped=True, flatten_subgroups=True):
        async with over_http(server.url, key, mode):
            pytest.fail("it was let in")


async def test_the_schemas_say_what_works_on_this_server(agent: Connect, server: Serving) -> None:
    headers = {"Authorization": f"Bearer {server.key}"}
    async with httpx2.AsyncClient(base_url=server.url, headers=headers) as http:
        models = (await http.get("/api/v1/models")).json()["models"]
    films = [one for one in models if "video" in one["capabilities"]["kinds"]]
    async with agent() as client:
        listed = {tool.name: tool for tool in (await client.list_tools()).tools}
        takes = listed["generate"].input_schema["properties"]
        assert set(takes["model"]["enum"]) <= {one["name"] for one in films}
        for name, capability in (
            ("resolution", "resolutions"),
            ("aspect_ratio", "aspect_ratios"),
            ("duration_s", "durations_s"),
        ):
            offered: Sequence[Any] = films[0]["capabilities"][capability]
            assert set(takes[name]["enum"]) == set(offered)
        for tool in listed.values():
            jsonschema.Draft202012Validator.check_schema(tool.input_schema)
            assert all("description" in one for one in tool.input_schema["properties"].values())
        page = await client.call_tool("list", {})
        jsonschema.validate(page.structured_content, listed["list"].output_schema)


@pytest.mark.parametrize("way", ["alone", "relayed"])
async def test_beside_the_agent_a_picture_may_be_a_file(
    way: str, beside: Callable[[str], Awaitable[Client]], tmp_path: Path
) -> None:
    Image.new("RGB", (320, 320), "orange").save(tmp_path / "first frame.png")
    (tmp_path / "notes.txt").write_text("nobody's business")
    client = await beside(way)
    tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    reported = tools["generate"].input_schema["properties"]["first_image"]["description"]
    assert "or the path of a picture on this machine" in reported
    named = {"prompt": "x", "resolution": "360p", "duration_s": 4}
    file = tmp_path / "first frame.png"
    for image in (str(file), file.as_uri()):
        made = await client.call_tool("generate", {**named, "first_image": image})
        assert "360x360" in text(made)  # the picture's own shape
    for image, why in (("notes.txt", "is not an image"), ("none.png", "No such file")):
        refused = await client.call_tool(
            "generate", {**named, "first_image": str(tmp_path / image)}
        )
        assert refused.is_error
        assert why in text(refused)


async def test_over_http_no_file_of_the_server_can_be_named(agent: Connect) -> None:
    async with agent() as client:
        for image in ("/etc/hostname", "file:///etc/hostname"):
            refused = await client.call_tool("generate", {"prompt": "x", "first_image": image})
            assert "first_image must be an http(s) URL, a data URI or base64" in text(refused)


async def test_an_unknown_tool_is_an_error_of_the_protocol(connect: Connect) -> None:
    async with connect() as client:
        with pytest.raises(
            MCPError, match="there is no tool 'paint'; there are generate, plan_shot"
        ):
            await client.call_tool("paint", {})


async def test_an_agent_sees_what_would_be_drawn_and_has_its_own_plan_drawn(
    connect: Connect, request: pytest.FixtureRequest
) -> None:
    """Alone it draws with the animatic engine; the server of these tests has the slate engine."""
    draws_plans = request.node.callspec.params["connect"].startswith("alone")
    async with connect() as client:
        planned = await client.call_tool("plan_shot", {"prompt": "a chef in a kitchen"})
        plan = planned.structured_content["plan"]
        refused = await client.call_tool(
            "generate", {"prompt": "x", "plan": plan | {"set": "kitchn"}, **SMALL}
        )
        queued = await client.call_tool(
            "generate", {"prompt": "x", "plan": plan | {"set": "beach"}, **SMALL, "wait_s": 0}
        )
    assert "Shows: a chef, kitchen" in text(planned).replace("in a kitchen", "kitchen")
    assert json.loads(text(planned).rpartition("\nPlan: ")[2]) == plan
    assert "did you mean kitchen" in text(refused)
    if draws_plans:
        assert not queued.is_error, text(queued)
    else:
        assert queued.is_error
        assert "takes no plan here; leave it out" in text(queued)


@pytest.mark.parametrize(
    ("tool", "arguments", "sentence"),
    [
        ("plan_shot", {}, "prompt is required"),
        ("plan_shot", {"prompt": "a dog", "seed": -1}, "seed: Input should be greater than or"),
        ("plan_shot", {"prompt": "a dog", "words": 1}, "plan_shot takes no 'words'; it takes"),
        ("generate", {"prompt": "a", "plan": "beach"}, "plan: Input should be a valid dictionary"),
        (
            *("generate", {"prompt": "a", "plan": {"cast": [{"subject": "dog"}] * 25}}),
            "plan.cast must be a list of at most 24",
        ),
    ],
)
async def test_arguments_of_plans_that_are_wrong_are_told_by_their_names(
    agent: Connect, tool: str, arguments: dict[str, Any], sentence: str
) -> None:
    async with agent() as client:
        refused = await client.call_tool(tool, arguments)
    assert refused.is_error
    assert text(refused).startswith(sentence)
