"""Load a model from its folder, check that it is of its family, and apply its options."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import diffusers
import torch
from diffusers.pipelines import ltx2
from diffusers.utils import logging as diffusers_logging
from transformers.utils import logging as transformers_logging

from .devices import choose_device, free_bytes
from .errors import BadModel, WorkerError, is_out_of_memory
from .families.base import Family
from .families.ltx import LTX, LTX2
from .families.wan import I2V, TI2V, VACE
from .folder_check import ModelFolder, check_component, check_folder
from .memory import apply_profile, choose_profile, component_bytes
from .options import apply_options, quantisation_of
from .preview import Projection, fit_projection
from .prompts import PromptMemory
from .requests import Model

FAMILIES: Final[Mapping[str, Family]] = {
    "wan2.2-ti2v": TI2V,
    "wan2.1-vace": VACE,
    "wan2.2-i2v": I2V,
    "ltx": LTX,
    "ltx2": LTX2,
}
"""The families that this worker can generate with."""

_UPSAMPLER: Final = "latent_upsampler"

_DTYPES: Final = {
    "bfloat16": torch.bfloat16,
    "float16": torch.float16,
    "float32": torch.float32,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedModel:
    """A model that is ready to generate."""

    family: Family
    pipe: Any
    """The pipeline of diffusers."""

    device: torch.device
    memory: str
    projection: Projection | None
    """How to show latents as a picture; None: this model's latents could not be fitted."""

    prompts: PromptMemory
    upsampler: Any = None
    """Enlarges latents twice between two passes; None: the checkpoint has no such model."""


def load(model: Model) -> LoadedModel:
    """
    Load a model.

    Raises:
        BadModel: The folder is damaged, holds another family, or an option does not fit.
    """
    if model.family not in FAMILIES:
        raise BadModel(f"there is no family {model.family!r}; there are {', '.join(FAMILIES)}")
    family = FAMILIES[model.family]
    folder = check_folder(model.folder)
    check_family(family, folder)
    choose_device(model.device)  # before minutes of reading
    pipeline = getattr(diffusers, family.pipeline)
    upsampler = _read_upsampler(family, model)
    return prepare(family, read_weights(pipeline, model, exact=family.exact), model, upsampler)


def prepare(family: Family, pipe: Any, model: Model, upsampler: Any = None) -> LoadedModel:
    """Apply the options to a pipeline and bring it to its device."""
    device = choose_device(model.device)
    pipe.set_progress_bar_config(disable=True)
    apply_options(pipe, model, dtype_of(model))
    sizes = component_bytes(pipe)
    memory = choose_profile(model.memory, sizes, free_bytes(device), has_gpu=device.type == "cuda")
    apply_profile(pipe, memory, device)
    projection = _fit(pipe, device)
    prompts = PromptMemory(
        lambda words: family.encode(pipe, words), device, can_prepare=memory == "resident"
    )
    return LoadedModel(
        family=family,
        pipe=pipe,
        device=device,
        memory=memory,
        projection=projection,
        prompts=prompts,
        upsampler=None if upsampler is None else upsampler.to(device),
    )


def _read_upsampler(family: Family, model: Model) -> Any:
    """Return the model that enlarges latents, if the checkpoint has one."""
    folder = model.folder / _UPSAMPLER
    if family.upsampler is None or not folder.is_dir():
        return None
    check_component(folder)
    kind = getattr(ltx2, family.upsampler)
    try:
        read = kind.from_pretrained(
            folder, local_files_only=True, use_safetensors=True, dtype=dtype_of(model)
        )
        return read.eval()
    except Exception as error:
        if is_out_of_memory(error):
            raise
        raise BadModel(f"{folder} cannot be loaded: {error}") from error


def check_family(family: Family, folder: ModelFolder) -> None:
    """Check that a folder holds what its family says; a wrong one may fail in its first step."""
    found = folder.transformer.get("_class_name")
    if found != family.transformer:
        raise BadModel(f"{folder.path} has a {found}, and this family has a {family.transformer}")
    family.check(folder)


def dtype_of(model: Model) -> torch.dtype:
    """Return the number format of a model's weights. Raises BadModel: There is no such format."""
    if model.dtype not in _DTYPES:
        raise BadModel(f"there is no dtype {model.dtype!r}; there are {', '.join(_DTYPES)}")
    return _DTYPES[model.dtype]


def read_weights(pipeline: Any, model: Model, *, exact: Sequence[str] = ()) -> Any:
    """
    Return a pipeline of this class with a model's weights, in main memory.

    Args:
        exact: The components that stay in float32.

    Raises:
        BadModel: The class cannot be made of what is in the folder.
    """
    dtype = dtype_of(model)
    for library in (diffusers_logging, transformers_logging):
        library.set_verbosity_error()
        library.disable_progress_bar()
    try:
        return pipeline.from_pretrained(
            model.folder,
            local_files_only=True,
            use_safetensors=True,
            dtype={"default": dtype, **dict.fromkeys(exact, torch.float32)},
            **quantisation_of(model),
        )
    except WorkerError:
        raise
    except Exception as error:
        if is_out_of_memory(error):
            raise
        raise BadModel(f"{model.folder} cannot be loaded: {error}") from error


def _fit(pipe: Any, device: torch.device) -> Projection | None:
    try:
        return fit_projection(pipe.vae, device)
    except Exception as error:  # previews are no reason to refuse a model
        if is_out_of_memory(error):
            raise
        print(f"no previews for this model: {error}", file=sys.stderr)  # noqa: T201  # the log
        return None
    finally:
        pipe.maybe_free_model_hooks()
