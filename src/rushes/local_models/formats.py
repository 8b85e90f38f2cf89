"""Tell what a folder with a model contains: its family, and whether it is complete."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, cast

from rushes.local_models.catalogue import DEPTH, TEXT_TO_IMAGE

INDEX: Final = "model_index.json"
CONFIG: Final = "config.json"

PICKLES: Final = frozenset({".bin", ".ckpt", ".pkl", ".pickle", ".pt", ".pth"})
"""Suffixes of files that run code when they are loaded. They are never downloaded or loaded."""

_PICTURE_PIPELINES: Final = (
    *("AuraFlowPipeline", "ChromaPipeline", "CogView3PlusPipeline", "CogView4Pipeline"),
    *("Flux2KleinPipeline", "Flux2Pipeline", "FluxPipeline", "HunyuanDiTPipeline"),
    *("Kandinsky3Pipeline", "LatentConsistencyModelPipeline", "Lumina2Pipeline"),
    *("Lumina2Text2ImgPipeline", "LuminaPipeline", "OvisImagePipeline", "PRXPipeline"),
    *("PixArtAlphaPipeline", "PixArtSigmaPipeline", "QwenImagePipeline", "SanaPipeline"),
    *("StableDiffusion3Pipeline", "StableDiffusionPipeline", "StableDiffusionXLPipeline"),
    "ZImagePipeline",
)
"""Pipelines of diffusers 0.42 that draw a picture from words and need nothing else."""

_EXPANDS: Final = "expand_timesteps"
_FAMILIES: Final[Mapping[tuple[str, bool], str]] = {
    ("WanPipeline", True): "wan2.2-ti2v",
    ("WanImageToVideoPipeline", True): "wan2.2-ti2v",
    ("WanImageToVideoPipeline", False): "wan2.2-i2v",
    ("WanVACEPipeline", False): "wan2.1-vace",
    ("LTX2Pipeline", False): "ltx2",
    ("LTX2ConditionPipeline", False): "ltx2",
    ("LTX2ImageToVideoPipeline", False): "ltx2",
    ("LTXPipeline", False): "ltx",
    ("LTXConditionPipeline", False): "ltx",
    ("LTXImageToVideoPipeline", False): "ltx",
    **{(name, False): TEXT_TO_IMAGE for name in _PICTURE_PIPELINES},
}
"""The family by the class of the pipeline, and by whether it expands timesteps (Wan 2.2 5B)."""


def is_model(path: Path) -> bool:
    """Return whether *path* is a folder in a format that can be loaded."""
    return (path / INDEX).is_file() or (path / CONFIG).is_file()


def family_of(path: Path) -> str | None:
    """Return the family of the model in the folder *path*; None if no family loads it."""
    if index := _read(path / INDEX):
        return _FAMILIES.get((str(index.get("_class_name")), bool(index.get(_EXPANDS, False))))
    is_depth = _read(path / CONFIG).get("model_type") == "depth_anything"
    return DEPTH if is_depth else None


def missing_parts(path: Path) -> tuple[str, ...]:
    """Return what the folder *path* lacks, one phrase each; nothing if it is complete."""
    if not is_model(path):
        return (f"neither {INDEX} nor {CONFIG}",)
    return tuple(_missing(path))


def _missing(path: Path) -> Iterator[str]:
    index = _read(path / INDEX)
    if not index and not _read(path / CONFIG):
        yield f"a readable {INDEX if (path / INDEX).is_file() else CONFIG}"
        return
    for name, part in index.items():
        is_component = not name.startswith("_") and isinstance(part, list) and None not in part
        if is_component and not (path / name).is_dir():
            yield f"the folder {name}"
    files = [file for file in path.rglob("*") if file.is_file()]
    if not any(file.suffix == ".safetensors" for file in files):
        pickled = any(file.suffix in PICKLES for file in files)
        yield "weights as safetensors" + (", it has pickles only" if pickled else "")


def _read(file: Path) -> dict[str, Any]:
    """Return the object in a JSON file; an empty one if there is none."""
    try:
        read: object = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return cast("dict[str, Any]", read) if isinstance(read, dict) else {}
