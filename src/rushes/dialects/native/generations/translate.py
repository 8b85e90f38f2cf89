"""Between our own API's shapes and the core, by pure functions."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Final, assert_never
from uuid import UUID

from rushes.core.capabilities import Capabilities
from rushes.core.credit_amounts import format_credits
from rushes.core.errors import InvalidRequest
from rushes.core.generation import Artifact, Attempt, Failure, Generation, GenerationId
from rushes.core.ledger import Funds
from rushes.core.pricing import Quote
from rushes.core.shot_plan import ShotPlan
from rushes.core.shot_plan_json import plain
from rushes.core.spec import (
    MEDIA_PREFIX,
    GenerationSpec,
    Keyframe,
    Kind,
    Position,
    Rectangle,
    Reference,
    Reframing,
    Source,
    Still,
)
from rushes.dialects.native.generations import wire
from rushes.store.base import Event

Url = Callable[[str], str]
"""Turns a key of the media store into an absolute URL."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)

_SPELLINGS: Final = {
    "duration": "duration_s",
    "first_image": "keyframes.first.image",
    "last_image": "keyframes.last.image",
    "extend": "keyframes",
    "format": "still.format",
    "crop": "reframing.crop",
    "placement": "reframing.placement",
}
"""What the service calls something, where this API calls it otherwise."""


def respelled(error: InvalidRequest) -> InvalidRequest:
    """Return *error*, which uses the service's names, in those of this API."""
    return InvalidRequest.of([_respelled(name, why) for name, why in error.problems])


def _respelled(name: str, why: str) -> tuple[str, str]:
    spelling = _SPELLINGS.get(name, name)
    if name.startswith("references"):
        spelling = f"still.{name}"
    if why.startswith(name):
        why = spelling + why.removeprefix(name)
    return spelling, why


def to_spec(asked: wire.Create, *, plan: ShotPlan | None = None) -> GenerationSpec:
    """
    Return what is asked for.

    Args:
        plan: The request's own plan, read.
    """
    match asked:
        case wire.CreateVideo():
            return _video(asked, plan)
        case wire.CreateImage():
            return GenerationSpec(
                kind=Kind.IMAGE,
                model=asked.model or "",
                prompt=asked.prompt,
                aspect_ratio=asked.aspect_ratio,
                still=_still(asked.still),
                expand_prompt=asked.expand_prompt,
                seed=asked.seed,
                shot_plan=plan,
            )
        case wire.CreateUpscale():
            return GenerationSpec(
                kind=Kind.UPSCALE,
                model=asked.model or "",
                prompt="",
                source=_source(asked.source),
                resolution=asked.resolution or "",
            )
        case wire.CreateAudio():
            return GenerationSpec(
                kind=Kind.AUDIO,
                model=asked.model or "",
                prompt=asked.prompt or "",
                negative_prompt=asked.negative_prompt,
                source=_source(asked.source),
                seed=asked.seed,
            )
        case wire.CreateReframing():
            return GenerationSpec(
                kind=Kind.REFRAME,
                model=asked.model or "",
                prompt=asked.prompt or "",
                source=_source(asked.source),
                aspect_ratio=asked.aspect_ratio,
                resolution=asked.resolution or "",
                reframing=_reframing(asked.reframing),
                still=_still(asked.still) if asked.still else None,
            )
        case wire.CreateModification():
            return GenerationSpec(
                kind=Kind.MODIFY,
                model=asked.model or "",
                prompt=asked.prompt,
                source=_source(asked.source),
                mode=asked.mode,
                seed=asked.seed,
            )
        case _:
            assert_never(asked)


def _video(asked: wire.CreateVideo, plan: ShotPlan | None) -> GenerationSpec:
    frames = asked.keyframes or wire.KeyframesBody()
    given = ((Position.FIRST, frames.first), (Position.LAST, frames.last))
    usual = GenerationSpec(prompt="")
    return GenerationSpec(
        model=asked.model or "",
        prompt=asked.prompt,
        keyframes=tuple(
            Keyframe(position=position, image=frame.image, generation_id=_id(frame.generation_id))
            for position, frame in given
            if frame is not None
        ),
        aspect_ratio=asked.aspect_ratio,
        resolution=asked.resolution or "",
        duration_s=asked.duration_s or usual.duration_s,
        loop=asked.loop,
        expand_prompt=asked.expand_prompt,
        negative_prompt=asked.negative_prompt,
        concepts=tuple(asked.concepts),
        seed=asked.seed,
        shot_plan=plan,
    )


def _id(text: str | None) -> str | None:
    """Return an id as the store writes it, if it is one; else as it is, not to be found."""
    try:
        return text and str(UUID(text))
    except ValueError:
        return text


def _source(body: wire.SourceBody) -> Source:
    return Source(medium=body.medium, file=body.file, generation_id=_id(body.generation_id))


def _still(body: wire.StillBody | None) -> Still:
    body = body or wire.StillBody()
    return Still(
        format=body.format,
        references=tuple(
            Reference(
                role=one.role,
                image=one.image,
                generation_id=_id(one.generation_id),
                weight=one.weight,
            )
            for one in body.references
        ),
    )


def _reframing(body: wire.ReframingBody | None) -> Reframing | None:
    if body is None:
        return None
    return Reframing(crop=_rectangle(body.crop), placement=_rectangle(body.placement))


def _rectangle(body: wire.RectangleBody | None) -> Rectangle | None:
    if body is None:
        return None
    return Rectangle(x=body.x, y=body.y, width=body.width, height=body.height)


def from_generation(
    generation: Generation, *, url: Url, position: int | None = None, preview: str | None = None
) -> wire.GenerationTold:
    """Return how a generation is told of."""
    return wire.GenerationTold(
        id=generation.id,
        state=generation.state,
        progress=generation.progress,
        position=position,
        attempt=generation.attempt,
        request=_asked(generation, url),
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


def from_quote(quote: Quote | None, funds: Funds) -> wire.QuoteTold:
    """Return how a price is told to an account that has *funds*; no quote: it is free."""
    held = quote.held if quote else 0
    return wire.QuoteTold(
        price=format_credits(held) if quote else None,
        balance=format_credits(funds.balance),
        is_covered=held <= max(funds.balance, 0),
    )


def _file(artifact: Artifact, url: Url) -> wire.File:
    return wire.File(
        url=url(artifact.key),
        media_type=artifact.media_type,
        size_bytes=artifact.size_bytes,
        width_px=artifact.width_px,
        height_px=artifact.height_px,
        duration_s=artifact.duration_s,
    )


def _failure(failure: Failure | None) -> wire.FailureTold | None:
    if failure is None:
        return None
    return wire.FailureTold(code=failure.code, message=failure.message)


def _asked(generation: Generation, url: Url) -> wire.Asked:
    """Return the request of a generation: the fields of its kind, and no others."""
    spec = generation.spec
    told = wire.Asked(
        kind=spec.kind,
        model=spec.model,
        prompt=spec.prompt or None,
        keyframes=_frames(spec, url) if spec.keyframes else None,
        source=_source_told(spec.source, url) if spec.source else None,
        still=_still_told(spec.still, url) if spec.still else None,
        reframing=_reframing_told(spec.reframing) if spec.reframing else None,
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
    others = set(wire.Asked.model_fields) - set(wire.BODIES[spec.kind].model_fields)
    return told.model_copy(update=dict.fromkeys(others))


def _frames(spec: GenerationSpec, url: Url) -> wire.Frames:
    first, last = spec.keyframe(Position.FIRST), spec.keyframe(Position.LAST)
    return wire.Frames(first=_frame(first, url), last=_frame(last, url))


def _frame(frame: Keyframe | None, url: Url) -> wire.Frame | None:
    if frame is None:
        return None
    if frame.generation_id is not None:  # its last frame may lie beside it, which was not asked
        return wire.Frame(generation_id=frame.generation_id)
    return wire.Frame(image=_link(frame.image, url))


def _link(image: str | None, url: Url) -> str | None:
    """Return where a picture can be seen: what we keep, by a link of ours."""
    return (
        url(image.removeprefix(MEDIA_PREFIX)) if image and image.startswith(MEDIA_PREFIX) else image
    )


def _source_told(source: Source, url: Url) -> wire.SourceTold:
    file = None if source.generation_id else _link(source.file, url)
    return wire.SourceTold(file=file, generation_id=source.generation_id, medium=source.medium)


def _still_told(still: Still, url: Url) -> wire.StillTold:
    return wire.StillTold(
        format=still.format,
        references=[
            wire.ReferenceTold(
                image=None if one.generation_id else _link(one.image, url),
                generation_id=one.generation_id,
                role=one.role,
                weight=one.weight,
            )
            for one in still.references
        ],
    )


def _reframing_told(reframing: Reframing) -> wire.ReframingTold:
    return wire.ReframingTold(
        crop=_rectangle_told(reframing.crop), placement=_rectangle_told(reframing.placement)
    )


def _rectangle_told(one: Rectangle | None) -> wire.RectangleTold | None:
    if one is None:
        return None
    return wire.RectangleTold(x=one.x, y=one.y, width=one.width, height=one.height)


def from_event(event: Event) -> wire.EventTold:
    """Return how a fact is told of."""
    return wire.EventTold(
        seq=event.seq,
        type=event.type,
        at=event.at,
        state=event.generation.state,
        attempt=event.generation.attempt,
        failure=_failure(event.generation.failure),
    )


def from_attempt(attempt: Attempt) -> wire.AttemptTold:
    """Return an attempt as it is told."""
    return wire.AttemptTold(
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


def from_capabilities(can: Capabilities, *, kinds: Iterable[Kind]) -> wire.CapabilitiesTold:
    """Return what a model can be asked for, as it is told; *kinds* are those that it does."""
    return wire.CapabilitiesTold(
        kinds=list(kinds),
        resolutions=list(can.resolutions),
        durations_s=list(can.durations_s),
        aspect_ratios=list(can.ratios),
        loop=can.loop,
        seed=can.seed,
        negative_prompt=can.negative_prompt,
        first_image=can.first_image,
        last_image=can.last_image,
        extend=can.extend,
        extend_backwards=can.extend_backwards,
        interpolate=can.interpolate,
        shot_plans=can.shot_plans,
        still_aspect_ratios=list(can.still_ratios),
        still_formats=list(can.still_formats),
        references=list(can.references),
        concepts=list(can.concepts),
        upscales=list(can.upscales),
        reframes=list(can.reframes),
        modes=list(can.modes),
    )


def cursor(last: Generation) -> str:
    """Return where a page ends: it still says where when that generation is gone."""
    at = (last.created_at - _EPOCH) // _MICROSECOND
    return f"{at:016d}.{UUID(last.id).hex}"


def read_cursor(text: str) -> tuple[datetime, GenerationId]:
    """Return the moment and the id that a well-formed cursor tells."""
    at, _, id_ = text.partition(".")
    return _EPOCH + int(at) * _MICROSECOND, GenerationId(str(UUID(id_)))
