"""Declare the settings of credits and the price table."""

import json
from collections.abc import Sequence
from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic.dataclasses import dataclass

from rushes.core.credit_amounts import MICRO
from rushes.core.geometry import SHORT_SIDES_PX
from rushes.core.pricing import Rule
from rushes.core.spec import Kind
from rushes.service.catalogue import ALIASES
from rushes.settings.channels import Price
from rushes.settings.groups import CONFIG, Seconds


def _model(name: object) -> object:
    if isinstance(name, str) and name in ALIASES:
        raise ValueError(f"is another name of {ALIASES[name]}; write that")
    return name


def _resolution(name: object) -> object:
    if isinstance(name, str) and name not in SHORT_SIDES_PX:
        raise ValueError(f"must be one of {', '.join(SHORT_SIDES_PX)}")
    return name


def _listed(value: object) -> object:
    """Read a table from JSON, for environment variables."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value, parse_float=str)
    except ValueError:
        raise ValueError("must be a list of tables, in JSON") from None


Model = Annotated[str, BeforeValidator(_model), Field(min_length=1, max_length=200)]
Resolution = Annotated[str, BeforeValidator(_resolution)]


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class PriceRule:
    """One row of the price table. A field that is left out matches everything."""

    price: Price
    """Credits for a second of video or for one picture, e.g. ``0.32``. At most six decimals."""

    kind: Kind | None = None
    model: Model | None = None
    resolution: Resolution | None = None
    duration_s: Seconds | None = None
    """Length of a new video, in seconds."""

    channel: str | None = None

    @property
    def rule(self) -> Rule:
        """The rule with an exact price in micro-credits."""
        return Rule(
            price=int(self.price * MICRO),
            kind=self.kind,
            model=self.model,
            resolution=self.resolution,
            duration_s=self.duration_s,
            channel=self.channel,
        )


Prices = Annotated[tuple[PriceRule, ...], BeforeValidator(_listed)]


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class Credits:
    """What generations cost. See ``docs/credits.md``."""

    enabled: bool = False
    """Charge accounts credits for generations. When it is off, everything is free."""

    prices: Prices = ()
    """
    The price table: rows of ``[[credits.prices]]``. The first row that matches sets the price.

    A row has a ``price``, in credits for a second of video or for one picture, and any of ``kind``,
    ``model``, ``resolution``, ``duration_s`` and ``channel``. If no row matches, the ``price`` of
    the channel counts. In the environment variable, write a JSON list.
    """


def unknown_channels(prices: Sequence[PriceRule], channels: Sequence[str]) -> tuple[str, ...]:
    """Return a sentence for each price rule that names a channel that does not exist."""
    known = ", ".join(channels)
    return tuple(
        f"rule {number}: channel must be one of {known}, not {one.channel!r}"
        for number, one in enumerate(prices, 1)
        if one.channel is not None and one.channel not in channels
    )
