"""Common English words choose in the renderer and the expander only what they mean."""

import pytest
from tests.words.report import CHOICES, COMMON_WORDS, PLANNED, choices_of, planned_of, report

from rushes.engines.animatic.camera_words import moves_in
from rushes.engines.animatic.edits.sound.words import sounds_in
from rushes.engines.animatic.particles import kinds_in
from rushes.engines.animatic.planning.plan import plan_shot
from rushes.kit.word_patterns import whole_words


def test_what_common_words_choose_is_what_a_reviewer_has_read() -> None:
    read = CHOICES.read_text("utf-8")
    assert report() == read, "run: python -m tests.words.report --write, and read what changed"


def test_what_the_planner_makes_of_common_words_is_what_a_reviewer_has_read() -> None:
    read = PLANNED.read_text("utf-8")
    assert report(planned_of) == read, (
        "run: python -m tests.words.report --write, and read what changed"
    )


def test_twenty_thousand_words_are_tried() -> None:
    assert len(set(COMMON_WORDS)) == 20_000


@pytest.mark.parametrize(
    "word",
    [
        "flamingo",
        "flamenco",
        "never",
        "montana",
        "coastal",
        "spinach",
        "colorado",
        "blazer",
        "mare",
    ],
)
def test_a_word_that_only_begins_like_another_does_not_choose_its_scene(word: str) -> None:
    others = {
        "flamingo": "campfire",
        "flamenco": "campfire",
        "never": "snow",
        "montana": "mountain",
        "mare": "ocean",
    }
    assert plan_shot(word).set != others.get(word, "campfire")
    assert kinds_in(word) == ()
    assert "fire" not in sounds_in(word, None)


def test_letters_around_a_word_hide_it() -> None:
    flame = whole_words("flam(?:e|ing) sun_set star*")
    assert [flame.search(text) is not None for text in ("a flame", "sun-set", "starlight")] == [
        True
    ] * 3
    assert not any(flame.search(text) for text in ("flamingo", "inflame", "mustard", "sunsets"))


def test_a_camera_word_inside_another_moves_nothing() -> None:
    usual = moves_in("", seed=0)
    assert all(
        moves_in(word, seed=0) == usual for word in ("panorama", "tilth", "zoomorphic", "fastened")
    )


def test_every_choice_of_a_word_has_a_name() -> None:
    assert "sound leaves" in set(choices_of("forest"))
    assert not set(choices_of("spinach"))
