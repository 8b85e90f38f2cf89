"""Laws that hold for every prompt: it gets a plan, the plan is data, and reading it is no work."""

import sys
from types import FrameType

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rushes.core.shot_plan_json import plain, plan_from
from rushes.engines.animatic.planning.names import plan_names
from rushes.engines.animatic.planning.plan import plan_shot

_LISTED = """
a the two old red woman dog castle in on under behind riding sleeps runs no people forest night
rain close-up camera pans left una mujer con un perro en la playa gente femme avec un chien Frau
mit Hund auf dem Fluss женщина с собакой люди на берегу 女孩 和 狗 在 海边 一只 猫 犬 が 公園 で 走る
여자가 개와 걷는다 사람들 , . ; ' - ! \u2019 \u200d \U0001f600 \u0130 \u1e9e 12 999999
"""
_WORDS = _LISTED.split()
prompts = st.one_of(
    st.text(max_size=200),
    st.lists(st.sampled_from(_WORDS), max_size=30).map(" ".join),
    st.lists(st.sampled_from(_WORDS), max_size=30).map("".join),
)


@given(prompt=prompts, negative=st.one_of(st.none(), prompts), seed=st.integers(0, 2**32))
@example(prompt="gente en la plaza", negative=None, seed=0)
@example(prompt="白裙位前穿布匹公瀑马和的一虹跨横", negative=None, seed=0)
@example(prompt="\u0130stanbul \u1e9e", negative="\u0130", seed=1)
@settings(deadline=None)
def test_every_text_gets_a_plan_that_is_the_same_after_json(
    prompt: str, negative: str | None, seed: int
) -> None:
    plan = plan_shot(prompt, negative_prompt=negative, seed=seed)

    names = plan_names()
    again = plan_from(
        plain(plan), subjects=names.subjects, moves=names.moves, palettes=names.palettes
    )
    assert again == plan


@given(prompt=prompts)
@settings(deadline=None)
def test_no_words_are_both_shown_and_missing(prompt: str) -> None:
    plan = plan_shot(prompt)

    shown = {words.casefold() for words in plan.shown}
    assert not shown & {one.words.casefold() for one in plan.not_shown}


def _calls_for(prompt: str) -> int:
    """Return how many Python functions are called to plan a prompt."""
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        plan_shot(prompt)
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.parametrize(
    "sentence",
    [
        "a woman with a red umbrella walks behind the old castle, ",
        "una mujer con un perro en la playa, ",
        "женщина с собакой на берегу, ",
        "一个女孩和一只狗在海边奔跑，",
        "女の子と犬が公園で走る、",
        "여자가 개와 공원에서 걷는다, ",
        "zzqx ",
        "的" * 40,
        "a" * 40,
    ],
)
def test_the_work_for_a_prompt_grows_with_its_length_only(sentence: str) -> None:
    plan_shot(sentence)  # the tables are read once
    short, long = _calls_for(sentence * 5), _calls_for(sentence * 50)

    assert long < 25 * max(short, 2_000)
