"""Place the horizon in the frame by framing, and move every other row with it."""

from dataclasses import dataclass
from typing import Final

from rushes.core.shot_plan import Framing

_LOOKS_UP, _LOOKS_DOWN = 0.55, 0.42
"""Share of the ground that is left when the camera looks up; of the sky when it looks down."""

LANDSCAPE_SHIFTS: Final = {Framing.LOW_ANGLE: 0.1, Framing.AERIAL: -0.22}
"""How far the horizon of an open landscape goes down in the frame; negative: up."""


@dataclass(frozen=True, slots=True)
class EyeLevel:
    """The row of the horizon in one framing; rows are shares of the frame's height."""

    usual: float
    """The horizon for which a place is laid out."""

    horizon: float

    def row(self, row: float) -> float:
        """Return where a row of the usual layout is."""
        if row >= self.usual:
            return 1.0 - (1.0 - row) * (1.0 - self.horizon) / (1.0 - self.usual)
        return row * self.horizon / self.usual


def eye_level(usual: float, framing: Framing) -> EyeLevel:
    """Return the level of a place with a floor: more floor from above, less from below."""
    horizon = usual
    if framing is Framing.LOW_ANGLE:
        horizon = 1.0 - (1.0 - usual) * _LOOKS_UP
    elif framing is Framing.AERIAL:
        horizon = usual * _LOOKS_DOWN
    return EyeLevel(usual, horizon)
