"""The counts and times that a running house keeps of itself, each told of at one seam."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

from rushes.core.generation import Generation, State
from rushes.core.lifecycle import Change
from rushes.http.request_record import RequestRecord
from rushes.store.outbox import Delivery, DeliveryState, Try

_QUICK_S: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
_SLOW_S: Final = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600, 86400)


class Metrics:
    """
    Everything that is on ``/metrics``.

    What can be counted in the store is asked of it when somebody reads (see
    :mod:`rushes.telemetry.metrics_report`); the rest is told here as it happens, in this process.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._known: dict[tuple[str, str, str, int], tuple[Counter, Histogram]] = {}
        to = self.registry
        ProcessCollector(registry=to)
        PlatformCollector(registry=to)
        self._requests = Counter(
            "rushes_requests",
            "Requests answered.",
            ["dialect", "route", "method", "status"],
            registry=to,
        )
        self._request_s = Histogram(
            "rushes_request_seconds",
            "From a request to the end of its answer.",
            ["dialect", "route"],
            buckets=_QUICK_S,
            registry=to,
        )
        self._attempts = Counter(
            "rushes_attempts", "Attempts that have ended.", ["channel", "outcome"], registry=to
        )
        self._state_s = Histogram(
            "rushes_state_seconds",
            "How long generations stood in a state that they left.",
            ["state"],
            buckets=_SLOW_S,
            registry=to,
        )
        self._lag_s = Histogram(
            "rushes_poll_lag_seconds",
            "How late jobs of upstreams were looked at.",
            ["channel"],
            buckets=(*_QUICK_S, 60, 600),
            registry=to,
        )
        self._deliveries = Counter(
            "rushes_deliveries",
            "Tries of webhooks, by what came of them.",
            ["outcome"],
            registry=to,
        )
        self._commit_s = Histogram(
            "rushes_store_commit_seconds",
            "Commits of the store, the disk's part included.",
            buckets=_QUICK_S,
            registry=to,
        )
        self._writes = Counter(
            "rushes_store_writes", "Writes that commits of the store were shared by.", registry=to
        )
        self.generations = Gauge(
            "rushes_generations", "Generations by state.", ["state"], registry=to
        )
        self.in_flight = Gauge("rushes_in_flight", "Attempts under way.", ["channel"], registry=to)
        self.channel_up = Gauge(
            "rushes_channel_up",
            "1 while a channel takes new work, else 0.",
            ["channel"],
            registry=to,
        )
        self.oldest_queued_s = Gauge(
            "rushes_oldest_queued_seconds",
            "Age of the generation that waits longest, or 0.",
            registry=to,
        )
        self.webhooks = Gauge(
            "rushes_webhooks_pending", "Deliveries that are still to be made.", registry=to
        )
        self.oldest_webhook_s = Gauge(
            "rushes_oldest_webhook_seconds",
            "Age of the oldest pending delivery's event, or 0.",
            registry=to,
        )
        self.media_bytes = Gauge(
            "rushes_media_bytes", "Size of the files of completed generations.", registry=to
        )
        self.credits_held = Gauge(
            "rushes_credits_held", "Credits held for generations that are under way.", registry=to
        )

    def seen(self, request: RequestRecord) -> None:
        """Count a request that was answered."""
        key = (request.dialect, request.route, request.method, request.status)
        known = self._known.get(key)
        if known is None:  # to look both up costs more than to count
            *which, status = key
            known = self._known[key] = (
                self._requests.labels(*which, str(status)),
                self._request_s.labels(request.dialect, request.route),
            )
        known[0].inc()
        known[1].observe(request.took_s)

    def heard(self, change: Change) -> None:
        """Count what a change of a generation has brought to an end."""
        before, after = change.before, change.after
        if before is None:
            return
        if before.state is not after.state:
            stood_s = (after.updated_at - _entered(before)).total_seconds()
            self._state_s.labels(before.state.value).observe(max(stood_s, 0.0))
        open_before = before.open_attempt
        if open_before is None:
            return
        for attempt in after.attempts:
            if attempt.number == open_before.number and not attempt.state.is_open:
                self._attempts.labels(attempt.channel, attempt.state.value).inc()

    def looked(self, channel: str, due_at: Iterable[datetime], now: datetime) -> None:
        """Note how late jobs are looked at."""
        for due in due_at:
            self._lag_s.labels(channel).observe(max((now - due).total_seconds(), 0.0))

    def delivered(self, _delivery: Delivery, _tried: Try, state: DeliveryState) -> None:
        """Count a try of a webhook: it landed, failed for good, or will be made again."""
        self._deliveries.labels("retried" if state.is_open else state.value).inc()

    def committed(self, took_s: float, writes: int) -> None:
        """Note a commit of the store; called in its thread."""
        self._commit_s.observe(took_s)
        self._writes.inc(writes)


def _entered(generation: Generation) -> datetime:
    """Return when it came into its state."""
    if generation.state is State.RUNNING and generation.attempts:
        return generation.attempts[-1].began_at
    return generation.finished_at or generation.updated_at
