"""Find the sounds in a prompt."""

import re
from collections.abc import Mapping
from typing import Final

from rushes.engines.animatic.scenes.words import understood
from rushes.kit.word_patterns import whole_words

_MOST: Final = 5
"""More sounds than this at once are one noise."""

_LAYER_WORDS: Final = {
    sound: whole_words(said)
    for sound, said in {
        "surf": """oceans? seas? seaside waves? surf(?:ers?|ing)? beach(?:es)? coast(?:al|s|lines?)?
            shores? shorelines? harbou?rs? tides?""",
        "rain": """thunderstorms? rain(?:y|s|ing|fall|drops?|storms?)? drizzl(?:e|es|ing|y)
            downpours? monsoons?""",
        "thunder": r"""thunder thunder(?:s|ing|ous|storms?|y) lightning tempests? hurricanes?
            (?<!snow)(?<!sand)(?<!dust)(?<!snow[\s-])(?<!sand[\s-])(?<!dust[\s-])storm(?:s|y)?""",
        "wind": """winds? windy windswept breez(?:e|es|y) gusts? gusty gales? (?:snow|sand)?storms?
            stormy mountains? peaks? alps summits? cliffs? snow(?:y|s|ing|fall)? blizzards? deserts?
            dunes? glaciers? arctic hills? fields? meadows? wheat prairies? sky clouds? mars""",
        "stream": """streams? brooks? creeks? rivers? riverbanks? waterfalls? fountains? water""",
        "fire": """fires? camp_?fires? bonfires? fireplaces? flames? burning embers? infernos?
            torch(?:es)?""",
        "city": """city cities urban traffic streets? downtown skyscrapers? tokyo new_york
            metropolis neon highways? roads? cars?""",
        "crowd": """crowds? crowded murmur(?:s|ing)? people markets? marketplaces? caf[eé]s?
            restaurants? chatter(?:s|ing)? voices? audiences? party""",
        "birds": """birds? birdsong chirp(?:s|ing)? forests? woods? woodlands? jungles? meadows?
            gardens? park mornings? spring lakes? dawn""",
        "crickets": """crickets? cicadas? insects? summer_nights? firefl(?:y|ies)
            night(?:time)?_(?:in|at|over)_(?:the|a)_(?:meadow|field|forest|garden|lake)""",
        "underwater": """underwater under_(?:the_)?(?:sea|water|ocean) corals? reefs? scuba
            submarines? deep_sea aquariums? jelly_fish(?:es)? whales?""",
        "drone": """space planets? galax(?:y|ies) nebulae? nebulas cosmos cosmic astronauts?
            spaceships? stars? drone_sounds? ambient_drones? sci_?fi auroras? eerie ominous
            mysterious""",
        "engine": """engines? motors? trucks? trains? helicopters? air_?planes? machines? machinery
            tractors? motorbikes? motorcycles?""",
        "sand": "sand sandy sandstorms? dunes? deserts? dust_storms?",
        "leaves": "leaves trees? forests? woods? rustl(?:e|es|ing) autumn jungles? bamboo",
        "hush": "silen(?:t|ce) quiet quietly room_tone hush hushed",
    }.items()
}

_NOT: Final = re.compile(
    r"\b(?:no|without|not|never|excluding|except)(?: any)?(?: sounds? of)?"
    r" ((?:\w+(?: and | or )?){1,3})"
)
_SEALED: Final[Mapping[str, frozenset[str]]] = {
    "underwater": frozenset({"surf", "wind", "stream", "birds", "leaves"}),
    "drone": frozenset({"birds"}),
}
"""What is not heard where something else is."""

_LOUD: Final = whole_words(
    """loud loudly heavy strong howl(?:s|ing)? roar(?:s|ing)? violent intense crash(?:es|ing)?
    storms? stormy busy thunderous"""
)
_SOFT: Final = whole_words(
    """soft softly softer gentl[ey] light quiet quietly calm distant faint faintly subtle peaceful
    serene"""
)


def sounds_in(prompt: str, unwanted: str | None) -> tuple[str, ...]:
    """Return the names of the layers that the words ask for, at least one: ``hush`` if no other."""
    words = understood(prompt.lower())
    denied = " ".join([*_NOT.findall(words), (unwanted or "").lower()])
    named = _named(_NOT.sub(" ", words))
    without = set(_named(denied)) | {name for name in LAYER_NAMES if name in denied}
    for place, others in _SEALED.items():
        if place in named and place not in without:
            without |= others
    return tuple(name for name in named if name not in without)[:_MOST] or ("hush",)


def loudness_of(prompt: str) -> float:
    """Return how loud the words want it, in LUFS."""
    words = prompt.lower()
    if _LOUD.search(words):
        return -20.0
    return -28.0 if _SOFT.search(words) else -24.0


def _named(words: str) -> list[str]:
    """Return the layers that are named, those named first in front."""
    found = {name: match.start() for name, p in _LAYER_WORDS.items() if (match := p.search(words))}
    return sorted(found, key=lambda name: found[name])


LAYER_NAMES: Final = tuple(_LAYER_WORDS)
