"""Read from a checkpoint's own configuration what its family leaves open."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, cast

from rushes.engines.local.families import Sampling, VideoFamily, family_named

_LARGE_HEADS: Final = 40
"""Attention heads of the Wan models with 14 billion parameters; the small ones have 12."""

FASTWAN: Final = Sampling(steps=3, guidance=1.0, sigmas=(1.0, 0.757, 0.522), solver="renoise")
"""The noise levels that FastVideo's distilled checkpoints of Wan were trained for."""

_REFINING_SIGMAS: Final = (0.909375, 0.725, 0.421875)
"""The noise levels of the second pass that LTX-2's distilled checkpoints were trained for."""

_FEW_STEPS: Final = 8

_SHIFT: Final = 5.0
"""By how much LightX2V's LoRAs for 4 steps move noise levels: to 1, 0.9375, 0.8333 and 0.625."""


def checkpoint_family(name: str, folder: Path) -> VideoFamily:
    """
    Return the family of the checkpoint in *folder*, with the size that this checkpoint makes well.

    An LTX-2 with a model that enlarges latents makes a video in two passes, the first of which has
    half the width and height.

    Args:
        name: The name of the family.

    Raises:
        NotFound: There is no family with this name.
    """
    family = family_named(name)
    if name == "wan2.1-vace" and _heads(folder) >= _LARGE_HEADS:
        return replace(family, title="Wan 2.1 VACE 14B", largest_px=(1280, 720))
    if name == "ltx2" and (folder / "latent_upsampler").is_dir():
        sampling = replace(family.sampling, second_sigmas=_REFINING_SIGMAS)
        return replace(family, grid_px=64, largest_px=(1920, 1088), sampling=sampling)
    return family


def checkpoint_sampling(
    family: VideoFamily, name: str, *, steps: int | None, guidance: float | None
) -> Sampling:
    """
    Return how a checkpoint removes noise, with an operator's changes.

    Own noise levels go when the steps change. A Wan with few steps and no guidance is a distilled
    one, such as with the LoRAs of LightX2V: it gets the noise levels that those were trained for.

    Args:
        name: The name of the model or of its folder; those of FastWan say that they are.
    """
    is_wan = family.name.startswith("wan")
    usual = FASTWAN if is_wan and "fastwan" in Path(name).name.lower() else family.sampling
    chosen = Sampling(
        steps=steps or usual.steps,
        guidance=usual.guidance if guidance is None else guidance,
    )
    if is_wan and chosen.is_guided:
        return chosen
    if chosen.steps == usual.steps:
        return replace(usual, guidance=chosen.guidance)
    if is_wan and chosen.steps <= _FEW_STEPS:
        return replace(chosen, sigmas=_shifted(chosen.steps), solver="euler")
    return chosen


def _shifted(steps: int) -> tuple[float, ...]:
    """Return evenly spaced noise levels, moved towards 1."""
    even = [1 - step / steps for step in range(steps)]
    return tuple(round(_SHIFT * at / (1 + (_SHIFT - 1) * at), 6) for at in even)


def _heads(folder: Path) -> int:
    try:
        found: object = json.loads((folder / "transformer" / "config.json").read_text("utf-8"))
    except (OSError, ValueError):
        return 0
    config = cast("dict[str, Any]", found) if isinstance(found, dict) else {}
    heads = config.get("num_attention_heads", 0)
    return heads if isinstance(heads, int) else 0
