"""Define the metrics of ``/metrics``, and count what happens in this process."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

from rushes.core.generation import Generation, State
from rushes.core.lifecycle import Change
from rushes.http.request_record import RequestRecord
from rushes.store.outbox import Delivery, DeliveryState, Try
from rushes.telemetry.metrics_share import MetricsShare

_QUICK_S: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
_SLOW_S: Final = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600, 86400)


class Metrics:
    """
    Holds every metric of ``/metrics``.

    The gauges are read from the store for each report (see :mod:`rushes.telemetry.metrics_report`).
    The counters and histograms are updated here as things happen in this process.

    Args:
        share: The part of this process in the metrics of several; None: it reports its own.
    """

    def __init__(self, share: MetricsShare | None = None) -> None:
        self._share = share
        if share is not None:
            share.begin()
        self.registry = CollectorRegistry()
        self._known: dict[tuple[str, str, str, int], tuple[Counter, Histogram]] = {}
        to = self.registry
        ProcessCollector(registry=to)
        PlatformCollector(registry=to)
        self._requests = Counter(
            "rushes_requests",
            "Requests that were answered.",
            ["dialect", "route", "method", "status"],
            registry=to,
        )
        self._request_s = Histogram(
            "rushes_request_seconds",
            "Seconds from a request to the end of its reply.",
            ["dialect", "route"],
            buckets=_QUICK_S,
            registry=to,
        )
        self._attempts = Counter(
            "rushes_attempts", "Attempts that have ended.", ["channel", "outcome"], registry=to
        )
        self._state_s = Histogram(
            "rushes_state_seconds",
            "Seconds that generations spent in a state that they have left.",
            ["state"],
            buckets=_SLOW_S,
            registry=to,
        )
        self._lag_s = Histogram(
            "rushes_poll_lag_seconds",
            "Seconds by which polls of upstream jobs were late.",
            ["channel"],
            buckets=(*_QUICK_S, 60, 600),
            registry=to,
        )
        self._deliveries = Counter(
            "rushes_deliveries",
            "Tries of webhook deliveries, by outcome.",
            ["outcome"],
            registry=to,
        )
        self._commit_s = Histogram(
            "rushes_store_commit_seconds",
            "Seconds for a commit of the store, with the write to disk.",
            buckets=_QUICK_S,
            registry=to,
        )
        self._writes = Counter(
            "rushes_store_writes", "Writes that the commits of the store contained.", registry=to
        )
        self.generations = _gauge(
            "rushes_generations", "Generations by state.", ["state"], registry=to
        )
        self.in_flight = _gauge(
            "rushes_in_flight", "Attempts in progress.", ["channel"], registry=to
        )
        self.channel_up = _gauge(
            "rushes_channel_up",
            "1 while a channel takes new work, 0 while it is paused.",
            ["channel"],
            registry=to,
        )
        self.oldest_queued_s = _gauge(
            "rushes_oldest_queued_seconds",
            "Age of the generation that has waited longest in the queue, or 0.",
            registry=to,
        )
        self.webhooks = _gauge(
            "rushes_webhooks_pending", "Webhook deliveries that are pending.", registry=to
        )
        self.oldest_webhook_s = _gauge(
            "rushes_oldest_webhook_seconds",
            "Age of the event of the oldest pending delivery, or 0.",
            registry=to,
        )
        self.media_bytes = _gauge(
            "rushes_media_bytes", "Size of the files of completed generations.", registry=to
        )
        self.credits_held = _gauge(
            "rushes_credits_held", "Credits held for unfinished generations.", registry=to
        )

    def text(self) -> bytes:
        """Return all metrics in Prometheus's text format; with a share, of all processes."""
        return generate_latest(self._share.registry() if self._share else self.registry)

    def count_request(self, request: RequestRecord) -> None:
        """Count a request after its reply."""
        key = (request.dialect, request.route, request.method, request.status)
        known = self._known.get(key)
        if known is None:  # looking up both metrics costs more than counting
            *which, status = key
            known = self._known[key] = (
                self._requests.labels(*which, str(status)),
                self._request_s.labels(request.dialect, request.route),
            )
        known[0].inc()
        known[1].observe(request.took_s)

    def count_change(self, change: Change) -> None:
        """Count the state and the attempt that a change of a generation has ended."""
        before, after = change.before, change.after
        if before is None:
            return
        if before.state is not after.state:
            spent_s = (after.updated_at - _entered(before)).total_seconds()
            self._state_s.labels(before.state.value).observe(max(spent_s, 0.0))
        open_before = before.open_attempt
        if open_before is None:
            return
        for attempt in after.attempts:
            if attempt.number == open_before.number and not attempt.state.is_open:
                self._attempts.labels(attempt.channel, attempt.state.value).inc()

    def observe_poll_lag(self, channel: str, due_at: Iterable[datetime], now: datetime) -> None:
        """Record how late jobs are polled."""
        for due in due_at:
            self._lag_s.labels(channel).observe(max((now - due).total_seconds(), 0.0))

    def count_delivery_try(self, _delivery: Delivery, _tried: Try, state: DeliveryState) -> None:
        """Count a try of a webhook: delivered, failed for good, or to be retried."""
        self._deliveries.labels("retried" if state.is_open else state.value).inc()

    def observe_commit(self, took_s: float, writes: int) -> None:
        """Record a commit of the store. The store calls this in its own thread."""
        self._commit_s.observe(took_s)
        self._writes.inc(writes)


def _gauge(
    name: str, about: str, labels: Sequence[str] = (), *, registry: CollectorRegistry
) -> Gauge:
    """Return a gauge that is read from the store, so that the latest of all processes is right."""
    return Gauge(name, about, labels, registry=registry, multiprocess_mode="mostrecent")


def _entered(generation: Generation) -> datetime:
    """Return when the generation entered its state."""
    if generation.state is State.RUNNING and generation.attempts:
        return generation.attempts[-1].began_at
    return generation.finished_at or generation.updated_at
