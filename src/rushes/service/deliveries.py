"""List webhook deliveries and send them again."""

from dataclasses import replace
from typing import Final

from rushes.core.errors import Conflict, NotFound
from rushes.kit.clock import Clock
from rushes.kit.quoting import quoted_text
from rushes.service.accounts import Caller
from rushes.service.generations import Generations
from rushes.store.outbox import Delivery, DeliveryFilter, DeliveryState, Outbox

MAX_TRIES: Final = 100
"""The limit of tries of a delivery, so that the record of its tries stays small."""


class Deliveries:
    """The use cases of deliveries, each for the caller's own account."""

    def __init__(self, *, generations: Generations, outbox: Outbox, clock: Clock) -> None:
        self._generations = generations
        self._outbox = outbox
        self._clock = clock

    async def list_for_generation(
        self, generation_id: str, *, caller: Caller
    ) -> tuple[Delivery, ...]:
        """Return the deliveries of one of the caller's generations, oldest first."""
        found = await self._generations.get(generation_id, caller=caller)
        return await self._outbox.deliveries(found.id)

    async def list(self, wanted: DeliveryFilter, *, caller: Caller) -> tuple[Delivery, ...]:
        """Return the caller's deliveries, newest first."""
        return await self._outbox.list_deliveries(replace(wanted, account_id=caller.account_id))

    async def get(self, delivery_id: str, *, caller: Caller) -> Delivery:
        """Return one of the caller's deliveries. Raises NotFound, also for another account's."""
        found = await self._outbox.find_delivery(delivery_id)
        if found is None or found.event.generation.account_id != caller.account_id:
            raise NotFound(f"there is no delivery {quoted_text(delivery_id)}")
        return found

    async def redeliver(
        self, delivery_id: str, *, generation_id: str | None = None, caller: Caller
    ) -> Delivery:
        """
        Send a delivery again under its old id, whether or not it was delivered before.

        Args:
            generation_id: The delivery must belong to this generation; None: to any.

        Raises:
            NotFound: There is no such generation or delivery.

            Conflict: The delivery is still pending, is held, or has had too many tries.
        """
        delivery = await self.get(delivery_id, caller=caller)
        if generation_id is not None:
            generation = await self._generations.get(generation_id, caller=caller)
            if generation.id != delivery.event.generation.id:
                raise NotFound(
                    f"there is no delivery {quoted_text(delivery_id)} of this generation"
                )
        if delivery.state is DeliveryState.HELD:
            raise Conflict(f"delivery {delivery_id} is held: its address is disabled; enable that")
        if len(delivery.tries) >= MAX_TRIES:
            raise Conflict(f"delivery {delivery_id} was tried {len(delivery.tries)} times")
        return await self._outbox.redeliver(delivery_id, now=self._clock.now())
