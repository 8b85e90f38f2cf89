"""Place one subject by its relation to another, and count subjects."""

from typing import Final

from rushes.core.shot_plan import Action, Plane
from rushes.engines.animatic.cast.catalogue import Subject
from rushes.engines.animatic.cast.vessels import VESSELS
from rushes.engines.animatic.planning import carriers, kinds
from rushes.engines.animatic.planning.casting_drafts import MOST_MEMBERS, Draft, Phrase, index_of
from rushes.engines.animatic.planning.inflection import is_unchanging
from rushes.engines.animatic.planning.lexicon import Meaning
from rushes.engines.animatic.planning.reading import Term
from rushes.engines.animatic.planning.text import UNSPACED

_TALL_PERSON: Final = 1.12
_SMALL_PERSON: Final = 0.85
_LEAST_SMALL: Final = 0.5
_MOST_TALL: Final = 2.0


def sized(subject: Subject, scale: float) -> float:
    """Return how much larger than usual it is drawn: persons are tall by a head, giants more."""
    if not kinds.is_person(subject):
        return scale
    if _LEAST_SMALL < scale < 1.0:
        return max(scale, _SMALL_PERSON)
    return min(scale, _TALL_PERSON) if scale < _MOST_TALL else scale


def number_of(term: Term, meaning: Meaning, phrase: Phrase, count: int | None) -> int:
    """Return how many there are, where the word itself may mean several."""
    number = count or phrase.count or (3 if meaning.is_plural else 1)
    if meaning.kind == "couple" and phrase.count == 2 and term.language in UNSPACED:
        number = 1  # a pair of lovers is one couple
    elif meaning.kind == "cast" and count and count > 1 and phrase.count:
        number = phrase.count  # six brothers, although the word means two of them
    elif count and phrase.count and phrase.count > 1:
        number = count * phrase.count if count < 3 else max(count, phrase.count)
        if meaning.kind == "people" or term.text.lower().endswith(("people", "s")):
            number = phrase.count  # two people, three tourists; but two crowds are many
    if meaning.is_plural and phrase.count == 1:
        number = 3
    if is_unchanging(term.text) and phrase.count is None and not phrase.has_determiner:
        number = 3
    return number


def relate(relation: str, source: Draft, other: Draft, at: int, index: int, *, words: str) -> None:
    """
    Put one member where a preposition says, relative to the other.

    Args:
        words: For what is sat on, held or filled.
    """
    if relation == "under" and other.subject.id.startswith("umbrella-open"):
        other.on = at
        return
    if relation == "filled" or (relation in {"held", "with"} and carriers.is_filled(source, other)):
        carriers.fill(source, other, at, words=words)
        return
    is_thing = kinds.is_person(source.subject) and kinds.is_in_hand(other.subject)
    if relation == "held" and (
        kinds.is_person(other.subject) or not kinds.is_carried(other.subject)
    ):
        source.x, other.x = 0.45, 0.55  # nobody holds a child as one holds an umbrella
        return
    if relation == "in":
        other.subject = carriers.opened(other.subject, source.subject)
    relation = _meant(relation, source, other)
    if relation in {"held", "worn"} or (relation == "with" and is_thing):
        other.on = at
    elif relation in {"in", "on"} and carriers.contains(other.subject):
        source.on = index
        source.scale *= carriers.scale_inside(source.subject, other.subject)
    elif relation == "on" and source.action is Action.FLY and not _on_a_flower(source, other):
        source.plane = Plane.SKY
    elif relation == "on" or (relation == "in" and _takes_in(other, source)):
        _mount(relation, source, other, index, words=words)
    else:
        arrange(relation, source, other)


def _mount(relation: str, source: Draft, other: Draft, index: int, *, words: str) -> None:
    """Put one member on or into another, which may change for it."""
    source.on = index
    if other.subject.kind == "plant" and other.subject.plane is Plane.SKY:
        other.action = other.action or Action.STAND  # a leaf that carries a frog does not fall
    if kinds.is_person(source.subject):
        other.subject = kinds.rowed(other.subject, words)
    carriers.carry(other, source, relation)
    source.scale *= carriers.scale_on(source.subject, other.subject)


def _meant(relation: str, source: Draft, other: Draft) -> str:
    """Return the relation that a picture can show: who jumps over a fence is on it."""
    if relation in {"on", "in"} and _cannot_carry(other, source):
        return "beside"
    if (
        relation == "on"
        and kinds.is_person(source.subject)
        and carriers.is_transport(other.subject)
    ):
        return "in"
    low = not kinds.is_alive(other.subject) and other.subject.height_m <= _LEAPT_M
    return "on" if relation == "over" and source.action is Action.JUMP and low else relation


_LEAPT_M: Final = 1.6


def _on_a_flower(source: Draft, other: Draft) -> bool:
    """Judge whether it is an insect that lands on a flower or sits on a leaf."""
    return source.subject.kind == "insect" and other.subject.kind == "plant"


def _takes_in(container: Draft, content: Draft) -> bool:
    """Judge whether one sees something that is in another, as a cat in a box."""
    return kinds.holds_people(container.subject) or carriers.holds_things(
        content.subject, container.subject
    )


def _cannot_carry(mount: Draft, rider: Draft) -> bool:
    """Judge whether one cannot sit on another, as a magician on a dove or an elephant on a man."""
    if kinds.is_person(mount.subject) and kinds.is_heavy(rider.subject):
        return True
    if mount.subject.id in VESSELS:
        return False
    if mount.subject.kind == "food" and kinds.is_alive(rider.subject):
        return rider.subject.height_m > 2 * mount.subject.height_m  # penguins on ice
    return (
        kinds.is_person(rider.subject)
        and mount.subject.kind in {"animal", "bird", "fish", "insect"}
        and mount.subject.height_m < _LEAST_MOUNT * rider.subject.height_m
    )


_LEAST_MOUNT: Final = 0.3
_CROWD: Final = 12
_MANY: Final = 5
"""So many stand all across the frame, and have no place of their own."""


def arrange(relation: str, source: Draft, other: Draft) -> None:
    match relation:
        case "under" if other.subject.kind == "furniture" and _is_lower(source, other):
            source.x = other.x = 0.5
        case "under":
            source.x = other.x = 0.5
            other.plane = Plane.BACKGROUND
        case "over":
            if kinds.may_fly(source.subject, source.action):
                source.plane = Plane.SKY
        case "beside" | "with" if max(source.count, other.count) < _MANY:
            source.x, other.x = 0.4, 0.6
        case "behind":
            _go_behind(source, other)
        case "before" if _is_seen_beside(other) and max(source.count, other.count) < _MANY:
            source.x, other.x = 0.37, 0.63
        case "before":
            # A crowd is all around who is before it; as a background it would be too small.
            other.plane = None if other.count >= _CROWD else Plane.BACKGROUND
        case _:
            pass


def _go_behind(source: Draft, other: Draft) -> None:
    """Let one follow somebody, peek out behind a tree or a fence, or be in the distance."""
    if kinds.is_alive(source.subject) and kinds.moves_by_itself(other.subject):
        source.x, other.x = 0.3, 0.66  # who follows somebody is not lost in the distance
    elif _can_hide(source, other):
        sees_over = other.subject.id in _WITH_GAPS
        source.x, other.x = (0.5, 0.5) if sees_over else (0.66, 0.46)
        other.y, other.plane = _IN_FRONT_ROW, Plane.GROUND
    else:
        source.plane = Plane.BACKGROUND


_WITH_GAPS: Final = frozenset({"fence", "garden-gate", "crib", "goal-net"})


def _can_hide(source: Draft, other: Draft) -> bool:
    """Judge whether one peeks out behind another, such as a child behind a tree."""
    few = max(source.count, other.count) == 1 and kinds.is_alive(source.subject)
    hides = other.subject.kind in {"plant", "furniture", "object"}
    return few and (hides or other.subject.id in _WITH_GAPS)


_IN_FRONT_ROW: Final = 0.95


def _is_lower(source: Draft, other: Draft) -> bool:
    return source.subject.height_m * source.scale < other.subject.height_m * other.scale


def _is_seen_beside(other: Draft) -> bool:
    """Judge whether it would be too small behind another: a mirror, a laptop, a car."""
    kinds_of = {"furniture", "object", "food", "instrument", "vehicle"}
    return other.subject.kind in kinds_of and other.subject.height_m * other.scale < _SMALL_M


_SMALL_M: Final = 3.0

_DISHES: Final = frozenset(
    {"plate", "bowl", "basket", "bucket", "crate", "cart", "package", "open-box", "wheelbarrow"}
    | {"picnic-basket", "laundry-basket", "bowl-with-spoon"}
)
_SERVED_FOODS: Final = """
    spaghetti steaming-bowl cooked-rice curry-rice green-salad bowl-with-spoon shallow-pan-of-food
    custard fork-and-knife-with-plate bento-box pot-of-food
"""
_SERVED: Final = frozenset(_SERVED_FOODS.split())
"""Foods whose pictures show the dish below them."""

_ON_A_DISH, _IN_A_BASKET = 3, 5
"""Copies of what an English plural names: a plate of cookies, a basket of apples."""


def serve(drafts: list[Draft], dish: Draft, content: Subject, term: Term, meaning: Meaning) -> None:
    """Put food on the empty plate or into the bowl that holds it, as in ``a plate of cookies``."""
    if dish.subject.id not in _DISHES:
        return
    if content.id in _SERVED:
        dish.subject, dish.is_look_alike = content, meaning.is_look_alike
    elif len(drafts) < MOST_MEMBERS:
        many = _ON_A_DISH if dish.subject.id == "plate" else _IN_A_BASKET
        count = many if meaning.is_plural else 1
        dish.subject = carriers.opened(dish.subject, content)
        food = Draft(subject=content, start=term.start, end=term.end, count=count, is_object=True)
        food.on, food.is_look_alike = index_of(drafts, dish), meaning.is_look_alike
        drafts.append(food)


_IN_THE_AIR: Final = frozenset({Action.RISE, Action.FLY, Action.FLOAT, Action.FALL, Action.DRIFT})


def lay_things(drafts: list[Draft], *, is_water: bool) -> None:
    """
    Put small things that nobody holds on what can carry them, for example skewers on a stall.

    On water that is a boat; torches beside a ship would float.
    """
    carries = carriers.carries_on_water if is_water else carriers.carries_things
    carrier = next((at for at, one in enumerate(drafts) if carries(one.subject)), None)
    if carrier is None or drafts[carrier].on is not None:
        return
    for at, draft in enumerate(drafts):
        loose = draft.on is None and draft.plane is None and draft.x is None
        loose = loose and draft.action not in _IN_THE_AIR
        if at != carrier and loose and carriers.is_laid(draft.subject):
            draft.on = carrier
