"""What becomes of a generation is one trace, whoever took part in it."""

import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import httpx2
import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import get_current_span
from structlog.contextvars import bound_contextvars

from rushes.bootstrap.application import Application, build
from rushes.core import lifecycle
from rushes.core.errors import SettingsError
from rushes.core.generation import ArtifactKind, Generation, GenerationId
from rushes.engines.scripted import ScriptedEngine
from rushes.engines.upstream.base import JobStatus, Phase, Upstream
from rushes.kit.clock import SystemClock
from rushes.kit.outbound_headers import OUTBOUND_HEADERS
from rushes.service.catalogue import MODELS
from rushes.settings import load
from rushes.telemetry import observer
from rushes.telemetry.traced import TracedParts, TracedUpstream
from rushes.telemetry.tracing import Tracing, context_of

ASKED = {"kind": "video", "prompt": "a lighthouse at dusk"}
CALLERS = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def spans() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
async def running_app(tmp_path: Path, spans: InMemorySpanExporter) -> AsyncIterator[Application]:
    engine = ScriptedEngine(["the video", "refuse"])
    running_app = build(
        load(overrides={"data": tmp_path / "data", "server.auth": False}),
        engines=dict.fromkeys(MODELS, engine),
        traces=TracedParts(SimpleSpanProcessor(spans), clock=SystemClock()),
    )
    yield running_app
    await running_app.close()


def client(running_app: Application) -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(app=running_app.app)
    return httpx2.AsyncClient(transport=transport, base_url="http://rushes.test")


def of(spans: InMemorySpanExporter, made: str) -> dict[str, ReadableSpan]:
    """Return the spans of a generation's trace by their names."""
    found = spans.get_finished_spans()
    return {s.name: s for s in found if s.context and s.context.trace_id == UUID(made).int}


async def ask(running_app: Application, **headers: str) -> str:
    async with client(running_app) as caller:
        reply = await caller.post("/api/v1/generations", json=ASKED, headers=headers)
    return str(reply.json()["id"])


async def test_a_generation_is_one_trace_from_its_request_to_its_end(
    running_app: Application, spans: InMemorySpanExporter
) -> None:
    made = await ask(running_app)
    await running_app.worker.run_next()
    trace = of(spans, made)
    assert set(trace) >= {
        "submit", "queued", "claim", "attempt", "media put", "settle", "generation"
    }  # fmt: skip
    root, attempt = trace["generation"], trace["attempt"]
    assert root.parent is None
    assert root.context is not None
    for name in ("submit", "queued", "claim", "settle", "attempt"):
        parent = trace[name].parent
        assert parent is not None
        assert parent.span_id == root.context.span_id
    assert root.attributes is not None
    assert root.attributes["rushes.state"] == "completed"
    assert attempt.attributes is not None
    assert attempt.attributes["rushes.outcome"] == "completed"
    request = next(s for s in spans.get_finished_spans() if s.name == "POST /api/v1/generations")
    assert [link.context.span_id for link in trace["submit"].links] == [request.context.span_id]
    for span in spans.get_finished_spans():
        assert (span.end_time or 0) >= (span.start_time or 0)


async def test_what_an_attempt_does_lies_below_it(
    running_app: Application, spans: InMemorySpanExporter
) -> None:
    made = await ask(running_app)
    await running_app.worker.run_next()
    trace = of(spans, made)
    assert trace["attempt"].context is not None
    parent = trace["media put"].parent
    assert parent is not None
    assert parent.span_id == trace["attempt"].context.span_id


async def test_a_running_worker_renders_below_its_attempt(
    running_app: Application, spans: InMemorySpanExporter
) -> None:
    async with running_app.running(dispatcher=False):
        made = await ask(running_app)
        queued = await running_app.store.get(GenerationId(made))
        await running_app.progress_stream.until_final(queued, wait_s=30)
    trace = of(spans, made)
    assert trace["attempt"].context is not None
    parent = trace["render"].parent
    assert parent is not None
    assert parent.span_id == trace["attempt"].context.span_id


async def test_a_request_goes_on_the_trace_that_its_caller_names(
    running_app: Application, spans: InMemorySpanExporter
) -> None:
    made = await ask(running_app, traceparent=CALLERS)
    request = next(s for s in spans.get_finished_spans() if s.name == "POST /api/v1/generations")
    assert request.context is not None
    assert request.parent is not None
    reported = f"00-{request.context.trace_id:032x}-{request.parent.span_id:016x}-01"
    assert reported == CALLERS
    assert request.attributes is not None
    assert request.attributes["http.response.status_code"] == 201
    link = of(spans, made)["submit"].links[0]
    assert link.context.trace_id == request.context.trace_id


async def test_no_prompt_and_no_key_is_in_a_trace(
    running_app: Application, spans: InMemorySpanExporter
) -> None:
    await ask(running_app)
    await running_app.worker.run_next()
    for span in spans.get_finished_spans():
        assert "lighthouse" not in span.to_json()
        assert not re.search(r"rsk_|authorization", span.to_json(), re.IGNORECASE)


async def test_a_failure_is_marked(running_app: Application, spans: InMemorySpanExporter) -> None:
    first, second = await ask(running_app), await ask(running_app)
    await running_app.worker.run_next()
    await running_app.worker.run_next()
    assert of(spans, first)["generation"].status.is_ok
    assert not of(spans, second)["generation"].status.is_ok
    attempt = of(spans, second)["attempt"]
    assert attempt.attributes is not None
    assert attempt.attributes["rushes.outcome"] == "failed"


def test_without_opentelemetry_the_setting_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import sys  # noqa: PLC0415  # only here

    monkeypatch.setitem(sys.modules, "rushes.telemetry.traced", None)
    with pytest.raises(SettingsError, match=r"pip install 'rushes\[tracing\]'"):
        observer.traces("http://127.0.0.1:4318", clock=SystemClock(), propagates_to_upstreams=False)


class Asked:
    """An upstream that notes what would go along with each request."""

    kind = "relay"

    def __init__(self) -> None:
        self.carried: list[str] = []

    async def submit(self, order: Any) -> str:
        self.carried.append(OUTBOUND_HEADERS.get().get("traceparent", ""))
        return "job-1"

    async def poll(self, job_id: str) -> JobStatus:
        self.carried.append(OUTBOUND_HEADERS.get().get("traceparent", ""))
        return JobStatus(phase=Phase.COMPLETED, files={ArtifactKind.VIDEO: "http://up.test/v.mp4"})

    async def fetch(self, address: str, into: Path, **limits: Any) -> None:
        self.carried.append(OUTBOUND_HEADERS.get().get("traceparent", ""))


@pytest.mark.parametrize("tells", [True, False])
async def test_what_is_asked_of_an_upstream_lies_below_its_attempt_and_is_told_it_only_if_wanted(
    spans: InMemorySpanExporter, make_generation: Callable[..., Generation], tells: bool
) -> None:
    made = "15b7abb1-3741-4b7e-9615-1f9a16c7442d"
    clock = SystemClock()
    tracing = Tracing(SimpleSpanProcessor(spans), clock=clock, propagates_to_upstreams=tells)
    requested = Asked()
    upstream: Any = TracedUpstream(cast("Upstream", requested), tracing)
    now = clock.now()
    claim = lifecycle.claim(make_generation(made, updated_at=now), engine="e", now=now)
    submit = lifecycle.submit_upstream(claim.after, token="t", credential="c", now=now)
    tracing.on_change(claim)
    tracing.on_change(submit)
    with bound_contextvars(generation=made):
        assert await upstream.submit(None) == "job-1"
    tracing.on_change(lifecycle.accept(submit.after, "job-1", now=now))
    await upstream.poll("job-1")
    await upstream.fetch("http://up.test/v.mp4", Path("v"), limit_bytes=1, deadline_s=1)
    trace = of(spans, made)
    parent = {s.parent.span_id for n, s in trace.items() if n.startswith("upstream") and s.parent}
    assert {n for n in trace if n.startswith("upstream")} == {
        "upstream submit", "upstream poll", "upstream fetch"
    }  # fmt: skip
    attempt = get_current_span(context_of(made, 1)).get_span_context()
    assert parent == {attempt.span_id}
    submitted, looked, fetched = requested.carried
    assert fetched == ""
    reported = f"00-{UUID(made).int:032x}-"
    assert [one.startswith(reported) for one in (submitted, looked)] == [tells, tells]
