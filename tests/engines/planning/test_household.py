import pytest

from rushes.engines.animatic.planning.plan import plan_shot


def cast(prompt: str) -> list[tuple[str, int | None]]:
    return [(member.subject, member.on) for member in plan_shot(prompt, seed=7).cast]


def test_food_of_a_plate_or_a_bowl_lies_on_it() -> None:
    assert cast("a plate of cookies") == [("plate", None), ("cookie", 0)]
    assert plan_shot("a plate of cookies").cast[1].count == 3
    assert plan_shot("a bowl of rice and a plate of bread").not_shown == ()


def test_food_whose_picture_has_a_dish_needs_no_second_one() -> None:
    assert cast("a plate of spaghetti") == [("spaghetti", None)]


@pytest.mark.parametrize(
    ("prompt", "lamp"),
    [("a lamp", "table-lamp"), ("a lamp beside a bed", "table-lamp"), ("a street with a lamp", "street-lamp")],
)  # fmt: skip
def test_a_lamp_of_no_kind_is_the_lamp_of_its_place(prompt: str, lamp: str) -> None:
    assert lamp in {name for name, _ in cast(prompt)}


def test_jewellery_and_belts_are_worn() -> None:
    assert cast("a woman wearing a belt and earrings") == [
        ("woman", None),
        ("belt", 0),
        ("earrings", 0),
    ]
