"""Whose turn it is to be told, so that no receiver holds up another."""

from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

Item = TypeVar("Item")


@dataclass(slots=True, eq=False)
class Ticket(Generic[Item]):
    """Something that waits for its turn, or has it."""

    item: Item
    target: Hashable
    begin_by: datetime
    """Later than this it must not begin any more; it is forgotten instead. It may be moved."""

    has_made_way: bool = False


class TargetQueues(Generic[Item]):
    """
    One queue a target, served in turn, with a limit on what is under way.

    What has not ended after a while can make way: it then stands in one of the *slow* places, and
    the place that it had is free for another. So as many targets as there are slow places may hang
    without any other noticing.

    Args:
        prompt: How many may be under way, those in slow places not counted.

        slow: How many may have made way and still be under way.

        per_target: How many of one target may be under way, wherever they stand.

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
        """Return how many wait."""
        return self._waiting

    @property
    def has_room(self) -> bool:
        """Whether another one could begin if its target has nothing under way."""
        return self._free_prompt > 0

    def enqueue(self, ticket: Ticket[Item]) -> list[Ticket[Item]]:
        """Let one wait for its turn; return those that there is no room for any more."""
        self._queues.setdefault(ticket.target, deque()).append(ticket)
        self._waiting += 1
        return self._shed() if self._waiting > self._most else []

    def _shed(self) -> list[Ticket[Item]]:
        longest = max(self._queues.values(), key=len)
        shed = [longest.pop() for _ in range((len(longest) + 1) // 2)]
        self._waiting -= len(shed)
        return shed

    def waiting(self) -> list[Ticket[Item]]:
        """Return all that wait."""
        return [ticket for queue in self._queues.values() for ticket in queue]

    def take(
        self, target: Hashable, is_wanted: Callable[[Ticket[Item]], bool]
    ) -> list[Ticket[Item]]:
        """Return those that wait for a target and are wanted; they do not wait any more."""
        queue = self._queues.pop(target, deque())
        taken = [ticket for ticket in queue if is_wanted(ticket)]
        if left := [ticket for ticket in queue if not is_wanted(ticket)]:
            self._queues[target] = deque(left)
        self._waiting -= len(taken)
        return taken

    def drain(self) -> list[Ticket[Item]]:
        """Return all that wait, and let none of them wait any more."""
        waiting = self.waiting()
        self._queues.clear()
        self._waiting = 0
        return waiting

    def begin(self, *, now: datetime) -> Ticket[Item] | None:
        """Return the next that may begin, which then takes a place; None when none may."""
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
        """Return the first of a queue that may still begin, and put the queue last."""
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
        """Move one that is under way to a slow place, if one is free."""
        if self._free_slow and not ticket.has_made_way:
            self._free_slow -= 1
            self._free_prompt += 1
            ticket.has_made_way = True

    def end(self, ticket: Ticket[Item]) -> None:
        """Free the place of one that was under way."""
        if ticket.has_made_way:
            self._free_slow += 1
        else:
            self._free_prompt += 1
        self._under_way[ticket.target] -= 1
        if not self._under_way[ticket.target]:
            del self._under_way[ticket.target]
