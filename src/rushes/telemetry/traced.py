"""Wrap app, engines, upstreams and media store so that their calls become spans."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import SpanProcessor
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, Status, StatusCode
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rushes.core.capabilities import Capabilities
from rushes.core.rendered import Rendered
from rushes.core.spec import GenerationSpec
from rushes.engines.base import (
    Channel,
    Engine,
    Job,
    ReportProgress,
    SpecChecker,
    expect_job,
    needs_plan,
    render_permit,
)
from rushes.engines.upstream.base import (
    JobStatus,
    SubmitOrder,
    SubmitQuery,
    Upstream,
    UpstreamChannel,
)
from rushes.kit.clock import Clock
from rushes.media.base import Entry, MediaStore, StoredFile, Unfinished
from rushes.telemetry.tracing import Tracing, Values

_NO_ROUTE: Final = ("none", "none")


class TracedParts:
    """
    Wraps each part of the application once.

    Args:
        processor: Where finished spans go.

        propagates_to_upstreams: Whether requests to upstreams carry a ``traceparent`` header.
    """

    def __init__(
        self, processor: SpanProcessor, *, clock: Clock, propagates_to_upstreams: bool = False
    ) -> None:
        self._tracing = Tracing(
            processor, clock=clock, propagates_to_upstreams=propagates_to_upstreams
        )
        self.on_change = self._tracing.on_change
        self.on_delivery_try = self._tracing.on_delivery_try

    def app(self, app: ASGIApp) -> ASGIApp:
        return TracedApp(app, self._tracing)

    def media(self, media: MediaStore) -> MediaStore:
        return TracedMedia(media, self._tracing)

    def channel(self, channel: Channel) -> Channel:
        if isinstance(channel, UpstreamChannel):
            return replace(channel, upstream=TracedUpstream(channel.upstream, self._tracing))
        return replace(channel, engine=TracedEngine(channel.engine, self._tracing))


def exporting(endpoint: str) -> SpanProcessor:
    """Return a processor that sends spans to an endpoint, in batches, from a thread of its own."""
    return BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint))


class TracedApp:
    """An ASGI app whose requests are spans, in the trace that the caller names."""

    def __init__(self, app: ASGIApp, tracing: Tracing) -> None:
        self._app = app
        self._tracing = tracing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {
            name.decode("latin-1"): value.decode("latin-1")
            for name, value in scope["headers"]
            if name in {b"traceparent", b"tracestate"}
        }
        context = self._tracing.request(headers)
        with self._tracing.tracer.start_as_current_span(
            scope["method"], context=context, kind=SpanKind.SERVER
        ) as span:

            async def traced_send(message: Message) -> None:
                if message["type"] == "http.response.start":
                    span.set_attribute("http.response.status_code", message["status"])
                    if message["status"] >= 500:
                        span.set_status(Status(StatusCode.ERROR))
                await send(message)

            await self._app(scope, receive, traced_send)
            api, route = scope.get("served_by", _NO_ROUTE)
            span.update_name(f"{scope['method']} {route}")
            span.set_attributes(
                {
                    "http.route": route,
                    "rushes.dialect": api,
                    "rushes.request": scope.get("request_id", ""),
                }
            )


class TracedEngine:
    """An engine whose renders are spans."""

    def __init__(self, engine: Engine, tracing: Tracing) -> None:
        self._engine = engine
        self._tracing = tracing

    @property
    def name(self) -> str:
        return self._engine.name

    @property
    def capabilities(self) -> Capabilities:
        return self._engine.capabilities

    def problems(self, spec: GenerationSpec) -> tuple[tuple[str, str], ...]:
        return self._engine.problems(spec) if isinstance(self._engine, SpecChecker) else ()

    def needs_plan(self, spec: GenerationSpec) -> bool:
        return needs_plan(self._engine, spec)

    def expect(self, spec: GenerationSpec, prompt: str) -> None:
        expect_job(self._engine, spec, prompt)

    def render_permit(self, spec: GenerationSpec) -> AbstractAsyncContextManager[None]:
        return render_permit(self._engine, spec)

    async def render(self, job: Job, folder: Path, report: ReportProgress) -> tuple[Rendered, ...]:
        with self._tracing.span("render", None, {"rushes.engine": self.name}):
            return await self._engine.render(job, folder, report)

    async def close(self) -> None:
        await self._engine.close()


class TracedUpstream:
    """An upstream whose requests about a job are spans of that job's attempt."""

    def __init__(self, upstream: Upstream, tracing: Tracing) -> None:
        self._upstream = upstream
        self._tracing = tracing
        self._attributes = {"rushes.upstream": upstream.kind}

    @property
    def kind(self) -> str:
        return self._upstream.kind

    @property
    def capabilities(self) -> Capabilities:
        return self._upstream.capabilities

    @property
    def credential(self) -> str:
        return self._upstream.credential

    @property
    def poll_batch_size(self) -> int:
        return self._upstream.poll_batch_size

    async def submit(self, order: SubmitOrder) -> str:
        with self._tracing.span("upstream submit", None, self._attributes, is_ours=False):
            return await self._upstream.submit(order)

    async def poll(self, job_id: str) -> JobStatus:
        with self._tracing.span("upstream poll", job_id, self._attributes, is_ours=False):
            status = await self._upstream.poll(job_id)
        self._tracing.remember_addresses(status.files.values(), job_id)
        return status

    async def poll_many(self, job_ids: Sequence[str]) -> Mapping[str, JobStatus]:
        attributes: Values = {**self._attributes, "rushes.jobs": len(job_ids)}
        with self._tracing.span("upstream poll", job_ids[0], attributes, is_ours=False):
            found = await self._upstream.poll_many(job_ids)
        for job_id, status in found.items():
            self._tracing.remember_addresses(status.files.values(), job_id)
        return found

    async def find(self, query: SubmitQuery) -> Sequence[str] | None:
        with self._tracing.span("upstream find", None, self._attributes, is_ours=False):
            return await self._upstream.find(query)

    async def cancel(self, job_id: str) -> bool:
        with self._tracing.span("upstream cancel", job_id, self._attributes, is_ours=False):
            return await self._upstream.cancel(job_id)

    async def fetch(self, address: str, into: Path, *, limit_bytes: int, deadline_s: float) -> None:
        # Without trace headers: the file may be on a third party's server.
        with self._tracing.span("upstream fetch", address, self._attributes):
            await self._upstream.fetch(
                address, into, limit_bytes=limit_bytes, deadline_s=deadline_s
            )

    async def test(self) -> str:
        return await self._upstream.test()

    async def close(self) -> None:
        await self._upstream.close()


class TracedMedia:
    """A media store whose puts are spans of their generation."""

    def __init__(self, media: MediaStore, tracing: Tracing) -> None:
        self._media = media
        self._tracing = tracing

    async def put(self, key: str, file: Path) -> int:
        with self._tracing.span("media put", key.partition("/")[0], {"rushes.key": key}):
            return await self._media.put(key, file)

    async def find(self, key: str) -> StoredFile | None:
        return await self._media.find(key)

    def read(
        self, file: StoredFile, *, start: int = 0, end: int | None = None
    ) -> AsyncIterator[bytes]:
        return self._media.read(file, start=start, end=end)

    async def direct_url(self, file: StoredFile, *, method: str) -> str | None:
        return await self._media.direct_url(file, method=method)

    async def local_file(self, key: str, folder: Path) -> Path | None:
        return await self._media.local_file(key, folder)

    def location(self, key: str) -> str:
        return self._media.location(key)

    async def put_bytes(self, key: str, data: bytes) -> int:
        return await self._media.put_bytes(key, data)

    async def delete(self, prefix: str) -> None:
        await self._media.delete(prefix)

    async def touch(self, key: str) -> bool:
        return await self._media.touch(key)

    async def delete_unused(self, key: str, *, since: datetime) -> bool:
        return await self._media.delete_unused(key, since=since)

    async def entries(self, folder: str = "") -> tuple[Entry, ...]:
        return await self._media.entries(folder)

    async def unfinished(self, *, before: datetime) -> tuple[Unfinished, ...]:
        return await self._media.unfinished(before=before)

    async def discard(self, unfinished: Unfinished) -> None:
        await self._media.discard(unfinished)

    async def size_bytes(self, prefix: str) -> int:
        return await self._media.size_bytes(prefix)
