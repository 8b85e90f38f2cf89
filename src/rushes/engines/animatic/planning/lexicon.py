"""Look words and phrases up: what each may mean in each language."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Final, NamedTuple

from rushes.engines.animatic.cast.catalogue import subjects
from rushes.engines.animatic.planning import (
    english_actions,
    english_places,
    english_scenery,
    subject_words,
)
from rushes.engines.animatic.planning.conjugation import forms_of
from rushes.engines.animatic.planning.inflection import (
    HAVE_GENDERS,
    lemmas_of,
    plain,
    plural_of,
    singulars_of,
    stem,
    verb_forms,
)
from rushes.engines.animatic.planning.not_visible import NOT_VISIBLE
from rushes.engines.animatic.planning.tables import (
    VERBS_OF_LABELS,
    labels_in,
    lines_in,
    lines_of,
    parts_of,
    rows_of,
    unpacked,
    words_in,
)
from rushes.engines.animatic.planning.text import UNSPACED

LONGEST_PHRASE: Final = 7


class Meaning(NamedTuple):
    """One thing that a word may mean."""

    kind: str
    """``subject``, ``set``, ``action``, ``tint`` ...: which of the tables it is from."""

    value: str
    """E.g. the subject's id, or nothing where the word names what cannot be shown."""

    is_plural: bool = False
    form: str = ""
    """Of a verb: ``base``, ``s``, ``ing`` or ``past``."""

    is_look_alike: bool = False
    """Of a noun: the subject only looks a little like it, so that a viewer does not see it."""


Phrases = Mapping[str, tuple[Meaning, ...]]

DRAWN_BY_SETS_WORDS: Final = """
    sun star glowing-star cloud cloud-with-lightning cloud-with-lightning-and-rain
    cloud-with-rain cloud-with-snow crescent-moon first-quarter-moon full-moon droplet
    snowflake sparkles high-voltage cyclone water-wave fire bubbles hole collision mountain
    snow-capped-mountain stadium station railway-track
"""
DRAWN_BY_SETS: Final = frozenset(DRAWN_BY_SETS_WORDS.split())
"""Subjects that sets and effects draw themselves, better than a cast member would."""

_NOUNS: Final = frozenset({"set", "subject", "cast", "group", "effect", "weather"})


@cache
def phrases_of(language: str) -> Phrases:
    """Return what each phrase of a language may mean."""
    return _english() if language == "en" else _foreign(language)


@cache
def rare_nouns() -> Mapping[str, Meaning]:
    """Return English nouns that name something to see, with the subject or set that comes near."""
    found: dict[str, Meaning] = {}
    for line in unpacked("nouns.xz").replace("-", " ").splitlines():
        value, _, listed = line.partition("\t")
        value = value.replace(" ", "-")
        kind, value = ("set", value[1:]) if value.startswith("@") else ("subject", value)
        meaning = Meaning(kind, "" if value in _UNLIKE else value, is_look_alike=value in _ROUGH)
        found |= dict.fromkeys(listed.split(","), meaning)
    return {word: one for word, one in found.items() if word not in NOT_VISIBLE["en"]}


_UNLIKE: Final = frozenset({"video-game", "playground-slide", "wood"})
"""Subjects that are no picture of the rarer nouns that WordNet puts under them, e.g. valves."""
_ROUGH: Final = frozenset({"soccer-ball", "water-pistol"})
"""Subjects that only look like those rarer nouns, e.g. rifles."""


@cache
def other_words() -> frozenset[str]:
    """Return the common English words that name nothing to see."""
    return frozenset(unpacked("other_words.xz").split())


def look_up(words: list[str], language: str) -> tuple[Meaning, ...]:
    """Return what a phrase may mean in a language, whichever ending it has."""
    known = phrases_of(language)
    phrase = " ".join(words)
    if language == "en":
        return known.get(phrase, ())
    if found := known.get(phrase):
        return found
    if phrase in NOT_VISIBLE.get(language, ()):
        return ()  # a Spanish shoulder has the stem of a man
    first = " ".join(plain(word, language) for word in words[:-1])
    for lemma in lemmas_of(words[-1], language):
        if found := known.get(f"={first} {lemma}".replace("= ", "=")):
            return found
    return known.get(_stemmed(words, language), ()) or _several(words, language)


def _several(words: list[str], language: str) -> tuple[Meaning, ...]:
    """Look up ``jugadores de baloncesto`` and ``osos polares``, whose first words are plurals."""
    if language not in HAVE_GENDERS or not words[1:] or not words[0].endswith("s"):
        return ()
    known = phrases_of(language)
    middle = [plain(word, language) for word in words[1:-1]]
    for first in lemmas_of(words[0], language):
        for last in lemmas_of(words[-1], language):
            if found := known.get(f"={' '.join([first, *middle, last])}"):
                return found
    return ()


def look_up_rare(words: list[str]) -> tuple[Meaning, ...]:
    """Return what an English noun may mean that no table of ours lists."""
    first = " ".join(words[:-1])
    if found := _rare(" ".join(words)):
        return (found,)
    for single in singulars_of(words[-1]):
        if found := _rare(f"{first} {single}".strip()):
            return (found._replace(is_plural=True),)
    return ()


def _rare(phrase: str) -> Meaning | None:
    return rare_nouns().get(phrase)


_TABLES: Final = (
    ("set", english_places.PLACES),
    ("landmark", english_places.LANDMARKS),
    ("time", english_scenery.TIMES),
    ("weather", english_scenery.WEATHERS),
    ("light", english_scenery.LIGHTS),
    ("effect", english_scenery.EFFECTS),
    ("mood", english_scenery.MOODS),
    ("relation", english_actions.RELATIONS),
    ("count", english_actions.COUNTS),
    ("size", english_actions.SIZES),
    ("tint", english_actions.COLOURS),
    ("framing", english_actions.FRAMINGS),
    ("facing", english_actions.FACINGS),
    ("pace", english_actions.PACES),
    ("hair", english_actions.HAIR),
)
_VERB_FORMS: Final = ("base", "s", "ing", "past", "past")


def _english() -> Phrases:
    found = _Collector()
    for kind, table in _TABLES:
        found.add_table(kind, table)
    _add_verbs(found, "action", english_actions.ACTIONS)
    _add_verbs(found, "transitive", english_actions.WITH_OBJECT)
    _add_cities(found)
    _add_subjects(found)
    for kind, listed in (
        ("style", english_actions.STYLES),
        ("made", english_actions.MADE_OF),
        ("modifier", english_actions.MODIFIERS),
    ):
        for word in " ".join(listed.split()).split(", "):
            found.add(word, Meaning(kind, ""))
    for kind, words in _LITTLE_WORDS.items():
        for word in words.split():
            found.add(word.replace("_", " "), Meaning(kind, word))
    return found.meanings


def _add_cities(found: "_Collector") -> None:
    for _, cities in rows_of(english_places.LANDMARKS):
        for city in cities:
            found.add_city(city)


def _add_verbs(found: "_Collector", kind: str, table: str) -> None:
    for value, verbs in rows_of(table):
        for verb in verbs:
            for form, text in zip(_VERB_FORMS, verb_forms(verb), strict=False):
                found.add(text, Meaning(kind, value, form=form))


def _add_subjects(found: "_Collector") -> None:
    alike = _look_alikes()
    for subject, names in _names_by_subject().items():
        for name in names:
            if subject not in DRAWN_BY_SETS:
                meaning = Meaning("subject", subject, is_look_alike=name in alike)
                if _english_names().get(plural_of(name), subject) == subject:
                    found.add_noun(name, meaning)
                else:
                    found.add(name, meaning)  # glasses are no tumblers
    for value, listed in (row.split(": ") for row in lines_of(subject_words.COMPOSITES)):
        found.add_noun(value, Meaning("cast", listed))
    for word, subject, count in (row.split() for row in lines_of(subject_words.PEOPLE_GROUPS)):
        found.add(word.replace("_", " "), Meaning("group", f"{subject} {count}"))


_LITTLE_WORDS: Final = {
    "no": """no zero without not never nobody none free_of devoid_of don't doesn't isn't aren't
        avoid avoiding""",
    "clause": """while as then when until before after who which where whose meanwhile that""",
    "but": "but",
    "and": "and or nor plus",
    "the": "the this these those his her their its my our your each every another any",
    "pronoun": "he she him they it them himself herself",
    "to": """has_been have_been had_been
        to is are was were be being starts begins can will slowly gently quickly""",
    "veil": "veil wedding_veil bridal_veil",
}


def _names_by_subject() -> dict[str, list[str]]:
    named: dict[str, list[str]] = {}
    for name, subject in _english_names().items():
        named.setdefault(subject, []).append(name)
    return named


@cache
def _english_names() -> Mapping[str, str]:
    return subject_words.names_of(frozenset(subjects()))


@cache
def _look_alikes() -> frozenset[str]:
    return subject_words.look_alikes_of(frozenset(subjects()))


def _foreign(language: str) -> Phrases:
    found = _Collector()
    base = "zh" if language == "zh-hant" else "es" if language == "es-mx" else language
    for meant, word in words_in("other_languages.txt", base):
        kind, _, value = meant.partition(" ")
        found.add_foreign(word, Meaning(kind, value), language)
        if kind == "landmark":
            found.add_foreign(word, Meaning("set", "city"), language)
    for value, verb in words_in("foreign_verbs.txt", base):
        for form in forms_of(verb, base):
            found.add(form, Meaning("action", value))
            found.add(plain(form, language), Meaning("action", value))
    for meaning, word in _foreign_nouns(base):
        found.add_foreign(word, meaning, language, is_exact=True)
    for subject, label in labels_in(language):
        if subject not in DRAWN_BY_SETS:
            for name in parts_of(label):
                if (language == "ja" and len(name) == 1) or name in VERBS_OF_LABELS:
                    continue  # a part of another word, or what somebody else does
                found.add_foreign(name, Meaning("subject", subject), language, is_label=True)
    return found.meanings


def _foreign_nouns(language: str) -> Iterator[tuple[Meaning, str]]:
    """Yield nouns of a language with what they mean; a meaning without value has no picture."""
    header, *rows = lines_in("foreign_nouns.txt")
    columns = header.split(" | ")
    if language not in columns:
        return
    column = columns.index(language)
    for row in rows:
        cells = row.split(" | ")
        if len(cells) == len(columns) and cells[column] != "-":
            meaning = _meaning_of_name(cells[0])
            if meaning.value not in DRAWN_BY_SETS:
                yield from ((meaning, word) for word in cells[column].split(","))


def _meaning_of_name(name: str) -> Meaning:
    """Return what an English name of a subject means, as English prompts use it."""
    if name in subjects():
        return Meaning("subject", name)
    plain_name = name.replace("-", " ")
    known = _english_names().get(plain_name)
    rare = None if known is not None else _rare(plain_name)
    look_alike = plain_name in _look_alikes()
    return rare or Meaning("subject", known or "", is_look_alike=look_alike)


_ABOVE_LABELS: Final = frozenset(
    {"subject", "time", "weather", "effect", "light", "mood", "count", "relation", "tint", "move"}
)
"""What a word is rather than the label of a picture: in Korean night is spelt like chestnut."""


class _Collector:
    """Meanings by phrase, in the order in which they are added."""

    def __init__(self) -> None:
        self.meanings: dict[str, tuple[Meaning, ...]] = {}

    def add(self, phrase: str, meaning: Meaning) -> None:
        key = phrase.lower().replace("-", " ").strip()
        held = self.meanings.get(key, ())
        if meaning not in held:
            self.meanings[key] = (*held, meaning)

    def add_noun(self, phrase: str, meaning: Meaning) -> None:
        self.add(phrase, meaning)
        plural = plural_of(phrase.replace("-", " "))
        if plural != phrase:
            self.add(plural, meaning._replace(is_plural=True))
        if plural.endswith("dwarves"):
            self.add(plural.removesuffix("ves") + "fs", meaning._replace(is_plural=True))

    def add_city(self, phrase: str) -> None:
        """Add the name of a city that is no other place, such as a desert with a pyramid."""
        held = self.meanings.get(phrase.replace("-", " "), ())
        if not any(one.kind == "set" for one in held):
            self.add(phrase, Meaning("set", "city"))

    def add_table(self, kind: str, table: str) -> None:
        for value, words in rows_of(table):
            for word in words:
                if kind in _NOUNS:
                    self.add_noun(word, Meaning(kind, value))
                else:
                    self.add(word, Meaning(kind, value))

    def add_foreign(
        self,
        phrase: str,
        meaning: Meaning,
        language: str,
        *,
        is_label: bool = False,
        is_exact: bool = False,
    ) -> None:
        """
        Add a phrase of another language.

        Args:
            is_label: It is the label of a picture, above which other meanings are.
            is_exact: It is listed in both genders, so that another ending is another word.
        """
        key = phrase.lower().replace("-", " ").strip()
        if is_label and any(one.kind in _ABOVE_LABELS for one in self.meanings.get(key, ())):
            return
        self.add(key, meaning)
        if language not in UNSPACED:
            whole = " ".join(plain(word, language) for word in key.split())
            self.meanings.setdefault(f"={whole}", (meaning,))
            exact = is_exact or (meaning.kind == "subject" and is_label)
            if not (language in HAVE_GENDERS and exact):
                self.meanings.setdefault(_stemmed(key.split(), language), (meaning,))


def _stemmed(words: Iterable[str], language: str) -> str:
    """Return the key of a phrase without its endings, which no phrase as written has."""
    return "~" + " ".join(stem(word, language) for word in words)
