"""Check a JPEG of a sandboxed process as if that process had been taken over."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from rushes.intake.jpegs import keep
from rushes.intake.sandbox.runner import Crashed


def jpeg(size: tuple[int, int] = (64, 48), **how: object) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size).save(written, "JPEG", **how)
    return written.getvalue()


@pytest.mark.parametrize("how", [{}, {"progressive": True}, {"comment": b"x" * 60_000}], ids=str)
def test_the_file_is_kept_if_it_is_what_the_process_said(tmp_path: Path, how: dict) -> None:
    (tmp_path / "part").write_bytes(jpeg(**how))
    keep(tmp_path / "part", tmp_path / "kept.jpg", size_px=(64, 48))
    assert not (tmp_path / "part").exists()
    with Image.open(tmp_path / "kept.jpg") as shown:
        assert shown.size == (64, 48)


def a_link(part: Path) -> None:
    part.with_name("secret").write_bytes(jpeg())
    part.symlink_to(part.with_name("secret"))


@pytest.mark.parametrize(
    "make",
    [
        a_link,
        Path.mkdir,
        lambda part: part.write_bytes(b""),
        lambda part: part.write_bytes(jpeg()[:30]),
        lambda part: part.write_bytes(jpeg((64, 49))),
        lambda part: part.write_bytes(b"<html><script>"),
        lambda part: part.write_bytes(b"\xff\xd8" + b"\xff\xe1\x00\x02" * 100),
        lambda part: part.write_bytes(b"\xff\xd8\x00\xe1\x00\x02"),
    ],
    ids=["link", "folder", "empty", "cut", "other size", "page", "many segments", "no segment"],
)
def test_a_text_in_another_language_is_not_english(
    tmp_path: Path, make: Callable[[Path], object]
) -> None:
    make(tmp_path / "part")
    with pytest.raises(Crashed):
        keep(tmp_path / "part", tmp_path / "kept.jpg", size_px=(64, 48))
    assert not (tmp_path / "kept.jpg").exists()


@given(content=st.binary(max_size=80), is_begun=st.booleans())
def test_no_bytes_make_the_check_fail_in_another_way(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, is_begun: bool
) -> None:
    folder = tmp_path_factory.mktemp("jpegs")
    (folder / "part").write_bytes((jpeg()[:20] if is_begun else b"") + content)
    with pytest.raises(Crashed):
        keep(folder / "part", folder / "kept.jpg", size_px=(9, 9))
