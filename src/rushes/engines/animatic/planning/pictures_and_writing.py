"""Take words of a prompt for what they are about: a photo's subject, or writing on a sign."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from rushes.core.shot_plan import NotShown
from rushes.engines.animatic.planning.reading import Term

_DEPICTS: Final = re.compile(
    r"^\W*(?:(?:an?|the)\s+)?(?:[\w-]+\s+){0,3}?"
    r"(?:photographs?|photos?|pictures?|images?|paintings?|drawings?|sketch(?:es)?|portraits?"
    r"|illustrations?|watercolou?rs?|rendering|render)\s+(?:of|showing|depicting)\b",
    re.IGNORECASE,
)
"""How a prompt begins that describes a picture by what it is of."""

_DEPICTS_ELSEWHERE: Final = re.compile(
    r"(?:^|[.,;:!?\u2014]\s*)(?:(?:una?|une?|l[ea]|e[ln]|um|uma|eine?)\s+)?(?:\w+\s+)?"
    r"(?:retratos?|fotograf[ií]as?|fotos?|im[aá]gen|imagem|portraits?|photos?|photographie|image"
    r"|porträt|portrait|porträtaufnahme|foto|fotografie|bild|gemälde|peinture|tableau|pintura"
    r"|cuadro|quadro)\b(?:\s+\w+)?\s+(?:d[eaou]l?\b|d['\u2019]|von|vom|eine[rs]|der|des)"
    r"|(?:^|[.,;:!?\u2014]\s*)(?:\w+\s+)?(?:портрет|фотография|фото|картина|изображение)\s+\w+",
    re.IGNORECASE,
)
"""How it begins in languages that say ``portrait of``; elsewhere it is a picture that one sees."""

_WRITING: Final = re.compile(
    r"""\b(?:words?|sayings?|says?|texts?|reads?|reading|written|writing|letters|lettering|titled?
    |captions?|captioned|phrase|label(?:l?ed)?|slogan|inscription|spell(?:s|ing)?|printed)\b
    [^.,;:"\u201c]{0,30}[,:]?\s*(?:["\u201c](?P<a>[^"\u201d]{1,80})["\u201d]
    |['\u2018](?P<b>[^'\u2019]{1,80})['\u2019])""",
    re.IGNORECASE | re.VERBOSE,
)
_SIGN: Final = re.compile(
    r"""(?:["\u201c](?P<a>[^"\u201d]{1,60})["\u201d]|(?<!\w)['\u2018](?P<b>[^'\u2019]{1,60})['\u2019])
    \s+(?:\w+\s+)?(?:signs?|banners?|labels?|posters?|written|displayed|painted|printed|spelled
    |carved|engraved|embroidered)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_LETTERS: Final = frozenset({"letter", "letters", "lettering"})
"""Words that name no mail in a prompt with writing."""

_NO_WRITING: Final = "The engine draws no writing."


def depicted(prompt: str, terms: Iterable[Term]) -> list[Term]:
    """Return the terms without a picture that the prompt only uses to say what is in the shot."""
    match = _DEPICTS.match(prompt)
    spans = [found.span() for found in _DEPICTS_ELSEWHERE.finditer(prompt)]
    spans += [(0, match.end())] if match else []
    kept = (
        _without_picture(term) if any(a <= term.start and term.end <= b for a, b in spans) else term
        for term in terms
    )
    return [term for term in kept if term.meanings]


def _without_picture(term: Term) -> Term:
    """Return a term without its meaning as a picture on a wall; its framing stays."""
    rest = tuple(one for one in term.meanings if one.value not in _PICTURES)
    return term if rest == term.meanings else replace(term, meanings=rest)


_PICTURES: Final = frozenset({"framed-picture", "poster"})


def without_writing(
    prompt: str, terms: Iterable[Term]
) -> tuple[list[Term], list[tuple[int, NotShown]]]:
    """Return the terms that are not quoted as writing, and the writing, with where it is."""
    found = [*_WRITING.finditer(prompt), *_SIGN.finditer(prompt)]
    spans = sorted({match.span("a" if match["a"] else "b") for match in found})
    kept = [one for one in terms if not any(a < one.end and one.start < b for a, b in spans)]
    if spans:
        kept = [one for one in kept if one.text.lower() not in _LETTERS]
    missing = [(a, NotShown(words=prompt[a:b].strip(), reason=_NO_WRITING)) for a, b in spans]
    return kept, [pair for pair in missing if pair[1].words]
