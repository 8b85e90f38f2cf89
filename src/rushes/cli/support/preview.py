"""What ``rushes generate`` shows of a video before it is there, and when it is."""

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from PIL import Image
from rich.console import Console

from rushes.cli.support.picture_blocks import Blocks, room_for
from rushes.cli.support.picture_protocols import iterm2, kitty, sixel
from rushes.cli.support.terminal import Pictures, pictures
from rushes.core.geometry import RATIOS
from rushes.core.spec import GenerationSpec

Look = Callable[[float], Image.Image]
"""Returns what is to be seen when a share of the work is done, 0.0 to 1.0."""

_NARROWEST: Final = 20
_SMALL: Final = 48
"""Columns, of what is drawn again and again."""


def can_show(console: Console) -> bool:
    """Tell whether pictures can be seen there: a terminal with room, colours and Unicode."""
    return (
        console.is_terminal
        and console.color_system is not None
        and not console.no_color
        and console.width >= _NARROWEST
        and console.encoding.lower().startswith("utf")
    )


def look_at(asked: Mapping[str, object], image: str | None, *, draws: bool) -> Look | None:
    """
    Return what can be shown of a video that is being made; None: nothing, before it is there.

    That is the picture that it starts from or, where this machine draws it from words alone, the
    same drawing in small, at the moment that the share done has come to.

    Args:
        draws: Whether the built-in engine makes it here.
    """
    if image is not None:
        return _still(Path(image).expanduser())
    if not draws or "image_end_url" in asked or "expand_prompt" in asked:
        return None
    duration, ratio, seed = asked.get("duration"), asked.get("aspect_ratio"), asked.get("seed")
    length_s = float(str(duration or "5s").removesuffix("s")) if _is_plain(duration) else 0.0
    if not 0 < length_s <= 60 or (ratio is not None and ratio not in RATIOS):
        return None  # what is wrong with it will be told in a moment
    spec = GenerationSpec(
        prompt=str(asked["user_prompt"]),
        aspect_ratio=str(ratio) if ratio else None,
        duration_s=length_s,
        loop=bool(asked.get("loop")),
        seed=seed if isinstance(seed, int) else None,
    )
    return _sketched(spec)


def _is_plain(duration: object) -> bool:
    return duration is None or str(duration).removesuffix("s").isdecimal()


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
    What is shown above the progress bar.

    It is made in a thread, for a drawing needs half a second to begin; until then there is nothing.
    """

    def __init__(self, console: Console, make: Callable[[], Look | None]) -> None:
        self._console = console
        self._look: Look | None = None
        self._drawn: tuple[float, Blocks] | None = None
        threading.Thread(target=self._prepare, args=(make,), daemon=True).start()

    def _prepare(self, make: Callable[[], Look | None]) -> None:
        self._look = make()

    def at(self, share: float) -> Blocks | None:
        """Return what is to be seen, as characters, as large as there is room for."""
        if self._look is None:
            return None
        if self._drawn is None or self._drawn[0] != share:
            image = self._look(share)
            self._drawn = share, Blocks(image, *room_for(image.size, self._console, widest=_SMALL))
        return self._drawn[1]


def show(file: Path, console: Console) -> None:
    """Show a picture as well as the terminal can; one that cannot be read is left out."""
    with suppress(OSError, Image.DecompressionBombError), Image.open(file) as opened:
        opened.draft("RGB", (800, 800))  # a JPEG is read at about the size that is needed
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
