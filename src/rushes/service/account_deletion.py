"""Delete an account with everything that it owns."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Protocol

from rushes.core import lifecycle
from rushes.core.errors import Conflict, IllegalTransition, NotFound
from rushes.core.generation import AccountId, Generation, State
from rushes.kit.clock import Clock
from rushes.kit.quoting import quoted_text
from rushes.media.base import MediaStore
from rushes.service.accounts import KEY_CACHE_TTL, Accounts
from rushes.service.upload_bytes import upload_folder
from rushes.store.base import GenerationFilter, Keyring, Store, UploadFilter, Uploads
from rushes.store.outbox import Outbox

_OPEN: Final = frozenset({State.QUEUED, State.RUNNING})
_AT_ONCE: Final = 100


class AccountStore(Store, Keyring, Uploads, Outbox, Protocol):
    """The parts of the store that hold data of an account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletedAccount:
    """The numbers of objects that were deleted with an account."""

    account_id: AccountId
    generations: int
    uploads: int
    keys: int


class AccountDeletion:
    """
    Removes accounts for good.

    Args:
        pause: Waits for a number of seconds.
    """

    def __init__(
        self,
        *,
        store: AccountStore,
        media: MediaStore,
        accounts: Accounts,
        clock: Clock,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._store = store
        self._media = media
        self._accounts = accounts
        self._clock = clock
        self._pause = pause

    async def delete(self, account: str, *, cancel: bool = False) -> DeletedAccount:
        """
        Remove an account's generations, files, deliveries, webhooks, uploads and keys.

        Its keys are revoked first, so that nothing is added meanwhile. After an interruption the
        caller can repeat the request.

        Args:
            cancel: Cancel unfinished generations.

        Raises:
            NotFound: There is no such account, and nothing belongs to it.

            Conflict: It has unfinished generations, and *cancel* is False. Nothing was changed.
        """
        account_id = AccountId(account)
        keys = await self._accounts.keys(account_id=account_id)
        if not keys and not await self._is_known(account_id):
            raise NotFound(f"there is no account {quoted_text(account)}")
        under_way = await self._store.list(
            GenerationFilter(account_id=account_id, states=_OPEN, limit=1)
        )
        if under_way and not cancel:
            raise Conflict(
                f"account {quoted_text(account)} has generations that wait or run,"
                f" {under_way[0].id} among them: wait for them, or cancel them too"
            )
        for key in keys:
            await self._accounts.revoke_key(key.id)
        generations = await self._remove_generations(account_id)
        if keys:  # until then another process may accept a key from its cache
            await self._pause(KEY_CACHE_TTL.total_seconds())
            generations += await self._remove_generations(account_id)
        uploads = await self._remove_uploads(account_id)
        for webhook in await self._store.webhooks(account_id):
            await self._store.remove_webhook(webhook, now=self._clock.now())
        await self._store.remove_account(account_id)
        return DeletedAccount(
            account_id=account_id, generations=generations, uploads=uploads, keys=len(keys)
        )

    async def _is_known(self, account_id: AccountId) -> bool:
        if await self._accounts.account(account_id) is not None:
            return True
        return bool(await self._store.list(GenerationFilter(account_id=account_id, limit=1)))

    async def _remove_generations(self, account_id: AccountId) -> int:
        removed = 0
        async for found in self._generations(account_id):
            removed += await self._remove(found)
        return removed

    async def _generations(self, account_id: AccountId) -> AsyncIterator[Generation]:
        """Yield generations of the account until none is left."""
        while found := await self._store.list(
            GenerationFilter(account_id=account_id, limit=_AT_ONCE)
        ):
            for generation in found:
                yield generation

    async def _remove(self, found: Generation) -> bool:
        """Remove a generation and its files; return False if another process changed it."""
        with suppress(Conflict):
            if not found.state.is_final:
                with suppress(IllegalTransition):
                    change = lifecycle.cancel(found, now=self._clock.now())
                    found = await self._store.write(change)
            # Files first: after an interruption the generation is still there to try again.
            await self._media.delete(found.id)
            await self._store.remove(found)
            return True
        return False

    async def _remove_uploads(self, account_id: AccountId) -> int:
        removed, last = 0, None
        while found := await self._store.uploads(
            UploadFilter(account_id=account_id, before_id=last, limit=_AT_ONCE)
        ):
            for upload in found:
                await self._media.delete(upload_folder(upload))
            removed, last = removed + len(found), found[-1].id
        return removed
