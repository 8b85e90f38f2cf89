"""
Pack the artwork of the animatic engine's cast into one archive.

Read Noto Emoji as the npm package ``@iconify-json/noto`` (Apache-2.0) and write the pictures that
the catalogue names. Busts of people are cut down to their heads, because the engine draws the
bodies itself. Run it after adding a subject whose art is not in the archive yet::

    npm pack @iconify-json/noto && tar xf iconify-json-noto-*.tgz
    python tools/pack_cast_art.py package/icons.json
"""

import argparse
import csv
import json
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import resvg_py

CAST: Final = Path(__file__).parents[1] / "src/rushes/engines/animatic/cast"
SVG: Final = "http://www.w3.org/2000/svg"
_SIZE: Final = 128
_DEFINITIONS: Final = {"linearGradient", "radialGradient", "defs", "clipPath", "mask", "filter"}
_KEEPS_A_GROUP: Final = {"transform", "clip-path", "mask", "opacity", "filter", "style"}
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_HEAD_ONLY: Final = """
    alien alien-monster baby bear boar boy bunny cat-face child clown-face cow-face dog-face fox
    girl goblin hamster horse-face jack-o-lantern koala lion man man-beard moose ogre old-man
    old-woman older-person panda person person-beard pig-face polar-bear rabbit-face robot
    santa-claus skull tiger-face unicorn wolf woman woman-beard
"""
"""Art that shows a head and nothing else."""

ET.register_namespace("", SVG)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("icons", type=Path, help="icons.json of @iconify-json/noto")
    icons = json.loads(parser.parse_args().icons.read_text())["icons"]
    own = {path.stem for path in (CAST / "own").glob("*.svg")}
    drawn = [row for row in _rows("subjects.csv") if row["rig"] not in {"puppet", "beast"}]
    held = {row["prop"] for row in _rows("people.csv") if row["prop"]}
    whole = sorted(({row["art"] or row["id"] for row in drawn} | held) - own)
    people = {row["head"] for row in _rows("people.csv")} - own
    beasts = {row["art"] or row["id"] for row in _rows("subjects.csv") if row["rig"] == "beast"}
    with zipfile.ZipFile(CAST / "art.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in whole:
            _write(archive, f"whole/{name}.svg", icons[name]["body"])
        for name in sorted(people | beasts):
            _write(archive, f"head/{name}.svg", _head(name, icons[name]["body"]))
    print(f"{len(whole)} subjects, {len(people | beasts)} heads: {archive.filename}")


def _rows(name: str) -> list[dict[str, str]]:
    with (CAST / name).open(newline="") as lines:
        return list(csv.DictReader(lines))


def _write(archive: zipfile.ZipFile, name: str, body: str) -> None:
    archive.writestr(
        zipfile.ZipInfo(name, _EPOCH), body, compress_type=zipfile.ZIP_DEFLATED, compresslevel=9
    )


def _head(name: str, body: str) -> str:
    """Return the drawing without shoulders and without what the hands hold."""
    if name in _HEAD_ONLY.split():
        return body
    parts = list(_parts(ET.fromstring(_document(body)), {}))
    definitions = [part for part in parts if _tag(part) in _DEFINITIONS]
    shapes = [part for part in parts if _tag(part) not in _DEFINITIONS]
    kept = [shape for shape in shapes if _is_of_head(_box([*definitions, shape]))]
    return _text([*definitions, *kept])


def _is_of_head(box: tuple[int, int, int, int] | None) -> bool:
    """Judge a shape by its box; the rules were found by looking at all the busts."""
    if box is None:
        return False
    left, top, right, bottom = box
    shoulder = top > 82 or (top >= 78 and bottom > 105)
    beside = left > 86 or right < 36
    in_hand = (left > 60 and bottom > 98) or (right < 60 and top > 55 and bottom > 100)
    in_hand = in_hand or (left >= 68 and top >= 75) or (top > 70 and right - left > 90)
    lens = 47 <= left <= 55 and 29 <= top <= 38 and 91 <= right <= 99 and 75 <= bottom <= 83
    board = left < 10 and right > 117 and bottom < 95
    return not (shoulder or beside or in_hand or lens or board)


def _parts(element: ET.Element, inherited: dict[str, str]) -> Iterator[ET.Element]:
    """Yield the shapes and definitions in drawing order, plain groups taken apart."""
    for child in element:
        if _tag(child) == "g" and not _KEEPS_A_GROUP & set(child.attrib):
            yield from _parts(child, inherited | dict(child.attrib))
            continue
        if _tag(child) not in _DEFINITIONS:
            for key, value in inherited.items():
                child.attrib.setdefault(key, value)
        yield child


def _tag(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _document(body: str) -> str:
    return f'<svg xmlns="{SVG}" viewBox="0 0 {_SIZE} {_SIZE}">{body}</svg>'


def _text(parts: list[ET.Element]) -> str:
    text = "".join(ET.tostring(part, encoding="unicode") for part in parts)
    return text.replace(f' xmlns="{SVG}"', "")


def _box(parts: list[ET.Element]) -> tuple[int, int, int, int] | None:
    png: Any = resvg_py.svg_to_bytes(svg_string=_document(_text(parts)), width=_SIZE, height=_SIZE)
    picture = cv2.imdecode(np.frombuffer(bytes(png), np.uint8), cv2.IMREAD_UNCHANGED)
    if picture is None:
        return None
    rows, columns = np.where(picture[..., 3] > 20)
    if not len(rows):
        return None
    return int(columns.min()), int(rows.min()), int(columns.max()), int(rows.max())


if __name__ == "__main__":
    main()
