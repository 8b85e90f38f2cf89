"""
Define values that type checkers keep from changes, and that are quick to make.

``dataclass(frozen=True)`` refuses an assignment at runtime, too; for that its constructor sets each
field by a call, which makes it five times as slow. A submit makes a dozen values with a hundred
fields, so that this was a tenth of its time. Values that live for one request are light: mypy and
pyright treat them as frozen, and at runtime nothing looks.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from typing_extensions import dataclass_transform

Kind = TypeVar("Kind")

NEW_DICT: Final[Callable[[], dict[str, Any]]] = dict
"""The default factory of a mapping: ``dict[str, str]`` is a call that takes ten times as long."""


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(field,))
def light_value(kind: type[Kind]) -> type[Kind]:
    """
    Make a class a light value: a dataclass with slots, equality and a hash.

    It has the arguments of ``dataclass(frozen=True, slots=True, kw_only=True)``, and
    ``dataclasses.replace`` takes it.
    """
    return dataclass(slots=True, kw_only=True, unsafe_hash=True)(kind)
