"""Replies as bytes, the last of each generation kept for whoever polls it."""

from secrets import token_hex
from typing import Final, NamedTuple

from pydantic_core import to_json

from rushes.core.generation import Generation, GenerationId
from rushes.dialects.luma_relay.translate import from_generation
from rushes.http.gateway import Call

MOST_KEPT: Final = 512
LARGEST_KEPT_BYTES: Final = 8192
"""So that what is kept stays below four megabytes; a usual reply has one to three kilobytes."""

_MARK: Final = f"req_{token_hex(16)}"
"""Stands in a kept reply where the request's id belongs; nobody is ever told it."""

_Age = tuple[int, float, str, int]
"""Whatever can change a reply: version, progress, the base URL of links and their end."""


class _Kept(NamedTuple):
    age: _Age
    head: bytes
    """What comes before the request's id."""

    tail: bytes


class Replies:
    """Words what this API tells of a generation: the same words as long as nothing changes."""

    def __init__(self) -> None:
        self.kept: dict[GenerationId, _Kept] = {}

    def __call__(self, call: Call, generation: Generation) -> bytes:
        """
        Return the reply to *call*, whose caller may see *generation*.

        A poll of what has not changed is told in half a microsecond instead of eight.
        """
        ends_s = call.links.ends_s(now=call.now) if generation.artifacts else 0
        age = (generation.version, generation.progress, call.origin, ends_s)
        kept = self.kept.get(generation.id)
        if kept is None or kept.age != age:
            kept = self._worded(call, generation, age)
        return kept.head + to_json(call.request_id) + kept.tail

    def _worded(self, call: Call, generation: Generation, age: _Age) -> _Kept:
        told = to_json(from_generation(generation, url=call.url, request_id=_MARK))
        head, _, tail = told.partition(to_json(_MARK))
        kept = _Kept(age, head, tail)
        if len(told) <= LARGEST_KEPT_BYTES:
            if len(self.kept) >= MOST_KEPT:
                del self.kept[next(iter(self.kept))]  # the one that was first asked for
            self.kept[generation.id] = kept
        return kept
