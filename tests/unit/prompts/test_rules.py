"""Expand prompts by rules: add what is missing, and never contradict the prompt."""

import re
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from rushes.engines.animatic.camera_words import moves_in
from rushes.engines.animatic.particles import kinds_in
from rushes.engines.animatic.planning.plan import plan_shot
from rushes.prompts.language import is_english
from rushes.prompts.rules import LONG_ENOUGH_WORDS, contradicts, expand
from rushes.prompts.vocabulary import OPEN_ASPECTS

SUBJECTS = [
    "a lighthouse", "a red fox", "an old man", "two children", "a samurai", "a teacup", "a city",
    "the ocean", "a desert", "a robot", "a girl with blue eyes", "a dragon", "fish", "a glacier",
    "an astronaut", "a tiny insect", "a giant", "a crowd", "a car", "a logo", "a sad clown",
]  # fmt: skip
DOINGS = [
    "walks away", "sleeps", "runs", "is chasing a thief", "dances", "smiles", "explodes", "stands still",
    "waits", "burns", "spins", "flies past", "rests", "jumps", "",
]  # fmt: skip
WHERE = [
    "at night", "at noon", "at dusk", "in the fog", "in heavy rain", "underwater", "in a dark cave",
    "in harsh light", "by candlelight", "on a sunny day", "in a studio", "on an alien planet",
    "in a chaotic market", "in a flat landscape", "in space", "in a forest", "",
]  # fmt: skip
HOW = [
    "close-up", "wide shot", "static camera", "handheld", "slow motion", "fast cuts", "anime style",
    "black and white", "35mm film grain", "shallow depth of field", "drone shot", "camera pans left",
    "zoom out", "timelapse", "pixel art", "vivid colours", "crisp and clean", "high-key", "low-key",
    "macro", "fisheye lens", "no camera movement", "dolly zoom", "orbit", "noir", "soft focus",
    "watercolor", "bright", "silhouette", "vintage VHS", "minimal", "earthquake", "",
]  # fmt: skip

ENDINGS = ["", ".", "!", ",", " ", ". "]
prompts = st.builds(
    lambda what, does, where, how, end: (
        ", ".join(part for part in (f"{what} {does} {where}".strip(), *how) if part) + end
    ),
    st.sampled_from(SUBJECTS),
    st.sampled_from(DOINGS),
    st.sampled_from(WHERE),
    st.lists(st.sampled_from(HOW), max_size=4),
    st.sampled_from(ENDINGS),
)
askings = st.fixed_dictionaries(
    {
        "duration_s": st.sampled_from([5.0, 9.0, 10.0]),
        "has_first": st.booleans(),
        "has_last": st.booleans(),
        "loop": st.booleans(),
        "seed": st.none() | st.integers(0, 2**32),
        "moving": st.booleans(),
    }
)
PLAIN: dict[str, Any] = {
    "duration_s": 5.0,
    "has_first": False,
    "has_last": False,
    "loop": False,
    "seed": None,
}

# Written apart from the expander's own tables: what a reader would call a contradiction.
CONTRADICTIONS = [
    (r"night|midnight|dark|cave|noir", r"bright|natural light|soft directional|raking"),
    (r"noon|sunny|bright|high-key", r"low-key|deep shadows|raking|dark"),
    (r"harsh|hard light", r"\bsoft\b|diffuse"),
    (r"close-up|macro", r"\bwide\b|medium"),
    (r"wide shot|drone", r"\btight\b|close|medium"),
    (r"static|no camera|stands still|locked", r"push|pan\b|track|orbit|handheld|tilt|zoom"),
    (r"handheld|earthquake", r"steady|static|\beven\b"),
    (r"pans? left|zoom out|orbit|dolly zoom|drone", r"push"),
    (r"slow|sleeps|rests", r"brisk|fast|quick"),
    (r"fast|chasing|explodes|runs|jumps|dances", r"unhurried|slow|calm"),
    (r"timelapse", r"pace|unbroken"),
    (r"cuts", r"unbroken"),
    (r"black and white|noir|vivid", r"colour"),
    (r"anime|pixel|watercolor", r"lens|grain|texture|photo"),
    (r"crisp|clean", r"grain"),
    (r"shallow", r"deep|layered"),
    (r"fisheye|macro|35mm", r"\d+mm lens"),
    (r"soft focus", r"sharp|crisp"),
    (r"alien|studio", r"natural"),
    (r"flat|minimal", r"layered|depth"),
    (r"chaotic", r"balanced|unhurried|steady|\beven\b"),
    (r"silhouette|candlelight", r"directional|diffuse|natural light"),
    (r"fog|\brain|underwater", r"long shadows"),
    (r"space", r"soft shadows"),
    (r"tiny", r"\bwide\b"),
    (r"crowd", r"\btight\b"),
    (r"walks away|zoom out", r"push"),
]


@given(prompt=prompts | st.text(), requested=askings)
def test_the_caller_s_words_come_first_as_they_are(prompt: str, requested: dict[str, Any]) -> None:
    expanded = expand(prompt, **requested)

    assert expanded.startswith(prompt)
    assert expanded == expand(prompt, **requested), "the same arguments give the same words"


@given(prompt=prompts | st.text(alphabet="abc .,!?\n"), requested=askings)
def test_to_expand_twice_is_to_expand_once(prompt: str, requested: dict[str, Any]) -> None:
    once = expand(prompt, **requested)

    assert expand(once, **requested) == once


@example(
    prompt="a lighthouse jumps at night, handheld",
    requested={
        "duration_s": 5.0,
        "has_first": False,
        "has_last": False,
        "loop": False,
        "seed": None,
        "moving": True,
    },
)
@given(prompt=prompts, requested=askings)
def test_nothing_that_is_added_contradicts_the_prompt(
    prompt: str, requested: dict[str, Any]
) -> None:
    added = expand(prompt, **requested).removeprefix(prompt)

    for theirs, ours in CONTRADICTIONS:
        if re.search(theirs, prompt):
            assert not re.search(ours, added.lower()), f"{theirs!r} and {ours!r}"


@given(prompt=prompts, seed=st.integers(0, 2**32), has_picture=st.booleans())
def test_the_embedded_engine_draws_the_same_scene(
    prompt: str, seed: int, has_picture: bool
) -> None:
    requested = PLAIN | {"seed": seed, "has_first": has_picture}
    before, after = prompt.lower(), expand(prompt, **requested).lower()

    assert plan_shot(after, seed=seed).set == plan_shot(before, seed=seed).set
    assert kinds_in(after) == kinds_in(before)


@given(prompt=prompts, seed=st.integers(0, 2**32))
def test_the_embedded_engine_keeps_the_requested_moves_and_pace(prompt: str, seed: int) -> None:
    unasked = moves_in("", seed=seed)
    before = moves_in(prompt.lower(), seed=seed)
    after = moves_in(expand(prompt, **PLAIN | {"seed": seed}).lower(), seed=seed)

    assert after.pace == before.pace
    if (before.travels, before.still, before.handheld) != (unasked.travels, 0.0, 0.0):
        assert after == before
    if before.pan != unasked.pan or before.push != unasked.push:
        assert after == before


def test_every_phrase_settles_its_facet_and_fits_all_others() -> None:
    phrases = [
        (aspect, phrase)
        for aspect in OPEN_ASPECTS
        for option in aspect.options
        for phrase in option.phrases
    ]

    for aspect, phrase in phrases:
        assert aspect.mentioned.search(phrase), f"{phrase!r} would be added twice"
        assert not aspect.excluded.search(phrase)
        assert not contradicts(phrase, phrase)


def test_every_facet_has_an_option_for_any_prompt() -> None:
    assert all(aspect.options[-1].where.search("") for aspect in OPEN_ASPECTS)


def test_a_bare_prompt_gets_every_addition() -> None:
    assert expand("a lighthouse at dusk", **PLAIN) == (
        "a lighthouse at dusk. Balanced framing, low raking light with long shadows, 35mm lens,"
        " steady push-in, unhurried pace, natural texture."
    )


@pytest.mark.parametrize(
    "prompt",
    [
        "Wide shot, static camera, soft light, 35mm lens, slow, film grain: an old mill",
        "macro of a bee, handheld, backlit, fast, vivid colours",
        " ".join(["the dog looks at the cat and the cat looks at the dog"] * 8),
        "",
        "   ",
        "\n",
        "!?",
        "12345",
    ],
)
def test_a_complete_or_an_abstract_prompt_is_left_alone(prompt: str) -> None:
    assert expand(prompt, **PLAIN) == prompt


def test_only_a_prompt_of_many_words_is_left_alone_for_its_length() -> None:
    fox = "a red fox in the snow " * 20

    assert expand(" ".join(fox.split()[:LONG_ENOUGH_WORDS]), **PLAIN) != fox
    assert expand(fox, **PLAIN) == fox


@pytest.mark.parametrize(
    "prompt",
    [
        "日落时分的灯塔",
        "夕暮れの灯台、波が打ち寄せる",
        "маяк на закате",
        "منارة عند الغروب",
        "해질녘 등대",
        "ein Leuchtturm bei Sonnenuntergang mit der Brandung",
        "un faro al atardecer con las olas",
        "un phare au coucher du soleil dans la brume",
        "um farol ao pôr do sol com ondas",
        "un faro al tramonto con le onde",
        "een vuurtoren bij zonsondergang aan het strand",
        "ett fyrtorn och havet",
    ],
)
def test_a_prompt_in_another_language_is_left_alone(prompt: str) -> None:
    assert expand(prompt, **PLAIN) == prompt


@pytest.mark.parametrize(
    "prompt",
    ["neon koi pond", "a café in the rain", "die-cast car on the shelf", "El Capitan at the dawn of a day",
     "Zoë walks through the fog", "a man in Los Angeles with the sea behind him"],
)  # fmt: skip
def test_english_with_a_foreign_word_is_english(prompt: str) -> None:
    assert is_english(prompt)


def test_a_given_picture_needs_no_description() -> None:
    added = expand("she turns her head", **PLAIN | {"has_first": True})

    assert added == "she turns her head. Steady push-in, unhurried pace."


def test_between_two_given_pictures_the_passage_is_the_movement() -> None:
    added = expand("she turns her head", **PLAIN | {"has_first": True, "has_last": True})

    assert added == "she turns her head. Unhurried pace."


def test_a_loop_gets_no_movement_in_one_direction() -> None:
    assert "push" not in expand("a lighthouse at dusk", **PLAIN | {"loop": True})


def test_a_still_gets_no_words_about_movement() -> None:
    added = expand("a lighthouse at dusk", **PLAIN, moving=False)

    assert not re.search(r"push|pace|take", added)
    assert "lens" in added


def test_a_long_clip_is_asked_for_in_a_single_take() -> None:
    assert "one unbroken take" in expand("a red fox", **PLAIN | {"duration_s": 10.0})
    assert "one unbroken take" not in expand("a red fox", **PLAIN)


@given(seeds=st.sets(st.integers(0, 2**32), min_size=30, max_size=30))
def test_the_seed_chooses_between_phrases(seeds: set[int]) -> None:
    assert len({expand("a teapot", **PLAIN | {"seed": seed}) for seed in seeds}) > 1


@given(prompt=prompts)
def test_the_added_sentence_is_joined_as_one_writes(prompt: str) -> None:
    expanded = expand(prompt, **PLAIN)
    assume(expanded != prompt)

    assert expanded.endswith(".")
    assert not re.search(r"[.!?,]{2}", expanded.removeprefix(prompt.rstrip()))
