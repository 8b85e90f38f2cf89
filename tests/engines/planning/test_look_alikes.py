"""What a plan tells of things in whose place another thing is drawn."""

from unittest.mock import Mock

import pytest

from rushes.engines.animatic.cast.catalogue import subjects
from rushes.engines.animatic.planning import subject_words
from rushes.engines.animatic.planning.lexicon import phrases_of
from rushes.engines.animatic.planning.look_alikes import LOOK_ALIKES, look_alike_reason
from rushes.engines.animatic.planning.plan import plan_shot
from rushes.engines.animatic.planning.subject_words import look_alikes_of, names_of

CATALOGUE = frozenset({"paintbrush", "dress"})


@pytest.fixture
def _whisk_has_no_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the test true when somebody draws a whisk."""
    monkeypatch.setattr(subject_words, "LOOK_ALIKES", "\npaintbrush: whisk\n")
    monkeypatch.setattr(subject_words, "EVERYDAY_NAMES", "\ndress: sundress\n")
    monkeypatch.setattr(subject_words, "lines_in", Mock(return_value=[]))


@pytest.mark.usefixtures("_whisk_has_no_picture")
def test_a_look_alike_has_a_subject_and_is_known_as_one() -> None:
    assert names_of(CATALOGUE)["whisk"] == "paintbrush"
    assert look_alikes_of(CATALOGUE) == {"whisk"}


@pytest.mark.usefixtures("_whisk_has_no_picture")
def test_a_thing_with_a_picture_of_its_own_is_no_look_alike() -> None:
    catalogue = CATALOGUE | {"whisk"}
    assert names_of(catalogue)["whisk"] == "whisk"
    assert not look_alikes_of(catalogue)


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("a woman with a lobster trap", "a lobster trap"),
        ("three lobster traps in the street", "three lobster traps"),
        ("a man wearing a jumpsuit dances", "a jumpsuit"),
    ],
)
def test_a_look_alike_stands_there_and_is_told_as_not_shown(prompt: str, words: str) -> None:
    plan = plan_shot(prompt)
    told = {one.words: one.reason for one in plan.not_shown}
    assert words in told
    assert told[words].startswith("The picture shows ")
    assert words in {one.words for one in plan.cast}
    assert not any(words in one or one in words for one in plan.shown)


@pytest.mark.parametrize("language", ["es", "fr", "de", "pt", "ru", "zh", "ja", "ko"])
def test_other_languages_know_look_alikes_by_their_english_names(language: str) -> None:
    meanings = [one for found in phrases_of(language).values() for one in found]
    assert any(one.is_look_alike for one in meanings)


@pytest.mark.parametrize("prompt", ["a woman in a sundress", "a man with a wrench", "a spanner"])
def test_a_picture_that_a_viewer_accepts_is_shown(prompt: str) -> None:
    plan = plan_shot(prompt)
    assert not plan.not_shown


def test_the_reason_names_what_is_drawn() -> None:
    known = subjects()
    axe, chains, hat = known["axe"], known["chains"], known["womans-hat"]
    assert look_alike_reason(axe) == "The picture shows an axe instead."
    assert look_alike_reason(axe, is_plural=True) == "The picture shows axes instead."
    assert look_alike_reason(chains) == "The picture shows chains instead."
    assert look_alike_reason(hat) == "The picture shows a hat instead."


def test_the_subjects_of_look_alikes_are_in_the_catalogue() -> None:
    lines = LOOK_ALIKES.replace("\n    ", " ").strip().splitlines()
    assert {line.partition(": ")[0] for line in lines} <= set(subjects())
