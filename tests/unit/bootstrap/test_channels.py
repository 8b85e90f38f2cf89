"""What becomes of configured channels."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from decimal import Decimal
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

from rushes.bootstrap.channels import (
    _opening,
    channel_capabilities,
    configured_channels,
    trial_engine,
    warnings,
)
from rushes.core.spec import Kind, Role
from rushes.engines.animatic.engine import AnimaticEngine
from rushes.engines.base import Channel
from rushes.engines.scripted import ScriptedEngine
from rushes.engines.upstream.base import UpstreamChannel, UpstreamTerms
from rushes.kit.address_rules import AddressRules, ForbiddenAddress, parse
from rushes.service.catalogue import MODELS
from rushes.settings import Animatic, ChannelSettings, Server, Settings, Worker, cores
from rushes.settings.channel_kinds import KIND_RULES

PUBLIC = Server(public_url="https://video.example.org")


def one(kind: Any = "relay", **more: Any) -> ChannelSettings:
    defaults = {"base_url": "http://10.0.0.5:8000", **KIND_RULES[kind].defaults}
    return ChannelSettings(kind=kind, **{"models": {"ray-2": "theirs"}, **defaults, **more})


Make = Callable[..., tuple[Channel, ...]]


@pytest.fixture
async def make() -> AsyncIterator[Make]:
    made: list[Channel] = []

    def build(more: Any = None, **configured: ChannelSettings) -> tuple[Channel, ...]:
        settings = Settings(channels=configured, **(more or {}))
        built = configured_channels(settings, animatic=ScriptedEngine(()))
        made.extend(built)
        return built

    yield build
    for channel in made:
        await channel.engine.close()


async def test_without_channels_the_built_in_renderer_makes_everything(make: Make) -> None:
    (built_in,) = make()
    assert built_in.name == "animatic"
    assert set(built_in.models) == set(MODELS)
    assert not isinstance(built_in, UpstreamChannel)


async def test_what_a_channel_serves_is_made_by_no_preview(make: Make) -> None:
    relay, built_in = make(relay=one())
    assert relay.models == {"ray-2": "theirs"}
    assert set(built_in.models) == set(MODELS) - {"ray-2"}


async def test_where_the_built_in_renderer_is_off_only_channels_are_left(make: Make) -> None:
    (only,) = make({"animatic": Animatic(enabled=False)}, relay=one())
    assert only.name == "relay"


async def test_the_built_in_renderer_can_be_a_channel_among_others(make: Make) -> None:
    preview = one("animatic", base_url=None, priority=-1, price=Decimal("0.5"))
    relay, channel, rest = make(relay=one(), preview=preview)
    assert (channel.name, channel.priority, channel.price) == ("preview", -1, 500_000)
    assert channel.concurrency is None
    assert channel.engine is rest.engine
    assert trial_engine(channel, "ray-2") is channel.engine
    assert relay.engine is not rest.engine


@pytest.mark.parametrize("enabled", [True, False])
async def test_the_slate_engine_makes_what_no_channel_serves_where_it_is_chosen(
    make: Make, enabled: bool
) -> None:
    chosen = {"engine": "slate", "animatic": Animatic(enabled=enabled)}
    relay, built_in = make(chosen, relay=one(), preview=one("animatic", base_url=None))[::2]
    assert (built_in.name, built_in.engine.name) == ("slate", "slate")
    assert "ray-2" not in built_in.models
    assert relay.engine is not built_in.engine


async def test_the_slate_engine_takes_what_the_animatic_engine_takes_except_plans(
    make: Make,
) -> None:
    (built_in,) = make({"engine": "slate"})
    assert built_in.engine.capabilities == replace(AnimaticEngine().capabilities, shot_plans=False)


def test_many_jobs_of_the_slate_engine_may_wait_at_once() -> None:
    assert Settings(engine="slate").slots == 16
    assert Settings(engine="slate", worker=Worker(slots=3)).slots == 3
    assert Settings().slots < 16 or cores() >= 32


@pytest.mark.parametrize("kind", [kind for kind, sort in KIND_RULES.items() if sort.is_remote])
async def test_each_kind_of_upstream_can_be_made(make: Make, kind: str) -> None:
    channel, _ = make(luma=one(kind, price=Decimal("0.32"), weight=3))
    assert isinstance(channel, UpstreamChannel)
    assert channel.upstream.kind == kind
    assert channel.engine.name == kind
    assert channel.engine.capabilities == channel.upstream.capabilities
    assert (channel.price, channel.weight, channel.concurrency) == (
        320_000,
        3,
        KIND_RULES[kind].defaults["concurrency"],  # type: ignore[index]  # it is one of them
    )
    assert trial_engine(channel, "ray-2").name == kind


@pytest.mark.parametrize("kind", [kind for kind, sort in KIND_RULES.items() if sort.is_remote])
async def test_only_machines_of_ones_own_give_back_what_is_cancelled(make: Make, kind: str) -> None:
    channel, _ = make(luma=one(kind))
    assert channel.refunds_cancelled is (kind in {"openai-videos", "lightx2v"})
    other, _ = make(luma=one(kind, refunds_cancelled=not channel.refunds_cancelled))
    assert other.refunds_cancelled is not channel.refunds_cancelled


async def test_terms_are_the_operators(make: Make) -> None:
    made = one(
        requests_per_minute=5,
        expected_duration_s=6,
        min_poll_interval_s=7,
        max_poll_interval_s=8,
        deadline_s=9,
        ambiguous_after_s=10,
        on_ambiguous="resubmit",
        honours_idempotency=True,
        loses_jobs=True,
        file_limit_mb=11,
        file_deadline_s=12,
        batch=13,
    )
    channel, *_ = make(relay=made)
    assert isinstance(channel, UpstreamChannel)
    assert channel.terms == UpstreamTerms(
        requests_per_minute=5,
        expected_duration_s=6,
        min_poll_interval_s=7,
        max_poll_interval_s=8,
        deadline_s=9,
        ambiguous_after_s=10,
        resubmits=True,
        honours_keys=True,
        loses_jobs=True,
        file_limit_bytes=11 << 20,
        file_deadline_s=12,
    )
    assert channel.upstream.poll_batch_size == 13


async def test_another_key_or_address_or_kind_is_another_fingerprint(make: Make) -> None:
    first, second = (one(key=key) for key in ("a", "b"))
    made = make(
        a=first,
        b=second,
        c=one(key="a", base_url="http://10.0.0.6:8000"),
        d=one("lightx2v", key="a"),
        e=one(key="a", priority=3),
    )
    prints = {c.name: c.fingerprint for c in made if isinstance(c, UpstreamChannel)}
    assert len({prints[name] for name in "abcd"}) == 4
    assert prints["e"] == prints["a"]


def test_what_an_operator_says_replaces_what_the_kind_can() -> None:
    can = channel_capabilities(
        one("openai-videos", flavour="sglang", can={"durations_s": (7.0,), "loop": True}),
        can_be_reached=True,
    )
    assert (can.durations_s, can.loop, can.seed) == ((7.0,), True, True)


def test_without_a_public_url_dream_machine_gets_no_files_and_still_goes_on_from_its_own() -> None:
    reached, alone = (
        channel_capabilities(one("dream-machine"), can_be_reached=reached)
        for reached in (True, False)
    )
    assert reached.first_image
    assert reached.references
    assert not alone.first_image
    assert not alone.last_image
    assert alone.references == ()
    assert alone.extend
    assert set(reached.kinds) - set(alone.kinds) == {Kind.REFRAME, Kind.MODIFY}
    assert Kind.UPSCALE in alone.kinds
    assert channel_capabilities(
        one("dream-machine", pictures="data"), can_be_reached=False
    ).first_image


@pytest.mark.parametrize("kind", ["relay", "agents", "openai-videos", "lightx2v"])
def test_the_others_are_handed_pictures_in_another_way(kind: str) -> None:
    assert channel_capabilities(one(kind, pictures="url"), can_be_reached=False).first_image


@pytest.mark.parametrize(
    ("url", "host", "address", "port"),
    [
        ("http://127.0.0.1:8001/v1", "127.0.0.1", "127.0.0.1", 8001),
        ("http://localhost:8001", "localhost", "127.0.0.1", 8001),
        ("http://[fd00::5]:8001", "fd00::5", "fd00::5", 8001),
        ("https://gpu.lan/v1", "gpu.lan", "10.0.0.5", 443),
    ],
)
def test_results_may_be_fetched_from_where_the_channel_is_and_nowhere_else_inside(
    url: str, host: str, address: str, port: int
) -> None:
    rules = AddressRules(allow=(_opening(parse(url)),), ports=frozenset({80, 443}))
    rules.verify(host, [ip_address(address)], port)
    for other_host, other, at in (
        (host, address, port + 1),
        ("10.0.0.9", "10.0.0.9", port),
        ("169.254.169.254", "169.254.169.254", 80),
    ):
        with pytest.raises(ForbiddenAddress):
            rules.verify(other_host, [ip_address(other)], at)


def reported(
    server: Server | None = None, **configured: ChannelSettings
) -> dict[str, tuple[str, ...]]:
    return warnings(Settings(channels=configured, server=server or Server()))


def test_what_is_odd_is_told(tmp_path: Path) -> None:
    assert reported(PUBLIC, luma=one("dream-machine", base_url="https://a.example")) == {"luma": ()}
    (why,) = reported(luma=one("dream-machine"))["luma"]
    assert "server.public_url is unset" in why
    (why,) = reported(relay=one(on_ambiguous="resubmit"))["relay"]
    assert "paid twice" in why
    assert reported(relay=one(on_ambiguous="resubmit", honours_idempotency=True)) == {"relay": ()}
    key = tmp_path / "key"
    key.write_text("k")
    key.chmod(0o640)
    (why,) = reported(relay=one(key="k", key_file=key))["relay"]
    assert "chmod 600" in why
    key.chmod(0o600)
    assert reported(relay=one(key="k", key_file=key)) == {"relay": ()}


@pytest.mark.parametrize(
    ("url", "in_the_open"),
    [
        ("http://relay.example.com", True),
        ("http://8.8.8.8:3000", True),
        ("https://relay.example.com", False),
        ("http://10.0.0.5:3000", False),
        ("http://localhost:3000", False),
        ("http://gpu.lan", False),
        ("http://[::1]:3000", False),
    ],
)
def test_a_key_in_the_open_is_told_of(url: str, in_the_open: bool) -> None:
    found = reported(relay=one(base_url=url, key="k"))["relay"]
    assert any("unencrypted" in why for why in found) is in_the_open
    assert reported(relay=one(base_url=url)) == {"relay": ()}


def test_two_channels_of_one_account_are_told_of() -> None:
    found = reported(a=one(key="k"), b=one(key="k"), c=one(key="other"))
    assert found["a"] == found["c"] == ()
    assert found["b"] == ("it is the same account as a, with ray-2 in both",)


def test_a_role_is_what_the_operator_said() -> None:
    assert channel_capabilities(
        one(can={"references": (Role.STYLE,)}), can_be_reached=True
    ).references == (Role.STYLE,)
