"""Read who and what is in the shot: subjects, how many, what they do and where they are."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from rushes.core.shot_plan import Action, CastMember, Facing, NotShown, Plane
from rushes.engines.animatic.cast.catalogue import Subject, subjects
from rushes.engines.animatic.planning import kinds
from rushes.engines.animatic.planning.inflection import is_unchanging
from rushes.engines.animatic.planning.lexicon import Meaning
from rushes.engines.animatic.planning.reading import Term
from rushes.engines.animatic.planning.text import UNSPACED

MOST_MEMBERS: Final = 16
MOST_COPIES: Final = 80
_NEAR: Final = 3
_COMPOUND_LANGUAGES: Final = frozenset({"en"})
_RIDING: Final = "rid driv pull reit cabalg mont chevauch cavalg row 骑 騎 乗 타 верхом"
_RIDES: Final = tuple(_RIDING.split())
"""How words begin that say that one rides, drives or is pulled by what comes next."""

_BESIDE_ITS_OBJECT: Final = ("writ", "draw", "look", "star", "gaz", "scribbl", "point")
"""How verbs begin after which ``on`` does not put one thing on top of another."""

_CHASES: Final = ("chas", "hunt", "follow", "race", "pursu", "herd")
_OF_CLOTH: Final = frozenset({"flutter", "fall", "spin", "drift", "float", "dance", "fly", "rise"})
"""What hair, cloth, leaves and flags do by themselves."""

_NO_PICTURE: Final = "The engine has no picture of it."


def _noun(term: Term) -> Meaning | None:
    """Return its meaning as a noun; what has no picture may still be a place."""
    subject = term.meaning("subject")
    if subject and not subject.value:
        return term.meaning("cast", "set", "group", "effect", "light") or subject
    place = term.meaning("set")
    if subject and place and subject.value in kinds.SHOWN_BY_SETS:
        return place
    return term.meaning("group", "subject", "cast", "set", "style")


def _with_and_after(terms: list[Term]) -> list[bool]:
    """Return for each term whether ``and`` or ``or`` comes after it in the same sentence."""
    found: list[bool] = []
    goes_on = False
    for term in reversed(terms):
        found.append(goes_on)
        goes_on = not term.breaks and (goes_on or term.meaning("and") is not None)
    return found[::-1]


def _rest(term: Term) -> Meaning | None:
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
    is_object: bool = False
    """It came after a preposition or a verb, so that a verb is rather about another one."""


@dataclass(slots=True)
class Phrase:
    """What stood before a noun that is still to come."""

    start: int | None = None
    count: int | None = None
    tint: str | None = None
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


class CastReader:
    """Go through the terms of a prompt once, from left to right."""

    def __init__(self, prompt: str, terms: list[Term]) -> None:
        self._prompt = prompt
        self._terms = terms
        self._list_goes_on = _with_and_after(terms)
        self._found = Reading()
        self._phrase = Phrase()
        self._relation: str | None = None
        self._source: int | None = None
        self._actors: list[int] = []
        self._last: int | None = None
        self._part_of: int | None = None
        self._awaits: Action | None = None
        self._is_denied = False
        self._joins = False
        self._of_scenery = False
        self._verb = ""
        self._verb_span: tuple[int, int] | None = None
        self._main: list[int] = []
        self._follows_comma = False
        self._term_start = 0

    def read(self) -> Reading:
        """Return what the terms say of the cast."""
        for index, term in enumerate(self._terms):
            self._mind_breaks(index, term)
            meaning = self._chosen(index, term)
            if meaning is None:
                continue
            self._take(index, term, meaning)
            if meaning.kind not in {"tint", "size", "modifier", "count", "the"}:
                self._follows_comma = False
            self._of_scenery = meaning.kind in {"effect", "set", "time", "light", "weather"}
        return self._found

    # Which of its meanings a word has here.

    def _chosen(self, index: int, term: Term) -> Meaning | None:
        noun = _noun(term)
        if self._relation == "in" and noun and (place := term.meaning("set")):
            return place
        verb = term.meaning("action")
        if verb and not term.meaning("relation"):
            return self._verb_or_not(index, term, verb, noun)
        if term.meaning("style") and noun and self._relation not in {"held", "with"}:
            return term.meaning("style")  # ``the camera follows``: no camera is seen
        adjective = term.meaning("tint", "size")
        if adjective and (self._describes_next(index) or (noun and self._describes_place(index))):
            return adjective
        little = term.meaning("no", "clause", "relation", "count", "the")
        if noun and noun.is_plural and self._has_object(index, term):
            return little
        return little or noun or _rest(term)

    def _verb_or_not(
        self, index: int, term: Term, verb: Meaning, noun: Meaning | None
    ) -> Meaning | None:
        if self._is_verb_here(index, term, verb):
            return verb
        if noun:
            return noun
        if self._phrase.has_determiner and term.is_glued and verb.form in {"base", "s"}:
            return term.meaning("style", "modifier", "effect")  # a walk, the dance: no verb
        return _rest(term)

    def _describes_next(self, index: int) -> bool:
        """Return whether the next words are the noun that an adjective belongs to."""
        for term in self._terms[index + 1 : index + 4]:
            if term.unknown_before > 1 or term.breaks or term.comma:
                return False
            if term.meaning("subject", "cast", "group", "hair", "veil"):
                return True
            if not term.meaning("tint", "size", "modifier", "action", "style", "and"):
                return False
        return False

    def _has_object(self, index: int, term: Term) -> bool:
        """Return whether a plural is rather an unknown verb: ``she pens a letter``."""
        following = self._terms[index + 1 : index + 2]
        after_noun = self._last is not None and self._found.drafts[
            self._last
        ].end == self._glue_end(term)
        return after_noun and any(
            one.is_glued and one.meaning("count", "the") is not None for one in following
        )

    def _describes_place(self, index: int) -> bool:
        following = self._terms[index + 1 : index + 2]
        return any(term.is_glued and term.meaning("set") is not None for term in following)

    def _is_verb_here(self, index: int, term: Term, action: Meaning) -> bool:
        if action.form == "":
            return not self._phrase.has_determiner
        if action.form == "ing":
            return self._last is not None or self._goes_with_next(index, action)
        before_noun = self._phrase.has_determiner or self._phrase.tint or self._phrase.scale != 1.0
        if before_noun or self._relation:
            return False
        if self._last is None or (self._follows_comma and action.form == "s"):
            return False
        plural = self._found.drafts[self._last].is_plural or len(self._actors) > 1
        return action.form in {"s", "past"} or (plural and action.form == "base")

    # What each kind of word does.

    def _take(self, index: int, term: Term, meaning: Meaning) -> None:
        match meaning.kind:
            case "no":
                self._is_denied = True
                self._found.denied = []
                self._phrase = Phrase()
            case "clause":
                self._end_clause()
            case "and":
                self._joins = True
                self._phrase = Phrase(action=self._phrase.action)
            case "the":
                self._phrase = Phrase(
                    action=self._phrase.action,
                    has_determiner=True,
                    is_definite=term.text.lower() == "the",
                )
            case "relation":
                self._relate(meaning.value, term)
            case "count" | "tint" | "size" | "modifier":
                self._describe(term, meaning)
            case "action":
                self._act(index, term, meaning)
            case "subject" | "cast" | "group" | "hair" | "veil" | "people" | "couple":
                self._name(index, term, meaning)
            case _:
                self._mention(term, meaning)

    def _mention(self, term: Term, meaning: Meaning) -> None:
        match meaning.kind:
            case "pronoun":
                self._found.pronoun = self._found.pronoun or meaning.value
                self._refer(meaning.value)
            case "facing":
                self._face(term, meaning)
            case "to":
                pass
            case _:
                self._scenery(term)

    def _mind_breaks(self, index: int, term: Term) -> None:
        if term.breaks:
            self._end_clause()
            self._last = None
        elif term.comma:
            self._relation = self._awaits = None
            self._joins = self._follows_comma = True
            self._phrase = Phrase()
            listed = term.meaning("subject", "cast", "group") and not term.meaning("count", "the")
            if not (listed and self._list_goes_on[index]):
                self._is_denied = False
        elif term.unknown_before > 2:
            self._phrase = Phrase()

    def _refer(self, pronoun: str) -> None:
        """Take a pronoun for whoever the sentence before was about."""
        if pronoun in {"he", "she", "they", "it"} and self._main:
            self._actors, self._last = list(self._main), self._main[-1]

    def _end_clause(self) -> None:
        self._phrase = Phrase()
        self._relation = None
        self._is_denied = False
        self._joins = False
        self._awaits = None
        self._part_of = None
        self._main = self._actors or self._main
        self._actors = []

    def _describe(self, term: Term, meaning: Meaning) -> None:
        phrase = self._phrase
        if phrase.start is None:
            phrase.start = term.start
        match meaning.kind:
            case "count":
                if phrase.count is None or meaning.value != "1":
                    phrase.count = int(meaning.value)
                phrase.has_determiner = True
            case "tint":
                phrase.tint = meaning.value
                self._describe_before(term, meaning)
            case "size":
                phrase.scale = float(meaning.value)
            case _ if "year" in term.text:
                phrase.count = None  # the number is an age
            case _:
                pass

    def _describe_before(self, term: Term, meaning: Meaning) -> None:
        """Tint the noun before, as in ``caballo negro`` or ``a dress in red``."""
        if term.language in {"es", "fr", "pt", "it"} and term.is_glued and self._last is not None:
            last = self._found.drafts[self._last]
            if last.end <= term.start and last.tint is None:
                last.tint = meaning.value
                last.end = term.end
                self._phrase = Phrase()

    def _relate(self, relation: str, term: Term) -> None:
        self._phrase = Phrase(action=self._phrase.action)
        self._part_of = None
        if term.language in UNSPACED or self._last is None:
            return
        if self._of_scenery and term.is_glued:
            self._relation = None
            return
        if relation == "of" and term.start - self._found.drafts[self._last].end > 1:
            return
        self._relation, self._source = relation, self._last
        if term.text.lower().startswith(_RIDES):
            self._verb = term.text.lower()
        if relation in {"on", "over", "under", "through", "behind", "before"} and self._actors:
            self._source = self._actors[0]
        if relation == "on" and self._verb.startswith(_BESIDE_ITS_OBJECT):
            self._relation = "beside"

    def _act(self, index: int, term: Term, meaning: Meaning) -> None:
        actions = [one for one in term.meanings if one.kind == "action"]
        if self._is_denied and not self._found.denied:
            self._found.denied.append(term)
            return
        self._is_denied = False  # it ends with what it denies: a man without a hat walks
        if self._of_scenery and term.is_glued and (not self._actors or meaning.form == "ing"):
            self._found.used.append((term.start, term.end))
            return
        if self._goes_with_next(index, meaning):
            self._found.used.append((term.start, term.end))
            self._phrase.action = Action(meaning.value)
            self._phrase.start = self._start(term)
            return
        targets = self._targets(term, meaning)
        if targets:
            self._found.used.append((term.start, term.end))
        else:
            self._awaits, self._verb_span = Action(meaning.value), (term.start, term.end)
        for target in targets:
            draft = self._found.drafts[target]
            draft.action = draft.action or kinds.suited(
                [Action(one.value) for one in actions], draft.subject
            )
        self._verb = term.text.lower()
        self._relation = self._relation_of_verb(targets)
        self._joins = False
        self._phrase = Phrase()

    def _relation_of_verb(self, targets: list[int]) -> str | None:
        """Return how the object of the verb is to its subject: worn, held or neither."""
        for begins, relation in (
            ("wear", "worn"),
            ("carr", "held"),
            ("hold", "held"),
            ("held", "held"),
        ):
            if self._verb.startswith(begins) and targets:
                self._source = targets[0]
                return relation
        return None

    def _goes_with_next(self, index: int, meaning: Meaning) -> bool:
        """Return whether it is like ``running`` in ``a running man``."""
        if meaning.form not in {"ing", "past", ""} or index + 1 >= len(self._terms):
            return False
        following = self._terms[index + 1]
        opens = self._phrase.has_determiner or self._last is None or self._relation is not None
        return (
            opens
            and following.is_glued
            and not following.unknown_before
            and following.meaning("subject", "cast", "tint", "size") is not None
        )

    def _targets(self, term: Term, meaning: Meaning) -> list[int]:
        if self._part_of is not None and meaning.value in _OF_CLOTH:
            return [self._part_of]
        if self._last is not None and meaning.form == "ing" and term.is_glued:
            last = self._found.drafts[self._last]
            if last.is_object and kinds.moves_by_itself(last.subject):
                return [self._last]
        if term.language in UNSPACED:
            return self._last_that_moves()
        return self._actors or ([self._last] if self._last is not None else [])

    def _last_that_moves(self) -> list[int]:
        """Return whom a verb is about where it comes at the end of the sentence."""
        drafts = self._found.drafts
        moving = [at for at in self._actors if kinds.moves_by_itself(drafts[at].subject)]
        moving = moving or [
            at for at, draft in enumerate(drafts) if kinds.moves_by_itself(draft.subject)
        ]
        return moving[-1:]

    def _face(self, term: Term, meaning: Meaning) -> None:
        self._found.used.append((term.start, term.end))
        for index in self._actors or ([self._last] if self._last is not None else []):
            self._found.drafts[index].facing = Facing(meaning.value)

    def _scenery(self, term: Term) -> None:
        place = term.meaning("set")
        if self._relation == "before" and place and place.value in kinds.OUTSIDES:
            self._add_outside(term, place.value)
            return
        self._relation = None
        if self._is_denied:
            self._found.denied.append(term)
        else:
            for meaning in term.meanings:
                self._found.scenery.append((term, meaning))
        if term.meaning("style") is None or term.meaning("set"):
            self._phrase = Phrase()

    def _add_outside(self, term: Term, room: str) -> None:
        """Show the building, not its inside, of what somebody is in front of."""
        building = subjects()[kinds.OUTSIDES[room]]
        self._found.scenery.append((term, Meaning("set", "street")))
        self._add(term, Meaning("subject", building.id), building, None, is_first=True)

    def _start(self, term: Term) -> int:
        """Return where the words for a noun begin, its adjectives with it."""
        return term.start if self._phrase.start is None else self._phrase.start

    # Nouns.

    def _name(self, index: int, term: Term, meaning: Meaning) -> None:
        if term.is_possessive and self._owns_place(index):
            self._found.used.append((term.start, term.end))
            return
        for other in term.meanings:
            if other.kind in {"effect", "light", "time", "weather", "mood"}:
                self._found.scenery.append((term, other))
        if self._is_denied:
            self._found.denied.append(term)
            self._phrase = Phrase()
            return
        if meaning.kind in {"hair", "veil"}:
            self._wear(term, meaning)
            return
        parts = list(self._subjects(meaning))
        if parts and kinds.is_body_part(parts[0][0]) and self._someone():
            self._found.used.append((self._start(term), term.end))
            self._relation = None
            self._phrase = Phrase()
            return
        if not parts:
            self._miss(term)
            return
        phrase = self._phrase
        for order, (subject, count) in enumerate(parts):
            self._phrase = replace(phrase)
            self._add(term, meaning, subject, count, is_first=order == 0)

    def _someone(self) -> bool:
        """Return whether somebody has been named of whom a hand or foot may be."""
        return any(kinds.is_alive(draft.subject) for draft in self._found.drafts)

    def _owns_place(self, index: int) -> bool:
        """Return whether it is like ``child's`` in ``a child's bedroom``."""
        following = self._terms[index + 1 : index + 2]
        return any(term.meaning("set") and not term.comma for term in following)

    def _subjects(self, meaning: Meaning) -> Iterator[tuple[Subject, int | None]]:
        known = subjects()
        match meaning.kind:
            case "cast":
                for part in meaning.value.split(" + "):
                    if part in known:
                        yield known[part], 1
            case "couple":
                yield known["woman"], 1
                yield known["man"], 1
            case "group" | "people":
                subject, count = meaning.value.split()
                yield known[subject], int(count)
            case _:
                subject = kinds.stand_in(meaning.value)
                if subject in known:
                    yield known[subject], None

    def _miss(self, term: Term) -> None:
        start = term.start
        if self._is_compound(term) and self._only_describes(self._found.drafts[-1].subject):
            start = self._found.drafts.pop().start  # a robot vacuum cleaner is no robot
            last = len(self._found.drafts)
            self._actors = [one for one in self._actors if one < last]
            self._last = last - 1 if last else None
            for draft in self._found.drafts:
                draft.on = None if draft.on == last else draft.on
        self._found.not_shown.append((start, term.end, _NO_PICTURE))
        self._relation = None
        self._phrase = Phrase()

    @staticmethod
    def _only_describes(subject: Subject) -> bool:
        return subject.id == "robot" or not kinds.is_alive(subject)

    def _wear(self, term: Term, meaning: Meaning) -> None:
        """Give hair or a veil to whoever was named last."""
        owner = self._last
        if owner is None:
            self._add(term, Meaning("subject", "woman"), subjects()["woman"], 1, is_first=True)
            owner = self._last
        if owner is not None:
            draft = self._found.drafts[owner]
            is_veil = meaning.kind == "veil"
            draft.subject = (
                kinds.with_veil(draft.subject)
                if is_veil
                else kinds.with_hair(draft.subject, meaning.value)
            )
            if is_veil and term.start - draft.end <= _NEAR:
                draft.end = term.end
            self._found.used.append((self._start(term), term.end))
            self._part_of = owner
        self._relation = None
        self._phrase = Phrase()

    def _add(
        self, term: Term, meaning: Meaning, subject: Subject, count: int | None, *, is_first: bool
    ) -> None:
        phrase, drafts = self._phrase, self._found.drafts
        self._term_start = term.start
        if self._relation == "of" and self._source is not None and drafts:
            self._contain(drafts[self._source], subject, term)
            return
        if self._is_worn(subject) and (owner := self._owner()) is not None:
            self._dress(owner, subject, term)
            return
        clothes = self._worn_before(term, subject)
        if is_first and clothes is None and (same := self._same(subject, meaning)) is not None:
            self._mention_again(same, term)
            return
        number = _number(term, meaning, phrase, count)
        draft = Draft(
            subject=subject,
            start=self._start(term),
            end=term.end,
            count=min(number, MOST_COPIES),
            is_plural=meaning.is_plural or number > 1,
            tint=phrase.tint,
            scale=phrase.scale,
            action=phrase.action,
        )
        if is_first and self._is_compound(term):
            self._absorb(drafts.pop(), draft)
        if len(drafts) >= MOST_MEMBERS:
            self._found.not_shown.append(
                (draft.start, draft.end, f"At most {MOST_MEMBERS} kinds of subjects fit in a shot.")
            )
            return
        drafts.append(draft)
        if clothes is not None:
            self._put_on(draft, clothes)
        self._place(len(drafts) - 1, is_first=is_first)

    def _same(self, subject: Subject, meaning: Meaning) -> int | None:
        """Return which member ``the cup`` is, where a cup has been named before."""
        if not self._phrase.is_definite or meaning.is_plural or self._phrase.tint:
            return None
        same = (at for at, one in enumerate(self._found.drafts) if one.subject == subject)
        return next(same, None)

    def _mention_again(self, same: int, term: Term) -> None:
        self._found.used.append((term.start, term.end))
        self._last, self._relation, self._phrase = same, None, Phrase()

    def _contain(self, holder: Draft, content: Subject, term: Term) -> None:
        """Take ``a bottle of wine`` for a bottle; of ``a painting of a cat`` the cat is missing."""
        if holder.subject.kind in {"food", "object", "furniture"} and content.kind == "food":
            holder.end = term.end
        elif kinds.is_part(holder.subject) and not kinds.is_held(content):
            holder.subject, holder.end = content, term.end
        else:
            start = self._start(term)
            words = holder.subject.id.replace("-", " ")
            self._found.not_shown.append((start, term.end, f"Only the {words} is drawn."))
        self._relation = None
        self._phrase = Phrase()

    def _is_compound(self, term: Term) -> bool:
        """Return whether the noun before only describes this one, as in ``robot dog``."""
        drafts = self._found.drafts
        return (
            bool(drafts)
            and term.is_glued
            and not term.unknown_before
            and term.language in _COMPOUND_LANGUAGES
            and drafts[-1].end == self._glue_end(term)
            and not drafts[-1].is_plural
        )

    def _glue_end(self, term: Term) -> int:
        before = self._prompt[: term.start].rstrip(" -\u2010\u2011")
        return len(before)

    def _absorb(self, modifier: Draft, head: Draft) -> None:
        self._actors = [one for one in self._actors if one < len(self._found.drafts)]
        self._last = self._actors[-1] if self._actors else None
        head.tint = head.tint or modifier.tint
        head.count = max(head.count, modifier.count)
        head.scale = head.scale if head.scale != 1.0 else modifier.scale
        head.action = head.action or modifier.action
        describes = modifier.subject.kind == "person" and not kinds.is_alive(head.subject)
        if describes or modifier.subject.kind == head.subject.kind:
            head.start = modifier.start  # a viking longship, a tiger cub
            return
        if modifier.subject.kind == "fantasy" and head.subject.kind == "person":
            modifier.subject, head.subject = head.subject, modifier.subject
            modifier.start, head.start = head.start, modifier.start
            modifier.end, head.end = head.end, modifier.end
        words = f"the {head.subject.id.replace('-', ' ')}"
        self._found.not_shown.append(
            (modifier.start, modifier.end, f"Only {words} of these words is drawn.")
        )

    def _place(self, index: int, *, is_first: bool) -> None:
        drafts = self._found.drafts
        draft = drafts[index]
        source, relation = self._source, self._relation
        if relation and source is not None and source < index and is_first:
            draft.is_object = True
            noun = self._prompt[self._term_start : draft.end]
            _relate(relation, drafts[source], draft, source, index, words=noun)
            self._suffer(drafts[source], draft, index)
            if drafts[source].on == index and source in self._actors:
                for actor in self._actors:
                    drafts[actor].on = index
        elif self._awaits is None and self._does_something(is_first=is_first):
            draft.is_object = True
            self._suffer(drafts[self._actors[0]], draft, index)
        if not draft.is_object:
            self._actors = [*self._actors, index] if self._joins or not is_first else [index]
            if self._awaits is not None and draft.action is None:
                draft.action, self._awaits = kinds.suited([self._awaits], draft.subject), None
                if self._verb_span:
                    self._found.used.append(self._verb_span)
        self._last, self._part_of = index, None
        if kinds.flutters(draft.subject) or draft.subject.kind == "clothing":
            self._part_of = index
        if is_first:
            self._relation, self._joins = None, False
            self._phrase = Phrase()

    def _does_something(self, *, is_first: bool) -> bool:
        """Return whether a verb has been, so that a noun is what it is done to."""
        return is_first and bool(self._actors) and not self._joins and self._acted()

    def _suffer(self, actor: Draft, draft: Draft, index: int) -> None:
        """Let what a verb is done to move as the verb says: one rides a horse that walks."""
        flown = self._verb.startswith("fl") and draft.subject.id in {"kite", "balloon", "flag"}
        if flown and kinds.is_person(actor.subject):
            actor.action = Action.WORK
        elif self._verb.startswith(_RIDES) and kinds.moves_by_itself(draft.subject):
            actor.on, actor.action = index, Action.SIT
            vehicle = not kinds.is_alive(draft.subject)
            draft.action = draft.action or kinds.suited(
                [Action.DRIVE if vehicle else Action.WALK], draft.subject
            )
        elif kinds.is_bridge(draft.subject):
            actor.on = index
        elif actor.action is Action.WORK and kinds.is_person(actor.subject):
            at = self._found.drafts.index(actor)
            if kinds.is_held(draft.subject) and draft.count == 1 and draft.on is None:
                draft.on = at  # who plays a guitar or reads a book has it in their hands
        elif self._verb.startswith(_CHASES) and kinds.moves_by_itself(draft.subject):
            draft.action = draft.action or kinds.suited([Action.RUN], draft.subject)

    def _acted(self) -> bool:
        return any(self._found.drafts[index].action is not None for index in self._actors)

    def _is_worn(self, subject: Subject) -> bool:
        return subject.kind == "clothing"

    def _owner(self) -> int | None:
        """Return who wears what is named now."""
        if self._last is None:
            return None
        return self._last if kinds.is_person(self._found.drafts[self._last].subject) else None

    def _worn_before(self, term: Term, subject: Subject) -> Draft | None:
        """Take back the clothes that Chinese, Japanese and Korean name before who wears them."""
        drafts = self._found.drafts
        fits = term.language in UNSPACED and drafts and kinds.is_person(subject)
        if not fits or not self._is_worn(drafts[-1].subject) or term.comma:
            return None
        clothes = drafts.pop()
        self._actors = [one for one in self._actors if one < len(drafts)]
        self._last = self._actors[-1] if self._actors else None
        return clothes

    def _put_on(self, draft: Draft, clothes: Draft) -> None:
        dressed = kinds.dressed(draft.subject, clothes.subject, clothes.tint)
        draft.subject = dressed or draft.subject
        if kinds.covers(clothes.subject):
            draft.tint = draft.tint or clothes.tint
        if dressed or kinds.covers(clothes.subject):
            self._found.used.append((clothes.start, clothes.end))
        else:
            words = draft.subject.id.replace("-", " ")
            reason = f"The {words} is drawn in other clothes."
            self._found.not_shown.append((clothes.start, clothes.end, reason))

    def _dress(self, owner: int, clothes: Subject, term: Term) -> None:
        draft = self._found.drafts[owner]
        dressed = kinds.dressed(draft.subject, clothes, self._phrase.tint)
        start = self._start(term)
        if dressed is None and self._phrase.tint and not draft.tint and kinds.covers(clothes):
            draft.tint = self._phrase.tint
            self._found.used.append((start, term.end))
        elif dressed is None:
            words = draft.subject.id.replace("-", " ")
            self._found.not_shown.append(
                (start, term.end, f"The {words} is drawn in other clothes.")
            )
        else:
            draft.subject, draft.tint = dressed, draft.tint or self._phrase.tint
            self._found.used.append((start, term.end))
        self._part_of = owner
        self._relation = None
        self._phrase = Phrase()


def _number(term: Term, meaning: Meaning, phrase: Phrase, count: int | None) -> int:
    """Return how many there are, where the word itself may mean several."""
    number = count or phrase.count or (3 if meaning.is_plural else 1)
    if count and phrase.count and phrase.count > 1:
        number = count * phrase.count if count < 3 else max(count, phrase.count)
        if meaning.kind == "people" or term.text.lower().endswith(("people", "s")):
            number = phrase.count  # two people, three tourists; but two crowds are many
    if meaning.is_plural and phrase.count == 1:
        number = 3
    if is_unchanging(term.text) and phrase.count is None and not phrase.has_determiner:
        number = 3
    return number


def _relate(relation: str, source: Draft, other: Draft, at: int, index: int, *, words: str) -> None:
    """Put one member where a preposition says, relative to the other."""
    is_thing = kinds.is_held(other.subject) and kinds.is_person(source.subject)
    if relation == "held" and (
        kinds.is_person(other.subject) or not kinds.is_carried(other.subject)
    ):
        source.x, other.x = 0.45, 0.55  # nobody holds a child as one holds an umbrella
        return
    if relation in {"held", "worn"} or (relation == "with" and is_thing):
        other.on = at
    elif relation == "on" and source.action is Action.FLY:
        source.plane = Plane.SKY
    elif relation == "on" or (relation == "in" and kinds.holds_people(other.subject)):
        source.on = index
        if kinds.is_person(source.subject):
            other.subject = kinds.rowed(other.subject, words)
        other.scale *= kinds.scale_under(other.subject, source.subject)
        source.scale *= kinds.scale_on(source.subject, other.subject)
    else:
        _arrange(relation, source, other)


_STAYS_LOW: Final = frozenset({Action.JUMP, Action.WALK, Action.RUN, Action.DRIVE, Action.SAIL})


def _arrange(relation: str, source: Draft, other: Draft) -> None:
    match relation:
        case "under":
            source.x = other.x = 0.5
            other.plane = Plane.BACKGROUND
        case "over":
            if source.action not in _STAYS_LOW:
                source.plane = Plane.SKY
        case "beside" | "with":
            source.x, other.x = 0.4, 0.6
        case "behind":
            source.plane = Plane.BACKGROUND
        case "before":
            other.plane = Plane.BACKGROUND
        case _:
            pass


def cast_of(prompt: str, drafts: list[Draft], *, set_name: str) -> tuple[CastMember, ...]:
    """Return the members as the plan has them: with planes and actions that suit the set."""
    return tuple(
        CastMember(
            subject=draft.subject.id,
            words=prompt[draft.start : draft.end],
            count=draft.count,
            height_m=None if draft.scale == 1.0 else round(draft.subject.height_m * draft.scale, 3),
            plane=draft.plane or kinds.plane_in(draft.subject, set_name, draft.action),
            x=draft.x,
            y=draft.y,
            facing=draft.facing,
            action=_action_of(draft, drafts, set_name),
            colour=draft.tint,
            on=draft.on,
        )
        for draft in drafts
    )


def _action_of(draft: Draft, drafts: list[Draft], set_name: str) -> Action:
    """Return what it does; who is on a bicycle sits where no verb says otherwise."""
    carrier = None if draft.on is None else drafts[draft.on].subject
    if carrier and kinds.is_person(draft.subject):
        if kinds.is_ridden(carrier) and draft.action is None:
            return Action.SIT
        if kinds.is_seat(carrier) and draft.action in {Action.WORK, Action.TALK}:
            return Action.SIT
    return draft.action or kinds.usual_action(draft.subject, set_name)


def not_shown_of(prompt: str, reading: Reading) -> Iterator[tuple[int, NotShown]]:
    """Yield what cannot be shown, with where it is in the prompt."""
    for start, end, reason in reading.not_shown:
        yield start, NotShown(words=prompt[start:end], reason=reason)
