"""Write one trace for each generation, from its request to its last webhook."""

import hashlib
from collections import OrderedDict
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.id_generator import IdGenerator, RandomIdGenerator
from opentelemetry.trace import (
    Link,
    NonRecordingSpan,
    SpanContext,
    Status,
    StatusCode,
    TraceFlags,
    get_current_span,
    set_span_in_context,
)
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from structlog.contextvars import get_contextvars
from typing_extensions import override

from rushes.core.generation import Attempt, AttemptState, Generation, State
from rushes.core.lifecycle import Change
from rushes.kit.clock import Clock
from rushes.kit.outbound_headers import OUTBOUND_HEADERS
from rushes.store.outbox import Delivery, DeliveryState, Try

MOST_REMEMBERED: Final = 100_000
"""How many jobs, addresses and attempts are remembered with their generation."""

_SAMPLED: Final = TraceFlags(TraceFlags.SAMPLED)
_PRESET_IDS: Final[ContextVar[tuple[int, int] | None]] = ContextVar("given_ids", default=None)

Values = Mapping[str, str | int | float | bool]


class _Ids(IdGenerator):
    """Makes random ids, except for spans whose ids follow from the generation."""

    def __init__(self) -> None:
        self._random = RandomIdGenerator()

    @override
    def generate_trace_id(self) -> int:
        given = _PRESET_IDS.get()
        return given[0] if given else self._random.generate_trace_id()

    @override
    def generate_span_id(self) -> int:
        given = _PRESET_IDS.get()
        return given[1] if given else self._random.generate_span_id()


class Tracing:
    """
    Makes spans from the events at the seams.

    The ids of a generation's trace, of its root and of its attempts are derived from its id, so
    that separate processes write into one trace. Spans are written when they end, with the times
    on record in the generation.

    Args:
        processor: Where finished spans go.

        propagates_to_upstreams: Whether requests to upstreams carry a ``traceparent`` header.
    """

    def __init__(
        self, processor: SpanProcessor, *, clock: Clock, propagates_to_upstreams: bool = False
    ) -> None:
        provider = TracerProvider(
            resource=Resource.create({"service.name": "rushes"}), id_generator=_Ids()
        )
        provider.add_span_processor(processor)
        self._tracer = provider.get_tracer("rushes")
        self._clock = clock
        self._propagates_to_upstreams = propagates_to_upstreams
        self._owners: OrderedDict[str, tuple[str, int]] = OrderedDict()
        self._propagator = TraceContextTextMapPropagator()

    def on_change(self, change: Change) -> None:
        """Write the spans that a change of a generation has ended."""
        before, after, now = change.before, change.after, self._clock.now()
        root = context_of(after.id)
        if before is None:
            caller_context = get_current_span().get_span_context()
            links = [Link(caller_context)] if caller_context.is_valid else []
            attributes = {"rushes.generation": after.id, "rushes.dialect": after.dialect}
            self._write("submit", root, after.created_at, now, attributes, links=links)
            return
        if after.attempts:
            self._remember(after, after.attempts[-1])
        if before.state is State.QUEUED and after.state is State.RUNNING:
            self._write("queued", root, before.updated_at, after.updated_at)
            self._write("claim", root, after.updated_at, now)
        ended = _ended(before, after)
        if ended is not None:
            self._write_attempt(after, ended)
        if after.state.is_final and not before.state.is_final:
            self._write("settle", root, after.updated_at, now, {"rushes.state": after.state.value})
            self._write_generation(after, now)

    def on_delivery_try(self, delivery: Delivery, tried: Try, state: DeliveryState) -> None:
        """Write the span of a try of a webhook."""
        generation = delivery.event.generation
        attributes: dict[str, str | int | float | bool] = {
            "rushes.delivery": delivery.id,
            "rushes.about": delivery.event.type,
            "rushes.state": state.value,
        }
        if tried.status is not None:
            attributes["http.response.status_code"] = tried.status
        ended_at = tried.at + timedelta(seconds=tried.took_s)
        self._write("delivery", context_of(generation.id), tried.at, ended_at, attributes)

    @contextmanager
    def span(
        self, name: str, of: str | None, attributes: Values | None = None, *, is_ours: bool = True
    ) -> Generator[None]:
        """
        Make a span of the ``with`` block, below the attempt that *of* belongs to.

        Args:
            of: A job, an address or a generation; None takes the generation of the log context.

            is_ours: Whether the work stays on this machine. Otherwise the request to the upstream
                may carry trace headers.
        """
        generation_id = str(get_contextvars().get("generation", ""))
        owner = self._owners.get(of or "") or self._owners.get(generation_id)
        parent = context_of(*owner) if owner else Context()
        with self._tracer.start_as_current_span(
            name, context=parent, attributes=dict(attributes or {})
        ):
            trace_headers: dict[str, str] = {}
            if self._propagates_to_upstreams and not is_ours:
                self._propagator.inject(trace_headers)
            token = OUTBOUND_HEADERS.set({**OUTBOUND_HEADERS.get(), **trace_headers})
            try:
                yield
            finally:
                OUTBOUND_HEADERS.reset(token)

    def remember_addresses(self, names: Iterable[str], job: str) -> None:
        """Remember that addresses belong to a job."""
        owner = self._owners.get(job)
        if owner is not None:
            for name in names:
                self._remember_owner(name, owner)

    def request(self, headers: Mapping[str, str]) -> Context:
        """Return the trace context in the headers of a caller's request."""
        return self._propagator.extract(headers)

    @property
    def tracer(self):  # type: ignore[no-untyped-def]  # the SDK's own
        return self._tracer

    def _remember(self, generation: Generation, attempt: Attempt) -> None:
        owner = (str(generation.id), attempt.number)
        self._remember_owner(owner[0], owner)
        if attempt.upstream_id is not None:
            self._remember_owner(attempt.upstream_id, owner)

    def _remember_owner(self, name: str, owner: tuple[str, int]) -> None:
        self._owners[name] = owner
        self._owners.move_to_end(name)
        while len(self._owners) > MOST_REMEMBERED:
            self._owners.popitem(last=False)

    def _write_attempt(self, generation: Generation, attempt: Attempt) -> None:
        attributes: dict[str, str | int | float | bool] = {
            "rushes.channel": attempt.channel,
            "rushes.attempt": attempt.number,
            "rushes.outcome": attempt.state.value,
        }
        if attempt.upstream_id is not None:
            attributes["rushes.upstream_id"] = attempt.upstream_id
        if attempt.failure is not None:
            attributes["error.type"] = attempt.failure.code
        ids = _ids(generation.id, attempt.number)
        begun, ended = attempt.began_at, attempt.ended_at or generation.updated_at
        fails = attempt.state is not AttemptState.COMPLETED
        self._write(
            "attempt", context_of(generation.id), begun, ended, attributes, ids=ids, fails=fails
        )

    def _write_generation(self, generation: Generation, now: datetime) -> None:
        attributes: dict[str, str | int | float | bool] = {
            "rushes.generation": generation.id,
            "rushes.state": generation.state.value,
            "rushes.model": generation.spec.model,
            "rushes.kind": generation.spec.kind.value,
            "rushes.attempts": generation.attempt,
        }
        fails = generation.state is State.FAILED
        ids = _ids(generation.id)
        self._write(
            "generation", Context(), generation.created_at, now, attributes, ids=ids, fails=fails
        )

    def _write(
        self,
        name: str,
        parent: Context,
        begun_at: datetime,
        ended_at: datetime,
        attributes: Values | None = None,
        *,
        links: Iterable[Link] = (),
        ids: tuple[int, int] | None = None,
        fails: bool = False,
    ) -> None:
        token = _PRESET_IDS.set(ids)
        try:
            span = self._tracer.start_span(
                name,
                context=parent,
                attributes=dict(attributes or {}),
                links=list(links),
                start_time=_ns(begun_at),
            )
        finally:
            _PRESET_IDS.reset(token)
        if fails:
            span.set_status(Status(StatusCode.ERROR))
        span.end(end_time=max(_ns(begun_at), _ns(ended_at)))


def context_of(generation_id: str, attempt: int = 0) -> Context:
    """Return the context for spans below a generation, or below one of its attempts."""
    trace_id, span_id = _ids(generation_id, attempt)
    known = SpanContext(trace_id, span_id, is_remote=True, trace_flags=_SAMPLED)
    return set_span_in_context(NonRecordingSpan(known), Context())


def _ids(generation_id: str, attempt: int = 0) -> tuple[int, int]:
    """Return the trace id of a generation, and the span id of its root or of an attempt."""
    digest = hashlib.sha256(f"{generation_id}/{attempt}".encode()).digest()
    try:
        trace_id = UUID(generation_id).int
    except ValueError:
        trace_id = int.from_bytes(hashlib.sha256(generation_id.encode()).digest()[:16])
    return trace_id or 1, int.from_bytes(digest[:8]) or 1


def _ended(before: Generation, after: Generation) -> Attempt | None:
    """Return the attempt that ended between two versions of a generation."""
    was = before.open_attempt
    if was is None:
        return None
    found = next((one for one in after.attempts if one.number == was.number), None)
    return found if found is not None and not found.state.is_open else None


def _ns(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000_000) * 1000
