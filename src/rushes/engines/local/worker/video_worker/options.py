"""Apply the options of a loaded model: LoRAs, quantisation, attention, cache and compilation."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import diffusers
import torch

from .errors import BadModel, is_out_of_memory
from .folder_check import check_weights
from .requests import Lora, Model

_DENOISERS: Final = ("transformer", "transformer_2", "unet")
_EXPERTS: Final = {"high-noise": False, "low-noise": True}
"""The experts of a model, and whether each is its second transformer."""


def denoisers(pipe: Any) -> list[Any]:
    """Return the models that remove noise; some pipelines have two."""
    found = (getattr(pipe, name, None) for name in _DENOISERS)
    return [each for each in found if each is not None]


def quantisation_of(model: Model) -> dict[str, Any]:
    """Return the arguments with which weights are quantised while they are loaded."""
    if model.quantisation in {None, "fp8"}:
        return {}
    if model.quantisation != "int8":
        raise BadModel(f"there is no quantisation {model.quantisation!r}; there are int8 and fp8")
    try:
        from torchao.quantization import Int8WeightOnlyConfig  # noqa: PLC0415  # slow to import
    except ImportError as error:
        raise BadModel(
            f"int8 needs the package torchao, which cannot be imported: {error}"
        ) from None
    config = diffusers.TorchAoConfig(Int8WeightOnlyConfig())
    return {
        "quantization_config": diffusers.PipelineQuantizationConfig(
            quant_mapping=dict.fromkeys(_DENOISERS, config)
        )
    }


def apply_options(pipe: Any, model: Model, dtype: torch.dtype) -> None:
    """
    Apply the options, in an order in which they do not undo each other.

    Raises:
        BadModel: The model or this machine does not have one of them.
    """
    add_loras(pipe, model.loras)
    for denoiser in denoisers(pipe):
        if model.quantisation == "fp8":
            with _explained("fp8"):
                denoiser.enable_layerwise_casting(
                    storage_dtype=torch.float8_e4m3fn, compute_dtype=dtype
                )
        with _explained(f"attention {model.attention!r}"):
            denoiser.set_attention_backend(model.attention or "native")
        if model.cache_threshold is not None:
            with _explained("the first-block cache"):
                denoiser.enable_cache(
                    diffusers.FirstBlockCacheConfig(threshold=model.cache_threshold)
                )
        if model.compile:
            with _explained("compilation"):
                # The cache decides between blocks, outside of what can be compiled.
                denoiser.compile_repeated_blocks(fullgraph=model.cache_threshold is None)


def add_loras(pipe: Any, loras: Sequence[Lora]) -> None:
    """Load each LoRA from its safetensors file, and set their strengths."""
    strengths: list[dict[str, float]] = [{}, {}]
    for number, lora in enumerate(loras):
        if lora.path.suffix != ".safetensors":
            raise BadModel(f"{lora.path} is no safetensors file; this worker reads no other LoRAs")
        check_weights(lora.path)
        for is_second in _experts_of(pipe, lora):
            name = f"lora_{number}_{int(is_second)}"
            more = {"load_into_transformer_2": True} if is_second else {}
            with _explained(f"the LoRA {lora.path.name}"):
                pipe.load_lora_weights(
                    str(lora.path.parent),
                    weight_name=lora.path.name,
                    adapter_name=name,
                    local_files_only=True,
                    **more,
                )
            strengths[is_second][name] = lora.strength
    for denoiser, own in zip(denoisers(pipe), strengths, strict=False):
        if own:
            denoiser.set_adapters(list(own), list(own.values()))


def _experts_of(pipe: Any, lora: Lora) -> list[bool]:
    """Return the experts that a LoRA is for; published ones say so in the name of the file."""
    has_two = len(denoisers(pipe)) == 2
    if lora.expert is not None and (not has_two or lora.expert not in _EXPERTS):
        raise BadModel(f"this model has no {lora.expert!r} expert for the LoRA {lora.path.name}")
    if not has_two:
        return [False]
    named = lora.expert or lora.path.stem.lower().replace("_", "-")
    return [is_second for expert, is_second in _EXPERTS.items() if expert in named] or [False, True]


@contextmanager
def _explained(option: str) -> Generator[None, None, None]:
    """Turn an error of diffusers into one that names the option."""
    try:
        yield
    except Exception as error:
        if is_out_of_memory(error):
            raise
        raise BadModel(f"this model cannot have {option}: {error}") from error
