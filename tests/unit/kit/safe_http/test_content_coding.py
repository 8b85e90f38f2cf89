"""Content codings are taken off piece by piece, and nothing grows beyond its bounds."""

import gzip
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from importlib import import_module
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rushes.kit.safe_http.content_coding import (
    DecodingError,
    TruncatedBody,
    content_codings,
    decode,
)

BODY = bytes(range(256)) * 40 + b"\0" * 100_000
NEEDED = {"br": "brotli", "zstd": "backports.zstd"}


def deflate(data: bytes) -> bytes:
    bare = zlib.compressobj(wbits=-15)
    return bare.compress(data) + bare.flush()


def coder(name: str) -> Callable[[bytes], bytes]:
    if name in NEEDED:
        module: Any = pytest.importorskip(NEEDED[name], reason=f"{name} needs {NEEDED[name]}")
        code: Callable[[bytes], bytes] = module.compress
        return code
    codes: dict[str, Callable[[bytes], bytes]] = {
        "gzip": gzip.compress,
        "deflate": zlib.compress,
        "bare deflate": deflate,
    }
    return codes[name]


CODERS = ["gzip", "deflate", "bare deflate", "br", "zstd"]


async def taken_off(data: bytes, *applied: str, size: int = 1 << 13, **more: int) -> list[bytes]:
    async def pieces() -> AsyncIterator[bytes]:
        for at in range(0, len(data), size):
            yield data[at : at + size]

    return [piece async for piece in decode(pieces(), applied, **more)]


@pytest.mark.parametrize("size", [1, 2, 3, 1000, 1 << 20])
@pytest.mark.parametrize("name", CODERS)
async def test_what_was_coded_comes_back_however_it_is_cut(name: str, size: int) -> None:
    coded = coder(name)(BODY)
    pieces = await taken_off(coded, name.rsplit(maxsplit=1)[-1], size=size, piece_bytes=999)
    assert b"".join(pieces) == BODY
    assert max(map(len, pieces)) <= 999


@pytest.mark.parametrize("name", CODERS)
async def test_a_bomb_comes_in_small_pieces_and_can_be_stopped(name: str) -> None:
    coded = coder(name)(b"\0" * (64 << 20))

    async def pieces() -> AsyncIterator[bytes]:
        yield coded

    async for piece in decode(pieces(), (name.rsplit(maxsplit=1)[-1],)):
        assert len(piece) <= 1 << 16
        break
    else:
        pytest.fail("nothing came")


@pytest.mark.parametrize("name", CODERS)
async def test_a_body_that_ends_too_early_is_cut_short(name: str) -> None:
    coded = coder(name)(BODY)
    with pytest.raises(TruncatedBody, match="is cut short"):
        await taken_off(coded[: len(coded) // 2], name.rsplit(maxsplit=1)[-1])


@pytest.mark.parametrize("name", ["gzip", "br", "zstd"])
async def test_what_is_in_another_coding_is_told(name: str) -> None:
    coder(name)
    with pytest.raises(DecodingError, match=f"compressed with {name}, but it is not"):
        await taken_off(b"\xff\xd8\xff\xe0" + bytes(range(256)), name)


async def test_codings_on_top_of_each_other_are_taken_off_in_turn() -> None:
    coded = gzip.compress(zlib.compress(BODY))
    assert b"".join(await taken_off(coded, "deflate", "gzip")) == BODY
    with pytest.raises(DecodingError, match="more than 3 times"):
        await taken_off(coded, *["gzip"] * 4)


async def test_a_gzip_body_of_several_members_is_one_and_what_follows_is_ignored() -> None:
    coded = gzip.compress(b"one ") + gzip.compress(b"two") + b"\0\0 padding"
    for size in (1, 7, 1000):
        assert b"".join(await taken_off(coded, "gzip", size=size)) == b"one two"


async def test_a_body_without_a_byte_is_an_empty_one() -> None:
    assert await taken_off(b"", "gzip") == []


@pytest.mark.parametrize("name", ["compress", "dcb", "exi"])
async def test_a_coding_that_cannot_be_decoded_is_named(name: str) -> None:
    with pytest.raises(DecodingError, match=f"with {name}, which this server cannot decode"):
        await taken_off(b"anything", name)


@pytest.mark.parametrize("name", ["br", "zstd"])
async def test_a_library_that_is_missing_is_no_crash(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def nothing(wanted: str) -> object:
        raise ImportError(wanted)

    monkeypatch.setattr("rushes.kit.safe_http.content_coding.import_module", nothing)
    with pytest.raises(DecodingError, match=f"with {name}, which this server cannot decode"):
        await taken_off(b"anything", name)


async def test_a_brotli_that_cannot_bound_its_output_is_not_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Old:
        Decompressor = object

    monkeypatch.setattr("rushes.kit.safe_http.content_coding.import_module", lambda _: Old)
    with pytest.raises(DecodingError, match="this server cannot decode"):
        await taken_off(b"anything", "br")


def test_only_codings_count_as_codings() -> None:
    assert content_codings(["GZIP"]) == ("gzip",)
    assert content_codings(["deflate, x-gzip", "br"]) == ("deflate", "gzip", "br")
    assert content_codings(["", "identity", "utf-8", "aws-chunked", "binary", "none"]) == ()


@settings(deadline=None, max_examples=200)
@given(name=st.sampled_from(["gzip", "deflate"]), noise=st.binary(max_size=400))
async def test_any_bytes_are_decoded_or_refused(name: str, noise: bytes) -> None:
    begun = coder(name)(BODY)[:20]
    for data in (noise, begun + noise):
        with suppress(DecodingError):
            await taken_off(data, name, size=5)


def test_the_names_of_the_libraries_are_right() -> None:
    for name in NEEDED.values():
        pytest.importorskip(name)
        assert import_module(name)
