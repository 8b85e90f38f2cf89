"""Make the forms of verbs in which prompts say what somebody does: present and participles."""

import re
from collections.abc import Iterator
from typing import Final

_SYLLABLES: Final = ord("가")
_FINALS: Final = 28
_N: Final = 4
"""Which of the 28 finals of a Korean syllable is an ``n``."""

_REGULAR: Final = {
    "es": """
        ar: a an ando aba aban ó aron
        er: e en iendo ía ían ió ieron
        ir: e en iendo ía ían ió ieron
        """,
    "pt": """
        ar: a am ando ava avam ou aram
        er: e em endo ia iam eu eram
        ir: e em indo ia iam iu iram
        """,
    "fr": """
        ger: ge gent geant geait geaient
        cer: ce cent çant çait çaient
        er: e ent ant ait aient
        ir: it issent issant issait issaient
        dre: d dent dant dait daient
        """,
    "de": """
        ten: tet ten tend tende tender tendes
        den: det den dend dende dender
        eln: elt eln elnd elnde
        ern: ert ern ernd ernde
        en: t en end ende ender endes enden te ten
        """,
    "ru": """
        оваться: уется уются
        аться: ается аются
        яться: яется яются
        иться: ится ятся
        овать: ует уют уя ующий ующая ующие
        евать: ует уют уя ующий ующая ующие
        ивать: ивает ивают ивая ивающий ивающая
        ать: ает ают ая ающий ающая ающие ал ала
        ять: яет яют яя яющий яющая ял яла
        еть: еет еют ея еющий
        ить: ит ят я ящий ящая ящие ил ила
        """,
}
_ENDINGS: Final = {
    language: [
        (ending, others.split())
        for ending, _, others in (line.strip().partition(": ") for line in rules.split("\n"))
        if ending
    ]
    for language, rules in _REGULAR.items()
}
"""By language how verbs end in dictionaries, and how their forms do; the first that fits."""

_GODAN_WORDS: Final = """
    む:ん:み ぶ:ん:び ぬ:ん:に く:い:き ぐ:い:ぎ す:し つ:っ:ち う:っ:い る:っ:り
"""
_GODAN: Final = {row[0]: row.split(":")[1:] for row in _GODAN_WORDS.split()}
"""How Japanese verbs of five rows end before other words, by their dictionary form."""


def forms_of(verb: str, language: str) -> Iterator[str]:
    """
    Yield the forms of a verb, given as dictionaries have it; the verb itself is the first.

    What begins with ``=`` is a form that is written out, which has no others.
    """
    if verb.startswith("="):
        yield verb[1:]
        return
    yield verb.removesuffix("+")
    if language == "ja":
        yield from _japanese(verb)
    elif language == "ko":
        yield from _korean(verb)
    else:
        first, space, rest = verb.partition(" ")
        for ending, others in _ENDINGS.get(language, ()):
            if first.endswith(ending):
                stem = first.removesuffix(ending)
                yield from (f"{stem}{other}{space}{rest}" for other in others)
                return


def _japanese(verb: str) -> Iterator[str]:
    """``食べる+`` has one stem, ``読む`` several."""
    if verb.endswith("+"):
        stem = verb[:-2]
        yield from (f"{stem}て", f"{stem}た", f"{stem}ながら") if len(stem) == 1 else (stem,)
    elif verb[-1] in _GODAN:
        before, link = verb[:-1], _GODAN[verb[-1]]
        yield from ([before + link[0]] if len(link) > 1 else [f"{before}して", f"{before}した"])
        yield from (f"{before}{link[-1]}{end}" for end in ("ながら", "ます", "続け", "始め"))


def _korean(verb: str) -> Iterator[str]:
    stem = verb.removesuffix("다")
    if stem == verb or not stem:
        return
    closed = (ord(stem[-1]) - _SYLLABLES) % _FINALS
    plain = stem[:-1] + chr(ord(stem[-1]) + _N) if closed == 0 else f"{stem}는"
    liquid = re.fullmatch(r".*[가-힣]", stem) and closed == 8
    if liquid:  # the final l is dropped: nolda, nonda, noneun
        base = stem[:-1] + chr(ord(stem[-1]) - closed)
        yield from (
            base[:-1] + chr(ord(base[-1]) + _N) + "다",
            f"{base}는",
            f"{stem}고",
            f"{stem}며",
        )
        return
    yield from (f"{plain}다", f"{stem}는", f"{stem}고", f"{stem}며", f"{stem}면서")
