"""Send the callbacks of a mock upstream, in time or with an injected fault."""

import asyncio
import heapq
import json
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from typing import Final

import httpx2

from rushes.mock_upstream.counts import Counts
from rushes.mock_upstream.faults import FaultKind, FaultPlan, InjectedFault
from rushes.mock_upstream.jobs import Job, Phase
from rushes.mock_upstream.messages import Act

PATIENCE_S: Final = 5.0
TRIES: Final = 3
BETWEEN_TRIES_S: Final = 0.1
"""Source: docs.lumalabs.ai, changelog of callbacks."""

AT_ONCE: Final = 50
LATE_S: Final = 0.2

Word = Callable[[Job, Phase], object]
"""Returns the callback body of a job in a phase, as JSON."""


class Callbacks:
    """
    Posts the phases of jobs to their callback URLs.

    No task waits for a single job: a heap holds the callbacks by time, and one task, started with
    the first callback, sleeps until the next is due.
    """

    def __init__(
        self, *, now: Callable[[], float], word: Word, fault_plan: FaultPlan, counts: Counts
    ) -> None:
        self._now, self._word, self._fault_plan, self._counts = now, word, fault_plan, counts
        self._due: list[tuple[float, int, Job, Phase]] = []
        self._numbers = count()
        self._changed = asyncio.Event()
        self._room = asyncio.Semaphore(AT_ONCE)
        self._sending: set[asyncio.Task[None]] = set()
        self._running: asyncio.Task[None] | None = None

    async def schedule(self, job: Job) -> None:
        """Schedule the callbacks of a new job, and send those that are early."""
        if job.callback_url is None:
            return
        final = Phase.FAILED if job.fault else Phase.COMPLETED
        for when, phase in ((job.starts_at, Phase.WORKING), (job.ends_at, final)):
            await self._plan(job, when, phase, self._fault_plan.draw(Act.CALLBACK))
        if self._running is None and self._due:
            self._running = asyncio.create_task(self._run())
        self._changed.set()

    async def _plan(self, job: Job, when: float, phase: Phase, injected: InjectedFault) -> None:
        times = 1
        match injected.kind:
            case FaultKind.LOST:
                times = 0
            case FaultKind.TWICE:
                times = 2
            case FaultKind.LATE:
                when = job.ends_at + injected.number(LATE_S)
            case FaultKind.EARLY:
                times = 0
                async with httpx2.AsyncClient(timeout=PATIENCE_S, trust_env=False) as client:
                    await self._send(client, job, phase)
            case _:
                pass
        for _ in range(times):
            heapq.heappush(self._due, (when, next(self._numbers), job, phase))

    def nudge(self) -> None:
        """Read the clock again, after a test has moved it."""
        self._changed.set()

    def stop(self) -> None:
        """Send no more callbacks."""
        if self._running is not None:
            self._running.cancel()

    async def _run(self) -> None:
        async with httpx2.AsyncClient(timeout=PATIENCE_S, trust_env=False) as client:
            try:
                while True:
                    self._send_due(client)
                    self._changed.clear()
                    wait_s = self._due[0][0] - self._now() if self._due else None
                    with suppress(TimeoutError):
                        async with asyncio.timeout(wait_s):
                            await self._changed.wait()
            finally:
                for task in self._sending:
                    task.cancel()
                await asyncio.gather(*self._sending, return_exceptions=True)

    def _send_due(self, client: httpx2.AsyncClient) -> None:
        now = self._now()
        while self._due and self._due[0][0] <= now:
            _, _, job, phase = heapq.heappop(self._due)
            if job.cancelled_at is None and not job.forgotten:
                task = asyncio.create_task(self._send(client, job, phase))
                self._sending.add(task)
                task.add_done_callback(self._sending.discard)

    async def _send(self, client: httpx2.AsyncClient, job: Job, phase: Phase) -> None:
        body = json.dumps(self._word(job, phase)).encode()
        async with self._room:
            for number in range(TRIES):
                if number:
                    await asyncio.sleep(BETWEEN_TRIES_S)
                if await self._deliver(client, job.callback_url or "", body):
                    self._counts.delivered += 1
                    return
        self._counts.undelivered += 1

    async def _deliver(self, client: httpx2.AsyncClient, url: str, body: bytes) -> bool:
        try:
            reply = await client.post(
                url, content=body, headers={"content-type": "application/json"}
            )
        except (httpx2.HTTPError, httpx2.InvalidURL):
            return False
        return reply.is_success
