"""What things cost: exact amounts, and a table in which the first rule that matches counts."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.core import charges
from rushes.core.credit_amounts import MAX_AMOUNT, MICRO, format_credits, parse_credits
from rushes.core.generation import Artifact, ArtifactKind, Attempt, AttemptState, Generation, State
from rushes.core.pricing import Offer, Quote, Rule, quote_for
from rushes.core.spec import GenerationSpec, Kind, Medium, Source
from rushes.kit.clock import FrozenClock

MakeGeneration = Callable[..., Generation]
VIDEO = GenerationSpec(model="ray-2", prompt="a lake", resolution="720p", duration_s=5.0)
PICTURE = replace(VIDEO, kind=Kind.IMAGE, model="photon-1")
UPSCALE = replace(VIDEO, kind=Kind.UPSCALE, source=Source(generation_id="g0"))


def offer(channel: str = "a", price: int = 0, **more: object) -> Offer:
    return replace(Offer(channel=channel, price=price, longest_s=30.0), **more)  # type: ignore[arg-type]  # tests name the fields


class TestAmounts:
    @pytest.mark.parametrize(
        ("text", "micro"),
        [("1", MICRO), ("0.000001", 1), ("12.5", 12_500_000), ("-3.2", -3_200_000), (" 0 ", 0)],
    )
    def test_a_decimal_is_read_exactly(self, text: str, micro: int) -> None:
        assert parse_credits(text) == micro

    @pytest.mark.parametrize(
        "text", ["", "1e3", "0.0000001", "1,5", ".5", "nan", "\u0663", "1000000000.1", "+1", "1."]
    )
    def test_what_is_no_amount_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match="must be"):
            parse_credits(text)

    @given(st.integers(-MAX_AMOUNT, MAX_AMOUNT))
    def test_what_is_shown_is_what_is_read(self, micro: int) -> None:
        assert parse_credits(format_credits(micro)) == micro
        assert Decimal(format_credits(micro)) * MICRO == micro


class TestTable:
    def test_of_the_rules_that_match_the_first_counts(self) -> None:
        rules = (
            Rule(price=7, model="ray-3"),
            Rule(price=5, model="ray-2", resolution="1080p"),
            Rule(price=3, model="ray-2"),
            Rule(price=1),
        )
        quote = quote_for(VIDEO, rules, [offer()])
        assert quote is not None
        assert quote.held == 5 * 3
        assert quote_for(replace(VIDEO, resolution="1080p"), rules, [offer()]) == replace(
            quote, held=25, rates={"a": 5}
        )

    @pytest.mark.parametrize(
        ("rule", "is_met"),
        [
            (Rule(price=1, kind=Kind.VIDEO), True),
            (Rule(price=1, kind=Kind.IMAGE), False),
            (Rule(price=1, duration_s=5.0), True),
            (Rule(price=1, duration_s=9.0), False),
            (Rule(price=1, channel="a"), True),
            (Rule(price=1, channel="b"), False),
        ],
    )
    def test_every_field_that_is_there_must_match(self, rule: Rule, *, is_met: bool) -> None:
        assert rule.matches(VIDEO, "a") is is_met

    def test_a_length_is_asked_for_only_of_a_new_video(self) -> None:
        assert not Rule(price=1, duration_s=5.0).matches(UPSCALE, "a")

    def test_without_a_rule_a_channel_costs_its_own_price(self) -> None:
        quote = quote_for(VIDEO, (Rule(price=2, channel="a"),), [offer("a", 9), offer("b", 4)])
        assert quote is not None
        assert quote.rates == {"a": 2, "b": 4}

    def test_the_dearest_channel_is_held_and_the_one_that_made_it_is_due(self) -> None:
        quote = quote_for(VIDEO, (), [offer("a", 100), offer("b", 300)])
        assert quote is not None
        assert (quote.held, quote.cost("a", None), quote.cost("b", None)) == (1500, 500, 1500)

    def test_a_channel_that_was_not_there_then_is_due_what_was_held(self) -> None:
        quote = quote_for(VIDEO, (), [offer("a", 100)])
        assert quote is not None
        assert quote.cost("new", None) == quote.cost(None, None) == 500

    def test_what_nobody_wants_money_for_is_free(self) -> None:
        assert quote_for(VIDEO, (), [offer("a"), offer("b")]) is None
        assert quote_for(VIDEO, (Rule(price=0),), [offer("a", 9)]) is None

    def test_a_picture_costs_once_however_long_a_video_would_be(self) -> None:
        for spec in (
            PICTURE,
            replace(UPSCALE, kind=Kind.REFRAME, source=Source(medium=Medium.IMAGE)),
        ):
            quote = quote_for(spec, (), [offer("a", 7)])
            assert quote is not None
            assert (quote.held, quote.cost("a", None)) == (7, 7)

    def test_work_on_a_video_costs_by_its_length(self) -> None:
        quote = quote_for(UPSCALE, (), [offer("a", 10)], source_s=9.5)
        assert quote is not None
        assert quote.held == quote.cost("a", 200.0) == 95

    def test_of_a_video_whose_length_is_unknown_the_longest_is_held_and_its_own_due(self) -> None:
        quote = quote_for(
            UPSCALE, (), [offer("a", 10, longest_s=30.0), offer("b", 10, longest_s=60.0)]
        )
        assert quote is not None
        assert (quote.held, quote.cost("a", 4.0), quote.cost("a", 999.0)) == (600, 40, 600)
        assert quote.cost("a", None) == 600

    @given(
        st.integers(0, MICRO),
        st.lists(st.integers(0, MICRO), min_size=1, max_size=4),
        st.floats(0.001, 1000),
        st.none() | st.floats(0, 1000),
    )
    def test_nobody_is_ever_charged_more_than_was_held(
        self, rule: int, prices: list[int], seconds: float, made_s: float | None
    ) -> None:
        offers = [offer(str(n), one) for n, one in enumerate(prices)]
        for spec in (replace(VIDEO, duration_s=seconds), UPSCALE, PICTURE):
            quote = quote_for(spec, (Rule(price=rule, channel="1"),), offers)
            if quote is not None:
                costs = [quote.cost(one.channel, made_s) for one in offers]
                assert all(0 <= cost <= quote.held for cost in costs)
                assert all(type(cost) is int for cost in costs)
                assert max(quote.cost(one.channel, 30.0) for one in offers) == quote.held


class TestWhatIsDue:
    QUOTE = Quote(
        held=500, rates={"a": 40, "b": 100}, amount_milli=5000, kept_when_cancelled=("b",)
    )

    def running(
        self,
        make_generation: MakeGeneration,
        clock: FrozenClock,
        channel: str,
        state: AttemptState = AttemptState.ACCEPTED,
    ) -> Generation:
        attempt = Attempt(number=1, channel=channel, state=state, began_at=clock.now())
        return make_generation(state=State.RUNNING, attempts=(attempt,), quote=self.QUOTE)

    def test_what_was_made_is_due_to_the_channel_that_made_it(
        self, make_generation: MakeGeneration, clock: FrozenClock
    ) -> None:
        assert charges.completion_charge(self.running(make_generation, clock, "a"), ()) == 200
        assert charges.completion_charge(self.running(make_generation, clock, "b"), ()) == 500

    def test_the_length_of_what_was_made_is_measured(
        self, make_generation: MakeGeneration, clock: FrozenClock
    ) -> None:
        open_ended = replace(self.QUOTE, amount_milli=None)
        video = Artifact(
            kind=ArtifactKind.VIDEO,
            key="g1/1/video.mp4",
            media_type="video/mp4",
            size_bytes=1,
            width_px=2,
            height_px=2,
            duration_s=2.5,
        )
        running = replace(self.running(make_generation, clock, "a"), quote=open_ended)
        assert charges.completion_charge(running, (video,)) == 100

    def test_what_failed_costs_nothing(
        self, make_generation: MakeGeneration, clock: FrozenClock
    ) -> None:
        assert charges.failure_charge(self.running(make_generation, clock, "b")) == 0

    @pytest.mark.parametrize("state", AttemptState)
    def test_only_what_an_upstream_has_surely_begun_may_cost_when_it_is_cancelled(
        self, make_generation: MakeGeneration, clock: FrozenClock, state: AttemptState
    ) -> None:
        due = 500 if state is AttemptState.ACCEPTED else 0
        assert charges.cancellation_charge(self.running(make_generation, clock, "b", state)) == due
        assert charges.cancellation_charge(self.running(make_generation, clock, "a", state)) == 0

    def test_what_is_free_is_never_due(
        self, make_generation: MakeGeneration, clock: FrozenClock
    ) -> None:
        free = replace(self.running(make_generation, clock, "b"), quote=None)
        assert charges.completion_charge(free, ()) is None
        assert charges.failure_charge(free) is None
        assert charges.cancellation_charge(free) is None
