"""Draw the two sample pictures that the project ships: one lake, by day and by night."""

import argparse
from pathlib import Path

from rushes.engines.animatic.planning.plan import plan_shot
from rushes.engines.animatic.sets.composition import Composition
from rushes.engines.animatic.shot import Shot
from rushes.engines.video.frames import blank_frame, planes_of, rgb_of
from rushes.engines.video.pictures import write_jpeg

SAMPLES = Path(__file__).resolve().parent.parent / "src" / "rushes" / "samples"
PICTURES = {
    "first.jpg": "a sailboat on a mountain lake at golden hour, snow on the peaks",
    "last.jpg": "a sailboat on a mountain lake at night, snow on the peaks, moonlight",
}
SEED = 7
LARGEST_BYTES = 150_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=SAMPLES, help="the folder to write to")
    parser.add_argument("--seed", type=int, default=SEED)
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    for name, words in PICTURES.items():
        draw(words, asked.out / name, seed=asked.seed)


def draw(words: str, path: Path, *, seed: int) -> None:
    """Draw the middle of a shot, at the highest quality that keeps the file small."""
    shot = Shot(words=words, seed=seed, width_px=1280, height_px=720, duration_s=5.0)
    frame = blank_frame(shot.width_px, shot.height_px)
    middle = shot.frames // 2
    picture = Composition(shot, plan_shot(words, seed=seed))
    picture.draw(middle, shot.phase(middle), planes_of(frame))
    for quality in range(90, 50, -3):
        write_jpeg(rgb_of(frame), path, quality=quality)
        if path.stat().st_size <= LARGEST_BYTES:
            print(f"{path}: {path.stat().st_size} bytes at quality {quality}")
            return
    raise SystemExit(f"{path} does not fit into {LARGEST_BYTES} bytes")


if __name__ == "__main__":
    main()
