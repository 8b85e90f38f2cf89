"""Give people the things that they use where no preposition or verb of the prompt says who does."""

import re
from typing import Final

from rushes.core.shot_plan import Action
from rushes.engines.animatic.cast.catalogue import people, subjects
from rushes.engines.animatic.cast.clothes import WORN
from rushes.engines.animatic.planning import kinds
from rushes.engines.animatic.planning.casting_drafts import MOST_MEMBERS, Draft, Reading, take_out
from rushes.engines.animatic.planning.reading import Term
from rushes.engines.animatic.planning.tables import lines_of
from rushes.engines.animatic.sets.room_table import ROOMS

_PARTS: Final = re.compile(r"[,.;:!?\u3001\u3002\uff0c\uff1b]")
_NOT_IN_HAND: Final = frozenset(
    {"soccer-ball", "basketball", "volleyball", "paper-boat", "yarn", "chessboard"}
)
_TOOLS_OF_VERBS: Final = """
fishing-pole: fish fishes fishing fished 钓鱼 釣り 낚시 angelt angeln
    pesca pescando рыбачит
yarn: knit knits knitting 织毛衣 編み物 뜨개질 strickt teje
    tricote вяжет
open-book: 看书 读书
newspaper: 看报纸
mobile-phone: 打电话 telefoniert
kite: 放风筝
chessboard: 下棋 play_chess plays_chess playing_chess
guitar: 弹吉他
flute: 吹笛子
violin: 拉小提琴
musical-keyboard: 弹钢琴
umbrella-open: 撑伞
broom: sweep sweeps sweeping barre fegt balaie
    подметает
    扫地
shovel: shovels shoveling shovelling digs digging dug cava cavando creuse gräbt schaufelt копает
    挖 铲雪
watering-can: waters watering watered riega regando arrose gießt rega regando поливает 浇水 浇花
    물을_주는 水をや
mop: mops mopping friega wischt
rake: rakes raking rastrilla harkt
hammer: hammers hammering martilla hämmert martela
pencil: writes writing wrote sketches sketching escribe escribiendo écrit schreibt escreve пишет
    写字 쓰는 쓴다
scissors: snips snipping trims trimming
vacuum-cleaner: vacuums vacuuming vacuumed staubsaugt пылесосит 吸尘
camera: photographs photographing fotografía photographie fotografiert фотографирует 拍照
telescope: stargazes stargazing
whisk: whisks whisking
paintbrush: paints peint
"""
"""Things that a verb names too: who fishes has a rod."""


_PENS: Final = frozenset(
    {
        "blackboard",
        "pen",
        "fountain-pen",
        "quill-and-ink",
        "crayon",
        "paintbrush",
        "laptop",
        "typewriter",
    }
)
"""With what else one writes."""


def _tools() -> dict[str, str]:
    found: dict[str, str] = {}
    for line in lines_of(_TOOLS_OF_VERBS):
        tool, _, verbs = line.partition(": ")
        found |= {verb.replace("_", " "): tool for verb in verbs.split()}
    return found


TOOLS: Final = _tools()


def add_tools(reading: Reading, terms: list[Term]) -> None:
    """Cast the things that verbs name beside what is done with them, such as a fishing rod."""
    for term in terms:
        tool = TOOLS.get(term.text.lower())
        who = None if tool is None else _user(reading.drafts, term)
        full = len(reading.drafts) >= MOST_MEMBERS
        if tool is None or who is None or full or tool not in subjects():
            continue
        person = people().get(reading.drafts[who].subject.id)
        named = {draft.subject.id for draft in reading.drafts}
        if tool == "pencil" and not named.isdisjoint(_PENS):
            continue
        if tool in named or (person is not None and person.prop == tool):
            continue
        draft = Draft(
            subject=subjects()[tool], start=term.start, end=term.end, count=1, is_object=True
        )
        if draft.subject.id not in _NOT_IN_HAND | {"musical-keyboard"}:
            draft.on = who
        reading.drafts.append(draft)


_AT_WORK: Final = kinds.WITH_HANDS | {Action.SIT}
"""What somebody does who uses a thing: one reads a newspaper on a bench."""


def _user(drafts: list[Draft], term: Term) -> int | None:
    """Return who does what a verb says: the last one before it who works."""
    working = [
        at
        for at, draft in enumerate(drafts)
        if kinds.is_person(draft.subject) and draft.action in _AT_WORK
    ]
    before = [at for at in working if drafts[at].start < term.start]
    return (before or working)[-1] if working else None


def hold_things(prompt: str, drafts: list[Draft], terms: list[Term]) -> None:
    """
    Put a small thing into the hands of the person named right before it.

    English prompts say with verbs and prepositions who holds what; in other languages this is a
    guess, which is better than a book in the grass. An umbrella is guessed in all of them.
    """
    english = all(term.language == "en" for term in terms)
    worn = WORN | dict.fromkeys(_NOT_IN_HAND)
    for at, draft in enumerate(drafts):
        umbrella = draft.subject.id.startswith(("umbrella-open", "paper-umbrella"))
        loose = draft.on is None and draft.plane is None and draft.x is None and draft.y is None
        small = kinds.is_held(draft.subject) and draft.subject.id not in worn
        if not loose or draft.count > 1 or not (umbrella or (small and not english)):
            continue
        who = _nearest_person(prompt, drafts, at, across_commas=umbrella)
        if who is not None:
            draft.on = who


_CARRIES: Final = re.compile(
    r"\b(?:hold(?:s|ing)?|carr(?:y|ies|ying)|cradl(?:es|ing)|rock(?:s her|s his|s the|s a|ing)"
    r"|nurs(?:es|ing)|comfort(?:s|ing)|feed(?:s|ing)?|sostiene|carga|alza|porte|tient|berce"
    r"|hält|trägt|wiegt|segura|carrega|держит|несёт|качает)\b|抱|안고|안은",
    re.IGNORECASE,
)


def hold_baby(prompt: str, drafts: list[Draft]) -> None:
    """Put a baby into the arms of the only grown person beside it, where a verb says so."""
    babies = [one for one in drafts if one.subject.id == "baby" and one.count == 1]
    grown = [
        at
        for at, one in enumerate(drafts)
        if kinds.is_person(one.subject) and one.subject.id != "baby" and one.count == 1
    ]
    if len(babies) == 1 and len(grown) == 1 and babies[0].on is None and _CARRIES.search(prompt):
        babies[0].on, babies[0].x = grown[0], None
        babies[0].action = Action.STAND
        holder = drafts[grown[0]]
        if holder.action in {None, Action.STAND, Action.HUG}:
            holder.action = Action.WORK  # with the arms in front


def _nearest_person(
    prompt: str, drafts: list[Draft], at: int, *, across_commas: bool
) -> int | None:
    """Return the person before a thing, or else after it, who holds nothing yet."""
    thing = drafts[at]
    free = [
        index
        for index, one in enumerate(drafts)
        if kinds.is_person(one.subject)
        and one.count == 1
        and one.on != at
        and not any(held.on == index and not _is_clothing(held) for held in drafts)
    ]
    before = [index for index in free if drafts[index].end <= thing.start]
    if before:
        between = prompt[drafts[before[-1]].end : thing.start]
        if across_commas or not _PARTS.search(between):
            return before[-1]
    return free[0] if across_commas and free else None


def _is_clothing(draft: Draft) -> bool:
    return draft.subject.kind == "clothing" or draft.subject.id in WORN


_WOODS: Final = frozenset({"forest", "autumn_forest", "jungle", "snow", "bamboo_grove"})
_TREES: Final = frozenset({"deciduous-tree", "evergreen-tree"})
_WITH_FIRS: Final = frozenset({"lake", "mountain", "hot_spring"})


def leave_to_room(reading: Reading, set_name: str) -> None:
    """Take a window for that in the wall of the room, and trees for those of the wood."""
    drafts = reading.drafts
    has_window = set_name in ROOMS and ROOMS[set_name].has_window
    for index in range(len(drafts) - 1, -1, -1):
        draft = drafts[index]
        carries = any(one.on == index for one in drafts)
        window = has_window and draft.subject.id == "window" and draft.count == 1
        firs = set_name in _WITH_FIRS and draft.subject.id == "evergreen-tree"
        trees = draft.is_plural and (firs or (set_name in _WOODS and draft.subject.id in _TREES))
        alone = len(drafts) == 1 or draft.is_look_alike or draft.tint is not None
        curtain = set_name == "stage" and draft.subject.id == "curtain" and len(drafts) > 1
        drawn = window or curtain or (trees and not alone)
        if carries or not drawn or draft.is_look_alike:
            continue
        reading.used.append((draft.start, draft.end))
        take_out(reading, index)
