"""Show a picture of a video in the terminal while ``rushes generate`` works, and afterwards."""

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from PIL import Image
from rich.console import Console

from rushes.cli.support.terminal import Pictures, pictures
from rushes.cli.support.terminal_pictures import Blocks, iterm2, kitty, room_for, sixel
from rushes.core.geometry import RATIOS
from rushes.core.spec import GenerationSpec

Look = Callable[[float], Image.Image]
"""Returns the picture at a share of the work, 0.0 to 1.0."""

_NARROWEST: Final = 20
_SMALL: Final = 48
"""Columns of a picture that is drawn again and again."""


def can_show(console: Console) -> bool:
    """Return whether a console shows pictures: it has room, colours and Unicode."""
    return (
        console.is_terminal
        and console.color_system is not None
        and not console.no_color
        and console.width >= _NARROWEST
        and console.encoding.lower().startswith("utf")
    )


def look_at(body: Mapping[str, object], image: str | None, *, draws: bool) -> Look | None:
    """
    Return a preview of a video that is being generated; None if there can be none.

    The preview is the first frame that the caller gave or, where this machine draws the video from
    text alone, a small drawing of it at the moment that corresponds to the progress.

    Args:
        body: The request to ``POST /api/v1/generations``.

        image: The file or URL of the first frame.

        draws: Whether the built-in engine renders in this process.
    """
    if image is not None:
        return _still(Path(image).expanduser())
    if not draws or "keyframes" in body or "expand_prompt" in body:
        return None
    length_s, ratio, seed = (
        float(str(body.get("duration_s", 5))),
        body.get("aspect_ratio"),
        body.get("seed"),
    )
    if not 0 < length_s <= 60 or (ratio is not None and ratio not in RATIOS):
        return None  # the submit will fail with a sentence
    spec = GenerationSpec(
        prompt=str(body["prompt"]),
        aspect_ratio=str(ratio) if ratio else None,
        duration_s=length_s,
        loop=bool(body.get("loop")),
        seed=seed if isinstance(seed, int) else None,
    )
    return _sketched(spec)


def _still(file: Path) -> Look | None:
    with suppress(OSError, ValueError, Image.DecompressionBombError), Image.open(file) as opened:
        opened.thumbnail((320, 320))
        picture = opened.convert("RGB")
        return lambda _share: picture
    return None


def _sketched(spec: GenerationSpec) -> Look:
    from rushes.engines.animatic.sketch import (  # numpy, cv2 and av come with it
        Sketch,
    )

    sketch = Sketch(spec)
    return lambda share: Image.fromarray(sketch.at(share))


class Preview:
    """
    The picture above the progress bar.

    A thread prepares it, because a drawing needs half a second to start; until then it is None.
    """

    def __init__(self, console: Console, make: Callable[[], Look | None]) -> None:
        self._console = console
        self._look: Look | None = None
        self._drawn: tuple[float, Blocks] | None = None
        threading.Thread(target=self._prepare, args=(make,), daemon=True).start()

    def _prepare(self, make: Callable[[], Look | None]) -> None:
        self._look = make()

    def at(self, share: float) -> Blocks | None:
        """Return the picture at a share of the work, as large as the console has room for."""
        if self._look is None:
            return None
        if self._drawn is None or self._drawn[0] != share:
            image = self._look(share)
            self._drawn = share, Blocks(image, *room_for(image.size, self._console, widest=_SMALL))
        return self._drawn[1]


def show(file: Path, console: Console) -> None:
    """Show an image file with the best protocol of the terminal; ignore an unreadable file."""
    with suppress(OSError, Image.DecompressionBombError), Image.open(file) as opened:
        opened.draft("RGB", (800, 800))  # decodes a JPEG at about the needed size
        image = opened.convert("RGB")
        columns, lines = room_for(image.size, console)
        match pictures():
            case Pictures.BLOCKS:
                console.print(Blocks(image, columns, lines), end="")
            case Pictures.KITTY:
                console.file.write(kitty(image, columns, lines))
            case Pictures.ITERM2:
                console.file.write(iterm2(image, columns, lines))
            case Pictures.SIXEL:
                console.file.write(sixel(image, columns, lines))
        console.file.flush()
