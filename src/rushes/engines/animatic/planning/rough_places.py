"""Know the places that another one stands for, and the rooms that furniture is named after."""

import re
from typing import Final

from rushes.engines.animatic.planning.casting_drafts import Draft
from rushes.engines.animatic.planning.reading import Term

_ROUGH_PLACES: Final = """
    quarry, gravel pit, stone quarry, open-pit mine, open pit mine, junkyard, scrapyard, scrap yard,
    landfill, garbage dump, rubbish dump, trailer park, slum, slums, shanty town, shantytown,
    favela, favelas, ghetto, sewer, sewers, sewer tunnel, asteroid field, black hole, supernova,
    shipwreck, sunken ship, airfield, airstrip, landing strip, grass runway, grass airstrip,
    frozen waterfall, frozen waterfalls, sea ice, ice floe, ice floes, pack ice, drift ice,
    rapids, coast road, coastal road, cliffs by the sea, beer garden, steep street,
    cantera, vertedero, chatarrería, alcantarilla, alcantarillas, agujero negro, aeródromo,
    naufragio, barrio marginal, chabolas,
    carrière, décharge, égout, égouts, trou noir, aérodrome, bidonville, épave, banquise,
    steinbruch, schrottplatz, müllhalde, kanalisation, schwarzes loch, flugplatz, schiffswrack,
    biergarten, stromschnellen,
    pedreira, lixão, ferro-velho, esgoto, buraco negro, aeródromo, naufrágio,
    карьер, карьере, свалка, свалке, канализация, канализации, чёрная дыра, аэродром, аэродроме,
    трущобы, трущобах, льдина, льдине,
    采石场, 垃圾场, 废车场, 下水道, 黑洞, 贫民窟, 沉船, 浮冰,
    採石場, ゴミ捨て場, 下水道, ブラックホール, スラム, 沈没船, 流氷,
    채석장, 쓰레기장, 고물상, 하수도, 블랙홀, 빈민가, 난파선, 유빙
"""
_FESTIVE_WORDS: Final = """
    festival, carnival, procession, carnival procession,
    procesión, carnaval, desfile, cortège, défilé, procissão, karneval, umzug, festumzug,
    карнавал, карнавале, шествие, шествии, 庙会, 灯会, 祭り, 縁日, お祭り, 夏祭り, 축제, 축제에서
"""


def _words_of(listed: str) -> frozenset[str]:
    return frozenset(" ".join(one.split()) for one in listed.split(","))


_ROUGH: Final = _words_of(_ROUGH_PLACES)
_FESTIVE: Final = _words_of(_FESTIVE_WORDS)

_NAMED_AFTER: Final = re.compile(
    r"^(kitchen|bathroom|bedroom|classroom|office|hospital|library|laboratory)[ -]", re.IGNORECASE
)


def is_rough(words: str) -> bool:
    """Return whether the engine draws another place for the one that the words name."""
    return words.casefold() in _ROUGH


def is_festive(words: str) -> bool:
    """Return whether the words name what happens in a place that other words tell better."""
    return words.casefold() in _FESTIVE


def rough_reason(name: str) -> str:
    """Return what to tell of words for a place that the set *name* stands for."""
    return f"The picture shows this place instead: {name.replace('_', ' ')}."


def rooms_of_furniture(prompt: str, drafts: list[Draft]) -> list[tuple[Term, str]]:
    """Return the rooms that the cast's words name: a kitchen sink is in a kitchen."""
    return [
        (Term(text="", start=one.start, end=one.end, meanings=(), language=""), found[1].lower())
        for one in drafts
        if (found := _NAMED_AFTER.match(prompt[one.start : one.end]))
    ]
