"""Who is calling: keys are made, found, listed and revoked here."""

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from rushes.core.errors import Forbidden, Unauthenticated
from rushes.core.generation import AccountId
from rushes.kit.clock import Clock
from rushes.store.base import Key, Keyring

PREFIX: Final = "rsk_"
TRUSTED: Final = timedelta(seconds=1)
"""How long a key that was found is not looked up again; one revoked elsewhere works so long."""

MOST_TRUSTED: Final = 1024
"""How many keys are remembered at once."""

LOCAL: Final = AccountId("local")
"""The account of whoever calls a server that asks for no key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Whose request this is."""

    account_id: AccountId
    key_id: str | None = None
    batch_format: str | None = None
    operates: bool = False

    def must_operate(self) -> None:
        """
        Pass silently when this is an operator's key.

        Whoever calls a server that asks for no key is none: any page in a browser there could.

        Raises:
            Forbidden: It is not.
        """
        if self.operates:
            return
        if self.key_id is None:
            raise Forbidden("this takes an operator's key, and a server without keys has none")
        raise Forbidden(
            "this takes an operator's key; `rushes keys create NAME --operate` makes one"
        )


class Accounts:
    """The use cases around keys. A secret is shown once, when it is made."""

    def __init__(self, *, keyring: Keyring, clock: Clock, open_to_all: bool = False) -> None:
        self._keyring = keyring
        self._clock = clock
        self._open_to_all = open_to_all
        self._trusted: dict[str, tuple[Caller, datetime]] = {}

    async def create_key(
        self,
        name: str,
        *,
        account: str | None = None,
        batch_format: str | None = None,
        operates: bool = False,
    ) -> tuple[Key, str]:
        """Make a key for *account*, by default one called *name*; return it and its secret."""
        secret = PREFIX + secrets.token_urlsafe(32)
        key = Key(
            id=f"key_{uuid.uuid4().hex[:12]}",
            account_id=AccountId(account or name),
            name=name,
            digest=_digest(secret),
            hint=secret[:10],
            created_at=self._clock.now(),
            batch_format=batch_format,
            operates=operates,
        )
        await self._keyring.add_key(key)
        return key, secret

    async def authenticate(self, secret: str | None) -> Caller:
        """
        Return whom *secret* acts for.

        It is found by its digest, so no comparison depends on the secret's own characters.

        Raises:
            Unauthenticated: There is no secret, or none of ours, or it was revoked.
        """
        if self._open_to_all:
            return Caller(account_id=LOCAL)
        if not secret:
            raise Unauthenticated("no API key was given; send it as 'Authorization: Bearer <key>'")
        digest, now = _digest(secret), self._clock.now()
        caller, until = self._trusted.get(digest, (None, now))
        if caller is not None and now < until:
            return caller
        key = await self._keyring.find_key(digest)
        if key is None or key.revoked_at is not None:
            raise Unauthenticated(
                "the API key is not valid here; `rushes keys create NAME` makes one"
            )
        caller = Caller(
            account_id=key.account_id,
            key_id=key.id,
            batch_format=key.batch_format,
            operates=key.operates,
        )
        if len(self._trusted) >= MOST_TRUSTED:
            self._trusted.clear()
        self._trusted[digest] = (caller, now + TRUSTED)
        return caller

    async def keys(self) -> tuple[Key, ...]:
        """Return every key, oldest first."""
        return await self._keyring.keys()

    async def revoke_key(self, key_id: str) -> Key:
        """Make a key worthless from now on, in other processes within a second. Raises NotFound."""
        revoked = await self._keyring.revoke_key(key_id, now=self._clock.now())
        self._trusted.clear()
        return revoked


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
