"""Make the configured channels from their settings, and warn of risky ones."""

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from ipaddress import ip_address
from itertools import combinations
from typing import Final

from rushes.bootstrap.local_channels import LocalChannels, model_problem
from rushes.core.capabilities import Capabilities
from rushes.core.spec import Kind
from rushes.engines.animatic.engine import AnimaticEngine
from rushes.engines.base import Channel, Engine
from rushes.engines.isolated import IsolatedEngine
from rushes.engines.slate.directives import DirectedEngine
from rushes.engines.slate.engine import SlateEngine
from rushes.engines.upstream import agents, dream_machine, lightx2v, openai_videos, relay
from rushes.engines.upstream.base import Upstream, UpstreamChannel, UpstreamTerms
from rushes.engines.upstream.connection import UpstreamConnection
from rushes.engines.upstream.engine import UpstreamEngine
from rushes.kit.address_rules import Target, is_public, parse
from rushes.kit.safe_http import SafeHttpClient
from rushes.service.catalogue import MODELS
from rushes.service.channel_control import ChannelNotice
from rushes.settings import ChannelSettings, Settings, half_the_cores

_ON_FILES: Final = (Kind.UPSCALE, Kind.AUDIO, Kind.REFRAME, Kind.MODIFY)
"""The kinds of work that need a video or picture as input."""

_Make = Callable[[UpstreamConnection, ChannelSettings, Capabilities], Upstream]


def configured_channels(
    settings: Settings, *, animatic: Engine, has_worker: bool = True
) -> tuple[Channel, ...]:
    """Return the channels as the folder of models is now; see :func:`channel_maker`."""
    return channel_maker(settings, animatic=animatic, has_worker=has_worker)()


def channel_maker(
    settings: Settings, *, animatic: Engine, has_worker: bool = True
) -> Callable[[], tuple[Channel, ...]]:
    """
    Return what makes the configured channels, and those of built-in engines for the rest.

    Each call looks for pulled models anew; engines of the same models are the same ones.

    A pulled model that this machine can run makes the default model, or stills. The animatic
    engine, or the slate engine where it is chosen, makes the rest, and what the pulled models
    cannot do.

    Args:
        animatic: The animatic engine.

        has_worker: Whether this process makes generations, and so needs the local models.

    Raises:
        SettingsError: The model of a local channel is not there.
    """
    local = LocalChannels(settings, has_worker=has_worker)
    animatic = local.measured(animatic)
    configured: list[Channel] = []
    for name, one in settings.channels.items():
        if one.kind == "animatic":
            configured.append(_animatic(name, one, animatic))
        elif one.kind == "local":
            configured.append(local.configured(name, one))
        else:
            configured.append(_remote(name, one, settings))
    is_slate = settings.engine == "slate"
    served = {model for one in configured for model in one.models}
    left = [model for model in MODELS if model not in served]
    has_built_in = left and (is_slate or settings.animatic.enabled)
    engine = slate(settings) if is_slate else animatic

    def channels() -> tuple[Channel, ...]:
        pulled = () if is_slate else tuple(local.pulled(served))
        if not has_built_in:
            return (*configured, *pulled)
        built_in = Channel(
            name=settings.engine,
            engine=engine,
            models={model: model for model in left},
            fallback_for=frozenset(model for one in pulled for model in one.models),
        )
        return (*configured, *pulled, built_in)

    return channels


def animatic(settings: Settings) -> Engine:
    """Return the animatic engine, in a process of its own."""
    options: dict[str, object] = {
        "threads": settings.animatic.threads,
        "watermark": settings.animatic.watermark,
    }
    if settings.animatic.credentials:
        options["credentials_folder"] = str(settings.data / "credentials")
    inner = AnimaticEngine(threads=settings.animatic.threads)
    return IsolatedEngine(inner, options, spare=settings.slots)


def slate(settings: Settings) -> Engine:
    """Return the slate engine: it obeys prompts here and draws in processes of its own."""
    concepts = AnimaticEngine().capabilities.concepts
    places = min(settings.slots, half_the_cores())
    drawing = IsolatedEngine(SlateEngine(concepts=concepts), spare=places)
    return DirectedEngine(drawing, places=places)


def trial_engine(channel: Channel, model: str) -> Engine:
    """Return what renders *model* at once, with nothing kept: to see whether a channel works."""
    if isinstance(channel, UpstreamChannel):
        return _engine(channel.upstream, channel.models[model], channel.terms)
    return channel.engine


def notices(settings: Settings) -> dict[str, ChannelNotice]:
    """Return what else is known of each configured channel, by name."""
    odd = warnings(settings)
    return {
        name: ChannelNotice(
            host=parse(one.base_url).authority if one.base_url else "here", warnings=odd[name]
        )
        for name, one in settings.channels.items()
    }


def _animatic(name: str, one: ChannelSettings, animatic: Engine) -> Channel:
    return Channel(
        name=name,
        engine=animatic,
        models=one.models,
        priority=one.priority,
        weight=one.weight,
        price=one.price_micro,
    )


def _remote(name: str, one: ChannelSettings, settings: Settings) -> UpstreamChannel:
    upstream = _upstream(one, settings)
    terms = _terms(one)
    return UpstreamChannel(
        name=name,
        engine=_engine(upstream, next(iter(one.models.values())), terms),
        models=one.models,
        priority=one.priority,
        weight=one.weight,
        concurrency=one.concurrency,
        price=one.price_micro,
        refunds_cancelled=one.refunds_cancelled,
        upstream=upstream,
        terms=terms,
        fingerprint=""  # with a key that is not here it may be what it was
        if absent_key(one)
        else _fingerprint(one.kind, one.base_url or "", upstream.credential),
    )


def _engine(upstream: Upstream, model: str, terms: UpstreamTerms) -> UpstreamEngine:
    return UpstreamEngine(upstream, model=model, pause_s=terms.min_poll_interval_s, terms=terms)


def _fingerprint(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def _upstream(one: ChannelSettings, settings: Settings) -> Upstream:
    base_url = one.base_url or ""
    line = UpstreamConnection(
        base_url=base_url,
        key=one.key.get_secret_value() if one.key else None,
        files=SafeHttpClient(allow=(*settings.network.allow, _opening(parse(base_url)))),
        connect_s=one.connect_s,
        answer_s=one.answer_s,
        submit_s=one.submit_s,
        refusal_statuses=frozenset(one.refusal_statuses),
    )
    return _MAKE[one.kind](
        line, one, channel_capabilities(one, can_be_reached=_can_be_reached(settings))
    )


def _opening(target: Target) -> str:
    """Return the allow-list's entry that opens exactly where a channel is."""
    host = f"[{target.host}]" if ":" in target.host else target.host
    return f"{host}:{target.port}"


def _can_be_reached(settings: Settings) -> bool:
    return settings.server.public_url is not None


def channel_capabilities(one: ChannelSettings, *, can_be_reached: bool) -> Capabilities:
    """
    Return what a channel can do: what its kind can, and what its operator says of it.

    Args:
        can_be_reached: Whether its upstream could fetch pictures from this server.
    """
    can = replace(_usual(one), **one.can)
    return can if can_be_reached or not _needs_urls(one) else _without_files(can)


def _needs_urls(one: ChannelSettings) -> bool:
    """Return whether no other way is left to hand it a file than an address of ours."""
    return one.kind == "dream-machine" and one.pictures == "url"


def _without_files(can: Capabilities) -> Capabilities:
    """Return what is left for an upstream that cannot be handed any file."""
    by_id = tuple(kind for kind in can.by_id if kind in can.kinds)
    return replace(
        can,
        kinds=tuple(kind for kind in can.kinds if kind not in _ON_FILES or kind in by_id),
        first_image=False,
        last_image=False,
        extend=can.extend and Kind.VIDEO in by_id,
        extend_backwards=can.extend_backwards and Kind.VIDEO in by_id,
        interpolate=can.interpolate and Kind.VIDEO in by_id,
        references=(),
    )


def _usual(one: ChannelSettings) -> Capabilities:
    if one.kind == "openai-videos":
        return openai_videos.OF_FLAVOUR[one.flavour]
    return _OF_KIND[one.kind]


_OF_KIND: Final[Mapping[str, Capabilities]] = {
    "relay": relay.CAPABILITIES,
    "dream-machine": dream_machine.CAPABILITIES,
    "agents": agents.CAPABILITIES,
    "lightx2v": lightx2v.CAPABILITIES,
}


def _relay(line: UpstreamConnection, one: ChannelSettings, can: Capabilities) -> Upstream:
    return relay.RelayUpstream(
        line,
        capabilities=can,
        pictures="url" if one.pictures == "url" else "data",
        poll_batch_size=max(1, one.batch),
    )


def _dream_machine(line: UpstreamConnection, one: ChannelSettings, can: Capabilities) -> Upstream:
    return dream_machine.DreamMachineUpstream(
        line, capabilities=can, pictures="data" if one.pictures == "data" else "url"
    )


def _agents(line: UpstreamConnection, one: ChannelSettings, can: Capabilities) -> Upstream:
    return agents.AgentsUpstream(line, capabilities=can, pictures=one.pictures or "data")


def _openai_videos(line: UpstreamConnection, one: ChannelSettings, can: Capabilities) -> Upstream:
    return openai_videos.OpenAIVideosUpstream(
        line,
        capabilities=can,
        flavour=one.flavour,
        fps=one.fps,
        pictures=one.pictures or "upload",
    )


def _lightx2v(line: UpstreamConnection, one: ChannelSettings, can: Capabilities) -> Upstream:
    return lightx2v.LightX2VUpstream(
        line,
        capabilities=can,
        pictures=one.pictures or "data",
        **({} if one.fps is None else {"fps": one.fps}),
        fields=one.fields,
    )


_MAKE: Final[Mapping[str, _Make]] = {
    "relay": _relay,
    "dream-machine": _dream_machine,
    "agents": _agents,
    "openai-videos": _openai_videos,
    "lightx2v": _lightx2v,
}


def _terms(one: ChannelSettings) -> UpstreamTerms:
    return UpstreamTerms(
        requests_per_minute=one.requests_per_minute,
        expected_duration_s=one.expected_duration_s,
        min_poll_interval_s=one.min_poll_interval_s,
        max_poll_interval_s=one.max_poll_interval_s,
        deadline_s=one.deadline_s,
        result_missing_after_s=one.result_missing_after_s,
        ambiguous_after_s=one.ambiguous_after_s,
        resubmits=one.on_ambiguous == "resubmit",
        honours_keys=one.honours_idempotency,
        loses_jobs=one.loses_jobs,
        file_limit_bytes=one.file_limit_mb << 20,
        file_deadline_s=one.file_deadline_s,
    )


def warnings(settings: Settings) -> dict[str, tuple[str, ...]]:
    """Return what an operator may want to know of each configured channel before it costs him."""
    several = _sharing(settings.channels)
    reached = _can_be_reached(settings)
    return {
        name: (
            *_odd(one, can_be_reached=reached),
            *_odd_model(one, settings),
            *several.get(name, ()),
        )
        for name, one in settings.channels.items()
    }


def absent_key(one: ChannelSettings) -> str | None:
    """Return where the key of a channel should be, if there is none."""
    if one.key is not None:
        return None
    if one.key_env is not None:
        return f"the variable {one.key_env}"
    return f"the file {one.key_file}" if one.key_file else None


def _odd(one: ChannelSettings, *, can_be_reached: bool) -> Iterator[str]:
    if _needs_urls(one) and not can_be_reached:
        yield "it takes no pictures: it would fetch them here, and server.public_url is unset"
    if absent := absent_key(one):
        yield f"its key is missing: {absent} is empty or does not exist"
    if one.on_ambiguous == "resubmit" and not one.honours_idempotency:
        yield "it may be paid twice for one video: on_ambiguous is 'resubmit'"
    if one.key and one.base_url and _is_in_the_open(parse(one.base_url)):
        yield "its key and what is asked of it cross the internet unencrypted: base_url is http"
    if one.key_file and one.key and one.key_file.stat().st_mode & 0o077 and os.name == "posix":
        yield "its key_file can be read by others on this machine; `chmod 600` mends that"


def _odd_model(one: ChannelSettings, settings: Settings) -> Iterator[str]:
    if one.kind != "local":
        return
    if problem := model_problem(one, settings):
        yield problem
    if one.python is not None and not one.python.is_file():
        yield f"its interpreter {one.python} does not exist"
    for lora in one.loras:
        if not lora.file.exists():
            yield f"its LoRA {lora.file} does not exist"


def _is_in_the_open(target: Target) -> bool:
    if target.scheme != "http":
        return False
    try:
        return is_public(ip_address(target.host))
    except ValueError:
        inside = (".local", ".lan", ".internal", ".home.arpa", ".localhost", ".test")
        return "." in target.host and not target.host.endswith(inside)


def _sharing(configured: Mapping[str, ChannelSettings]) -> dict[str, tuple[str, ...]]:
    """Return what is to be said of channels that are one account, by name."""
    said: dict[str, tuple[str, ...]] = {}
    for (name, one), (other, two) in combinations(configured.items(), 2):
        both = sorted(one.models.keys() & two.models.keys())
        if one.base_url and (one.base_url, one.key) == (two.base_url, two.key) and both:
            why = f"it is the same account as {name}, with {', '.join(both)} in both"
            said[other] = (*said.get(other, ()), why)
    return said
