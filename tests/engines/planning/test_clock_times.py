"""Hours of the clock are times of the day, and lengths of clips count nothing."""

import pytest

from rushes.engines.animatic.planning.plan import plan_shot


@pytest.mark.parametrize(
    "prompt",
    [
        "A baker at 3 am",
        "A street at 11 pm",
        "Ein Bäcker um drei Uhr nachts",
        "Un boulanger à trois heures du matin",
        "Un gato a las tres de la mañana",
        "Пекарь в три часа ночи",
        "凌晨三点的街道",
        "午前三時のコンビニ",
        "새벽 세 시의 편의점",
    ],
)
def test_hours_after_midnight_are_night_and_no_clocks(prompt: str) -> None:
    plan = plan_shot(prompt)
    assert plan.time == "night"
    assert all(one.count == 1 and "clock" not in one.subject for one in plan.cast)


@pytest.mark.parametrize("prompt", ["A street at 10 am", "Eine Straße um 11 Uhr"])
def test_hours_of_the_day_are_day(prompt: str) -> None:
    assert plan_shot(prompt).time == "day"


def test_five_clocks_are_five_clocks() -> None:
    assert plan_shot("five wall clocks").cast[0].count == 5


def test_the_length_of_a_clip_is_no_count() -> None:
    plan = plan_shot("A 30-second ad for a perfume bottle")
    assert [(one.subject, one.count) for one in plan.cast] == [("perfume-bottle", 1)]
