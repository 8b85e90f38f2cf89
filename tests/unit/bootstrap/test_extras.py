"""A setting that needs an extra says how to install it."""

import sys
from pathlib import Path

import pytest

from rushes.bootstrap.database import open_database
from rushes.bootstrap.media import open_media
from rushes.core.errors import SettingsError
from rushes.kit.clock import SystemClock
from rushes.settings import load


def test_an_object_store_needs_its_client(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "obstore", None)
    settings = load(overrides={"data": tmp_path, "media.url": "s3://bucket/prefix"})
    with pytest.raises(SettingsError, match=r"pip install 'rushes\[objects\]'"):
        open_media(settings, SystemClock())


def test_postgresql_needs_its_driver(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(SettingsError, match=r"pip install 'rushes\[postgres\]'"):
        open_database(tmp_path, url="postgresql://localhost/rushes")
