"""The built-in prompt expander: adds what a cinematographer would, and contradicts nothing."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Final

from rushes.prompts.language import is_english
from rushes.prompts.vocabulary import FACETS, MOVEMENT, OPPOSITES, PACE, TAKE, Facet

LONG_ENOUGH_WORDS: Final = 80
"""A prompt of so many words says what its author wants; it is left alone."""

ROOM_FOR_A_CUT_S: Final = 6.0


def expand(
    prompt: str,
    *,
    duration_s: float,
    has_first: bool,
    has_last: bool,
    loop: bool,
    seed: int | None,
    moving: bool = True,
) -> str:
    """
    Return *prompt* and, after it, a sentence on what it leaves open: shot, light, lens and so on.

    The same arguments give the same words. A prompt that is long, or not English, comes back as it
    is. What is added depends on the words, not on their order; expanding twice adds nothing more.

    Args:
        duration_s: Of the clip; a long one is asked to have no cut.

        has_first: Whether a picture is given to start from. What it shows is not said again.

        has_last: Whether a picture is given to end on; with both, their passage is the movement.

        loop: Whether the end leads into the start, so that no move may go only one way.

        seed: Chooses between phrases that go equally well; None is a choice too.

        moving: Whether it is a video; False for a still picture.
    """
    if len(prompt.split()) > LONG_ENOUGH_WORDS or not is_english(prompt):
        return prompt
    wanted = list(FACETS)
    if has_first or has_last:
        wanted = [MOVEMENT, PACE, TAKE]
    if loop or (has_first and has_last):
        wanted = [facet for facet in wanted if facet is not MOVEMENT]
    if not moving:
        wanted = [facet for facet in wanted if facet not in {MOVEMENT, PACE, TAKE}]
    if duration_s < ROOM_FOR_A_CUT_S:
        wanted = [facet for facet in wanted if facet is not TAKE]
    added = ", ".join(_phrases(prompt, wanted, seed))
    return _joined(prompt, added) if added else prompt


def _phrases(prompt: str, facets: Iterable[Facet], seed: int | None) -> Iterator[str]:
    for facet in facets:
        if facet.said.search(prompt) or facet.unfit.search(prompt):
            continue
        saying = next(saying for saying in facet.sayings if saying.where.search(prompt))
        fitting = [phrase for phrase in saying.phrases if not contradicts(phrase, prompt)]
        if fitting:
            yield fitting[_choice(facet.name, seed) % len(fitting)]


def contradicts(phrase: str, prompt: str) -> bool:
    """Return whether a phrase of ours says the opposite of something in *prompt*."""
    return any(ours.search(phrase) and theirs.search(prompt) for ours, theirs in OPPOSITES)


def _choice(facet: str, seed: int | None) -> int:
    digest = hashlib.blake2b(f"{seed}/{facet}".encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big")


def _joined(prompt: str, added: str) -> str:
    """Return the prompt as it is, and then *added* as a sentence, or as the rest of the last."""
    last = prompt.rstrip()[-1]
    goes_on = last in ",;:"
    stop = "" if goes_on or last in ".!?\u2026" else "."
    space = "" if prompt[-1].isspace() and not stop else " "
    return prompt + stop + space + (added if goes_on else added[0].upper() + added[1:]) + "."
