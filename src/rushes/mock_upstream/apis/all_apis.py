"""List the APIs by the kind of upstream."""

from collections.abc import Callable, Mapping
from typing import Final

from rushes.mock_upstream.apis.agents import Agents
from rushes.mock_upstream.apis.base import Api, ApiContext
from rushes.mock_upstream.apis.dream_machine import DreamMachine
from rushes.mock_upstream.apis.lightx2v import LightX2V
from rushes.mock_upstream.apis.openai_videos import FLAVOURS, OpenAIVideos
from rushes.mock_upstream.apis.relay import SHAPES, Relay

APIS: Final[Mapping[str, Callable[[ApiContext], Api]]] = {
    "relay": Relay,
    "dream-machine": DreamMachine,
    "agents": Agents,
    "openai-videos": OpenAIVideos,
    "lightx2v": LightX2V,
}
KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "relay": tuple(SHAPES),
    "dream-machine": (),
    "agents": (),
    "openai-videos": tuple(FLAVOURS),
    "lightx2v": (),
}
"""The shapes of each kind, the default first; empty for a kind of one shape."""
