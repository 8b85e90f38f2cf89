"""The forms of verbs in eight languages."""

import pytest

from rushes.engines.animatic.planning.conjugation import forms_of


@pytest.mark.parametrize(
    ("verb", "language", "forms"),
    [
        ("saltar", "es", {"salta", "saltan", "saltando"}),
        ("comer", "pt", {"come", "comem", "comendo"}),
        ("manger", "fr", {"mange", "mangent", "mangeant"}),
        ("arbeiten", "de", {"arbeitet", "arbeitend"}),
        ("tanzen", "de", {"tanzt", "tanzen", "tanzende"}),
        ("танцевать", "ru", {"танцует", "танцуют", "танцующая"}),
        ("прыгать", "ru", {"прыгает", "прыгают"}),
        ("вращаться", "ru", {"вращается", "вращаются"}),
        ("読む", "ja", {"読む", "読ん"}),
        ("食べる+", "ja", {"食べる", "食べ"}),
        ("見る+", "ja", {"見る", "見て", "見た"}),
        ("消す", "ja", {"消す", "消して"}),
        ("먹다", "ko", {"먹는다", "먹는", "먹고"}),
        ("달리다", "ko", {"달린다", "달리는", "달리고"}),
        ("놀다", "ko", {"논다", "노는", "놀고"}),
        ("=duerme", "es", {"duerme"}),
    ],
)
def test_a_verb_has_the_forms_that_prompts_use(verb: str, language: str, forms: set[str]) -> None:
    assert forms <= set(forms_of(verb, language))


def test_what_is_written_out_has_no_other_form() -> None:
    assert list(forms_of("=duerme", "es")) == ["duerme"]
