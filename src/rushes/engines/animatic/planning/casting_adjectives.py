"""Read which noun an adjective describes: the next one, the last one or a place."""

from typing import Final

from rushes.engines.animatic.planning.casting_drafts import Phrase
from rushes.engines.animatic.planning.casting_postpositions import following_is_glued
from rushes.engines.animatic.planning.casting_subjects import SubjectReader
from rushes.engines.animatic.planning.lexicon import Meaning
from rushes.engines.animatic.planning.reading import Term
from rushes.engines.animatic.planning.word_senses import describes_noun

NOUN_FIRST: Final = frozenset({"es", "fr", "pt", "it"})
"""Languages whose adjectives of colour come after their noun."""

_MOST_ADJECTIVES: Final = 2


class AdjectiveReader(SubjectReader):
    """Hold what has been read so far, and tell adjectives from nouns."""

    def _is_adjective_here(self, index: int, term: Term, noun: Meaning | None) -> bool:
        """Return whether a word that may be a noun describes another one here."""
        if term.language in NOUN_FIRST and noun and term.meaning("subject"):
            return self._follows_noun(term)
        if term.language == "ko" and noun and not following_is_glued(self._terms, index):
            return False
        return describes_noun(self._terms, index) or bool(noun and self._describes_place(index))

    def _follows_noun(self, term: Term) -> bool:
        return self._described is not None and self._described[1] == self._glue_end(term)

    def _has_object(self, index: int, term: Term) -> bool:
        """Return whether a plural is rather an unknown verb: ``she pens a letter``."""
        following = self._terms[index + 1 : index + 2]
        return self._follows_noun(term) and any(
            one.is_glued and one.meaning("count", "the") is not None for one in following
        )

    def _describes_place(self, index: int) -> bool:
        following = self._terms[index + 1 : index + 2]
        return any(term.is_glued and term.meaning("set") is not None for term in following)

    def _describe_before(self, term: Term, meaning: Meaning) -> None:
        """Tint the noun before, as in ``caballo negro`` or ``a dress in red``."""
        if term.language not in NOUN_FIRST or self._described is None:
            return
        index, end = self._described
        draft = self._found.drafts[index]
        between = self._prompt[end : term.start].split()
        if end <= term.start and draft.tint is None and len(between) < _MOST_ADJECTIVES:
            draft.tint = meaning.value
            draft.end = term.end if draft.end == end else draft.end
            self._described = (index, term.end)
            self._found.used.append((term.start, term.end))
            self._phrase = Phrase()
