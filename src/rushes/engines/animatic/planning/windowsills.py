"""Put who sits on a windowsill or looks out of a window at a large window of the room."""

import re
from dataclasses import replace
from typing import Final

from rushes.core.shot_plan import Action, Effect, Facing, Plane
from rushes.engines.animatic.cast.catalogue import subjects
from rushes.engines.animatic.cast.windows import WINDOWS
from rushes.engines.animatic.planning import kinds
from rushes.engines.animatic.planning.casting_drafts import Draft, Reading, take_out
from rushes.engines.animatic.planning.outside_weather import is_behind_glass
from rushes.engines.animatic.planning.scenery import Scenery
from rushes.engines.animatic.sets.room_table import ROOMS

_LOOKS_OUT: Final = re.compile(
    r"\b(?:look|star|gaz|watch|peer|peek|glanc)\w*\b[^.,;]{0,40}"
    r"\b(?:out(?: of)?|through|from|at)\b[^.,;]{0,20}\bwindow"
    r"|\bfrom (?:the|a|his|her|their) window\b"
    r"|(?:regard|observ)\w* [^.,;]{0,30}par la fenêtre"
    r"|(?:mira|observa)\w* [^.,;]{0,30}por la ventana"
    r"|(?:schau|blick|sieh)\w* [^.,;]{0,20}aus dem fenster|aus dem fenster (?:schau|blick|sieh)"
    r"|olha\w* [^.,;]{0,30}pela janela|(?:смотр|гляд)\w* [^.,;]{0,20}в окно"
    r"|[看望]\w{0,2}窗外|望向窗外|窓の外を(?:見|眺)|窓から外を|창밖을",
    re.IGNORECASE,
)
_SEEN_OUTSIDE: Final = {Effect.RAIN: "rainy-window", Effect.SNOW: "snowy-window"}
_USUAL_OUTSIDE: Final = frozenset({"garden", "meadow", "table", "studio"})
"""Where plants and cups are of which the prompt names no place; a windowsill is in a room."""

_WITHOUT_WINDOWS: Final = frozenset(
    {"dungeon", "bunker", "tunnel", "wine_cellar", "parking_garage", "subway_station", "elevator"}
    | {"submarine_interior", "cinema", "aquarium", "planetarium", "spaceship", "cockpit", "tent"}
    | {"airplane_cabin", "subway_train", "porch", "greenhouse", "barn", "attic", "church"}
)
"""Rooms that have no windows in their walls, or other ones."""

_AT_WINDOW, _LOOKER = 0.62, 0.34
"""Where across the frame the window is, and who looks out of it, which turns to it."""


def open_windows(prompt: str, reading: Reading, scenery: Scenery) -> Scenery:
    """
    Make the window of a prompt a large one on the back wall, where somebody is on it or at it.

    Returns:
        The scenery; rain or snow behind the window is shown.
    """
    _leave_to_walls(reading, scenery.set)
    scenery = _open_window(prompt, reading, scenery)
    if scenery.set not in ROOMS or scenery.set in _WITHOUT_WINDOWS:
        return scenery
    glazed = [term for term, _ in scenery.unused if is_behind_glass(term, prompt)]
    return replace(
        scenery,
        unused=tuple(pair for pair in scenery.unused if pair[0] not in glazed),
        used=(*scenery.used, *((term.start, term.end) for term in glazed)),
    )


def _leave_to_walls(reading: Reading, set_name: str) -> None:
    """Take several windows for those in the walls of the room."""
    drafts = reading.drafts
    if set_name not in ROOMS or set_name in _WITHOUT_WINDOWS:
        return
    for index in range(len(drafts) - 1, -1, -1):
        draft = drafts[index]
        plain = draft.subject.id == "window" and draft.tint is None
        walled = draft.count > 1 or not ROOMS[set_name].has_window
        if plain and walled and not any(one.on == index for one in drafts):
            reading.used.append((draft.start, draft.end))
            take_out(reading, index)


def _open_window(prompt: str, reading: Reading, scenery: Scenery) -> Scenery:
    """Put the window that somebody is on or looks out of on the back wall."""
    drafts = reading.drafts
    at = next((i for i, one in enumerate(drafts) if one.subject.id == "window"), None)
    if at is None:
        return scenery
    window = drafts[at]
    inside = any(one.on is not None and drafts[one.on].subject.id in WINDOWS for one in drafts)
    if inside and not any(one.on == at for one in drafts):
        reading.used.append((window.start, window.end))
        take_out(reading, at)  # the vehicle has windows
        return scenery
    on_it = any(one.on == at for one in drafts)
    lookers = [one for one in drafts if kinds.is_alive(one.subject) and one.on is None]
    looks = bool(lookers) and _LOOKS_OUT.search(prompt) is not None
    if window.count > 1 or window.tint is not None or not (on_it or looks):
        return scenery
    named = any(one.kind == "set" for _, one in reading.scenery)
    snows = looks and scenery.set == "snow"
    if snows or (on_it and not named and scenery.set in _USUAL_OUTSIDE):
        scenery = replace(scenery, set="living_room", palette=None)
    if scenery.set not in ROOMS or not ROOMS[scenery.set].has_window:
        return scenery
    weather = [
        (term, art)
        for term, _ in scenery.unused
        if (effect := term.meaning("effect")) and (art := _SEEN_OUTSIDE.get(Effect(effect.value)))
    ]
    usual = "night-window" if scenery.time == "night" else "window-sill"
    usual = "snowy-window" if snows else usual
    window.subject = subjects()[weather[0][1] if weather else usual]
    window.plane, window.action, window.x = Plane.BACKGROUND, Action.STAND, 0.5
    if not on_it:
        window.x = _AT_WINDOW
        _turn_to_window(lookers[0])
    shown = [term for term, _ in weather]
    return replace(
        scenery,
        unused=tuple(pair for pair in scenery.unused if pair[0] not in shown),
        used=(*scenery.used, *((term.start, term.end) for term in shown)),
    )


def _turn_to_window(looker: Draft) -> None:
    looker.x, looker.plane, looker.facing = _LOOKER, Plane.GROUND, Facing.RIGHT
