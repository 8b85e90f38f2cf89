"""Expand prompts by rules: add what a cinematographer would, and contradict nothing."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Final

from rushes.prompts.language import is_english
from rushes.prompts.vocabulary import MOVEMENT, OPEN_ASPECTS, OPPOSITES, PACE, TAKE, Aspect

LONG_ENOUGH_WORDS: Final = 80
"""A longer prompt is not expanded: its author has described everything."""

ROOM_FOR_A_CUT_S: Final = 6.0
"""In a clip of this length or longer an engine might cut, so a single take is requested."""


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
    Return *prompt* with a sentence on what it leaves open: shot, light, lens and so on.

    The same arguments give the same result. A long prompt or one that is not English stays as it
    is. The addition depends on the words but not on their order, and expanding an expanded prompt
    adds nothing.

    Args:
        duration_s: The length of the clip; for a long one the addition asks for a single take.

        has_first: Whether the clip starts with a given picture, which needs no description.

        has_last: Whether the clip ends with a given picture. With both pictures the way from one
            to the other is the movement, so the addition names none.

        loop: Whether the end leads into the start, so that the camera cannot move only one way.

        seed: Chooses between phrases that fit equally well; None always makes the same choice.

        moving: Whether the result is a video; False for a still.
    """
    if len(prompt.split()) > LONG_ENOUGH_WORDS or not is_english(prompt):
        return prompt
    wanted = list(OPEN_ASPECTS)
    if has_first or has_last:
        wanted = [MOVEMENT, PACE, TAKE]
    if loop or (has_first and has_last):
        wanted = [aspect for aspect in wanted if aspect is not MOVEMENT]
    if not moving:
        wanted = [aspect for aspect in wanted if aspect not in {MOVEMENT, PACE, TAKE}]
    if duration_s < ROOM_FOR_A_CUT_S:
        wanted = [aspect for aspect in wanted if aspect is not TAKE]
    added = ", ".join(_phrases(prompt, wanted, seed))
    return _append(prompt, added) if added else prompt


def _phrases(prompt: str, aspects: Iterable[Aspect], seed: int | None) -> Iterator[str]:
    for aspect in aspects:
        if aspect.mentioned.search(prompt) or aspect.excluded.search(prompt):
            continue
        option = next(option for option in aspect.options if option.where.search(prompt))
        fitting = [phrase for phrase in option.phrases if not contradicts(phrase, prompt)]
        if fitting:
            yield fitting[_hash(aspect.name, seed) % len(fitting)]


def contradicts(phrase: str, prompt: str) -> bool:
    """Return whether *phrase* contradicts something in *prompt*."""
    return any(ours.search(phrase) and theirs.search(prompt) for ours, theirs in OPPOSITES)


def _hash(aspect: str, seed: int | None) -> int:
    digest = hashlib.blake2b(f"{seed}/{aspect}".encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big")


def _append(prompt: str, added: str) -> str:
    """Append *added* as a sentence, or as the rest of an unfinished last sentence."""
    last = prompt.rstrip()[-1]
    is_unfinished = last in ",;:"
    stop = "" if is_unfinished or last in ".!?\u2026" else "."
    space = "" if prompt[-1].isspace() and not stop else " "
    return prompt + stop + space + (added if is_unfinished else added[0].upper() + added[1:]) + "."
