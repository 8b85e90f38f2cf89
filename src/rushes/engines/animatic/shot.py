"""One shot to be drawn: its words, its size, its length, and where its chance comes from."""

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from rushes.core.geometry import FPS, frame_count


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """What every part of a picture knows about the clip that it is drawn for."""

    words: str
    """The prompt in lower case."""

    seed: int
    width_px: int
    height_px: int
    duration_s: float
    concepts: tuple[str, ...] = ()
    """Names of camera moves that are asked for beside the words."""

    loop: bool = False
    continues: bool = False
    """Whether it must begin exactly on its first picture, because it goes on from a clip."""

    @property
    def frames(self) -> int:
        return frame_count(self.duration_s, loop=self.loop)

    @property
    def fps(self) -> int:
        return FPS

    def phase(self, index: int) -> float:
        """Return the time of a frame: 0 to 1, where a loop stops one step before its start."""
        return index / self.frames if self.loop else index / (self.frames - 1)

    def held(self, t: float) -> float:
        """
        Return the moment that frames show whose drawing holds for two of them.

        Soft and slow things are drawn so, as animators draw on twos: nobody sees it.
        """
        index = round(t * (self.frames if self.loop else self.frames - 1))
        return self.phase(index - index % 2)

    def chance(self, purpose: str) -> np.random.Generator:
        """Return the stream of chance of one part; parts do not disturb each other's."""
        name = f"{self.seed}/{purpose}".encode()
        return np.random.default_rng(int.from_bytes(blake2b(name, digest_size=8).digest(), "big"))

    def rounds(self, per_5s: float) -> int:
        """Return a whole number of rounds for the clip, so that what turns can loop."""
        return max(1, round(per_5s * self.duration_s / 5))
