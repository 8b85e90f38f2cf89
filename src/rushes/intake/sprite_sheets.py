"""Makes a sprite sheet of a finished video, in a confined process."""

import asyncio
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from rushes.core.errors import InputUnusable, MediaError
from rushes.intake.sandbox.runner import Crashed, TooSlow, run_script

_CHILD: Final = Path(__file__).parent / "sandbox" / "sprite_sheet.py"


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetLayout:
    """How a sheet looks, and what its maker may use."""

    most: int = 20
    """Frames, evenly over time, the first and the last among them."""

    columns: int = 5
    longest_px: int = 320
    """Of a frame's longer side."""

    memory_bytes: int = 2 << 30
    cpu_s: int = 60
    wall_s: float = 90.0


USUAL: Final = SheetLayout()


async def make_sprite_sheet(video: Path, into: Path, *, layout: SheetLayout = USUAL) -> None:
    """
    Write frames of a video side by side to the JPEG file *into*, in rows, read as one reads text.

    Raises:
        InputUnusable: The video cannot be read.

        MediaError: The reader could not be started, or nothing could be written.
    """
    part = into.with_name(into.name + ".part")
    try:
        answer = await run_script(
            _CHILD,
            *(str(video), str(part), json.dumps(asdict(layout))),
            folder=into.parent,
            wall_s=layout.wall_s,
        )
        match answer:
            case {"frames": int()}:
                await asyncio.to_thread(part.replace, into)
            case {"unusable": str(reason)}:
                raise InputUnusable(f"no sheet can be made of this video: {reason}")
            case _:
                raise MediaError("the sheet could not be written")
    except (TooSlow, Crashed):
        raise InputUnusable("no sheet can be made of this video: it cannot be read") from None
    except OSError as error:
        raise MediaError("this machine could not run the maker of sheets") from error
    finally:
        await asyncio.to_thread(part.unlink, missing_ok=True)
