"""
Decode HTTP content codings (gzip, deflate, br, zstd) piece by piece, in bounded memory.

gzip and deflate always work. ``br`` needs the package ``brotli`` from 1.2, and ``zstd`` needs
Python 3.14 or the package ``backports.zstd``: other packages cannot limit what one call returns,
so that a few bytes could fill the memory.
"""

import asyncio
import zlib
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from types import ModuleType
from typing import Any, Final, Protocol

PIECE_BYTES: Final = 1 << 16
"""The most that is decoded at once, so that a reader can stop a decompression bomb."""

PIECES_BETWEEN_PAUSES: Final = 16
"""Pieces decoded before other tasks of the event loop get a turn."""

MAX_LAYERS: Final = 3
"""How many codings on top of each other are decoded."""

ZSTD_WINDOW_LOG: Final = 23
"""8 MiB, the limit of RFC 9659 for HTTP."""

_ALIASES: Final = {"x-gzip": "gzip", "x-compress": "compress"}
_KNOWN: Final = frozenset({"gzip", "deflate", "br", "zstd", "compress", "dcb", "dcz", "exi"})
"""The codings that IANA lists. Servers also send other words here (``utf-8``, ``aws-chunked``,
``binary``); the client ignores them, as browsers do."""


class DecodingError(Exception):
    """The body does not match its named coding, or this machine cannot decode that coding."""


class TruncatedBody(DecodingError):
    """The body ends before its coding says that it does."""


def content_codings(values: Iterable[str]) -> tuple[str, ...]:
    """Return the codings that ``Content-Encoding`` headers name, in the order they were applied."""
    names = (name.strip().lower() for value in values for name in value.split(","))
    return tuple(known for name in names if (known := _ALIASES.get(name, name)) in _KNOWN)


async def decode(
    pieces: AsyncIterator[bytes], applied: Sequence[str], *, piece_bytes: int = PIECE_BYTES
) -> AsyncIterator[bytes]:
    """
    Decode *pieces* from the codings *applied*, and yield at most *piece_bytes* at a time.

    Bytes after the end of the coded body are ignored, as in browsers.

    Args:
        applied: The codings in the order in which the server applied them.

    Raises:
        DecodingError: A coding is not supported, or the bytes do not match it.

        TruncatedBody: The body ends too early.
    """
    if not applied:
        async for piece in pieces:
            yield piece
        return
    if len(applied) > MAX_LAYERS:
        raise DecodingError(f"the body is compressed more than {MAX_LAYERS} times over")
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
    """Decodes one coding, and translates its library's errors."""

    def __init__(self, name: str, decoder: "_Decoder", errors: tuple[type[Exception], ...]) -> None:
        self._name = name
        self._decoder = decoder
        self._errors = errors
        self._has_input = False

    @property
    def has_ended(self) -> bool:
        return self._decoder.has_ended

    def feed(self, data: bytes) -> Iterator[bytes]:
        self._has_input = self._has_input or bool(data)
        try:
            yield from self._decoder.feed(data)
        except self._errors:
            raise DecodingError(
                f"the server says that the body is compressed with {self._name}, but it is not"
            ) from None

    def finish(self) -> None:
        """Raise TruncatedBody when the body is incomplete; no byte at all is an empty body."""
        if self._has_input and not self._decoder.is_complete:
            raise TruncatedBody(f"the body, compressed with {self._name}, is cut short")


class _Decoder(Protocol):
    @property
    def is_complete(self) -> bool:
        """Whether the body may end here."""
        ...

    @property
    def has_ended(self) -> bool:
        """Whether the body has ended, so that further bytes do not belong to it."""
        ...

    def feed(self, data: bytes) -> Iterator[bytes]: ...


class _Zlib:
    """Decodes gzip with any number of members, and deflate with or without zlib's header."""

    def __init__(self, name: str, piece_bytes: int) -> None:
        self._is_gzip = name == "gzip"
        self._piece_bytes = piece_bytes
        self._inner = zlib.decompressobj(31) if self._is_gzip else None
        self._head = b""
        self.has_ended = False

    @property
    def is_complete(self) -> bool:
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
    def is_complete(self) -> bool:
        return bool(self._inner.is_finished())

    has_ended = is_complete

    def feed(self, data: bytes) -> Iterator[bytes]:
        while not self.is_complete:
            # brotli stops up to 32 KiB after the limit, and may hold more output than it returned
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
    def is_complete(self) -> bool:
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
    raise DecodingError(f"the body is compressed with {name}, which this server cannot decode")


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


def without_coding_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers without those that describe the coded body."""
    return {k: v for k, v in headers.items() if k not in {"content-encoding", "content-length"}}
