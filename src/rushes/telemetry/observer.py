"""Connect metrics and, where configured, traces to the seams of the application."""

from collections.abc import Sequence
from typing import Protocol

from starlette.types import ASGIApp

from rushes.core.errors import SettingsError
from rushes.core.lifecycle import Change
from rushes.engines.base import Channel
from rushes.kit.clock import Clock
from rushes.media.base import MediaStore
from rushes.store.outbox import Delivery, DeliveryState, Try
from rushes.telemetry.metrics import Metrics
from rushes.telemetry.metrics_share import MetricsShare


class Tracer(Protocol):
    """Makes traces of the calls at the seams."""

    def on_change(self, change: Change) -> None: ...

    def on_delivery_try(self, delivery: Delivery, tried: Try, state: DeliveryState) -> None: ...

    def app(self, app: ASGIApp) -> ASGIApp: ...

    def media(self, media: MediaStore) -> MediaStore: ...

    def channel(self, channel: Channel) -> Channel: ...


class Observer:
    """
    Counts what happens at every seam, and traces it if there is a tracer.

    Args:
        traces: The tracer; None for no traces.

        share: The part of this process in the metrics of several; None: it reports its own.
    """

    def __init__(self, traces: Tracer | None = None, share: MetricsShare | None = None) -> None:
        self.metrics = Metrics(share)
        self._traces = traces

    def on_change(self, change: Change) -> None:
        """Observe a change of a generation."""
        self.metrics.count_change(change)
        if self._traces is not None:
            self._traces.on_change(change)

    def on_delivery_try(self, delivery: Delivery, tried: Try, state: DeliveryState) -> None:
        """Observe a try of a webhook."""
        self.metrics.count_delivery_try(delivery, tried, state)
        if self._traces is not None:
            self._traces.on_delivery_try(delivery, tried, state)

    def app(self, app: ASGIApp) -> ASGIApp:
        """Return the app, traced if there is a tracer."""
        return self._traces.app(app) if self._traces else app

    def media(self, media: MediaStore) -> MediaStore:
        """Return the media store, traced if there is a tracer."""
        return self._traces.media(media) if self._traces else media

    def channels(self, channels: Sequence[Channel]) -> Sequence[Channel]:
        """Return the channels, traced if there is a tracer."""
        return [self._traces.channel(one) for one in channels] if self._traces else channels


def traces(endpoint: str, *, clock: Clock, propagates_to_upstreams: bool) -> Tracer:
    """
    Return a tracer that sends traces to an endpoint, by OTLP over HTTP.

    Raises:
        SettingsError: OpenTelemetry is not installed.
    """
    try:
        # OpenTelemetry is an optional extra, and slow to import.
        from rushes.telemetry.traced import TracedParts, exporting  # noqa: PLC0415
    except ImportError as error:
        raise SettingsError(
            "tracing.endpoint is set, and OpenTelemetry is not installed:"
            " pip install 'rushes[tracing]'"
        ) from error
    return TracedParts(
        exporting(endpoint), clock=clock, propagates_to_upstreams=propagates_to_upstreams
    )
