"""Render videos with an open-weight model, in a worker process on this machine."""

import asyncio
import hashlib
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path
from typing import Final

from rushes.core.capabilities import Capabilities
from rushes.core.errors import ResultUnusable
from rushes.core.rendered import Rendered, join_notes
from rushes.core.spec import GenerationSpec
from rushes.engines.base import Job, ReportProgress
from rushes.engines.local.families import Sampling, VideoFamily
from rushes.engines.local.messages import (
    Delivery,
    DoneEvent,
    GenerateRequest,
    PrepareRequest,
    ReadyEvent,
)
from rushes.engines.local.progress import PartProgress
from rushes.engines.local.render_plan import PartInputs, RenderPlan
from rushes.engines.local.worker_process import WorkerProcess
from rushes.engines.video.watch import in_thread

_SEED_BITS: Final = 31
_SILENCED: Final = "It has no sound, because it was joined from several parts."


class LocalEngine:
    """
    Renders with one model in one worker process, one job at a time.

    Args:
        name: The model's name, which callers see.

        sampling: Steps and guidance of the checkpoint; by default the family's.

        sound: Whether videos have the sound that the model makes with them.
    """

    def __init__(
        self,
        name: str,
        family: VideoFamily,
        worker: WorkerProcess,
        *,
        sampling: Sampling | None = None,
        sound: bool = False,
    ) -> None:
        self.name = name
        self.family = family
        self._worker = worker
        self.sampling = sampling or family.sampling
        self._sound = sound
        self.capabilities = family.capabilities(self.sampling)

    def problems(self, spec: GenerationSpec) -> tuple[tuple[str, str], ...]:
        """Return what the model cannot do beyond what its capabilities say."""
        return self.family.problems(spec)

    def expect(self, spec: GenerationSpec, prompt: str) -> None:
        """Have the worker encode the prompt while another job denoises."""
        request = PrepareRequest(
            prompt=prompt,
            negative_prompt=self._negative_prompt(spec),
            guidance=self.sampling.guidance,
        )
        self._worker.prepare(request)

    def render_permit(self, spec: GenerationSpec) -> AbstractAsyncContextManager[None]:
        """Return the turn at the GPU: its wait does not count as a part of the render's time."""
        del spec
        return self._worker.device.permit

    @property
    def worker_pid(self) -> int | None:
        """The id of the worker process, if it runs."""
        return self._worker.pid

    async def probe(self) -> ReadyEvent:
        """Start the worker without the model and return what it found. Raises EngineError."""
        return await self._worker.probe()

    async def render(self, job: Job, folder: Path, report: ReportProgress) -> tuple[Rendered, ...]:
        """Render as :class:`Engine` promises; the video's note says how it was made."""
        from rushes.engines.local.assembly import (  # noqa: PLC0415  # numpy, cv2 and av come with it
            Assembly,
            assemble,
        )
        from rushes.engines.local.part_inputs import plan_of  # noqa: PLC0415  # likewise
        from rushes.engines.video.mp4 import Label  # noqa: PLC0415  # likewise

        seed = seed_for(job, folder) if job.spec.seed is None else job.spec.seed
        with self._worker.holding_model():
            report(0.0)
            plan = await asyncio.to_thread(plan_of, job, self.family)
            made = await self._make_parts(job, plan, seed, folder, report)
        work = Assembly(
            parts=made,
            size_px=plan.delivered_px,
            label=Label(engine=self.name, comment=f"Made by the model {self.name}."),
            earlier=job.earlier_clip,
            later=job.later_clip,
            note=_note(
                plan,
                None if job.spec.seed is not None else seed,
                is_silenced=self._sound and not _is_one_piece(job, plan),
            ),
        )
        rendered = await in_thread(lambda watch: assemble(work, folder, watch), lambda _: None)
        report(1.0)
        return rendered

    async def close(self) -> None:
        """End the worker process."""
        await self._worker.end()

    async def _make_parts(
        self, job: Job, plan: RenderPlan, seed: int, folder: Path, report: ReportProgress
    ) -> list[Path]:
        """Have the worker make each part in turn, and return their files."""
        from rushes.engines.local.part_inputs import (  # noqa: PLC0415  # numpy, cv2 and av come with it
            inputs_of,
        )

        progress = PartProgress([part.frames for part in plan.parts], report)
        made: list[Path] = []
        for number, part in enumerate(plan.parts):
            inputs = await asyncio.to_thread(inputs_of, part, number, job, made, folder)
            request = self._request(
                job, plan, number, inputs, seed=seed + number, output=folder / f"part{number}.mp4"
            )
            follow = partial(progress.follow, number)
            advice = _smaller(job.spec, self.capabilities, is_one_part=len(plan.parts) == 1)
            _check(await self._worker.generate(request, follow, advice=advice), request)
            made.append(request.output)
        return made

    def _negative_prompt(self, spec: GenerationSpec) -> str | None:
        avoids = spec.negative_prompt or self.family.avoids
        return avoids if self.sampling.is_guided else None

    def _request(
        self,
        job: Job,
        plan: RenderPlan,
        number: int,
        inputs: PartInputs,
        *,
        seed: int,
        output: Path,
    ) -> GenerateRequest:
        """Return the request for the part with this number."""
        part, sampling = plan.parts[number], self.sampling
        width, height = plan.generated_px
        return GenerateRequest(
            id=f"{output.parent.name}-{number}",
            prompt=job.prompt,
            negative_prompt=self._negative_prompt(job.spec),
            seed=seed,
            width=width,
            height=height,
            frames=part.frames,
            fps=self.family.fps,
            steps=sampling.steps,
            guidance=sampling.guidance,
            sigmas=sampling.sigmas,
            solver=sampling.solver,
            second_sigmas=sampling.second_sigmas,
            first_image=inputs.first_image,
            last_image=inputs.last_image,
            clip=inputs.clip,
            clip_frames=inputs.clip_frames,
            keep=part.keep,
            deliver=Delivery(width=plan.delivered_px[0], height=plan.delivered_px[1]),
            output=output,
            preview=job.preview,
            sound=self._sound and _is_one_piece(job, plan),
        )


def seed_for(job: Job, folder: Path) -> int:
    """
    Return a seed for a job without one: another for each attempt, which its folder identifies.

    It is the same when a job is rendered again into the same folder.
    """
    digest = hashlib.sha256(f"{folder}\n{job.prompt}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> (64 - _SEED_BITS)


def _check(done: DoneEvent, request: GenerateRequest) -> None:
    """Refuse a file that is not what the plan promised."""
    expected = (request.deliver.width, request.deliver.height, request.keep[1] - request.keep[0])
    if (done.width, done.height, done.frames) != expected:
        raise ResultUnusable(
            f"the worker delivered {done.frames} frames of {done.width}x{done.height}, not"
            f" {expected[2]} of {expected[0]}x{expected[1]}"
        )


def _smaller(spec: GenerationSpec, can: Capabilities, *, is_one_part: bool) -> str:
    """Return what needs less memory than *spec*; empty if nothing that the model makes does."""
    sizes = (
        can.resolutions[: can.resolutions.index(spec.resolution)]
        if spec.resolution in (can.resolutions)
        else ()
    )
    shorter = [one for one in can.durations_s if one < spec.duration_s] if is_one_part else []
    found = [f"{sizes[-1]} or less"] if sizes else []
    found += [f"{shorter[-1]:g} s or less"] if shorter else []
    return ", or ".join(found)


def _is_one_piece(job: Job, plan: RenderPlan) -> bool:
    """Return whether the worker's file is the video; the sounds of several cannot be joined."""
    return len(plan.parts) == 1 and job.earlier_clip is None and job.later_clip is None


def _note(plan: RenderPlan, seed: int | None, *, is_silenced: bool) -> str | None:
    """Return what the caller should know of how the video was made."""
    return join_notes(
        plan.note,
        _SILENCED if is_silenced else None,
        None if seed is None else f"Its seed is {seed}.",
    )
