"""Read who and what is in the shot: subjects, how many, what they do and where they are."""

from typing import Final

from rushes.core.shot_plan import Action, Facing
from rushes.engines.animatic.cast.catalogue import subjects
from rushes.engines.animatic.planning import kinds
from rushes.engines.animatic.planning import word_senses as senses
from rushes.engines.animatic.planning.casting_drafts import (
    BESIDE_ITS_OBJECT,
    OBJECT_FIRST,
    OF_CLOTH,
    OF_THINGS,
    RIDES,
    Phrase,
    Reading,
    noun_of,
    rest_of,
)
from rushes.engines.animatic.planning.casting_objects import ride
from rushes.engines.animatic.planning.casting_postpositions import (
    AFTER_THE_NOUN,
)
from rushes.engines.animatic.planning.casting_verbs import VerbReader
from rushes.engines.animatic.planning.inflection import is_unchanging
from rushes.engines.animatic.planning.lexicon import Meaning
from rushes.engines.animatic.planning.reading import Term
from rushes.engines.animatic.planning.text import UNSPACED

_NOT_NAMED: Final = {"he": "man", "she": "woman"}
"""Who a pronoun means where nobody has been named."""

_ZERO: Final = frozenset({"zero", "0"})

_AFTER_NOUN: Final = frozenset(
    {"群れ", "행렬", "떼", "무리", "行列", "商队", "马队", "船队", "车队"}
)
"""Words for a herd that come after what it is of."""

_WITHOUT_NOUN_PAIRS: Final = frozenset({"fr", "es", "pt", "it"})
"""Languages in which no noun comes right after another: French ``porte`` carries there."""

_PARTICLE: Final = 1
"""Letters of ``が`` or ``이`` between a noun and its verb."""

_SCENERY: Final = frozenset({"effect", "set", "time", "light", "weather", "pace", "framing"})
"""After such words a preposition is no relation of a subject: ``slow motion on the ball``."""

_VERB_SECOND: Final = frozenset({"de", "es", "fr", "it", "pt", "ru"})
"""Languages in which a place may come first, then the verb, then who is there."""


_ARTICLES: Final = """
    the el la los las le les l der die das den dem des o os as il lo gli
"""
DEFINITE: Final = frozenset(_ARTICLES.split())
"""Articles of what has been named before."""


class CastReader(VerbReader):
    """Go through the terms of a prompt once, from left to right."""

    def read(self) -> Reading:
        """Return what the terms say of the cast."""
        for index, term in enumerate(self._terms):
            self._mind_breaks(index, term)
            meaning = self._chosen(index, term)
            if meaning is None or self._is_music(term, meaning):
                continue
            had_relation = self._relation is not None or self._fronts is not None
            if not self._is_material_of(term, meaning):
                self._take(index, term, meaning)
            if meaning.kind not in {"tint", "size", "modifier", "count", "the"}:
                self._follows_comma = False
                self._made = self._last if meaning.kind == "made" else None
            self._of_scenery = meaning.kind in _SCENERY
            self._of_effect = meaning.kind in {"effect", "light"} and not had_relation
        return self._found

    # Which of its meanings a word has here.

    def _chosen(self, index: int, term: Term) -> Meaning | None:
        noun = self._several(term) or noun_of(term, self._relation)
        in_it = self._relation == "in" and noun and noun.value not in kinds.IN_THEIR_PLACE
        if in_it and (place := term.meaning("set")):
            return place
        terms, determined = self._terms, self._phrase.has_determiner
        other = self._does_to(index, term)
        if noun and not other:
            other = senses.no_noun(self._prompt, terms, index, noun, determined=determined)
        if other:
            return other
        verb = term.meaning("action")
        if verb and not term.meaning("relation"):
            return self._verb_or_not(index, term, verb, noun)
        if noun and self._is_about_the_shot(index, term):
            return term.meaning("style")
        adjective = term.meaning("tint", "size")
        if adjective and (self._made is not None or self._is_adjective_here(index, term, noun)):
            return adjective
        sense = senses.colour_or_material(terms, index, noun, determined=determined)
        return sense or self._little_or_noun(index, term, noun)

    def _several(self, term: Term) -> Meaning | None:
        """Return the furniture that a set has one of, where the prompt wants more."""
        noun = term.meaning("subject")
        several = (self._phrase.count or 1) > 1 and term.language == "en"
        return noun if several and noun and noun.value in kinds.SHOWN_BY_SETS else None

    def _little_or_noun(self, index: int, term: Term, noun: Meaning | None) -> Meaning | None:
        little = term.meaning("no", "but", "clause", "relation", "count", "the")
        may_be_verb = noun and (noun.is_plural or term.language in _WITHOUT_NOUN_PAIRS)
        if may_be_verb and self._has_object(index, term):
            return little
        return little or noun or rest_of(term)

    def _verb_or_not(
        self, index: int, term: Term, verb: Meaning, noun: Meaning | None
    ) -> Meaning | None:
        after_verb = term.is_glued and index > 0 and self._terms[index - 1].meaning("action")
        if noun and after_verb and verb.form == "s":
            return noun  # one plays drums: no verb comes right after a verb
        if self._is_verb_here(index, term, verb):
            return verb
        if noun:
            return noun
        if self._phrase.has_determiner and term.is_glued and verb.form in {"base", "s"}:
            return term.meaning("style", "modifier", "effect")  # a walk, the dance: no verb
        return rest_of(term)

    # What each kind of word does.

    def _take(self, index: int, term: Term, meaning: Meaning) -> None:
        match meaning.kind:
            case "no":
                self._deny(index, term)
            case "clause":
                self._end_clause()
            case "but":
                self._end_denial()
            case "and":
                self._joins = True
                self._phrase = self._phrase_after_and(index)
            case "the":
                self._phrase = Phrase(
                    action=self._phrase.action,
                    has_determiner=True,
                    is_definite=term.text.lower() in DEFINITE or term.language in UNSPACED,
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

    def _deny(self, index: int, term: Term) -> None:
        if term.language in OBJECT_FIRST:
            self._deny_noun_before(term)
        elif term.text.lower() not in _ZERO or self._counts_next(index):
            self._is_denied = True
            self._found.denied = []
            self._phrase = Phrase()

    def _end_denial(self) -> None:
        """Read ``but a cat`` after ``not a dog`` as the beginning of another clause."""
        if self._is_denied:
            self._end_clause()

    def _counts_next(self, index: int) -> bool:
        """Return whether things are right after a number: ``zero birds``, not ``below zero``."""
        following = self._terms[index + 1 : index + 2]
        return any(
            one.is_glued and not one.unknown_before and noun.is_plural
            for one in following
            if (noun := one.meaning("subject", "cast"))
        )

    def _mention(self, term: Term, meaning: Meaning) -> None:
        match meaning.kind:
            case "unknown":
                self._miss_unknown(term)
            case "pronoun":
                self._found.pronoun = self._found.pronoun or meaning.value
                self._refer(meaning.value, term)
            case "facing":
                self._face(term, meaning)
            case "made":
                pass
            case "to":
                pass
            case "style" if self._takes_black_and_white(term):
                pass
            case _:
                self._scenery(term)

    def _mind_breaks(self, index: int, term: Term) -> None:
        if term.breaks:
            self._end_clause()
            self._last = None
        elif term.comma:
            self._relation = self._awaits = None
            self._fronts = self._fronted = None
            self._joins = self._follows_comma = True
            self._phrase = Phrase()
            listed = term.meaning("subject", "cast", "group") and not term.meaning("count", "the")
            if not (listed and self._list_goes_on[index]):
                self._is_denied = False
        elif term.unknown_before > 2:
            self._phrase = Phrase()

    def _refer(self, pronoun: str, term: Term) -> None:
        """Take a pronoun for the subject of the sentence before, or for who was not named yet."""
        if pronoun in {"he", "she", "they", "it"} and self._main:
            self._actors, self._last = list(self._main), self._main[-1]
            return
        alive = any(kinds.is_alive(one.subject) for one in self._found.drafts)
        if pronoun in _NOT_NAMED and not alive:
            who = _NOT_NAMED[pronoun]
            self._add(term, Meaning("subject", who), subjects()[who], 1, is_first=True)

    def _end_clause(self) -> None:
        self._pending = self._ahead = self._counted = None
        self._phrase = Phrase()
        self._relation = None
        self._is_denied = False
        self._joins = False
        self._awaits = None
        self._fronts = self._fronted = None
        self._part_of = None
        self._main = self._actors or self._main
        self._actors = []

    def _describe(self, term: Term, meaning: Meaning) -> None:
        phrase = self._phrase
        if phrase.start is None:
            phrase.start = term.start
        match meaning.kind:
            case "count" if self._last is not None and (
                term.text in _AFTER_NOUN or self._counts_noun_before(term)
            ):
                self._found.drafts[self._last].count = int(meaning.value)
                self._phrase = Phrase()
            case "count":
                phrase.count = senses.joined_count(phrase.count, int(meaning.value), term.text)
                phrase.has_determiner = True
            case "tint":
                self._colour(term, meaning)
            case "size":
                phrase.scale = float(meaning.value)
            case _ if "year" in term.text:
                phrase.count = None  # the number is an age
            case _:
                pass

    def _relate(self, relation: str, term: Term) -> None:
        is_related = self._relates_by_place(relation, term)
        self._phrase = Phrase(action=self._phrase.action)
        self._part_of = None
        if is_related:
            return
        inverted = self._follows_comma and term.language != "en"
        if self._last is None or inverted:
            article = term.language == "fr" and relation == "through"  # ``des``
            self._fronts = relation if term.language in _VERB_SECOND and not article else None
        if self._last is None:
            return
        if inverted or (self._of_scenery and term.is_glued):
            self._relation = None  # after a comma it is about what is still to come
            return
        if relation == "of" and term.start - self._found.drafts[self._last].end > 1:
            return
        self._relation, self._source = relation, self._last
        if term.text.lower().startswith(RIDES):
            self._verb = term.text.lower()
        if relation in {"on", "over", "under", "through", "behind", "before"} and self._actors:
            inside = self._found.drafts[self._actors[0]].on == self._last
            own = inside or self._last == self._apart
            self._source = self._last if own else self._actors[0]
        if relation in {"held", "worn"} and self._actors:
            self._source = self._actors[0]  # sits at a table and holds: not the table holds
        if relation == "on" and self._verb.startswith(BESIDE_ITS_OBJECT):
            self._relation = "beside"

    def _act(self, index: int, term: Term, meaning: Meaning) -> None:
        actions = [one for one in term.meanings if one.kind == "action"]
        actions = actions if meaning in actions else [meaning]
        if self._is_denied and not self._found.denied:
            self._found.denied.append(term)
            return
        self._is_denied = False  # it ends with what it denies: a man without a hat walks
        if self._is_of_scenery(index, term, meaning):
            self._found.used.append((term.start, term.end))
            return
        if self._goes_with_next(index, meaning):
            self._acts_ahead(term)
            self._found.used.append((term.start, term.end))
            self._phrase.action = Action(meaning.value)
            self._phrase.start = self._start(term)
            return
        before = self._terms[index - 1] if index else term
        goes_on = term.language == "en" and before.meaning("and", "clause") is not None
        goes_on = goes_on and not term.unknown_before
        if meaning.form == "ing" and not self._actors and goes_on:
            self._refer("they", term)  # while sitting: who acted before
        targets = self._movable(self._targets(term, meaning))
        if targets:
            self._use_verb(term, targets, actions)
        else:
            self._acts_ahead(term)
            self._awaits, self._verb_span = Action(meaning.value), (term.start, term.end)
        for target in targets:
            draft = self._found.drafts[target]
            if meaning.form == "s" and is_unchanging(self._prompt[draft.start : draft.end]):
                draft.count = 1  # samurai sit, but a samurai sits
            stands = draft.action is Action.STAND and goes_on  # looks while sitting
            if draft.action is None or stands:
                draft.verb = (term.start, term.end)
            suited = kinds.suited([Action(one.value) for one in actions], draft.subject)
            flies = term.language in AFTER_THE_NOUN and suited is Action.FLY
            draft.action = suited if flies or stands else draft.action or suited
        self._verb = term.text.lower()
        if term.language in OBJECT_FIRST and self._verb.startswith(RIDES):
            ride(self._found.drafts)
        self._relation = self._relation_of_verb(targets)
        self._joins = False
        self._phrase = Phrase()

    def _is_of_scenery(self, index: int, term: Term, meaning: Meaning) -> bool:
        """Return whether it is what sparks or waves do: ``sparks fly``, ``es fällt Schnee``."""
        following = self._terms[index + 1 : index + 2]
        if term.language in _VERB_SECOND and any(
            one.is_glued and noun_of(one) is None and one.meaning("effect") for one in following
        ):
            return True
        before = self._terms[index - 1] if index else term
        near = term.language in UNSPACED and term.start - before.end <= _PARTICLE
        if self._of_effect and near:
            return True  # petals dance in the air, and not who was named before them
        if not self._of_scenery or not term.is_glued or self._fronted:
            return False
        return self._of_effect or not self._actors or meaning.form == "ing"

    def _targets(self, term: Term, meaning: Meaning) -> list[int]:
        if self._comes_later(term):
            return []
        if self._part_of is not None and meaning.value in OF_CLOTH and not self._joins:
            return [self._part_of]
        gerund = meaning.form == "ing" or (
            term.language in _WITHOUT_NOUN_PAIRS and term.text.endswith("ndo")
        )
        if self._last is not None and gerund and term.is_glued:
            last = self._found.drafts[self._last]
            moves = last.is_object and kinds.moves_by_itself(last.subject)
            if moves or self._last == self._apart:
                return [self._last]
        if meaning.value == Action.BURN and self._follows_noun(term) and self._last is not None:
            return [self._last]  # who stands in front of a burning building does not burn
        if term.language in UNSPACED:
            return self._last_that_moves() or (self._actors if meaning.value in OF_THINGS else [])
        return self._actors or ([self._last] if self._last is not None else [])

    def _face(self, term: Term, meaning: Meaning) -> None:
        self._found.used.append((term.start, term.end))
        for index in self._actors or ([self._last] if self._last is not None else []):
            self._found.drafts[index].facing = Facing(meaning.value)

    def _scenery(self, term: Term) -> None:
        if term.meaning("set"):
            self._set_front()
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
