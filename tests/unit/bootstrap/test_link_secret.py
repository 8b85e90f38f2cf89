"""Servers with separate data folders accept each other's links if they have the same secret."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from rushes.bootstrap.application import signed_links
from rushes.core.errors import SettingsError
from rushes.settings import load

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SECRET = "a-link-secret-of-forty-characters-000000"


def test_two_servers_with_one_secret_accept_each_others_links(tmp_path: Path) -> None:
    one, two = (
        signed_links(load(overrides={"data": tmp_path / name, "server.link_secret": SECRET}))
        for name in ("one", "two")
    )
    for ours, theirs in zip(one, two, strict=True):
        assert theirs.key(ours.path("g1/1/video.mp4", now=NOW), now=NOW) == "g1/1/video.mp4"
    assert not (tmp_path / "one" / "secrets").exists()


def test_links_and_uploads_have_different_secrets(tmp_path: Path) -> None:
    links, uploads = signed_links(load(overrides={"data": tmp_path, "server.link_secret": SECRET}))
    signature = links.path("x", now=NOW).split("/")
    assert signature[-2:] != uploads.path("x", now=NOW).split("/")[-2:]


def test_servers_without_a_secret_make_their_own(tmp_path: Path) -> None:
    one, two = (signed_links(load(overrides={"data": tmp_path / name})) for name in ("one", "two"))
    assert two[0].key(one[0].path("g1/1/video.mp4", now=NOW), now=NOW) is None


def test_a_short_secret_is_refused_and_not_shown(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        load(overrides={"data": tmp_path, "server.link_secret": "too-short"})
    assert "too-short" not in str(refused.value)
    assert "link-secret" in str(refused.value)
