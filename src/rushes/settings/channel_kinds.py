"""Define the kinds of channels, with their defaults and fields."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from rushes.settings.channels import KindName

LUMA: Final = "https://api.lumalabs.ai/dream-machine/v1"
LUMA_AGENTS: Final = "https://agents.lumalabs.ai/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelKind:
    """The settings that all channels of one API have in common."""

    defaults: Mapping[str, object]
    """The default values that depend on the kind."""

    own: frozenset[str] = field(default=frozenset())
    """The fields that exist for this kind and not for all others."""

    pictures: tuple[str, ...] = ()
    """The ways in which it accepts pictures."""

    draws: bool = False
    """Whether it also makes still pictures."""

    is_remote: bool = True
    keeps: frozenset[str] = field(default=frozenset())
    """Fields of remote kinds that this kind on the server's machine has, too."""

    needs: Mapping[str, str] = field(default_factory=dict[str, str])
    """Fields without a default, each with its meaning."""


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
    "local": ChannelKind(
        defaults={"concurrency": 1, "refunds_cancelled": True},
        own=frozenset(
            {
                "model",
                "python",
                "device",
                "memory",
                "attention",
                "compile",
                "cache_threshold",
                "loras",
                "quantisation",
                "sound",
                "steps",
                "guidance",
                "idle_unload_s",
            }
        ),
        is_remote=False,
        keeps=frozenset({"concurrency", "deadline_s"}),
        needs={"model": "the name of a pulled model, or the path of a folder"},
    ),
    "animatic": ChannelKind(defaults={}, draws=True, is_remote=False),
}

KIND_SPECIFIC_FIELDS: Final = frozenset[str]().union(*(kind.own for kind in KIND_RULES.values()))
"""Fields that do not exist for every kind."""

COMMON_FIELDS: Final = frozenset({"kind", "models", "priority", "weight", "price"})
"""Fields that the built-in engine also has."""
