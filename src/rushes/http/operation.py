"""
What an endpoint is: where it lies, what it takes, what it answers, and who handles it.

One description serves twice, as the route (:mod:`rushes.http.app`) and as its documentation
(:mod:`rushes.http.openapi`), so that the two cannot differ.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from pydantic import BaseModel
from starlette.requests import Request

from rushes.core.errors import UnsupportedMediaType
from rushes.core.keys import Scope
from rushes.http.gateway import Handler, Wording
from rushes.http.problems import PROBLEM_TYPE, ProblemDocument
from rushes.http.requests import header
from rushes.kit.quoting import quoted_text

Shape: TypeAlias = Any
"""Whatever pydantic can describe: a model, a union or list of models; ``bytes`` for any file."""

JSON: Final = "application/json"
MULTIPART: Final = "multipart/form-data"

_CONVERTOR: Final = re.compile(r"\{(\w+):\w+\}")
_LOOKS: Final = frozenset({"GET", "HEAD"})
_NAMES: Final = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What a request may carry."""

    contents: Mapping[str, Shape]
    """Each media type that is understood, and the shape of what it carries."""

    required: bool = True
    checked: bool = True
    """Whether another media type is refused; some clients call their JSON anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What comes back with one status."""

    about: str
    shape: Shape = None
    """None: there is no body, unless *media_type* names one that is no JSON."""

    media_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    """Each header beyond those of every reply, with a sentence."""


PLAIN: Final = Reply(about="What went wrong.", shape=ProblemDocument, media_type=PROBLEM_TYPE)
"""The body that ``problems.plain`` makes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One thing that can be asked for at one path."""

    path: str
    """With its parameters in braces, ``{id}`` or, over several segments, ``{rest:path}``."""

    handler: Handler
    summary: str
    replies: Mapping[int, Reply]
    """What comes back when all is well, by status."""

    methods: tuple[str, ...] = ("GET",)
    about: str = ""
    """More than the summary, in Markdown."""

    body: Body | None = None
    path_shape: type[BaseModel] | None = None
    """The path's parameters, where they are more than any text."""

    query: type[BaseModel] | None = None
    headers: type[BaseModel] | None = None
    """Headers that it looks at, under their own names as aliases."""

    invalid: int = 422
    """The status that tells of fields or parameters that make no sense."""

    problems: tuple[int, ...] = field(default=())
    """Statuses of errors that may come back, beyond those that follow from the above."""

    open_to_all: bool = False
    """Whether it asks for no key."""

    scope: Scope | None = None
    """What a key must have for it; by default ``read`` for a look, ``generate`` for all else."""

    submits: bool = False
    """Whether it asks for a generation, and so counts against how often a key may."""

    streams: bool = False
    """Whether its handler reads the body itself, as it comes in, however long it is."""

    operation_id: str | None = None
    """By default the handler's name."""

    @property
    def template(self) -> str:
        """The path as OpenAPI writes it."""
        return _CONVERTOR.sub(r"{\1}", self.path)

    @property
    def path_names(self) -> tuple[str, ...]:
        """The names of the path's parameters."""
        return tuple(_NAMES.findall(self.template))

    @property
    def needs(self) -> Scope | None:
        """What a key must have for it; None where it asks for no key."""
        if self.open_to_all:
            return None
        looks = _LOOKS.issuperset(self.methods)
        return self.scope or (Scope.READ if looks else Scope.GENERATE)

    @property
    def errors(self) -> tuple[int, ...]:
        """Every status of an error that may come back, in order."""
        told = {500, *self.problems}
        if self.open_to_all:
            told.add(429)
        else:
            told |= {401, 403, 429}
        if self.submits:
            told.add(402)
        if self.path_names:
            told.add(404)
        if self.body or self.query:
            told.add(self.invalid)
        if self.body:
            told.add(413)
        if self.body and self.body.checked:
            told.add(415)
        return tuple(sorted(told))


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """The operations that tell of errors in one way: those of a dialect, or our own."""

    name: str
    about: str
    operations: tuple[Operation, ...]
    word: Wording
    problem: Reply
    """The body that *word* makes."""


def check_media_type(body: Body, request: Request, raw: bytes) -> None:
    """
    Return if *body* understands what *request* carries; a missing type passes for the right one.

    Raises:
        UnsupportedMediaType: It is something else; the message lists what is understood.
    """
    if not body.checked or not raw:
        return
    told = header(request.scope, b"content-type").split(";")[0].strip().lower()
    if not told or told in body.contents:
        return
    known = " or ".join(body.contents)
    raise UnsupportedMediaType(f"Content-Type must be {known}, not {quoted_text(told)}")
