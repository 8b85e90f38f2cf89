"""Price generations with a price table, in whole micro-credits and without floats."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from rushes.core.spec import GenerationSpec, Kind, Medium

_MILLI: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row of the price table. A field that is None matches everything."""

    price: int
    """Micro-credits for a second of video, or for one picture."""

    kind: Kind | None = None
    model: str | None = None
    resolution: str | None = None
    duration_s: float | None = None
    """Length of a new video; no other kind of work has a requested length."""

    channel: str | None = None

    def matches(self, spec: GenerationSpec, channel: str) -> bool:
        """Return whether the rule applies to *spec* on *channel*."""
        return (
            self.kind in {None, spec.kind}
            and self.model in {None, spec.model}
            and self.resolution in {None, spec.resolution}
            and self.channel in {None, channel}
            and (self.duration_s is None or self._is_as_long(spec))
        )

    def _is_as_long(self, spec: GenerationSpec) -> bool:
        return spec.kind is Kind.VIDEO and self.duration_s == spec.duration_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A channel that can make the generation, as far as pricing needs to know it."""

    channel: str
    price: int
    """Micro-credits for a second of video or for one picture, if no rule matches."""

    longest_s: float
    """Longest source video, in seconds."""

    refunds_cancelled: bool = True
    """Whether its upstream charges nothing for a job that is cancelled while it runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What a generation may cost. Fixed when it is submitted; later prices do not matter."""

    held: int
    """Micro-credits to hold: the cost on the most expensive channel."""

    rates: Mapping[str, int]
    """Micro-credits for a second of video or for one picture, by channel."""

    amount_milli: int | None
    """
    Thousandths of a second, or of a picture, to pay for.

    None: the length of the result decides, because the length of the source is not known yet.
    """

    kept_when_cancelled: tuple[str, ...] = ()
    """Channels that charge for a job that is cancelled after they accepted it."""

    def cost(self, channel: str | None, made_s: float | None) -> int:
        """
        Return the micro-credits due for a result of *channel*; never more than held.

        Args:
            made_s: The length of the resulting video; None: no video, or unknown.
        """
        rate = self.rates.get(channel) if channel is not None else None
        amount = self.amount_milli if self.amount_milli is not None else _milli(made_s)
        if rate is None or amount is None:
            return self.held
        return min(self.held, _times(rate, amount))


def quote_for(
    spec: GenerationSpec,
    rules: Sequence[Rule],
    offers: Iterable[Offer],
    *,
    source_s: float | None = None,
) -> Quote | None:
    """
    Return what *spec* may cost; None: it is free on every channel.

    The channel is not chosen yet, so the quote holds the price of the most expensive one.

    Args:
        rules: The price table; the first rule that matches counts.

        offers: The channels that can make all of it.

        source_s: The length of the source video in seconds, if it is known.
    """
    offers = tuple(offers)
    rates = {one.channel: _rate(spec, rules, one) for one in offers}
    amount = _amount_milli(spec, source_s)
    costs = [_times(rates[one.channel], _most_milli(amount, one)) for one in offers]
    held = max(costs, default=0)
    if held == 0:
        return None
    return Quote(
        held=held,
        rates=rates,
        amount_milli=amount,
        kept_when_cancelled=tuple(one.channel for one in offers if not one.refunds_cancelled),
    )


def _rate(spec: GenerationSpec, rules: Sequence[Rule], offer: Offer) -> int:
    named = (rule.price for rule in rules if rule.matches(spec, offer.channel))
    return next(named, offer.price)


def _amount_milli(spec: GenerationSpec, source_s: float | None) -> int | None:
    if spec.makes is Medium.IMAGE:
        return _MILLI
    return _milli(spec.duration_s if spec.kind is Kind.VIDEO else source_s)


def _most_milli(amount: int | None, offer: Offer) -> int:
    longest = _milli(offer.longest_s) or 0
    return longest if amount is None else amount


def _milli(seconds: float | None) -> int | None:
    return None if seconds is None else int((Decimal(str(seconds)) * _MILLI).to_integral_value())


def _times(rate: int, milli: int) -> int:
    """Return the price of *milli* thousandths in whole micro-credits, rounded up."""
    return -(-rate * milli // _MILLI)
