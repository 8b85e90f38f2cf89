"""
List the text-to-image models that the server knows, by the class of their pipeline.

Sources: the pipelines of diffusers 0.42 for grids and negative prompts; the model cards for steps,
guidance and the sizes that each was trained for.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, cast

from rushes.engines.local.families import Sampling

FAMILY: Final = "text-to-image"
"""The name of the family for the worker and the catalogue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureFamily:
    """What all checkpoints with one pipeline have in common."""

    title: str
    """The name in messages for callers."""

    grid_px: int
    """Width and height are multiples of it."""

    largest_px: tuple[int, int]
    """A size with the most pixels that it draws well; larger pictures are enlarged from it."""

    sampling: Sampling
    avoids: bool = True
    """Whether its pipeline takes a description of what to avoid, where it is guided."""

    unguided: float = 0.0
    """The guidance that means none to its pipeline; Z-Image takes 1.0 for two passes a step."""

    @property
    def most_pixels(self) -> int:
        return self.largest_px[0] * self.largest_px[1]

    def takes_avoids(self, sampling: Sampling) -> bool:
        """Return whether a description of what to avoid has an effect."""
        return self.avoids and sampling.is_guided

    def guidance(self, sampling: Sampling) -> float:
        """Return the number that its pipeline is given."""
        return sampling.guidance if sampling.is_guided else self.unguided


PIPELINES: Final[Mapping[str, PictureFamily]] = {
    "FluxPipeline": PictureFamily(
        title="FLUX.1 schnell",
        grid_px=16,
        largest_px=(1024, 1024),
        sampling=Sampling(steps=4, guidance=1.0),
        avoids=False,  # its guidance is an input of the model, not a second pass
    ),
    "ZImagePipeline": PictureFamily(
        title="Z-Image Turbo",
        grid_px=16,
        largest_px=(1024, 1024),
        sampling=Sampling(steps=9, guidance=1.0),  # the last of them removes no noise
    ),
    "Lumina2Pipeline": PictureFamily(
        title="Lumina Image 2.0",
        grid_px=16,
        largest_px=(1024, 1024),
        sampling=Sampling(steps=30, guidance=4.0),
    ),
    "StableDiffusionXLPipeline": PictureFamily(
        title="Stable Diffusion XL",
        grid_px=8,
        largest_px=(1024, 1024),
        sampling=Sampling(steps=30, guidance=5.0),
    ),
    "LatentConsistencyModelPipeline": PictureFamily(
        title="a latent consistency model",
        grid_px=8,
        largest_px=(768, 512),
        sampling=Sampling(steps=4, guidance=8.0),
        avoids=False,  # as FLUX
        unguided=1.0,
    ),
    "StableDiffusionPipeline": PictureFamily(
        title="Stable Diffusion",
        grid_px=8,
        largest_px=(768, 512),
        sampling=Sampling(steps=30, guidance=7.5),
    ),
}
"""What is known of each pipeline."""

_ALIKE: Final[Mapping[str, str]] = {"Lumina2Text2ImgPipeline": "Lumina2Pipeline"}
"""Former names of pipelines."""

_CHECKPOINTS: Final[Mapping[str, PictureFamily]] = {
    "sdxl-turbo": replace(
        PIPELINES["StableDiffusionXLPipeline"],
        title="SDXL Turbo",
        largest_px=(512, 512),
        sampling=Sampling(steps=4, guidance=1.0),
    ),
    "lcm-dreamshaper-7": replace(
        PIPELINES["LatentConsistencyModelPipeline"], title="LCM Dreamshaper 7"
    ),
}
"""Pulled models that differ from what their pipeline says, by the name in the catalogue."""

_OTHER: Final = PictureFamily(
    title="this model",
    grid_px=16,
    largest_px=(1024, 1024),
    sampling=Sampling(steps=30, guidance=5.0),
)
"""For any other pipeline: steps and guidance of the channel's settings fit it better."""


def picture_family(name: str, folder: Path) -> PictureFamily:
    """
    Return what is known of a text-to-image model.

    Args:
        name: Its name; only that of a pulled model counts.

        folder: In the format of diffusers.
    """
    pipeline = _pipeline(folder)
    usual = PIPELINES.get(_ALIKE.get(pipeline, pipeline), _OTHER)
    return _CHECKPOINTS.get(name, usual)


def picture_sampling(
    family: PictureFamily, *, steps: int | None, guidance: float | None
) -> Sampling:
    """Return the family's sampling with an operator's changes."""
    usual = family.sampling
    return Sampling(
        steps=steps or usual.steps, guidance=usual.guidance if guidance is None else guidance
    )


def _pipeline(folder: Path) -> str:
    try:
        found: object = json.loads((folder / "model_index.json").read_text("utf-8"))
    except (OSError, ValueError):
        return ""
    index = cast("dict[str, Any]", found) if isinstance(found, dict) else {}
    return str(index.get("_class_name", ""))
