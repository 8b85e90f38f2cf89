"""The law of turns: accounts that wait at the same time are claimed equally often."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from rushes.core import lifecycle
from rushes.core.generation import AccountId, Generation, GenerationId
from rushes.core.spec import GenerationSpec
from rushes.store.memory import MemoryStore

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ACCOUNTS = ("a", "b", "c")

SUBMITS = st.tuples(st.sampled_from(ACCOUNTS), st.integers(min_value=1, max_value=8))
CLAIMS = st.integers(min_value=1, max_value=5)


def queued(name: str, account: str) -> Generation:
    return Generation(
        id=GenerationId(name),
        account_id=AccountId(account),
        spec=GenerationSpec(model="ray-2", prompt="a lighthouse", resolution="720p"),
        dialect="luma_relay",
        origin="http://127.0.0.1:8000",
        created_at=NOW,
        updated_at=NOW,
        available_at=NOW,
    )


class Queue:
    """A store with one model's queue, and how many of each account wait in it."""

    def __init__(self) -> None:
        self.store = MemoryStore()
        self.waiting: Counter[str] = Counter()
        self._submitted = 0

    async def submit(self, account: str, count: int) -> None:
        for _ in range(count):
            self._submitted += 1
            generation = queued(f"g{self._submitted}", account)
            await self.store.write(lifecycle.submit(generation))
        self.waiting[account] += count

    async def claim(self) -> str | None:
        """Claim what is next, complete it and return its account."""
        found = await self.store.next_available(now=NOW, models=("ray-2",))
        if found is None:
            return None
        claimed = lifecycle.claim(found, engine="scripted", now=NOW)
        await self.store.write(claimed)
        await self.store.write(lifecycle.complete(claimed.after, (), now=NOW))
        self.waiting[found.account_id] -= 1
        return found.account_id


@given(steps=st.lists(SUBMITS | CLAIMS, max_size=15))
def test_accounts_that_wait_at_the_same_time_are_claimed_equally_often(
    steps: Sequence[tuple[str, int] | int],
) -> None:
    async def go() -> None:
        queue = Queue()
        for step in steps:
            if isinstance(step, tuple):
                await queue.submit(*step)
            else:
                for _ in range(step):
                    await queue.claim()
        rivals = [account for account in ACCOUNTS if queue.waiting[account]]
        claimed: Counter[str] = Counter()
        while rivals and all(queue.waiting[account] for account in rivals):
            account = await queue.claim()
            assert account is not None
            claimed[account] += 1
            counts = [claimed[rival] for rival in rivals]
            assert max(counts) - min(counts) <= 2, claimed

    asyncio.run(go())


@given(steps=st.lists(SUBMITS | CLAIMS, max_size=15), rival_count=st.integers(1, 50))
def test_a_newcomer_waits_for_at_most_two_of_each_other_account(
    steps: Sequence[tuple[str, int] | int], rival_count: int
) -> None:
    async def go() -> None:
        queue = Queue()
        for step in steps:
            if isinstance(step, tuple):
                await queue.submit(*step)
            else:
                for _ in range(step):
                    await queue.claim()
        await queue.submit("a", rival_count)
        await queue.submit("newcomer", 1)
        before = 0
        while await queue.claim() != "newcomer":
            before += 1
        assert before <= 2 * len(ACCOUNTS)

    asyncio.run(go())
