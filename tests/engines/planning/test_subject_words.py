"""Tests of reading the English names of subjects."""

import re
from unittest.mock import Mock

import pytest

from rushes.engines.animatic.planning import subject_words
from rushes.engines.animatic.planning.subject_words import NOUNS, names_of
from rushes.engines.animatic.planning.tables import lines_in


def test_each_line_of_the_nouns_has_a_subject_and_names() -> None:
    line = re.compile(r"[a-z0-9-]+(?:\|[a-z0-9-]+)*: \S[^,|:]*(?:, \S[^,|:]*)*")
    assert [one for one in lines_in(NOUNS) if not line.fullmatch(one)] == []


def test_the_first_of_two_lines_with_the_same_name_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two branches that change one line leave both, and the names of both are read."""
    rows = ["dog: hound, pup", "cat: pup, tom", "dog: hound, whelp"]
    _list(monkeypatch, *rows)
    names = names_of(frozenset({"dog", "cat"}))
    expected = {"hound": "dog", "pup": "dog", "tom": "cat", "whelp": "dog"}
    assert {name: names[name] for name in expected} == expected


def test_a_name_goes_to_the_first_subject_that_the_catalogue_has(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _list(monkeypatch, "flag|kite: pennon")
    assert names_of(frozenset({"flag", "kite"}))["pennon"] == "flag"
    assert names_of(frozenset({"kite"}))["pennon"] == "kite"
    assert names_of(frozenset({"dog"}))["pennon"] == ""


def test_each_subject_has_one_line_of_nouns() -> None:
    heads = [one.partition(":")[0] for one in lines_in(NOUNS)]
    assert sorted({one for one in heads if heads.count(one) > 1}) == []


def test_verbs_of_sports_name_those_who_do_them() -> None:
    names = names_of(frozenset({"man-surfing", "skier"}))
    assert names["man surfs"] == names["boy is surfing"] == "man-surfing"
    assert names["woman skiing"] == "skier"
    assert "man golfs" not in names


def _list(monkeypatch: pytest.MonkeyPatch, *rows: str) -> None:
    monkeypatch.setattr(subject_words, "lines_in", Mock(return_value=list(rows)))
