"""Turn two who do something with each other to each other: they hug, fight, shake hands, talk."""

import re
from dataclasses import replace
from typing import Final

from rushes.core.shot_plan import Action, Facing, Plane
from rushes.engines.animatic.cast.catalogue import people, subjects
from rushes.engines.animatic.planning import kinds
from rushes.engines.animatic.planning.casting_drafts import (
    MOST_MEMBERS,
    Draft,
    Reading,
    index_of,
    take_out,
)
from rushes.engines.animatic.planning.two_of_a_kind import split

_TOUCH: Final = re.compile(
    r"\b(?:kiss|hug(?:s|g)|embrac|shak\w+ hands|handshak|high[- ]fiv|arm[- ]wrestl|wrestl|cuddl"
    r"|propos(?:es|ing) to"
    r"|(?:hand(?! in hand)|giv|offer|present|pass)(?:s|ing|es)? [^.,;]{2,40} to "
    r"|feed(?:s|ing)? (?:her|his|the|a) (?:baby|child|horse|dog|cat|elephant|bird|giraffe|lamb)"
    r"|se besa|besa|se abraza|abraza|se dan la mano|s'embrass|s'enlac|se serrent la main"
    r"|küss|umarm|schütteln|beija|abraça|apertam as mãos"
    r"|целу|обнима|пожима)"
    r"|[接亲]吻|拥抱|握手|抱き合|抱きしめ|キス|키스|포옹|껴안|악수",
    re.IGNORECASE,
)
_FIGHT: Final = re.compile(
    r"\b(?:fight(?:s|ing)?\b(?! for| fire| a fire| the fire)|duel|spar(?:s|ring)|box(?:es|ing)\b"
    r"|fenc(?:es|ing)\b|battl(?:es|ing)|luch|pelea|combat|se batt|kämpf|lutam|lutando"
    r"|дерутся|сражаются|дерётся)"
    r"|打架|搏斗|决斗|戦[いっう]|決闘|싸[우운워]|결투",
    re.IGNORECASE,
)
_FACE: Final = re.compile(
    r"\b(?:(?:look|star|gaz|smil)\w* (?:lovingly |deeply )?(?:at|into) (?:each other|one another)"
    r"|each other's eyes|fac(?:e|ing) each other|face to face|face[- ]off|arguing|argu(?:e|es)\b"
    r"|quarrel|negotiat|toast(?:s|ing)? each|talk(?:s|ing)? (?:to|with) each other"
    r"|chat(?:s|ting)? (?:with|together)|se miran|se regardent|(?:sehen|schauen|blicken) sich"
    r"|se olham|смотрят друг на друга|спорят|discut|streit)"
    r"|对视|对峙|争吵|吵架|見つめ合|向かい合|마주",
    re.IGNORECASE,
)
_FLEES: Final = re.compile(
    r"\b(?:chased|pursued|followed|hunted) by\b|\b(?:flee|run|escap|runn)\w*(?: away)? from\b",
    re.IGNORECASE,
)
_CHASED, _CHASER = 0.7, 0.3
_PAIR: Final = 2


def turn_to_each_other(prompt: str, reading: Reading) -> None:
    """Let two who are named with such a verb face each other, close to each other if they touch."""
    if _FLEES.search(prompt):
        _let_flee(reading)
        return
    if _play_at_table(reading):
        return
    touches, fights = _TOUCH.search(prompt), _fights(prompt, reading.drafts)
    talks = _both_talk(reading.drafts)
    if touches:
        _hand_over(reading.drafts)
    if not (touches or fights or talks or _FACE.search(prompt)):
        return
    pair = _pair_of(reading)
    if pair is None:
        return
    hugs = any(one.action is Action.HUG for one in pair)
    does = Action.FIGHT if fights else Action.HUG if hugs else Action.WORK
    for one, facing in zip(pair, (Facing.RIGHT, Facing.LEFT), strict=True):
        one.facing, one.x = facing, None
        one.plane = Plane.GROUND if one.plane is Plane.BACKGROUND else one.plane
        if (touches or fights) and one.action is not Action.SIT and kinds.is_person(one.subject):
            one.action = does


def _fights(prompt: str, drafts: list[Draft]) -> bool:
    """Return whether a verb says so; boxes and fences that are in the cast are nouns."""
    return any(
        not any(one.start <= found.start() < one.end for one in drafts)
        for found in _FIGHT.finditer(prompt)
    )


def _hand_over(drafts: list[Draft]) -> None:
    """Put a loose small thing that one gives to another into the hands of the first."""
    persons = [at for at, one in enumerate(drafts) if kinds.is_person(one.subject)]
    loose = [
        one for one in drafts if kinds.is_in_hand(one.subject) and one.on is None and one.count == 1
    ]
    if len(persons) == _PAIR and len(loose) == 1 and persons[0] != index_of(drafts, loose[0]):
        loose[0].on, loose[0].x, loose[0].plane = persons[0], None, None


_GAMES: Final = frozenset({"chessboard", "playing-cards", "flower-playing-cards"})
_LEFT, _RIGHT, _MIDDLE = 0.3, 0.7, 0.5


def _play_at_table(reading: Reading) -> bool:
    """Let two who play chess or cards face each other over a table with the game on it."""
    drafts = reading.drafts
    game = next((one for one in drafts if one.subject.id in _GAMES), None)
    if game is None or len(drafts) + 2 > MOST_MEMBERS:
        return False
    pair = _pair_of(reading)
    if pair is None:
        return False
    table = next((one for one in drafts if one.subject.id == "table"), None)
    if table is None:
        table = Draft(subject=subjects()["table"], start=game.start, end=game.end, count=1)
        drafts.append(table)
    game.on, game.x, table.x = index_of(drafts, table), None, _MIDDLE
    for one, x, facing in zip(pair, (_LEFT, _RIGHT), (Facing.RIGHT, Facing.LEFT), strict=True):
        one.x, one.facing = x, facing
        if kinds.is_person(one.subject):
            one.action = Action.SIT
    return True


def _both_talk(drafts: list[Draft]) -> bool:
    talking = [one for one in drafts if one.action is Action.TALK and kinds.is_person(one.subject)]
    return sum(one.count for one in talking) == _PAIR


def _pair_of(reading: Reading) -> tuple[Draft, Draft] | None:
    """Return the two who are alive, of two names or two of a kind; None: there are others."""
    alive = [
        one
        for one in reading.drafts
        if kinds.is_alive(one.subject) and one.on is None and one.plane is not Plane.SKY
    ]
    persons = [one for one in alive if kinds.is_person(one.subject)]
    if sum(one.count for one in persons) == _PAIR:
        alive = persons  # pigeons fly up around two who play chess
    if len(alive) == 2 and all(one.count == 1 for one in alive):
        return alive[0], alive[1]
    full = len(reading.drafts) >= MOST_MEMBERS
    if len(alive) != 1 or alive[0].count != 2 or full:
        return None
    _leave_to_picture(reading, alive[0])
    pair = alive[0], split(reading, alive[0])
    _arm_both(reading, *pair)
    return pair


def _leave_to_picture(reading: Reading, fighter: Draft) -> None:
    """Take out the swords of a knight, whose picture has one."""
    drafts = reading.drafts
    drawn = people().get(fighter.subject.id)
    at = index_of(drafts, fighter)
    for index, one in reversed([*enumerate(drafts)]):
        same = drawn is not None and _WEAPONS.get(one.subject.id) == drawn.prop
        if same and one.on == at:
            reading.used.append((one.start, one.end))
            take_out(reading, index)


_WEAPONS: Final = {"crossed-swords": "sword", "sword": "sword", "spear": "spear"}


def _arm_both(reading: Reading, first: Draft, second: Draft) -> None:
    """Let the second of two hold what the first one holds, as far as there is room for it."""
    drafts = reading.drafts
    held = [one for one in drafts if one.on == index_of(drafts, first)]
    for thing in held:
        if len(drafts) < MOST_MEMBERS:
            drafts.append(replace(thing, on=index_of(drafts, second)))


def _let_flee(reading: Reading) -> None:
    """Let who flees be before who chases, both on their way to the right."""
    alive = [one for one in reading.drafts if kinds.moves_by_itself(one.subject) and one.on is None]
    if len(alive) != 2 or any(one.plane is Plane.SKY for one in alive):
        return
    for one, x in zip(alive, (_CHASED, _CHASER), strict=True):
        one.x, one.facing = x, Facing.RIGHT
        if kinds.is_alive(one.subject):
            one.action = kinds.suited([Action.RUN], one.subject)
