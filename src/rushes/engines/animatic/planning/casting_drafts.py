"""Hold what is known of each subject while a prompt is read."""

from dataclasses import dataclass, field
from typing import Final

from rushes.core.shot_plan import Action, Facing, Plane
from rushes.engines.animatic.cast.catalogue import Subject
from rushes.engines.animatic.planning import kinds
from rushes.engines.animatic.planning.lexicon import Meaning
from rushes.engines.animatic.planning.reading import Term

MOST_MEMBERS: Final = 16
MOST_COPIES: Final = 80
NEAR: Final = 3
COMPOUND_LANGUAGES: Final = frozenset({"en"})
RIDING: Final = """
    rid driv pull reit cabalg mont chevauch cavalg row 骑 騎 乗 타 탄 верхом fährt fahren conduc
    conduz dirige conduit управля 驾 开着 運転 운전
"""
RIDES: Final = (*RIDING.split(), "fait du", "anda de", "andando de")
"""How words begin that say that one rides, drives or is pulled by what comes next."""

OBJECT_FIRST: Final = frozenset({"ja", "ko"})
"""Languages whose verbs come after what is done."""

BESIDE_ITS_OBJECT: Final = (
    *("writ", "draw", "look", "star", "gaz", "scribbl", "point", "chew", "gnaw", "nibbl", "feed"),
    *("bark", "work", "knock", "focus", "spray", "pour", "sprinkl"),
    *("смотр", "гляд", "любу", "указ", "schau", "blick", "zeig", "wart", "starr", "guck"),
)
"""How verbs begin after which ``on`` does not put one thing on top of another."""

PLAYING: Final = "play spiel jou toc tañ игра 演奏 弹 彈 弾 吹 拉 연주"
PLAYS: Final = tuple(PLAYING.split())
"""How words begin that say that one plays what comes next, if it is an instrument."""

CHASES: Final = ("chas", "hunt", "follow", "race", "pursu", "herd")
OF_CLOTH: Final = frozenset({"flutter", "fall", "spin", "drift", "float", "dance", "fly", "rise"})
"""What hair, cloth, leaves and flags do by themselves."""

OF_THINGS: Final = frozenset({"float", "spin", "rise", "fall", "drift", "roll", "burn"})
"""What things do that nobody moves."""

NO_PICTURE: Final = "The engine has no picture of it."
OTHER_MATERIAL: Final = "What is made of it has the material of its picture."
ONE_ACTION: Final = "Each member does one thing in a shot, the first one."
UNKNOWN_WORD: Final = "The rules do not know this word."


def noun_of(term: Term, relation: str | None = None) -> Meaning | None:
    """Return its meaning as a noun; what has no picture may still be a place."""
    subject = term.meaning("subject")
    place = term.meaning("set")
    if relation == "under" and place and place.value in kinds.SHOWN_BY_SETS:
        return Meaning("subject", place.value)  # under the table: not at the place of that name
    if subject and not subject.value:
        return term.meaning("cast", "set", "group", "effect", "light") or subject
    if subject and place:
        shown = subject.value in kinds.SHOWN_BY_SETS or place.value in kinds.PLACES_FIRST
        if shown:
            return place
    return term.meaning("group", "subject", "cast", "set", "style")


def with_and_after(terms: list[Term]) -> list[bool]:
    """Return for each term whether ``and`` or ``or`` comes after it in the same sentence."""
    found: list[bool] = []
    goes_on = False
    for term in reversed(terms):
        found.append(goes_on)
        goes_on = not term.breaks and (goes_on or term.meaning("and") is not None)
    return found[::-1]


def rest_of(term: Term) -> Meaning | None:
    """Return the first meaning that is no adjective, or the adjective."""
    plain = (one for one in term.meanings if one.kind not in {"tint", "size"})
    return next(plain, None) or term.meaning("tint")


@dataclass(slots=True, kw_only=True)
class Draft:
    """A cast member that is being read."""

    subject: Subject
    start: int
    end: int
    """Of the caller's words for it."""

    count: int
    is_plural: bool = False
    tint: str | None = None
    scale: float = 1.0
    action: Action | None = None
    facing: Facing = Facing.RIGHT
    plane: Plane | None = None
    x: float | None = None
    y: float | None = None
    on: int | None = None
    verb: tuple[int, int] | None = None
    """Where the verb for its action is in the prompt."""

    is_look_alike: bool = False
    """The picture is of another thing, which a viewer does not take for this one."""

    is_object: bool = False
    """It came after a preposition or a verb, so that a verb is rather about another one."""


@dataclass(slots=True)
class Phrase:
    """What stood before a noun that is still to come."""

    start: int | None = None
    count: int | None = None
    tint: str | None = None
    tint_span: tuple[int, int] = (0, 0)
    """Where the word for the tint is in the prompt."""

    other_tints: tuple[tuple[str, int, int], ...] = ()
    """Further colours, and where their words are: ``a red and blue kite``."""

    scale: float = 1.0
    action: Action | None = None
    has_determiner: bool = False
    is_definite: bool = False


@dataclass(slots=True, kw_only=True)
class Reading:
    """All that was found about the cast, and which words were used."""

    drafts: list[Draft] = field(default_factory=list[Draft])
    used: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    """Where the words are that the picture shows, beside those of the drafts."""

    not_shown: list[tuple[int, int, str]] = field(default_factory=list[tuple[int, int, str]])
    scenery: list[tuple[Term, Meaning]] = field(default_factory=list[tuple[Term, Meaning]])
    """Words for places, light, weather, framing and the like that nothing denies."""

    denied: list[Term] = field(default_factory=list[Term])
    pronoun: str = ""


def take_out(reading: Reading, index: int) -> None:
    """Take a member out of the cast; who was on it stands on the ground."""
    del reading.drafts[index]
    for draft in reading.drafts:
        if draft.on is not None and draft.on >= index:
            draft.on = None if draft.on == index else draft.on - 1


def index_of(drafts: list[Draft], one: Draft) -> int:
    """Return where a member is in the cast; two of a kind may be equal."""
    return next(index for index, draft in enumerate(drafts) if draft is one)
