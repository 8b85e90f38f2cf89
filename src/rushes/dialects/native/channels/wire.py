"""Define the wire format of channels: pause requests and channel views."""

from datetime import datetime
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from rushes.core.channel_pause import PausedBy
from rushes.dialects.native.models import CapabilitiesView
from rushes.dialects.native.wire import View
from rushes.service.channel_control import MAX_PAUSE, MAX_REASON_LENGTH, ChannelState

DEPRECATED: Final = Field(json_schema_extra={"deprecated": True})


class PauseBody(BaseModel):
    """The length of a pause, and its reason."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    for_s: Annotated[float, Field(gt=0, le=MAX_PAUSE.total_seconds())] | None = None
    """Seconds; by default until the channel is resumed."""

    reason: Annotated[str, Field(max_length=MAX_REASON_LENGTH)] = ""
    """Shown to other operators."""


class PauseView(View):
    """The reason why a channel takes no new work, and the end of the pause."""

    reason: str
    since: datetime
    until: datetime | None
    """Null: until an operator resumes the channel or changes its configuration."""

    by: PausedBy


class ChannelReply(View):
    """A configured channel and its state, never with its key."""

    name: str
    kind: str
    host: str
    """The host of the upstream; `here` for the built-in renderer."""

    models: dict[str, str]
    """The models that the channel serves, each with its name at the upstream."""

    priority: int
    weight: int
    concurrency: int | None
    """Null: the channel shares the worker's slots."""

    price: str
    """Credits for a second of video or for one picture, as a decimal."""

    in_flight: int
    state: ChannelState
    pause: PauseView | None
    """The pause; null while the channel takes work."""

    health: Annotated[str, DEPRECATED]
    """The former words for `state`: `resting`, `out`, `rested`. The next release removes it."""

    rest: Annotated[PauseView | None, DEPRECATED]
    """The former name of `pause`. The next release removes it."""

    warnings: list[str]
    """Problems of its configuration that an operator may want to fix."""

    capabilities: CapabilitiesView


class ChannelsView(View):
    """Every channel, in the order in which the server prefers them."""

    channels: list[ChannelReply]
