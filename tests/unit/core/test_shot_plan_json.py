"""A plan goes into JSON and comes back the same, and what is no plan is refused with advice."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from rushes.core.errors import MOST_PROBLEMS, InvalidRequest
from rushes.core.shot_plan import (
    SETS,
    Action,
    CameraMove,
    CastMember,
    Effect,
    Framing,
    NotShown,
    Plane,
    PlanSource,
    ShotPlan,
)
from rushes.core.shot_plan_json import plain, plan_from, plan_schema

SHARES = st.floats(0, 1)
MEMBERS = st.builds(
    CastMember,
    subject=st.sampled_from(["cat", "castle", "cook"]),
    words=st.text(max_size=20),
    count=st.integers(1, 200),
    height_m=st.none() | st.floats(0.01, 100),
    plane=st.sampled_from(Plane),
    x=st.none() | SHARES,
    y=st.none() | SHARES,
    scale=st.floats(0.1, 10),
    action=st.sampled_from(Action),
    colour=st.none() | st.just("#d32f2f"),
    on=st.none(),
)
PLANS = st.builds(
    ShotPlan,
    set=st.sampled_from(SETS),
    framing=st.sampled_from(Framing),
    camera=st.lists(st.builds(CameraMove, move=st.just("pan_left")), max_size=3).map(tuple),
    cast=st.lists(MEMBERS, max_size=4).map(tuple),
    effects=st.lists(st.sampled_from(Effect), max_size=3, unique=True).map(tuple),
    shown=st.lists(st.text(max_size=9), max_size=3).map(tuple),
    not_shown=st.lists(
        st.builds(NotShown, words=st.text(max_size=9), reason=st.just("No.")), max_size=2
    ).map(tuple),
    source=st.sampled_from(PlanSource),
)


@given(PLANS)
def test_a_plan_comes_back_from_json_as_it_was(plan: ShotPlan) -> None:
    assert plan_from(json.loads(json.dumps(plain(plan)))) == plan


@given(PLANS)
def test_what_a_plan_becomes_fits_the_schema(plan: ShotPlan) -> None:
    Draft202012Validator(plan_schema()).validate(plain(plan))


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(
        plan_schema(subjects=["cat"], moves=["pan_left"], palettes=["golden"])
    )


def test_an_empty_object_is_the_plan_of_the_defaults() -> None:
    assert plan_from({}, source=PlanSource.RULES) == ShotPlan()


def test_a_plan_from_a_caller_says_so() -> None:
    assert plan_from({"source": "rules"}, source=PlanSource.CALLER).source is PlanSource.CALLER


@pytest.mark.parametrize(
    ("data", "param", "advice"),
    [
        ([], "plan", "must be an object"),
        ({"set": "kitchn"}, "plan.set", "did you mean kitchen?"),
        ({"sets": "kitchen"}, "plan.sets", "the fields are set, time"),
        ({"pace": 0}, "plan.pace", "a number from 0.1 to 4"),
        ({"pace": float("nan")}, "plan.pace", "a number from 0.1 to 4"),
        ({"pace": True}, "plan.pace", "a number from 0.1 to 4"),
        ({"effects": ["rian"]}, "plan.effects[0]", "did you mean rain"),
        ({"effects": "rain"}, "plan.effects", "must be a list"),
        ({"source": "nobody"}, "plan.source", "rules, chat_model or caller"),
        ({"cast": [{}]}, "plan.cast[0].subject", "must be text"),
        ({"cast": [{"subject": "cta"}]}, "plan.cast[0].subject", "did you mean cat?"),
        ({"cast": [{"subject": "cat", "count": 1.5}]}, "plan.cast[0].count", "a whole number"),
        ({"cast": [{"subject": "cat", "count": 10**400}]}, "plan.cast[0].count", "a whole number"),
        ({"cast": [{"subject": "cat", "colour": "red"}]}, "plan.cast[0].colour", "#d32f2f"),
        ({"cast": [{"subject": "cat", "on": 0}]}, "plan.cast[0].on", "without a circle"),
        ({"cast": [{"subject": "cat", "on": 7}]}, "plan.cast[0].on", "index of another member"),
        ({"cast": [{"subject": "cat", "action": "fly away"}]}, "plan.cast[0].action", "fly"),
        (
            {"camera": [{"move": "pan", "start": 0.5, "end": 0.2}]},
            "plan.camera[0].end",
            "greater than start",
        ),
        ({"cast": [{"subject": "cat"}] * 25}, "plan.cast", "at most 24"),
    ],
)
def test_what_is_no_plan_is_refused_with_what_works(data: Any, param: str, advice: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        plan_from(data, subjects={"cat", "dog"})
    assert refused.value.param == param
    assert advice in str(refused.value)


def test_a_wrong_source_is_refused_although_the_reader_chooses_it() -> None:
    with pytest.raises(InvalidRequest, match=r"plan.source must be rules"):
        plan_from({"source": "nobody"}, source=PlanSource.CALLER)


def test_an_error_names_no_more_mistakes_than_a_reader_can_use() -> None:
    with pytest.raises(InvalidRequest) as refused:
        plan_from({f"field_{index}": 1 for index in range(4000)})
    assert len(refused.value.problems) == MOST_PROBLEMS
    assert refused.value.problems[-1][1] == "3951 more mistakes begin at plan.field_49"


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(InvalidRequest) as refused:
        plan_from({"set": 1, "time": 2, "cast": [{"subject": "", "x": 3}]})
    assert [param for param, _ in refused.value.problems] == [
        "plan.cast[0].subject", "plan.cast[0].x", "plan.set", "plan.time"
    ]  # fmt: skip


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["set", "cast", "camera", "effects", "on", "x", "subject", "move"]),
                inner,
            )
        ),
        max_leaves=12,
    )
)
def test_no_data_breaks_the_reader(data: Any) -> None:
    try:
        plan = plan_from(data)
    except InvalidRequest:
        return
    assert plan.set in SETS
