"""What an engine promises."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, runtime_checkable

from rushes.core.capabilities import Capabilities
from rushes.core.capability_check import foreign_sources, refusals
from rushes.core.generation import Generation
from rushes.core.rendered import Rendered
from rushes.core.shot_plan import ShotPlan
from rushes.core.spec import GenerationSpec, Role

ReportProgress = Callable[[float], None]
"""Told the share of the work that is done, 0.0 to 1.0; cheap, may be called often."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferencePicture:
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

    shot_plan: ShotPlan | None = None
    """What to draw, in place of what the engine would understand of the prompt; only the animatic
    engine looks at it."""

    preview: Path | None = None
    """Where an engine that can do so leaves a JPEG of the frame that it draws, of 40 kB at most,
    replaced as a whole at most twice a second."""

    guides: tuple[ReferencePicture, ...] = field(default=())
    """The pictures that a still takes after, in the order of the spec's references."""


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


@runtime_checkable
class Judge(Protocol):
    """An engine that refuses more than its capabilities tell."""

    def problems(self, spec: GenerationSpec) -> tuple[tuple[str, str], ...]:
        """Return what it cannot do of *spec*: field names with sentences."""
        ...


@runtime_checkable
class Warmable(Protocol):
    """An engine that can be made ready ahead of its first render."""

    async def warm(self) -> None:
        """Make ready what would make the first caller wait."""
        ...


@runtime_checkable
class TakesTurns(Protocol):
    """An engine that renders some jobs one at a time in this process."""

    def turn(self, spec: GenerationSpec) -> AbstractAsyncContextManager[None]:
        """Return what its caller holds while *spec* renders; to enter it is to wait."""
        ...


def turn(engine: Engine, spec: GenerationSpec) -> AbstractAsyncContextManager[None]:
    """Return what is held while *engine* renders *spec*; most engines need nothing."""
    return engine.turn(spec) if isinstance(engine, TakesTurns) else nullcontext()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Channel:
    """One configured engine: what it is for, and how much may be asked of it."""

    name: str
    engine: Engine
    models: Mapping[str, str]
    """The models that it serves, each with the name that the engine knows it by."""

    priority: int = 0
    """Of the channels that can do what was asked, those with the largest are chosen first."""

    weight: int = 1
    """Of equals, one with weight 3 is chosen three times as often as one with weight 1."""

    concurrency: int | None = None
    """Generations at a time; None: it shares the worker's slots with others of its sort."""

    price: int = 0
    """Micro-credits for one second of video, or for one picture."""

    refunds_cancelled: bool = True
    """Whether nobody takes money for what is cancelled while it is made."""

    def problems(
        self, spec: GenerationSpec, parents: Sequence[Generation] = ()
    ) -> tuple[tuple[str, str], ...]:
        """
        Return what it cannot do of *spec*: field names with sentences.

        Args:
            parents: The generations that *spec* names, as ``spec.parents`` has them.
        """
        can = self.engine.capabilities
        own = self.engine.problems(spec) if isinstance(self.engine, Judge) else ()
        return (*refusals(spec, can), *foreign_sources(spec, can, parents, self.name), *own)


def channels_of(engines: Mapping[str, Engine]) -> tuple[Channel, ...]:
    """Return a channel for each of *engines*, which are given by the models that they serve."""
    served: dict[int, tuple[Engine, list[str]]] = {}
    for model, engine in engines.items():
        served.setdefault(id(engine), (engine, []))[1].append(model)
    return tuple(
        Channel(name=engine.name, engine=engine, models={model: model for model in models})
        for engine, models in served.values()
    )
