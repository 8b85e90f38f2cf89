"""Laws of reading a create body."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.core.spec import Keyframe, Position
from rushes.dialects.luma_relay.parse import ParsedRequest, read
from rushes.dialects.luma_relay.translate import to_spec
from rushes.dialects.luma_relay.wire import LONGEST_PROMPT, SPELLINGS
from rushes.engines.base import channels_of
from rushes.engines.scripted import ScriptedEngine
from rushes.service.catalogue import ALIASES, MODELS, Catalogue

CATALOGUE = Catalogue(channels_of(dict.fromkeys(MODELS, ScriptedEngine([]))))
SPELLED = [(name, spelling) for name, many in SPELLINGS.items() for spelling in many]


def requested(**fields: Any) -> ParsedRequest:
    return read({"user_prompt": "a cat"} | fields, catalogue=CATALOGUE)


def refused(**fields: Any) -> dict[str, str]:
    return dict(requested(**fields).problems)


def at(spelling: str, value: object) -> dict[str, Any]:
    """Return a body with *value* at the dotted place that *spelling* names."""
    body: Any = value
    for part in reversed(spelling.split(".")):
        body = {part: body}
    return dict(body)


VALUES: dict[str, tuple[Any, Any]] = {
    "prompt": ("a dog", "a fox"),
    "model": ("ray-v1", "ray-v3"),
    "first_image": ("https://a.example/1.png", "https://a.example/2.png"),
    "last_image": ("https://a.example/3.png", "https://a.example/4.png"),
    "aspect_ratio": ("9:16", "1:1"),
    "resolution": ("1080p", "540p"),
    "duration": ("9s", "10s"),
    "loop": (True, False),
    "expand_prompt": (True, False),
    "seed": (7, "8"),
    "hook": ("https://h.example/1", "https://h.example/2"),
}
FIELD = {"duration": "duration_s"}


@pytest.mark.parametrize(("name", "spelling"), SPELLED)
def test_a_thing_is_found_under_each_of_its_names(name: str, spelling: str) -> None:
    value, _ = VALUES[name]
    usual = read(at(SPELLINGS[name][0], value), catalogue=CATALOGUE)
    other = read(at(spelling, value), catalogue=CATALOGUE)
    assert getattr(other, FIELD.get(name, name)) == getattr(usual, FIELD.get(name, name))
    assert getattr(other, FIELD.get(name, name)) not in {None, ""}
    assert other.spelled[name] == spelling


@pytest.mark.parametrize(("name", "spelling"), [(n, s) for n, s in SPELLED if s != SPELLINGS[n][0]])
def test_two_names_of_one_thing_may_agree_but_not_differ(name: str, spelling: str) -> None:
    one, other = VALUES[name]
    usual = SPELLINGS[name][0]
    start = {} if name == "prompt" else {"user_prompt": "x"}
    assert not read(start | at(usual, one) | at(spelling, one), catalogue=CATALOGUE).problems
    body = start | at(usual, one) | at(spelling, other)
    problems = dict(read(body, catalogue=CATALOGUE).problems)
    assert list(problems) == [spelling]
    assert usual in problems[spelling]
    assert spelling in problems[spelling]


@pytest.mark.parametrize(("name", "spelling"), SPELLED)
@pytest.mark.parametrize("nothing", [None, "", "  "])
def test_nothing_by_any_name_is_as_if_it_were_not_sent(
    name: str, spelling: str, nothing: object
) -> None:
    body = {"user_prompt": "x"} | at(spelling, nothing)
    if name == "prompt":
        body = {"image_url": "https://a.example/1.png"} | at(spelling, nothing)
    found = read(body, catalogue=CATALOGUE)
    assert not found.problems
    assert name not in found.spelled


def test_an_image_may_be_false_but_not_true() -> None:
    assert requested(image_end_url=False).last_image is None
    assert not requested(image_end_url=False).problems
    assert set(refused(image_end_url=True)) == {"image_end_url"}


@given(
    value=st.sampled_from([True, False]),
    write=st.sampled_from(
        [
            lambda flag: flag,
            str,
            lambda flag: str(flag).lower(),
            lambda flag: str(flag).upper(),
            int,
            float,
            lambda flag: str(int(flag)),
            lambda flag: "yes" if flag else "no",
            lambda flag: " on " if flag else " off ",
        ]
    ),
)
def test_a_flag_is_understood_however_it_is_written(value: bool, write: Any) -> None:
    found = requested(expand_prompt=write(value), loop=write(value))
    assert not found.problems
    assert (found.expand_prompt, found.loop) == (value, value)


@given(
    st.one_of(
        st.integers().filter(lambda n: n not in {0, 1}),
        st.text().filter(
            lambda t: (
                t.strip()
                and t.strip().lower() not in {"true", "false", "0", "1", "yes", "no", "on", "off"}
            )
        ),
        st.lists(st.integers()),
        st.dictionaries(st.text(), st.integers()),
    )
)
def test_what_is_no_flag_is_refused_by_name(value: object) -> None:
    assert set(refused(loop=value)) == {"loop"}


@given(
    number=st.sampled_from([5, 9, 10, 5.5, 0, 7]),
    unit=st.sampled_from(["", "s", " s", "S", "sec", "seconds"]),
    as_number=st.booleans(),
)
def test_a_duration_means_the_same_in_every_spelling(
    number: float, unit: str, as_number: bool
) -> None:
    value: object = number if as_number else f"{number}{unit}"
    found = requested(duration=value)
    assert not found.problems
    assert found.duration_s == float(number)


@given(
    st.one_of(
        st.floats().filter(lambda x: not 0 <= x < 1e6),
        st.integers(max_value=-1),
        st.integers(min_value=10**6),
        st.just(10**400),
        st.booleans(),
        st.sampled_from(["string", "-5s", "5m", "5s5s", "five", "0x5", "5,0", "\u0665s", "1e1s"]),
        st.lists(st.integers()),
    )
)
def test_what_is_no_duration_is_refused_with_those_that_work(value: object) -> None:
    reported = refused(duration=value)
    assert set(reported) == {"duration"}
    assert reported["duration"].startswith("duration must be one of 4s, 5s, 9s, 10s, not ")
    assert len(reported["duration"]) < 200


@given(st.sampled_from([*ALIASES, *MODELS]), st.sampled_from([str.lower, str.upper, str.title]))
def test_a_model_answers_to_each_of_its_names(name: str, write: Any) -> None:
    assert requested(model_name=write(name)).model == ALIASES.get(name, name)


def test_an_unknown_model_is_refused_with_those_on_offer() -> None:
    reported = refused(model="sora-9")
    assert set(reported) == {"model"}
    assert all(name in reported["model"] for name in ("ray-v1", "ray-v2", "ray-v3", "sora-9"))


def test_a_prompt_is_required_unless_there_is_an_image() -> None:
    assert dict(read({}, catalogue=CATALOGUE).problems) == {
        "user_prompt": "user_prompt is required, unless an image is given"
    }
    for spelling in ("image_url", "image_end_url"):
        assert not read({spelling: "https://a.example/1.png"}, catalogue=CATALOGUE).problems


def test_a_prompt_of_the_wrong_type_is_told_once() -> None:
    reported = read({"user_prompt": ["x"]}, catalogue=CATALOGUE).problems
    assert reported == (("user_prompt", 'user_prompt must be text, not ["x"]'),)


@given(st.integers(min_value=1, max_value=2000))
def test_a_prompt_over_the_limit_is_refused_with_both_lengths(over: int) -> None:
    reported = refused(user_prompt="x" * (LONGEST_PROMPT + over))
    assert reported["user_prompt"].startswith(f"user_prompt must be at most {LONGEST_PROMPT} ")
    assert str(LONGEST_PROMPT + over) in reported["user_prompt"]
    assert not refused(user_prompt="x" * LONGEST_PROMPT)


@given(st.text(min_size=1).filter(lambda text: text.strip()))
def test_the_prompt_arrives_as_the_caller_wrote_it(prompt: str) -> None:
    assert to_spec(requested(user_prompt=prompt)).prompt == prompt


@given(st.dictionaries(st.text().map(lambda key: "x-" + key), st.text()))
def test_what_is_not_known_is_ignored(extra: dict[str, str]) -> None:
    assert requested(**extra) == requested()
    assert requested(metadata="free text") == requested()


def test_mistakes_are_reported_together() -> None:
    reported = refused(loop="perhaps", duration="long", model_name="x", aspect_ratio=[1], image=7)
    assert set(reported) == {"loop", "duration", "model_name", "aspect_ratio", "image"}


def test_keyframes_may_be_written_as_the_official_api_does() -> None:
    frames = {
        "frame0": {"type": "generation", "id": "4665a07c-7641-4809-a133-10786201bb56"},
        "frame1": {"type": "image", "url": "https://a.example/1.png"},
    }
    spec = to_spec(requested(keyframes=frames))
    assert spec.keyframes == (
        Keyframe(position=Position.FIRST, generation_id="4665a07c-7641-4809-a133-10786201bb56"),
        Keyframe(position=Position.LAST, image="https://a.example/1.png"),
    )


@pytest.mark.parametrize(
    ("frames", "named"),
    [
        ("x", "keyframes"),
        ([], "keyframes"),
        ({"frame0": "https://a.example/1.png"}, "keyframes.frame0"),
        ({"frame1": {"type": "generation", "id": "x"}}, "keyframes.frame1.id"),
        ({"frame0": {"id": 5}}, "keyframes.frame0.id"),
        ({"frame0": {"url": 5}}, "keyframes.frame0.url"),
        ({"frame0": {"id": "x", "url": "https://a.example/1.png"}}, "keyframes.frame0.url"),
    ],
)
def test_keyframes_that_make_no_sense_are_refused(frames: object, named: str) -> None:
    assert set(refused(keyframes=frames)) == {named}


def test_the_beginning_of_an_extension_is_the_end_of_what_it_extends() -> None:
    found = read(
        {"user_prompt": "on", "image_url": "https://a.example/1.png"},
        catalogue=CATALOGUE,
        extends="4665a07c-7641-4809-a133-10786201bb56",
    )
    assert set(dict(found.problems)) == {"image_url"}
    assert to_spec(found).extends == "4665a07c-7641-4809-a133-10786201bb56"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([s.split(".")[0] for _, s in SPELLED]), JSON))
def test_whatever_the_known_fields_hold_is_read_or_refused(body: dict[str, Any]) -> None:
    found = read(body, catalogue=CATALOGUE)
    assert all(why.startswith(name) and len(why) < 500 for name, why in found.problems)
    assert math.isfinite(to_spec(found).duration_s)


@pytest.mark.parametrize(("sent", "seed"), [(7, 7), ("8", 8), (4294967295, 4294967295), (-1, None)])
def test_a_seed_reaches_the_spec(sent: object, seed: int | None) -> None:
    assert to_spec(requested(seed=sent)).seed == seed


@pytest.mark.parametrize("sent", [True, 1.5, "x", -2, 1 << 32, [7], {}])
def test_what_is_no_seed_is_refused_by_name(sent: object) -> None:
    assert "whole number" in refused(seed=sent)["seed"]
