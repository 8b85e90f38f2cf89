"""Render one claimed generation on this machine and settle it."""

import asyncio
from dataclasses import replace
from pathlib import Path

import structlog

from rushes.core import lifecycle
from rushes.core.errors import (
    Conflict,
    EngineCrashed,
    EngineError,
    EngineTimeout,
    MediaError,
    RushesError,
)
from rushes.core.generation import Artifact, Generation, State
from rushes.core.lifecycle import Change
from rushes.core.rendered import PREVIEW_FILE, join_notes, preview_key
from rushes.engines.base import Engine, expect_job, needs_plan, render_permit
from rushes.kit.finish_before_cancel import finish_before_cancel
from rushes.prompts.expansion import PreparedPrompt
from rushes.prompts.shot_planning import PlannedShot
from rushes.worker.context import WorkerContext
from rushes.worker.lease import LeaseKeeper
from rushes.worker.preparation import JobPreparation
from rushes.worker.previews import publish_preview
from rushes.worker.result_files import attempt_folder, delete_results, store_results
from rushes.worker.retry_policy import after_failure

_log = structlog.get_logger()


class LocalAttempt:
    """
    Render one claimed generation with an engine and write the result.

    Cancelling the task that awaits :meth:`run` returns the generation to the queue.

    Args:
        timeout_s: Seconds that the render may take; by default as the context's limits say.
    """

    def __init__(
        self,
        context: WorkerContext,
        generation: Generation,
        engine: Engine,
        *,
        timeout_s: float | None = None,
    ) -> None:
        self._context = context
        self._engine = engine
        self._timeout_s = timeout_s or context.limits.render_timeout_s
        self._keeper = LeaseKeeper(context, generation)

    def mark_lost(self) -> None:
        """Stop the attempt: another process has changed the generation."""
        self._keeper.mark_lost()

    async def run(self) -> None:
        """Render, store the files and settle; delete the files if the generation was lost."""
        work = asyncio.ensure_future(self._work())
        try:
            change = await self._keeper.keep_during(work)
        except asyncio.CancelledError:
            if work.done() and not work.cancelled():
                if (change := work.result()) is not None:
                    await self._keeper.settle(change)
            else:
                await delete_results(self._context, self._folder)  # before settling, as below
                now = self._context.clock.now()
                await self._keeper.settle(lifecycle.release(self._generation, now=now))
            raise
        if change is None:
            _log.info("attempt_lost", generation=self._generation.id)
            await delete_results(self._context, self._folder)
        elif change.after.state is not State.COMPLETED:
            # Before settling: a release gives the same number, and so this folder, to the next one.
            await delete_results(self._context, self._folder)
            await self._keeper.settle(change)
        elif await self._keeper.settle(change):  # crashed attempts may have left files behind
            earlier = range(1, self._generation.attempt)
            await delete_results(
                self._context, *(attempt_folder(self._generation, number) for number in earlier)
            )
        else:
            await delete_results(self._context, self._folder)

    @property
    def _generation(self) -> Generation:
        """The generation as this attempt wrote it last."""
        return self._keeper.generation

    @property
    def _folder(self) -> str:
        return attempt_folder(self._generation, self._generation.attempt)

    async def _work(self) -> Change | None:
        """Render and return the change that ends the attempt; None if the generation was lost."""
        limits = self._context.limits
        try:
            prepared = await self._context.prompts.prepare(self._generation)
            planned = await self._plan(prepared)
            expect_job(self._engine, self._generation.spec, prepared.prompt)
            permit = render_permit(self._engine, self._generation.spec)
            if isinstance(permit, asyncio.Lock) and permit.locked():
                self._keeper.report_progress(0.0, "waiting for the device")
            # The wait for the permit does not count as a part of the render's time.
            async with (
                permit,
                asyncio.timeout(self._timeout_s),
            ):
                with self._context.scratch.folder() as folder:
                    artifacts, how = await self._render(folder, prepared, planned)
        except Conflict:
            return None  # cancelled before the plan was recorded, or the lease was lost
        except TimeoutError:
            return self._failed(EngineTimeout(f"not done after {self._timeout_s:g} s"))
        except EngineError as error:
            return self._failed(error)
        except MediaError:
            _log.exception("files_not_stored", generation=self._generation.id)
            now = self._context.clock.now()
            return lifecycle.release(self._generation, pause_s=limits.disk_full_pause_s, now=now)
        except Exception:  # noqa: BLE001  # a bug in an engine must end the attempt, not the worker
            _log.exception("attempt_crashed", generation=self._generation.id)
            return self._failed(EngineCrashed("the engine failed unexpectedly"))
        return lifecycle.complete(
            self._generation,
            artifacts,
            prompt_used=prepared.prompt_used,
            note=join_notes(prepared.note, planned.note if planned else None, how),
            now=self._context.clock.now(),
        )

    async def _plan(self, prepared: PreparedPrompt) -> PlannedShot | None:
        """
        Return the plan for the engine to draw, if it draws plans.

        It is recorded at once, so that callers see it while it is drawn.

        Raises:
            Conflict: Another process has changed the generation.
        """
        planner = self._context.planner
        if planner is None or not needs_plan(self._engine, self._generation.spec):
            return None
        planned = await planner.plan_for(self._generation.spec, prepared.prompt)
        if planned is not None and self._generation.spec.shot_plan is None:
            change = lifecycle.plan(
                self._generation,
                planned.plan,
                prompt_used=prepared.prompt_used,
                note=join_notes(prepared.note, planned.note),
                now=self._context.clock.now(),
            )
            # A written plan that this attempt does not know of would be one by another process.
            await finish_before_cancel(self._keeper.write(change))
        return planned

    async def _render(
        self, folder: Path, prepared: PreparedPrompt, planned: PlannedShot | None
    ) -> tuple[tuple[Artifact, ...], str | None]:
        """Return the stored files, and what the engine says of how they were made."""
        preparation = JobPreparation(
            store=self._context.store,
            media=self._context.media,
            inputs=self._context.inputs,
            folder=folder,
            can=self._engine.capabilities,
        )
        plan = planned.plan if planned else self._generation.spec.shot_plan
        job = await preparation.job(self._generation, prepared.prompt, plan)
        job = replace(job, preview=folder / PREVIEW_FILE)
        key = preview_key(self._generation)
        async with publish_preview(self._context.media, key, folder / PREVIEW_FILE):
            rendered = await self._engine.render(job, folder, self._keeper.report_progress)
        stored = await store_results(self._context.media, self._folder, rendered)
        return stored, join_notes(*(one.note for one in rendered))

    def _failed(self, error: RushesError) -> Change:
        return after_failure(
            self._generation,
            error,
            max_attempts=self._context.limits.max_attempts,
            now=self._context.clock.now(),
        )
