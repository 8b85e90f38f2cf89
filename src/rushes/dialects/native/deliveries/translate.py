"""Translate webhook deliveries and their attempts into replies."""

from rushes.dialects.native.deliveries.wire import DeliveryAttemptView, DeliveryView
from rushes.store.outbox import Delivery, DeliveryState, Try


def from_delivery(delivery: Delivery) -> DeliveryView:
    """Return the view of a delivery."""
    wording = delivery.dialect
    if delivery.format not in {"", delivery.dialect}:
        wording += f":{delivery.format}"
    return DeliveryView(
        id=delivery.id,
        generation_id=delivery.event.generation.id,
        webhook_id=delivery.webhook_id,
        event=delivery.event.type,
        url=delivery.url,
        wording=wording,
        state=delivery.state,
        next_at=delivery.next_at if delivery.state is DeliveryState.PENDING else None,
        tries=[from_attempt(attempt) for attempt in delivery.tries],
    )


def from_attempt(attempt: Try) -> DeliveryAttemptView:
    """Return the view of one attempt at a delivery."""
    return DeliveryAttemptView(
        at=attempt.at,
        status=attempt.status,
        error=attempt.error,
        answer=attempt.answer,
        took_s=attempt.took_s,
    )
