# Pillow's ImageCms is typed in part:
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
"""
Decode one image: ``decode_image MEDIA_TYPE SOURCE INTO LIMITS``.

Writes a PNG to INTO, or a JPEG if LIMITS have a ``jpeg_quality``, and answers with its size.
"""

from contextlib import suppress
from importlib import import_module
from io import BytesIO
from typing import Any, BinaryIO, Final

from PIL import Image, ImageOps

from .process import Unusable, save

GROUND: Final = (16, 16, 18)
"""The RGB colour behind transparent parts of an image."""

LARGEST_PROFILE_BYTES: Final = 4 << 20
PNG_LEVEL: Final = 1
"""The PNG lives as long as one attempt, so speed matters more than size."""

MOST_SCANS: Final = 100
"""Usual progressive JPEGs have ten scans. Their marker cannot occur inside image data."""

PLUGINS: Final = {
    "image/jpeg": ("JPEG", "PIL.JpegImagePlugin"),
    "image/png": ("PNG", "PIL.PngImagePlugin"),
    "image/gif": ("GIF", "PIL.GifImagePlugin"),
    "image/webp": ("WEBP", "PIL.WebPImagePlugin"),
    "image/bmp": ("BMP", "PIL.BmpImagePlugin"),
    "image/avif": ("AVIF", "PIL.AvifImagePlugin"),
    "image/heic": ("HEIF", "pillow_heif"),
}
"""Only the decoder of the file's own format is loaded, and no other one sees the file."""

BROKEN: Final = "the image is broken or cut short; send one that other programs open"
TOO_LARGE: Final = "the image needs too much memory; send a smaller one"


def run(kind: str, source: str, into: str, *, limits: dict[str, Any]) -> dict[str, Any]:
    """Decode *source*, write it to *into* and return its size."""
    with open(source, "rb") as file:  # noqa: PTH123  # pathlib is not needed here
        if kind == "image/jpeg":
            refuse_scans(file)
        picture = flatten(load(kind, file, limits))
    if "jpeg_quality" in limits:
        save(picture, into, "JPEG", quality=limits["jpeg_quality"])
    else:
        save(picture, into, "PNG", compress_level=PNG_LEVEL)
    return {"width_px": picture.width, "height_px": picture.height}


def load(kind: str, source: BinaryIO, limits: dict[str, Any]) -> Image.Image:
    """Return the first frame, upright, with 8 bits a channel, reduced to the allowed size."""
    name, plugin = PLUGINS[kind]
    module = import_module(plugin)
    if kind == "image/heic":
        module.register_heif_opener(
            decode_threads=2, thumbnails=False, depth_images=False, aux_images=False
        )
    elif kind == "image/avif":
        module.__dict__["DEFAULT_MAX_THREADS"] = 2
    Image.MAX_IMAGE_PIXELS = None  # the limits below are narrower, and their message is clearer
    image: Image.Image = Image.open(source, formats=[name])
    refuse_size(*image.size, limits)
    if kind != "image/jpeg":  # a JPEG is decoded at a reduced size by thumbnail()
        image.load()
        refuse_size(*image.size, limits)
    image = plain(image)
    side = limits["reduced_px"]
    image.thumbnail((side, side), Image.Resampling.BICUBIC, reducing_gap=2.0)
    return upright(image)


def refuse_scans(file: BinaryIO) -> None:
    """Refuse a JPEG that draws the same pixels many times; half a megabyte could take minutes."""
    if file.read().count(b"\xff\xda") > MOST_SCANS:
        raise Unusable(f"the JPEG has more than {MOST_SCANS} scans; save it as a plain one")
    file.seek(0)


def refuse_size(width: int, height: int, limits: dict[str, Any]) -> None:
    longer, shorter = max(width, height), min(width, height)
    if width * height > limits["pixels"] or longer > limits["longest_px"]:
        right = f"at most {limits['pixels'] // 10**6} million, {limits['longest_px']} on a side"
    elif shorter < limits["shortest_px"]:
        right = f"each side must be at least {limits['shortest_px']}"
    elif longer > shorter * limits["aspect"]:
        right = f"one side may be at most {limits['aspect']:g} times the other"
    else:
        return
    raise Unusable(f"the image is {width}x{height} pixels; {right}")


def plain(image: Image.Image) -> Image.Image:
    """Convert an image of any mode to L, LA, RGB, RGBA or CMYK."""
    if image.mode.startswith("I"):
        image.info.pop("transparency", None)  # a 16-bit value, which is invalid in 8-bit modes
        deep = image.convert("I")
        return deep.point(lambda value: value * (1 / 256)).convert("L")
    if image.mode in {"L", "LA", "RGB", "RGBA", "CMYK"} and "transparency" not in image.info:
        return image
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # noqa: BLE001  # broken EXIF data must not make the image unusable
        return image


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert an L, RGB or CMYK image to sRGB; ignore a profile that does not fit."""
    if profile and len(profile) <= LARGEST_PROFILE_BYTES:
        from PIL import ImageCms  # noqa: PLC0415  # few images need it, and the import is slow

        with suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
            given = ImageCms.ImageCmsProfile(BytesIO(profile))
            wanted = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(image, given, wanted, outputMode="RGB")
            if converted is not None:
                return converted
    return image.convert("RGB")


def flatten(image: Image.Image) -> Image.Image:
    """Return *image* as RGB in sRGB on a dark ground, without metadata."""
    profile = image.info.get("icc_profile")
    alpha = image.getchannel("A") if image.mode in {"LA", "RGBA"} else None
    base = {"LA": "L", "RGBA": "RGB"}.get(image.mode, image.mode)
    colour = to_srgb(image.convert(base), profile)
    if alpha is not None:
        colour = Image.composite(colour, Image.new("RGB", colour.size, GROUND), alpha)
    colour.info = {}
    return colour
