"""
Describe an endpoint: path, input, replies, errors and handler.

The route (:mod:`rushes.http.app`) and the documentation (:mod:`rushes.http.openapi`) are made
from the same description, so that they cannot differ.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from pydantic import BaseModel
from starlette.types import Scope as Connection

from rushes.core.errors import UnsupportedMediaType
from rushes.core.keys import Scope
from rushes.http.gateway import Handler, Wording
from rushes.http.problems import PROBLEM_TYPE, ProblemDocument
from rushes.http.requests import header
from rushes.kit.quoting import quoted_text

Shape: TypeAlias = Any
"""A type that pydantic can describe: a model, a union or list of models; ``bytes`` for a file."""

JSON: Final = "application/json"
MULTIPART: Final = "multipart/form-data"

_CONVERTOR: Final = re.compile(r"\{(\w+):\w+\}")
_READING: Final = frozenset({"GET", "HEAD"})
_NAMES: Final = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The body of a request."""

    contents: Mapping[str, Shape]
    """Each supported media type with the type of its content."""

    required: bool = True
    checked: bool = True
    """Whether other media types are refused; some clients label JSON as anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The reply with one status."""

    about: str
    shape: Shape = None
    """None: there is no body, unless *media_type* is not JSON."""

    media_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    """The headers that not every reply has, each with a description."""


PLAIN: Final = Reply(about="The error.", shape=ProblemDocument, media_type=PROBLEM_TYPE)
"""The body that ``problems.plain`` makes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation of an API at one path."""

    path: str
    """With its parameters in braces, ``{id}`` or, over several segments, ``{rest:path}``."""

    handler: Handler
    summary: str
    replies: Mapping[int, Reply]
    """The replies to a successful request, by status."""

    methods: tuple[str, ...] = ("GET",)
    about: str = ""
    """Details beyond the summary, in Markdown."""

    body: Body | None = None
    path_shape: type[BaseModel] | None = None
    """The path's parameters, if they are more than plain text."""

    query: type[BaseModel] | None = None
    headers: type[BaseModel] | None = None
    """The headers that it reads, with their names as aliases."""

    invalid: int = 422
    """The status for invalid fields or parameters."""

    problems: tuple[int, ...] = field(default=())
    """Statuses of errors, beyond those that follow from the other fields."""

    open_to_all: bool = False
    """Whether it needs no key."""

    scope: Scope | None = None
    """The scope that it needs; by default ``read`` for GET and HEAD, ``generate`` for the rest."""

    submits: bool = False
    """Whether it counts against the key's limit of submits."""

    streams: bool = False
    """Whether its handler reads the body itself as a stream, of any length."""

    operation_id: str | None = None
    """By default the handler's name."""

    is_deprecated: bool = False
    """Whether another path has replaced it, and the next release removes it."""

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
        """The scope that a key must have; None if it needs no key."""
        if self.open_to_all:
            return None
        reads = _READING.issuperset(self.methods)
        return self.scope or (Scope.READ if reads else Scope.GENERATE)

    @property
    def errors(self) -> tuple[int, ...]:
        """Every status of an error that it can return, in order."""
        statuses = {500, *self.problems}
        if self.open_to_all:
            statuses.add(429)
        else:
            statuses |= {401, 403, 429}
        if self.submits:
            statuses.add(402)
        if self.path_names:
            statuses.add(404)
        if self.body or self.query:
            statuses.add(self.invalid)
        if self.body:
            statuses.add(413)
        if self.body and self.body.checked:
            statuses.add(415)
        return tuple(sorted(statuses))


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """A set of operations with one error format: a dialect, or the server's own paths."""

    name: str
    about: str
    operations: tuple[Operation, ...]
    word: Wording
    problem: Reply
    """The error that *word* returns, described."""


def check_media_type(body: Body, scope: Connection, raw: bytes) -> None:
    """
    Check that *body* supports the media type of a request; a missing type passes.

    Raises:
        UnsupportedMediaType: It has another type; the message lists the supported ones.
    """
    if not raw:
        return
    media_type = header(scope, b"content-type").split(";")[0].strip().lower()
    if not media_type or media_type in body.contents:
        return
    known = " or ".join(body.contents)
    raise UnsupportedMediaType(f"Content-Type must be {known}, not {quoted_text(media_type)}")
