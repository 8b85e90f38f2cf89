"""Turn the wheels, rotors and gondolas of drawn art."""

import math
from collections.abc import Callable
from typing import Final

import cv2
import numpy as np

from rushes.engines.animatic.cast.art import Art
from rushes.engines.animatic.cast.brush import over
from rushes.engines.animatic.cast.catalogue import Mark, Subject
from rushes.engines.animatic.paint.arrays import Array


def _with_wheels(pixels: Array, art: Art, subject: Subject, phase: float) -> Array:
    """Turn the wheels and draw spokes that show it."""
    for mark in subject.parts:
        _turn_disc(pixels, art, mark, phase)
    return pixels


def _turn_disc(pixels: Array, art: Art, mark: Mark, phase: float) -> None:
    x, y = art.place(mark.x, mark.y)
    radius = mark.radius * art.scale
    left, top = max(0, int(x - radius) - 1), max(0, int(y - radius) - 1)
    right, bottom = (
        min(pixels.shape[1], int(x + radius) + 2),
        min(pixels.shape[0], int(y + radius) + 2),
    )
    if right - left < 6 or bottom - top < 6:
        return
    window = pixels[top:bottom, left:right]
    centre = (x - left, y - top)
    angle = 360 * phase  # to the left is forward in the art, so wheels turn against the clock
    turned = cv2.warpAffine(
        window, cv2.getRotationMatrix2D(centre, angle, 1.0), window.shape[1::-1],
        borderMode=cv2.BORDER_REPLICATE)  # fmt: skip
    light = np.full(window.shape[:2], 255, np.uint8)
    for spoke in range(5):
        for trail, ink in ((0.0, 110), (0.10, 60), (0.20, 30)):
            turn = math.radians(-angle) + spoke * 2 * math.pi / 5 + trail
            end = (
                centre[0] + math.cos(turn) * radius * 0.5,
                centre[1] + math.sin(turn) * radius * 0.5,
            )
            _darken_line(light, centre, end, max(1, round(radius * 0.10)), ink)
    full = np.full_like(light, 255)
    cv2.multiply(turned, cv2.merge([light, light, light, full]), dst=turned, scale=1 / 255)
    mask = np.zeros(window.shape[:2], np.uint8)
    fixed = (round(centre[0] * 16), round(centre[1] * 16))
    cv2.circle(mask, fixed, round(radius * 0.97 * 16), (255,), -1, cv2.LINE_AA, 4)
    weight = cv2.merge([mask] * 4)
    inside = cv2.multiply(turned, weight, scale=1 / 255)
    outside = cv2.multiply(window, cv2.bitwise_not(weight), scale=1 / 255)
    cv2.add(inside, outside, dst=window)


def _darken_line(
    light: Array, start: tuple[float, float], end: tuple[float, float], width: int, ink: int
) -> None:
    """Darken a line of a picture that holds how bright things are, 255 for all of it."""
    line = np.zeros_like(light)
    fixed = [(round(x * 16), round(y * 16)) for x, y in (start, end)]
    cv2.line(line, fixed[0], fixed[1], (ink,), width, cv2.LINE_AA, 4)
    cv2.multiply(light, cv2.bitwise_not(line), dst=light, scale=1 / 255)


def _turned_ferris(pixels: Array, art: Art, subject: Subject, phase: float) -> Array:
    for mark in subject.parts:
        x, y = art.place(mark.x, mark.y)
        radius = round(mark.radius * art.scale)
        whole = cv2.warpAffine(
            pixels, cv2.getRotationMatrix2D((x, y), 360 * phase, 1.0), pixels.shape[1::-1]
        )
        mask = np.zeros(pixels.shape[:2], np.uint8)
        cv2.circle(mask, (round(x), round(y)), radius, (255,), -1, cv2.LINE_AA)
        weight = cv2.merge([mask] * 4)
        inside = cv2.multiply(whole, weight, scale=1 / 255)
        cv2.multiply(pixels, cv2.bitwise_not(weight), dst=pixels, scale=1 / 255)
        cv2.add(pixels, inside, dst=pixels)
    return pixels


def _with_rotor(pixels: Array, art: Art, subject: Subject, phase: float) -> Array:
    """Lay a blurred rotor over the blades."""
    for mark in subject.parts:
        x, y = art.place(mark.x, mark.y)
        reach = mark.radius * art.scale
        disc = np.zeros_like(pixels)
        grey = 70 + round(30 * math.sin(2 * math.pi * phase))
        tilt = 3 * math.sin(2 * math.pi * phase)
        cv2.ellipse(
            disc, (round(x), round(y)), (round(reach), max(1, round(reach * 0.10))), tilt, 0, 360,
            (grey, grey, grey + 5, 130), -1, cv2.LINE_AA)  # fmt: skip
        over(pixels, disc)
    return pixels


TURNING_PARTS: Final[dict[str, Callable[[Array, Art, Subject, float], Array]]] = {
    "wheels": _with_wheels,
    "ferris": _turned_ferris,
    "rotor": _with_rotor,
}
