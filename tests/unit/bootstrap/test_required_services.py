"""A process that starts before its database or object store waits, and says so."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from structlog.testing import capture_logs
from tests.cutting_proxy import CuttingProxy
from tests.object_storage import ObjectStorage

from rushes.bootstrap import required_services
from rushes.bootstrap.required_services import wait_for_services
from rushes.core.errors import MediaError, SettingsError
from rushes.settings import Settings, load


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(required_services, "TRY_EVERY_S", 0.01)


@pytest.fixture
def closed_port() -> Iterator[int]:
    """Give a port that refuses connections, since nobody listens on it."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def settings(data: Path, **overrides: Any) -> Settings:
    return load(overrides={"data": data, **overrides})


async def test_without_services_there_is_nothing_to_wait_for(tmp_path: Path) -> None:
    with capture_logs() as logs:
        await wait_for_services(settings(tmp_path))
    assert logs == []


async def test_it_waits_for_a_database_that_starts_later(
    tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts, later = urlsplit(postgres_url), tmp_path / "s"
    lines: list[tuple[str, Any]] = []

    class Log:
        def warning(self, event: str, **fields: Any) -> None:
            lines.append((event, fields["service"]))
            later.symlink_to(f"{parse_qs(parts.query)['host'][0]}/.s.PGSQL.5432")

        def info(self, event: str, **fields: Any) -> None:
            lines.append((event, fields["service"]))

    monkeypatch.setattr(required_services, "_log", Log())
    with CuttingProxy(later) as proxy:
        url = f"postgresql://postgres@127.0.0.1:{proxy.port}{parts.path}"
        await wait_for_services(settings(tmp_path, **{"store.url": url}))

    assert lines == [("waiting_for_service", "database"), ("service_reached", "database")]


async def test_it_gives_up_after_the_time_of_the_setting(tmp_path: Path, closed_port: int) -> None:
    url = f"postgresql://postgres@127.0.0.1:{closed_port}/x"
    timeout = {"store.url": url, "server.start_timeout_s": 0.05}
    with capture_logs() as logs, pytest.raises(SettingsError) as gave_up:
        await wait_for_services(settings(tmp_path, **timeout))
    assert "the database could not be reached within 0.05 seconds" in str(gave_up.value)
    assert "server.start_timeout_s" in str(gave_up.value)
    assert "onnection refused" in str(gave_up.value)
    assert [line["event"] for line in logs] == ["waiting_for_service"]


async def test_a_refusal_is_not_waited_out(tmp_path: Path, postgres_url: str) -> None:
    host = parse_qs(urlsplit(postgres_url).query)["host"][0]
    url = f"postgresql://postgres@/not_there?host={host}"
    with capture_logs() as logs, pytest.raises(SettingsError, match="does not exist"):
        await wait_for_services(settings(tmp_path, **{"store.url": url}))
    assert logs == []


async def test_it_gives_up_on_an_object_store_too(
    tmp_path: Path, closed_port: int, object_storage: ObjectStorage
) -> None:
    away = object_storage.settings | {"media.endpoint": f"http://127.0.0.1:{closed_port}"}
    with pytest.raises(SettingsError, match="the object store could not be reached within 0 sec"):
        await wait_for_services(settings(tmp_path, **away, **{"server.start_timeout_s": 0}))


async def test_a_missing_bucket_is_an_error_at_once(
    tmp_path: Path, object_storage: ObjectStorage
) -> None:
    await wait_for_services(settings(tmp_path, **object_storage.settings))
    assert list(object_storage.objects().list()) == [], "what it tried is deleted"
    missing = object_storage.settings | {"media.url": "s3://not-there/prefix"}
    with pytest.raises(MediaError, match=r"NoSuchBucket; the bucket of media\.url does not exist"):
        await wait_for_services(settings(tmp_path, **missing))
