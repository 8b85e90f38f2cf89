"""Plan prompts without rendering, read callers' plans, and draw rough frames of plans."""

import asyncio
import json
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, TypeVar

import structlog

from rushes.core.errors import EngineError, InvalidRequest, NotReady, TooManyRequests
from rushes.core.shot_plan import Action, CastMember, Plane, PlanSource, ShotPlan
from rushes.core.shot_plan_json import PlanNames, plan_from, plan_schema
from rushes.core.spec import GenerationSpec, Kind
from rushes.engines.base import Engine, Job, ignore_progress
from rushes.kit.temporary_folders import TemporaryFolders
from rushes.prompts.expansion import PreparedPrompt, PromptPreparation
from rushes.prompts.shot_planning import PlannedShot, ShotPlanner

LONGEST_PLAN_BYTES: Final = 64 << 10
"""The limit of a plan's JSON, which is stored with the generation and with each of its events."""

MOST_WAITING: Final = 8
"""The limit of frames that wait for drawing; further requests get ``TooManyRequests``."""

MOST_KEPT: Final = 64
"""Sheets of subjects that are kept in memory; each is of some 50 kB."""

_PLACES: Final = "cast.json"
"""The file that the engine of rough frames writes beside its frame."""

_log: Final = structlog.get_logger()
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawableSubject:
    """A subject that the engine can draw, and how it is drawn where a plan says nothing else."""

    name: str
    kind: str
    """What sort of thing it is, such as ``person``, ``animal`` or ``vehicle``."""

    height_m: float
    plane: Plane
    action: Action


@dataclass(frozen=True, slots=True, kw_only=True)
class RoughFrame:
    """A small picture of a plan, with the places of its cast."""

    jpeg: bytes
    cast: str
    """JSON: for each member of the cast x, y, left, top, right, bottom as shares of the frame."""


class IdleEngine:
    """
    Draws pictures one at a time, with an engine in a child process.

    The process starts with the first picture, and ends after a time without requests.
    """

    def __init__(self, engine: Engine, *, deadline_s: float = 20.0, idle_s: float = 120.0) -> None:
        self._engine = engine
        self._deadline_s = deadline_s
        self._idle_s = idle_s
        self._drawing = asyncio.Lock()
        self._waiting = 0
        self._scratch = TemporaryFolders()
        self._ending: asyncio.Task[None] | None = None

    async def draw(self, plan: ShotPlan, *, ratio: str, seed: int, read: Callable[[Path], T]) -> T:
        """
        Return what *read* makes of the file that is drawn.

        Raises:
            TooManyRequests: Too many frames wait.

            NotReady: The drawing took too long, or the engine's process ended.
        """
        if self._waiting >= MOST_WAITING:
            raise TooManyRequests(
                f"{MOST_WAITING} pictures are being drawn or wait for it", retry_after_s=1.0
            )
        self._waiting += 1
        try:
            async with self._drawing:
                return await self._drawn(plan, ratio, seed, read)
        finally:
            self._waiting -= 1
            self._end_later()

    async def close(self) -> None:
        """End the process."""
        if self._ending is not None:
            self._ending.cancel()
        await self._engine.close()

    async def _drawn(self, plan: ShotPlan, ratio: str, seed: int, read: Callable[[Path], T]) -> T:
        spec = GenerationSpec(prompt="", kind=Kind.IMAGE, aspect_ratio=ratio, seed=seed)
        job = Job(spec=spec, prompt="", shot_plan=plan)
        try:
            with self._scratch.folder() as folder:
                async with asyncio.timeout(self._deadline_s):
                    rendered = await self._engine.render(job, folder, ignore_progress)
                return await asyncio.to_thread(read, rendered[0].file)
        except (TimeoutError, EngineError) as error:
            _log.warning("rough_frame_failed", reason=str(error) or "timeout")
            why = "the picture could not be drawn just now; the plan itself is good"
            raise NotReady(why, retry_after_s=2.0) from error

    def _end_later(self) -> None:
        if self._ending is not None:
            self._ending.cancel()
        self._ending = asyncio.create_task(self._end())

    async def _end(self) -> None:
        await asyncio.sleep(self._idle_s)
        await self._engine.close()


class PlanFrames:
    """Draws rough frames."""

    def __init__(self, engine: Engine, *, deadline_s: float = 20.0, idle_s: float = 120.0) -> None:
        self._engine = IdleEngine(engine, deadline_s=deadline_s, idle_s=idle_s)
        self.close = self._engine.close

    async def draw(self, plan: ShotPlan, *, ratio: str, seed: int) -> RoughFrame:
        """
        Return one frame as a small JPEG, with the places of the cast.

        Raises:
            TooManyRequests: Too many wait already.

            NotReady: It took too long, or the process that draws has ended.
        """
        return await self._engine.draw(plan, ratio=ratio, seed=seed, read=_read)


class SubjectSheets:
    """Draws subjects by themselves, side by side on a sheet; keeps the sheets drawn last."""

    def __init__(self, engine: Engine) -> None:
        self._engine = IdleEngine(engine)
        self._kept: OrderedDict[tuple[str, ...], bytes] = OrderedDict()
        self.close = self._engine.close

    async def draw(self, names: tuple[str, ...]) -> bytes:
        """
        Return a WebP of subjects that the engine knows, in that order.

        Raises:
            TooManyRequests: Too many wait already.

            NotReady: It took too long, or the process that draws has ended.
        """
        if names not in self._kept:
            plan = ShotPlan(cast=tuple(CastMember(subject=name) for name in names))
            sheet = await self._engine.draw(plan, ratio="1:1", seed=0, read=Path.read_bytes)
            self._kept[names] = sheet
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return self._kept[names]


def _read(frame: Path) -> RoughFrame:
    places = frame.with_name(_PLACES)
    cast = places.read_text("utf-8") if places.exists() else "[]"
    return RoughFrame(jpeg=frame.read_bytes(), cast=cast)


class ShotPlans:
    """The use cases of shot plans."""

    def __init__(
        self,
        *,
        planner: ShotPlanner,
        prompts: PromptPreparation,
        names: PlanNames,
        subjects: Sequence[DrawableSubject],
        frames: PlanFrames,
        sheets: SubjectSheets,
        seed_of: Callable[[str], int],
    ) -> None:
        self._planner = planner
        self._prompts = prompts
        self._names = names
        self.subjects = tuple(subjects)
        self.frames = frames
        self._sheets = sheets
        self.seed_of = seed_of

    @property
    def moves(self) -> frozenset[str]:
        """The names of the camera moves in plans."""
        return self._names.moves

    async def close(self) -> None:
        """End the processes that draw."""
        await self.frames.close()
        await self._sheets.close()

    async def sheet(self, names: Sequence[str], *, param: str) -> bytes:
        """
        Return a WebP of these subjects, side by side.

        Raises:
            InvalidRequest: The engine does not know one of them.

            TooManyRequests, NotReady: It cannot be drawn just now.
        """
        for order, name in enumerate(names):
            if name not in self._names.subjects:
                near = get_close_matches(name, self._names.subjects, n=3)
                hint = f"; did you mean {' or '.join(near)}?" if near else ""
                why = f"{param}.{order} is no subject that the engine knows{hint}"
                raise InvalidRequest(why, param=f"{param}.{order}")
        return await self._sheets.draw(tuple(names))

    async def understand(self, spec: GenerationSpec) -> tuple[PlannedShot, PreparedPrompt]:
        """Return the plan for *spec*, and the expanded prompt."""
        prepared = await self._prompts.prepare_spec(spec)
        planned = await self._planner.plan_for(spec, prepared.prompt)
        if planned is None:
            raise InvalidRequest("a plan is made from words alone", param="prompt")
        return planned, prepared

    def read(self, data: object, *, param: str = "plan") -> ShotPlan:
        """
        Return a caller's plan from parsed JSON.

        Raises:
            InvalidRequest: It is no plan, uses an unknown name, or is too long.
        """
        if len(json.dumps(data)) > LONGEST_PLAN_BYTES:
            raise InvalidRequest(
                f"{param} must have at most {LONGEST_PLAN_BYTES >> 10} KiB of JSON", param=param
            )
        return plan_from(
            data,
            subjects=self._names.subjects,
            moves=self._names.moves,
            palettes=self._names.palettes,
            source=PlanSource.CALLER,
            param=param,
        )

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of a plan, with every name that it may use."""
        names = self._names
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "Shot plan",
            **plan_schema(subjects=names.subjects, moves=names.moves, palettes=names.palettes),
        }
