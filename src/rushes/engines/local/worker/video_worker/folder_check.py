"""
Check a model's folder before anything of it is loaded, and name the file that is wrong.

Weights must be safetensors: a pickle can run code when it is read.
"""

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from .errors import BadModel

INDEX: Final = "model_index.json"
_PICKLES: Final = frozenset({".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle"})
_MAX_HEADER_BYTES: Final = 100_000_000
"""The limit of the safetensors library itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFolder:
    """What a model's folder says of itself."""

    path: Path
    index: Mapping[str, Any]
    """``model_index.json``: the options of the pipeline, and for each component its class."""

    transformer: Mapping[str, Any]
    """The configuration of the model that is denoising; empty if it was not looked for."""


def check_folder(path: Path, *, denoiser: str | None = "transformer") -> ModelFolder:
    """
    Return what a folder says of its model.

    Args:
        denoiser: The folder in it of the model that is denoising; None: it may have any name.

    Raises:
        BadModel: A file is missing, damaged or a pickle; the message names it.
    """
    if not path.is_dir():
        raise BadModel(f"{path} is no folder")
    index = _read_json(path / INDEX)
    for name, entry in index.items():
        if isinstance(entry, list) and any(entry):
            check_component(path / name)
    config = _read_json(path / denoiser / "config.json") if denoiser else {}
    return ModelFolder(path=path, index=index, transformer=config)


def check_weights(file: Path) -> None:
    """
    Check that a safetensors file has the length that its header tells.

    Raises:
        BadModel: It is missing, too short, too long or no such file.
    """
    if not file.is_file():
        raise BadModel(f"{file} is missing")
    size = file.stat().st_size
    with file.open("rb") as opened:
        start = opened.read(8)
        length = struct.unpack("<Q", start)[0] if len(start) == 8 else 0
        if not 2 <= length <= min(_MAX_HEADER_BYTES, size - 8):
            raise BadModel(f"{file} is no safetensors file, or is cut off; download it again")
        try:
            header = json.loads(opened.read(length))
        except ValueError:
            raise BadModel(f"{file} has an unreadable header; download it again") from None
    ends = [each["data_offsets"][1] for name, each in header.items() if name != "__metadata__"]
    expected = 8 + length + max(ends, default=0)
    if size != expected:
        raise BadModel(f"{file} has {size} bytes of {expected}; download it again")


def check_component(folder: Path) -> None:
    """Check the weights of a component. Raises BadModel: They are missing, damaged or a pickle."""
    if not folder.is_dir():
        raise BadModel(f"{folder} is missing, and {INDEX} names it")
    weights = sorted(folder.glob("*.safetensors"))
    pickles = sorted(file.name for file in folder.iterdir() if file.suffix in _PICKLES)
    if pickles and not weights:
        raise BadModel(
            f"{folder} has its weights as a pickle ({pickles[0]}), which could run code;"
            " this worker reads safetensors only"
        )
    for shards in sorted(folder.glob("*.safetensors.index.json")):
        named = set(_read_json(shards).get("weight_map", {}).values())
        weights += sorted(folder / name for name in named if folder / name not in weights)
    for file in weights:
        check_weights(file)


def _read_json(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        raise BadModel(f"{file} is missing; this is no model in the format of diffusers") from None
    except (OSError, ValueError) as error:
        raise BadModel(f"{file} cannot be read: {error}") from None
    if not isinstance(found, dict):
        raise BadModel(f"{file} holds no object")
    return found
