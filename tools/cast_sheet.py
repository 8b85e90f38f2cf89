"""
Draw contact sheets of the animatic engine's cast, to be looked at.

    python tools/cast_sheet.py sheet.png --kind animal --action walk
    python tools/cast_sheet.py walk.png --subject woman horse racing-car --moments 8
"""

import argparse
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from rushes.core.shot_plan import Action, CastMember, Facing
from rushes.engines.animatic.camera_path import Camera
from rushes.engines.animatic.cast.catalogue import subjects
from rushes.engines.animatic.cast.members import cast_layers
from rushes.engines.animatic.layers import SceneLight, Spot
from rushes.engines.animatic.paint.arrays import Array
from rushes.engines.animatic.paint.colour import rgb, yuv_of
from rushes.engines.animatic.scenes.view import View
from rushes.engines.animatic.shot import Shot
from rushes.engines.video.frames import blank_frame, planes_of, rgb_of

DAY: Final = SceneLight(
    ambient=rgb("#ebedf2"), key=rgb("#ffebbf"), key_x=-0.7, key_y=0.6, haze=rgb("#bfd1e6")
)
NIGHT: Final = SceneLight(
    ambient=rgb("#525c8c"), key=rgb("#b3ccff"), key_x=0.6, key_y=0.5, haze=rgb("#1f264d")
)
SUNSET: Final = SceneLight(
    ambient=rgb("#d9ad8c"), key=rgb("#ffb35a"), key_x=0.9, key_y=0.15, haze=rgb("#f2b380")
)
LIGHTS: Final = {"day": DAY, "night": NIGHT, "sunset": SUNSET}


def main() -> None:
    options = _options()
    wanted = options.subject or [
        subject.id
        for subject in subjects().values()
        if options.kind is None or subject.kind in options.kind
    ]
    wide, tall = options.size
    tiles: list[Array] = []
    for name in wanted:
        for moment in range(options.moments):
            t = (moment * options.step + 20) / 120 % 1.0
            tile = _tile(name, options, (wide, tall), t)
            cv2.putText(tile, name, (4, 12), cv2.FONT_HERSHEY_PLAIN, 0.8, (255, 255, 0), 1)
            tiles.append(tile)
    columns = options.columns or (options.moments if options.moments > 1 else 12)
    tiles += [np.zeros_like(tiles[0])] * (-len(tiles) % columns)
    rows = [np.hstack(tiles[at : at + columns]) for at in range(0, len(tiles), columns)]
    cv2.imwrite(str(options.file), cv2.cvtColor(np.vstack(rows), cv2.COLOR_RGB2BGR))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--subject", nargs="+")
    parser.add_argument("--kind", nargs="+")
    parser.add_argument("--action", type=Action)
    parser.add_argument("--facing", type=Facing, default=Facing.RIGHT)
    parser.add_argument("--light", choices=LIGHTS, default="day")
    parser.add_argument("--colour")
    parser.add_argument("--moments", type=int, default=1)
    parser.add_argument("--step", type=int, default=3, help="frames between moments")
    parser.add_argument("--columns", type=int, default=0)
    parser.add_argument("--height-px", type=float, default=100.0)
    parser.add_argument("--size", type=int, nargs=2, default=(192, 160))
    return parser.parse_args()


def _tile(name: str, options: argparse.Namespace, size: tuple[int, int], t: float) -> Array:
    wide, tall = size
    shot = Shot(
        words="static camera", seed=7, width_px=wide, height_px=tall, duration_s=5.0, loop=True
    )
    subject = subjects()[name]
    member = CastMember(
        subject=name,
        action=options.action or subject.action,
        plane=subject.plane,
        facing=options.facing,
        colour=options.colour,
    )

    def spot(member: CastMember, height_m: float, order: int) -> Spot:
        scale = options.height_px / height_m
        return Spot(x_px=wide / 2, foot_px=tall * 0.86, px_per_m=scale, nearness=0.5, haze=0.0)

    light = LIGHTS[options.light]
    frame = blank_frame(wide, tall)
    planes = planes_of(frame)
    ground = tall * 6 // 10 // 2 * 2
    for share, half in ((1.0, slice(None)), (0.7, slice(ground, None))):
        colour = yuv_of(np.asarray(light.haze) * share)
        planes.y[half] = colour[0]
        rest = slice((half.start or 0) // 2, None)
        planes.u[rest], planes.v[rest] = colour[1], colour[2]
    for layer in cast_layers(shot, View(shot, Camera(shot)), light, [member], spot):
        layer.draw(round(t * (shot.frames - 1)), t, planes)
    return rgb_of(frame).copy()


if __name__ == "__main__":
    main()
