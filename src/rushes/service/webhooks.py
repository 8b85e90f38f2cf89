"""Register, change, rotate and test webhooks."""

import base64
import secrets
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Final, Protocol

from rushes.core.errors import Conflict, InvalidRequest, NotFound
from rushes.core.generation import AccountId
from rushes.core.transitions import ANNOUNCED
from rushes.kit.clock import Clock
from rushes.kit.quoting import quoted_text
from rushes.service.accounts import Caller
from rushes.service.webhook_targets import WebhookTargets
from rushes.store.outbox import Outbox, Try, Webhook

MAX_WEBHOOKS: Final = 100
"""The largest number of webhooks of an account."""

SECRET_BYTES: Final = 32
DISABLED_BY_OWNER: Final = "its owner has disabled it"

_FINAL: Final = frozenset(
    {"generation.completed", "generation.failed", "generation.cancelled"} & ANNOUNCED
)


class WebhookWording(Protocol):
    """The body formats of a dialect; see :class:`rushes.webhooks.base.Announcer`."""

    @property
    def formats(self) -> tuple[str, ...]: ...

    @property
    def only_final(self) -> bool: ...


class Tester(Protocol):
    """Sends test messages."""

    async def test(
        self, url: str, *, account_id: AccountId, wording: str, own: tuple[str, ...], origin: str
    ) -> Try:
        """Send a test message once, and return the result."""
        ...


class Webhooks:
    """The use cases of webhooks. A secret is returned once, at its creation."""

    def __init__(
        self,
        *,
        outbox: Outbox,
        targets: WebhookTargets,
        announcers: Mapping[str, WebhookWording],
        tester: Tester,
        clock: Clock,
    ) -> None:
        self._outbox = outbox
        self._targets = targets
        self._announcers = announcers
        self._tester = tester
        self._clock = clock

    async def add(
        self,
        url: str,
        *,
        wording: str = "native",
        events: Collection[str] | None = None,
        own_secret: bool = True,
        caller: Caller,
    ) -> Webhook:
        """
        Register an address; only this result contains the secret.

        Args:
            events: The events that it receives; None: all events of the wording.

            own_secret: Whether it has a secret of its own in addition to the server's.

        Raises:
            InvalidRequest: The address is forbidden, or there is no such wording or event.

            Conflict: The account has registered this address, or has too many webhooks.
        """
        await self._targets.check(url, param="url")
        webhook = Webhook(
            id=f"wh_{secrets.token_hex(6)}",
            account_id=caller.account_id,
            url=url,
            created_at=self._clock.now(),
            wording=wording,
            events=self._checked(wording, events),
            secrets=(new_secret(),) if own_secret else (),
        )
        earlier = await self._outbox.webhooks(caller.account_id)
        if len(earlier) >= MAX_WEBHOOKS:
            raise Conflict(f"an account may have {MAX_WEBHOOKS} webhooks; remove one first")
        for one in earlier:
            if one.url == url:
                raise Conflict(f"{one.id} is for this address already; change that one")
        await self._outbox.add_webhook(webhook)
        return webhook

    async def list(self, *, caller: Caller) -> tuple[Webhook, ...]:
        """Return the account's webhooks, oldest first."""
        return await self._outbox.webhooks(caller.account_id)

    async def get(self, webhook_id: str, *, caller: Caller) -> Webhook:
        """Return one of the account's webhooks. Raises NotFound, also for another account's."""
        found = await self._outbox.find_webhook(webhook_id)
        if found is None or found.account_id != caller.account_id:
            raise NotFound(f"there is no webhook {quoted_text(webhook_id)}")
        return found

    async def change(
        self,
        webhook_id: str,
        *,
        wording: str | None = None,
        events: Collection[str] | None = None,
        enabled: bool | None = None,
        caller: Caller,
    ) -> Webhook:
        """
        Change the given fields of a webhook.

        A disabled address receives nothing; its deliveries wait until it is enabled again.

        Raises:
            NotFound: There is no webhook with this id.

            InvalidRequest: There is no such wording or event.
        """
        while True:
            before = await self.get(webhook_id, caller=caller)
            after = before
            if wording is not None or events is not None:
                new_wording = wording or before.wording
                wanted = before.events if events is None else events
                after = replace(
                    after, wording=new_wording, events=self._checked(new_wording, wanted)
                )
            if enabled:
                after = replace(after, disabled_at=None, disabled_why=None)
            elif enabled is not None and before.disabled_at is None:
                now = self._clock.now()
                after = replace(after, disabled_at=now, disabled_why=DISABLED_BY_OWNER)
            if await self._wrote(before, after):
                return after

    async def rotate_secret(
        self, webhook_id: str, *, keep_former: bool = True, caller: Caller
    ) -> Webhook:
        """
        Rotate the secret; only this result contains the new one, before the former one.

        Args:
            keep_former: Whether the former secret also signs, until the receiver has the new one.

        Raises:
            NotFound: There is no webhook with this id.
        """
        made = new_secret()
        while True:
            before = await self.get(webhook_id, caller=caller)
            former = before.secrets[:1] if keep_former else ()
            after = replace(before, secrets=(made, *former))
            if await self._wrote(before, after):
                return after

    async def forget_former(self, webhook_id: str, *, caller: Caller) -> Webhook:
        """Remove the former secret, so that only the newest signs. Raises NotFound."""
        while True:
            before = await self.get(webhook_id, caller=caller)
            after = replace(before, secrets=before.secrets[:1])
            if await self._wrote(before, after):
                return after

    async def _wrote(self, before: Webhook, after: Webhook) -> bool:
        try:
            await self._outbox.change_webhook(before, after, now=self._clock.now())
        except Conflict:
            return False  # another request changed it meanwhile
        return True

    async def remove(self, webhook_id: str, *, caller: Caller) -> None:
        """Remove a webhook; its open deliveries fail. Raises NotFound."""
        webhook = await self.get(webhook_id, caller=caller)
        await self._outbox.remove_webhook(webhook, now=self._clock.now())

    async def test(self, webhook_id: str, *, origin: str, caller: Caller) -> Try:
        """Send a test message to a webhook, even to a disabled one. Raises NotFound."""
        webhook = await self.get(webhook_id, caller=caller)
        return await self._tester.test(
            webhook.url,
            account_id=caller.account_id,
            wording=webhook.wording,
            own=webhook.secrets,
            origin=origin,
        )

    async def test_url(
        self, url: str, *, wording: str = "native", origin: str, caller: Caller
    ) -> Try:
        """
        Send a test message to an address, registered or not.

        Raises:
            InvalidRequest: The address is forbidden, or there is no such wording.
        """
        self._checked(wording, None)
        await self._targets.check(url, param="url")
        known = await self._outbox.webhook_at(caller.account_id, url)
        return await self._tester.test(
            url,
            account_id=caller.account_id,
            wording=wording,
            own=known.secrets if known else (),
            origin=origin,
        )

    def _checked(self, wording: str, events: Collection[str] | None) -> frozenset[str]:
        """Return the events, after a check that the wording has them; None: all of them."""
        dialect, _, chosen = wording.partition(":")
        announcer = self._announcers.get(dialect)
        if announcer is None or (chosen and chosen not in announcer.formats):
            raise InvalidRequest(
                f"wording must be one of {', '.join(self.wordings())}, not {quoted_text(wording)}",
                param="wording",
            )
        known = _FINAL if announcer.only_final else ANNOUNCED
        for event in () if events is None else events:
            if event not in known:
                raise InvalidRequest(
                    f"events may name {', '.join(sorted(known))} with the wording {wording!r},"
                    f" not {quoted_text(event)}",
                    param="events",
                )
        return known if events is None else frozenset(events)

    def wordings(self) -> tuple[str, ...]:
        """Return the names of all wordings."""
        return tuple(
            name
            for dialect, announcer in self._announcers.items()
            for name in (dialect, *(f"{dialect}:{one}" for one in announcer.formats))
        )


def new_secret() -> str:
    """Return a new secret in the format of Standard Webhooks."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
