"""What can be asked of whoever makes a video or still."""

from collections.abc import Iterable
from dataclasses import dataclass, fields

from rushes.core.spec import Kind, Medium, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What an engine can be asked for; what is not here is refused when it is submitted."""

    kinds: tuple[Kind, ...] = (Kind.VIDEO,)

    # of a new video

    resolutions: tuple[str, ...]
    durations_s: tuple[float, ...]
    ratios: tuple[str, ...]
    sizes: bool = False
    """Whether it makes any size that ``geometry.size_problem`` has nothing against."""

    loop: bool = True
    first_image: bool = True
    last_image: bool = True
    extend: bool = True
    extend_backwards: bool = False
    """Whether it can make what comes before an earlier video."""

    interpolate: bool = False
    """Whether it can make what comes between two earlier videos."""

    concepts: tuple[str, ...] = ()
    """Names of camera moves, such as ``dolly_zoom``."""

    seed: bool = True
    """Whether it takes a seed, so that the same request gives the same video."""

    negative_prompt: bool = True
    """Whether it takes words for what is not wanted."""

    shot_plans: bool = False
    """Whether it draws shot plans, and so takes one that the caller has edited."""

    expands: bool = False
    """Whether it expands prompts itself; then it is given the caller's own."""

    # of a picture

    still_ratios: tuple[str, ...] = ()
    still_formats: tuple[str, ...] = ()
    references: tuple[Role, ...] = ()
    """What a reference picture may be for."""

    # of work on something that is there

    upscales: tuple[str, ...] = ()
    """Resolutions that a video can be enlarged to."""

    reframes: tuple[Medium, ...] = ()
    modes: tuple[str, ...] = ()
    """Of a modification."""

    by_id: tuple[Kind, ...] = ()
    """
    Kinds of follow-up work that it does only on what it made itself; ``video`` means to extend.

    An upstream knows an earlier video by the id that it gave it, and by nothing else.
    """

    source_s: float = 30.0
    """The longest video that it works on."""

    source_bytes: int = 100 << 20
    """The largest file that it works on."""


def union(several: Iterable[Capabilities]) -> Capabilities:
    """Return all that one or another of *several* can do; there is at least one."""
    every = list(several)
    if len(every) == 1:
        return every[0]
    united = {f.name: _either([getattr(one, f.name) for one in every]) for f in fields(every[0])}
    return Capabilities(**united)  # type: ignore[arg-type]  # each value is of its field's type


def _either(values: list[tuple[object, ...] | float]) -> object:
    """Return what any of *values* offers, names in the order in which they first occur."""
    if isinstance(values[0], tuple):
        return tuple(
            dict.fromkeys(one for some in values if isinstance(some, tuple) for one in some)
        )
    return max(value for value in values if not isinstance(value, tuple))
