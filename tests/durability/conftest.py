"""Workers on an in-memory store, with engines and upstreams that the test scripts."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from rushes.core import lifecycle
from rushes.core.generation import Announce, Generation
from rushes.core.signed_links import SignedLinks
from rushes.engines.base import Channel, Engine, Job, channels_of
from rushes.engines.scripted import ScriptedEngine, Step
from rushes.kit.clock import FrozenClock
from rushes.kit.safe_http import SafeHttpClient
from rushes.media.files import FileMediaStore
from rushes.prompts.expansion import PromptPreparation
from rushes.store.memory import MemoryStore
from rushes.worker.context import AttemptLimits, WorkerContext
from rushes.worker.inputs import Inputs
from rushes.worker.loop import Worker
from rushes.worker.public_files import PublicFiles


@dataclass(kw_only=True)
class Cluster:
    """One store and any number of workers that share it."""

    store: MemoryStore
    media: FileMediaStore
    clock: FrozenClock
    limits: AttemptLimits

    def worker(self, engine: Engine, *, name: str = "w1", slots: int = 1) -> Worker:
        return Worker(
            context=replace(self._worker_context(), worker=name),
            channels=channels_of({"ray-2": engine}),
            pauses=self.store,
            slots=slots,
            poll_s=0.01,
        )

    def _worker_context(self) -> WorkerContext:
        return WorkerContext(
            store=self.store,
            media=self.media,
            inputs=Inputs(http=SafeHttpClient()),
            prompts=PromptPreparation(),
            clock=self.clock,
            limits=self.limits,
            worker="w1",
        )

    def local_worker(
        self,
        *steps: Step,
        name: str = "w1",
        before: Callable[[Job], Awaitable[object]] | None = None,
    ) -> Worker:
        return self.worker(ScriptedEngine(steps, before=before), name=name)

    def upstream_worker(
        self, *channels: Channel, name: str = "w1", public_url: str | None = None
    ) -> Worker:
        """Return a worker with these channels; call :meth:`poll` to poll what is due."""
        public_files = public_url and PublicFiles(
            public_url=public_url,
            media=self.media,
            links=SignedLinks(secret=b"k" * 32),
            clock=self.clock,
        )
        context = replace(self._worker_context(), worker=name, public_files=public_files)
        return Worker(context=context, channels=channels, pauses=self.store)

    async def poll(self, worker: Worker, *, after_s: float) -> None:
        """Advance the clock, then poll the jobs that are due."""
        self.clock.advance(seconds=after_s)
        await worker.poll_due()

    async def submit(self, generation: Generation) -> Generation:
        return await self.store.write(lifecycle.submit(generation))

    async def events(self, generation: Generation) -> list[str]:
        return [event.type for event in await self.store.events(generation.id)]


@pytest.fixture
def cluster(tmp_path: Path, clock: FrozenClock) -> Cluster:
    return Cluster(
        store=MemoryStore(),
        media=FileMediaStore(tmp_path / "media"),
        clock=clock,
        limits=AttemptLimits(
            lease_s=15.0, max_attempts=3, render_timeout_s=5.0, progress_every_s=0.0
        ),
    )


@pytest.fixture
def generation(make_generation) -> Generation:
    return make_generation(announce=Announce(url="http://hook.test/"))
