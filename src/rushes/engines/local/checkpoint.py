"""Read from a checkpoint's own configuration what its family leaves open."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, cast

from rushes.engines.local.families import Sampling, VideoFamily, family_named

_LARGE_HEADS: Final = 40
"""Attention heads of the Wan models with 14 billion parameters; the small ones have 12."""


def checkpoint_family(name: str, folder: Path) -> VideoFamily:
    """
    Return the family of the checkpoint in *folder*, with the size that this checkpoint makes well.

    Args:
        name: The name of the family.

    Raises:
        NotFound: There is no family with this name.
    """
    family = family_named(name)
    if name == "wan2.1-vace" and _heads(folder) >= _LARGE_HEADS:
        return replace(family, title="Wan 2.1 VACE 14B", largest_px=(1280, 720))
    return family


def checkpoint_sampling(
    family: VideoFamily, *, steps: int | None, guidance: float | None
) -> Sampling:
    """Return the family's sampling with an operator's changes; own noise levels go with them."""
    usual = family.sampling
    if steps is None and guidance is None:
        return usual
    return Sampling(
        steps=steps or usual.steps,
        guidance=usual.guidance if guidance is None else guidance,
        sigmas=usual.sigmas if steps in {None, usual.steps} else None,
    )


def _heads(folder: Path) -> int:
    try:
        found: object = json.loads((folder / "transformer" / "config.json").read_text("utf-8"))
    except (OSError, ValueError):
        return 0
    config = cast("dict[str, Any]", found) if isinstance(found, dict) else {}
    heads = config.get("num_attention_heads", 0)
    return heads if isinstance(heads, int) else 0
