"""What an engine promises."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from rushes.core.generation import ArtifactKind
from rushes.core.spec import GenerationSpec

ReportProgress = Callable[[float], None]
"""Told the share of the work that is done, 0.0 to 1.0; cheap, may be called often."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What an engine can be asked for; what is not here is refused when it is submitted."""

    resolutions: tuple[str, ...]
    durations_s: tuple[float, ...]
    ratios: tuple[str, ...]
    loop: bool = True
    first_image: bool = True
    last_image: bool = True
    extend: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One render: the spec, and its inputs as files on this machine, already checked."""

    spec: GenerationSpec
    prompt: str
    """What to render: the caller's prompt, or its expansion."""

    first_image: Path | None = None
    """An RGB PNG. When a clip is extended, that clip's last frame."""

    last_image: Path | None = None
    """An RGB PNG."""

    earlier_clip: Path | None = None
    """The MP4 that is to be extended; what is delivered begins with it."""


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
    Renders one video at a time: an upstream provider, a local model, a CPU renderer.

    The promises below are checked for every implementation by
    ``tests/contract/test_engine.py``.
    """

    @property
    def name(self) -> str:
        """Say what makes the video; shown to callers."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What may be asked of it."""
        ...

    async def render(self, job: Job, folder: Path, report: ReportProgress) -> tuple[Rendered, ...]:
        """
        Render *job* into files under *folder* and return them, the video first.

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
