"""Describe what an engine can make."""

from collections.abc import Iterable
from dataclasses import dataclass, fields

from rushes.core.spec import Kind, Medium, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """Lists the abilities of an engine. The server refuses every other request at submission."""

    kinds: tuple[Kind, ...] = (Kind.VIDEO,)

    # New videos

    resolutions: tuple[str, ...]
    durations_s: tuple[float, ...]
    ratios: tuple[str, ...]
    sizes: bool = False
    """Whether it makes every size that ``geometry.size_problem`` accepts."""

    loop: bool = True
    first_image: bool = True
    last_image: bool = True
    extend: bool = True
    extend_backwards: bool = False
    """Whether it can make the part before an earlier video."""

    interpolate: bool = False
    """Whether it can make the part between two earlier videos."""

    concepts: tuple[str, ...] = ()
    """Names of camera moves, such as ``dolly_zoom``."""

    seed: bool = True
    """Whether it accepts a seed, so that equal requests give equal videos."""

    negative_prompt: bool = True
    """Whether it accepts a description of what to avoid."""

    shot_plans: bool = False
    """Whether it draws shot plans, and so accepts an edited one. No upstream does."""

    expands: bool = False
    """Whether it expands prompts itself; then it gets the caller's prompt unchanged."""

    # Pictures

    still_ratios: tuple[str, ...] = ()
    still_formats: tuple[str, ...] = ()
    references: tuple[Role, ...] = ()
    """Roles that a reference picture may have."""

    # Edits of a video or picture

    upscales: tuple[str, ...] = ()
    """Resolutions that it can upscale a video to."""

    reframes: tuple[Medium, ...] = ()
    modes: tuple[str, ...] = ()
    """Modes of a modification."""

    by_id: tuple[Kind, ...] = ()
    """
    Kinds of work that it does only on its own earlier jobs; ``video`` means to extend.

    Such an upstream finds an earlier video by its job id only.
    """

    source_s: float = 30.0
    """Longest source video, in seconds."""

    source_bytes: int = 100 << 20
    """Largest source file, in bytes."""


def union(several: Iterable[Capabilities]) -> Capabilities:
    """Return everything that at least one of *several* can do. *several* must not be empty."""
    every = list(several)
    if len(every) == 1:
        return every[0]
    united = {f.name: _either([getattr(one, f.name) for one in every]) for f in fields(every[0])}
    return Capabilities(**united)  # type: ignore[arg-type]  # each value is of its field's type


def _either(values: list[tuple[object, ...] | float]) -> object:
    """Join tuples without duplicates, in order; of numbers and booleans, take the largest."""
    if isinstance(values[0], tuple):
        return tuple(
            dict.fromkeys(one for some in values if isinstance(some, tuple) for one in some)
        )
    return max(value for value in values if not isinstance(value, tuple))
