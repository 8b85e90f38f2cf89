"""Read two nouns as one subject: a willow tree, an owl family, a bottle of wine."""

from typing import Final

from rushes.core.shot_plan import Action
from rushes.engines.animatic.cast.catalogue import Subject, subjects
from rushes.engines.animatic.cast.vessels import VESSELS
from rushes.engines.animatic.planning import carriers, kinds
from rushes.engines.animatic.planning import parts as parts_of
from rushes.engines.animatic.planning.animal_roles import is_young, plays_role
from rushes.engines.animatic.planning.casting_drafts import (
    COMPOUND_LANGUAGES,
    MOST_MEMBERS,
    Draft,
    Phrase,
    index_of,
)
from rushes.engines.animatic.planning.casting_postpositions import (
    AFTER_THE_NOUN,
    PostpositionReader,
    are_food,
)
from rushes.engines.animatic.planning.casting_relations import serve
from rushes.engines.animatic.planning.inflection import is_unchanging
from rushes.engines.animatic.planning.lexicon import Meaning
from rushes.engines.animatic.planning.reading import Term

_GENERAL_NAMES: Final = {
    **dict.fromkeys(("bird", "birds"), "bird"),
    **dict.fromkeys(("tree", "trees", "flower", "flowers"), "plant"),
    **dict.fromkeys(("fruit", "fruits"), "food"),
    **dict.fromkeys(("insect", "insects"), "insect"),
}
"""Names of many kinds, with the kind of subjects that a noun before them makes exact."""


_NOUN_FIRST: Final = frozenset({"es", "fr", "pt"})
"""Languages in which a noun that describes another one comes after it: ``un gato astronauta``."""

_BESIDE_NOUNS: Final = _NOUN_FIRST | {"zh", "ko"}
_CREATURES: Final = frozenset({"fantasy", "animal", "bird"})


def _is_creature_of_a_trade(before: Subject, term: Term) -> bool:
    """Return whether a robot or an animal and a person are one, as in ``robot jardinier``."""
    named = term.meaning("subject")
    subject = subjects().get(named.value) if named else None
    if subject is None or term.language not in _BESIDE_NOUNS:
        return False
    pair = (before.kind, subject.kind)
    return "person" in pair and bool(_CREATURES & set(pair))


class CompoundReader(PostpositionReader):
    """Hold what has been read so far, and join nouns that belong together."""

    def _contain(self, holder: Draft, content: Subject, term: Term, meaning: Meaning) -> None:
        """Take ``a bottle of wine`` for a bottle; of ``a painting of a cat`` the cat is missing."""
        if holder.subject.kind in {"food", "object", "furniture"} and content.kind == "food":
            holder.end = term.end
            serve(self._found.drafts, holder, content, term, meaning)
        elif carriers.opened(holder.subject, content).id in VESSELS and kinds.is_alive(content):
            self._fill(holder, content, term, meaning)
        elif holder.is_plural and parts_of.are_parts_of(holder.subject, content):
            holder.count = 3 if meaning.is_plural else 1
            holder.subject, holder.end, holder.is_plural = content, term.end, meaning.is_plural
        elif holder.subject.id == "statue" and kinds.is_alive(content):
            holder.subject, holder.end = content, term.end
            holder.tint, holder.action = holder.tint or parts_of.STONE, Action.STAND
        elif kinds.is_part(holder.subject) and not kinds.is_held(content):
            holder.count = 1 if kinds.is_body_part(holder.subject) else holder.count
            holder.subject, holder.end = content, term.end
            holder.is_look_alike = meaning.is_look_alike
        elif holder.count > 1 and kinds.is_alive(holder.subject) and kinds.is_alive(content):
            holder.subject, holder.end = content, term.end  # a choir of nuns is nuns
        else:
            start = self._start(term)
            words = holder.subject.id.replace("-", " ")
            self._found.not_shown.append((start, term.end, f"Only the {words} is drawn."))
        self._relation = None
        self._phrase = Phrase()

    def _fill(self, holder: Draft, content: Subject, term: Term, meaning: Meaning) -> None:
        """Put animals or people into their basket or boat: ``a box of kittens``."""
        drafts = self._found.drafts
        count = self._phrase.count or (3 if meaning.is_plural else 1)
        draft = Draft(
            subject=content, start=self._start(term), end=term.end, count=count,
            is_plural=count > 1, tint=self._phrase.tint, is_look_alike=meaning.is_look_alike,
        )  # fmt: skip
        if len(drafts) < MOST_MEMBERS:
            drafts.append(draft)
            words = self._prompt[holder.start : holder.end]
            carriers.fill(holder, draft, index_of(drafts, holder), words=words)

    def _is_compound(self, term: Term) -> bool:
        """Return whether the noun before only describes this one, as in ``robot dog``."""
        drafts = self._found.drafts
        return (
            bool(drafts)
            and term.is_glued
            and not term.unknown_before
            and (
                term.language in COMPOUND_LANGUAGES
                or (term.language in AFTER_THE_NOUN and are_food(drafts[-1], term))
                or _is_creature_of_a_trade(drafts[-1].subject, term)
            )
            and drafts[-1].end == self._glue_end(term)
            and not (drafts[-1].is_plural and self._last_word(drafts[-1]).endswith("s"))
        )

    def _absorb(self, modifier: Draft, head: Draft) -> None:
        head.tint = head.tint or modifier.tint
        head.count = modifier.count if modifier.count > 1 else head.count
        head.scale = head.scale if head.scale != 1.0 else modifier.scale
        head.action = head.action or modifier.action
        general = _GENERAL_NAMES.get(self._last_word(head), "")
        if modifier.subject.kind == general and modifier.subject.id not in parts_of.PLANT_PARTS:
            head.subject, head.start = modifier.subject, modifier.start  # a willow tree
            return
        describes = modifier.subject.kind == "person" and not kinds.is_alive(head.subject)
        describes |= parts_of.only_describes(modifier.subject, head.subject)
        if describes or modifier.subject.kind == head.subject.kind:
            head.start = modifier.start  # a viking longship, a tiger cub
            return
        if is_young(modifier.subject, head.subject):
            head.start, head.scale = modifier.start, 0.5  # a baby panda in Korean
            return
        if is_young(head.subject, modifier.subject):
            head.subject, head.start, head.scale = modifier.subject, modifier.start, 0.5
            return
        of_trade = self._term_language in _NOUN_FIRST and head.subject.kind == "person"
        of_trade |= modifier.subject.kind == "fantasy" and head.subject.kind == "person"
        if of_trade or plays_role(modifier.subject, head.subject):
            head.count = modifier.count if is_unchanging(self._last_word(head)) else head.count
            modifier.subject, head.subject = head.subject, modifier.subject
            modifier.start, head.start = head.start, modifier.start
            modifier.end, head.end = head.end, modifier.end
        head.start = min(head.start, modifier.start)
        words = f"the {head.subject.id.replace('-', ' ')}"
        self._found.not_shown.append(
            (modifier.start, modifier.end, f"Only {words} of these words is drawn.")
        )

    def _are_animals(self, term: Term) -> bool:
        """Take ``an owl family`` for owls, and return whether it is one."""
        animal = self._found.drafts[-1]
        if not kinds.is_alive(animal.subject) or kinds.is_person(animal.subject):
            return False
        animal.count, animal.is_plural, animal.end = max(animal.count, 4), True, term.end
        self._phrase = Phrase()
        return True

    def _last_word(self, draft: Draft) -> str:
        return self._prompt[draft.start : draft.end].lower().rpartition(" ")[2]

    def _glue_end(self, term: Term) -> int:
        before = self._prompt[: term.start].rstrip(" -\u2010\u2011")
        return len(before)
