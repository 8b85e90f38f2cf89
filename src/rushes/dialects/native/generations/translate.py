"""Translate generations, quotes, events and attempts into replies; pure functions, no I/O."""

from rushes.core.credit_amounts import format_credits
from rushes.core.generation import Artifact, Attempt, Failure, Generation
from rushes.core.ledger import Funds
from rushes.core.pricing import Quote
from rushes.core.shot_plan_json import plain
from rushes.core.spec import (
    GenerationSpec,
    Keyframe,
    Position,
    Rectangle,
    Reframing,
    Source,
    Still,
)
from rushes.dialects.native.generations import wire
from rushes.dialects.shared.files import public_address
from rushes.http.gateway import MediaUrl
from rushes.service.progress_stream import ProgressView
from rushes.store.base import Event


def from_generation(
    generation: Generation,
    *,
    url: MediaUrl,
    position: int | None = None,
    preview: str | None = None,
) -> wire.GenerationView:
    """
    Return the view of a generation.

    Args:
        position: Its place in the queue.

        preview: The link of the frame that is being drawn.
    """
    return wire.GenerationView(
        id=generation.id,
        state=generation.state,
        progress=generation.progress,
        phase=generation.phase,
        position=position,
        attempt=generation.attempt,
        request=_request(generation, url),
        artifacts={artifact.kind: _file(artifact, url) for artifact in generation.artifacts},
        failure=_failure(generation.failure),
        engine=generation.engine,
        prompt_used=generation.prompt_used,
        preview=preview,
        plan=plain(generation.drawn_plan) if generation.drawn_plan else None,
        note=generation.note,
        ignored_fields=list(generation.ignored_fields) or None,
        price=format_credits(generation.price) if generation.quote else None,
        charged=None if generation.charged is None else format_credits(generation.charged),
        dialect=generation.dialect,
        created_at=generation.created_at,
        updated_at=generation.updated_at,
        started_at=generation.started_at,
        finished_at=generation.finished_at,
    )


def from_quote(quote: Quote | None, funds: Funds) -> wire.QuoteReply:
    """Return the price for an account with these *funds*; without a quote it is free."""
    held = quote.held if quote else 0
    return wire.QuoteReply(
        price=format_credits(held) if quote else None,
        balance=format_credits(funds.balance),
        is_covered=held <= max(funds.balance, 0),
    )


def _file(artifact: Artifact, url: MediaUrl) -> wire.File:
    return wire.File(
        url=url(artifact.key),
        media_type=artifact.media_type,
        size_bytes=artifact.size_bytes,
        width_px=artifact.width_px,
        height_px=artifact.height_px,
        duration_s=artifact.duration_s,
    )


def _failure(failure: Failure | None) -> wire.FailureView | None:
    if failure is None:
        return None
    return wire.FailureView(code=failure.code, message=failure.message)


def _request(generation: Generation, url: MediaUrl) -> wire.RequestView:
    """Return the request of a generation: the fields of its kind and no others."""
    spec = generation.spec
    view = wire.RequestView(
        kind=spec.kind,
        model=spec.model,
        prompt=spec.prompt or None,
        keyframes=_frames(spec, url) if spec.keyframes else None,
        source=_source(spec.source, url) if spec.source else None,
        still=_still(spec.still, url) if spec.still else None,
        reframing=_reframing(spec.reframing) if spec.reframing else None,
        mode=spec.mode,
        aspect_ratio=spec.aspect_ratio,
        resolution=spec.resolution or None,
        duration_s=spec.duration_s,
        loop=spec.loop,
        expand_prompt=spec.expand_prompt,
        negative_prompt=spec.negative_prompt,
        concepts=list(spec.concepts) or None,
        seed=spec.seed,
        plan=plain(spec.shot_plan) if spec.shot_plan else None,
        webhook_url=generation.announce.url if generation.announce else None,
    )
    others = set(wire.RequestView.model_fields) - set(wire.BODIES[spec.kind].model_fields)
    return view.model_copy(update=dict.fromkeys(others))


def _frames(spec: GenerationSpec, url: MediaUrl) -> wire.Frames:
    first, last = spec.keyframe(Position.FIRST), spec.keyframe(Position.LAST)
    return wire.Frames(first=_frame(first, url), last=_frame(last, url))


def _frame(frame: Keyframe | None, url: MediaUrl) -> wire.Frame | None:
    if frame is None:
        return None
    if (
        frame.generation_id is not None
    ):  # the image beside it is its last frame, which the caller did not send
        return wire.Frame(generation_id=frame.generation_id)
    return wire.Frame(image=public_address(frame.image, url))


def _source(source: Source, url: MediaUrl) -> wire.SourceView:
    file = None if source.generation_id else public_address(source.file, url)
    return wire.SourceView(file=file, generation_id=source.generation_id, medium=source.medium)


def _still(still: Still, url: MediaUrl) -> wire.StillView:
    return wire.StillView(
        format=still.format,
        references=[
            wire.ReferenceView(
                image=None if one.generation_id else public_address(one.image, url),
                generation_id=one.generation_id,
                role=one.role,
                weight=one.weight,
            )
            for one in still.references
        ],
    )


def _reframing(reframing: Reframing) -> wire.ReframingView:
    return wire.ReframingView(
        crop=_rectangle(reframing.crop), placement=_rectangle(reframing.placement)
    )


def _rectangle(one: Rectangle | None) -> wire.RectangleView | None:
    if one is None:
        return None
    return wire.RectangleView(x=one.x, y=one.y, width=one.width, height=one.height)


def from_event(event: Event) -> wire.EventView:
    """Return the view of an event."""
    return wire.EventView(
        seq=event.seq,
        type=event.type,
        at=event.at,
        state=event.generation.state,
        attempt=event.generation.attempt,
        failure=_failure(event.generation.failure),
    )


def from_attempt(attempt: Attempt) -> wire.AttemptView:
    """Return the view of an attempt."""
    return wire.AttemptView(
        number=attempt.number,
        channel=attempt.channel,
        outcome=attempt.state,
        started_at=attempt.began_at,
        submitted_at=attempt.submitted_at,
        accepted_at=attempt.accepted_at,
        ended_at=attempt.ended_at,
        upstream_id=attempt.upstream_id,
        failure=_failure(attempt.failure),
    )


def progress_message(change: Event | ProgressView, *, preview: str | None) -> wire.ProgressMessage:
    """Return the message of a progress stream for an event, or for progress between events."""
    generation = change.generation
    return wire.ProgressMessage(
        event=change.type if isinstance(change, Event) else None,
        at=change.at if isinstance(change, Event) else generation.updated_at,
        state=generation.state,
        progress=generation.progress,
        phase=generation.phase,
        position=change.position if isinstance(change, ProgressView) else None,
        attempt=generation.attempt,
        preview=preview,
    )
