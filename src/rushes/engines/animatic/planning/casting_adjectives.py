"""Read which noun an adjective describes: the next one, the last one or a place."""

import re
from typing import Final

from rushes.engines.animatic.cast.catalogue import subjects
from rushes.engines.animatic.planning import kinds
from rushes.engines.animatic.planning.casting_colours import ONE_COLOUR
from rushes.engines.animatic.planning.casting_drafts import OTHER_MATERIAL, Phrase
from rushes.engines.animatic.planning.casting_postpositions import following_is_glued
from rushes.engines.animatic.planning.casting_subjects import SubjectReader
from rushes.engines.animatic.planning.lexicon import Meaning
from rushes.engines.animatic.planning.reading import Term
from rushes.engines.animatic.planning.wearing import BLACK, WHITE
from rushes.engines.animatic.planning.word_senses import NOUNS, describes_noun, is_material

NOUN_FIRST: Final = frozenset({"es", "fr", "pt", "it"})
"""Languages whose adjectives of colour come after their noun."""

_CAMERAS: Final = frozenset({"camera", "cameras"})
_MOST_ADJECTIVES: Final = 2
_IS: Final = re.compile(
    r" (?:(?:that|which|who) )?(?:is|are|was|were) (?:all |very |bright |completely )*",
    re.IGNORECASE,
)
"""What stands between a noun and its colour: ``the door is red``."""


class AdjectiveReader(SubjectReader):
    """Hold what has been read so far, and tell adjectives from nouns."""

    def _is_adjective_here(self, index: int, term: Term, noun: Meaning | None) -> bool:
        """Return whether a word that may be a noun describes another one here."""
        if term.language in NOUN_FIRST and noun and term.meaning("subject"):
            return self._follows_noun(term)
        if term.language == "ko" and noun and not following_is_glued(self._terms, index):
            return False
        return describes_noun(self._terms, index) or bool(noun and self._describes_place(index))

    def _is_material_of(self, term: Term, meaning: Meaning) -> bool:
        """Return whether a member is made of it, after giving the member its colour."""
        if self._made is None or term.comma or term.breaks:
            return False
        draft = self._found.drafts[self._made]
        if meaning.kind == "tint":
            draft.tint = draft.tint or meaning.value
            self._found.used.append((term.start, term.end))
        elif meaning.kind in {"subject", "cast", "group"}:
            self._found.not_shown.append((term.start, term.end, OTHER_MATERIAL))
            self._phrase = Phrase()
        else:
            return False
        return True

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

    def _colour(self, term: Term, meaning: Meaning) -> None:
        """Keep a colour for the noun that comes, or give it to the noun before."""
        phrase, span = self._phrase, (term.start, term.end)
        if phrase.tint is not None and is_material(term.text):
            return  # a blue leather sofa is blue
        if phrase.tint is not None and self._joins:
            phrase.other_tints += ((meaning.value, *span),)
            return
        phrase.tint, phrase.tint_span = meaning.value, span
        self._describe_before(term, meaning)

    def _phrase_after_and(self, index: int) -> Phrase:
        """
        Return what is known of the next noun after ``and``.

        That is all from before where two colours are joined: ``a red and blue kite``. In
        ``a red and a blue kite`` the first kite's noun is left out.
        """
        phrase, following = self._phrase, self._terms[index + 1 : index + 2]
        between = self._prompt[phrase.tint_span[1] : self._terms[index].start]
        is_colour_before = phrase.tint is not None and not between.strip()
        if is_colour_before and any(one.is_glued for one in following):
            if following[0].meaning("tint") and describes_noun(self._terms, index + 1):
                return phrase
            if phrase.has_determiner and following[0].meaning("count", "the"):
                self._left_out = phrase
        return Phrase(action=phrase.action)

    def _is_about_the_shot(self, index: int, term: Term) -> bool:
        """Return whether a noun is not seen: ``the camera follows``, not ``a pink camera``."""
        phrase, following = self._phrase, self._terms[index + 1 : index + 2]
        lies = any(one.is_glued and one.text.lower() == "on" for one in following)
        is_seen = phrase.has_determiner and not phrase.is_definite and (phrase.tint or lies)
        is_seen = is_seen or self._relation in {"held", "with"}
        if term.text.lower() in _CAMERAS and phrase.count is not None:
            opening = self._prompt[self._start(term) : term.start].lower().split()[:1]
            is_seen = is_seen or opening not in (["a"], ["an"])
        return term.meaning("style") is not None and not is_seen

    def _takes_black_and_white(self, term: Term) -> bool:
        """Take ``black and white`` for the colours of the thing or animal that comes next."""
        index = self._terms.index(term)
        if term.text.lower() != "black and white" or not describes_noun(self._terms, index):
            return False
        noun = next(one for one in self._terms[index + 1 :] if one.meaning(*NOUNS))
        meaning = noun.meaning("subject")
        subject = subjects().get(meaning.value) if meaning else None
        if subject is None or kinds.is_person(subject) or subject.id == "framed-picture":
            return False
        self._phrase.tint, self._phrase.tint_span = BLACK, (term.start, term.end)
        self._phrase.other_tints = ((WHITE, term.end - len("white"), term.end),)
        return True

    def _describe_before(self, term: Term, meaning: Meaning) -> None:
        """Tint the noun before, as in ``caballo negro`` or ``the door is red``."""
        if self._described is None:
            return
        index, end = self._described
        draft = self._found.drafts[index]
        between = self._prompt[end : term.start]
        if term.language in NOUN_FIRST:
            belongs = len(between.split()) < _MOST_ADJECTIVES
        else:
            belongs = term.language == "en" and bool(_IS.fullmatch(between))
            belongs = belongs and not is_material(term.text)
        if end <= term.start and belongs and draft.tint is not None and self._joins:
            self._found.not_shown.append((term.start, term.end, ONE_COLOUR))
            self._phrase = Phrase()
        elif end <= term.start and draft.tint is None and belongs:
            draft.tint = meaning.value
            draft.end = term.end if draft.end == end else draft.end
            self._described = (index, term.end)
            self._found.used.append((term.start, term.end))
            self._phrase = Phrase()
