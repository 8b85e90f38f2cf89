"""Quote generations, grant credits, and report balances and usage."""

import uuid
from collections.abc import Sequence
from datetime import date

from rushes.core.generation import AccountId, ArtifactKind, Generation, GenerationId
from rushes.core.ledger import Audit, Entry, EntryKind, Funds, Usage
from rushes.core.pricing import Offer, Quote, Rule, quote_for
from rushes.core.spec import GenerationSpec
from rushes.engines.base import Channel
from rushes.kit.clock import Clock
from rushes.service.catalogue import Catalogue
from rushes.store.base import Store
from rushes.store.ledger import EntryFilter, Ledger, UsedFilter


class Credits:
    """
    The use cases of credits. The store itself holds and settles credits with each change.

    Args:
        rules: The price table; None: everything is free.
    """

    def __init__(
        self,
        ledger: Ledger,
        store: Store,
        catalogue: Catalogue,
        clock: Clock,
        *,
        rules: Sequence[Rule] | None = None,
    ) -> None:
        self._ledger = ledger
        self._store = store
        self._catalogue = catalogue
        self._clock = clock
        self._rules = rules

    @property
    def enabled(self) -> bool:
        """Whether generations have prices."""
        return self._rules is not None

    async def quote(self, spec: GenerationSpec) -> Quote | None:
        """Return the price of an admitted *spec*; None: it is free."""
        if self._rules is None:
            return None
        parents = await self._store.get_many([GenerationId(one) for one in spec.parents])
        offers = [_offer(channel) for channel in self._catalogue.capable_channels(spec, parents)]
        return quote_for(spec, self._rules, offers, source_s=_source_s(spec, parents))

    async def funds(self, account_id: AccountId) -> Funds:
        """Return the balance and holds of an account."""
        return await self._ledger.funds(account_id)

    async def all_funds(self) -> tuple[Funds, ...]:
        """Return the balance and holds of every account with a ledger line; for operators."""
        return await self._ledger.all_funds()

    async def entries(
        self, account_id: AccountId | None, *, before_seq: int | None = None, limit: int = 100
    ) -> tuple[Entry, ...]:
        """Return ledger lines, newest first; *account_id* None: of all accounts, for operators."""
        wanted = EntryFilter(account_id=account_id, before_seq=before_seq, limit=limit)
        return await self._ledger.entries(wanted)

    async def usage(
        self,
        account_id: AccountId | None,
        *,
        first: date | None = None,
        last: date | None = None,
    ) -> tuple[Usage, ...]:
        """Return the usage by day, account, key, model and state; *account_id* as above."""
        return await self._ledger.used(UsedFilter(account_id=account_id, first=first, last=last))

    async def grant(
        self, account_id: AccountId, micro: int, *, note: str | None = None, once: str | None = None
    ) -> Entry:
        """
        Give an account credits, or take some back.

        Args:
            micro: Micro-credits; a negative number takes.

            once: The operator's own reference; a repeated grant with it changes nothing.

        Raises:
            InsufficientCredits: The balance is smaller than the amount to take.

            IdempotencyMismatch: The reference was used for another grant.
        """
        entry = Entry(
            account_id=account_id,
            kind=EntryKind.GRANT,
            reference=f"grant_{once or uuid.uuid4().hex}",
            balance=micro,
            held=0,
            at=self._clock.now(),
            note=note,
        )
        return await self._ledger.grant(entry)

    async def audit(self) -> tuple[Audit, ...]:
        """Recompute every account from its ledger; for operators."""
        return await self._ledger.audit()


def _offer(channel: Channel) -> Offer:
    return Offer(
        channel=channel.name,
        price=channel.price,
        longest_s=channel.engine.capabilities.source_s,
        refunds_cancelled=channel.refunds_cancelled,
    )


def _source_s(spec: GenerationSpec, parents: Sequence[Generation]) -> float | None:
    """Return the length of the source video, if it is an earlier generation."""
    if spec.source is None or not spec.source.generation_id:
        return None
    earlier = next((one for one in parents if one.id == spec.source.generation_id), None)
    video = earlier.artifact(ArtifactKind.VIDEO) if earlier else None
    return video.duration_s if video else None
