"""Write a picture that a model has drawn as a still: the file that was asked for, a thumbnail."""

from pathlib import Path
from typing import Final

from rushes.core.errors import ResultUnusable, TemporaryEngineError
from rushes.core.generation import ArtifactKind
from rushes.core.rendered import Rendered
from rushes.engines.video.pictures import read_picture, thumbnail_of, write_jpeg

_QUALITY: Final = 95
_THUMBNAIL_QUALITY: Final = 88
_TYPES: Final = {"jpg": "image/jpeg", "png": "image/png"}


def still_files(
    drawn: Path, folder: Path, *, file_format: str, size_px: tuple[int, int], note: str | None
) -> tuple[Rendered, ...]:
    """
    Write the files of a still into *folder* and return them, the still first.

    Args:
        drawn: The worker's PNG; it becomes the still if that is a PNG, too.

        file_format: ``jpg`` or ``png``.

        size_px: What the plan promised.

    Raises:
        ResultUnusable: The picture cannot be read, or has another size.

        TemporaryEngineError: The files could not be written.
    """
    picture = read_picture(drawn)
    height, width = picture.shape[:2]
    if (width, height) != size_px:
        raise ResultUnusable(
            f"the worker delivered a picture of {width}x{height}, not {size_px[0]}x{size_px[1]}"
        )
    image, thumbnail = folder / f"image.{file_format}", folder / "thumbnail.jpg"
    small = thumbnail_of(picture)
    try:
        if file_format == "png":
            drawn.replace(image)
        else:
            write_jpeg(picture, image, quality=_QUALITY)
        write_jpeg(small, thumbnail, quality=_THUMBNAIL_QUALITY)
    except OSError as error:
        raise TemporaryEngineError(f"the picture could not be written: {error}") from error
    return (
        Rendered(
            kind=ArtifactKind.IMAGE,
            file=image,
            media_type=_TYPES[file_format],
            width_px=width,
            height_px=height,
            note=note,
        ),
        Rendered(
            kind=ArtifactKind.THUMBNAIL,
            file=thumbnail,
            media_type="image/jpeg",
            width_px=small.shape[1],
            height_px=small.shape[0],
        ),
    )
