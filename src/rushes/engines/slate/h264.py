"""
Write H.264 frames that repeat the frame before them except for a few macroblocks.

An encoder examines every macroblock of every frame, which takes 3 ms per frame at 720p. A card
changes in a few known places only. Such a frame is one slice that skips the unchanged macroblocks
and has the new ones as plain samples (``I_PCM``). Section numbers are
those of ITU-T H.264 (08/2021).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

MACROBLOCK_PX: Final = 16

_START_CODE: Final = b"\x00\x00\x00\x01"
_UNIT: Final = re.compile(rb"\x00\x00\x01(.+?)(?=\x00\x00\x01|\x00\x00\x00\x01|$)", re.DOTALL)
_EMULATED: Final = re.compile(rb"\x00\x00(?=[\x00-\x03])")

_REFERENCE_SLICE: Final = b"\x41"
"""Header of a NAL unit: a slice of a frame that is no IDR and is used for reference (7.3.1)."""

_SPS: Final = 7
_PPS: Final = 8
_BASELINE: Final = 66
_ONLY_P: Final = 5
"""``slice_type`` of a frame whose slices are all P (7.4.3)."""

_I_PCM_IN_P: Final = 30
"""``mb_type`` of I_PCM in a P slice: its 25, after the five types of P (7.4.5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """The values of an encoder's parameter sets that a slice depends on."""

    frame_number_bits: int
    columns: int
    """Macroblocks in a row."""

    rows: int
    names_deblocking: bool
    """Whether each slice says how it is deblocked."""


def parameters_of(extradata: bytes) -> Parameters:
    """
    Read an encoder's parameter sets, which have start codes before them.

    Raises:
        ValueError: They describe a stream that :func:`repeated` cannot continue.
    """
    sets = {unit[0] & 31: _Reader(unit[1:]) for unit in _UNIT.findall(extradata)}
    if _SPS not in sets or _PPS not in sets:
        raise ValueError("the stream has no parameter sets")
    sps, pps = sets[_SPS], sets[_PPS]
    if sps.bits(8) != _BASELINE:
        raise ValueError("the stream is not of the baseline profile")
    sps.bits(16)  # constraint flags, level
    sps.numbers(1)  # its id
    frame_number_bits = sps.number() + 4
    if sps.number() != 2:
        raise ValueError("frames are not shown in the order in which they are decoded")
    sps.numbers(1)  # reference frames
    sps.bits(1)  # gaps in frame numbers
    return Parameters(
        frame_number_bits=frame_number_bits,
        columns=sps.number() + 1,
        rows=sps.number() + 1,
        names_deblocking=_names_deblocking(pps),
    )


def _names_deblocking(pps: "_Reader") -> bool:
    pps.numbers(2)  # its id, and the id of its sequence
    flags = pps.bits(2)  # CABAC, and whether slices say more of their order
    slice_groups, references, _ = pps.numbers(3)
    if flags or slice_groups or references or pps.bits(1):
        raise ValueError("the stream uses features that a repeated frame does not spell out")
    pps.bits(2)  # weights of B slices
    pps.numbers(3)  # quantisers
    return bool(pps.bits(1))


def repeated(parameters: Parameters, number: int, changed: Sequence[tuple[int, bytes]]) -> bytes:
    """
    Return a frame that equals the frame before it except for the *changed* macroblocks.

    Args:
        parameters: Those of the stream.

        number: How many frames it comes after the last IDR frame.

        changed: Position and samples of each new macroblock. Positions are counted in rows from
            the upper left and rise. Samples are 256 of Y, 64 of U, 64 of V, in rows.
    """
    out = _Writer()
    out.number(0)  # first_mb_in_slice (7.3.3)
    out.number(_ONLY_P)
    out.number(0)  # pic_parameter_set_id
    out.bits(number % (1 << parameters.frame_number_bits), parameters.frame_number_bits)
    out.bits(0, 3)  # as many references as usual, in their order; marked as usual
    out.number(0)  # slice_qp_delta
    if parameters.names_deblocking:
        out.number(1)  # none
    after = 0
    for position, samples in changed:
        out.number(position - after)  # mb_skip_run (7.3.4)
        out.number(_I_PCM_IN_P)
        out.whole_bytes(samples)
        after = position + 1
    if skipped := parameters.columns * parameters.rows - after:
        out.number(skipped)
    payload = _EMULATED.sub(b"\x00\x00\x03", out.finished())
    return _START_CODE + _REFERENCE_SLICE + payload


class _Reader:
    """Reads bits, and numbers in Exp-Golomb code (9.1)."""

    def __init__(self, payload: bytes) -> None:
        plain = payload.replace(b"\x00\x00\x03", b"\x00\x00")
        self._text = "".join(f"{byte:08b}" for byte in plain)
        self._at = 0

    def bits(self, count: int) -> int:
        start, self._at = self._at, self._at + count
        return int(self._text[start : self._at], 2)

    def number(self) -> int:
        zeros = self._text.index("1", self._at) - self._at
        self._at += zeros
        return self.bits(zeros + 1) - 1

    def numbers(self, count: int) -> list[int]:
        return [self.number() for _ in range(count)]


class _Writer:
    """Writes bits, and numbers in Exp-Golomb code (9.1)."""

    def __init__(self) -> None:
        self._done = bytearray()
        self._held, self._count = 0, 0

    def bits(self, value: int, count: int) -> None:
        self._held, self._count = self._held << count | value, self._count + count
        while self._count >= 8:
            self._count -= 8
            self._done.append(self._held >> self._count & 255)
        self._held &= (1 << self._count) - 1

    def number(self, value: int) -> None:
        length = (value + 1).bit_length()
        self.bits(value + 1, 2 * length - 1)

    def whole_bytes(self, content: bytes) -> None:
        """Write bytes after zero bits up to the next byte (``pcm_alignment_zero_bit``)."""
        self.bits(0, -self._count % 8)
        self._done += content

    def finished(self) -> bytes:
        """Return all of it, with the stop bit at its end (7.3.2.11)."""
        self.bits(1, 1)
        self.bits(0, -self._count % 8)
        return bytes(self._done)
