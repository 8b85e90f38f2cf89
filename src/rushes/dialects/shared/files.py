"""Name the files of a generation in replies: links to media, pictures, aspect ratio."""

from typing import Final

from rushes.core.generation import ArtifactKind, Generation
from rushes.core.geometry import DEFAULT_RATIO, nearest_ratio
from rushes.core.spec import MEDIA_PREFIX, Medium
from rushes.http.gateway import MediaUrl

PICTURES: Final = (ArtifactKind.IMAGE, ArtifactKind.LAST_FRAME)
"""The artifacts that can stand for a generation where a picture is needed, the best first."""


def public_address(address: str | None, url: MediaUrl) -> str | None:
    """Return a signed link for a file that this server keeps, and any other address unchanged."""
    if address and address.startswith(MEDIA_PREFIX):
        return url(address.removeprefix(MEDIA_PREFIX))
    return address


def aspect_ratio(generation: Generation) -> str | None:
    """
    Return the aspect ratio that the request names or that follows from it.

    None while it is not known: the first picture decides it, and a worker has yet to fetch that.
    """
    spec = generation.spec
    if spec.aspect_ratio is not None:
        return spec.aspect_ratio
    if generation.artifacts:
        kind = ArtifactKind.VIDEO if spec.makes is Medium.VIDEO else ArtifactKind.IMAGE
        if (artifact := generation.artifact(kind)) is not None:
            return nearest_ratio(artifact.width_px, artifact.height_px)
    has_pictures = spec.keyframes or (spec.still and spec.still.references)
    return None if has_pictures else DEFAULT_RATIO
