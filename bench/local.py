"""
Compare the worker of local models with the limit of the device and with plain diffusers.

For each case, in one process and in turns: the worker generates a complete clip from words; plain
diffusers makes the same clip with one call of its pipeline and its own encoder of videos. The
limit is the number of floating-point operations, counted while the model runs, at the rate of the
device's fastest large matrix product, measured in the same run. On a GPU the models have the real
architectures and random weights: their speed is that of real weights, their pictures are noise.
On a processor they are the tiny models of the tests, which only show that everything runs.

While the worker decodes, it encodes what is decoded: "write" is what remains of that afterwards.

    .venv-local/bin/python bench/local.py [--only NAME] [--device cpu] [--out FILE]
"""

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

os.environ["HF_HUB_OFFLINE"] = "1"
ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [
    str(ROOT / "src" / "rushes" / "engines" / "local" / "worker"),
    str(ROOT / "tests" / "local"),
]

import diffusers  # noqa: E402
import tiny_models  # noqa: E402
import torch  # noqa: E402
import transformers  # noqa: E402
from diffusers.utils import encode_video  # noqa: E402
from torch.utils.flop_counter import FlopCounterMode  # noqa: E402
from video_worker.conditions import Conditions  # noqa: E402
from video_worker.devices import choose_device  # noqa: E402
from video_worker.generating import generate  # noqa: E402
from video_worker.loading import FAMILIES, LoadedModel, prepare  # noqa: E402
from video_worker.requests import Clip, Model  # noqa: E402

GIB = 1 << 30
PROMPT = "a lighthouse on a cliff at dusk, waves below, the light turns"


# Real architectures with random weights


@contextmanager
def made_on(device: torch.device, dtype: torch.dtype) -> Iterator[None]:
    before = torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    try:
        with torch.device(device):
            yield
    finally:
        torch.set_default_dtype(before)


def text_encoder(kind: str) -> Any:
    """The size of T5-XXL, which Wan (as UMT5) and LTX-Video use; the tokens are letters."""
    return getattr(transformers, f"{kind}EncoderModel")(
        getattr(transformers, f"{kind}Config")(
            vocab_size=256384 if kind == "UMT5" else 32128, d_model=4096, d_kv=64, d_ff=10240,
            num_layers=24, num_heads=64, feed_forward_proj="gated-gelu",
        )
    ).eval()  # fmt: skip


def wan_ti2v(device: torch.device) -> Any:
    with made_on(device, torch.bfloat16):
        transformer = diffusers.WanTransformer3DModel(
            patch_size=(1, 2, 2), num_attention_heads=24, attention_head_dim=128, in_channels=48,
            out_channels=48, text_dim=4096, freq_dim=256, ffn_dim=14336, num_layers=30,
            cross_attn_norm=True, qk_norm="rms_norm_across_heads", rope_max_seq_len=1024,
        )  # fmt: skip
        encoder = text_encoder("UMT5")
    with made_on(device, torch.float32):
        vae = diffusers.AutoencoderKLWan(
            base_dim=160, decoder_base_dim=256, z_dim=48, in_channels=12, out_channels=12,
            is_residual=True, patch_size=2, latents_mean=[0.0] * 48, latents_std=[1.0] * 48,
            dim_mult=[1, 2, 4, 4], num_res_blocks=2, scale_factor_spatial=16,
            scale_factor_temporal=4, temperal_downsample=[False, True, True],
        )  # fmt: skip
    parts = tiny_models.wan_parts() | {"text_encoder": encoder}
    return diffusers.WanPipeline(transformer=transformer, vae=vae, expand_timesteps=True, **parts)


LTX_BLOCKS = (128, 256, 512, 512)
LTX_DECODER = {
    "decoder_block_out_channels": LTX_BLOCKS,
    "decoder_layers_per_block": (4, 3, 3, 3, 4),
}


def ltx(device: torch.device, heads: int, width: int, layers: int) -> Any:
    with made_on(device, torch.bfloat16):
        transformer = diffusers.LTXVideoTransformer3DModel(
            in_channels=128, out_channels=128, num_attention_heads=heads, attention_head_dim=width,
            cross_attention_dim=heads * width, num_layers=layers, caption_channels=4096,
        )  # fmt: skip
        vae = diffusers.AutoencoderKLLTXVideo(
            in_channels=3, out_channels=3, latent_channels=128,
            **LTX_DECODER, block_out_channels=LTX_BLOCKS,
            layers_per_block=(4, 3, 3, 3, 4),
        )  # fmt: skip
        encoder = text_encoder("T5")
    return diffusers.LTXConditionPipeline(
        transformer=transformer, vae=vae, text_encoder=encoder,
        tokenizer=tiny_models.t5_tokenizer(),
        scheduler=diffusers.FlowMatchEulerDiscreteScheduler(),
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Case:
    """A model and a clip."""

    name: str
    family: str
    make: Callable[[torch.device], Any]
    size: tuple[int, int, int]
    steps: int
    guidance: float
    needs_bytes: int
    """The memory of a GPU that the weights and the work need."""


def tiny(family: str) -> Callable[[torch.device], Any]:
    return lambda device: tiny_models.MODELS[family]().to(device)


WAN_SIZE = (1280, 704, 121)
GPU_CASES = (
    Case(name="LTX-Video 2B, 768x512", family="ltx", make=lambda d: ltx(d, 32, 64, 28),
         size=(768, 512, 121), steps=8, guidance=1.0, needs_bytes=30 * GIB),
    Case(name="LTX-Video 2B, 1216x704", family="ltx", make=lambda d: ltx(d, 32, 64, 28),
         size=(1216, 704, 121), steps=8, guidance=1.0, needs_bytes=36 * GIB),
    Case(name="LTX-Video 13B, 1216x704", family="ltx", make=lambda d: ltx(d, 32, 128, 48),
         size=(1216, 704, 121), steps=8, guidance=1.0, needs_bytes=60 * GIB),
    Case(name="Wan 2.2 TI2V-5B, 3 steps", family="wan2.2-ti2v", make=wan_ti2v,
         size=WAN_SIZE, steps=3, guidance=1.0, needs_bytes=60 * GIB),
    Case(name="Wan 2.2 TI2V-5B, 10 guided steps of 50", family="wan2.2-ti2v", make=wan_ti2v,
         size=WAN_SIZE, steps=10, guidance=5.0, needs_bytes=60 * GIB),
)  # fmt: skip
TINY_CASES = tuple(
    Case(name=f"tiny {family}", family=family, make=tiny(family), size=size, steps=4,
         guidance=3.0 if family.startswith("wan") else 1.0, needs_bytes=0)
    for family, size in {
        "wan2.2-ti2v": (96, 64, 9), "wan2.1-vace": (64, 48, 17), "ltx": (96, 64, 17),
        "ltx2": (96, 64, 17),
    }.items()
)  # fmt: skip


# Measuring


@dataclass(frozen=True, kw_only=True)
class Result:
    """Seconds of the best run of each kind, and floating-point operations."""

    case: Case
    ours: dict[str, float]
    plain_s: float
    plain_write_s: float
    step_flops: int
    decode_flops: int
    peak_bytes: int | None = None


class Silent:
    def write(self, event: str, **fields: Any) -> None: ...


def wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def matrix_rate(device: torch.device) -> float:
    """Return the floating-point operations a second of the fastest large matrix product."""
    on_gpu = device.type == "cuda"
    side, dtype = (8192, torch.bfloat16) if on_gpu else (1024, torch.float32)
    left, right = (torch.randn(side, side, device=device, dtype=dtype) for _ in range(2))
    best = float("inf")
    for _ in range(20):
        wait(device)
        begun = time.perf_counter()
        left @ right
        wait(device)
        best = min(best, time.perf_counter() - begun)
    return 2 * side**3 / best


@contextmanager
def counted(module: Any, method: str, into: list[int]) -> Iterator[None]:
    """Add the operations of each call of a method to *into*."""
    real = getattr(module, method)

    def call(*arguments: Any, **options: Any) -> Any:
        with FlopCounterMode(display=False) as counter:
            result = real(*arguments, **options)
        into.append(counter.get_total_flops())
        return result

    setattr(module, method, call)
    try:
        yield
    finally:
        setattr(module, method, real)


def operations(loaded: LoadedModel, clip: Clip) -> tuple[int, int]:
    """Return the operations of a step and of decoding."""
    step: list[int] = []
    decode: list[int] = []
    short = replace(clip, steps=1, output=clip.output.with_name("counted.mp4"))
    with (
        counted(loaded.pipe.transformer, "forward", step),
        counted(loaded.pipe.vae.decoder, "forward", decode),
    ):
        generate(loaded, short, Silent(), lambda job: False)  # type: ignore[arg-type]
    return sum(step), sum(decode)


def run_plain(loaded: LoadedModel, clip: Clip) -> tuple[float, float]:
    """Return the seconds of the pipeline of diffusers and of its own encoder of videos."""
    more: dict[str, Any] = {}
    if clip.guidance <= 1.0 and loaded.family.pipeline.startswith("LTX2"):
        _, more = loaded.family.inputs(loaded.pipe, clip, Conditions())
        more = {k: v for k, v in more.items() if k not in {"conditions", "num_inference_steps"}}
    begun = time.perf_counter()
    video = loaded.pipe(
        prompt=clip.prompt, negative_prompt="", width=clip.width, height=clip.height,
        num_frames=clip.frames, num_inference_steps=clip.steps, guidance_scale=clip.guidance,
        generator=torch.Generator("cpu").manual_seed(clip.seed), output_type="np", **more,
    ).frames[0]  # fmt: skip
    wait(loaded.device)
    made = time.perf_counter()
    pixels = torch.from_numpy((video * 255).round().astype("uint8"))
    encode_video(pixels, fps=round(clip.fps), output_path=str(clip.output), audio=None,
                 audio_sample_rate=None)  # fmt: skip
    return made - begun, time.perf_counter() - made


def measure(case: Case, device: torch.device, runs: int, folder: Path) -> Result:
    dtype = "bfloat16" if device.type == "cuda" else "float32"
    pipe = case.make(device)
    model = Model(family=case.family, folder=folder, dtype=dtype, device=device.type,
                  memory="resident")  # fmt: skip
    loaded = prepare(FAMILIES[case.family], pipe, model)
    width, height, frames = case.size
    clip = Clip(
        id="bench", prompt=PROMPT, seed=1, width=width, height=height, frames=frames, fps=24.0,
        steps=case.steps, guidance=case.guidance, keep=(0, frames), deliver_width=width,
        deliver_height=height, output=folder / "out.mp4", preview=folder / "preview.jpg",
    )  # fmt: skip
    step_flops, decode_flops = operations(loaded, clip)  # which also warms up
    run_plain(loaded, clip)
    ours: list[dict[str, Any]] = []
    plain: list[tuple[float, float]] = []
    for number in range(runs):
        new = replace(clip, prompt=f"{PROMPT}, take {number}")  # the worker remembers a prompt
        begun = time.perf_counter()
        done = generate(loaded, new, Silent(), lambda job: False)  # type: ignore[arg-type]
        ours.append({**done, "whole": time.perf_counter() - begun})
        plain.append(run_plain(loaded, new))
    best = min(ours, key=lambda one: one["whole"])
    fastest = min(plain, key=sum)
    return Result(
        case=case, ours=best["seconds"] | {"whole": best["whole"]}, plain_s=fastest[0],
        plain_write_s=fastest[1], step_flops=step_flops, decode_flops=decode_flops,
        peak_bytes=best["peak_bytes"],
    )  # fmt: skip


# Reporting


HEAD = (
    "| case | step | of the limit | decode | of the limit | write | encode prompt | whole job"
    " | plain diffusers | ours / plain | peak memory |\n|" + "---|" * 11
)


def row(result: Result, rate: float) -> str:
    ours, steps = result.ours, result.case.steps
    step_s = ours["denoise"] / steps
    plain = result.plain_s + result.plain_write_s
    peak = f"{result.peak_bytes / GIB:.1f} GiB" if result.peak_bytes else "not told"
    cells = (
        f"{result.case.name}, {'x'.join(map(str, result.case.size))}, {steps} steps",
        f"{step_s:.3f} s", f"{result.step_flops / rate / step_s:.0%}", f"{ours['decode']:.2f} s",
        f"{result.decode_flops / rate / max(ours['decode'], 1e-3):.0%}", f"{ours['write']:.2f} s",
        f"{ours['encode prompt']:.2f} s", f"{ours['whole']:.2f} s",
        f"{plain:.2f} s", f"{ours['whole'] / plain:.2f}", peak,
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def missing(device: torch.device) -> list[str]:
    """Say what this run does not measure, and why."""
    always = [
        "Real weights: none are downloaded. Random ones take as long, and show noise.",
        "LTX-2 and Wan 2.2 I2V-A14B in their real size: 40 to 60 GB of random weights each.",
        "Compiled models, quantised weights and offloaded weights.",
    ]
    if device.type == "cuda":
        return always
    return [
        "Real architectures: this is a processor. The rows are tiny models and show no speed.",
        "NVENC: it needs a GPU of NVIDIA.",
        "Peak memory: torch tells it of GPUs only.",
        *always,
    ]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--only", default="", help="a part of the names of cases")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--device", choices=("auto", "cuda", "cpu"), default="auto")
    parser.add_argument("--out", type=Path)
    wanted = parser.parse_args()
    device = choose_device(wanted.device)
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else platform.processor()
    rate = matrix_rate(device)
    versions = f"torch {torch.__version__}, diffusers {diffusers.__version__}"
    threads = torch.get_num_threads()
    lines = [
        f"{name or platform.machine()}, {threads} threads; {versions}. Best of {wanted.runs} runs.",
        f"The limit is {rate / 1e12:.3g} TFLOP/s, as measured.\n",
        HEAD,
    ]
    print("\n".join(lines), flush=True)
    skipped = missing(device)
    with tempfile.TemporaryDirectory() as folder:
        for case in GPU_CASES if device.type == "cuda" else TINY_CASES:
            if wanted.only not in case.name:
                continue
            if device.type == "cuda":
                free = torch.cuda.mem_get_info(device)[0]
                if free < case.needs_bytes:
                    skipped.append(f"{case.name}: needs {case.needs_bytes / GIB:.0f} GiB, and"
                                   f" {free / GIB:.0f} GiB are free.")  # fmt: skip
                    continue
            lines.append(row(measure(case, device, wanted.runs, Path(folder)), rate))
            print(lines[-1], flush=True)
            if device.type == "cuda":
                torch.cuda.empty_cache()
    lines.append("\nNot measured:\n\n" + "\n".join(f"- {each}" for each in skipped))
    print(lines[-1])
    if wanted.out:
        wanted.out.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
