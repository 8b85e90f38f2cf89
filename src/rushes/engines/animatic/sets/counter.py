"""A counter before somebody who works: small things of a plan lie on it, not on the floor."""

from typing import Final

import numpy as np

from rushes.core.shot_plan import Action, CastMember, Framing, Plane, ShotPlan
from rushes.engines.animatic.cast.catalogue import subjects
from rushes.engines.animatic.layers import Part, SceneLight
from rushes.engines.animatic.paint.arrays import F32, Array, enlarge
from rushes.engines.animatic.paint.canvas import Canvas, fill
from rushes.engines.animatic.paint.colour import mix, rgb
from rushes.engines.animatic.scenes.layers import FlatLayer
from rushes.engines.animatic.scenes.view import REST_SCALE, View
from rushes.engines.animatic.sets.room_table import ROOMS
from rushes.engines.animatic.shot import Shot

COUNTER_ROW: Final = 0.725
"""Row on which things stand."""

COUNTER_NEARNESS: Final = 0.7
_BACK, _FRONT, _EDGE = 0.67, 0.765, 0.79
"""Rows at which the top begins, its front edge begins, and its front begins."""

_SMALL_M: Final = 0.5
_LEAST_BEHIND: Final = 0.55
"""Height of one who is seen behind the counter, as a share of the worker's."""

_LIE_ON_IT: Final = frozenset({"food", "object", "instrument", "fish", "animal"})
_COLOURS: Final = {"kitchen": ("#e9e4da", "#3f7f7c"), "laboratory": ("#dfe4e8", "#7f97a8")}
_WOOD: Final = ("#a9774a", "#7b5232")


def counter_members(plan: ShotPlan, main: int) -> frozenset[int]:
    """
    Return the indices of the members that lie on a counter; none where the plan needs no counter.

    Args:
        main: Index of the main subject.
    """
    if plan.set not in ROOMS or not ROOMS[plan.set].has_counter or not plan.cast:
        return frozenset()
    worker = plan.cast[main]
    stands = worker.action in {Action.WORK, Action.STAND, Action.TALK, Action.WAVE, Action.EAT}
    if subjects()[worker.subject].kind != "person" or not stands or worker.count > 3:
        return frozenset()
    if plan.framing not in {Framing.WIDE, Framing.MEDIUM}:
        return frozenset()
    worker_m = worker.height_m or subjects()[worker.subject].height_m
    if any(_is_hidden(member, worker_m) for member in plan.cast if member is not worker):
        return frozenset()
    return frozenset(index for index, member in enumerate(plan.cast) if _is_small(member))


def _is_hidden(member: CastMember, worker_m: float) -> bool:
    """Judge whether a counter would hide one who stands on the floor, such as a sleeping cat."""
    height_m = member.height_m or subjects()[member.subject].height_m
    on_floor = member.on is None and member.plane is Plane.GROUND and not _is_small(member)
    return on_floor and height_m < _LEAST_BEHIND * worker_m


def _is_small(member: CastMember) -> bool:
    subject = subjects()[member.subject]
    height_m = member.height_m or subject.height_m
    free = member.on is None and member.x is None and member.y is None
    return (
        free
        and member.plane is Plane.GROUND
        and member.action in {Action.STAND, Action.STEAM, Action.BURN, Action.WORK, Action.SWIM}
        and subject.kind in _LIE_ON_IT
        and height_m <= _SMALL_M
        and member.count <= 8
    )


def counter_layer(shot: Shot, view: View, plan: ShotPlan, light: SceneLight) -> Part:
    """Return the counter, from one side of the frame to the other."""
    canvas = Canvas(shot)
    top_code, front_code = _COLOURS.get(plan.set, _WOOD)
    ambient = light.ambient * F32(1.06)
    _put(canvas, shot, ((-0.1, _BACK), (1.1, _BACK), (1.3, _FRONT), (-0.3, _FRONT)),
         rgb(top_code) * ambient, (0.86, 1.08))  # fmt: skip
    _put(canvas, shot, ((-0.3, _FRONT), (1.3, _FRONT), (1.3, _EDGE), (-0.3, _EDGE)),
         rgb(top_code) * ambient * F32(0.8), (1.0, 0.9))  # fmt: skip
    front = rgb(front_code) * ambient
    _put(canvas, shot, ((-0.3, _EDGE), (1.3, _EDGE), (1.3, 1.3), (-0.3, 1.3)), front, (0.62, 0.9))
    step = 0.24 * shot.height_px / shot.width_px * 1.4
    for order in range(-6, 7):
        x = 0.5 + (order + 0.5) * step
        box = ((x, _EDGE + 0.012), (x + 0.004, _EDGE + 0.012), (x + 0.004, 1.3), (x, 1.3))
        _put(canvas, shot, box, front * F32(0.6), (1.0, 1.0))
    opaque = canvas.height / 2 + (_FRONT - 0.5) * shot.height_px * REST_SCALE
    flat = FlatLayer(canvas, view, nearness=COUNTER_NEARNESS, opaque_from=round(opaque))
    return Part(COUNTER_NEARNESS, lambda _, t, planes: flat.draw(t, planes))


def _put(
    canvas: Canvas,
    shot: Shot,
    corners: tuple[tuple[float, float], ...],
    colour: Array,
    shades: tuple[float, float],
) -> None:
    """Fill a polygon; *shades* are how light its first and its last row are."""
    mask = np.zeros_like(canvas.alpha)
    places = [
        (
            canvas.width / 2 + (x - 0.5) * shot.width_px * REST_SCALE,
            canvas.height / 2 + (y - 0.5) * shot.height_px * REST_SCALE,
        )
        for x, y in corners
    ]
    fill(mask, places)
    used = np.flatnonzero(mask.max(1))
    if len(used) < 2:
        return
    first, end = int(used[0]) // 2 * 2, min(canvas.height, (int(used[-1]) // 2 + 1) * 2)
    rows = (end - first) // 2
    noise = canvas.noise(rows, tile_px=420, seed=4, beta=1.2, squeeze=2.0)
    share = enlarge(np.linspace(0, 1, 16, dtype=F32)[:, None], 1, rows)
    shade = F32(shades[0]) + F32(shades[1] - shades[0]) * share
    body = mix(colour, colour * F32(0.85), noise[..., None]) * shade[..., None]
    canvas.put(first, mask[first:end], np.clip(body, 0, 1), 1.0)
