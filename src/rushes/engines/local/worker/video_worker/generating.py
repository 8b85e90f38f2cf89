"""Generate one clip: encode the prompt, remove noise, decode, and write the file."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any, Final

import torch

from .conditions import read_conditions
from .decoding import Latents, decode_slices, slice_count, undecoded
from .delivery import write_video
from .devices import free_bytes
from .errors import BadModel, Cancelled
from .exchange import Events
from .families.base import Arguments, refuse
from .loading import LoadedModel
from .memory import needs_tiles
from .preview import Previews, expected_latents
from .requests import Clip
from .sound import Sound

IsCancelled = Callable[[str], bool]

_TOGETHER: Final = 8
"""The most frames that are handed to the encoder at once."""


class Run:
    """The phases of one job: their times, their events, and the way out when it is cancelled."""

    def __init__(self, job: str, events: Events, is_cancelled: IsCancelled) -> None:
        self._job = job
        self._events = events
        self._is_cancelled = is_cancelled
        self._phase = ""
        self._since_s = time.monotonic()
        self.seconds: dict[str, float] = {}

    def begin(self, phase: str, steps: int) -> None:
        """End one phase and begin the next."""
        self.end()
        self._phase = phase
        self.report(0, steps)

    def end(self) -> None:
        """Add up the time of the phase that ends."""
        now_s = time.monotonic()
        if self._phase:
            self.seconds[self._phase] = round(now_s - self._since_s, 3)
        self._since_s = now_s

    def report(self, step: int, steps: int) -> None:
        """Report a step. Raises Cancelled: The server wants no result any more."""
        self.check()
        self._events.write("progress", id=self._job, phase=self._phase, step=step, steps=steps)

    def check(self) -> None:
        """Raise Cancelled if the server wants no result any more."""
        if self._is_cancelled(self._job):
            raise Cancelled

    def announce_preview(self) -> None:
        self._events.write("preview", id=self._job)


def generate(
    loaded: LoadedModel, clip: Clip, events: Events, is_cancelled: IsCancelled
) -> dict[str, Any]:
    """
    Generate a clip and return the fields of the event ``done``.

    Raises:
        Cancelled: The server cancelled it. The model can generate the next clip.

        BadInput: The clip does not fit the model.

        BadModel: The model gives no usable frames.
    """
    _check(loaded, clip)
    run = Run(clip.id, events, is_cancelled)
    if loaded.device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(loaded.device)
    try:
        with torch.no_grad(), ExitStack() as hooks:
            _set_tiles(loaded, clip)
            run.begin("encode prompt", 1)
            words = loaded.prompts.get(clip.words)
            run.report(1, 1)
            vae = loaded.pipe.vae
            result, latents = _denoise(loaded, clip, words, run)
            hooks.callback(_watch_decoder(vae, run, slice_count(vae, latents)).remove)
            frames = _kept_frames(_decode(vae, latents, clip), clip, run)
            on_gpu = loaded.device.type == "cuda"
            write_video(frames, clip, on_gpu=on_gpu, sound=_sound_of(result, loaded, clip))
            run.end()
    finally:
        # A cache keeps the state of a run that was cut short, and would spoil the next one.
        loaded.pipe.maybe_free_model_hooks()
    peak = torch.cuda.max_memory_allocated(loaded.device) if loaded.device.type == "cuda" else None
    return {
        "width": clip.deliver_width,
        "height": clip.deliver_height,
        "frames": clip.keep[1] - clip.keep[0],
        "seconds": run.seconds,
        "peak_bytes": peak,
    }


def _check(loaded: LoadedModel, clip: Clip) -> None:
    """Raise BadInput for what the pipeline would drop or change."""
    grid = loaded.family.grid(loaded.pipe)
    grid.check(clip)
    refuse(clip.sound and loaded.family.sound_rate is None, "this family makes no sound")
    if clip.second_sigmas is not None:
        refuse(loaded.upsampler is None, "this model has no latent_upsampler for a second pass")
        grid.check(_first_pass(clip))
        refuse(clip.width % 2 or clip.height % 2, "the first pass has half the width and height")


def _first_pass(clip: Clip) -> Clip:
    return replace(clip, width=clip.width // 2, height=clip.height // 2)


def _denoise(loaded: LoadedModel, clip: Clip, words: Arguments, run: Run) -> tuple[Any, Latents]:
    """Return what the pipeline returns, and the latents that it has left to decode."""
    generator = torch.Generator("cpu").manual_seed(clip.seed)
    second = clip.second_sigmas
    total = clip.steps + len(second or ())
    run.begin("denoise", total)
    if second is None:
        with undecoded(loaded.pipe.vae) as latents:
            steps = _Steps(loaded, clip, run, 0, total)
            return _call(loaded, clip, words, steps, generator, output_type="pt"), latents
    first = _first_pass(clip)
    steps = _Steps(loaded, first, run, 0, total)
    made = _call(loaded, first, words, steps, generator, output_type="latent")
    enlarged = loaded.upsampler(made.frames.to(loaded.upsampler.dtype)).float()
    refined = replace(clip, steps=len(second), sigmas=second)
    more = {"latents": enlarged, "audio_latents": made.audio, "noise_scale": second[0]}
    steps = _Steps(loaded, refined, run, clip.steps, total)
    with undecoded(loaded.pipe.vae) as latents:
        result = _call(loaded, refined, words | more, steps, generator, output_type="pt")
    return result, latents


def _call(
    loaded: LoadedModel,
    clip: Clip,
    more: Arguments,
    steps: "_Steps",
    generator: torch.Generator,
    *,
    output_type: str,
) -> Any:
    """Call the pipeline once."""
    pipe, arguments = loaded.family.inputs(loaded.pipe, clip, read_conditions(clip))
    pipe.set_progress_bar_config(disable=True)
    try:
        with loaded.family.schedule(pipe, clip, generator):
            return pipe(
                **arguments | more,
                width=clip.width,
                height=clip.height,
                num_frames=clip.frames,
                guidance_scale=clip.guidance,
                generator=generator,
                callback_on_step_end=steps,
                output_type=output_type,
            )
    finally:
        pipe.maybe_free_model_hooks()


class _Steps:
    """
    Called by the pipeline after each step; raising leaves it at once, without decoding.

    Args:
        earlier: The steps of an earlier pass.

        total: The steps of all passes.
    """

    def __init__(self, loaded: LoadedModel, clip: Clip, run: Run, earlier: int, total: int) -> None:
        self._loaded = loaded
        self._clip = clip
        self._run = run
        self._earlier, self._total = earlier, total
        self._previews = Previews(clip.preview) if clip.preview else None
        self._latents: Any = None

    def __call__(self, pipe: Any, step: int, timestep: Any, tensors: dict[str, Any]) -> Any:
        done = self._earlier + step + 1
        self._run.report(done, self._total)
        if done == self._total:
            self._run.begin("decode", 1)
        else:
            self._show(pipe, step, tensors["latents"])
        return tensors

    def _show(self, pipe: Any, step: int, latents: Any) -> None:
        earlier, self._latents = self._latents, latents
        projection = self._loaded.projection
        if (
            earlier is None
            or projection is None
            or self._clip.solver == "renoise"  # its steps are no straight lines
            or not (self._previews and self._previews.is_due())
        ):
            return
        clean = expected_latents(earlier, latents, *pipe.scheduler.sigmas[step : step + 2])
        self._previews.write(
            projection.picture_of(self._loaded.family.latents(pipe, clean, self._clip))
        )
        self._run.announce_preview()


def _watch_decoder(vae: Any, run: Run, slices: int) -> Any:
    """Report each call of the decoder: one for each slice, or more where it works on tiles."""
    calls = 0

    def before(*ignored: object) -> None:
        nonlocal calls
        run.report(calls, max(slices, calls + 1))
        calls += 1

    return vae.decoder.register_forward_pre_hook(before)


def _set_tiles(loaded: LoadedModel, clip: Clip) -> None:
    vae = loaded.pipe.vae
    if needs_tiles(clip.width, clip.height, free_bytes(loaded.device)):
        vae.enable_tiling()
    else:
        vae.disable_tiling()


def _sound_of(result: Any, loaded: LoadedModel, clip: Clip) -> Sound | None:
    """Return the sound of the frames that are kept."""
    if not clip.sound or loaded.family.sound_rate is None:
        return None
    samples = result.audio[0].float()
    if not torch.isfinite(samples).all():
        raise BadModel("the model gave a sound that is no numbers; load it as bfloat16 or float32")
    sound = Sound(
        samples=samples.clamp(-1, 1).cpu().numpy(), rate=loaded.family.sound_rate(loaded.pipe)
    )
    return sound.between(*(frame / clip.fps for frame in clip.keep))


def _decode(vae: Any, latents: Latents, clip: Clip) -> Iterator[Any]:
    """
    Yield a few frames at a time, ``(frames, 3, height, width)`` from 0 to 1.

    Raises:
        BadModel: They are not the planned ones, or not numbers.
    """
    made = 0
    for video in decode_slices(vae, latents):
        frames = (video[0].float() / 2 + 0.5).clamp(0, 1).transpose(0, 1)
        height, width = frames.shape[2:]
        if (width, height) != (clip.width, clip.height):
            raise BadModel(
                f"the model made frames of {width}x{height}, and not of {clip.width}x{clip.height}"
            )
        if not torch.isfinite(frames).all():  # a clamp keeps what is no number
            raise BadModel(
                "the model gave values that are no numbers; load it as bfloat16 or float32"
            )
        made += len(frames)
        yield from frames.split(_TOGETHER)
    if made != clip.frames:
        raise BadModel(f"the model made {made} frames, and not {clip.frames}")


def _kept_frames(decoded: Iterable[Any], clip: Clip, run: Run) -> Iterator[Any]:
    """Yield the frames that go into the file, ``(frames, height, width, 3)`` uint8."""
    start, stop = clip.keep
    made = 0
    for frames in decoded:
        kept = frames[max(0, start - made) : max(0, stop - made)]
        made += len(frames)
        if len(kept):
            yield (kept * 255).round().to(torch.uint8).permute(0, 2, 3, 1).cpu().numpy()
        run.check()
    run.begin("write", stop - start)
