"""Deleting an account takes all that it owned, and nothing else."""

from pathlib import Path

import pytest
from tests.conftest import MakeGeneration

from rushes.core import lifecycle
from rushes.core.errors import Conflict, NotFound, Unauthenticated
from rushes.core.generation import AccountId, Announce, Generation, GenerationId, State
from rushes.core.upload import Purpose, Upload, UploadState
from rushes.kit.clock import FrozenClock
from rushes.media.files import FileMediaStore
from rushes.service.account_deletion import AccountDeletion, DeletedAccount
from rushes.service.accounts import Accounts
from rushes.store.base import GenerationFilter, UploadFilter
from rushes.store.memory import MemoryStore
from rushes.store.outbox import Webhook


class Office:
    """Two accounts that own one of everything, and what closes them."""

    def __init__(self, folder: Path, clock: FrozenClock) -> None:
        self.store = MemoryStore()
        self.media = FileMediaStore(folder)
        self.clock = clock
        self.accounts = Accounts(keyring=self.store, clock=clock)
        self.paused_s: list[float] = []
        self.deletion = AccountDeletion(
            store=self.store,
            media=self.media,
            accounts=self.accounts,
            clock=clock,
            pause=self.pause,
        )

    async def pause(self, seconds: float) -> None:
        self.paused_s.append(seconds)

    async def furnish(self, owner: str, generation: Generation) -> str:
        """Give *owner* one of everything; return the secret of its key."""
        _, secret = await self.accounts.create_key(owner)
        await self.store.write(lifecycle.submit(generation))
        await self.media.put_bytes(f"{generation.id}/1/video.mp4", b"v")
        upload = Upload(
            id=f"upload of {owner}",
            account_id=AccountId(owner),
            purpose=Purpose.INPUT,
            media_type="image/png",
            size_bytes=1,
            created_at=self.clock.now(),
            state=UploadState.READY,
            key=f"uploads/upload of {owner}/a.png",
        )
        await self.media.put_bytes(upload.key or "", b"p")
        await self.store.add_upload(upload)
        await self.store.add_webhook(
            Webhook(
                id=f"hook of {owner}",
                account_id=AccountId(owner),
                url="https://hooks.example.com/x",
                created_at=self.clock.now(),
            )
        )
        return secret


@pytest.fixture
def office(tmp_path: Path, clock: FrozenClock) -> Office:
    return Office(tmp_path, clock)


def of(owner: str, make_generation: MakeGeneration) -> Generation:
    return make_generation(
        f"work of {owner}",
        account_id=AccountId(owner),
        announce=Announce(url="https://hooks.example.com/x", format="native"),
    )


async def test_all_that_it_owned_goes_and_nothing_of_another(
    office: Office, make_generation: MakeGeneration, clock: FrozenClock
) -> None:
    secrets = {o: await office.furnish(o, of(o, make_generation)) for o in ("mine", "hers")}
    done = lifecycle.cancel(of("mine", make_generation), now=clock.now())
    await office.store.write(done)

    closed = await office.deletion.delete("mine")

    assert closed == DeletedAccount(account_id=AccountId("mine"), generations=1, uploads=1, keys=1)
    with pytest.raises(Unauthenticated):
        await office.accounts.authenticate(secrets["mine"])
    assert [one.id for one in await office.accounts.accounts()] == ["hers"]
    assert [one.account_id for one in await office.accounts.keys()] == ["hers"]
    assert [one.account_id for one in await office.store.list(GenerationFilter())] == ["hers"]
    assert [one.account_id for one in await office.store.uploads(UploadFilter())] == ["hers"]
    assert [one.account_id for one in await office.store.webhooks()] == ["hers"]
    assert await office.store.deliveries(GenerationId("work of mine")) == ()
    for owner, there in (("mine", False), ("hers", True)):
        for key in (f"work of {owner}/1/video.mp4", f"uploads/upload of {owner}/a.png"):
            assert (office.media.path(key) is not None) is there
    assert (await office.accounts.authenticate(secrets["hers"])).account_id == "hers"


async def test_while_something_runs_it_is_refused_and_nothing_is_done(
    office: Office, make_generation: MakeGeneration
) -> None:
    secret = await office.furnish("mine", of("mine", make_generation))
    with pytest.raises(Conflict, match="work of mine"):
        await office.deletion.delete("mine")
    await office.accounts.authenticate(secret)
    assert (await office.store.get(GenerationId("work of mine"))).state is State.QUEUED


async def test_it_can_be_cancelled_with_it(
    office: Office, make_generation: MakeGeneration, clock: FrozenClock
) -> None:
    await office.furnish("mine", of("mine", make_generation))
    claim = lifecycle.claim(of("mine", make_generation), engine="x", now=clock.now())
    await office.store.write(claim)
    assert (await office.deletion.delete("mine", cancel=True)).generations == 1
    assert await office.store.list(GenerationFilter()) == ()


async def test_what_another_process_takes_in_the_last_second_goes_too(
    office: Office, make_generation: MakeGeneration
) -> None:
    async def meanwhile(seconds: float) -> None:
        await office.pause(seconds)
        await office.store.write(lifecycle.submit(of("mine", make_generation)))

    await office.accounts.create_key("mine")
    closing = AccountDeletion(
        store=office.store,
        media=office.media,
        accounts=office.accounts,
        clock=office.clock,
        pause=meanwhile,
    )
    assert (await closing.delete("mine")).generations == 1
    assert office.paused_s == [1.0]
    assert await office.accounts.accounts() == ()


async def test_what_there_is_not_is_not_found(office: Office) -> None:
    with pytest.raises(NotFound):
        await office.deletion.delete("nobody")


async def test_an_account_without_keys_is_closed_without_waiting(
    office: Office, make_generation: MakeGeneration, clock: FrozenClock
) -> None:
    old = of("old", make_generation)
    await office.store.write(lifecycle.submit(old))
    await office.store.write(lifecycle.cancel(old, now=clock.now()))
    assert (await office.deletion.delete("old")).generations == 1
    assert office.paused_s == []
