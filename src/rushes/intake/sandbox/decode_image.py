# Pillow's ImageCms is typed in part:
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
"""
The process in which one image of a stranger is decoded; run by path, it imports nothing of ours.

Usage: ``python -I decode_image.py MEDIA_TYPE SOURCE INTO LIMITS``. Writes a PNG to INTO, or a JPEG
if LIMITS have a ``jpeg_quality``, and one JSON object to its output. Exit codes: 0 it has answered,
anything else it could not.
"""

import ctypes
import json
import resource
import sys
from contextlib import suppress
from importlib import import_module
from io import BytesIO
from typing import Any, BinaryIO, Final

from PIL import Image, ImageOps

GROUND: Final = (16, 16, 18)
"""What is seen where an image is transparent."""

LARGEST_PROFILE_BYTES: Final = 4 << 20
PNG_LEVEL: Final = 1
"""The PNG lives as long as one attempt; quick is better than small."""

MOST_SCANS: Final = 100
"""An encoder's usual progressive JPEG has ten; this marker cannot occur inside image data."""

PLUGINS: Final = {
    "image/jpeg": ("JPEG", "PIL.JpegImagePlugin"),
    "image/png": ("PNG", "PIL.PngImagePlugin"),
    "image/gif": ("GIF", "PIL.GifImagePlugin"),
    "image/webp": ("WEBP", "PIL.WebPImagePlugin"),
    "image/bmp": ("BMP", "PIL.BmpImagePlugin"),
    "image/avif": ("AVIF", "PIL.AvifImagePlugin"),
    "image/heic": ("HEIF", "pillow_heif"),
}
"""Only the one decoder that the file asks for is loaded, and no other is offered the file."""


class Unusable(Exception):
    """The image is whole, but not within the limits."""


def confine(limits: dict[str, Any]) -> None:
    """Give up what a decoder does not need, before the first byte of the image is read."""
    seconds, memory = limits["cpu_s"], limits["memory_bytes"]
    for what, soft, hard in (
        (resource.RLIMIT_AS, memory, memory),
        (resource.RLIMIT_CPU, seconds, seconds + 1),
        (resource.RLIMIT_FSIZE, 64 << 20, 64 << 20),
        (resource.RLIMIT_NOFILE, 64, 64),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        with suppress(ValueError, OSError):  # not every system knows each of them
            resource.setrlimit(what, (soft, hard))
    with suppress(OSError, AttributeError):  # Linux only
        prctl = ctypes.CDLL(None).prctl
        prctl(1, 9)  # PR_SET_PDEATHSIG: end with the parent
        prctl(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS


def load(kind: str, source: BinaryIO, limits: dict[str, Any]) -> Image.Image:
    """Return the first frame, upright, 8 bits a channel, no longer than it may be."""
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
    """Refuse a JPEG that draws the same pixels over and over: half a megabyte can take minutes."""
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
    """Return the image as L, LA, RGB, RGBA or CMYK, whatever it was."""
    if image.mode.startswith("I"):
        image.info.pop("transparency", None)  # a 16-bit value, which no 8-bit mode understands
        deep = image.convert("I")
        return deep.point(lambda value: value * (1 / 256)).convert("L")
    if image.mode in {"L", "LA", "RGB", "RGBA", "CMYK"} and "transparency" not in image.info:
        return image
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # noqa: BLE001  # the EXIF data are a stranger's too; without them it is an image still
        return image


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return *image*, which is L, RGB or CMYK, as sRGB; a profile that does not fit is ignored."""
    if profile and len(profile) <= LARGEST_PROFILE_BYTES:
        from PIL import ImageCms  # noqa: PLC0415  # few images need it, and it takes a while

        with suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
            given = ImageCms.ImageCmsProfile(BytesIO(profile))
            wanted = ImageCms.createProfile("sRGB")
            turned = ImageCms.profileToProfile(image, given, wanted, outputMode="RGB")
            if turned is not None:
                return turned
    return image.convert("RGB")


def flatten(image: Image.Image) -> Image.Image:
    """Return *image* as RGB in sRGB on the dark ground, with nothing else attached."""
    profile = image.info.get("icc_profile")
    alpha = image.getchannel("A") if image.mode in {"LA", "RGBA"} else None
    base = {"LA": "L", "RGBA": "RGB"}.get(image.mode, image.mode)
    colour = to_srgb(image.convert(base), profile)
    if alpha is not None:
        colour = Image.composite(colour, Image.new("RGB", colour.size, GROUND), alpha)
    colour.info = {}
    return colour


def answer(kind: str, source: str, into: str, limits: dict[str, Any]) -> dict[str, Any]:
    try:
        with open(source, "rb") as file:  # noqa: PTH123  # nothing is imported that is not needed
            if kind == "image/jpeg":
                refuse_scans(file)
            picture = flatten(load(kind, file, limits))
    except Unusable as error:
        return {"unusable": str(error)}
    except MemoryError:
        return {"unusable": "the image needs too much memory; send a smaller one"}
    except Exception:  # noqa: BLE001  # a border: what a hostile file makes a decoder raise is anything
        return {"unusable": "the image is broken or cut short; send one that other programs open"}
    if "jpeg_quality" in limits:
        picture.save(into, "JPEG", quality=limits["jpeg_quality"])
    else:
        picture.save(into, "PNG", compress_level=PNG_LEVEL)
    return {"width_px": picture.width, "height_px": picture.height}


def main() -> None:
    kind, source, into, limits = sys.argv[1:]
    confine(json.loads(limits))
    print(json.dumps(answer(kind, source, into, json.loads(limits))))  # noqa: T201  # its answer


if __name__ == "__main__":
    main()
