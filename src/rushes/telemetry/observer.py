"""Whoever looks on: counts always, and makes traces where that is wanted."""

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


class Tracer(Protocol):
    """Makes traces of what passes through the seams."""

    def heard(self, change: Change) -> None: ...

    def delivered(self, delivery: Delivery, tried: Try, state: DeliveryState) -> None: ...

    def app(self, app: ASGIApp) -> ASGIApp: ...

    def media(self, media: MediaStore) -> MediaStore: ...

    def channel(self, channel: Channel) -> Channel: ...


class Observer:
    """
    What looks on at every seam.

    Args:
        traces: Who makes traces; None: nobody does.
    """

    def __init__(self, traces: Tracer | None = None) -> None:
        self.metrics = Metrics()
        self._traces = traces

    def heard(self, change: Change) -> None:
        """Be told of a change of a generation."""
        self.metrics.heard(change)
        if self._traces is not None:
            self._traces.heard(change)

    def delivered(self, delivery: Delivery, tried: Try, state: DeliveryState) -> None:
        """Be told of a try of a webhook."""
        self.metrics.delivered(delivery, tried, state)
        if self._traces is not None:
            self._traces.delivered(delivery, tried, state)

    def app(self, app: ASGIApp) -> ASGIApp:
        """Return the app, traced if that is wanted."""
        return self._traces.app(app) if self._traces else app

    def media(self, media: MediaStore) -> MediaStore:
        """Return the media store, likewise."""
        return self._traces.media(media) if self._traces else media

    def channels(self, channels: Sequence[Channel]) -> Sequence[Channel]:
        """Return the channels, likewise."""
        return [self._traces.channel(one) for one in channels] if self._traces else channels


def traces(endpoint: str, *, clock: Clock, tells_upstreams: bool) -> Tracer:
    """
    Return what sends traces to an endpoint, by OTLP over HTTP.

    Raises:
        SettingsError: OpenTelemetry is not installed.
    """
    try:
        # Only here: it is an extra, and whoever wants no traces need not wait for it to load.
        from rushes.telemetry.traced import TracedParts, exporting  # noqa: PLC0415
    except ImportError as error:
        raise SettingsError(
            "tracing.endpoint is set, and OpenTelemetry is not installed:"
            " pip install 'rushes[tracing]'"
        ) from error
    return TracedParts(exporting(endpoint), clock=clock, tells_upstreams=tells_upstreams)
