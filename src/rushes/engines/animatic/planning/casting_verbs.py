"""Read which words are verbs, whom they are about, and what is done to the next thing."""

from typing import Final

from rushes.core.shot_plan import Action
from rushes.engines.animatic.planning import kinds
from rushes.engines.animatic.planning.casting_adjectives import AdjectiveReader
from rushes.engines.animatic.planning.casting_drafts import ONE_ACTION
from rushes.engines.animatic.planning.casting_postpositions import AFTER_THE_NOUN
from rushes.engines.animatic.planning.inflection import is_participle
from rushes.engines.animatic.planning.lexicon import Meaning
from rushes.engines.animatic.planning.reading import Term

_GOES_WITH_ALL: Final = frozenset((Action.STAND, None))
"""What one can do beside another action: look, smile, hold."""


class VerbReader(AdjectiveReader):
    """Hold what has been read so far, and tell verbs from other words."""

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
        last = self._found.drafts[self._last]
        plural = last.is_plural or len(self._actors) > 1
        plural = plural or (term.language == "en" and self._prompt[: last.end].endswith("s"))
        return action.form in {"s", "past"} or (plural and action.form == "base")

    def _does_to(self, index: int, term: Term) -> Meaning | None:
        """Return what a person does to the next thing: she drops the ball."""
        verb = term.meaning("transitive")
        following = self._terms[index + 1 : index + 2]
        has_object = any(
            one.is_glued and one.meaning("the", "count", "subject") for one in following
        )
        if verb is None or not has_object or not self._is_verb_here(index, term, verb):
            return None
        who = self._actors or ([self._last] if self._last is not None else [])
        does = any(kinds.is_person(self._found.drafts[at].subject) for at in who)
        return verb._replace(kind="action") if does else None

    def _goes_with_next(self, index: int, meaning: Meaning) -> bool:
        """Return whether it is like ``running`` in ``a running man``."""
        if self._terms[index].language in AFTER_THE_NOUN:
            return self._verb_describes_next(index, self._terms[index], meaning)
        if meaning.form not in {"ing", "past", ""} or index + 1 >= len(self._terms):
            return False
        following = self._terms[index + 1]
        opens = self._phrase.has_determiner or self._last is None or self._relation is not None
        opens = opens or is_participle(self._terms[index].text, self._terms[index].language)
        return (
            opens
            and following.is_glued
            and not following.unknown_before
            and following.meaning("subject", "cast", "tint", "size") is not None
            and following.meaning("relation") is None
        )

    def _use_verb(self, term: Term, targets: list[int], actions: list[Meaning]) -> None:
        """Take a verb for shown, unless each of its subjects does another thing already."""
        busy = 0
        for target in targets:
            draft = self._found.drafts[target]
            suited = kinds.suited([Action(one.value) for one in actions], draft.subject)
            does_both = not {suited, draft.action}.isdisjoint(_GOES_WITH_ALL)
            busy += draft.verb is not None and suited is not draft.action and not does_both
        if busy == len(targets) and term.language == "en" and not self._of_scenery:
            self._found.not_shown.append((term.start, term.end, ONE_ACTION))
        else:
            self._found.used.append((term.start, term.end))

    def _movable(self, targets: list[int]) -> list[int]:
        """Return those of several that can move: ``a hut, a witch flies`` is about the witch."""
        drafts = self._found.drafts
        moving = [at for at in targets if kinds.moves_by_itself(drafts[at].subject)]
        return moving if len(targets) > 1 and moving else targets

    def _last_that_moves(self) -> list[int]:
        """Return whom a verb is about where it comes at the end of the sentence."""
        drafts = self._found.drafts
        able = [at for at, one in enumerate(drafts) if kinds.moves_by_itself(one.subject)]
        if self._apart is not None and self._last == self._apart in able:
            return [self._apart]
        return [at for at in self._actors if at in able] or able[-1:]

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
