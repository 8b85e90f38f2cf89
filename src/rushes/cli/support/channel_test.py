"""Generate the smallest thing that a channel can make, to test the channel."""

import shutil
import tempfile
import time
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from rushes.bootstrap.channels import trial_engine
from rushes.cli.support.exit_codes import CommandError, ExitCode
from rushes.cli.support.output import say
from rushes.cli.support.progress import progress
from rushes.core.credit_amounts import format_credits
from rushes.core.geometry import SHORT_SIDES_PX
from rushes.core.rendered import Rendered
from rushes.core.spec import GenerationSpec, Kind, Medium, Still
from rushes.engines.base import Channel, Job
from rushes.engines.upstream.base import UpstreamChannel
from rushes.service.catalogue import PICTURE_MODELS

_PROMPT = "A lighthouse on a cliff at dusk, waves below"


@dataclass(frozen=True, slots=True, kw_only=True)
class TestOffer:
    """A test generation, and a sentence about it to confirm."""

    model: str
    spec: GenerationSpec
    sentence: str
    is_paid: bool


def offer_test(channel: Channel, model: str | None) -> TestOffer:
    """
    Return the smallest test of *model*, by default the channel's first model.

    Raises:
        CommandError: The channel does not serve that model.
    """
    chosen = model or next(iter(channel.models))
    if chosen not in channel.models:
        served = ", ".join(channel.models)
        raise CommandError(
            f"{channel.name} does not serve {chosen}; it serves {served}", ExitCode.USAGE
        )
    spec, what = _smallest(channel, chosen)
    is_paid = isinstance(channel, UpstreamChannel)
    sentence = f"{channel.name} makes {what} with {chosen} here"
    if is_paid:
        units = 1 if spec.makes is Medium.IMAGE else Decimal(str(spec.duration_s))
        price = int(channel.price * units)
        cost = f" ({format_credits(price)} credits by your price)" if channel.price else ""
        sentence = (
            f"{channel.name} makes {what} with {chosen} at its own price{cost}; this costs money"
        )
    return TestOffer(model=chosen, spec=spec, sentence=sentence, is_paid=is_paid)


def _smallest(channel: Channel, model: str) -> tuple[GenerationSpec, str]:
    """Return the specification, and its name in a sentence."""
    can = channel.engine.capabilities
    draws = Kind.IMAGE in can.kinds and (model in PICTURE_MODELS or Kind.VIDEO not in can.kinds)
    if draws:
        ratio = "1:1" if "1:1" in can.still_ratios else can.still_ratios[0]
        still = Still(format=can.still_formats[0])
        spec = GenerationSpec(
            prompt=_PROMPT, model=model, kind=Kind.IMAGE, aspect_ratio=ratio, still=still
        )
        return spec, "one image"
    ratio = "16:9" if "16:9" in can.ratios else can.ratios[0]
    resolution = min(can.resolutions, key=lambda name: SHORT_SIDES_PX[name])
    spec = GenerationSpec(
        prompt=_PROMPT,
        model=model,
        aspect_ratio=ratio,
        resolution=resolution,
        duration_s=min(can.durations_s),
    )
    return spec, f"one video of {spec.duration_s:g} s in {resolution}"


async def render_test(
    channel: Channel, offer: TestOffer, *, out: Path | None, shown: bool
) -> dict[str, object]:
    """Generate it, move it to *out* if that is given, and describe it. Raises EngineError."""
    begun_s = time.perf_counter()
    with (
        tempfile.TemporaryDirectory(prefix="rushes-") as folder,
        progress(channel.name, shown=shown) as report,
    ):
        job = Job(spec=offer.spec, prompt=offer.spec.prompt)
        engine = trial_engine(channel, offer.model)
        files = await engine.render(
            job, Path(folder), lambda share, _=None: report(share, "generating")
        )
        found = _described(files[0], time.perf_counter() - begun_s)
        if out is not None:
            shutil.move(files[0].file, out)
    if shown:
        kept = f" in {out}" if out else ""
        say(
            f"{channel.name} made {found['width_px']}x{found['height_px']},"
            f" {found['size_bytes']} bytes{kept}, in {found['took_s']} s"
        )
    return found


def _described(made: Rendered, took_s: float) -> dict[str, object]:
    return {
        "kind": made.kind,
        "media_type": made.media_type,
        "width_px": made.width_px,
        "height_px": made.height_px,
        "duration_s": made.duration_s,
        "size_bytes": made.file.stat().st_size,
        "took_s": round(took_s, 1),
    }
