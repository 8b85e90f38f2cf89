"""
List what each of the commonest English words chooses in the renderer and the prompt expander.

``python -m tests.words.report`` prints the lists; with ``--write`` they become ``choices.txt``, for what
is drawn around a cast, and ``planned.txt``, for what the planner makes of the words.
"""

import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from rushes.engines.animatic.camera_words import moves_in
from rushes.engines.animatic.edits.grade import grades_in
from rushes.engines.animatic.edits.sound.words import sounds_in
from rushes.engines.animatic.particles import kinds_in
from rushes.engines.animatic.planning.plan import plan_shot
from rushes.prompts.vocabulary import OPEN_ASPECTS

HERE: Final = Path(__file__).parent
COMMON_WORDS: Final = tuple((HERE / "common_english.txt").read_text("utf-8").split())
CHOICES: Final = HERE / "choices.txt"
PLANNED: Final = HERE / "planned.txt"

_WIDTH: Final = 100


def choices_of(word: str) -> Iterator[str]:
    """Yield the name of each thing that *word* by itself chooses."""
    yield from (f"particles {kind}" for kind in kinds_in(word))
    yield from (f"sound {sound}" for sound in sounds_in(word, None) if sound != "hush")
    if moves_in(word, seed=0) != moves_in("", seed=0):
        yield "camera"
    if grades_in(word):
        yield "grade"
    yield from (
        f"expander {aspect.name}" for aspect in OPEN_ASPECTS if aspect.mentioned.search(word)
    )


def planned_of(word: str) -> Iterator[str]:
    """Yield what the planner makes of *word* after an article."""
    plan = plan_shot(f"the {word}", seed=0)
    if plan.cast:
        yield f"subject {' + '.join(member.subject for member in plan.cast)}"
    elif plan.shown and plan.set != plan_shot("", seed=0).set:
        yield f"set {plan.set}"
    yield from (f"effect {effect}" for effect in plan.effects)
    yield from (f"camera {move.move}" for move in plan.camera)
    if plan.not_shown:
        yield "not shown"


def report(choices: Callable[[str], Iterator[str]] = choices_of) -> str:
    """Return the choices with the words that make them, in the words' alphabetical order."""
    words_of: dict[str, list[str]] = defaultdict(list)
    for word in sorted(COMMON_WORDS):
        for choice in choices(word):
            words_of[choice].append(word)
    return "\n".join(f"{choice}\n{_wrapped(words_of[choice])}" for choice in sorted(words_of))


def _wrapped(words: list[str]) -> str:
    lines, line = [], ""
    for word in words:
        if line and len(line) + len(word) + 1 > _WIDTH:
            lines.append(line)
            line = ""
        line = f"{line} {word}" if line else f"  {word}"
    return "\n".join([*lines, line, ""])


if __name__ == "__main__":
    if "--write" in sys.argv[1:]:
        CHOICES.write_text(report(), "utf-8")
        PLANNED.write_text(report(planned_of), "utf-8")
    else:
        sys.stdout.write(f"{report()}\n{report(planned_of)}")
