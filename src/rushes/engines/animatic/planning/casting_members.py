"""Make the members of a plan, and what it does not show, of what was read from a prompt."""

from collections.abc import Iterator

from rushes.core.shot_plan import Action, CastMember, NotShown
from rushes.engines.animatic.cast.vessels import VESSELS
from rushes.engines.animatic.planning import kinds
from rushes.engines.animatic.planning.casting_drafts import Draft, Reading, index_of


def cast_of(prompt: str, drafts: list[Draft], *, set_name: str) -> tuple[CastMember, ...]:
    """Return the members as the plan has them: with planes and actions that suit the set."""
    _open_circles(drafts)
    return tuple(
        CastMember(
            subject=draft.subject.id,
            words=prompt[draft.start : draft.end],
            count=draft.count,
            height_m=None if draft.scale == 1.0 else round(draft.subject.height_m * draft.scale, 3),
            plane=draft.plane or kinds.plane_in(draft.subject, set_name, draft.action),
            x=draft.x,
            y=draft.y,
            facing=draft.facing,
            action=_action_of(draft, drafts, set_name),
            colour=draft.tint,
            on=draft.on,
        )
        for draft in drafts
    )


def _open_circles(drafts: list[Draft]) -> None:
    """Take those off each other that odd sentences put on each other, as no plan may have it."""
    for start in drafts:
        visited: list[int] = []
        draft = start
        while draft.on is not None and draft.on not in visited:
            visited.append(draft.on)
            draft = drafts[draft.on]
        draft.on = None  # the last one of a circle; of a chain it is None


def _action_of(draft: Draft, drafts: list[Draft], set_name: str) -> Action:
    """Return what it does; who is on a bicycle sits where no verb says otherwise."""
    carrier = None if draft.on is None else drafts[draft.on].subject
    if draft.action is None and draft.on is None and kinds.rides(draft.subject, set_name):
        vehicles = any(one.subject.kind == "vehicle" for one in drafts)
        return Action.STAND if vehicles else Action.DRIVE
    if carrier and kinds.is_person(draft.subject):
        sits = kinds.is_ridden(carrier) or carrier.id in VESSELS
        if sits and draft.action in {None, Action.WALK, Action.RUN}:
            return Action.SIT
        if kinds.is_seat(carrier) and draft.action in {Action.WORK, Action.TALK, Action.EAT}:
            return Action.SIT
    if draft.action is Action.LIE and any(one.on == index_of(drafts, draft) for one in drafts):
        return Action.SIT  # what is worn or held would stay upright
    if set_name == "underwater" and draft.action is Action.FLY and kinds.is_person(draft.subject):
        return Action.SWIM  # a diver glides
    return draft.action or kinds.usual_action(draft.subject, set_name)


def not_shown_of(prompt: str, reading: Reading) -> Iterator[tuple[int, NotShown]]:
    """Yield what cannot be shown, with where it is in the prompt."""
    for start, end, reason in reading.not_shown:
        yield start, NotShown(words=prompt[start:end], reason=reason)
