"""Define the seam to engines, which render one generation, and the channels they serve."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Protocol, TypeGuard, runtime_checkable

from rushes.core.capabilities import Capabilities
from rushes.core.capability_check import foreign_sources, refusals
from rushes.core.generation import Generation, RenderPhase
from rushes.core.rendered import Rendered
from rushes.core.shot_plan import ShotPlan
from rushes.core.spec import GenerationSpec, Role


class ReportProgress(Protocol):
    """Reports how far a render is. It is cheap and may be called often."""

    def __call__(self, share: float, phase: RenderPhase | None = None, /) -> None:
        """
        Report progress.

        Args:
            share: The share of the work that is done, 0.0 to 1.0.

            phase: What is being done, of engines that say so.
        """
        ...


def ignore_progress(_share: float, _phase: RenderPhase | None = None, /) -> None:
    """Report progress to nobody."""


def later_share(report: ReportProgress, begin: float) -> ReportProgress:
    """Return what reports the progress of the rest of a job whose share *begin* is done."""
    return lambda share, phase=None: report(begin + (1 - begin) * share, phase)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferencePicture:
    """A reference picture, as a file on this machine."""

    role: Role
    image: Path
    """An RGB PNG."""

    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One render: the spec, and its inputs as checked files on this machine."""

    spec: GenerationSpec
    prompt: str
    """The caller's prompt, or its expansion; for sound without a prompt that of the video."""

    first_image: Path | None = None
    """An RGB PNG. For an extension or a transition: the last frame of the earlier clip."""

    last_image: Path | None = None
    """An RGB PNG. For a reverse extension or a transition: the first frame of the later clip."""

    first_depth: Path | None = None
    """A 16-bit grey PNG of the first image, 0 far and 65535 near; None: the engine guesses."""

    last_depth: Path | None = None
    """The same of the last image."""

    earlier_clip: Path | None = None
    """The MP4 to extend; the result begins with it."""

    later_clip: Path | None = None
    """The MP4 to extend backwards; the result ends with it."""

    source: Path | None = None
    """The source of an edit: an RGB PNG, or a probed video, whose suffix says its format."""

    shot_plan: ShotPlan | None = None
    """The plan to draw instead of the prompt, or by which a drawn picture is moved through."""

    preview: Path | None = None
    """The path for a JPEG of the current frame, if the engine makes one: at most 40 kB, replaced
    atomically, at most twice a second."""

    guides: tuple[ReferencePicture, ...] = field(default=())
    """The reference pictures of a still, in the order of the spec's references."""


class Engine(Protocol):
    """
    Renders one generation at a time: an upstream provider, a local model, a CPU renderer.

    The promises below are checked for every implementation by
    ``tests/contract/test_engine.py``.
    """

    @property
    def name(self) -> str:
        """The engine's name, which callers see."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """The abilities of the engine."""
        ...

    async def render(self, job: Job, folder: Path, report: ReportProgress) -> tuple[Rendered, ...]:
        """
        Render *job* into files under *folder* and return them, the video or still first.

        A video comes with a thumbnail, its last frame and itself without a mark; a still comes
        with a thumbnail.

        It may be called again for the same job after a crash, so the folder may not be empty. It
        stops promptly when its task is cancelled.

        Args:
            folder: Private to this attempt. The caller removes it afterwards.

            report: Called with values that never decrease, the last of them 1.0.

        Raises:
            TemporaryEngineError: Another attempt may succeed.

            PermanentEngineError: No attempt will.
        """
        ...

    async def close(self) -> None:
        """Release all resources. No render is running."""
        ...


@runtime_checkable
class SpecChecker(Protocol):
    """An engine that refuses more than its capabilities say."""

    def problems(self, spec: GenerationSpec) -> tuple[tuple[str, str], ...]:
        """Return the problems of *spec*: field names with sentences."""
        ...


@runtime_checkable
class Warmable(Protocol):
    """An engine that can be prepared before its first render."""

    async def warm(self) -> None:
        """Load what would otherwise delay the first render."""
        ...


@runtime_checkable
class GrantsPermits(Protocol):
    """An engine that renders some jobs one at a time in this process."""

    def render_permit(self, spec: GenerationSpec) -> AbstractAsyncContextManager[None]:
        """Return what its caller holds while *spec* renders; to enter it is to wait."""
        ...


def render_permit(engine: Engine, spec: GenerationSpec) -> AbstractAsyncContextManager[None]:
    """Return the context to hold while *engine* renders *spec*; most engines need none."""
    return engine.render_permit(spec) if isinstance(engine, GrantsPermits) else nullcontext()


@runtime_checkable
class ChoosesPlans(Protocol):
    """An engine that draws plans, and needs none for some of its work."""

    def needs_plan(self, spec: GenerationSpec) -> bool:
        """Return whether a plan is made for *spec*, and recorded on the generation."""
        ...


def needs_plan(engine: Engine, spec: GenerationSpec) -> bool:
    """Return whether *engine* draws a plan of *spec*."""
    if isinstance(engine, ChoosesPlans) and not engine.needs_plan(spec):
        return False
    return engine.capabilities.shot_plans


@runtime_checkable
class ExpectsJobs(Protocol):
    """An engine that can do a part of a job's work while another one renders."""

    def expect(self, spec: GenerationSpec, prompt: str) -> None:
        """
        Take note of a job that renders soon, and return at once.

        Args:
            prompt: The prompt that the job will have.
        """
        ...


def expect_job(engine: Engine, spec: GenerationSpec, prompt: str) -> None:
    """Tell *engine* of a job before the wait for its permit; most engines do nothing with it."""
    if isinstance(engine, ExpectsJobs):
        engine.expect(spec, prompt)


def _checks_specs(engine: Engine) -> TypeGuard[SpecChecker]:
    """Return what isinstance would, which takes ten times as long as the rest of a check."""
    return _is_spec_checker(type(engine))


@cache
def _is_spec_checker(kind: type) -> bool:
    return issubclass(kind, SpecChecker)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Channel:
    """One configured engine: the models it serves, and its limits."""

    name: str
    engine: Engine
    models: Mapping[str, str]
    """The models that the channel serves, each with the engine's name for it."""

    fallback_for: frozenset[str] = frozenset()
    """Those of its models that it makes only where no other channel can do what was asked."""

    priority: int = 0
    """Among the channels that can do a generation, the largest priority is chosen first."""

    weight: int = 1
    """Among equal priorities, weight 3 is chosen three times as often as weight 1."""

    concurrency: int | None = None
    """Generations at a time; None: it shares the worker's slots with other such channels."""

    price: int = 0
    """Micro-credits for one second of video, or for one picture."""

    refunds_cancelled: bool = True
    """Whether a generation that is cancelled while it runs costs nothing."""

    render_timeout_s: float | None = None
    """Seconds that a render on this machine may take; None: as the worker's limits say."""

    def problems(
        self, spec: GenerationSpec, parents: Sequence[Generation] = ()
    ) -> tuple[tuple[str, str], ...]:
        """
        Return the problems of *spec* with this channel: field names with sentences.

        Args:
            parents: The generations that *spec* names, as ``spec.parents`` has them.
        """
        can = self.engine.capabilities
        own = self.engine.problems(spec) if _checks_specs(self.engine) else ()
        return (*refusals(spec, can), *foreign_sources(spec, can, parents, self.name), *own)


def capable_channels(
    channels: Iterable[Channel], spec: GenerationSpec, parents: Sequence[Generation] = ()
) -> tuple[Channel, ...]:
    """
    Return the channels that can make *spec*; fallbacks only if no other can.

    Args:
        channels: Channels that serve its model.

        parents: The generations that *spec* names, as ``spec.parents`` has them.
    """
    able = [one for one in channels if not one.problems(spec, parents)]
    first = [one for one in able if spec.model not in one.fallback_for]
    return tuple(first or able)


def channels_of(engines: Mapping[str, Engine]) -> tuple[Channel, ...]:
    """Return one channel for each engine in *engines*, a mapping from models to engines."""
    served: dict[int, tuple[Engine, list[str]]] = {}
    for model, engine in engines.items():
        served.setdefault(id(engine), (engine, []))[1].append(model)
    return tuple(
        Channel(name=engine.name, engine=engine, models={model: model for model in models})
        for engine, models in served.values()
    )
