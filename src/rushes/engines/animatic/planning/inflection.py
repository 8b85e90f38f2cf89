"""Find the dictionary form of words: English plurals and verbs, endings of other languages."""

from collections.abc import Iterator
from typing import Final

from rushes.engines.animatic.planning.english_actions import IRREGULAR

_PLURALS: Final = {
    "man": "men",
    "woman": "women",
    "child": "children",
    "person": "people",
    "mouse": "mice",
    "goose": "geese",
    "ox": "oxen",
    "foot": "feet",
    "tooth": "teeth",
    "wolf": "wolves",
    "knife": "knives",
    "leaf": "leaves",
    "loaf": "loaves",
    "elf": "elves",
    "dwarf": "dwarves",
    "thief": "thieves",
    "calf": "calves",
    "wife": "wives",
    "shelf": "shelves",
    "scarf": "scarves",
    "half": "halves",
    "cactus": "cacti",
    "octopus": "octopi",
    "potato": "potatoes",
    "tomato": "tomatoes",
    "hero": "heroes",
    "mango": "mangoes",
    "mosquito": "mosquitoes",
    "buffalo": "buffaloes",
    "torpedo": "torpedoes",
    "volcano": "volcanoes",
    "fisherman": "fishermen",
}
_UNCHANGED: Final = frozenset(
    {"sheep", "deer", "fish", "salmon", "trout", "moose", "bison", "shrimp", "squid", "aircraft"}
    | {"doe", "spacecraft", "samurai", "koi", "hovercraft", "swine"}
)
_SINGULARS: Final = {plural: single for single, plural in _PLURALS.items()}
_HISSING: Final = ("s", "x", "z", "ch", "sh")
_VERBS: Final = {
    forms.split()[0]: tuple(forms.split()) for forms in " ".join(IRREGULAR.split()).split(", ")
}


def plural_of(phrase: str) -> str:
    """Return the plural of an English noun; of several words the last one changes."""
    first, _, last = phrase.rpartition(" ")
    if " of " in phrase:
        head, _, rest = phrase.partition(" ")
        return f"{plural_of(head)} {rest}"
    return f"{first} {_plural(last)}".strip()


def _plural(word: str) -> str:
    if word in _UNCHANGED:
        return word
    if word in _PLURALS:
        return _PLURALS[word]
    if word.endswith(("man", "woman")) and word not in {"human", "german", "ottoman"}:
        return word[:-2] + "en"
    if word.endswith("y") and word[-2:-1] not in set("aeiou"):
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(_HISSING) else "s")


def is_unchanging(phrase: str) -> bool:
    """Return whether a noun's plural looks like its singular, as that of ``fish``."""
    return phrase.lower().rpartition(" ")[2] in _UNCHANGED


def singulars_of(word: str) -> Iterator[str]:
    """Yield what an English noun may be the plural of."""
    if word in _SINGULARS:
        yield _SINGULARS[word]
    if word.endswith("ies") and len(word) > 4:
        yield word[:-3] + "y"
    if word.endswith("es") and word[:-2].endswith(_HISSING):
        yield word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        yield word[:-1]
    if word.endswith("men"):
        yield word[:-2] + "an"


def verb_forms(base: str) -> tuple[str, ...]:
    """Return a verb's forms: base, ``-s``, ``-ing``, then the past ones; of a phrase the first."""
    verb, _, rest = base.partition(" ")
    forms = _VERBS.get(verb) or _regular(verb)
    return tuple(f"{form} {rest}".strip() for form in forms)


_LEAST_BASE: Final = 3


def bases_of(word: str) -> Iterator[str]:
    """Yield what an English word may be the ``-ing``, ``-ed`` or ``-er`` form of."""
    for ending in ("ing", "ed", "er", "est", "ly"):
        stem = word.removesuffix(ending)
        if stem == word or len(stem) < _LEAST_BASE:
            continue
        yield stem
        yield stem + "e"
        if stem[-1] == stem[-2]:
            yield stem[:-1]
        if stem[-1] == "i":
            yield stem[:-1] + "y"


def _regular(verb: str) -> tuple[str, ...]:
    if verb.endswith("y") and verb[-2:-1] not in set("aeiou"):
        return verb, verb[:-1] + "ies", verb + "ing", verb[:-1] + "ied"
    if verb.endswith("ie"):
        return verb, verb + "s", verb[:-2] + "ying", verb + "d"
    if verb.endswith("e"):
        return verb, verb + "s", verb[:-1] + "ing", verb + "d"
    return verb, verb + ("es" if verb.endswith(_HISSING) else "s"), verb + "ing", verb + "ed"


_ENDINGS: Final = {
    "es": "iendo ando an en es s os as a o e",
    "pt": "indo endo ando am em es s os as a o e",
    "it": "i e a o",
    "fr": "es s x e",
    "de": "en er es em e n s",
    "nl": "en tje je s e",
    "sv": "arna orna erna ar or er en et na n a",
    "da": "erne ene er en et e",
    "nb": "ene er en et e",
    "ru": """ами ями ого его ому ему ыми ими ах ях ов ев ей ой ый ий ая яя ое ее ые ие ую юю ом ем
        ам ых их ым им
        ям ы и а я о е у ю ь й""",
    "uk": "ами ями ого ому ими ах ях ів їв ей ой ий ій а я е є і и у ю ь о ом ем",
    "pl": "ami ach ego emu ych ich ów om em ie ą ę a e y i o u",
    "fi": "ssa ssä sta stä lla llä lta ltä lle n t a ä",
    "et": "des ses s d l t",
    "hu": "ban ben val vel ok ek ak ot et at k t",
    "lt": "iai as is us ės os ų ą ę ai a ė e",
}
_SUFFIXES: Final = {
    language: tuple(sorted(endings.split(), key=len, reverse=True))
    for language, endings in _ENDINGS.items()
}
_OF_NOUNS: Final = {
    "es": (("ces", "z"), ("ones", "ón"), ("anes", "án"), ("ines", "ín"), ("es", ""), ("s", "")),
    "pt": (
        ("ões", "ão"),
        ("ães", "ão"),
        ("ais", "al"),
        ("éis", "el"),
        ("óis", "ol"),
        ("eis", "el"),
        ("ns", "m"),
        ("es", ""),
        ("s", ""),
    ),
    "fr": (("aux", "al"), ("x", ""), ("s", "")),
    "it": (("i", "o"), ("e", "a"), ("i", "e")),
    "de": (
        *((f"{ending}{female}", ending) for ending in ("er", "ist") for female in ("in", "innen")),
        *((ending, "") for ending in ("ern", "er", "en", "es", "em", "e", "n", "s")),
    ),
    "ru": (
        *((ending, "ь") for ending in ("ями", "ях", "ям", "ей", "ем", "я", "ю", "и")),
        *((ending, "яц") for ending in ("йца", "йцу", "йцем", "йцы", "йцев")),
        *((ending, "ец") for ending in ("ца", "цу", "цем", "цы", "цов")),
        *(
            (ending, "ок")
            for ending in ("ка", "ку", "ком", "ки", "ков", "ке", "кам", "ками", "ках")
        ),
        *((ending, lemma) for ending, lemma in (("ок", "ка"), ("ек", "ка"), ("ен", "ня"))),
        *((ending, "енок") for ending in ("ята", "ят", "ятами")),
    ),
}
"""How forms of nouns end, and how the form in a dictionary does."""


def lemmas_of(word: str, language: str) -> Iterator[str]:
    """Yield what a noun may be a form of, without umlauts and dots as ``plain`` has it."""
    word = plain(word, language)
    yield word
    for ending, of_lemma in _OF_NOUNS.get(language, ()):
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_LEMMA:
            yield word.removesuffix(ending) + of_lemma


def plain(word: str, language: str) -> str:
    """Return a word as all its forms have it: plurals in German change the vowel."""
    word = word.replace("ё", "е")
    return word.translate(_UMLAUTS) if language == "de" else word


_LEAST_LEMMA: Final = 2
HAVE_GENDERS: Final = frozenset({"es", "pt", "it"})
"""Languages in which ``foco`` and ``foca`` may be two words, where only a letter differs."""

RUSSIAN_PLURALS: Final = ("ами", "ями", "ах", "ях", "ов", "ев", "дети", "люди")
"""How Russian nouns end that are certainly in the plural, and two that have no singular."""

_UMLAUTS: Final = str.maketrans("äöüß", "aous")
_LEAST_STEM: Final = 3


def stem(word: str, language: str) -> str:
    """Return a word without its ending, so that its forms have one spelling; crude on purpose."""
    word = plain(word, language)
    for suffix in _SUFFIXES.get(language, ()):
        if word.endswith(suffix) and len(word) - len(suffix) >= _LEAST_STEM:
            return word[: -len(suffix)]
    return word


_OF_PARTICIPLES: Final = {
    "ru": ("щий", "щая", "щее", "щие", "щего", "щей", "щую", "щих", "щим", "щими", "щем"),
    "de": ("ende", "ender", "endes", "enden", "endem", "elnde", "ernde"),
}


def is_participle(word: str, language: str) -> bool:
    """Return whether a form of a verb describes the noun after it, as ``brennendes`` does."""
    endings = _OF_PARTICIPLES.get(language, ())
    return word.lower().endswith(endings)
