"""A shot drawn small, at any moment: what is shown while the real one is being rendered."""

import numpy as np
from numpy.typing import NDArray

from rushes.core.geometry import DEFAULT_RATIO, frame_size
from rushes.core.shot_plan import ShotPlan
from rushes.core.spec import GenerationSpec
from rushes.engines.animatic.production import plan_of
from rushes.engines.animatic.sets.composition import CastPlace, Composition
from rushes.engines.base import Job
from rushes.engines.video.frames import blank_frame, planes_of, rgb_of

LEAST_PX = 320
"""Of the longer side: the smallest at which every scene still is the one of the real size."""


_SEEN_CHANGE = 16
"""Levels of 255 by which a pixel must differ to be seen; grain and shadows differ by less."""


class Sketch:
    """
    Draws what the engine draws for the same words and the same seed; smaller, so with less detail.

    A picture takes a millisecond or two, the first one a tenth of a second more. One thread at a
    time may draw.
    """

    def __init__(
        self,
        spec: GenerationSpec,
        *,
        shot_plan: ShotPlan | None = None,
        longest_px: int = LEAST_PX,
    ) -> None:
        """
        Prepare it for *spec*, of which no keyframe is looked at.

        Args:
            shot_plan: What to draw, in place of what the prompt says.

            longest_px: The longer side, ``LEAST_PX`` or more.
        """
        width, height = frame_size(spec.aspect_ratio or DEFAULT_RATIO, "540p")
        scale = longest_px / max(width, height)
        size = (round(width * scale) // 2 * 2, round(height * scale) // 2 * 2)
        small = GenerationSpec(
            prompt=spec.prompt,
            size_px=size,
            duration_s=spec.duration_s,
            loop=spec.loop,
            seed=spec.seed,
            concepts=spec.concepts,
        )
        plan = plan_of(Job(spec=small, prompt=spec.prompt, shot_plan=shot_plan or spec.shot_plan))
        self._shot = plan.shot
        self._picture = plan.build()
        self._frame = blank_frame(*size)

    def cast_places(self, share: float) -> tuple[CastPlace, ...]:
        """Return where each cast member is after a share of the clip; none between pictures."""
        if not isinstance(self._picture, Composition):
            return ()
        return self._picture.cast_places(self._shot.phase(self._index(share)))

    def visible_shares(self, share: float) -> tuple[float, ...]:
        """
        Return how much of the frame each cast member changes after a share of the clip.

        What is hidden, cut off or as dark as the ground behind it changes little, even where the
        plan lists it as shown. Empty for what is drawn between pictures.
        """
        if not isinstance(self._picture, Composition):
            return ()
        index = self._index(share)
        t = self._shot.phase(index)
        whole = self.at(share).astype(np.int16)
        shares: list[float] = []
        for member in range(len(self._picture.cast_places(t))):
            self._picture.draw(index, t, planes_of(self._frame), without=member)
            change = np.abs(whole - rgb_of(self._frame)).max(2)
            shares.append(float((change > _SEEN_CHANGE).mean()))
        return tuple(shares)

    def at(self, share: float) -> NDArray[np.uint8]:
        """Return the frame after a share of the clip, 0.0 to 1.0: (height, width, 3) uint8 RGB."""
        index = self._index(share)
        self._picture.draw(index, self._shot.phase(index), planes_of(self._frame))
        return rgb_of(self._frame)

    def _index(self, share: float) -> int:
        return min(int(share * self._shot.frames), self._shot.frames - 1)
