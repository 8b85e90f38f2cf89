"""Choose where a model's weights lie while it works, from the memory that is free."""

from typing import Any, Final

import torch

from .errors import BadModel

GIB: Final = 1 << 30
WORKING_BYTES: Final = 8 * GIB
"""What a clip needs beside the weights: latents, attention, and the decoder's tiles."""

DRAWING_BYTES: Final = 3 * GIB
"""What a picture needs beside the weights."""

_UNTILED_PIXELS: Final = 960 * 544
"""Up to this size the decoder works on complete frames."""

_UNTILED_BYTES: Final = 40 * GIB
"""With as much free memory, it does so for larger frames, too."""

PROFILES: Final = ("resident", "model-offload", "group-offload")
"""From the fastest, which needs most, to the slowest."""


def component_bytes(pipe: Any) -> dict[str, int]:
    """Return the size of each component's weights, in bytes."""
    return {
        name: sum(each.numel() * each.element_size() for each in module.parameters())
        for name, module in pipe.components.items()
        if isinstance(module, torch.nn.Module)
    }


def choose_profile(
    wanted: str,
    sizes: dict[str, int],
    free: int,
    *,
    has_gpu: bool,
    working: int = WORKING_BYTES,
) -> str:
    """
    Return where the weights should lie.

    Args:
        wanted: ``auto`` or one of ``PROFILES``.

        sizes: The size of each component in bytes.

        free: The free memory of the GPU in bytes.

        working: The memory that a job needs beside the weights, in bytes.

    Raises:
        BadModel: There is no such profile, or it needs a GPU.
    """
    if wanted not in {"auto", *PROFILES}:
        raise BadModel(
            f"there is no memory profile {wanted!r}; there are auto, {', '.join(PROFILES)}"
        )
    if not has_gpu:
        if wanted == "model-offload":
            raise BadModel("model-offload needs a GPU; use auto, resident or group-offload")
        return "resident" if wanted == "auto" else wanted
    if wanted != "auto":
        return wanted
    if sum(sizes.values()) + working <= free:
        return "resident"
    return "model-offload" if max(sizes.values()) + working <= free else "group-offload"


def apply_profile(pipe: Any, profile: str, device: torch.device) -> None:
    """Move the weights, or set up the hooks that move them when they are needed."""
    if profile == "resident":
        pipe.to(device)
    elif profile == "model-offload":
        pipe.enable_model_cpu_offload(device=device)
    else:
        pipe.enable_group_offload(
            onload_device=device, offload_type="leaf_level", use_stream=device.type == "cuda"
        )


def needs_tiles(width: int, height: int, free: int) -> bool:
    """Tell whether the decoder should work on tiles of a frame; *free* is in bytes."""
    return width * height > _UNTILED_PIXELS and free < _UNTILED_BYTES
