"""Draw one picture with a text-to-image model, and move a camera through it for a video."""

import asyncio
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from rushes.core.capabilities import Capabilities
from rushes.core.geometry import DEFAULT_RATIO, STILL_SIZES
from rushes.core.rendered import Rendered, join_notes
from rushes.core.spec import GenerationSpec, Kind
from rushes.engines.base import Engine, Job, ReportProgress, Warmable
from rushes.engines.local.depth import FindDepth
from rushes.engines.local.engine import seed_for
from rushes.engines.local.families import RESOLUTIONS, Sampling
from rushes.engines.local.keyframe_words import keyframe_prompt, plan_prompt
from rushes.engines.local.messages import Delivery, DrawRequest, ReadyEvent
from rushes.engines.local.picture_families import PictureFamily
from rushes.engines.local.progress import PartProgress
from rushes.engines.local.render_plan import ENLARGED, generated_size
from rushes.engines.local.worker_process import WorkerProcess

_DRAWN: Final = 0.6
"""The share of a video's work until its picture is drawn."""

_MEASURED: Final = 0.65
"""The share until the depth of its pictures is known."""

_MEASURED_ALONE: Final = 0.1
"""The same where no picture is drawn."""

_GIVEN: Final = (
    "The animatic engine moved a camera through what it was given; no model drew a picture."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyframeParts:
    """What a keyframe engine works with."""

    worker: WorkerProcess
    """Has the text-to-image model."""

    camera: Engine
    """Moves a camera through the pictures of a job: the animatic engine."""

    find_depth: FindDepth = field(default=lambda: None)
    """Finds what separates what is near from what is far; without one the camera's engine guesses
    it. Its worker is this one."""


class KeyframeEngine:
    """
    Makes stills with a text-to-image model, and videos out of one such picture.

    A video with pictures of the caller's own, or that goes on from a clip, needs no drawn one.

    Args:
        name: The model's name, which callers see.

        sampling: Steps and guidance of the checkpoint; by default the family's.
    """

    def __init__(
        self,
        name: str,
        family: PictureFamily,
        parts: KeyframeParts,
        *,
        sampling: Sampling | None = None,
    ) -> None:
        self.name = name
        self.family = family
        self.sampling = sampling or family.sampling
        self._parts = parts
        avoids = family.takes_avoids(self.sampling)
        self.capabilities = _capabilities(parts.camera.capabilities, avoids=avoids)

    def problems(self, spec: GenerationSpec) -> tuple[tuple[str, str], ...]:
        """Return what the model cannot do beyond what its capabilities say."""
        if spec.kind is not Kind.VIDEO or spec.is_made_from_words or not spec.negative_prompt:
            return ()
        return (("negative_prompt", _AVOIDS_NOTHING),)

    def needs_plan(self, spec: GenerationSpec) -> bool:
        """Return whether *spec* is a video, which a plan frames, or has a plan of the caller's."""
        return spec.kind is Kind.VIDEO or spec.shot_plan is not None

    def render_permit(self, spec: GenerationSpec) -> AbstractAsyncContextManager[None]:
        """Return the turn at the device: its wait does not count as a part of the render's time."""
        del spec
        return self._parts.worker.device.permit

    @property
    def worker_pid(self) -> int | None:
        """The id of the worker process, if it runs."""
        return self._parts.worker.pid

    async def probe(self) -> ReadyEvent:
        """Start the worker without the model and return what it found. Raises EngineError."""
        return await self._parts.worker.probe()

    async def render(self, job: Job, folder: Path, report: ReportProgress) -> tuple[Rendered, ...]:
        """Render as :class:`Engine` promises; the note says how it was made."""
        with self._parts.worker.holding_model():
            report(0.0)
            if job.spec.kind is Kind.IMAGE:
                return await self._still(job, folder, report)
            return await self._video(job, folder, report)

    async def warm(self) -> None:
        """Start the camera's process; the worker starts with the first job, as it takes memory."""
        if isinstance(self._parts.camera, Warmable):
            await self._parts.camera.warm()

    async def close(self) -> None:
        """End the worker process and the camera's engine."""
        await self._parts.worker.end()
        await self._parts.camera.close()

    async def _still(self, job: Job, folder: Path, report: ReportProgress) -> tuple[Rendered, ...]:
        from rushes.engines.local.still_files import (  # noqa: PLC0415  # numpy and cv2 come with it
            still_files,
        )

        size = STILL_SIZES[job.spec.aspect_ratio or DEFAULT_RATIO]
        request = self._request(job, _prompt_of(job), size, size, folder)
        notice = await self._draw(request, report, share=1.0)
        still = job.spec.still
        rendered = await asyncio.to_thread(
            still_files,
            request.output,
            folder,
            file_format=still.format if still else "jpg",
            size_px=size,
            note=join_notes(
                self._enlarged(request, size),
                _plan_note(job),
                notice,
                self._seed_note(job, request),
            ),
        )
        report(1.0)
        return rendered

    async def _video(self, job: Job, folder: Path, report: ReportProgress) -> tuple[Rendered, ...]:
        from rushes.engines.local.part_inputs import (  # noqa: PLC0415  # numpy, cv2 and av come with it
            delivered_px,
        )

        shown, notes, done = job, [_GIVEN], 0.0
        if job.first_image is None and job.last_image is None:
            size = await asyncio.to_thread(delivered_px, job)
            request = self._request(job, _prompt_of(job), size, None, folder)
            notice = await self._draw(request, report, share=_DRAWN)
            shown, done = replace(job, first_image=request.output), _DRAWN
            notes = [
                f"One picture by {self.name}, moved through by the animatic engine.",
                self._enlarged(request, size),
                _plan_note(job),
                notice,
                self._seed_note(job, request),
            ]
        if (depth := await asyncio.to_thread(self._parts.find_depth)) is not None:
            report(done, "measure depth")
            shown = await depth.measured(shown, folder)
            notes.insert(1, f"{depth.title} estimated its depth.")
            done = _MEASURED if done else _MEASURED_ALONE
        rendered = await self._parts.camera.render(
            shown,
            folder,
            lambda share, _=None: report(done + (1 - done) * share, "move camera"),
        )
        first, *rest = rendered
        return (replace(first, note=join_notes(*notes, first.note)), *rest)

    def _request(
        self,
        job: Job,
        prompt: str,
        shape_px: tuple[int, int],
        delivered: tuple[int, int] | None,
        folder: Path,
    ) -> DrawRequest:
        """
        Return what to draw.

        Args:
            shape_px: A size in the shape of the picture.

            delivered: The size of the file; None: as it is drawn.
        """
        width, height = generated_size(self.family, *shape_px)
        delivery = delivered or (width, height)
        avoids = job.spec.negative_prompt if self.capabilities.negative_prompt else None
        return DrawRequest(
            id=f"{folder.name}-drawn",
            prompt=prompt,
            negative_prompt=avoids,
            seed=seed_for(job, folder) if job.spec.seed is None else job.spec.seed,
            width=width,
            height=height,
            steps=self.sampling.steps,
            guidance=self.family.guidance(self.sampling),
            deliver=Delivery(width=delivery[0], height=delivery[1]),
            output=folder / "drawn.png",
            preview=job.preview,
        )

    async def _draw(self, request: DrawRequest, report: ReportProgress, *, share: float) -> str:
        """
        Have the worker draw, and return what it notes for the caller; empty if nothing.

        Args:
            share: Its phases are this first share of the work.
        """
        progress = PartProgress([1], lambda done, phase=None: report(share * done, phase))
        done = await self._parts.worker.generate(request, lambda event: progress.follow(0, event))
        return done.notice or ""

    def _enlarged(self, request: DrawRequest, size_px: tuple[int, int]) -> str:
        made = (request.width, request.height)
        if max(to / of for to, of in zip(size_px, made, strict=True)) <= ENLARGED:
            return ""
        return (
            f"{self.name} drew it at {made[0]}x{made[1]},"
            f" and it was enlarged to {size_px[0]}x{size_px[1]}."
        )

    def _seed_note(self, job: Job, request: DrawRequest) -> str:
        return f"Its seed is {request.seed}." if job.spec.seed is None else ""


def _prompt_of(job: Job) -> str:
    """Return the words to draw: those of the caller's plan, or the prompt with its framing."""
    if job.spec.shot_plan is not None:
        return plan_prompt(job.spec.shot_plan)
    return keyframe_prompt(job.prompt, job.shot_plan)


def _plan_note(job: Job) -> str:
    if job.spec.shot_plan is None:
        return ""
    return "It was drawn from the words of the plan; the model decided where things are exactly."


_AVOIDS_NOTHING: Final = (
    "negative_prompt changes nothing where no picture is drawn; leave it out, or send no images"
)


def _capabilities(camera: Capabilities, *, avoids: bool) -> Capabilities:
    """Return what can be made of one drawn picture by an engine that moves pictures."""
    return replace(
        camera,
        kinds=(Kind.VIDEO, Kind.IMAGE),
        resolutions=tuple(one for one in RESOLUTIONS if one in camera.resolutions),
        negative_prompt=avoids,
        still_ratios=tuple(STILL_SIZES),
        still_formats=("jpg", "png"),
        references=(),
        upscales=(),
        reframes=(),
        modes=(),
    )
