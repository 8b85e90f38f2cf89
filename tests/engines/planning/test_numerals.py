"""Numbers with their counters in Chinese, Japanese and Korean."""

import pytest

from rushes.engines.animatic.planning.numerals import after_digits, counted_at
from rushes.engines.animatic.planning.plan import plan_shot


@pytest.mark.parametrize(
    ("text", "language", "count"),
    [
        ("九个灯笼", "zh", 9), ("两只老虎", "zh", 2), ("十二盏灯", "zh", 12), ("二十三匹马", "zh", 23), ("几只鸟", "zh", 3), ("一双鞋", "zh", 2),
        ("几十只鸽子", "zh", 40), ("三人", "zh", 3), ("许多树", "zh", 10), ("三匹の猫", "ja", 3), ("十五本の木", "ja", 15), ("ふたりの子", "ja", 2),
        ("何十羽もの鳩", "ja", 40), ("세 마리", "ko", 3), ("열두 개의 사과", "ko", 12), ("한 쌍의 새", "ko", 2), ("여러 마리", "ko", 4),
    ],
)  # fmt: skip
def test_a_number_with_its_counter_is_a_count(text: str, language: str, count: int) -> None:
    found = counted_at(text, 0, language)
    assert found is not None
    assert found.number == count


@pytest.mark.parametrize(
    ("text", "language"),
    [("一起走", "zh"), ("一边", "zh"), ("五颜六色", "zh"), ("十字路口", "zh"), ("三日月", "ja"), ("세상", "ko"), ("dog", "en")],
)  # fmt: skip
def test_a_number_that_is_a_part_of_a_word_is_none(text: str, language: str) -> None:
    assert counted_at(text, 0, language) is None


def test_an_ordinal_number_counts_nothing() -> None:
    assert counted_at("第三只", 1, "zh") is None


def test_a_counter_after_digits_is_passed_over() -> None:
    assert after_digits("12羽の", 2, "ja") == len("12羽の")
    assert after_digits("羽", 0, "ja") == 0


@pytest.mark.parametrize(
    ("prompt", "counts"),
    [
        ("九个红色灯笼挂在树上", [9, 1]),
        ("20只企鹅", [20]),
        ("12羽のペンギン", [12]),
        ("猫が三匹眠っている", [3]),
        ("고양이 세 마리가 소파 위에서 자고 있다", [3, 1]),
        ("三个戴着帽子的孩子在雪地里玩", [3, 1]),
        ("一群奔跑的马", [8]),
        ("这只狗跑向那只狗", [1]),
    ],
)
def test_a_plan_counts_what_the_number_belongs_to(prompt: str, counts: list[int]) -> None:
    assert [member.count for member in plan_shot(prompt, seed=7).cast] == counts


def test_what_this_points_to_is_no_second_one() -> None:
    plan = plan_shot("一只狐狸在一只鞋子前面，然后这只狐狸跑到了鞋子左边", seed=7)
    assert [member.subject for member in plan.cast] == ["fox", "running-shoe"]


@pytest.mark.parametrize(
    ("prompt", "subject", "count"),
    [
        ("1000 paper lanterns", "red-paper-lantern", 80),
        ("seven dwarfs walk through the forest", "dwarf", 7),
        ("a hundred doves", "dove", 60),
    ],
)
def test_large_numbers_and_old_plurals_count(prompt: str, subject: str, count: int) -> None:
    (member,) = plan_shot(prompt).cast
    assert (member.subject, member.count) == (subject, count)
