"""Who a key acts for, and for how long."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from rushes.core.errors import Conflict, Forbidden, InvalidRequest, StoreError, Unauthenticated
from rushes.core.keys import InFlightLimit, KeyLimits, Scope
from rushes.kit.clock import FrozenClock
from rushes.service.accounts import KEY_CACHE_SIZE, LOCAL_ACCOUNT, Accounts
from rushes.store.memory import MemoryStore


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def accounts(store: MemoryStore, clock: FrozenClock) -> Accounts:
    return Accounts(keyring=store, clock=clock)


async def test_a_key_acts_for_its_account_each_time(accounts: Accounts) -> None:
    key, secret = await accounts.create_key(
        "a", account="b", batch_format="wrapped", is_operator=True
    )
    for _ in range(2):
        caller = await accounts.authenticate(secret)
        assert (caller.account_id, caller.key_id, caller.batch_format) == ("b", key.id, "wrapped")
        caller.require_operator()


async def test_of_two_servers_on_an_empty_store_one_makes_the_first_key(
    store: MemoryStore, clock: FrozenClock
) -> None:
    servers = [Accounts(keyring=store, clock=clock) for _ in range(2)]
    (key, secret), (same, nothing) = [
        await one.create_first_key(host) for one, host in zip(servers, ("a", "b"), strict=True)
    ]

    assert (same, nothing) == (key, None)
    assert key is not None
    assert key.name == "first, made on a"
    (await servers[1].authenticate(secret)).require_operator()


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
    secrets = [(await accounts.create_key(str(n)))[1] for n in range(KEY_CACHE_SIZE + 10)]
    for secret in secrets:
        await accounts.authenticate(secret)
    assert len(accounts._cache) <= KEY_CACHE_SIZE


async def test_only_a_key_that_was_made_for_it_operates(clock: FrozenClock) -> None:
    accounts = Accounts(keyring=MemoryStore(), clock=clock)
    _, secret = await accounts.create_key("a")
    with pytest.raises(Forbidden, match="--operate"):
        (await accounts.authenticate(secret)).require_operator()


async def test_a_server_without_keys_has_one_account_whatever_key_is_sent(
    clock: FrozenClock,
) -> None:
    accounts = Accounts(keyring=MemoryStore(), clock=clock, open_to_all=True)
    _, secret = await accounts.create_key("a", is_operator=True)
    caller = await accounts.authenticate(secret)
    assert (caller.account_id, caller.key_id) == (LOCAL_ACCOUNT, None)
    assert accounts.local_caller(is_operator=True).scopes == frozenset(Scope)
    with pytest.raises(Forbidden, match="its own machine"):
        caller.require_operator()


async def test_a_key_needs_a_name_a_scope_and_a_time_to_come(
    accounts: Accounts, clock: FrozenClock
) -> None:
    for wrong in (
        {"scopes": ()},
        {"expires_at": clock.now()},
        {"account": " "},
        {"account": "a\nb"},
    ):
        with pytest.raises(InvalidRequest):
            await accounts.create_key("a", **wrong)
    assert await accounts.keys() == ()


async def test_a_key_ends_when_it_was_said_also_where_it_is_remembered(
    accounts: Accounts, clock: FrozenClock
) -> None:
    ends_at = clock.now() + timedelta(seconds=0.5)
    _, secret = await accounts.create_key("a", expires_at=ends_at)
    assert (await accounts.authenticate(secret)).account_id == "a"
    clock.advance(seconds=0.5)
    with pytest.raises(Unauthenticated, match="no longer"):
        await accounts.authenticate(secret)


async def test_a_rotated_key_has_two_secrets_for_the_grace_period_and_never_three(
    accounts: Accounts, clock: FrozenClock
) -> None:
    key, first = await accounts.create_key("a", is_operator=True)
    rotated, second = await accounts.rotate_key(key.id, grace=timedelta(seconds=10))
    for secret in (first, second):
        caller = await accounts.authenticate(secret)
        assert (caller.key_id, caller.is_operator) == (key.id, True)
    assert (rotated.id, rotated.name, rotated.hint) == (key.id, "a", second[:10])
    _, third = await accounts.rotate_key(key.id, grace=timedelta(seconds=10))
    with pytest.raises(Unauthenticated):
        await accounts.authenticate(first)
    clock.advance(seconds=10)
    with pytest.raises(Unauthenticated):
        await accounts.authenticate(second)
    await accounts.authenticate(third)


async def test_without_a_grace_period_the_old_secret_is_worthless_at_once(
    accounts: Accounts,
) -> None:
    key, old = await accounts.create_key("a")
    await accounts.authenticate(old)
    await accounts.rotate_key(key.id)
    with pytest.raises(Unauthenticated):
        await accounts.authenticate(old)


@pytest.mark.parametrize("grace_s", [-1, 31 * 86400])
async def test_a_grace_period_is_neither_negative_nor_endless(
    accounts: Accounts, grace_s: float
) -> None:
    key, secret = await accounts.create_key("a")
    with pytest.raises(InvalidRequest):
        await accounts.rotate_key(key.id, grace=timedelta(seconds=grace_s))
    await accounts.authenticate(secret)


async def test_a_revoked_key_is_neither_rotated_nor_limited(accounts: Accounts) -> None:
    key, secret = await accounts.create_key("a")
    await accounts.revoke_key(key.id)
    with pytest.raises(Conflict):
        await accounts.rotate_key(key.id)
    with pytest.raises(Conflict):
        await accounts.limit_key(key.id, lambda limits: limits)
    with pytest.raises(Unauthenticated):
        await accounts.authenticate(secret)


async def test_limits_change_at_once_and_of_two_changes_none_is_lost(
    accounts: Accounts,
) -> None:
    key, secret = await accounts.create_key("a", limits=KeyLimits(in_flight=1))
    assert (await accounts.authenticate(secret)).in_flight_limit == InFlightLimit(
        key_id=key.id, most=1
    )
    await asyncio.gather(
        accounts.limit_key(key.id, lambda limits: replace(limits, in_flight=None)),
        accounts.limit_key(key.id, lambda limits: replace(limits, submits_per_minute=7)),
    )
    caller = await accounts.authenticate(secret)
    assert caller.limits == KeyLimits(submits_per_minute=7)
    assert caller.in_flight_limit is None


async def test_when_a_key_was_used_is_noted_once_a_minute(
    accounts: Accounts, store: MemoryStore, clock: FrozenClock
) -> None:
    key, secret = await accounts.create_key("a")
    began, noted = clock.now(), set[datetime | None]()
    for _ in range(120):
        await accounts.authenticate(secret)
        await asyncio.sleep(0)
        noted.add((await store.get_key(key.id)).used_at)
        clock.advance(seconds=1)
    assert noted == {began, began + timedelta(minutes=1)}


async def test_a_request_does_not_fail_where_its_use_cannot_be_noted(
    accounts: Accounts, store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(key_id: str, *, at: datetime) -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr(store, "note_use", full)
    _, secret = await accounts.create_key("a")
    await accounts.authenticate(secret)
    for _ in range(3):
        await asyncio.sleep(0)
    assert not accounts._recording


async def test_an_account_has_a_name_and_is_made_once(accounts: Accounts) -> None:
    made = await accounts.create_account("acme", name="Acme Films")
    with pytest.raises(Conflict):
        await accounts.create_account("acme")
    await accounts.create_key("laptop", account="acme")
    assert await accounts.accounts() == (made,)
    assert await accounts.account(made.id) == made
