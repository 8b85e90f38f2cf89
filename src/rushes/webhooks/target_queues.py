"""Queue deliveries fairly by target, so that a slow receiver delays no other."""

from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from urllib.parse import urlsplit

Item = TypeVar("Item")


@dataclass(slots=True, eq=False)
class Ticket(Generic[Item]):
    """An item that waits in a queue or is in progress."""

    item: Item
    target: Hashable
    begin_by: datetime
    """After this moment the item is dropped instead of started. The owner may extend it."""

    has_made_way: bool = False


class TargetQueues(Generic[Item]):
    """
    Holds one queue for each target, serves them in turn, and limits how many are in progress.

    A ticket that takes long can move to a *slow* slot, which frees its slot for another. So as many
    targets as there are slow slots may hang without delaying the others.

    Args:
        prompt: How many may be in progress, without those in slow slots.

        slow: How many may be in progress in slow slots.

        per_target: How many of one target may be in progress, in either kind of slot.

        most: How many may wait. Beyond that the longest queue loses its younger half.
    """

    def __init__(self, *, prompt: int, slow: int, per_target: int, most: int) -> None:
        self._free_prompt = prompt
        self._free_slow = slow
        self._per_target = per_target
        self._most = most
        self._queues: OrderedDict[Hashable, deque[Ticket[Item]]] = OrderedDict()
        self._waiting = 0
        self._under_way: Counter[Hashable] = Counter()

    def __len__(self) -> int:
        """Return the number of waiting tickets."""
        return self._waiting

    @property
    def has_room(self) -> bool:
        """Whether a slot is free for a target that has nothing in progress."""
        return self._free_prompt > 0

    def enqueue(self, ticket: Ticket[Item]) -> list[Ticket[Item]]:
        """Add a ticket; return the tickets that no longer have room."""
        self._queues.setdefault(ticket.target, deque()).append(ticket)
        self._waiting += 1
        return self._shed() if self._waiting > self._most else []

    def _shed(self) -> list[Ticket[Item]]:
        longest = max(self._queues.values(), key=len)
        shed = [longest.pop() for _ in range((len(longest) + 1) // 2)]
        self._waiting -= len(shed)
        return shed

    def waiting(self) -> list[Ticket[Item]]:
        """Return all waiting tickets."""
        return [ticket for queue in self._queues.values() for ticket in queue]

    def take(
        self, target: Hashable, is_wanted: Callable[[Ticket[Item]], bool]
    ) -> list[Ticket[Item]]:
        """Remove and return the waiting tickets of a target that *is_wanted* selects."""
        queue = self._queues.pop(target, deque())
        taken = [ticket for ticket in queue if is_wanted(ticket)]
        if left := [ticket for ticket in queue if not is_wanted(ticket)]:
            self._queues[target] = deque(left)
        self._waiting -= len(taken)
        return taken

    def drain(self) -> list[Ticket[Item]]:
        """Remove and return all waiting tickets."""
        waiting = self.waiting()
        self._queues.clear()
        self._waiting = 0
        return waiting

    def begin(self, *, now: datetime) -> Ticket[Item] | None:
        """Start the next ticket and return it; None when none may start."""
        if not self.has_room:
            return None
        for target in list(self._queues):
            if self._under_way[target] >= self._per_target:
                continue
            ticket = self._pop(target, now)
            if ticket is not None:
                self._under_way[target] += 1
                self._free_prompt -= 1
                return ticket
        return None

    def _pop(self, target: Hashable, now: datetime) -> Ticket[Item] | None:
        """Remove and return the first ticket that is not too late; its queue moves to the end."""
        queue = self._queues[target]
        found = None
        while queue and found is None:
            ticket = queue.popleft()
            self._waiting -= 1
            found = ticket if now <= ticket.begin_by else None
        if queue:
            self._queues.move_to_end(target)
        else:
            del self._queues[target]
        return found

    def make_way(self, ticket: Ticket[Item]) -> None:
        """Move a ticket in progress to a slow slot, if one is free."""
        if self._free_slow and not ticket.has_made_way:
            self._free_slow -= 1
            self._free_prompt += 1
            ticket.has_made_way = True

    def end(self, ticket: Ticket[Item]) -> None:
        """Free the slot of a ticket that was in progress."""
        if ticket.has_made_way:
            self._free_slow += 1
        else:
            self._free_prompt += 1
        self._under_way[ticket.target] -= 1
        if not self._under_way[ticket.target]:
            del self._under_way[ticket.target]


def host_of(url: str) -> str:
    """Return the host and the port of a URL, which are the target of its deliveries."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower()
    except ValueError:
        return url


def address_of(url: str) -> str:
    """Return a URL without its query, which often only names the generation."""
    return url.partition("#")[0].partition("?")[0]
