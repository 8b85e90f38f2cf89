"""Find the camera moves in a prompt, without taking a frying pan for one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from rushes.kit.word_patterns import whole_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """The moves of one shot; a sign is a direction, 0 is none."""

    pan: float = 0.0
    """-1 left, 1 right."""

    tilt: float = 0.0
    """-1 up, 1 down: the camera rises or sinks, as with a crane or a pedestal."""

    push: float = 0.0
    """1 into the picture, -1 out of it."""

    orbit: float = 0.0
    roll: float = 0.0
    dolly_zoom: float = 0.0
    handheld: float = 0.0
    still: float = 0.0
    pace: float = 1.0
    """How far the camera goes in five seconds; 1 is usual."""

    @property
    def any(self) -> bool:
        """Whether a move, or explicitly none, was asked for."""
        return any((self.travels, self.handheld, self.still))

    @property
    def travels(self) -> bool:
        """Whether the camera leaves its place."""
        return any((self.pan, self.tilt, self.push, self.orbit, self.roll, self.dolly_zoom))


_LY: Final = r"(?: \w+ly)?"
_CAMERA: Final = rf"\b(?:camera|lens|shot|view)(?: then| starts to| begins to| is| will)?{_LY} "
_GOES: Final = (
    r"(?:mov(?:es?|ing)|slid(?:es?|ing)|sweep(?:s|ing)?|glid(?:es?|ing)|drift(?:s|ing)?"
    r"|travel(?:s|ing)?|track(?:s|ing)?|fl(?:y|ies|ying)|go(?:es)?|truck(?:s|ing)?|roll(?:s|ing)?)"
)
_SIDEWAYS: Final = (
    rf"(?:\bpan(?:s|ning)?|\btruck(?:ing)?|\bdolly(?:ing)?|\btracking(?: shot)?|{_CAMERA}{_GOES})"
    rf"{_LY}(?: over)?(?: to(?:wards?)?)?(?: the)?"
)
_LIFT: Final = r"(?:\btilt|\bcrane|\bpedestal|\bboom|\bjib)(?:s|ing)?(?: shot)?"
_ROUND: Final = (
    rf"{_CAMERA}(?:orbit(?:s|ing)?|arc(?:s|ing)?|(?:circl|rotat|revolv)(?:es?|ing)|spin(?:s|ning)?)"
    r"\b"
)


def _seen(names: str) -> str:
    """Return what finds viewpoints where they are said of a camera, and not of what it shows."""
    return rf"\bcamera (?:{names})\b|\b(?:{names}) (?:shot|view)\b"


_TRAPS: Final = re.compile(
    r"\b(?:frying|fry|baking|sauce|cake|roasting|cooking|dust|bed|brain|hot|iron|peter) ?-?pans?\b"
    r"|\b(?:an?|the|his|her|fire|food|dump|old|red|pick-?up) trucks?\b"
    r"|\bpots and pans\b|\b(?:head|face|chin|hat|eyes) tilt(?:s|ed|ing)?(?: \w+ly)? (?:up|down)"
    r"|\bin orbit\b|\borbiting (?:the )?(?:earth|moon|planet|sun|star)s?\b"
    r"|\bhand-?held (?:console|game|device|radio|phone|fan|mirror|torch|lantern)s?\b"
    r"|\b(?:no|without|avoid(?:ing)?|don't|do not|never)(?: any)?(?: camera)?"
    r" (?:pan|tilt|zoom|orbit|doll(?:y|ies)|shak(?:e|y)|hand-?held|push|pull|roll|crane)"
    r"(?:s|es|ning|ing)?\b"
    r"(?: (?:in|out|left|right|up|down))?"
)
"""Words that look like a move and are none; they are struck out before looking."""

_STILL: Final = (
    r"\b(?:static|still|fixed|motionless) (?:shot|camera|frame|view)\b"
    r"|\bcamera (?:is |stays |remains |holds |stands )?(?:\w+ly )?(?:static|still|fixed|locked)"
    r"|\blocked[- ](?:off|down)\b|\btripod\b|\bno camera (?:movement|motion|moves?)\b"
    r"|\bcamera (?:does not|doesn't) move\b"
)

_WORDS: Final[tuple[tuple[str, str, float], ...]] = (
    (_STILL, "still", 1),
    (r"\bdolly[- ]zoom|\bzolly\b|\bvertigo (?:effect|shot)", "dolly_zoom", 1),
    (r"(?:\bpan(?:s|ned|ning)?\b|\bcamera [^.;]{0,24}) from right to left\b", "pan", -1),
    (r"(?:\bpan(?:s|ned|ning)?\b|\bcamera [^.;]{0,24}) from left to right\b", "pan", 1),
    (rf"{_SIDEWAYS} left\b", "pan", -1),
    (rf"{_SIDEWAYS} right\b", "pan", 1),
    (
        (
            rf"\bpanning\b|{_CAMERA}pans?\b|\bpan (?:shot|across|along|around|over)\b"
            r"|\btracking shot"
            r"|\b(?:slow|smooth|gentle|quick|fast|whip|wide|steady|horizontal|cinematic) pan\b"
            r"|\btrucking shot|\bslider shot|\bfly-?by shot"
        ),
        "pan",
        1,
    ),
    (
        (
            rf"{_LIFT}{_LY} down\b|{_CAMERA}(?:descend|lower|drop|sink)(?:s|ing|ping)?\b"
            rf"|{_CAMERA}{_GOES}{_LY} down\b"
        ),
        "tilt",
        1,
    ),
    (
        (
            rf"{_LIFT}{_LY} up\b|\bcrane shot|\brising (?:shot|camera)|{_CAMERA}{_GOES}{_LY} up"
            rf"|{_CAMERA}(?:ris(?:es?|ing)|(?:ascend|lift|climb)(?:s|ing)?)\b"
            r"|\bdrone (?:shot )?ris(?:es|ing)"
        ),
        "tilt",
        -1,
    ),
    (
        (
            rf"\b(?:zoom|dolly)(?:s|ing)?{_LY} (?:out|back|away)\b|\bpull-?back shot"
            r"|\bpull(?:ing)? (?:back|out)\b(?! (?:the|his|her|their|its|my|your|an?)\b)"
            rf"|{_CAMERA}(?:{_GOES}|pull(?:s|ing)?|zoom(?:s|ing)?){_LY} (?:out|back|away)"
            rf"|{_CAMERA}(?:retreats|withdraws)"
        ),
        "push",
        -1,
    ),
    (
        (
            rf"\b(?:zoom|dolly)(?:s|ing)?{_LY} (?:in|into|forwards?|towards?|closer|through)\b"
            r"|\bpush(?:es|ing)?[- ]in\b|\b(?:slow|gentle|subtle) (?:push|zoom|dolly)\b"
            r"|\bdolly shot"
            r"|\b(?:crash|snap) zoom|\bfly-?through\b|\bfirst[- ]person\b|\bpov\b|\bbolt cam\b"
            rf"|\bclose[- ]?up\b|{_CAMERA}(?:zooms|approaches|pushes|dollies)"
            rf"|{_CAMERA}{_GOES}{_LY} (?:in|into|forwards?|towards?|closer|through)\b"
        ),
        "push",
        1,
    ),
    (rf"\borbit(?:ing)? left\b|{_ROUND}[^.;]{{0,24}} left\b", "orbit", -1),
    (
        (
            rf"\borbit(?:al|ing)? (?:shot|right|around)\b|\barc shot\b|{_ROUND}|\bcircling shot"
            r"|\b360[- ]?degree|\bturntable shot"
        ),
        "orbit",
        1,
    ),
    (r"\bhand-?held\b|\bshaky[- ]?cam|\bfound footage\b|\bvlog\b", "handheld", 1),
    (r"\bcamera rolls? left\b|\broll left\b|\bdutch angle\b", "roll", -1),
    (r"\bcamera rolls? right\b|\broll right\b|\bbarrel roll\b", "roll", 1),
    (_seen("low[- ]angle"), "tilt", -1),
    (_seen("high[- ]angle"), "tilt", 1),
    (_seen("ground[- ]level|over[- ]the[- ]shoulder|elevator doors"), "push", 1),
    (_seen("eye[- ]level"), "pan", 1),
    (_seen("selfie|tiny planet"), "push", -1),
    (_seen("selfie|over[- ]the[- ]shoulder"), "handheld", 1),
    (_seen("tiny planet"), "roll", 1),
)
"""What asks for a move; of several for one move, the first that is found counts."""

_AERIAL: Final = re.compile(
    r"\bdrone (?:shot|view|footage|flight|video|flyover)|\baerial\b|\bbird'?s[- ]eye\b|\bfpv\b"
    r"|\bfly-?over\b|" + _seen("overhead")
)
_FAST: Final = whole_words(
    "fast faster quick quickly rapid rapidly whip whips whipping energetic energetically dynamic"
)
_SLOW: Final = whole_words(
    """slow slowly slower slow_mo gentl[ey] subtl[ey] calm calmly smooth smoothly serene serenely
    tranquil"""
)

CONCEPTS: Final = (
    "static",
    "handheld",
    "pov",
    "push_in",
    "pull_out",
    "zoom_in",
    "zoom_out",
    "dolly_zoom",
    "pan_left",
    "pan_right",
    "truck_left",
    "truck_right",
    "tilt_up",
    "tilt_down",
    "crane_up",
    "crane_down",
    "pedestal_up",
    "pedestal_down",
    "orbit_left",
    "orbit_right",
    "roll_left",
    "roll_right",
    "aerial",
    "aerial_drone",
    "bolt_cam",
    "low_angle",
    "high_angle",
    "eye_level",
    "ground_level",
    "overhead",
    "over_the_shoulder",
    "selfie",
    "tiny_planet",
    "elevator_doors",
)
"""
All that Luma's API has, as ComfyUI lists them: moves, and from ``low_angle`` on viewpoints.

A drawing is seen from one point. A viewpoint moves the camera as a shot from there would: up along
what is seen from below, for one. ``camera orbit left`` in a prompt asks for the same as the concept
``orbit_left``.
"""


@dataclass(frozen=True, slots=True)
class NamedMove:
    """A move that a prompt names, and where its words are."""

    name: str
    """One of ``CONCEPTS``."""

    start: int
    end: int


_NAMES: Final = {
    ("still", 1): "static",
    ("dolly_zoom", 1): "dolly_zoom",
    ("pan", -1): "pan_left",
    ("pan", 1): "pan_right",
    ("tilt", -1): "tilt_up",
    ("tilt", 1): "tilt_down",
    ("push", -1): "pull_out",
    ("push", 1): "push_in",
    ("orbit", -1): "orbit_left",
    ("orbit", 1): "orbit_right",
    ("handheld", 1): "handheld",
    ("roll", -1): "roll_left",
    ("roll", 1): "roll_right",
}
_LIFTS: Final = (("crane", "crane"), ("jib", "crane"), ("boom", "crane"), ("pedestal", "pedestal"))
"""How the words for a rise or a fall begin, and the move that they name in place of a tilt."""

_FRAMES_ONLY: Final = re.compile(r"close[- ]?up|(?:low|high)[- ]angle(?: shot)?", re.IGNORECASE)
"""Words that say how a shot is framed, and that :func:`moves_in` takes for a move."""


def named_moves(prompt: str) -> tuple[NamedMove, ...]:
    """Return each move that a prompt names, in the order of its words; none twice for a phrase."""
    words = prompt.lower()
    if len(words) != len(prompt):
        words = prompt
    plain = _TRAPS.sub(lambda trap: " " * len(trap.group()), words)
    found: list[NamedMove] = []
    for pattern, move, direction in _WORDS:
        for match in re.finditer(pattern, words if move == "still" else plain):
            start, end = match.span()
            taken = any(start < other.end and other.start < end for other in found)
            if not taken and not _FRAMES_ONLY.fullmatch(match.group()):
                name = _lifted(_NAMES[move, int(direction)], match.group())
                found.append(NamedMove(name, start, end))
    if not found:
        found = [NamedMove("aerial_drone", *match.span()) for match in _AERIAL.finditer(plain)]
    return tuple(sorted(found, key=lambda move: move.start))


def _lifted(name: str, words: str) -> str:
    """Return the name of a crane's or a pedestal's move where the words are of one."""
    how, _, way = name.partition("_")
    lift = next((lift for begins, lift in _LIFTS if begins in words), "")
    return f"{lift}_{way}" if how == "tilt" and lift else name


def moves_in(words: str, *, seed: int, concepts: Sequence[str] = ()) -> Moves:
    """
    Return the moves that the lower-case words ask for; a slow push where nothing is asked for.

    Args:
        concepts: Some of ``CONCEPTS``; where the words say otherwise of a move, these count.
    """
    named = ", ".join(f"camera {concept.replace('_', ' ')}" for concept in concepts)
    plain = f"{_TRAPS.sub(' ', words)}, {named}"
    found = _found_in(named)
    if "still" not in found:
        found = _found_in(words) | found
    if "dolly_zoom" in found:
        found.pop("push", None)
    moves = replace(Moves(pace=_pace(words)), **found)
    if _AERIAL.search(plain) and not moves.travels:
        moves = replace(moves, push=1.0, tilt=-0.5)
    if not moves.any:
        moves = replace(moves, push=1.0, pan=0.35 if seed & 1 else -0.35)
    return moves


def _found_in(words: str) -> dict[str, float]:
    plain = _TRAPS.sub(" ", words)
    found: dict[str, float] = {}
    for pattern, move, direction in _WORDS:
        source = words if move == "still" else plain
        if move not in found and re.search(pattern, source):
            found[move] = direction
    return found


def _pace(words: str) -> float:
    if _FAST.search(words):
        return 1.45
    return 0.7 if _SLOW.search(words) else 1.0
