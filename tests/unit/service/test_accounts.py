"""Who a key acts for, and for how long."""

import pytest

from rushes.core.errors import Forbidden, Unauthenticated
from rushes.kit.clock import FrozenClock
from rushes.service.accounts import MOST_TRUSTED, Accounts
from rushes.store.memory import MemoryStore


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def accounts(store: MemoryStore, clock: FrozenClock) -> Accounts:
    return Accounts(keyring=store, clock=clock)


async def test_a_key_acts_for_its_account_each_time(accounts: Accounts) -> None:
    key, secret = await accounts.create_key("a", account="b", batch_format="wrapped", operates=True)
    for _ in range(2):
        caller = await accounts.authenticate(secret)
        assert (caller.account_id, caller.key_id, caller.batch_format) == ("b", key.id, "wrapped")
        caller.must_operate()


async def test_a_key_revoked_here_is_worthless_at_once(accounts: Accounts) -> None:
    key, secret = await accounts.create_key("a")
    await accounts.authenticate(secret)
    await accounts.revoke_key(key.id)
    with pytest.raises(Unauthenticated):
        await accounts.authenticate(secret)


async def test_a_key_revoked_by_another_process_is_worthless_within_a_second(
    accounts: Accounts, store: MemoryStore, clock: FrozenClock
) -> None:
    key, secret = await accounts.create_key("a")
    await accounts.authenticate(secret)
    clock.advance(seconds=0.9)
    await accounts.authenticate(secret)
    await store.revoke_key(key.id, now=clock.now())
    clock.advance(seconds=0.1)
    with pytest.raises(Unauthenticated):
        await accounts.authenticate(secret)


async def test_a_key_that_was_unknown_works_as_soon_as_it_is_made(
    store: MemoryStore, clock: FrozenClock
) -> None:
    here, elsewhere = (Accounts(keyring=store, clock=clock) for _ in range(2))
    _, secret = await elsewhere.create_key("a")
    assert (await here.authenticate(secret)).account_id == "a"
    with pytest.raises(Unauthenticated):
        await here.authenticate(secret + "x")


async def test_what_is_remembered_of_keys_does_not_grow_for_ever(accounts: Accounts) -> None:
    secrets = [(await accounts.create_key(str(n)))[1] for n in range(MOST_TRUSTED + 10)]
    for secret in secrets:
        await accounts.authenticate(secret)
    assert len(accounts._trusted) <= MOST_TRUSTED


async def test_only_a_key_that_was_made_for_it_operates(clock: FrozenClock) -> None:
    accounts = Accounts(keyring=MemoryStore(), clock=clock)
    _, secret = await accounts.create_key("a")
    with pytest.raises(Forbidden, match="--operate"):
        (await accounts.authenticate(secret)).must_operate()


async def test_whoever_calls_a_server_without_keys_is_no_operator(clock: FrozenClock) -> None:
    accounts = Accounts(keyring=MemoryStore(), clock=clock, open_to_all=True)
    _, secret = await accounts.create_key("a", operates=True)
    with pytest.raises(Forbidden):
        (await accounts.authenticate(secret)).must_operate()
