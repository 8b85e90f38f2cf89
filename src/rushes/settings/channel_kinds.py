"""Define what is true of every channel of one kind: defaults and fields."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from rushes.settings.channels import KindName

LUMA: Final = "https://api.lumalabs.ai/dream-machine/v1"
LUMA_AGENTS: Final = "https://agents.lumalabs.ai/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelKind:
    """One kind."""

    defaults: Mapping[str, object]
    """Of fields whose default depends on the kind."""

    own: frozenset[str] = field(default=frozenset())
    """Fields that mean something to it and not to all others."""

    pictures: tuple[str, ...] = ()
    """The ways in which it can be handed pictures."""

    draws: bool = False
    """Whether it makes pictures, too."""

    is_remote: bool = True


KIND_RULES: Final[Mapping[KindName, ChannelKind]] = {
    "relay": ChannelKind(
        defaults={"concurrency": 10, "pictures": "data", "refunds_cancelled": False},
        own=frozenset({"batch"}),
        pictures=("data", "url"),
    ),
    "dream-machine": ChannelKind(
        defaults={
            "base_url": LUMA,
            "concurrency": 10,
            "pictures": "url",
            "refunds_cancelled": False,
        },
        pictures=("url", "data"),
        draws=True,
    ),
    "agents": ChannelKind(
        defaults={
            "base_url": LUMA_AGENTS,
            "concurrency": 10,
            "pictures": "data",
            "refunds_cancelled": False,
        },
        pictures=("data", "url", "upload"),
        draws=True,
    ),
    "openai-videos": ChannelKind(
        defaults={"concurrency": 1, "pictures": "upload", "refunds_cancelled": True},
        own=frozenset({"flavour", "fps"}),
        pictures=("upload", "data", "url"),
    ),
    "lightx2v": ChannelKind(
        defaults={"concurrency": 1, "pictures": "data", "refunds_cancelled": True},
        own=frozenset({"fields", "fps"}),
        pictures=("data", "url"),
    ),
    "animatic": ChannelKind(defaults={}, draws=True, is_remote=False),
}

KIND_SPECIFIC_FIELDS: Final = frozenset[str]().union(*(sort.own for sort in KIND_RULES.values()))
"""Fields that mean nothing to some kinds."""

COMMON_FIELDS: Final = frozenset({"kind", "models", "priority", "weight", "price"})
"""Fields that also the built-in renderer understands."""
