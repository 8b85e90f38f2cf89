"""Turn the nouns of a prompt into subjects: names, clothes, compounds and what holds what."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from rushes.engines.animatic.cast.catalogue import Subject, subjects
from rushes.engines.animatic.planning import carriers, kinds, wearing
from rushes.engines.animatic.planning import parts as parts_of
from rushes.engines.animatic.planning.casting_colours import settle_colours
from rushes.engines.animatic.planning.casting_compounds import CompoundReader
from rushes.engines.animatic.planning.casting_drafts import (
    MOST_COPIES,
    MOST_MEMBERS,
    NEAR,
    NO_PICTURE,
    OBJECT_FIRST,
    PLAYS,
    UNKNOWN_WORD,
    Draft,
    Phrase,
)
from rushes.engines.animatic.planning.casting_objects import (
    doer,
    is_on_itself,
    play,
    suffer,
    who_lies,
)
from rushes.engines.animatic.planning.casting_postpositions import AFTER_THE_NOUN
from rushes.engines.animatic.planning.casting_relations import number_of, relate, sized
from rushes.engines.animatic.planning.lexicon import Meaning
from rushes.engines.animatic.planning.pulling import is_pulled, pull
from rushes.engines.animatic.planning.reading import Term

_MATERIALS: Final = frozenset({"wood", "rock", "brick", "crystal", "yarn", "hay-bale"})
_ALSO_ADJECTIVES: Final[Mapping[str, frozenset[str]]] = {
    "es": frozenset({"old-man", "old-woman", "cowboy", "cowgirl", "ice-cream"}),
    "pt": frozenset({"old-man", "old-woman"}),
}
"""Nouns that are adjectives after another noun, as in ``botas viejas``, by language."""

WITHOUT_ARTICLES: Final = frozenset({"zh", "zh-hant", "ja", "ko", "ru"})

_WITH_FLAVOURS: Final = frozenset({"es", "fr", "pt", "it"})
_LONGEST_OF: Final = 7
"""Letters of ``de`` or ``en`` with its spaces."""


class SubjectReader(CompoundReader):
    """Go through the terms of a prompt once, from left to right."""

    def _name(self, index: int, term: Term, meaning: Meaning) -> None:
        self._described = None
        if term.is_possessive and self._owns_place(index):
            self._found.used.append((term.start, term.end))
            return
        for other in term.meanings:
            brings = other.kind == "set" and meaning.value in kinds.IN_THEIR_PLACE
            if brings or other.kind in {"effect", "light", "time", "weather", "mood"}:
                self._found.scenery.append((term, other))
        if self._is_denied:
            self._found.denied.append(term)
            self._phrase = Phrase()
            self._is_denied = not self._is_part_of_clause(term)
            return
        if meaning.kind in {"hair", "veil"}:
            self._wear(term, meaning)
            return
        parts = list(self._subjects(meaning))
        if parts and self._is_drawn_with_others(parts[0][0], term, meaning):
            self._use(term)
            return
        if meaning.kind == "cast" and self._is_compound(term) and self._are_animals(term):
            return
        if not parts:
            self._miss(term)
            return
        phrase = self._phrase
        for order, (subject, count) in enumerate(parts):
            self._phrase = replace(phrase)
            self._add(term, meaning, subject, count, is_first=order == 0)
        self._phrase = Phrase()  # a couple dances: its article is no determiner of the verb

    def _is_drawn_with_others(self, subject: Subject, term: Term, meaning: Meaning) -> bool:
        """Return whether it is a hand of somebody, or the wheels of a vehicle, named before."""
        is_hand = kinds.is_body_part(subject) and self._someone()
        drawn = parts_of.is_part_of(term.text, (draft.subject for draft in self._found.drafts))
        drawn = drawn and (meaning.is_plural or subject.id == "bow-and-arrow")
        return is_hand or drawn or (meaning.is_plural and self._are_parts(subject))

    def _use(self, term: Term) -> None:
        """Take words for shown that need no member of their own."""
        self._found.used.append((self._start(term), term.end))
        self._relation, self._phrase = None, Phrase()

    def _is_music(self, term: Term, meaning: Meaning) -> bool:
        """Return whether one hears it and sees none, as in ``gentle piano music``."""
        known = subjects().get(meaning.value)
        is_instrument = known is not None and known.kind == "instrument"
        return is_instrument and parts_of.MUSIC.match(self._prompt, term.end) is not None

    def _someone(self) -> bool:
        """Return whether a subject has been named that can have a hand or a foot."""
        return any(kinds.is_alive(draft.subject) for draft in self._found.drafts)

    def _are_parts(self, subject: Subject) -> bool:
        """Return whether they are the wheels of a vehicle that was named before."""
        vehicles = any(draft.subject.kind == "vehicle" for draft in self._found.drafts)
        return subject.id == "wheel" and vehicles

    def _owns_place(self, index: int) -> bool:
        """Return whether it is like ``child's`` in ``a child's bedroom``."""
        following = self._terms[index + 1 : index + 2]
        return any(term.meaning("set") and not term.comma for term in following)

    def _subjects(self, meaning: Meaning) -> Iterator[tuple[Subject, int | None]]:
        known = subjects()
        match meaning.kind:
            case "cast":
                listed = meaning.value.split(" + ")
                parts = (part for part in dict.fromkeys(listed) if part in known)
                yield from ((known[part], listed.count(part)) for part in parts)
            case "couple":
                yield known["woman"], 1
                yield known["man"], 1
            case "group" | "people":
                subject, count = meaning.value.split()
                yield known[subject], int(count)
            case _:
                subject = kinds.fallback_for(meaning.value)
                if subject in known:
                    yield known[subject], None

    def _miss(self, term: Term) -> None:
        if parts_of.is_part_of(term.text, (draft.subject for draft in self._found.drafts)):
            self._use(term)
            return
        start = term.start
        drafts = self._found.drafts
        robot = bool(drafts) and drafts[-1].subject.id == "robot"
        if self._is_compound(term) and (robot or not kinds.is_alive(drafts[-1].subject)):
            start = self._take_back().start  # a robot vacuum cleaner is no robot
        self._found.not_shown.append((start, term.end, NO_PICTURE))
        self._relation = None
        self._phrase = Phrase()

    def _miss_unknown(self, term: Term) -> None:
        """Tell of a noun that no table lists, unless the prompt denies it."""
        if self._is_denied:
            self._found.denied.append(term)
        else:
            reason = term.meanings[0].value or UNKNOWN_WORD
            self._found.not_shown.append((term.start, term.end, reason))
        self._set_front()
        self._relation = None
        self._phrase = Phrase()

    def _wear(self, term: Term, meaning: Meaning) -> None:
        """Give hair or a veil to the subject that was named last."""
        owner = self._last
        if owner is None and term.language in AFTER_THE_NOUN:
            self._found.used.append((self._start(term), term.end))
            self._phrase = Phrase()
            return
        if self._of_scenery and term.is_glued:
            self._use(term)  # smoke curls: no hair
            return
        if owner is None:
            described = self._phrase
            self._phrase = replace(described, tint=None)
            who = "man" if meaning.value == "beard" else "woman"
            self._add(term, Meaning("subject", who), subjects()[who], 1, is_first=True)
            self._phrase = described
            owner = self._last
        if owner is not None:
            draft = self._found.drafts[owner]
            is_veil = meaning.kind == "veil"
            start = self._veil(draft, term) if is_veil else self._start(term)
            if not is_veil:
                draft.subject = wearing.with_hair(draft.subject, meaning.value)
            if is_veil and term.start - draft.end <= NEAR:
                draft.end = term.end
            self._found.used.append((start, term.end))
            self._part_of = owner
        self._relation = None
        self._phrase = Phrase()

    def _add(
        self, term: Term, meaning: Meaning, subject: Subject, count: int | None, *, is_first: bool
    ) -> None:
        self._take_counted(term)
        settled = settle_colours(self._phrase, subject, meaning, count)
        self._phrase, self._left_out = settled.phrase, settled.left_out or self._left_out
        self._found.not_shown += settled.not_shown
        self._add_left_out(term, meaning, subject, is_first=is_first)
        phrase, drafts = self._phrase, self._found.drafts
        self._term_start, self._term_language = term.start, term.language
        if self._relation == "of" and self._source is not None and drafts:
            self._contain(drafts[self._source], subject, term, meaning)
            return
        if self._is_material(subject, term) or self._is_adjective(subject, term):
            self._found.used.append((term.start, term.end))
            self._relation, self._phrase = None, Phrase()
            return
        if (
            self._is_worn(subject)
            and not self._is_of_next(term)
            and not self._is_placed_at(term)
            and (owner := self._owner(term.language, comma=term.comma)) is not None
        ):
            self._dress(owner, subject, term, is_look_alike=meaning.is_look_alike)
            return
        clothes = self._worn_before(term, subject)
        if is_first and not clothes and (same := self._same(subject, meaning, term)) is not None:
            self._mention_again(same, term)
            return
        number = number_of(term, meaning, phrase, count)
        draft = Draft(
            subject=subject,
            start=self._start(term),
            end=term.end,
            count=min(number, MOST_COPIES),
            is_plural=meaning.is_plural or number > 1,
            tint=phrase.tint,
            scale=1.0 if meaning.kind in {"group", "people"} else sized(subject, phrase.scale),
            action=phrase.action and kinds.suited([phrase.action], subject),
            is_look_alike=meaning.is_look_alike,
        )
        if is_first and self._is_compound(term):
            self._absorb(self._take_back(), draft)
        if len(drafts) >= MOST_MEMBERS:
            self._found.not_shown.append(
                (draft.start, draft.end, f"At most {MOST_MEMBERS} kinds of subjects fit in a shot.")
            )
            return
        drafts.append(draft)
        self._place(len(drafts) - 1, is_first=is_first)
        wearer = len(drafts) - 1
        for one in clothes:
            self._put_on(wearer, one)

    def _add_left_out(
        self, term: Term, meaning: Meaning, subject: Subject, *, is_first: bool
    ) -> None:
        """Add the first kite of ``a red and a blue kite``."""
        left_out, phrase = self._left_out, self._phrase
        self._left_out = None
        if left_out is None or phrase.tint is None:
            return
        self._phrase, count = left_out, len(self._found.drafts)
        self._add(term, meaning._replace(is_plural=False), subject, None, is_first=is_first)
        if len(self._found.drafts) > count:
            self._found.drafts[-1].end = left_out.tint_span[1]
        self._phrase, self._joins = phrase, True

    def _is_material(self, subject: Subject, term: Term) -> bool:
        """Return whether it is what the last thing is made of, as in ``barca de madera``."""
        drafts = self._found.drafts
        flavour = bool(drafts) and drafts[-1].subject.kind == subject.kind == "food"
        flavour = flavour and term.language in _WITH_FLAVOURS
        made = self._relation in {"through", "in"} and (subject.id in _MATERIALS or flavour)
        return made and bool(drafts) and term.start - drafts[-1].end <= _LONGEST_OF

    def _is_adjective(self, subject: Subject, term: Term) -> bool:
        """Return whether it only describes the noun right before it."""
        drafts = self._found.drafts
        joined = (
            self._prompt[term.start - 1 : term.start] == "-" and term.language in _WITH_FLAVOURS
        )
        if joined and drafts and drafts[-1].end == term.start - 1:
            return True  # a word of two nouns is named after the first one
        if subject.id not in _ALSO_ADJECTIVES.get(term.language, ()):
            return False
        if self._of_scenery and not self._phrase.has_determiner:
            return term.is_glued
        return term.is_glued and bool(drafts) and drafts[-1].end == self._glue_end(term)

    def _same(self, subject: Subject, meaning: Meaning, term: Term) -> int | None:
        """Return which member ``the cup`` is, where a cup has been named before."""
        if self._phrase.tint or (meaning.is_plural and not self._is_bare(term)):
            return None
        if not (self._phrase.is_definite or self._is_bare(term)):
            return None
        same = (at for at, one in enumerate(self._found.drafts) if one.subject == subject)
        return next(same, None)

    def _is_bare(self, term: Term) -> bool:
        """Return whether a noun stands alone, which in some languages means ``the``, too."""
        phrase = self._phrase
        alone = not (phrase.has_determiner or phrase.count)
        alone = alone and (not self._joins or self._acted())
        return term.language in WITHOUT_ARTICLES and alone

    def _mention_again(self, same: int, term: Term) -> None:
        self._found.used.append((term.start, term.end))
        self._last, self._relation, self._phrase = same, None, Phrase()
        if self._joins or not self._actors:
            self._actors = [same]

    def _place(self, index: int, *, is_first: bool) -> None:
        draft = self._found.drafts[index]
        if is_first and self._fronts:
            self._set_front(index)
            draft.is_object = True
        elif is_first:
            self._attach(draft, index)
            self._settle(draft, index, draft.end)
        if not (self._joins or not is_first):
            self._earlier = self._actors
        if self._term_language in OBJECT_FIRST:
            self._sits_on(draft, index)
            draft.is_object = draft.is_object or self._is_marked_object(draft)
        if not draft.is_object:
            self._stand_at_fronted(draft, index)
            self._actors = [*self._actors, index] if self._joins or not is_first else [index]
            if self._awaits is not None and draft.action is None:
                draft.action, self._awaits = kinds.suited([self._awaits], draft.subject), None
                if self._verb_span:
                    self._found.used.append(self._verb_span)
        comes_after_comma = self._prompt[: draft.start].rstrip().endswith((",", "\u3001", "\uff0c"))
        self._apart = index if self._joins and comes_after_comma else None
        self._last, self._part_of = index, None
        self._described = (index, draft.end)
        if kinds.flutters(draft.subject) or draft.subject.kind == "clothing":
            self._part_of = index
        if is_first:
            self._relation, self._joins = None, False
            self._phrase = Phrase()

    def _comes_later(self, term: Term) -> bool:
        """Return whether who acts is still to come: ``on the chair sits a woman``."""
        if self._fronts:
            self._set_front()
            return True
        return self._fronted is not None and term.is_glued

    def _stand_at_fronted(self, draft: Draft, index: int) -> None:
        """Put who comes after the verb at the place before it: ``auf dem Stuhl sitzt sie``."""
        if self._fronted is not None and self._awaits is not None:
            (relation, place), self._fronted = self._fronted, None
            other = None if place is None else self._found.drafts[place]
            if place is not None and other is not None and not kinds.is_held(other.subject):
                words = self._prompt[other.start : other.end]
                relate(relation, draft, other, index, place, words=words)
                if is_on_itself(self._found.drafts, index):
                    draft.on = other.on = None

    def _attach(self, draft: Draft, index: int) -> None:
        """Place a noun as the object of a preposition or a verb before it, if it is one."""
        drafts = self._found.drafts
        relation = self._relation
        source = who_lies(drafts, self._source, self._actors, relation, draft)
        if self._is_played(draft):
            draft.is_object = True
            play([drafts[at] for at in self._actors], self._actors[0], draft, index)
        elif relation and source is not None and source < index:
            draft.is_object = True
            noun = self._prompt[self._term_start : draft.end]
            if relation in {"filled", "held"} and drafts[source].subject.kind == "boat":
                noun = self._prompt[drafts[source].start : drafts[source].end]
            relate(relation, drafts[source], draft, source, index, words=noun)
            if relation != "under":
                self._suffer(source, index)
            together = source in self._actors and source != self._apart
            if drafts[source].on == index and together:
                for actor in self._actors:
                    drafts[actor].on = index
                    if relation == "in":
                        carriers.let_in(drafts[actor], draft)
        elif self._awaits is None and self._does_something():
            draft.is_object = True
            self._suffer(doer(drafts, self._actors, self._apart), index)
        if is_on_itself(drafts, index):
            draft.on = None  # who rides what they hold rides it

    def _is_played(self, draft: Draft) -> bool:
        """Return whether it is the instrument of who plays; another relation is only a place."""
        return (
            draft.subject.kind == "instrument"
            and self._relation in {None, "on", "with"}
            and self._verb.startswith(PLAYS)
            and bool(self._actors)
            and not self._joins
        )

    def _does_something(self) -> bool:
        """Return whether a verb has been, so that a noun is what it is done to."""
        return bool(self._actors) and not self._joins and self._acted()

    def _suffer(self, actor: int, index: int) -> None:
        drafts = self._found.drafts
        if is_pulled(self._verb, drafts[actor], drafts[index]):
            pull(self._verb, drafts[actor], drafts[index])
        else:
            suffer(drafts, actor, index, verb=self._verb, actors=self._actors)

    def _acted(self) -> bool:
        return any(self._found.drafts[index].action is not None for index in self._actors)
