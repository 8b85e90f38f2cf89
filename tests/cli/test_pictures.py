"""The picture that a terminal is shown, by whatever it understands."""

import base64
import io
import os
import re
import select
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from rich.console import Console
from tests.cli.conftest import environment

from rushes.cli.support.terminal import Pictures, understood
from rushes.cli.support.terminal_pictures import Blocks, iterm2, kitty, room_for, sixels

if sys.platform != "win32":
    import fcntl
    import pty
    import struct
    import termios

IMAGES = st.tuples(st.integers(1, 30), st.integers(1, 20), st.integers(0, 2**32 - 1)).map(
    lambda drawn: Image.fromarray(
        np.random.default_rng(drawn[2]).integers(0, 256, (drawn[1], drawn[0], 3), np.uint8)
    )
)


def drawn(reported: str) -> Image.Image:
    """Return the picture that a terminal draws from sixels."""
    body = re.fullmatch(r'\x1bP0;1q"1;1;(\d+);(\d+)(.*)\x1b\\', reported, re.DOTALL)
    assert body is not None
    width, height = int(body[1]), int(body[2])
    image = Image.new("RGB", (width, height))
    palette: dict[str, tuple[int, int, int]] = {}
    x, top, colour = 0, 0, "0"
    for token in re.finditer(
        r"#(\d+)(?:;2;(\d+);(\d+);(\d+))?|!(\d+)([?-~])|([?-~])|(\$)|(-)", body[3]
    ):
        if token[1] is not None:
            colour = token[1]
            if token[2] is not None:
                palette[colour] = tuple(round(int(token[i]) * 255 / 100) for i in (2, 3, 4))
        elif token[8]:
            x = 0
        elif token[9]:
            x, top = 0, top + 6
        else:
            mask, times = ord(token[6] or token[7]) - 63, int(token[5] or 1)
            for bit in range(6):
                if mask >> bit & 1:
                    image.paste(palette[colour], (x, top + bit, x + times, top + bit + 1))
            x += times
    return image


@given(image=IMAGES)
def test_sixels_draw_what_they_were_made_of(image: Image.Image) -> None:
    few = image.quantize(16)
    expected = np.asarray(few.convert("RGB")).astype(int)
    difference = np.abs(np.asarray(drawn(sixels(few))).astype(int) - expected)
    assert difference.max() <= 2, "a colour is told in hundredths"


@given(image=IMAGES)
def test_kitty_gets_a_picture_in_parts_that_are_whole_together(image: Image.Image) -> None:
    reported = kitty(image, 40, 12)
    parts = re.findall(r"\x1b_G([^;]*);([^\x1b]*)\x1b\\", reported)
    assert parts[0][0] == f"a=T,f=100,q=2,c=40,r=12,m={int(len(parts) > 1)}"
    assert [options[-3:] for options, _ in parts] == ["m=1"] * (len(parts) - 1) + ["m=0"]
    assert all(len(data) <= 4096 for _, data in parts)
    seen = Image.open(io.BytesIO(base64.b64decode("".join(data for _, data in parts))))
    assert np.array_equal(np.asarray(seen), np.asarray(image))


def test_iterm2_gets_a_jpeg() -> None:
    reported = iterm2(Image.new("RGB", (64, 36), "navy"), 40, 12)
    found = re.fullmatch(
        r"\x1b\]1337;File=inline=1;width=40;height=12;size=(\d+):(.*)\x07\n", reported
    )
    assert found is not None
    data = base64.b64decode(found[2])
    assert len(data) == int(found[1])
    assert Image.open(io.BytesIO(data)).size == (64, 36)


def test_a_character_shows_two_pixels() -> None:
    image = Image.new("RGB", (1, 2), "red")
    image.putpixel((0, 1), (0, 0, 255))
    console = Console(file=io.StringIO(), force_terminal=True, color_system="truecolor", width=40)
    with console.capture() as reported:
        console.print(Blocks(image, 3, 1), end="")
    assert reported.get() == "\x1b[38;2;255;0;0;48;2;0;0;255m▀▀▀\x1b[0m\n"


@given(
    size=st.tuples(st.integers(16, 4000), st.integers(16, 4000)),
    width=st.integers(20, 300),
    height=st.integers(8, 100),
)
def test_a_picture_fits_and_keeps_its_shape(size, width: int, height: int) -> None:
    columns, lines = room_for(size, Console(width=width, height=height))
    assert 1 <= columns < width
    assert 1 <= lines < height
    if min(columns, lines) >= 8:
        assert columns / (2 * lines) == pytest.approx(size[0] / size[1], rel=0.15)


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (b"\x1b_Gi=31;OK\x1b\\\x1b[?62;c", Pictures.KITTY),
        (b"\x1b_Gi=31;EINVAL:no\x1b\\\x1b[?62;4c", Pictures.SIXEL),
        (b"\x1b[?62;4;6;22c", Pictures.SIXEL),
        (b"\x1b[?64;22c", Pictures.BLOCKS),
        (b"\x1b[?4c", Pictures.BLOCKS),  # a VT132, which knew no sixels
        (b"\x1b[?62;14;24c", Pictures.BLOCKS),
        (b"", Pictures.BLOCKS),
        (b"ls -l\r", Pictures.BLOCKS),
    ],
)
def test_a_terminal_is_taken_at_its_word(answer: bytes, found: Pictures) -> None:
    assert understood(answer) is found


SIZE = ("--resolution", "360p", "--duration", "4s")


def on_a_terminal(folder: Path, *arguments: str, answer: bytes = b"", **variables: str) -> str:
    """Return what a command writes on a terminal that answers so when it is asked."""
    reported = {
        **environment(),
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "C.UTF-8",
    }
    reported = {name: value for name, value in {**reported, **variables}.items() if value}
    terminal, theirs = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 80, 0, 0))
    process = subprocess.Popen(
        (sys.executable, "-m", "rushes", *arguments),
        **dict.fromkeys(("stdin", "stdout", "stderr"), theirs),
        cwd=folder,
        env=reported,
        start_new_session=True,
    )
    os.close(theirs)
    written, until = b"", time.monotonic() + 120
    while time.monotonic() < until:
        if not select.select([terminal], [], [], 1.0)[0]:
            continue
        try:
            chunk = os.read(terminal, 1 << 16)
        except OSError:  # how Linux tells that nobody writes there any more
            break
        if b"\x1b[c" in chunk:
            os.write(terminal, answer)
        written += chunk
    os.close(terminal)
    assert process.wait(timeout=30) == 0, written.decode()
    return written.decode()


@pytest.mark.parametrize(
    ("answer", "variables", "sign"),
    [
        (b"\x1b_Gi=31;OK\x1b\\\x1b[?62;c", {}, "\x1b_Ga=T,"),
        (b"\x1b[?62;4c", {}, "\x1bP0;1q"),
        (b"", {"TERM_PROGRAM": "iTerm.app"}, "\x1b]1337;File=inline=1;"),
        (b"\x1b[?62;22c", {}, None),
    ],
    ids=["kitty", "sixel", "iterm2", "blocks"],
)
@pytest.mark.skipif(sys.platform == "win32", reason="there are no such terminals")
def test_a_terminal_shows_the_video_while_it_is_made_and_when_it_is(
    tmp_path: Path, answer: bytes, variables: dict[str, str], sign: str | None
) -> None:
    reported = on_a_terminal(
        tmp_path,
        *("generate", "a lake", "-o", "lake.mp4"),
        *("--resolution", "720p", "--duration", "10s"),
        answer=answer,
        **{"NO_COLOR": "", **variables},
    )
    during, _, after = reported.rpartition("\x1b[?25h")  # the cursor is shown again
    assert "▀" in during
    assert "%" in during
    assert (sign or "▀") in after
    signs = {"\x1b_Ga=T,", "\x1bP0;1q", "\x1b]1337;File=inline=1;"}
    assert {one for one in signs if one in reported} == ({sign} if sign else set())
    assert "lake.mp4 (" in after


@pytest.mark.parametrize(
    ("arguments", "variables"),
    [
        (("--no-picture",), {"NO_COLOR": ""}),
        ((), {"NO_COLOR": "1"}),
        ((), {"NO_COLOR": "", "TERM": "dumb"}),
        (("--json",), {"NO_COLOR": ""}),
    ],
    ids=["--no-picture", "NO_COLOR", "dumb", "--json"],
)
@pytest.mark.skipif(sys.platform == "win32", reason="there are no such terminals")
def test_a_terminal_shows_no_picture_that_it_should_not(
    tmp_path: Path, arguments: tuple[str, ...], variables: dict[str, str]
) -> None:
    reported = on_a_terminal(
        tmp_path, "generate", "a lake", "-o", "lake.mp4", *SIZE, *arguments, **variables
    )
    assert not re.search("▀|\x1b_G|\x1bP|\x1b]1337", reported)
    assert "lake.mp4" in reported
