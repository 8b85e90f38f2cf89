"""What a server keeps is closed to the other users of its machine."""

import os
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from io import BytesIO
from pathlib import Path

import httpx2
import pytest
from PIL import Image
from tests.cli.conftest import Serving

from rushes.bootstrap.application import build
from rushes.settings import Settings

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX's")

Serve = Callable[..., AbstractContextManager[Serving]]


@pytest.fixture(autouse=True)
def usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def picture() -> str:
    file = BytesIO()
    Image.new("RGB", (320, 320), "teal").save(file, "PNG")
    return f"data:image/png;base64,{b64encode(file.getvalue()).decode()}"


def modes(folder: Path) -> dict[str, str]:
    """Return the mode of the folder and of all in it, by name."""
    return {
        str(path.relative_to(folder)): f"{path.stat().st_mode & 0o777:o}"
        for path in (folder, *folder.rglob("*"))
    }


def open_to_others(folder: Path) -> dict[str, str]:
    return {
        name: mode
        for name, mode in modes(folder).items()
        if mode != ("700" if (folder / name).is_dir() else "600")
    }


def test_all_that_a_server_makes_is_its_owners_only(serve: Serve, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with serve(data) as up, httpx2.Client(base_url=up.url) as http:
        http.headers["authorization"] = f"Bearer {up.key}"
        requested = {"user_prompt": "dunes", "image_url": picture(), "resolution": "360p"}
        assert http.post("/luma/generations", json=requested).is_success
        assert {"media", "secrets", "incoming", "rushes.db"} <= modes(data).keys()
        assert any(name.startswith("media/") for name in modes(data)), "the picture is kept"
        assert open_to_others(data) == {}


async def test_what_an_older_version_left_open_is_closed(tmp_path: Path) -> None:
    data = tmp_path / "data"
    for folder in (data, data / "secrets", data / "incoming", data / "media"):
        folder.mkdir()
    (data / "rushes.db").touch()
    await build(Settings(data=data)).close()
    assert open_to_others(data) == {}


async def test_a_folder_that_holds_other_things_stays_as_open_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    await build(Settings(data=tmp_path)).close()
    found = modes(tmp_path)
    assert (found["letters"], found["secrets"], found["rushes.db"]) == ("755", "700", "600")


async def test_what_was_opened_for_a_group_stays_open_for_it(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    data.chmod(0o750)
    await build(Settings(data=data)).close()
    assert modes(data)["."] == "750"
