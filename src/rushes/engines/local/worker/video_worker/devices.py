"""Choose the device, and tell what is free on it."""

from typing import Any

import torch

from .errors import BadModel


def choose_device(name: str) -> torch.device:
    """Return the device for ``auto``, ``cuda`` or ``cpu``. Raises BadModel: It is not there."""
    has_gpu = torch.cuda.is_available()
    if name == "auto":
        return torch.device("cuda" if has_gpu else "cpu")
    if name not in {"cuda", "cpu"}:
        raise BadModel(f"there is no device {name!r}; there are auto, cuda and cpu")
    if name == "cuda" and not has_gpu:
        raise BadModel("torch finds no GPU here; set the device to cpu or auto")
    return torch.device(name)


def free_bytes(device: torch.device) -> int:
    """Return the free memory of a GPU in bytes; 0 for the processor, which torch does not tell."""
    return int(torch.cuda.mem_get_info(device)[0]) if device.type == "cuda" else 0


def total_bytes(device: torch.device) -> int:
    """Return the memory of a GPU in bytes; 0 for the processor."""
    return int(torch.cuda.mem_get_info(device)[1]) if device.type == "cuda" else 0


def describe_device() -> dict[str, Any]:
    """Return what the event ``ready`` says of the device that ``auto`` chooses."""
    device = choose_device("auto")
    return {
        "device": device.type,
        "device_name": torch.cuda.get_device_name(device) if device.type == "cuda" else "CPU",
        "free_bytes": free_bytes(device),
        "total_bytes": total_bytes(device),
    }
