"""Keep accounts and keys in dictionaries."""

from dataclasses import replace
from datetime import datetime

from rushes.core.errors import Conflict, NotFound, StoreError
from rushes.core.generation import AccountId
from rushes.core.keys import Account, Key


class KeysInMemory:
    """Keeps accounts and keys in dictionaries of this process."""

    def __init__(self) -> None:
        super().__init__()
        self._accounts: dict[AccountId, Account] = {}
        self._keys: dict[str, Key] = {}
        self._closed = False

    async def add_account(self, account: Account) -> None:
        self._open()
        if self._accounts.setdefault(account.id, account) is not account:
            raise Conflict(f"there is an account {account.id!r} already")

    async def accounts(self) -> tuple[Account, ...]:
        self._open()
        return tuple(sorted(self._accounts.values(), key=lambda one: (one.created_at, one.id)))

    async def add_key(self, key: Key) -> None:
        self._open()
        if any(key.id == other.id or key.digest == other.digest for other in self._keys.values()):
            raise Conflict(f"there is a key {key.id} already")
        self._keys[key.id] = key
        own = Account(id=key.account_id, name=key.account_id, created_at=key.created_at)
        self._accounts.setdefault(own.id, own)

    async def add_first_key(self, key: Key) -> bool:
        self._open()
        if self._keys:
            return False
        await self.add_key(key)
        return True

    async def find_key(self, digest: str) -> Key | None:
        self._open()
        keys = self._keys.values()
        return next((key for key in keys if digest in {key.digest, key.former_digest}), None)

    async def get_key(self, key_id: str) -> Key:
        self._open()
        key = self._keys.get(key_id)
        if key is None:
            raise NotFound(f"there is no key {key_id!r}")
        return key

    async def keys(self) -> tuple[Key, ...]:
        self._open()
        return tuple(sorted(self._keys.values(), key=lambda key: key.created_at))

    async def change_key(self, before: Key, after: Key) -> None:
        self._open()
        stored = self._keys.get(before.id)
        if stored is None or replace(stored, used_at=None) != replace(before, used_at=None):
            raise Conflict(f"key {before.id} was changed by somebody else")
        self._keys[before.id] = replace(after, used_at=stored.used_at)

    async def note_use(self, key_id: str, *, at: datetime) -> None:
        self._open()
        key = self._keys.get(key_id)
        if key is not None:
            self._keys[key_id] = replace(key, used_at=max(key.used_at or at, at))

    async def revoke_key(self, key_id: str, *, now: datetime) -> Key:
        key = await self.get_key(key_id)
        self._keys[key_id] = replace(key, revoked_at=key.revoked_at or now)
        return self._keys[key_id]

    def _forget(self, account_id: AccountId) -> bool:
        """Remove an account and its keys; return whether anything was removed."""
        keys = [key.id for key in self._keys.values() if key.account_id == account_id]
        for key_id in keys:
            del self._keys[key_id]
        return self._accounts.pop(account_id, None) is not None or bool(keys)

    def _open(self) -> None:
        if self._closed:
            raise StoreError("the store is closed")
