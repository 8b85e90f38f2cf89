"""Find the scene, the light and the weather in a prompt."""

import re
from collections.abc import Mapping
from typing import Final

from rushes.engines.animatic.scenes.wanted import Wanted
from rushes.kit.word_patterns import whole_words

# A place scores for each kind of word it finds: 3 for what can be nothing else, 2 for what
# usually means it, 1 for what only hints at it. The highest score is the place.
_PLACES: Final[Mapping[str, tuple[tuple[int, re.Pattern[str]], ...]]] = {
    place: tuple((weight, whole_words(kind)) for weight, kind in zip((3, 2, 1), kinds, strict=True))
    for place, kinds in {
        "space": (
            """(?:outer|deep)_space galax(?:y|ies) galactic nebulae? nebulas cosmos cosmic
            asteroids? space_stations? solar_systems? black_holes? supernovae? supernovas
            milky_way_from_space""",
            "space planets? star_?ships? spaceships? universe satellites?",
            "astronauts? aliens? orbit",
        ),
        "underwater": (
            """underwater under_(?:the_)?(?:sea|water|ocean) deep_sea corals? scuba aquariums?
            jelly_fish(?:es)? mermaids? ocean_floor sea_?bed""",
            "reefs? sharks? whales? sea_turtles? octopus(?:es)? octopi manta_rays? mantas",
            "fish(?:es)? dolphins? divers? diving",
        ),
        "city": (
            """city cities city_?scapes? skyscrapers? downtown tokyo new_york manhattan skylines?
            cyberpunk metropolis shanghai hong_kong london paris""",
            """streets? urban traffic neon buildings? rooftops? synthwave vaporwave blade_?runner
            nightclubs? alleys? alleyways?""",
            "cars? taxis? bus(?:es)? shops? caf(?:e|é)s?",
        ),
        "desert": (
            "deserts? dunes? sahara mars martian red_planet sandstorms?",
            "canyons? camels? pyramids? oas(?:is|es) mesas? arid",
            "sand sandy cact(?:us|i|uses)",
        ),
        "ocean": (
            "oceans? seas? seascapes? beach(?:es)? coast(?:al|s|lines?)? lighthouses?",
            """islands? ships? sail(?:s|ing|boats?)? surf(?:ers?|ing)? shores? shorelines?
            harbou?rs? piers? tides?""",
            "waves? boats? seagulls? palm_trees? palms",
        ),
        "lake": (
            "lakes? ponds? fjords?",
            "rivers? riverbanks? lagoons? creeks? streams?",
            "pools? canoes? swans? water",
        ),
        "snow": (
            "arctic antarctica? glaciers? icebergs? tundra blizzards?",
            """snow(?:y|s|ing|fall|flakes?|storms?)? snow_capped frozen ski(?:s|ing|ers?)? winter
            winters sleds? sledges? penguins? polar_bears?""",
            "ice icy frost frosty",
        ),
        "fire": (
            "camp_?fires? bonfires? infernos? wildfires? fireplaces? wall_of_fire",
            "flames? flaming embers? fires? burning blaz(?:e|es|ing)",
            "smouldering",
        ),
        "forest": (
            "forests? woods woodlands? jungles? rainforests? redwoods?",
            "pines? pine_trees? firefl(?:y|ies) fair(?:y|ies) enchanted",
            "trees? wol(?:f|ves) deer bears? fox(?:es)? moss mossy",
        ),
        "mountain": (
            "mountains? mountainous mountainside alps alpine himalayas? summits? volcano(?:es|s)?",
            "peaks? valleys? cliffs? castles? dragons? highlands? gorges?",
            "hik(?:ers?|ing) eagles? rocks rocky villages?",
        ),
        "meadow": (
            """meadows? prairies? savannas? savannahs? grasslands? countryside wheat_?fields? wheat
            pastures?""",
            """fields? grass grassy farms? farmland hills? hilltops? flowers? wildflowers? gardens?
            vineyards?""",
            """horses? cows? sheep wind_?mills? parks? dogs? picnics? butterfl(?:y|ies)""",
        ),
    }.items()
}

_LIGHTS: Final = tuple(
    (light, whole_words(said))
    for light, said in (
        ("neon", "neon neons cyberpunk synthwave blade_?runner vaporwave"),
        ("mars", "mars martian red_planet"),
        (
            "storm",
            """storms? stormy thunder thunderstorms? thundery lightning tempests? apocalyp*
            hurricanes? tornado(?:es|s)?""",
        ),
        ("sunset", "sunsets? dusk twilight evenings? sundown setting_sun"),
        ("dawn", "dawn sunrises? mornings? daybreak rising_sun"),
        (
            "night",
            """nights? nighttime midnight moon moonlit moonlight starry stars auroras?
            aurora_borealis northern_lights dark firefl(?:y|ies)""",
        ),
        (
            "golden",
            """golden warm_light autumn autumnal afternoons? savannas? wheat
            fall_(?:colou?rs|leaves)""",
        ),
        (
            "snowy",
            """snow(?:y|s|ing|fall|flakes?|storms?)? snow_capped winter ice frozen arctic glaciers?
            blizzards?""",
        ),
        (
            "overcast",
            """rain(?:y|s|ing|fall|drops?|storms?)? fog foggy mist misty overcast cloudy moody
            gr[ea]y gloom gloomy drizzl(?:e|es|ing|y)""",
        ),
        ("desert", "deserts? dunes? sahara canyons? sand"),
        ("day", "day(?:light|time)? sunny noon midday blue_sk(?:y|ies) summer bright brightly"),
    )
)

_ELSEWHERE: Final[Mapping[str, str]] = {
    # Spanish, French, German, Italian, Portuguese: the commonest scene words. A word that is
    # English too (mare, strand, campo) counts with its article only.
    "sunset": (
        "puestas?_de_sol atardecer couchers?_du_soleil sonnenunterg(?:ang|änge) tramonto"
        " p[oô]r_do_sol"
    ),
    "dawn": "amanecer levers?_du_soleil l'aube sonnenaufgang (?:l'|all')alba amanhecer",
    "night": "noches? nuit nuits nachts? nächte notte noites?",
    "ocean": (
        "oc[eé]anos? océan océans (?:la|en|de)_mer meer meeres"
        " (?:il|sul|al|del|nel)_mare playas? plages? (?:am|der|den|einem)_strand praias?"
    ),
    "forest": "bosques? for[eê]ts? (?:der|im|den|ein|einem)_wald wälder foreste? florestas?",
    "city": "ciudad ciudades (?:la|une|en)_ville villes stadt städte citt[aà] cidades?",
    "mountain": (
        "montañas? montagnes? (?:die|hohe|den)_berge (?:der|ein|den|einem)_berg montanhas?"
    ),
    "snow": "nieve neige schnee (?:la|sulla|con_la|di)_neve",
    "rain": "lluvia pluie (?:im|der|bei|starker)_regen pioggia chuva",
    "desert": "desiertos? déserts? w[uü]sten? deserto",
    "lake": "(?:un|el|il|al|del|um|o)_lago (?:le|un|du)_lac (?:der|am|einem|den|auf_dem)_see",
    "space": "espacio l'espace weltraum weltall spazio espa[cç]o",
    "underwater": "submarino bajo_el_agua sous_l'eau sous_la_mer unter_wasser",
    "fire": "fuego (?:le|un|du)_feu feuer fuoco fogo",
    "meadow": "praderas? (?:la|une)_prairie wiesen? (?:un|nel|il)_prato (?:el|un)_campo",
    "storm": "tormentas? tempêtes? sturm stürme tempesta tempestade",
    "fog": "niebla brouillard (?:im|der|dichter)_nebel nebbia neblina",
    "aurora": "auroras?_boreal(?:es)? aurores?_boréales? polarlicht polarlichter",
}
_EASTERN: Final[Mapping[str, str]] = {
    # Chinese and Japanese put no spaces between words.
    "sunset": "日落|夕陽|夕阳|夕日|夕焼け",
    "dawn": "日出|朝日",
    "night": "夜|星空|月",
    "ocean": "海|大洋",
    "forest": "森",
    "city": "城市|街|都市|东京|東京",
    "mountain": "山",
    "snow": "雪",
    "rain": "雨",
    "desert": "沙漠|砂漠",
    "lake": "湖",
    "space": "宇宙|太空|銀河|银河",
    "underwater": "海底|水中",
    "fire": "火",
    "meadow": "草原|花",
    "storm": "嵐|暴风|暴風|閃電|闪电",
    "fog": "霧|雾",
    "aurora": "極光|极光|オーロラ",
}
_MEANT: Final = {
    name: (whole_words(said), re.compile(_EASTERN.get(name, r"(?!)")))
    for name, said in _ELSEWHERE.items()
}
_REQUESTED_LIGHT_OF: Final = {
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

_AURORA: Final = whole_words("auroras? aurora_borealis northern_lights polar_lights")
_LIGHTNING: Final = whole_words(
    "thunder thunderstorms? lightning storms? stormy tempests? hurricanes?"
)
_CALMED: Final = whole_words(
    "(?:snow|sand|dust|brain|fire)_storms? (?:after|before)_(?:the|a)_storm"
)
_FOG: Final = whole_words("fog foggy mist mists misty haze hazy smoke smoky")
_FIRE: Final = whole_words(
    "(?:camp|bon|wild)?fires? flames? infernos? burning blaz(?:e|es|ing) fireplaces?"
)
_SHAFTS: Final = whole_words(
    "(?:god|light|sun)_?rays? sun_?beams? shafts?_of_(?:sun_?)?light (?:light|sun)_shafts?"
)
_SNOWY: Final = whole_words("snow(?:y|s|ing|fall|flakes?|storms?)? snow_(?:capped|covered|topped)")
_CLOUDY: Final = whole_words("clouds? cloudy")
_ISLAND: Final = whole_words("islands?")
_BEACH: Final = whole_words("beach(?:es)? coast(?:al|s|lines?)? shores? shorelines?")
_LIGHTHOUSE: Final = whole_words("lighthouses?")
_PERSON: Final = whole_words(
    """(?:wo)?m[ae]n persons? girls? boys? hikers? travell?ers? child(?:ren)? people knights? hero
    heroes camels? walk(?:s|ing|ers?)? figures? lad(?:y|ies) nomads? cowboys? astronauts? samurai
    wanderers?"""
)
_BOAT: Final = whole_words("boats? sail(?:s|ing|boats?)? ships? yachts?")


def understood(words: str) -> str:
    """Return the lower-case words, with the English for scene words of other languages added."""
    added = [
        name
        for name, (spaced, eastern) in _MEANT.items()
        if spaced.search(words) or eastern.search(words)
    ]
    return f"{words} {' '.join(added)}" if added else words


def wanted_in(words: str, *, seed: int) -> Wanted:
    """Return the scene for lower-case words that :func:`understood` has seen."""
    place = _best_place(words)
    light = next((name for name, said in _LIGHTS if said.search(words)), None)
    if place is None and light is None and not _FOG.search(words):
        return Wanted(place="abstract", light="day")
    if place is None:
        place = "snow" if light == "snowy" else _WILD[seed % len(_WILD)]
    if light is None:
        light = _REQUESTED_LIGHT_OF.get(place) or _USUAL_LIGHTS[seed % len(_USUAL_LIGHTS)]
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
        snowy=bool(_SNOWY.search(words)),
        cloudy=bool(_CLOUDY.search(words)),
        island=bool(_ISLAND.search(words)),
        beach=bool(_BEACH.search(words)),
        boat=bool(_BOAT.search(words)),
        person=bool(_PERSON.search(words)),
        lighthouse=bool(_LIGHTHOUSE.search(words)),
    )


def _best_place(words: str) -> str | None:
    scores = {
        place: sum(weight for weight, said in kinds if said.search(words))
        for place, kinds in _PLACES.items()
    }
    if scores["lake"] >= _SURE:
        for around in _AROUND_LAKES:
            scores[around] = 0
    best = max(scores, key=lambda place: scores[place])
    return best if scores[best] else None
