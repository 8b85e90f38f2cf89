"""What an engine promises."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from rushes.core.generation import ArtifactKind
from rushes.core.spec import GenerationSpec, Kind, Medium, Role

ReportProgress = Callable[[float], None]
"""Told the share of the work that is done, 0.0 to 1.0; cheap, may be called often."""


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

    source_s: float = 30.0
    """The longest video that it works on."""

    source_bytes: int = 100 << 20
    """The largest file that it works on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """A reference picture, as a file on this machine."""

    role: Role
    image: Path
    """An RGB PNG."""

    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One render: the spec, and its inputs as files on this machine, already checked."""

    spec: GenerationSpec
    prompt: str
    """What to render: the caller's prompt, or its expansion; for sound without words of its own,
    the prompt of the video."""

    first_image: Path | None = None
    """An RGB PNG. When a clip is extended, or the gap after it filled, that clip's last frame."""

    last_image: Path | None = None
    """An RGB PNG. When a clip is led up to or the gap before it filled, that clip's first frame."""

    earlier_clip: Path | None = None
    """The MP4 that is to be extended; what is delivered begins with it."""

    later_clip: Path | None = None
    """The MP4 that is to be led up to; what is delivered ends with it."""

    source: Path | None = None
    """What an edit works on: an RGB PNG, or a video that was probed; its suffix says its format."""

    guides: tuple[Guide, ...] = field(default=())
    """The pictures that a still takes after, in the order of the spec's references."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A file that an engine has written into its folder."""

    kind: ArtifactKind
    file: Path
    media_type: str
    width_px: int = field(default=0)
    height_px: int = field(default=0)
    duration_s: float | None = None


class Engine(Protocol):
    """
    Renders one file at a time: an upstream provider, a local model, a CPU renderer.

    The promises below are checked for every implementation by
    ``tests/contract/test_engine.py``.
    """

    @property
    def name(self) -> str:
        """Say what makes the video or still; shown to callers."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What may be asked of it."""
        ...

    async def render(self, job: Job, folder: Path, report: ReportProgress) -> tuple[Rendered, ...]:
        """
        Render *job* into files under *folder* and return them, the video or still first.

        A video comes with a thumbnail, its last frame and itself without a mark; a still comes
        with a thumbnail.

        May be called again for the same job after a crash; must not assume an empty
        folder. Stops promptly when its task is cancelled.

        Args:
            folder: Private to this attempt; removed by the caller afterwards.

            report: Called with values that never decrease, the last of them 1.0.

        Raises:
            TemporaryEngineError: Another attempt may succeed.

            PermanentEngineError: No attempt will.
        """
        ...

    async def close(self) -> None:
        """Let go of whatever it holds; no render is running."""
        ...
