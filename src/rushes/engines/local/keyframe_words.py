"""Say in words how a plan frames its shot, for a model that draws from words."""

from collections.abc import Mapping
from typing import Final

from rushes.core.shot_plan import Framing, ShotPlan

_FRAMINGS: Final[Mapping[Framing, str]] = {
    Framing.WIDE: "wide shot",
    Framing.MEDIUM: "medium shot",
    Framing.PORTRAIT: "portrait, head and shoulders",
    Framing.CLOSE_UP: "close-up",
    Framing.LOW_ANGLE: "low-angle shot, seen from below",
    Framing.AERIAL: "aerial view, seen from above",
}


def keyframe_prompt(prompt: str, plan: ShotPlan | None) -> str:
    """Return the caller's prompt, followed by the framing of the plan."""
    if plan is None:
        return prompt
    return f"{prompt.strip().rstrip('.,;')}, {_FRAMINGS[plan.framing]}"
