from dataclasses import replace

from rushes.kit.light_values import light_value


@light_value
class Point:
    x: int
    y: int = 0


def test_a_light_value_is_equal_and_hashed_by_its_fields() -> None:
    assert Point(x=1) == Point(x=1, y=0) != Point(x=1, y=2)
    assert {Point(x=1): "a"}[Point(x=1)] == "a"


def test_a_copy_with_another_field_leaves_the_first_as_it_was() -> None:
    first = Point(x=1, y=2)

    assert (replace(first, y=3), first) == (Point(x=1, y=3), Point(x=1, y=2))
