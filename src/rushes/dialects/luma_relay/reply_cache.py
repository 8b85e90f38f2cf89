"""Cache the last reply about each generation as bytes, since clients poll unchanged ones."""

from secrets import token_hex
from typing import Final, NamedTuple

from pydantic_core import to_json

from rushes.core.generation import AccountId, Generation, Revision
from rushes.dialects.luma_relay.translate import from_generation
from rushes.http.gateway import Call

MOST_REPLIES: Final = 512
LARGEST_REPLY_BYTES: Final = 8192
"""Keeps the cache below four megabytes; a typical reply has one to three kilobytes."""

_PLACEHOLDER: Final = f"req_{token_hex(16)}"
"""The placeholder of the request's id in a cached reply; no client ever receives it."""

_PLACEHOLDER_JSON: Final = to_json(_PLACEHOLDER)


class CachedReply(NamedTuple):
    """A reply and everything that can change it, except for the request's id."""

    owner: AccountId
    revision: Revision
    origin: str
    """The base URL of its links."""

    links_end_s: int
    """The expiry of its links; 0 without links."""

    head: bytes
    """The bytes before the request's id."""

    tail: bytes

    def fits(self, call: Call) -> bool:
        """Tell whether it has the links for *call*."""
        ends_s = call.links.ends_s(now=call.now) if self.links_end_s else 0
        return self.links_end_s == ends_s and self.origin == call.origin

    def content(self, call: Call) -> bytes:
        """Return the reply to *call*."""
        return self.head + to_json(call.request_id) + self.tail


class ReplyCache:
    """Makes the replies about generations, and reuses them while nothing changes."""

    def __init__(self) -> None:
        self.replies: dict[str, CachedReply] = {}

    def find(self, call: Call, generation_id: str) -> CachedReply | None:
        """Return the last reply about a generation if it has the links for *call*."""
        cached = self.replies.get(generation_id)
        return cached if cached is not None and cached.fits(call) else None

    def __call__(self, call: Call, generation: Generation) -> bytes:
        """
        Return the reply to *call*, whose caller may see *generation*.

        The reply to a poll of an unchanged generation takes half a microsecond instead of eight.
        """
        cached = self.find(call, generation.id)
        if cached is None or cached.revision != generation.revision:
            cached = self._made(call, generation)
        return cached.content(call)

    def _made(self, call: Call, generation: Generation) -> CachedReply:
        reply = to_json(from_generation(generation, url=call.url, request_id=_PLACEHOLDER))
        head, _, tail = reply.partition(_PLACEHOLDER_JSON)
        ends_s = call.links.ends_s(now=call.now) if generation.artifacts else 0
        cached = CachedReply(
            generation.account_id, generation.revision, call.origin, ends_s, head, tail
        )
        if len(reply) <= LARGEST_REPLY_BYTES:
            if len(self.replies) >= MOST_REPLIES:
                del self.replies[next(iter(self.replies))]  # the oldest entry
            self.replies[generation.id] = cached
        return cached
