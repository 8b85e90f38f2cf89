"""A still: one frame of the scene that the words ask for, after the pictures it is to follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from rushes.core.shot_plan import ShotPlan
from rushes.core.spec import Role
from rushes.engines.animatic.edits.grade import (
    Tone,
    graded,
    grades_in,
    mixed_tone,
    tone_of,
    toned,
)
from rushes.engines.animatic.paint.arrays import F32, Array, blur
from rushes.engines.animatic.paint.colour import smooth_step
from rushes.engines.animatic.photo.framing import covered
from rushes.engines.animatic.sets.composition import Composition
from rushes.engines.animatic.shot import Shot
from rushes.engines.base import ReferencePicture
from rushes.engines.video.frames import blank_frame, planes_of, rgb_of
from rushes.engines.video.pictures import read_picture
from rushes.engines.video.watch import Watch

_SCENE_S: Final = 5.0
_MOMENT: Final = 0.4
"""When in its clip a scene is looked at: the camera is near its middle, the light is out."""

_GENTLY: Final = 0.25
"""How much of the scene's colours a followed picture takes on."""

_WHOLLY: Final = 0.85
"""From this weight on a followed picture is all there is; Luma's examples use it for as-is."""

_SCENE_IN_CHANGED: Final = 0.6
"""How much of the scene there is in a changed picture of weight 0."""

_SEAM: Final = 0.12
"""Of a frame's length: how softly pictures that stand side by side go over into each other."""

_FIGURE: Final = 0.66
"""How high a character stands in the frame."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """A reference picture that was read."""

    picture: Array
    weight: float


class StillPainter:
    """Composes one picture."""

    def __init__(
        self,
        prompt: str,
        plan: ShotPlan,
        *,
        seed: int,
        size: tuple[int, int],
        guides: Sequence[ReferencePicture],
    ) -> None:
        """
        Prepare the picture.

        Args:
            plan: What it shows.
            size: Width and height in pixels, both even.
        """
        self._words, self._plan = prompt.lower(), plan
        self._seed, self._size = seed, size
        self._shown = {
            role: [_Shown(read_picture(g.image), g.weight) for g in guides if g.role is role]
            for role in Role
        }
        self._means_a_place = plan.set != "abstract"

    def painted(self, watch: Watch) -> Array:
        """Return ``(height, width, 3)`` uint8 RGB. Raises Stopped."""
        watch.progress(0.05)
        scene = self._scene()
        watch.progress(0.5)
        ground = self._followed(self._changed(scene), scene)
        watch.progress(0.7)
        ground = self._styled(self._peopled(ground))
        watch.progress(0.9)
        return ground

    def _scene(self) -> Array:
        width, height = self._size
        shot = Shot(
            words=self._words,
            seed=self._seed,
            width_px=width,
            height_px=height,
            duration_s=_SCENE_S,
        )
        picture, frame = Composition(shot, self._plan), blank_frame(width, height)
        index = round(_MOMENT * (shot.frames - 1))
        picture.draw(index, shot.phase(index), planes_of(frame))
        return rgb_of(frame)

    def _changed(self, scene: Array) -> Array:
        """Return the picture that is to be changed, changed; the scene if there is none."""
        found = self._shown[Role.MODIFY]
        if not found:
            return scene
        first = found[0]
        picture = covered(first.picture, *self._size)
        grades = grades_in(self._words)
        for grade in grades:
            picture = graded(picture, grade)
        if not grades and self._means_a_place:
            picture = toned(picture, tone_of(scene), share=0.6)
        return _mixed(picture, scene, (1 - first.weight) * _SCENE_IN_CHANGED)

    def _followed(self, ground: Array, scene: Array) -> Array:
        found = [shown for shown in self._shown[Role.CONTENT] if shown.weight > 0]
        if not found:
            return ground
        picture = _side_by_side(found, self._size)
        if self._means_a_place:
            picture = toned(picture, tone_of(scene), share=_GENTLY)
        share = min(1.0, max(shown.weight for shown in found) / _WHOLLY)
        return _mixed(ground, picture, share)

    def _peopled(self, ground: Array) -> Array:
        """Set the first character in front: pictures of one person are not many persons."""
        found = self._shown[Role.CHARACTER]
        if not found or found[0].weight <= 0:
            return ground
        return _placed(found[0], ground)

    def _styled(self, ground: Array) -> Array:
        found = [shown for shown in self._shown[Role.STYLE] if shown.weight > 0]
        if not found:
            return ground
        tones: list[tuple[Tone, float]] = [(tone_of(s.picture), s.weight) for s in found]
        share = min(1.0, max(shown.weight for shown in found))
        return toned(ground, mixed_tone(tones), share=share)


def _mixed(ground: Array, picture: Array, share: float) -> Array:
    if share <= 0:
        return ground
    return picture if share >= 1 else cv2.addWeighted(picture, share, ground, 1 - share, 0)


def _side_by_side(found: Sequence[_Shown], size: tuple[int, int]) -> Array:
    """Return the pictures beside each other along the frame's longer side, by their weights."""
    width, height = size
    lies = width >= height
    length = max(size)
    seam = round(length * _SEAM / 2) if len(found) > 1 else 0
    whole = sum(shown.weight for shown in found)
    laid: Array = np.zeros((height, width, 3), F32)
    start = 0.0
    for order, shown in enumerate(found):
        end = start + shown.weight / whole * length
        first = max(0, round(start) - seam)
        last = length if order == len(found) - 1 else min(length, round(end) + seam)
        piece = covered(shown.picture, *((last - first, height) if lies else (width, last - first)))
        place = np.arange(first, last, dtype=F32)
        ramp = (
            np.ones(last - first, F32)
            if order == 0
            else smooth_step(start - seam - 1, start + seam, place)
        )
        part = np.s_[:, first:last] if lies else np.s_[first:last]
        mask = ramp[None, :, None] if lies else ramp[:, None, None]
        laid[part] += (piece.astype(F32) - laid[part]) * mask
        start = end
    return np.clip(laid + F32(0.5), 0, 255).astype(np.uint8)


def _placed(shown: _Shown, ground: Array) -> Array:
    """Return the ground with the picture in a soft oval, a little right of the middle."""
    rows, columns = ground.shape[:2]
    height = round(min(rows, columns * 1.2) * _FIGURE)
    width = round(height * 0.78)
    figure = toned(covered(shown.picture, width, height), tone_of(ground), share=_GENTLY)
    mask = np.zeros((height, width), np.uint8)
    middle, axes = (width // 2, height // 2), (round(width * 0.4), round(height * 0.42))
    cv2.ellipse(mask, middle, axes, 0.0, 0.0, 360.0, (255,), -1, cv2.LINE_AA)
    soft = blur(mask, max(2.0, width * 0.045)).astype(F32)[..., None] / F32(255)
    left = min(columns - width, round(columns * 0.58 - width / 2))
    top = rows - height - round(rows * 0.05)
    done = ground.copy()
    part = np.s_[top : top + height, max(0, left) : max(0, left) + width]
    behind = done[part].astype(F32)
    share = soft * F32(min(1.0, shown.weight))
    done[part] = np.clip(behind + (figure.astype(F32) - behind) * share + F32(0.5), 0, 255)
    return done


def written(picture: Array, path: Path, *, comment: str) -> Path:
    """Write an RGB picture as what the suffix says, ``.jpg`` or ``.png``; the comment within."""
    from PIL import Image  # noqa: PLC0415  # only stills need it
    from PIL.PngImagePlugin import PngInfo  # noqa: PLC0415

    image = Image.fromarray(picture)
    if path.suffix == ".png":
        metadata = PngInfo()
        metadata.add_text("Comment", comment)
        image.save(path, "PNG", pnginfo=metadata, compress_level=4)
    else:
        image.save(path, "JPEG", quality=95, subsampling=0, comment=comment)
    return path
