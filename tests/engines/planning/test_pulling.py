"""Who pulls a vehicle goes before it and is not on it."""

import pytest

from rushes.engines.animatic.planning.plan import plan_shot


@pytest.mark.parametrize(
    ("prompt", "puller", "pulled"),
    [
        ("A husky pulls a sled", "husky", "sled"),
        ("a sled pulled by huskies", "husky", "sled"),
        ("reindeer pull a sleigh", "reindeer", "sleigh"),
        ("a horse pulls a cart", "horse", "cart"),
        ("a boy pulls a sled", "boy", "sled"),
        ("Ein Pferd zieht einen Wagen", "horse", "cart"),
    ],
)
def test_who_pulls_goes_before_what_is_pulled(prompt: str, puller: str, pulled: str) -> None:
    cast = {one.subject: one for one in plan_shot(prompt).cast}
    before, behind = cast[puller], cast[pulled]
    assert (before.on, behind.on) == (None, None)
    assert (before.x or 0.0) > (behind.x or 1.0)


def test_who_rides_in_what_is_pulled_stays_in_it() -> None:
    santa, sleigh, reindeer = plan_shot("Santa rides a sleigh pulled by reindeer").cast
    assert (santa.on, sleigh.on, reindeer.on) == (1, None, None)
