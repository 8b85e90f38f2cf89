"""
List the families of local video models: what each can make, and on which grid.

Sources: the pipelines of diffusers 0.42 for modes, grids and frame rules; the model cards and the
configurations of each project for rates, steps, guidance and the sizes that it was trained for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from rushes.core.capabilities import Capabilities
from rushes.core.errors import NotFound
from rushes.core.geometry import RATIOS
from rushes.core.spec import GenerationSpec, Kind, Position

_WAN_AVOIDS: Final = (
    "bright tones, overexposed, static, blurred details, subtitles, style, works, paintings,"
    " images, still picture, overall gray, worst quality, low quality, JPEG compression residue,"
    " ugly, incomplete, extra fingers, poorly drawn hands, poorly drawn faces, deformed,"
    " disfigured, misshapen limbs, fused fingers, messy background, three legs, many people in the"
    " background, walking backwards"
)
"""Wan's own default of what to avoid, in its English version."""

_DISTILLED_SIGMAS: Final = (1.0, 0.99375, 0.9875, 0.98125, 0.975, 0.909375, 0.725, 0.421875)
"""The noise levels that LTX-2's distilled checkpoints were trained for."""

_LTX_SIGMAS: Final = (1.0, 0.993, 0.987, 0.981, 0.975, 0.909, 0.725, 0.00003)
"""The noise levels that LTX-Video 0.9.8's distilled checkpoints were trained for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """How a checkpoint removes noise."""

    steps: int
    guidance: float
    """1.0: one pass a step, and a description of what to avoid has no effect."""

    sigmas: tuple[float, ...] | None = None
    """The noise level of each step, without the final 0; None: the scheduler chooses."""

    second_sigmas: tuple[float, ...] | None = None
    """Noise levels of a second pass, which refines the enlarged latents of the first one."""

    solver: Literal["euler", "renoise"] | None = None
    """How a distilled Wan goes from one noise level to the next: straight towards the finished
    video, or by adding new noise to it."""

    @property
    def is_guided(self) -> bool:
        return self.guidance > 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoFamily:
    """What all checkpoints of one architecture have in common."""

    name: str
    """The name that the worker and the catalogue use."""

    title: str
    """The name in messages for callers."""

    from_text: bool = True
    """Whether it needs no picture."""

    last_image: bool = True
    """Whether it arrives at a last image that comes with a first one."""

    last_alone: bool = True
    """Whether it arrives at a last image without a first one."""

    clip_frames: int = 0
    """Frames of an earlier clip that it continues from; 0: it continues from the last frame."""

    grid_px: int
    """Width and height are multiples of it."""

    frame_step: int
    """The number of frames is one more than a multiple of it."""

    fps: int
    most_frames: int
    """The longest clip in one pass; longer ones are chained from several."""

    largest_px: tuple[int, int]
    """A size with the most pixels that it makes well; larger frames are enlarged from it."""

    durations_s: tuple[float, ...] = (4.0, 5.0, 8.0, 9.0, 10.0, 12.0)
    sound: bool = False
    """Whether it makes sound with a video."""

    sampling: Sampling
    avoids: str | None = None
    """What a guided checkpoint avoids when the caller says nothing of it."""

    @property
    def most_pixels(self) -> int:
        return self.largest_px[0] * self.largest_px[1]

    def capabilities(self, sampling: Sampling | None = None) -> Capabilities:
        """
        Return what the family can make.

        Args:
            sampling: The checkpoint's own; by default the family's.
        """
        return Capabilities(
            resolutions=RESOLUTIONS,
            durations_s=self.durations_s,
            ratios=tuple(RATIOS),
            sizes=True,
            loop=self.last_image,
            first_image=True,
            last_image=self.last_image,
            extend=True,
            extend_backwards=self.last_alone,
            interpolate=self.last_image,
            seed=True,
            negative_prompt=(sampling or self.sampling).is_guided,
        )

    def problems(self, spec: GenerationSpec) -> tuple[tuple[str, str], ...]:
        """Return what of *spec* the family cannot do, beyond what its capabilities say."""
        if spec.kind is not Kind.VIDEO:
            return ()
        first = spec.keyframe(Position.FIRST) is not None or spec.source is not None
        last = spec.keyframe(Position.LAST) is not None
        if not first and last and self.last_image and not self.last_alone:
            return (("last_image", f"{self.title} {_NEEDS_FIRST}"),)
        if not first and not last and not self.from_text:
            return (("first_image", f"{self.title} {_NEEDS_IMAGE}"),)
        return ()


_NEEDS_FIRST: Final = "takes a last image only together with a first one; send both"
_NEEDS_IMAGE: Final = (
    "makes no video from words alone; send a first image, or ask for another model"
)

RESOLUTIONS: Final = ("360p", "540p", "720p", "1080p")
"""Every family delivers these; what it does not make in that size is enlarged, and says so."""

_TI2V: Final = VideoFamily(
    name="wan2.2-ti2v",
    title="Wan 2.2 TI2V",
    last_image=False,  # its pipeline accepts one and ignores it
    last_alone=False,
    grid_px=32,
    frame_step=4,
    fps=24,
    most_frames=121,
    largest_px=(1280, 704),
    sampling=Sampling(steps=50, guidance=5.0),
    avoids=_WAN_AVOIDS,
)

_VACE: Final = VideoFamily(
    name="wan2.1-vace",
    title="Wan 2.1 VACE",
    clip_frames=17,
    grid_px=16,
    frame_step=4,
    fps=16,
    most_frames=81,
    largest_px=(832, 480),
    sampling=Sampling(steps=50, guidance=5.0),
    avoids=_WAN_AVOIDS,
)

_I2V: Final = VideoFamily(
    name="wan2.2-i2v",
    title="Wan 2.2 I2V A14B",
    from_text=False,
    last_alone=False,
    grid_px=16,
    frame_step=4,
    fps=16,
    most_frames=81,
    largest_px=(1280, 720),
    sampling=Sampling(steps=40, guidance=3.5),
    avoids=_WAN_AVOIDS,
)

_LTX2: Final = VideoFamily(
    name="ltx2",
    title="LTX-2",
    clip_frames=25,
    grid_px=32,
    frame_step=8,
    fps=24,
    most_frames=481,
    largest_px=(1280, 736),
    durations_s=(4.0, 5.0, 8.0, 9.0, 10.0, 12.0, 15.0, 20.0),
    sound=True,
    sampling=Sampling(steps=8, guidance=1.0, sigmas=_DISTILLED_SIGMAS),
)

_LTX: Final = VideoFamily(
    name="ltx",
    title="LTX-Video 0.9.8",
    clip_frames=25,
    grid_px=32,
    frame_step=8,
    fps=24,
    most_frames=257,
    largest_px=(1280, 704),
    sampling=Sampling(steps=8, guidance=1.0, sigmas=_LTX_SIGMAS),
)

FAMILIES: Final[Mapping[str, VideoFamily]] = {
    one.name: one for one in (_TI2V, _VACE, _I2V, _LTX2, _LTX)
}
"""The families of video models, by name."""


def family_named(name: str) -> VideoFamily:
    """Return a family. Raises NotFound: There is none with this name."""
    family = FAMILIES.get(name)
    if family is None:
        raise NotFound(f"there is no family {name!r}; there are {', '.join(FAMILIES)}")
    return family
