"""Every upstream that there is, each with what it is tried on: a mock upstream of its kind and shape."""

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from rushes.core.spec import GenerationSpec
from rushes.engines.base import Job
from rushes.engines.upstream.agents import AgentsUpstream
from rushes.engines.upstream.base import SubmitOrder, Upstream
from rushes.engines.upstream.connection import UpstreamConnection
from rushes.engines.upstream.dream_machine import DreamMachineUpstream
from rushes.engines.upstream.lightx2v import LightX2VUpstream
from rushes.engines.upstream.openai_videos import OpenAIVideosUpstream
from rushes.engines.upstream.relay import RelayUpstream
from rushes.kit.safe_http import SafeHttpClient
from rushes.mock_upstream.app import MockUpstream

KEY = "sk-the-key-of-this-channel"
NO_TLS = ssl.create_default_context()
"""Made once, since it takes a while and nothing here is encrypted."""

PROMPT = "a lake at dawn, mist over the water"


@dataclass(frozen=True, kw_only=True)
class Case:
    """An upstream, and what of it differs from others without being wrong."""

    kind: str
    make: Callable[[UpstreamConnection], Upstream]
    shape: str = ""
    base: str = ""
    """What stands behind the host in its base URL."""

    finds: bool | None = None
    """Whether its list tells of prompts; None: it has no list, or one that tells of nothing."""

    cancels: bool = False
    needs_key: bool = True
    moderates: bool = True
    """Whether a job may fail there for what was asked for."""

    own_files: bool = False
    """Whether its files are at its own address, for nobody but whoever has the key."""


def _relay(shape: str, *, finds: bool) -> Case:
    return Case(
        kind="relay",
        shape=shape,
        make=lambda line: RelayUpstream(line, poll_batch_size=50),
        finds=finds,
    )


def _openai(
    shape: str, *, finds: bool | None = True, cancels: bool = True, needs_key: bool = False
) -> Case:
    return Case(
        kind="openai-videos",
        shape=shape,
        base="/v1",
        make=lambda line: OpenAIVideosUpstream(line, flavour=shape),
        finds=finds,
        cancels=cancels,
        needs_key=needs_key,
        own_files=True,
    )


CASES = {
    "relay chainhub": _relay("chainhub", finds=True),
    "relay kkiai": _relay("kkiai", finds=False),
    "relay gpt-best": _relay("gpt-best", finds=True),
    "relay yescale": _relay("yescale", finds=False),
    "relay gpt-ge": _relay("gpt-ge", finds=True),
    "relay array": _relay("array", finds=True),
    "relay one by one": Case(kind="relay", make=RelayUpstream, finds=True),
    "agents": Case(kind="agents", base="/v1", make=AgentsUpstream),
    "dream-machine": Case(
        kind="dream-machine",
        base="/dream-machine/v1",
        make=DreamMachineUpstream,
        finds=True,
        cancels=True,
    ),
    "openai": _openai("openai", needs_key=True),
    "vllm-omni": _openai("vllm-omni", needs_key=True),
    "fastvideo": _openai("fastvideo", finds=None, cancels=False),
    "sglang": _openai("sglang", finds=None, cancels=False),
    "trtllm": _openai("trtllm"),
    "lightx2v": Case(
        kind="lightx2v",
        base="/v1",
        make=LightX2VUpstream,
        finds=True,
        cancels=True,
        needs_key=False,
        moderates=False,
        own_files=True,
    ),
}


@dataclass(frozen=True, kw_only=True)
class Pair:
    """An upstream's client, and the mock upstream that it speaks with."""

    case: Case
    mock: MockUpstream
    url: str
    upstream: Upstream

    def order(self, prompt: str = PROMPT, key: str = "key-1", **more: object) -> SubmitOrder:
        can = self.upstream.capabilities
        spec = GenerationSpec(
            prompt=prompt,
            model="ray-2",
            resolution=can.resolutions[0],
            duration_s=min(can.durations_s),
        )
        return SubmitOrder(job=Job(spec=spec, prompt=prompt), model="m", key=key, **more)

    async def submitted(self) -> str:
        return await self.upstream.submit(self.order())

    async def done(self) -> str:
        job_id = await self.submitted()
        self.mock.advance(seconds=60)
        return job_id

    def accepted(self) -> int:
        return len(self.mock.jobs.accepted)


@dataclass(frozen=True, kw_only=True)
class Lines:
    """Makes lines to a mock upstream, and closes what was made of them."""

    made: list[Upstream] = field(default_factory=list)

    def to(self, case: Case, url: str, *, key: str = KEY, **more: float) -> Upstream:
        port = urlsplit(url).port
        allow = (f"127.0.0.1:{port}", f"localhost:{port}")
        files = SafeHttpClient(allow=allow, ssl_context=NO_TLS)
        line = UpstreamConnection(
            base_url=url + case.base, key=key, files=files, ssl_context=NO_TLS, **more
        )
        upstream = case.make(line)
        self.made.append(upstream)
        return upstream


@asynccontextmanager
async def lines() -> AsyncIterator[Lines]:
    made = Lines()
    try:
        yield made
    finally:
        for one in made.made:
            await one.close()


MakePair = Callable[..., Awaitable[Pair]]
