"""Render the reply of ``/metrics``: counters, and gauges from the store."""

from rushes.core.generation import State
from rushes.kit.clock import Clock
from rushes.service.channel_control import ChannelControl
from rushes.store.base import Archive, Store
from rushes.store.ledger import Ledger
from rushes.telemetry.metrics import Metrics

_MICRO = 1_000_000


class MetricsReport:
    """Reads the gauges and renders all metrics."""

    def __init__(
        self,
        metrics: Metrics,
        *,
        store: Store,
        archive: Archive,
        ledger: Ledger,
        board: ChannelControl,
        clock: Clock,
    ) -> None:
        self._metrics = metrics
        self._store = store
        self._archive = archive
        self._ledger = ledger
        self._board = board
        self._clock = clock

    async def text(self) -> bytes:
        """Return all metrics in Prometheus's text format. Raises StoreError."""
        metrics, now = self._metrics, self._clock.now()
        tally = await self._archive.tally()
        counts = await self._store.count_by_state()
        for state in State:
            metrics.generations.labels(state.value).set(counts.get(state, 0))
        for one in await self._board.list():
            metrics.in_flight.labels(one.channel.name).set(one.in_flight)
            metrics.channel_up.labels(one.channel.name).set(one.pause is None)
        queued, pending = tally.queued_since or now, tally.pending_since or now
        metrics.oldest_queued_s.set(max((now - queued).total_seconds(), 0.0))
        metrics.oldest_webhook_s.set(max((now - pending).total_seconds(), 0.0))
        metrics.webhooks.set(tally.deliveries)
        metrics.media_bytes.set(tally.media_bytes)
        held = sum(funds.held for funds in await self._ledger.all_funds())
        metrics.credits_held.set(held / _MICRO)
        return metrics.text()
