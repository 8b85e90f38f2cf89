"""Hostile and odd pictures: each becomes a correct PNG or a clear error message."""

import asyncio
import io
import os
import random
import struct
import subprocess
import sys
import textwrap
import zlib
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pillow_heif
import psutil
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from rushes.core.errors import InputUnusable, TemporaryEngineError
from rushes.intake import images
from rushes.intake.images import ImageLimits, decode
from rushes.intake.sandbox import runner
from rushes.intake.sandbox.tasks import decode_image, process
from rushes.kit.inline_images import image_type

pillow_heif.register_heif_opener()

Decoded = Callable[..., Awaitable[images.Picture]]
Child = Callable[[str], None]

FORMATS = ["JPEG", "PNG", "WEBP", "AVIF", "HEIF", "GIF", "BMP"]
CORNERS = ((200, 30, 30), (30, 200, 30), (30, 30, 200), (200, 200, 30))
GROUND = decode_image.GROUND


def decoders() -> list[psutil.Process]:
    """Return the decoders of ours that are still there."""
    ours = psutil.Process().children()
    return [child for child in ours if str(runner.PROGRAM) in child.cmdline()]


def left_in(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir() if not file.is_dir())


def corners(width: int = 96, height: int = 64) -> Image.Image:
    """Draw a picture that tells how it was turned: red, green, blue, yellow by quarters."""
    pixels = np.zeros((height, width, 3), np.uint8)
    middle, centre = height // 2, width // 2
    pixels[:middle, :centre], pixels[:middle, centre:] = CORNERS[0], CORNERS[1]
    pixels[middle:, :centre], pixels[middle:, centre:] = CORNERS[2], CORNERS[3]
    return Image.fromarray(pixels)


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def quarters(picture: Image.Image) -> list[int]:
    """Return which colour of CORNERS each quarter of *picture* has, in reading order."""
    pixels = np.asarray(picture.convert("RGB")).astype(int)
    height, width = pixels.shape[:2]
    places = [(y, x) for y in (height // 4, -height // 4) for x in (width // 4, -width // 4)]
    seen = np.array([pixels[at] for at in places])
    apart = np.abs(seen[:, None] - np.array(CORNERS)).sum(axis=2)
    return [int(nearest) for nearest in apart.argmin(axis=1)]


def png_chunk(kind: bytes, content: bytes) -> bytes:
    crc = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + crc


def png_of(width: int, height: int, *chunks: bytes, depth: int = 8, colour: int = 2) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", head) + b"".join(chunks) + png_chunk(b"IEND", b"")
    )


class Bench:
    """Decodes bytes in this process, as the child would: quick enough for many."""

    def __init__(self, folder: Path) -> None:
        self.source, self.into = folder / "source", folder / "into.png"
        self.limits = asdict(ImageLimits())

    def answer(self, content: bytes) -> dict[str, Any]:
        self.source.write_bytes(content)
        self.into.unlink(missing_ok=True)
        kind = image_type(content)
        assert kind is not None
        paths = str(self.source), str(self.into)
        return process.answer(decode_image, kind, *paths, limits=self.limits)

    def picture(self, content: bytes) -> Image.Image:
        answer = self.answer(content)
        assert "unusable" not in answer
        with Image.open(self.into) as picture:
            picture.load()
        assert (picture.format, picture.mode, picture.info) == ("PNG", "RGB", {})
        assert picture.size == (answer["width_px"], answer["height_px"])
        return picture


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@pytest.fixture
def decoded(tmp_path: Path) -> Decoded:
    async def decoded(content: bytes, limits: ImageLimits = images.DEFAULT) -> images.Picture:
        source = tmp_path / "source"
        source.write_bytes(content)
        (tmp_path / "into.png").unlink(missing_ok=True)
        try:
            return await decode(source, tmp_path / "into.png", limits=limits)
        except InputUnusable:
            assert not {"into.png", "into.png.part"} & set(left_in(tmp_path))
            raise

    return decoded


@pytest.mark.parametrize("kind", FORMATS)
async def test_each_format_becomes_an_rgb_png(decoded: Decoded, tmp_path: Path, kind: str) -> None:
    picture = await decoded(encoded(corners(), kind))
    assert (picture.width_px, picture.height_px) == (96, 64)
    with Image.open(picture.file) as png:
        assert (png.format, png.mode, quarters(png)) == ("PNG", "RGB", [0, 1, 2, 3])


TURNED = {
    1: [0, 1, 2, 3],
    2: [1, 0, 3, 2],
    3: [3, 2, 1, 0],
    4: [2, 3, 0, 1],
    5: [0, 2, 1, 3],
    6: [2, 0, 3, 1],
    7: [3, 1, 2, 0],
    8: [1, 3, 0, 2],
}


@pytest.mark.parametrize("orientation", TURNED)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "HEIF"])
def test_a_picture_is_turned_as_its_exif_says(bench: Bench, kind: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = bench.picture(encoded(corners(), kind, exif=exif.tobytes()))
    assert picture.size == ((96, 64) if orientation < 5 else (64, 96))
    assert quarters(picture) == TURNED[orientation]


@pytest.mark.filterwarnings("ignore")  # Pillow complains of the junk, to nobody in the child
def test_junk_where_exif_should_be_does_not_spoil_the_picture(bench: Bench) -> None:
    for junk in (b"Exif\0\0" + b"\xff" * 40, b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0", b"x"):
        assert quarters(bench.picture(encoded(corners(), "JPEG", exif=junk))) == [0, 1, 2, 3]


def test_cmyk_is_neither_inverted_nor_pale(bench: Bench) -> None:
    assert quarters(bench.picture(encoded(corners().convert("CMYK"), "JPEG"))) == [0, 1, 2, 3]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGBA", "I;16"])
def test_each_mode_of_a_png_keeps_what_is_light_and_what_is_dark(bench: Bench, mode: str) -> None:
    ramp = np.zeros((64, 96), np.uint8)
    ramp[:, 48:] = 255
    image = Image.fromarray(ramp)
    if mode == "I;16":
        image = Image.fromarray(ramp.astype(np.uint16) * 257)
    elif mode == "PA":
        image = image.convert("LA").convert("RGBA").quantize(8)
    else:
        image = image.convert(mode)
    pixels = np.asarray(bench.picture(encoded(image, "PNG")))
    assert (pixels[32, 20].tolist(), pixels[32, 70].tolist()) == ([0] * 3, [255] * 3)


def test_sixteen_bits_are_scaled_and_not_cut(bench: Bench) -> None:
    ramp = np.tile(np.linspace(0, 65535, 256).astype(np.uint16), (64, 1))
    pixels = np.asarray(bench.picture(encoded(Image.fromarray(ramp), "PNG"))).astype(int)
    assert abs(pixels[10, :, 0] - np.arange(256)).max() <= 1


def test_sixteen_bits_of_colour_are_scaled_and_not_cut(bench: Bench) -> None:
    row = b"\0" + b"".join(struct.pack(">HHH", 65535, 32768, 0) for _ in range(64))
    content = png_of(64, 64, png_chunk(b"IDAT", zlib.compress(row * 64)), depth=16)
    assert np.asarray(bench.picture(content))[9, 9].tolist() == [255, 128, 0]


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF", "HEIF", "GIF"])
def test_transparent_parts_show_a_dark_ground(bench: Bench, kind: str) -> None:
    image = corners().convert("RGBA")
    image.paste((255, 0, 255, 0), (0, 0, 48, 64))
    pixels = np.asarray(bench.picture(encoded(image, kind))).astype(int)
    assert abs(pixels[20, 20] - GROUND).max() <= 4
    assert abs(pixels[20, 80] - CORNERS[1]).max() <= 16


@pytest.mark.parametrize("value", [(0, 0, 0), (200, 30, 30)])
def test_a_colour_key_is_transparency_too(bench: Bench, value: tuple[int, int, int]) -> None:
    image = Image.new("RGB", (64, 64), value)
    pixels = np.asarray(bench.picture(encoded(image, "PNG", transparency=value)))
    assert pixels[9, 9].tolist() == list(GROUND)


def test_a_sixteen_bit_grey_key_does_not_spoil_the_picture(bench: Bench) -> None:
    row = b"\0" + b"\x80\x00" * 64
    content = png_of(
        64, 64, png_chunk(b"tRNS", b"\xff\xff"), png_chunk(b"IDAT", zlib.compress(row * 64)),
        depth=16, colour=0,
    )  # fmt: skip
    assert np.asarray(bench.picture(content))[9, 9].tolist() == [128] * 3


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "AVIF", "PNG"])
def test_of_an_animation_the_first_frame_is_taken(bench: Bench, kind: str) -> None:
    others = [Image.new("RGB", (96, 64), "white"), Image.new("RGB", (96, 64), "black")]
    content = encoded(corners(), kind, save_all=True, append_images=others, duration=40)
    assert quarters(bench.picture(content)) == [0, 1, 2, 3]


def swapped_profile() -> bytes:
    """Return an sRGB profile whose red and green are swapped, so that its use is seen."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = struct.unpack(">I", profile[128:132])[0]
    tags = {bytes(profile[132 + 12 * i : 136 + 12 * i]): 132 + 12 * i for i in range(count)}
    for this, that in ((b"rXYZ", b"gXYZ"),):
        a, b = tags[this], tags[that]
        profile[a + 4 : a + 12], profile[b + 4 : b + 12] = (
            profile[b + 4 : b + 12],
            profile[a + 4 : a + 12],
        )
    return bytes(profile)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "HEIF"])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_a_colour_profile_is_applied(bench: Bench, kind: str, mode: str) -> None:
    if (kind, mode) == ("JPEG", "RGBA"):
        mode = "RGB"
    image = Image.new(mode, (64, 64), (200, 30, 30))
    pixels = np.asarray(bench.picture(encoded(image, kind, icc_profile=swapped_profile())))
    assert abs(pixels[9, 9].astype(int) - (30, 200, 30)).max() <= 12


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize(
    "junk", [b"junk", b"\0" * 128, swapped_profile()[:200], b"x" * 100_000]
)  # fmt: skip
def test_a_colour_profile_that_is_junk_is_ignored(bench: Bench, mode: str, junk: bytes) -> None:
    content = encoded(corners().convert(mode), "JPEG", icc_profile=junk)
    assert bench.picture(content).size == (96, 64)


def test_a_grey_picture_with_a_profile_of_colours_is_taken(bench: Bench) -> None:
    content = encoded(Image.new("L", (64, 64), 128), "PNG", icc_profile=swapped_profile())
    assert np.asarray(bench.picture(content))[9, 9].tolist() == [128] * 3


@pytest.mark.parametrize("kind", FORMATS)
def test_a_large_picture_is_reduced_and_keeps_its_aspect_ratio(bench: Bench, kind: str) -> None:
    bench.limits = asdict(replace(ImageLimits(), reduced_px=128))
    picture = bench.picture(encoded(corners(768, 512), kind))
    assert picture.size == (128, 85)
    assert quarters(picture) == [0, 1, 2, 3]


def test_a_small_picture_is_taken_as_it_is(bench: Bench) -> None:
    assert bench.picture(encoded(corners(64, 64), "PNG")).size == (64, 64)
    assert bench.picture(encoded(corners(16, 16), "PNG")).size == (16, 16)


@pytest.mark.parametrize(
    ("width", "height", "why"),
    [
        (30_000, 30_000, "50 million"),
        (8000, 6251, "50 million"),
        (20_000, 2000, "16384 on a side"),
        (15, 64, "at least 16"),
        (1, 1, "at least 16"),
        (1000, 99, "10 times"),
    ],
)
@pytest.mark.parametrize("kind", ["PNG", "GIF", "BMP", "WEBP"])
async def test_an_image_beyond_the_size_limits_is_refused_by_its_header(
    decoded: Decoded, kind: str, width: int, height: int, why: str
) -> None:
    width_height = struct.pack("<HH", width, height)
    content = {
        "PNG": png_of(width, height, png_chunk(b"IDAT", zlib.compress(b"\0" * 99))),
        "GIF": b"GIF89a" + width_height + b"\x80\0\0" + b"\0" * 6
        + b"," + b"\0" * 4 + width_height + b"\0\x02\x02\x4c\x01\0;",
        "BMP": b"BM" + struct.pack("<IIIIiiHHIIIIII", 999, 0, 54, 40, width, height, 1, 24, *(0,) * 6),
        "WEBP": b"RIFF" + struct.pack("<I", 22 + 50) + b"WEBPVP8X" + struct.pack("<I", 10) + b"\0" * 4
        + struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3] + b"VP8L" + bytes(50),
    }[kind]  # fmt: skip
    with pytest.raises(InputUnusable) as refused:
        await decoded(content)
    if kind != "WEBP":  # its parser wants a sound frame before it tells a size
        assert f"{width}x{height}" in str(refused.value)
        assert why in str(refused.value)


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("share", [0.999, 0.7, 0.3, 0.05])
def test_a_truncated_file_is_refused_whatever_its_format(
    bench: Bench, kind: str, share: float
) -> None:
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 255, (64, 96, 3), np.uint8))
    content = encoded(noise, kind)
    answer = bench.answer(content[: int(len(content) * share) - 4])
    assert "cut short" in answer["unusable"]
    assert not bench.into.exists()


ZIP = b"PK\x03\x04" + b"\0" * 64
STRANGERS = {
    "an SVG drawing": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg">'
    b'<image href="file:///etc/passwd"/></svg>',
    "a web page": b"\n<!DOCTYPE HTML><title>Sign in</title>",
    "a ZIP archive": ZIP,
    "a gzip archive": zlib.compress(b"x", wbits=31),
    "a PDF document": b"%PDF-1.7\n",
    "a TIFF image": b"II*\0" + b"\0" * 64,
    "a JPEG 2000 image": b"\0\0\0\x0cjP  \r\n\x87\n",
    "a JPEG XL image": b"\xff\x0a" + b"\0" * 64,
    "an icon file": b"\0\0\1\0\1\0",
    "a Photoshop document": b"8BPS\0\1",
    "a video": b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom",
    "JSON": b'{"error": "no such image"}',
    "no image that we read": b"%!PS-Adobe-3.0 EPSF-3.0\n",
    "the file is empty": b"",
}


@pytest.mark.parametrize(("name", "content"), STRANGERS.items())
async def test_a_file_that_is_no_image_is_refused_by_its_format(
    decoded: Decoded, name: str, content: bytes
) -> None:
    with pytest.raises(InputUnusable, match=f"{name}.*send a JPEG, PNG, WebP"):
        await decoded(content)


async def test_a_file_with_the_magic_of_an_image_and_nothing_else_is_refused(
    decoded: Decoded,
) -> None:
    for magic in (b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\0\0\0\0WEBP"):
        with pytest.raises(InputUnusable, match="broken"):
            await decoded(magic + ZIP)


async def test_a_file_over_the_limit_is_refused_unread(decoded: Decoded) -> None:
    content = encoded(corners(), "PNG")
    with pytest.raises(InputUnusable, match="over 1 MiB"):
        await decoded(
            content.ljust(1 << 20, b"\0") + b"x", replace(ImageLimits(), size_bytes=1 << 20)
        )


async def test_a_path_that_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    for source in (tmp_path / "none", tmp_path, tmp_path / "fifo", Path("/dev/zero")):
        with pytest.raises(InputUnusable, match="no such file"):
            await decode(source, tmp_path / "into.png")


@pytest.mark.parametrize("kind", [b"zTXt", b"iTXt", b"iCCP", b"tEXt"])
async def test_a_bomb_in_the_text_of_a_png_is_not_unpacked(decoded: Decoded, kind: bytes) -> None:
    bomb = zlib.compress(b"\0" * (200 << 20), 9)
    head = {b"zTXt": b"k\0\0", b"iTXt": b"k\0\1\0\0\0", b"iCCP": b"k\0\0", b"tEXt": b"k\0"}[kind]
    row = b"\0" + b"\x80" * 3 * 64
    content = png_of(
        64, 64, png_chunk(kind, head + bomb), png_chunk(b"IDAT", zlib.compress(row * 64))
    )
    limits = replace(ImageLimits(), memory_bytes=400 << 20)
    with suppress(InputUnusable):
        await decoded(content, limits)


async def test_a_jpeg_with_very_many_scans_is_refused_before_decoding(decoded: Decoded) -> None:
    plain = encoded(corners(4000, 4000), "JPEG", progressive=True)
    assert (await decoded(plain)).width_px == 2560
    last_scan = plain[plain.rindex(b"\xff\xda") : -2]
    with pytest.raises(InputUnusable, match="more than 100 scans"):
        await decoded(plain[:-2] + last_scan * 200 + plain[-2:])


async def test_memory_is_bounded(decoded: Decoded) -> None:
    content = encoded(Image.new("RGB", (7000, 7000)), "PNG")
    with pytest.raises(InputUnusable, match="too much memory"):
        await decoded(content, replace(ImageLimits(), memory_bytes=200 << 20))


async def test_a_decoder_that_takes_too_long_is_ended(decoded: Decoded) -> None:
    content = encoded(corners(4000, 4000), "PNG")
    with pytest.raises(InputUnusable, match="too long"):
        await decoded(content, replace(ImageLimits(), wall_s=0.05))
    assert decoders() == []


@pytest.fixture
def child(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Child:
    """Let another script be the child."""

    def replace_by(script: str) -> None:
        file = tmp_path_factory.mktemp("child") / "child.py"
        file.write_text(textwrap.dedent(script))
        monkeypatch.setattr(runner, "PROGRAM", file)

    return replace_by


@pytest.mark.parametrize("name", ["SIGSEGV", "SIGABRT", "SIGKILL", "SIGBUS"])
async def test_a_decoder_that_crashes_is_the_fault_of_the_image(
    decoded: Decoded, child: Child, name: str
) -> None:
    child(f"import os, signal; os.kill(os.getpid(), signal.{name})")
    with pytest.raises(InputUnusable, match="broken"):
        await decoded(encoded(corners(), "PNG"))


async def test_the_kernel_kills_a_decoder_that_spins(decoded: Decoded, child: Child) -> None:
    child("""
        import resource
        resource.setrlimit(resource.RLIMIT_CPU, (1, 2))
        while True: pass
    """)
    with pytest.raises(InputUnusable, match="too long"):
        await decoded(encoded(corners(), "PNG"))


async def test_only_the_beginning_of_a_decoders_long_answer_is_read(
    decoded: Decoded, child: Child
) -> None:
    child("""print('{"unusable": "' + 'x' * 1_000_000 + '"}')""")
    with pytest.raises(TemporaryEngineError):
        await decoded(encoded(corners(), "PNG"))


@pytest.mark.parametrize(
    "deed",
    [
        "pass",
        "into.write_bytes(b'<svg/>')",
        "into.symlink_to('/etc/passwd')",
        "into.mkdir()",
        "import os; os.mkfifo(into)",
        "into.write_bytes(bytes.fromhex('89504e470d0a1a0a0000000d4948445200007fff00007fff0802'))",
        "into.write_bytes(bytes.fromhex('89504e470d0a1a0a0000000d4948445200000040000000401002'))",
    ],
)
async def test_a_decoder_that_lies_about_its_file_is_not_believed(
    decoded: Decoded, child: Child, deed: str
) -> None:
    child(f"""
        import pathlib, sys
        into = pathlib.Path(sys.argv[4])
        {deed}
        print('{{"width_px": 64, "height_px": 64}}')
    """)
    with pytest.raises((InputUnusable, TemporaryEngineError), match=r"^Failed to read"):
        await decoded(encoded(corners(), "PNG"))


async def test_processes_that_a_decoder_started_end_with_it(
    decoded: Decoded, child: Child, tmp_path: Path
) -> None:
    child("""
        import pathlib, subprocess, sys, time
        other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        pathlib.Path(sys.argv[3]).with_name("pid").write_text(str(other.pid))
        time.sleep(60)
    """)
    with pytest.raises(InputUnusable, match="too long"):
        await decoded(encoded(corners(), "PNG"), replace(ImageLimits(), wall_s=1.0))
    other = int((tmp_path / "pid").read_text())
    _, left = psutil.wait_procs([psutil.Process(other)] if psutil.pid_exists(other) else [], 5)
    assert (left, decoders()) == ([], [])


@pytest.mark.parametrize(
    "script", ["raise SystemExit(1)", "print('{}')", "import nothing_at_all", ""]
)
async def test_a_decoder_that_cannot_run_is_a_temporary_error(
    decoded: Decoded, child: Child, script: str
) -> None:
    child(script)
    with pytest.raises(TemporaryEngineError, match=r"^Failed to read user input frames: "):
        await decoded(encoded(corners(), "PNG"))


async def test_a_result_that_cannot_be_written_is_our_fault_and_tried_again(tmp_path: Path) -> None:
    (tmp_path / "source").write_bytes(encoded(corners(), "PNG"))
    with pytest.raises(TemporaryEngineError):
        await decode(tmp_path / "source", tmp_path / "no such folder" / "into.png")


async def test_cancelling_ends_the_child_and_leaves_nothing(child: Child, tmp_path: Path) -> None:
    child("""
        import pathlib, sys, time
        pathlib.Path(sys.argv[4]).write_bytes(b"half")
        time.sleep(60)
    """)
    (tmp_path / "source").write_bytes(encoded(corners(), "PNG"))
    task = asyncio.create_task(decode(tmp_path / "source", tmp_path / "into.png"))
    while left_in(tmp_path) == ["source"]:  # noqa: ASYNC110  # another process sets no event of ours
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert decoders() == []
    assert left_in(tmp_path) == ["source"]


async def test_the_child_knows_nothing_of_our_environment(
    decoded: Decoded, child: Child, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUSHES_SECRET", "s3cret")
    child("""
        import json, os, pathlib, sys
        pathlib.Path(sys.argv[4]).write_bytes(b"")
        print(json.dumps({"unusable": " ".join(os.environ)}))
    """)
    with pytest.raises(InputUnusable) as reported:
        await decoded(encoded(corners(), "PNG"))
    assert "RUSHES" not in str(reported.value)


def test_the_parent_never_loads_a_decoder() -> None:
    code = "import sys, rushes.worker.inputs; sys.exit('PIL' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def _spoilt(content: bytes, seed: int) -> bytes:
    dice = random.Random(seed)
    spoilt = bytearray(content)
    for _ in range(dice.randint(1, 12)):
        at = dice.randrange(len(spoilt))
        match dice.randrange(4):
            case 0:
                spoilt[at] = dice.randrange(256)
            case 1:
                del spoilt[at : at + dice.randint(1, 40)]
            case 2:
                spoilt[at:at] = dice.randbytes(dice.randint(1, 40))
            case _:
                spoilt[at : at + 4] = dice.choice([b"\xff" * 4, b"\0" * 4, b"\x7f\xff\xff\xff"])
        if not spoilt:
            return content
    return bytes(spoilt)


SAMPLES = [encoded(corners(), kind) for kind in FORMATS]


@pytest.mark.filterwarnings("ignore")  # Pillow complains of the junk, to nobody in the child
@settings(
    deadline=None, max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(sample=st.sampled_from(SAMPLES), seed=st.integers(0, 1 << 30))
def test_a_spoilt_image_is_a_png_or_refused_and_nothing_else(
    bench: Bench, sample: bytes, seed: int
) -> None:
    content = _spoilt(sample, seed)
    if image_type(content) is None:
        return
    answer = bench.answer(content)
    assert set(answer) in ({"unusable"}, {"width_px", "height_px"})
    assert bench.into.exists() == ("unusable" not in answer)


@settings(
    deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    content=st.one_of(st.binary(max_size=200), st.sampled_from(SAMPLES)),
    seed=st.integers(0, 1 << 30),
)
def test_any_bytes_are_a_png_or_input_unusable(tmp_path: Path, content: bytes, seed: int) -> None:
    source = tmp_path / "source"
    source.write_bytes(_spoilt(content, seed) if content else content)
    with suppress(InputUnusable):
        picture = asyncio.run(decode(source, tmp_path / "into.png"))
        assert picture.file.read_bytes().startswith(b"\x89PNG")
