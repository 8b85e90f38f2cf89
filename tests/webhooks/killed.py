"""
A process that kills others: at each step in turn of writing what happens and telling it.

Forks for each step a child that does both and is killed with SIGKILL when it has come so far, and
then one that delivers what is left, once the dead one's claims have ended. Prints for each a line
of JSON: whether it came to its end, and what the store says was owed.
"""

import asyncio
import json
import os
import random
import signal
import ssl
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import structlog

from rushes.core import lifecycle, transitions
from rushes.core.generation import AccountId, Announce, Generation, GenerationId
from rushes.core.signed_links import SignedLinks
from rushes.core.spec import GenerationSpec
from rushes.kit.clock import Clock, FrozenClock, SystemClock
from rushes.kit.safe_http import SafeHttpClient
from rushes.store.outbox import Webhook
from rushes.store.sqlite import SqliteStore
from rushes.webhooks.dispatcher import CLAIM_S, Dispatcher
from rushes.webhooks.sender import Sender

SECRET = "whsec_" + "A" * 43 + "="
STEPS = (
    "write",
    "next_delivery_at",
    "claim_deliveries",
    "webhook_at",
    "request",
    "settle_delivery",
    "release_deliveries",
)


class Words:
    """Tells the id and the state."""

    fast_retries_s: tuple[float, ...] = ()
    formats: tuple[str, ...] = ()
    only_final = False
    name = "plain"

    def announcement(
        self, generation: Generation, *, wording: str, url: Callable[[str], str]
    ) -> bytes:
        return json.dumps({"id": generation.id, "state": generation.state}).encode()


def deadly(thing: Any, last: list[int]) -> None:
    """Count each step before and after it is made, and die at the last."""

    def counted(step: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        def count() -> None:
            last[0] -= 1
            if last[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)

        async def made(*args: Any, **named: Any) -> Any:
            count()
            result = await step(*args, **named)
            count()
            return result

        return made

    for name in STEPS:
        if hasattr(thing, name):
            setattr(thing, name, counted(getattr(thing, name)))


def courier(store: SqliteStore, http: SafeHttpClient, clock: Clock) -> Dispatcher:
    sender = Sender(
        announcers={"plain": Words()},
        links=SignedLinks(secret=b"s" * 32),
        http=http,
        clock=clock,
        secrets=lambda: SECRET,
    )
    return Dispatcher(outbox=store, failures=store, sender=sender, clock=clock)


async def work(file: Path, url: str, last: int | None, *, seed: int) -> None:
    """Let two generations run and end, and tell of it now and then, until killed."""
    store, clock = SqliteStore(file), SystemClock()
    http = SafeHttpClient(
        allow=["127.0.0.0/8"], ssl_context=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    )
    now, chance = clock.now(), random.Random(seed)
    account = AccountId("a")
    await store.add_webhook(
        Webhook(
            id="wh_1",
            account_id=account,
            url=f"{url}/registered",
            created_at=now,
            wording="plain",
            events=frozenset(transitions.ANNOUNCED),
        )
    )
    if last is not None:
        left = [last]
        deadly(store, left)
        deadly(http, left)
    for name in ("x", "y"):
        generation = Generation(
            id=GenerationId(name),
            account_id=account,
            spec=GenerationSpec(model="ray-2", prompt="p"),
            dialect="plain",
            origin="http://h",
            created_at=now,
            updated_at=now,
            available_at=now,
            announce=Announce(url=f"{url}/named"),
        )
        queued = await store.write(lifecycle.submit(generation))
        running = await store.write(lifecycle.claim(queued, engine="e", now=clock.now()))
        if chance.random() < 0.5:
            await courier(store, http, clock).deliver_due()
        await store.write(lifecycle.complete(running, (), now=clock.now()))
    await courier(store, http, clock).deliver_due()
    await http.close()
    await store.close()


async def finish(file: Path) -> list[tuple[str, str]]:
    """Deliver what is left, and return every delivery's id and state."""
    store = SqliteStore(file)
    http = SafeHttpClient(
        allow=["127.0.0.0/8"], ssl_context=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    )
    later = FrozenClock(datetime.now(UTC) + timedelta(seconds=CLAIM_S))
    await courier(store, http, later).deliver_due()
    owed = [one for name in "xy" for one in await store.deliveries(GenerationId(name))]
    await http.close()
    await store.close()
    return [(one.id, one.state) for one in owed]


def forked(do: Callable[[], None]) -> int:
    pid = os.fork()
    if not pid:
        try:
            do()
        finally:
            os._exit(0)
    return os.waitpid(pid, 0)[1]


def main(folder: Path, url: str, steps: list[int], seed: int) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    for number in steps:
        file, there = folder / f"{number}.db", f"{url}/{number}"
        status = forked(lambda: asyncio.run(work(file, there, number, seed=seed)))  # noqa: B023  # it is over by then
        was_killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL

        def tell() -> None:
            owed = asyncio.run(finish(file)) if file.exists() else []  # noqa: B023  # as above
            reported = {"step": number, "was_killed": was_killed, "owed": owed}  # noqa: B023  # as above
            os.write(1, json.dumps(reported).encode() + b"\n")

        forked(tell)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], list(map(int, sys.argv[3].split(","))), int(sys.argv[4]))
