"""One cast member by itself, as a picture to choose it by."""

import cv2
import numpy as np

from rushes.core.shot_plan import CastMember
from rushes.engines.animatic.cast.catalogue import subjects
from rushes.engines.animatic.cast.figure import figure_of
from rushes.engines.animatic.paint.arrays import Array


def portrait(member: CastMember, longest_px: int) -> Array:
    """
    Return a member as straight RGBA, uint8, cropped to what it shows.

    Args:
        longest_px: Its longer side.
    """
    subject = subjects()[member.subject]
    figure = figure_of(subject, longest_px, subject.action, tint=member.colour)
    pixels = figure.draw(0.0).pixels
    left, top, width, height = cv2.boundingRect(pixels[..., 3])
    pixels = pixels[top : top + height, left : left + width]
    scale = longest_px / max(width, height, 1)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    alpha = small[..., 3:]
    straight = small[..., :3] * (255 / np.maximum(alpha, 1))
    return np.concatenate([np.clip(straight, 0, 255), alpha], axis=2).astype(np.uint8)
