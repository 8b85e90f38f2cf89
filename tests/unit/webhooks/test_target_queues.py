"""Whose turn it is: limits hold, none is lost, none waits for another."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from typing_extensions import override

from rushes.webhooks.target_queues import TargetQueues, Ticket, address_of, host_of

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def ticket(item: int, target: str = "a", *, seconds: float = 60) -> Ticket[int]:
    return Ticket(item, target, NOW + timedelta(seconds=seconds))


def lanes(
    prompt: int = 4, slow: int = 4, per_target: int = 2, most: int = 100
) -> TargetQueues[int]:
    return TargetQueues(prompt=prompt, slow=slow, per_target=per_target, most=most)


def begun(of: TargetQueues[int]) -> list[int]:
    found = []
    while one := of.begin(now=NOW):
        found.append(one.item)
    return found


def test_targets_take_turns() -> None:
    some = lanes(prompt=4)
    for item, target in [(1, "a"), (2, "a"), (3, "a"), (4, "b"), (5, "c")]:
        some.enqueue(ticket(item, target))

    assert begun(some) == [1, 4, 5, 2]


def test_one_target_never_takes_every_place() -> None:
    some = lanes(prompt=4, per_target=2)
    for item in range(9):
        some.enqueue(ticket(item))

    assert begun(some) == [0, 1]
    some.enqueue(ticket(99, "b"))
    assert begun(some) == [99]


def test_who_makes_way_gives_its_place_to_another() -> None:
    some = lanes(prompt=1, slow=1)
    some.enqueue(ticket(1, "a"))
    some.enqueue(ticket(2, "b"))
    some.enqueue(ticket(3, "c"))

    slow = some.begin(now=NOW)
    assert slow is not None
    assert begun(some) == []
    some.make_way(slow)
    next_one = some.begin(now=NOW)
    assert next_one is not None
    some.make_way(next_one)
    assert not next_one.has_made_way, "the only slow place is taken"
    assert begun(some) == []


def test_what_waits_for_a_target_can_be_taken_back() -> None:
    some = lanes()
    for item, target in [(1, "a"), (2, "a"), (3, "b"), (4, "a")]:
        some.enqueue(ticket(item, target))

    taken = some.take("a", lambda one: one.item != 2)

    assert [one.item for one in taken] == [1, 4]
    assert [one.item for one in some.waiting()] == [3, 2]
    assert len(some) == 2


def test_what_waited_too_long_is_forgotten() -> None:
    some = lanes()
    some.enqueue(ticket(1, seconds=-1))
    some.enqueue(ticket(2))

    assert begun(some) == [2]
    assert len(some) == 0


def test_when_too_many_wait_the_longest_queue_loses_its_younger_half() -> None:
    some = lanes(prompt=20, per_target=20, most=6)
    for item in range(5):
        some.enqueue(ticket(item, "hog"))
    some.enqueue(ticket(10, "b"))
    shed = some.enqueue(ticket(11, "c"))

    assert {one.item for one in shed} == {2, 3, 4}
    assert len(some) == 4
    assert set(begun(some)) == {0, 1, 10, 11}


class Turns(RuleBasedStateMachine):
    """Anything may happen in any order; the limits hold, and each queue keeps its order."""

    def __init__(self) -> None:
        super().__init__()
        self.lanes = TargetQueues[int](prompt=3, slow=2, per_target=2, most=8)
        self.next_item = 0
        self.under_way: list[Ticket[int]] = []
        self.last_begun: dict[str, int] = {}

    @rule(whose=st.sampled_from("abc"))
    def enqueue(self, whose: str) -> None:
        self.lanes.enqueue(ticket(self.next_item, whose))
        self.next_item += 1

    @rule()
    def begin(self) -> None:
        one = self.lanes.begin(now=NOW)
        if one is None:
            return
        assert one.item > self.last_begun.get(str(one.target), -1), "a queue keeps its order"
        self.last_begun[str(one.target)] = one.item
        self.under_way.append(one)

    @precondition(lambda self: self.under_way)
    @rule(data=st.data())
    def make_way(self, data: st.DataObject) -> None:
        self.lanes.make_way(data.draw(st.sampled_from(self.under_way)))

    @precondition(lambda self: self.under_way)
    @rule(data=st.data())
    def end(self, data: st.DataObject) -> None:
        self.lanes.end(self.under_way.pop(data.draw(st.integers(0, len(self.under_way) - 1))))

    @rule(whose=st.sampled_from("abc"), is_even=st.booleans())
    def take(self, whose: str, is_even: bool) -> None:
        for one in self.lanes.take(whose, lambda one: (one.item % 2 == 0) == is_even):
            assert one.target == whose

    @invariant()
    def limits_hold(self) -> None:
        targets = [one.target for one in self.under_way]
        assert sum(not one.has_made_way for one in self.under_way) <= 3
        assert sum(one.has_made_way for one in self.under_way) <= 2
        assert all(targets.count(target) <= 2 for target in "abc")
        assert len(self.lanes.waiting()) == len(self.lanes) <= 8

    @override
    def teardown(self) -> None:
        """Whatever happened, what waits gets its turn once the others have ended."""
        for one in self.under_way:
            self.lanes.end(one)
        while late := self.lanes.begin(now=NOW):
            self.lanes.end(late)
        assert len(self.lanes) == 0


TestTurns = Turns.TestCase


@pytest.mark.parametrize(
    ("url", "target", "spot"),
    [
        ("https://A.example/x?id=1#y", "a.example", "https://A.example/x"),
        ("http://u:p@a.example:81/x", "a.example:81", "http://u:p@a.example:81/x"),
        ("http://[::1", "http://[::1", "http://[::1"),
    ],
)
def test_what_a_receiver_is_known_by(url: str, target: str, spot: str) -> None:
    assert host_of(url) == target
    assert address_of(url) == spot
