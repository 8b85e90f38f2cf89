"""Create, authenticate, limit, rotate and revoke API keys."""

import asyncio
import hashlib
import logging
import secrets
import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from rushes.core.errors import Conflict, Forbidden, InvalidRequest, StoreError, Unauthenticated
from rushes.core.generation import AccountId
from rushes.core.keys import (
    DEFAULT_SCOPES,
    EVERY_SCOPE,
    UNLIMITED,
    Account,
    InFlightLimit,
    Key,
    KeyLimits,
    Scope,
)
from rushes.kit.clock import Clock
from rushes.store.base import Keyring

PREFIX: Final = "rsk_"
KEY_CACHE_TTL: Final = timedelta(seconds=1)
"""How long a found key is cached. A key that another process revoked works for this time."""

KEY_CACHE_SIZE: Final = 1024
"""The number of cached keys."""

LOCAL_ACCOUNT: Final = AccountId("local")
"""The account of all callers of a server without authentication."""

FIRST: Final = "first"
"""The account of the first key of a store, and the beginning of its name."""

LONGEST_NAME: Final = 200
"""The largest number of characters in the name of a key or an account."""

LONGEST_GRACE: Final = timedelta(days=30)
"""The longest time for which a former secret stays valid."""

_RECORD_EVERY: Final = timedelta(minutes=1)
"""The shortest time between two records of the use of a key."""

_EPOCH: Final = timedelta(0)
_UNKNOWN: Final = (None, datetime.min.replace(tzinfo=UTC))
_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """The account and key of a request, with its scopes and limits."""

    account_id: AccountId
    key_id: str | None = None
    batch_format: str | None = None
    scopes: frozenset[Scope] = DEFAULT_SCOPES
    limits: KeyLimits = UNLIMITED

    @property
    def in_flight_limit(self) -> InFlightLimit | None:
        """The limit of the key's unfinished generations; None: no limit."""
        if self.key_id is None or self.limits.in_flight is None:
            return None
        return InFlightLimit(key_id=self.key_id, most=self.limits.in_flight)

    @property
    def is_operator(self) -> bool:
        """Whether it may administer the server."""
        return Scope.OPERATE in self.scopes

    def require_operator(self) -> None:
        """Raise Forbidden unless the caller is an operator."""
        self.require(Scope.OPERATE)

    def require(self, scope: Scope) -> None:
        """
        Check that the caller has *scope*.

        Raises:
            Forbidden: It does not; the message names the scope.
        """
        if scope in self.scopes:
            return
        if self.key_id is None:
            raise Forbidden(
                f"this takes the scope {scope!s}; a server without keys lets only pages and"
                " programs of its own machine have it, and those name it by its own name"
            )
        has = ", ".join(sorted(self.scopes)) or "none"
        making = "--operate" if scope is Scope.OPERATE else f"--scope {scope}"
        raise Forbidden(
            f"this takes a key with the scope {scope!s}, and this key has {has};"
            f" `rushes keys create NAME {making}` makes one"
        )


class Accounts:
    """The use cases of accounts and keys. A secret is returned once, at its creation."""

    def __init__(self, *, keyring: Keyring, clock: Clock, open_to_all: bool = False) -> None:
        self._keyring = keyring
        self._clock = clock
        self.open_to_all = open_to_all
        self._cache: dict[str, tuple[Caller, datetime]] = {}
        self._recorded_uses: dict[str, datetime] = {}
        self._recording: set[asyncio.Task[None]] = set()

    async def create_account(self, account_id: str, *, name: str | None = None) -> Account:
        """
        Create an account; its default name is its id.

        Raises:
            Conflict: There is an account with this id.

            InvalidRequest: The id or the name is empty or too long.
        """
        account = Account(
            id=AccountId(_checked_name(account_id, "id")),
            name=_checked_name(account_id if name is None else name, "name"),
            created_at=self._clock.now(),
        )
        await self._keyring.add_account(account)
        return account

    async def accounts(self) -> tuple[Account, ...]:
        """Return every account, oldest first."""
        return await self._keyring.accounts()

    async def account(self, account_id: AccountId) -> Account | None:
        """Return the account with this id; None if it has no record."""
        found = await self._keyring.accounts()
        return next((one for one in found if one.id == account_id), None)

    async def create_key(
        self,
        name: str,
        *,
        account: str | None = None,
        batch_format: str | None = None,
        scopes: Collection[Scope] = DEFAULT_SCOPES,
        is_operator: bool = False,
        limits: KeyLimits = UNLIMITED,
        expires_at: datetime | None = None,
    ) -> tuple[Key, str]:
        """
        Create a key for *account*, by default for one called *name*; return it and its secret.

        Args:
            is_operator: Add the scope ``operate`` to *scopes*.

        Raises:
            InvalidRequest: The key would be useless: it has no scope, or has expired.
        """
        granted = frozenset(scopes).union((Scope.OPERATE,) if is_operator else ())
        if not granted:
            raise InvalidRequest("a key must have one scope at least", param="scopes")
        _must_be_future(expires_at, self._clock.now())
        key, secret = self._new_key(name, account=account or name, scopes=granted)
        key = replace(key, batch_format=batch_format, limits=limits, expires_at=expires_at)
        await self._keyring.add_key(key)
        return key, secret

    async def create_first_key(self, host: str) -> tuple[Key | None, str | None]:
        """
        Create an operator's key on a store without keys; one of several servers at once makes it.

        Args:
            host: The machine of this server; it becomes a part of the key's name.

        Returns:
            The oldest key, and its secret if this call made it.
        """
        name = f"{FIRST}, made on {host}"[:LONGEST_NAME]
        scopes = DEFAULT_SCOPES | {Scope.OPERATE}
        key, secret = self._new_key(name, account=FIRST, scopes=scopes)
        if await self._keyring.add_first_key(key):
            return key, secret
        return next(iter(await self._keyring.keys()), None), None

    def _new_key(self, name: str, *, account: str, scopes: frozenset[Scope]) -> tuple[Key, str]:
        """Return a key that is not stored yet, and its secret."""
        secret = _new_secret()
        key = Key(
            id=f"key_{uuid.uuid4().hex[:12]}",
            account_id=AccountId(_checked_name(account, "account")),
            name=_checked_name(name, "name"),
            digest=_digest(secret),
            hint=secret[:10],
            created_at=self._clock.now(),
            scopes=scopes,
        )
        return key, secret

    def local_caller(self, *, is_operator: bool) -> Caller:
        """Return the caller of a server without authentication."""
        return Caller(
            account_id=LOCAL_ACCOUNT, scopes=EVERY_SCOPE if is_operator else DEFAULT_SCOPES
        )

    def known(self, secret: str | None, now: datetime) -> Caller | None:
        """
        Return the caller to whom *secret* belongs if it was authenticated a moment ago.

        A dictionary compares texts only if their keyed hashes are equal, so that the time says
        nothing about the characters of another secret.
        """
        caller, until = self._cache.get(secret or "", _UNKNOWN)
        return caller if now < until else None

    async def authenticate(self, secret: str | None) -> Caller:
        """
        Return the caller to whom *secret* belongs.

        The lookup is by digest, so that no comparison depends on the secret's characters.

        Raises:
            Unauthenticated: The secret is missing, unknown, expired or revoked.
        """
        if self.open_to_all:
            return self.local_caller(is_operator=False)
        if not secret:
            raise Unauthenticated("no API key was given; send it as 'Authorization: Bearer <key>'")
        now = self._clock.now()
        if (caller := self.known(secret, now)) is not None:
            return caller
        digest = _digest(secret)
        key = await self._keyring.find_key(digest)
        if key is None:
            raise Unauthenticated(
                "the API key is not valid here; `rushes keys create NAME` makes one"
            )
        ends_at = key.ends_at(digest)
        if ends_at is not None and ends_at <= now:
            raise Unauthenticated("the API key was valid here and no longer is; ask for a new one")
        self._note_use(key, now)
        caller = Caller(
            account_id=key.account_id,
            key_id=key.id,
            batch_format=key.batch_format,
            scopes=key.scopes,
            limits=key.limits,
        )
        if len(self._cache) >= KEY_CACHE_SIZE:
            self._cache.clear()
        self._cache[secret] = (caller, min(now + KEY_CACHE_TTL, ends_at or now + KEY_CACHE_TTL))
        return caller

    async def keys(self, *, account_id: str | None = None) -> tuple[Key, ...]:
        """Return every key, or every key of an account, oldest first."""
        keys = await self._keyring.keys()
        return tuple(key for key in keys if account_id in {None, key.account_id})

    async def key(self, key_id: str) -> Key:
        """Return a key. Raises NotFound."""
        return await self._keyring.get_key(key_id)

    async def in_flight(self, key_id: str) -> int:
        """Return the number of unfinished generations that this key has submitted."""
        return await self._keyring.count_in_flight(key_id)

    async def limit_key(
        self,
        key_id: str,
        change: Callable[[KeyLimits], KeyLimits],
        *,
        expires_at: datetime | None = None,
    ) -> Key:
        """
        Change the limits of a key; other processes apply them within a second.

        Args:
            change: Takes the present limits and returns the new ones.

            expires_at: The new expiry; None keeps the present one.

        Raises:
            NotFound: There is no key with this id.

            Conflict: The key was revoked.

            InvalidRequest: The expiry is in the past.
        """
        _must_be_future(expires_at, self._clock.now())
        return await self._change_key(
            key_id,
            lambda key: replace(
                key, limits=change(key.limits), expires_at=expires_at or key.expires_at
            ),
        )

    async def rotate_key(self, key_id: str, *, grace: timedelta = _EPOCH) -> tuple[Key, str]:
        """
        Give a key a new secret; return both. The present secret stays valid for *grace*.

        The secret before the present one becomes invalid now.

        Raises:
            NotFound: There is no key with this id.

            Conflict: The key was revoked.

            InvalidRequest: The grace is negative or too long.
        """
        if not _EPOCH <= grace <= LONGEST_GRACE:
            raise InvalidRequest(
                f"grace must be between none and {LONGEST_GRACE.days} days", param="grace_s"
            )
        secret, until = _new_secret(), self._clock.now() + grace
        rotated = await self._change_key(
            key_id,
            lambda key: replace(
                key,
                digest=_digest(secret),
                hint=secret[:10],
                former_digest=key.digest if grace else None,
                former_until=until if grace else None,
            ),
        )
        return rotated, secret

    async def revoke_key(self, key_id: str) -> Key:
        """Revoke a key now; other processes notice within a second. Raises NotFound."""
        revoked = await self._keyring.revoke_key(key_id, now=self._clock.now())
        self._cache.clear()
        return revoked

    async def _change_key(self, key_id: str, change: Callable[[Key], Key]) -> Key:
        while True:
            before = await self._keyring.get_key(key_id)
            if before.revoked_at is not None:
                raise Conflict(f"key {key_id} was revoked; make a new one")
            after = change(before)
            try:
                await self._keyring.change_key(before, after)
            except Conflict:
                continue  # another request changed it meanwhile
            self._cache.clear()
            return after

    def _note_use(self, key: Key, now: datetime) -> None:
        """Record the use of a key in a task of its own, at most once a minute."""
        recorded = max(filter(None, (key.used_at, self._recorded_uses.get(key.id))), default=None)
        if recorded is not None and now - recorded < _RECORD_EVERY:
            return
        if len(self._recorded_uses) >= KEY_CACHE_SIZE:
            self._recorded_uses.clear()
        self._recorded_uses[key.id] = now
        task = asyncio.create_task(self._record_use(key.id, now))
        self._recording.add(task)
        task.add_done_callback(self._recording.discard)

    async def _record_use(self, key_id: str, at: datetime) -> None:
        try:
            await self._keyring.note_use(key_id, at=at)
        except StoreError:
            _log.warning("the use of key %s could not be recorded", key_id, exc_info=True)


def _new_secret() -> str:
    return PREFIX + secrets.token_urlsafe(32)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _checked_name(text: str, param: str) -> str:
    name = text.strip()
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise InvalidRequest(
            f"{param} must have 1 to {LONGEST_NAME} printable characters", param=param
        )
    return name


def _must_be_future(expires_at: datetime | None, now: datetime) -> None:
    if expires_at is not None and expires_at <= now:
        raise InvalidRequest("expires_at must be in the future", param="expires_at")
