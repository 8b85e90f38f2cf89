import numpy as np

from rushes.engines.animatic.cast.art import rasterise
from rushes.engines.animatic.cast.catalogue import subjects
from rushes.engines.animatic.cast.gait import Gait
from rushes.engines.animatic.cast.sprite import Sprite


def gait(name: str) -> Gait:
    pixels = rasterise(subjects()[name].art, 120).pixels[:, ::-1].copy()
    return Gait(Sprite(pixels=pixels, anchor=(pixels.shape[1] / 2, float(pixels.shape[0]))))


def test_legs_are_found_in_most_drawings_of_animals():
    names = [subject.id for subject in subjects().values() if subject.rig == "gait"]
    found = [name for name in names if gait(name).walks]
    assert len(found) >= 0.85 * len(names), set(names) - set(found)


def test_legs_swing_while_the_back_only_bobs():
    animal = gait("giraffe")
    poses = [animal.draw(phase, running=False) for phase in (0.0, 0.25)]

    def columns(pose: Sprite, first: float, last: float) -> set[int]:
        top = pose.anchor[1] - 120
        rows = pose.pixels[int(top + first * 120) : int(top + last * 120), :, 3]
        return set((np.flatnonzero(rows.max(0) > 128) - round(pose.anchor[0])).tolist())

    back = columns(poses[0], 0.3, 0.5) ^ columns(poses[1], 0.3, 0.5)
    feet = columns(poses[0], 0.85, 0.97) ^ columns(poses[1], 0.85, 0.97)
    assert len(feet) > 3 * len(back)


def test_a_stride_ends_as_it_begins():
    animal = gait("elephant")
    first, last = animal.draw(0.0, running=True), animal.draw(1.0, running=True)
    assert np.abs(first.pixels.astype(int) - last.pixels.astype(int)).max() <= 2
