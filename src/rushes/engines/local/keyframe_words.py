"""Say in words what a plan shows and how it frames its shot, for a model that draws from words."""

from collections.abc import Iterator, Mapping
from typing import Final

from rushes.core.shot_plan import Action, CastMember, Facing, Framing, Plane, ShotPlan

_FRAMINGS: Final[Mapping[Framing, str]] = {
    Framing.WIDE: "wide shot",
    Framing.MEDIUM: "medium shot",
    Framing.PORTRAIT: "portrait, head and shoulders",
    Framing.CLOSE_UP: "close-up",
    Framing.LOW_ANGLE: "low-angle shot, seen from below",
    Framing.AERIAL: "aerial view, seen from above",
}
_ACTIONS: Final[Mapping[Action, str]] = {
    Action.STAND: "",
    Action.WALK: "walking",
    Action.RUN: "running",
    Action.DANCE: "dancing",
    Action.JUMP: "jumping",
    Action.SIT: "sitting",
    Action.TALK: "talking",
    Action.WORK: "working",
    Action.EAT: "eating or drinking",
    Action.FIGHT: "fighting",
    Action.KICK: "kicking",
    Action.THROW: "throwing",
    Action.PUSH: "pushing",
    Action.CLIMB: "climbing",
    Action.KNEEL: "kneeling",
    Action.LIE: "lying down",
    Action.HUG: "hugging",
    Action.WAVE: "waving",
    Action.FLY: "flying",
    Action.SWIM: "swimming",
    Action.DRIFT: "drifting",
    Action.FLOAT: "floating",
    Action.RISE: "rising",
    Action.FALL: "falling",
    Action.ROLL: "rolling",
    Action.DRIVE: "driving",
    Action.SAIL: "sailing",
    Action.SPIN: "spinning",
    Action.FLUTTER: "fluttering",
    Action.BURN: "burning",
    Action.STEAM: "steaming",
}
_PLANES: Final[Mapping[Plane, str]] = {
    Plane.FOREGROUND: "in the foreground",
    Plane.GROUND: "",
    Plane.BACKGROUND: "in the background",
    Plane.SKY: "in the sky",
    Plane.WATER: "in the water",
}
_FACINGS: Final[Mapping[Facing, str]] = {
    Facing.LEFT: "facing left",
    Facing.RIGHT: "",
    Facing.CAMERA: "facing the camera",
}
_SETS: Final[Mapping[str, str]] = {
    "abstract": "",
    "city": "city skyline over water",
    "snow": "snowy landscape",
    "space": "outer space",
    "table": "on a table top",
}
_TIMES: Final[Mapping[str, str]] = {
    "dawn": "at dawn",
    "day": "by day",
    "golden": "golden hour",
    "sunset": "at sunset",
    "night": "at night",
}
_WEATHERS: Final[Mapping[str, str]] = {
    "clear": "",
    "cloudy": "cloudy sky",
    "overcast": "overcast sky",
    "storm": "storm",
}
_LIGHTS: Final[Mapping[str, str]] = {
    "natural": "",
    "neon": "neon light",
    "candle": "candlelight",
    "lamp": "lamplight",
    "stage": "stage light",
    "moon": "moonlight",
    "mars": "red light of Mars",
}
_COLOURS: Final[Mapping[str, tuple[int, int, int]]] = {
    "black": (0, 0, 0),
    "grey": (128, 128, 128),
    "white": (255, 255, 255),
    "red": (200, 30, 30),
    "orange": (240, 140, 20),
    "yellow": (240, 220, 40),
    "green": (40, 150, 50),
    "blue": (40, 80, 200),
    "purple": (130, 50, 160),
    "pink": (245, 150, 180),
    "brown": (120, 70, 30),
    "golden": (212, 175, 55),
}
_LARGE: Final = 1.5
_SMALL: Final = 0.6
"""Scales from which and up to which a member is called large and small."""

_LEFT: Final = 1 / 3
_RIGHT: Final = 2 / 3
"""Places across the frame up to which and from which a member is on the left and on the right."""


def keyframe_prompt(prompt: str, plan: ShotPlan | None) -> str:
    """Return the caller's prompt, followed by the framing of the plan."""
    if plan is None:
        return prompt
    return f"{prompt.strip().rstrip('.,;')}, {_FRAMINGS[plan.framing]}"


def plan_prompt(plan: ShotPlan) -> str:
    """Return what an edited plan shows, in words: these take the place of the prompt."""
    parts = [
        *(_member(member, plan.cast) for member in plan.cast),
        _SETS.get(plan.set, plan.set.replace("_", " ")),
        _TIMES[plan.time],
        _WEATHERS[plan.weather],
        _LIGHTS[plan.light],
        *(effect.value.replace("_", " ") for effect in plan.effects),
        f"{plan.palette} colours" if plan.palette else "",
        _FRAMINGS[plan.framing],
    ]
    return ", ".join(part for part in parts if part)


def _member(member: CastMember, cast: tuple[CastMember, ...]) -> str:
    return " ".join(word for word in _words_of(member, cast) if word)


def _words_of(member: CastMember, cast: tuple[CastMember, ...]) -> Iterator[str]:
    yield "large" if member.scale >= _LARGE else "small" if member.scale <= _SMALL else ""
    yield _colour(member.colour) if member.colour else ""
    yield _name(member)
    yield f"({member.count} of them)" if member.count > 1 else ""
    yield _ACTIONS[member.action]
    if member.on is not None and 0 <= member.on < len(cast):
        yield f"on {_name(cast[member.on])}"
    yield _PLANES[member.plane]
    if member.x is not None:
        yield "on the left" if member.x < _LEFT else "on the right" if member.x > _RIGHT else ""
    yield _FACINGS[member.facing]


def _name(member: CastMember) -> str:
    """Return the caller's words, if they still name what the plan says, else the plan's name."""
    parts = member.subject.split("-")
    return member.words if set(parts) & set(member.words.lower().split()) else " ".join(parts)


def _colour(code: str) -> str:
    """Return the name of the colour that is nearest to ``#rrggbb``."""
    wanted = bytes.fromhex(code.removeprefix("#"))

    def distance(name: str) -> int:
        return sum((a - b) ** 2 for a, b in zip(wanted, _COLOURS[name], strict=True))

    return min(_COLOURS, key=distance)
