"""Make a sprite sheet of a finished video, in a sandboxed process."""

import asyncio
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from rushes.core.errors import InputUnusable, MediaError
from rushes.intake.sandbox.runner import Crashed, TooSlow, run_task


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetLayout:
    """The layout of a sheet, and the limits of the process that makes it."""

    most: int = 20
    """Frames on the sheet, evenly over time, including the first and the last."""

    columns: int = 5
    longest_px: int = 320
    """The length of a frame's longer side."""

    memory_bytes: int = 2 << 30
    cpu_s: int = 60
    wall_s: float = 90.0


USUAL: Final = SheetLayout()


async def make_sprite_sheet(video: Path, into: Path, *, layout: SheetLayout = USUAL) -> None:
    """
    Write frames of a video to the JPEG file *into*, in rows from left to right.

    Raises:
        InputUnusable: The video cannot be read.

        MediaError: The process could not be started, or the file could not be written.
    """
    part = into.with_name(into.name + ".part")
    try:
        answer = await run_task(
            "sprite_sheet",
            *(str(video), str(part)),
            limits=asdict(layout),
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
        raise MediaError("this machine could not start the process that makes sheets") from error
    finally:
        await asyncio.to_thread(part.unlink, missing_ok=True)
