"""Read where things are in Chinese, Japanese and Korean, which say it after the noun."""

import re
from typing import Final

from rushes.core.shot_plan import Action
from rushes.engines.animatic.cast.catalogue import Subject, subjects
from rushes.engines.animatic.planning import kinds, wearing
from rushes.engines.animatic.planning.casting_clothes import ClothesReader
from rushes.engines.animatic.planning.casting_drafts import OBJECT_FIRST, RIDES, Draft
from rushes.engines.animatic.planning.casting_relations import relate
from rushes.engines.animatic.planning.lexicon import Meaning
from rushes.engines.animatic.planning.reading import Term

AFTER_THE_NOUN: Final = frozenset({"zh", "zh-hant", "ja", "ko"})
"""Languages in which a word such as ``on`` comes after its noun."""

_ENDS_DENIAL: Final = frozenset({"in", "on", "under", "over", "beside", "behind", "before"})
_GLUE: Final = re.compile(r"[\s的の]?")
_OF_NEXT: Final = re.compile(r"[에]?[的の의]|にある|にいる|에 있는")
_ALSO_OF_NEXT: Final = frozenset({"的", "の", "의"})
_OBJECT_OF_CHINESE: Final = frozenset({"held", "worn", "with", "filled"})
_JAPANESE_ENDS: Final = re.compile(r"(?:て|で)?(?:いる|いた|る|た|だ|う)?")
_COUNTED_AFTER: Final = re.compile(r"[\s]?(?:が|を|は|も|の)?\s?")
_DENIED: Final = re.compile(r"\s?(?:の|が|は|も|を|이|가|은|는|도)?\s?")
_OBJECTS: Final = re.compile(r"を|을|를|と|に|와|과|에게|한테")
_ALWAYS_OBJECTS: Final = frozenset({"を", "을", "를"})
_AT_SEAT: Final = re.compile(r"で|に|から|에서|에 ")
_HELD_ALWAYS: Final = frozenset(
    {"walking-stick", "umbrella-open", "umbrella-closed", "paper-umbrella", "balloon"}
)
_NEAR: Final = 2
_SYLLABLES: Final = "가", "힣"
_FINALS: Final = 28
_ENDS_IN_N: Final = 4


class PostpositionReader(ClothesReader):
    """Hold relations whose subject is still to come, and counts that a clause parts from theirs."""

    _pending: tuple[str, int] | None = None
    """A relation, and which member its object is; its subject is the next noun."""

    _ahead: str | None = None
    """A relation of Chinese whose object and subject are both still to come."""

    _counted: int | None = None
    _earlier: list[int]
    """Who was spoken of before the last noun."""

    def _relates_by_place(self, relation: str, term: Term) -> bool:
        """Return whether a relation is read by where it stands, after its noun or before both."""
        if relation in _ENDS_DENIAL and self._found.denied:
            self._is_denied = False  # a house without windows in the forest: there is a forest
        if relation in {"held", "worn"}:
            self._keep_count()
        if term.language not in AFTER_THE_NOUN:
            return False
        if term.language in OBJECT_FIRST or relation not in {"held", "worn", "filled"}:
            self._relate_after(relation, term)
            return True
        return self._relate_before(relation)

    def _relate_after(self, relation: str, term: Term) -> None:
        """Relate the noun that a postposition follows to who was named before, or comes next."""
        at, drafts = self._last, self._found.drafts
        if relation in {"held", "worn"}:
            self._hold_ahead(relation, term)
            return
        if at is None or not _GLUE.fullmatch(self._prompt[drafts[at].end : term.start]):
            return
        sources = [one for one in self._earlier if one < at and drafts[one].on is None]
        moving = [one for one in sources if kinds.moves_by_itself(self._subject_of(one))]
        sources = moving or sources  # the squirrel is on the statue, and the temple is not
        if not sources or self._describes_next_noun(term):
            self._pending = (relation, at)
            drafts[at].is_object = True
            return
        for source in sources:
            self._put(relation, source, at)
        self._actors = sources

    def _hold_ahead(self, relation: str, term: Term) -> None:
        """Let what is named before ``held`` be held by who is named after it, if one is."""
        following = next((one for one in self._terms if one.start >= term.end), None)
        if relation != "held" or self._last is None or following is None:
            return
        gap = self._prompt[term.end : following.start]
        attributive = _ends_in_n(term.text) if term.language == "ko" else len(gap) <= _NEAR
        thing = self._found.drafts[self._last]
        if attributive and len(gap) <= _NEAR and kinds.is_held(thing.subject):
            self._pending = ("held", self._last)

    def _is_placed_at(self, term: Term) -> bool:
        """Return whether a postposition comes right after a noun: nobody wears such shoes."""
        following = (one for one in self._terms if one.start >= term.end)
        after = next(following, None)
        if after is None or term.language not in AFTER_THE_NOUN:
            return False
        gap = self._prompt[term.end : after.start]
        return after.meaning("relation") is not None and bool(_GLUE.fullmatch(gap))

    def _put(self, relation: str, source: int, at: int) -> None:
        drafts = self._found.drafts
        other = drafts[at]
        other.is_object = True
        words = self._prompt[other.start : other.end]
        relate(relation, drafts[source], other, source, at, words=words)

    def _describes_next_noun(self, term: Term) -> bool:
        return bool(_OF_NEXT.match(self._prompt, term.end)) or term.text[-1:] in _ALSO_OF_NEXT

    def _relate_before(self, relation: str) -> bool:
        """Return whether Chinese names what is held or worn before who holds or wears it."""
        if relation not in _OBJECT_OF_CHINESE or self._last is not None:
            return False
        self._ahead = relation
        self._keep_count()
        return True

    def _keep_count(self) -> None:
        """Keep a count for the noun at the end of a clause: ``three in hats' children``."""
        count = self._phrase.count
        self._counted = count if count is not None and count > 1 else self._counted

    def _take_counted(self, term: Term) -> None:
        """Give a count that was kept to the noun that no ``of`` follows."""
        if term.language not in {"zh", "zh-hant"} or self._is_part_of_clause(term):
            return
        if self._counted is not None and self._phrase.count is None:
            self._phrase.count = self._counted
        self._counted = None

    def _is_part_of_clause(self, term: Term) -> bool:
        return self._prompt[term.end : term.end + 1] == "的"

    def _settle(self, draft: Draft, index: int, term_end: int) -> None:
        """Let a noun be the subject of a relation that was read before it."""
        drafts = self._found.drafts
        if self._term_language in AFTER_THE_NOUN and kinds.is_alive(draft.subject):
            self._take_things_before(draft, index)
        if self._ahead is not None:
            if self._prompt[term_end : term_end + 1] == "的":
                self._pending, draft.is_object = (self._ahead, index), True
            self._ahead = None
            return
        if self._pending is None:
            return
        (relation, at), self._pending = self._pending, None
        if at >= len(drafts) or at == index or drafts[at].on is not None:
            return
        if relation == "rides":
            vehicle = not kinds.is_alive(drafts[at].subject)
            draft.on, draft.action = at, kinds.posture_on(drafts[at].subject)
            drafts[at].action = Action.DRIVE if vehicle else Action.WALK
        else:
            self._put(relation, index, at)

    def _take_things_before(self, draft: Draft, index: int) -> None:
        """Give a person the hat and the stick that are named before them, where nobody else is."""
        drafts = self._found.drafts
        if any(kinds.is_alive(one.subject) for one in drafts[:index]):
            return
        free_hand = kinds.is_person(draft.subject)
        for one in drafts[:index]:
            if one.on is not None or one.plane is not None or one.count > 1:
                continue
            if self._is_worn(one.subject) and wearing.can_put_on(draft.subject, one.subject):
                one.on = index
            elif one.subject.id in _HELD_ALWAYS and free_hand:
                one.on, free_hand = index, False

    def _acts_ahead(self, term: Term) -> None:
        """Take what is ridden, held or used for the thing of who comes after the verb."""
        if term.language not in AFTER_THE_NOUN:
            return
        self._keep_count()
        rides = term.text.startswith(RIDES)
        if term.language not in OBJECT_FIRST:
            self._ahead = "rides" if rides else self._ahead
        elif self._last is not None:
            thing = self._found.drafts[self._last]
            if rides and kinds.moves_by_itself(thing.subject):
                self._pending = ("rides", self._last)
            elif kinds.is_held(thing.subject) and thing.on is None:
                self._pending = ("held", self._last)

    def _verb_describes_next(self, index: int, term: Term, meaning: Meaning) -> bool:
        """Return whether a verb comes right before its noun, as in ``走る犬``."""
        following = self._terms[index + 1 : index + 2]
        if meaning.kind != "action" or not following or following[0].breaks or following[0].comma:
            return False
        if following[0].meaning("subject", "cast", "group", "people", "count", "tint") is None:
            return False
        gap = self._prompt[term.end : following[0].start]
        match term.language:
            case "zh" | "zh-hant":
                return gap in {"的", "着的"}
            case "ja":
                ends = f"{term.text}{gap}".endswith(("て", "で"))  # sits, and gives doves food
                return bool(_JAPANESE_ENDS.fullmatch(gap)) and not ends
            case "ko":
                return gap == " " and _ends_in_n(term.text)
            case _:
                return False

    def _deny_noun_before(self, term: Term) -> None:
        """Take back the noun that ``without`` comes after, as in ``車のない通り``."""
        last = None if self._last is None else self._found.drafts[self._last]
        near = last is not None and _DENIED.fullmatch(self._prompt[last.end : term.start])
        if near and self._last == len(self._found.drafts) - 1:
            self._take_back()

    def _is_marked_object(self, draft: Draft) -> bool:
        """Return whether a particle says that something is done to a noun."""
        marked = _OBJECTS.match(self._prompt, draft.end)
        if marked is None:
            return False
        return marked.group() in _ALWAYS_OBJECTS or bool(self._actors)

    def _sits_on(self, draft: Draft, index: int) -> None:
        """Put who was named before, or comes next, on the seat that a particle follows."""
        if _AT_SEAT.match(self._prompt, draft.end) and kinds.is_seat(draft.subject):
            draft.is_object = True
            sources = [one for one in self._actors if kinds.is_person(self._subject_of(one))]
            if not sources:
                self._pending = ("on", index)
            for source in sources:
                self._put("on", source, index)

        elif draft.subject.kind == "vehicle" and self._prompt.startswith("で", draft.end):
            draft.is_object, self._pending = True, ("rides", index)  # 自転車で走る少年

    def _subject_of(self, index: int) -> Subject:
        return self._found.drafts[index].subject

    def _counts_noun_before(self, term: Term) -> bool:
        """Return whether a count comes after its noun, as in ``고양이 세 마리``."""
        if term.language not in OBJECT_FIRST or self._last is None:
            return False
        last = self._found.drafts[self._last]
        gap = self._prompt[last.end : term.start]
        of_next = term.text.endswith(("の", "의"))
        return not of_next and last.count == 1 and bool(_COUNTED_AFTER.fullmatch(gap))


def _ends_in_n(word: str) -> bool:
    last = word[-1:]
    if not _SYLLABLES[0] <= last <= _SYLLABLES[1]:
        return False
    return (ord(last) - ord(_SYLLABLES[0])) % _FINALS == _ENDS_IN_N


def following_is_glued(terms: list[Term], index: int) -> bool:
    """Return whether nothing but a space is between a term and the next one."""
    return any(one.is_glued for one in terms[index + 1 : index + 2])


def are_food(draft: Draft, term: Term) -> bool:
    """Return whether a food is named after another one, which is its flavour."""
    named = term.meaning("subject")
    food = subjects().get(named.value) if named else None
    return food is not None and food.kind == draft.subject.kind == "food"
