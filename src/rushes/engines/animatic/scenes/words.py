"""Which scene, light and weather a prompt's words ask for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

# A place scores for each kind of word it finds: 3 for what can be nothing else, 2 for what
# usually means it, 1 for what only hints at it. The highest score is the place.
_PLACES: Final[Mapping[str, tuple[tuple[int, str], ...]]] = {
    "space": (
        (
            3,
            (
                r"\b(?:outer|deep) space\b|\bgalax(?:y|ies)|\bnebulae?\b|\bcosm(?:os|ic)"
                r"|\basteroids?"
                r"|\bspace ?station|\bsolar system|\bblack hole|\bsupernova|\bmilky way from space"
            ),
        ),
        (2, r"\bspace\b|\bplanets?\b|\bstar ?ships?|\bspaceships?|\buniverse|\bsatellites?\b"),
        (1, r"\bastronauts?|\balien|\borbit\b"),
    ),
    "underwater": (
        (
            3,
            (
                r"\bunderwater|\bunder the (?:sea|water|ocean)|\bdeep sea|\bcoral|\bscuba"
                r"|\baquarium"
                r"|\bjellyfish|\bmermaids?|\bocean floor|\bsea ?bed"
            ),
        ),
        (2, r"\breefs?\b|\bsharks?|\bwhales?|\bsea turtles?|\boctopus|\bmanta"),
        (1, r"\bfish(?:es)?\b|\bdolphins?|\bdiv(?:er|ing)\b|\bbubbles?"),
    ),
    "city": (
        (
            3,
            (
                r"\bcity(?:scape)?|\bcities|\bskyscrapers?|\bdowntown|\btokyo|\bnew york"
                r"|\bmanhattan"
                r"|\bskyline|\bcyberpunk|\bmetropolis|\bshanghai|\bhong kong|\blondon|\bparis\b"
            ),
        ),
        (
            2,
            (
                r"\bstreets?\b|\burban|\btraffic|\bneon|\bbuildings?\b|\brooftops?|\bsynthwave"
                r"|\bvaporwave|\bblade ?runner|\bnightclub|\balley"
            ),
        ),
        (1, r"\bcars?\b|\btaxis?\b|\bbus(?:es)?\b|\bshop|\bcafe"),
    ),
    "desert": (
        (3, r"\bdeserts?\b|\bdunes?\b|\bsahara|\bmars\b|\bmartian|\bred planet|\bsandstorm"),
        (2, r"\bcanyons?|\bcamels?|\bpyramids?|\boasis|\bmesa\b|\barid"),
        (1, r"\bsand(?:y)?\b|\bcact(?:us|i)"),
    ),
    "ocean": (
        (3, r"\boceans?\b|\bseas?\b|\bseascape|\bbeach(?:es)?|\bcoast(?:al|line)?|\blighthouse"),
        (
            2,
            (
                r"\bislands?|\bships?\b|\bsail(?:s|ing|boats?)?\b|\bsurf(?:er|ing)?\b|\bshore"
                r"|\bharbou?r|\bharbour|\bpier\b|\btide\b"
            ),
        ),
        (1, r"\bwaves?\b|\bboats?\b|\bseagulls?|\bpalm"),
    ),
    "lake": (
        (3, r"\blakes?\b|\bponds?\b|\bfjords?\b"),
        (2, r"\brivers?\b|\blagoon|\bcreek|\bstream\b"),
        (1, r"\breflections?|\bpool\b|\bcanoe|\bswans?\b|\bwater\b"),
    ),
    "snow": (
        (3, r"\barctic|\bantarctic|\bglaciers?|\bicebergs?|\btundra|\bblizzard"),
        (
            2,
            (
                r"\bsnow(?:y|s|ing|fall|flakes?|storm|capped|-capped)?\b|\bfrozen|\bski(?:s|ing|er)?\b"
                r"|\bwinter|\bsled|\bpenguins?|\bpolar bear"
            ),
        ),
        (1, r"\bic(?:e|y)\b|\bfrost"),
    ),
    "fire": (
        (3, r"\bcamp ?fires?|\bbonfires?|\binferno|\bwildfires?|\bfireplace|\bwall of fire"),
        (2, r"\bflames?\b|\bflaming|\bembers?|\bfire\b|\bburning|\bblaz(?:e|ing)"),
        (1, r"\bsmoke|\bash\b"),
    ),
    "forest": (
        (3, r"\bforests?\b|\bwoods\b|\bwoodlands?|\bjungle|\brainforest|\bredwoods?"),
        (2, r"\bpines?\b|\bfirefl(?:y|ies)|\bfair(?:y|ies)\b|\benchanted|\bpine trees"),
        (1, r"\btrees?\b|\bwolf|\bwolves|\bdeer\b|\bbears?\b|\bfox(?:es)?\b|\bmoss"),
    ),
    "mountain": (
        (3, r"\bmountains?|\balps\b|\balpine|\bhimalayas?|\bsummit|\bvolcano(?:es)?"),
        (2, r"\bpeaks?\b|\bvalleys?\b|\bcliffs?\b|\bcastles?|\bdragons?|\bhighlands?|\bgorge"),
        (1, r"\bhik(?:er|ing)|\beagles?\b|\brocks?\b|\bvillage"),
    ),
    "meadow": (
        (3, r"\bmeadows?|\bprairie|\bsavanna|\bgrasslands?|\bcountryside|\bwheat|\bpasture"),
        (
            2,
            r"\bfields?\b|\bgrass|\bfarm|\bhills?\b|\bflowers?\b|\bwildflowers?|\bgardens?\b|\bvineyard",
        ),
        (1, r"\bhorses?|\bcows?\b|\bsheep|\bwind ?mill|\bpark\b|\bdog\b|\bpicnic|\bbutterfl"),
    ),
}

_LIGHTS: Final[tuple[tuple[str, str], ...]] = (
    ("neon", r"\bneon|\bcyberpunk|\bsynthwave|\bblade ?runner|\bvaporwave"),
    ("mars", r"\bmars\b|\bmartian|\bred planet"),
    (
        "storm",
        r"\bstorm(?:s|y)?\b|\bthunder|\blightning|\btempest|\bapocalyp|\bhurricane|\btornado",
    ),
    ("sunset", r"\bsunset|\bdusk|\btwilight|\bevening|\bsundown|\bsetting sun"),
    ("dawn", r"\bdawn|\bsunrise|\bmorning|\bdaybreak|\brising sun"),
    (
        "night",
        (
            r"\bnight|\bmidnight|\bmoon(?:lit|light)?\b|\bstarry|\bstars\b|\baurora"
            r"|\bnorthern lights|\bdark\b|\bfirefl"
        ),
    ),
    (
        "golden",
        r"\bgolden|\bwarm light|\bautumn|\bafternoon|\bsavanna|\bwheat|\bfall (?:colou?rs|leaves)",
    ),
    (
        "snowy",
        (
            r"\bsnow(?:y|s|ing|fall|flakes?|storm)?\b|\bwinter|\bice\b|\bfrozen|\barctic|\bglacier"
            r"|\bblizzard"
        ),
    ),
    (
        "overcast",
        (
            r"\brain(?:y|s|ing|fall|drops?)?\b|\bfog(?:gy)?\b|\bmist(?:y)?\b|\bovercast|\bcloudy"
            r"|\bmoody|\bgr[ea]y\b|\bgloom|\bdrizzl"
        ),
    ),
    ("desert", r"\bdesert|\bdunes?\b|\bsahara|\bcanyon|\bsand\b"),
    ("day", r"\bday(?:light|time)?\b|\bsunny|\bnoon|\bblue sky|\bsummer|\bbright"),
)

_ELSEWHERE: Final[Mapping[str, str]] = {
    # Spanish, French, German, Italian, Portuguese, Chinese, Japanese: the commonest scene words.
    "sunset": (
        r"puesta de sol|atardecer|coucher du soleil|sonnenuntergang|tramonto|p[oô]r do sol"
        r"|日落|夕陽|夕阳|夕日|夕焼け"
    ),
    "dawn": r"\bamanecer|lever du soleil|\baube\b|sonnenaufgang|\balba\b|\bamanhecer|日出|朝日",
    "night": r"\bnoche|\bnuit\b|\bnacht|\bnotte\b|\bnoite|夜|星空|月",
    "ocean": (
        r"\boc[eé]ano|\boc[eé]an\b|\bmer\b|\bmeer\b|\bmare\b|\bplaya|\bplage|\bstrand\b"
        r"|\bpraia|海|大洋"
    ),
    "forest": r"\bbosque|\bfor[eê]t\b|\bwald\b|\bforesta|\bfloresta|森",
    "city": r"\bciudad|\bville\b|\bstadt\b|\bcitt[aà]|\bcidade|城市|街|都市|东京|東京",
    "mountain": r"\bmonta[nñ]|\bmontagne|\bberge?\b|\bmontanha|山",
    "snow": r"\bnieve|\bneige|\bschnee|\bneve\b|雪",
    "rain": r"\blluvia|\bpluie|\bregen\b|\bpioggia|\bchuva|雨",
    "desert": r"\bdesierto|\bd[eé]sert\b|\bw[uü]ste|\bdeserto|沙漠|砂漠",
    "lake": r"\blago\b|\blac\b|\bsee\b(?= in| im| am)|湖",
    "space": r"\bespacio|\bespace\b|\bweltraum|\bspazio|\bespa[cç]o|宇宙|太空|銀河|银河",
    "underwater": r"\bsubmarin|\bbajo el agua|\bsous l'eau|\bunter wasser|海底|水中",
    "fire": r"\bfuego|\bfeu\b|\bfeuer|\bfuoco|\bfogo\b|火",
    "meadow": r"\bpradera|\bprairie\b|\bwiese|\bprato\b|\bcampo\b|草原|花",
    "storm": (r"\btormenta|\btemp[eê]te|\bsturm\b|\btempesta|\btempestade|嵐|暴风|暴風|閃電|闪电"),
    "fog": r"\bniebla|\bbrouillard|\bnebel\b|\bnebbia|\bneblina|霧|雾",
    "aurora": r"\baurora boreal|\baurore bor|\bpolarlicht|極光|极光|オーロラ",
}
_MEANT: Final = {name: re.compile(pattern) for name, pattern in _ELSEWHERE.items()}
_ASKED_LIGHT_OF: Final = {
    "city": "night",
    "desert": "desert",
    "snow": "snowy",
    "forest": "overcast",
    "fire": "fire",
}
_SURE: Final = 3
_AROUND_LAKES: Final = ("mountain", "snow", "forest", "meadow")
"""Places that a lake lies in; it has their mountains and trees on its shore."""

_WILD: Final = ("mountain", "lake", "ocean", "meadow")
_USUAL_LIGHTS: Final = ("golden", "sunset", "day", "dawn")

_AURORA: Final = re.compile(r"\baurora|\bnorthern lights|\bpolar lights")
_LIGHTNING: Final = re.compile(r"\bthunder|\blightning|\bstorm(?:s|y)?\b|\btempest|\bhurricane")
_CALMED: Final = re.compile(
    r"\b(?:snow|sand|dust|brain|fire)[- ]?storm|\b(?:after|before) the storm"
)
_FOG: Final = re.compile(r"\bfog(?:gy)?\b|\bmist(?:y|s)?\b|\bhaz(?:e|y)\b|\bsmok(?:e|y)\b")
_FIRE: Final = re.compile(
    r"\b(?:camp|bon|wild)?fires?\b|\bflames?\b|\binferno|\bburning|\bblaz(?:e|ing)\b|\bfireplace"
)
_SHAFTS: Final = re.compile(r"\b(?:god|light|sun) ?rays?\b|\bsun ?beams?\b|\bshafts?\b")
_PERSON: Final = re.compile(
    r"\b(?:wo)?m[ae]n\b|\bperson|\bgirl|\bboy\b|\bhiker|\btravel+er|\bchild(?:ren)?\b|\bpeople"
    r"|\bknight|\bhero\b|\bcamel|\bwalk(?:s|ing|er)?\b|\bfigure|\blady|\bnomad|\bcowboy"
    r"|\bastronaut|\bsamurai|\bwanderer"
)
_BOAT: Final = re.compile(r"\bboats?\b|\bsail|\bships?\b|\byacht")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The scene that the words ask for."""

    place: str
    """A key of ``_PLACES``, or ``abstract`` when the words name nothing that we can draw."""

    light: str
    """A key of ``palettes.PALETTES``."""

    aurora: bool = False
    lightning: bool = False
    fog: bool = False
    fire: bool = False
    shafts: bool = False
    snowy: bool = False
    cloudy: bool = False
    island: bool = False
    beach: bool = False
    boat: bool = False
    person: bool = False
    lighthouse: bool = False


def understood(words: str) -> str:
    """Return the lower-case words, with the English for scene words of other languages added."""
    added = [name for name, pattern in _MEANT.items() if pattern.search(words)]
    return f"{words} {' '.join(added)}" if added else words


def wanted_in(words: str, *, seed: int) -> Wanted:
    """Return the scene for lower-case words that :func:`understood` has seen."""
    place = _best_place(words)
    light = next((name for name, pattern in _LIGHTS if re.search(pattern, words)), None)
    if place is None and light is None and not _FOG.search(words):
        return Wanted(place="abstract", light="day")
    if place is None:
        place = "snow" if light == "snowy" else _WILD[seed % len(_WILD)]
    if light is None:
        light = _ASKED_LIGHT_OF.get(place) or _USUAL_LIGHTS[seed % len(_USUAL_LIGHTS)]
    if (place, light) in {("desert", "day"), ("desert", "snowy")}:
        light = "desert"
    aurora = bool(_AURORA.search(words))
    return Wanted(
        place=place,
        light="night" if aurora else light,
        aurora=aurora,
        lightning=bool(_LIGHTNING.search(_CALMED.sub(" ", words))),
        fog=bool(_FOG.search(words)),
        fire=place == "fire" or bool(_FIRE.search(words)),
        shafts=bool(_SHAFTS.search(words)),
        snowy="snow" in words,
        cloudy="cloud" in words,
        island="island" in words,
        beach=bool(re.search(r"\bbeach|\bcoast|\bshore", words)),
        boat=bool(_BOAT.search(words)),
        person=bool(_PERSON.search(words)),
        lighthouse="lighthouse" in words,
    )


def _best_place(words: str) -> str | None:
    scores = {
        place: sum(weight for weight, pattern in kinds if re.search(pattern, words))
        for place, kinds in _PLACES.items()
    }
    if scores["lake"] >= _SURE:
        for around in _AROUND_LAKES:
            scores[around] = 0
    best = max(scores, key=lambda place: scores[place])
    return best if scores[best] else None
