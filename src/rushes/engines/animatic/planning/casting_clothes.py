"""Dress the subjects of a prompt in the clothes that it names."""

import re
from typing import Final

from rushes.core.shot_plan import Action
from rushes.engines.animatic.cast.catalogue import Subject
from rushes.engines.animatic.cast.clothes import WORN
from rushes.engines.animatic.planning import kinds, wearing
from rushes.engines.animatic.planning.casting_drafts import (
    MOST_MEMBERS,
    Draft,
    Phrase,
    Reading,
    with_and_after,
)
from rushes.engines.animatic.planning.look_alikes import look_alike_reason
from rushes.engines.animatic.planning.reading import Term
from rushes.engines.animatic.planning.text import UNSPACED

_OF_NEXT: Final = re.compile(
    r"的(?=\w)|の(?=\w)|を(?:着た|着ている|かぶった|被った|履いた)|姿の"
    r"|[을를] (?:입은|쓴|신은|멘|두른)"
)
"""What follows clothes in Chinese, Japanese and Korean whose wearer is still to be named."""


_BARE_CLOTHES: Final = frozenset({"es", "pt", "fr", "de", "ru"})
"""Languages in which one is in clothes, or of clothes, without an article: ``de mochila``."""


class ClothesReader:
    """Hold what has been read so far, and dress who is in it."""

    def __init__(self, prompt: str, terms: list[Term]) -> None:
        self._prompt = prompt
        self._terms = terms
        self._list_goes_on = with_and_after(terms)
        self._found = Reading()
        self._phrase = Phrase()
        self._relation: str | None = None
        self._source: int | None = None
        self._actors: list[int] = []
        self._last: int | None = None
        self._part_of: int | None = None
        self._made: int | None = None
        """Which member is made of what is still to come."""

        self._awaits: Action | None = None
        self._is_denied = False
        self._joins = False
        self._left_out: Phrase | None = None
        """Colour and count of a noun that only the next one names."""

        self._of_scenery = False
        self._verb = ""
        self._verb_span: tuple[int, int] | None = None
        self._main: list[int] = []
        self._follows_comma = False
        self._term_start = 0
        self._term_language = ""
        self._described = None
        self._earlier: list[int] = []

    _apart: int | None = None
    """The last member, if a comma parts it from those before."""

    _of_effect = False
    """The last word names something in the air, such as sparks, that no preposition relates."""

    _fronts: str | None = None
    """The preposition at the start of a clause whose noun is still to come."""

    _fronted: tuple[str, int | None] | None = None
    """That preposition, and which member its noun is, where it is one."""

    _described: tuple[int, int] | None
    """Which member an adjective after the last noun describes, and where that noun ends."""

    def _set_front(self, index: int | None = None) -> None:
        """Take a noun for that of the preposition at the start of its clause."""
        if self._fronts is not None:
            self._fronted, self._fronts = (self._fronts, index), None

    def _start(self, term: Term) -> int:
        """Return where the words for a noun begin, its adjectives with it."""
        return term.start if self._phrase.start is None else self._phrase.start

    def _take_back(self) -> Draft:
        """Return the last draft, which is no member, and forget all that points to it."""
        drafts = self._found.drafts
        taken, last = drafts.pop(), len(drafts)
        self._actors = [one for one in self._actors if one < last]
        self._main = [one for one in self._main if one < last]
        self._last = self._actors[-1] if self._actors else None
        self._source = None if self._source == last else self._source
        self._part_of = None if self._part_of == last else self._part_of
        if self._fronted is not None and self._fronted[1] == last:
            self._fronted = (self._fronted[0], None)
        for draft in drafts:
            draft.on = None if draft.on == last else draft.on
        return taken

    def _is_worn(self, subject: Subject) -> bool:
        return subject.kind == "clothing" or subject.id in WORN

    def _owner(self, language: str, *, comma: bool) -> int | None:
        """Return who wears what is named now."""
        if self._last is None:
            return None
        wearer = self._found.drafts[self._last].subject
        named = self._relation in {"worn", "with"} or (language in UNSPACED and not comma)
        bare = self._relation in {"in", "through"} and not self._phrase.has_determiner
        named = named or (language in _BARE_CLOTHES and bare)
        wears = any(
            one.on == self._last and self._is_worn(one.subject) for one in self._found.drafts
        )
        is_animal = wearer.kind in {"animal", "bird"} and (named or wears)
        return self._last if kinds.is_person(wearer) or is_animal else None

    def _is_of_next(self, term: Term) -> bool:
        """Return whether what comes after says that the next one wears it, as ``穿红裙的公主``."""
        return term.language in UNSPACED and bool(_OF_NEXT.match(self._prompt, term.end))

    def _worn_before(self, term: Term, subject: Subject) -> list[Draft]:
        """Take back the clothes that Chinese, Japanese and Korean name before who wears them."""
        taken: list[Draft] = []
        if term.language not in UNSPACED or not kinds.is_person(subject) or term.comma:
            return taken
        drafts = self._found.drafts
        while drafts and self._is_worn(drafts[-1].subject) and drafts[-1].on is None:
            taken.append(self._take_back())
        return taken[::-1]

    def _put_on(self, wearer: int, clothes: Draft) -> None:
        draft = self._found.drafts[wearer]
        dressed = wearing.dressed(draft.subject, clothes.subject, clothes.tint)
        if wearing.has_on(draft.subject, clothes.subject, clothes.tint):
            dressed = draft.subject
        if dressed is None and wearing.can_put_on(draft.subject, clothes.subject):
            clothes.on = wearer
            self._found.drafts.append(clothes)
            return
        draft.subject = dressed or draft.subject
        if wearing.covers(clothes.subject):
            draft.tint = draft.tint or clothes.tint
        if dressed or wearing.covers(clothes.subject):
            self._tell_or_use(
                clothes.subject, clothes.start, clothes.end, is_look_alike=clothes.is_look_alike
            )
        else:
            words = draft.subject.id.replace("-", " ")
            reason = f"The {words} is drawn in other clothes."
            self._found.not_shown.append((clothes.start, clothes.end, reason))

    def _dress(self, owner: int, clothes: Subject, term: Term, *, is_look_alike: bool) -> None:
        draft = self._found.drafts[owner]
        dressed = wearing.dressed(draft.subject, clothes, self._phrase.tint)
        if wearing.has_on(draft.subject, clothes, self._phrase.tint):
            dressed = draft.subject
        start = self._start(term)
        fits = wearing.can_put_on(draft.subject, clothes)
        fits = fits and (draft.count == 1 or wearing.is_on_each(draft.subject, clothes))
        if dressed is None and fits and len(self._found.drafts) < MOST_MEMBERS:
            worn = Draft(subject=clothes, start=start, end=term.end, count=1, on=owner)
            worn.tint, worn.is_look_alike = self._phrase.tint, is_look_alike
            self._found.drafts.append(worn)
        elif dressed is None and self._phrase.tint and not draft.tint and wearing.covers(clothes):
            draft.tint = self._phrase.tint
            self._tell_or_use(clothes, start, term.end, is_look_alike=is_look_alike)
        elif dressed is None:
            words = draft.subject.id.replace("-", " ")
            self._found.not_shown.append(
                (start, term.end, f"The {words} is drawn in other clothes.")
            )
        else:
            draft.subject = dressed
            if wearing.covers(clothes):
                draft.tint = draft.tint or self._phrase.tint
            elif self._phrase.tint:
                name = clothes.id.replace("-", " ")
                start = self._miss_colour(f"The {name} is drawn in its usual colour.", term)
            self._tell_or_use(clothes, start, term.end, is_look_alike=is_look_alike)
        last = self._found.drafts[-1]
        is_member = last.on == owner and last.end == term.end
        described = len(self._found.drafts) - 1 if is_member else owner
        self._described = (described, term.end)
        self._part_of = owner
        self._relation = None
        self._phrase = Phrase()

    def _tell_or_use(self, clothes: Subject, start: int, end: int, *, is_look_alike: bool) -> None:
        """Take the words for shown, unless the picture has only clothes that look like them."""
        if is_look_alike:
            self._found.not_shown.append((start, end, look_alike_reason(clothes)))
        else:
            self._found.used.append((start, end))

    def _veil(self, draft: Draft, term: Term) -> int:
        """
        Give a veil to a person, in the colour that the prompt names; return where its words begin.

        A member has one colour: of the dress and the veil, or of the dress under a white veil.
        """
        tint, dress = self._phrase.tint, draft.tint
        draft.subject = wearing.with_veil(draft.subject, is_white=dress is not None)
        if dress is None:
            draft.tint = tint
        elif tint not in {None, wearing.WHITE}:
            return self._miss_colour("The veil is drawn white.", term)
        return self._start(term)

    def _miss_colour(self, reason: str, term: Term) -> int:
        """Tell of a colour that is not drawn, and return where the words without it begin."""
        self._found.not_shown.append((*self._phrase.tint_span, reason))
        return term.start
