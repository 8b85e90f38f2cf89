"""What was told of a caller's generations, and telling it again."""

from rushes.core.errors import NotFound
from rushes.kit.clock import Clock
from rushes.service.accounts import Caller
from rushes.service.generations import Generations
from rushes.store.base import Delivery, Store


class Deliveries:
    """The use cases. Knows seams only, and whose a generation is."""

    def __init__(self, *, generations: Generations, store: Store, clock: Clock) -> None:
        self._generations = generations
        self._store = store
        self._clock = clock

    async def of(self, generation_id: str, *, caller: Caller) -> tuple[Delivery, ...]:
        """Return what was and will be told of one of the caller's generations, oldest first."""
        found = await self._generations.get(generation_id, caller=caller)
        return await self._store.deliveries(found.id)

    async def redeliver(self, generation_id: str, delivery_id: str, *, caller: Caller) -> Delivery:
        """
        Tell something again, whether or not it landed before.

        Raises:
            NotFound: There is no such generation or delivery.

            Conflict: It is still to be told.
        """
        every = await self.of(generation_id, caller=caller)
        if delivery_id not in {one.id for one in every}:
            raise NotFound(f"there is no delivery {delivery_id!r} of this generation")
        return await self._store.redeliver(delivery_id, now=self._clock.now())
