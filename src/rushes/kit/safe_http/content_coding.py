"""
Decode HTTP content codings (gzip, deflate, br, zstd) piece by piece, in bounded memory.

gzip and deflate are always there. ``br`` needs the package ``brotli`` from 1.2, and ``zstd`` needs
Python 3.14 or the package ``backports.zstd``: others cannot bound what one call returns, so that a
few bytes could fill the memory.
"""

import asyncio
import zlib
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from types import ModuleType
from typing import Any, Final, Protocol

PIECE_BYTES: Final = 1 << 16
"""The most that is decoded at once: what a consumer must hold before it can stop a bomb."""

PIECES_BETWEEN_PAUSES: Final = 16
"""Decoding must not keep the event loop to itself."""

MOST: Final = 3
"""Codings on top of each other that are taken off."""

ZSTD_WINDOW_LOG: Final = 23
"""8 MiB, which RFC 9659 makes the most for HTTP."""

_ALIASES: Final = {"x-gzip": "gzip", "x-compress": "compress"}
_KNOWN: Final = frozenset({"gzip", "deflate", "br", "zstd", "compress", "dcb", "dcz", "exi"})
"""What IANA lists. Servers also write what is no coding there (``utf-8``, ``aws-chunked``,
``binary``), and browsers read such a body as it is."""


class Undecodable(Exception):
    """The body is not in the coding that the server names, or cannot be decoded here."""


class CutShort(Undecodable):
    """The body ends before its coding does."""


def codings(values: Iterable[str]) -> tuple[str, ...]:
    """Return the codings that ``Content-Encoding`` headers name, in the order they were applied."""
    names = (name.strip().lower() for value in values for name in value.split(","))
    return tuple(known for name in names if (known := _ALIASES.get(name, name)) in _KNOWN)


async def decoded(
    pieces: AsyncIterator[bytes], applied: Sequence[str], *, piece_bytes: int = PIECE_BYTES
) -> AsyncIterator[bytes]:
    """
    Yield what *pieces* are without the codings *applied*, at most *piece_bytes* at a time.

    What follows the end of a coded body is ignored, as browsers do.

    Raises:
        Undecodable: A coding is unknown here, or the bytes are not in it.

        CutShort: The body ends before its coding does.
    """
    if not applied:
        async for piece in pieces:
            yield piece
        return
    if len(applied) > MOST:
        raise Undecodable(f"the body is compressed more than {MOST} times over")
    layers = [_layer(name, piece_bytes) for name in reversed(applied)]
    count = 0
    async for piece in pieces:
        for part in _through(layers, piece):
            yield part
            count += 1
            if not count % PIECES_BETWEEN_PAUSES:
                await asyncio.sleep(0)
        if layers[0].has_ended:
            break
    for layer in layers:
        layer.finish()


class _Layer:
    """One coding that is being taken off."""

    def __init__(self, name: str, decoder: "_Decoder", errors: tuple[type[Exception], ...]) -> None:
        self._name = name
        self._decoder = decoder
        self._errors = errors
        self._has_begun = False

    @property
    def has_ended(self) -> bool:
        return self._decoder.has_ended

    def feed(self, data: bytes) -> Iterator[bytes]:
        self._has_begun = self._has_begun or bool(data)
        try:
            yield from self._decoder.feed(data)
        except self._errors:
            raise Undecodable(
                f"the server says that the body is compressed with {self._name}, and it is not"
            ) from None

    def finish(self) -> None:
        """Raise CutShort where more was to come; a body without a byte is an empty one."""
        if self._has_begun and not self._decoder.is_whole:
            raise CutShort(f"the body, compressed with {self._name}, is cut short")


class _Decoder(Protocol):
    @property
    def is_whole(self) -> bool:
        """Whether the body may end here."""
        ...

    @property
    def has_ended(self) -> bool:
        """Whether nothing that comes now belongs to the body."""
        ...

    def feed(self, data: bytes) -> Iterator[bytes]: ...


class _Zlib:
    """gzip with any number of members, or deflate with zlib's frame or, as some send it, bare."""

    def __init__(self, name: str, piece_bytes: int) -> None:
        self._is_gzip = name == "gzip"
        self._piece_bytes = piece_bytes
        self._inner = zlib.decompressobj(31) if self._is_gzip else None
        self._head = b""
        self.has_ended = False

    @property
    def is_whole(self) -> bool:
        return self._inner is not None and self._inner.eof

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self._inner is None:
            data = self._head = self._head + data
            if len(data) < 2:
                return
            self._inner = zlib.decompressobj(15 if _has_zlib_header(data) else -15)
        while data and not self.has_ended:
            if self._inner.eof:
                if not self._is_gzip or data[0] != 0x1F:
                    self.has_ended = True
                    return
                self._inner = zlib.decompressobj(31)
            yield from self._member(self._inner, data)
            data = self._inner.unused_data

    def _member(self, inner: Any, data: bytes) -> Iterator[bytes]:  # zlib does not name its type
        while True:
            out: bytes = inner.decompress(data, self._piece_bytes)
            if out:
                yield out
            data = inner.unconsumed_tail
            if inner.eof or not (data or len(out) == self._piece_bytes):
                return


def _has_zlib_header(data: bytes) -> bool:
    return data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0


class _Brotli:
    def __init__(self, module: ModuleType, piece_bytes: int) -> None:
        self._inner = module.Decompressor()
        self._piece_bytes = piece_bytes

    @property
    def is_whole(self) -> bool:
        return bool(self._inner.is_finished())

    has_ended = is_whole

    def feed(self, data: bytes) -> Iterator[bytes]:
        while not self.is_whole:
            # it stops some 32 KiB after the limit, and may hold more although it takes more
            out: bytes = self._inner.process(data, output_buffer_limit=self._piece_bytes)
            for at in range(0, len(out), self._piece_bytes):
                yield out[at : at + self._piece_bytes]
            data = b""
            if not out and self._inner.can_accept_more_data():
                return


class _Zstd:
    def __init__(self, module: ModuleType, piece_bytes: int) -> None:
        self._new: Callable[[], Any] = lambda: module.ZstdDecompressor(
            options={module.DecompressionParameter.window_log_max: ZSTD_WINDOW_LOG}
        )
        self._inner = self._new()
        self._piece_bytes = piece_bytes
        self.has_ended = False

    @property
    def is_whole(self) -> bool:
        return bool(self._inner.eof)

    def feed(self, data: bytes) -> Iterator[bytes]:
        while True:
            if self._inner.eof:
                if not data:
                    return
                self._inner = self._new()
            out: bytes = self._inner.decompress(data, self._piece_bytes)
            if out:
                yield out
            data = self._inner.unused_data if self._inner.eof else b""
            if not data and (self._inner.eof or self._inner.needs_input):
                return


def _layer(name: str, piece_bytes: int) -> _Layer:
    if name in {"gzip", "deflate"}:
        return _Layer(name, _Zlib(name, piece_bytes), (zlib.error,))
    if name == "br" and (brotli := _installed("brotli")) and _is_bounded(brotli):
        return _Layer(name, _Brotli(brotli, piece_bytes), (brotli.error,))
    if name == "zstd" and (zstd := _installed("compression.zstd", "backports.zstd")):
        return _Layer(name, _Zstd(zstd, piece_bytes), (zstd.ZstdError,))
    raise Undecodable(f"the body is compressed with {name}, which cannot be decoded here")


def _installed(*names: str) -> ModuleType | None:
    for name in names:
        with suppress(ImportError):
            return import_module(name)
    return None


def _is_bounded(brotli: ModuleType) -> bool:
    return hasattr(brotli.Decompressor, "can_accept_more_data")


def _through(layers: Sequence[_Layer], data: bytes) -> Iterator[bytes]:
    if not layers:
        yield data
        return
    for part in layers[0].feed(data):
        yield from _through(layers[1:], part)


def without_coding(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers of a decoded body: without what described the coded one."""
    return {k: v for k, v in headers.items() if k not in {"content-encoding", "content-length"}}
