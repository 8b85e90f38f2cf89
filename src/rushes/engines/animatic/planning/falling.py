"""Let the petals, leaves and bubbles of a prompt fall and float where one can recognise them."""

from collections.abc import Collection
from typing import Final

from rushes.core.shot_plan import Action, Effect, Plane
from rushes.engines.animatic.cast.catalogue import subjects
from rushes.engines.animatic.planning.casting_drafts import MOST_MEMBERS, Draft, Reading, take_out
from rushes.engines.animatic.planning.lexicon import Meaning
from rushes.engines.animatic.planning.reading import Term

_EFFECTS: Final = {
    "cherry-blossom": "petals",
    "blossom": "petals",
    "rose": "petals",
    "maple-leaf": "leaves",
    "fallen-leaf": "leaves",
}
_PIECES: Final = {
    Effect.PETALS: ("cherry-blossom", Action.FALL),
    Effect.LEAVES: ("fallen-leaf", Action.FALL),
    Effect.BUBBLES: ("bubbles", Action.FLOAT),
}
"""What is drawn large among the small particles of an effect."""

_COUNT: Final = 9
_ELSEWHERE: Final = frozenset({"underwater", "abstract", "space"})


def let_fall(reading: Reading) -> None:
    """Make blossoms and leaves that fall an effect of the whole scene."""
    for index, draft in reversed([*enumerate(reading.drafts)]):
        effect = _EFFECTS.get(draft.subject.id)
        loose = draft.action in {Action.FALL, Action.FLUTTER, Action.FLY}
        if effect and loose and draft.is_plural:
            term = Term(text="", start=draft.start, end=draft.end, meanings=(), language="")
            reading.scenery.append((term, Meaning("effect", effect)))
            take_out(reading, index)


def add_falling(reading: Reading, effects: Collection[Effect], set_name: str) -> None:
    """Cast some of the petals, leaves or bubbles that the prompt names as an effect."""
    if set_name in _ELSEWHERE:
        return
    for term, meaning in reading.scenery:
        piece = _PIECES.get(Effect(meaning.value)) if meaning.kind == "effect" else None
        if piece is None or Effect(meaning.value) not in effects:
            continue
        subject, action = subjects()[piece[0]], piece[1]
        cast = {draft.subject.id for draft in reading.drafts}
        if subject.id in cast or len(reading.drafts) >= MOST_MEMBERS:
            continue
        reading.drafts.append(
            Draft(
                subject=subject,
                start=term.start,
                end=term.end,
                count=_COUNT,
                is_plural=True,
                action=action,
                plane=Plane.SKY,
            )
        )
