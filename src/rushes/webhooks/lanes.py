"""Whose turn it is to be told, so that no receiver holds up another."""

from collections import Counter, OrderedDict, deque
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Ticket(Generic[Item]):
    """Something that waits for its turn, or has it."""

    item: Item
    target: Hashable
    begin_by: datetime
    """Later than this it must not begin any more; it is forgotten instead."""


class Lanes(Generic[Item]):
    """
    One queue a target, served in turn, with a limit on what is under way.

    What has not ended after a while can make way: it then stands in one of the *slow* places, and
    the place that it had is free for another. So as many targets as there are slow places may hang
    without any other noticing.

    Args:
        prompt: How many may be under way, those in slow places not counted.

        slow: How many may have made way and still be under way.

        per_target: How many of one target may be under way, wherever they stand.

        most: How many may wait. Beyond that the longest queue loses its younger half: whoever
            offers the items offers those again.
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

    def enqueue(self, ticket: Ticket[Item]) -> None:
        """Let one wait for its turn."""
        self._queues.setdefault(ticket.target, deque()).append(ticket)
        self._waiting += 1
        if self._waiting > self._most:
            self._shed()

    def _shed(self) -> None:
        longest = max(self._queues.values(), key=len)
        for _ in range((len(longest) + 1) // 2):
            longest.pop()
            self._waiting -= 1

    def drain(self) -> list[Ticket[Item]]:
        """Return all that wait, and let none of them wait any more."""
        waiting = [ticket for queue in self._queues.values() for ticket in queue]
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

    def make_way(self) -> bool:
        """Move one that is under way to a slow place; False when there is none free."""
        if not self._free_slow:
            return False
        self._free_slow -= 1
        self._free_prompt += 1
        return True

    def end(self, ticket: Ticket[Item], *, made_way: bool) -> None:
        """Free the place of one that was under way."""
        if made_way:
            self._free_slow += 1
        else:
            self._free_prompt += 1
        self._under_way[ticket.target] -= 1
        if not self._under_way[ticket.target]:
            del self._under_way[ticket.target]
