"""The words of a prompt and the languages that it may be in."""

import pytest

from rushes.engines.animatic.planning.lexicon import phrases_of
from rushes.engines.animatic.planning.text import languages_of, tokens_of


def knows(word: str, language: str) -> bool:
    return word in phrases_of(language)


@pytest.mark.parametrize(
    ("prompt", "language"),
    [
        ("a cat on a sofa", "en"),
        ("cat, sofa, sunset", "en"),
        ("Quatro cavalos brancos galopam pelo prado", "pt"),
        ("Cinco patitos siguen a su madre", "es"),
        ("Ein Astronaut schwebt im Weltraum ohne Helm", "de"),
        ("Un chat dort sur un canapé rouge", "fr"),
        ("Белый тигр лежит на траве", "ru"),
        ("一只猫", "zh"),
        ("猫がいる", "ja"),
        ("고양이", "ko"),
    ],
)
def test_little_words_and_then_all_words_tell_the_language(prompt: str, language: str) -> None:
    assert languages_of(prompt, tokens_of(prompt), knows)[0] == language


def test_the_words_of_no_latin_language_are_asked_for_without_latin_letters() -> None:
    asked: list[str] = []

    def asks(_word: str, language: str) -> bool:
        asked.append(language)
        return False

    languages_of("一只猫睡在沙发上", tokens_of("一只猫睡在沙发上"), asks)
    assert asked == []


def test_digits_before_signs_are_a_word_of_their_own() -> None:
    assert [token.text for token in tokens_of("20只企鹅")] == ["20", "只企鹅"]
