"""What every test may use: a clock that stands still, a generation, and no way out of the machine."""

import gc
import logging
import os
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any

import pytest
import structlog
from hypothesis import HealthCheck, settings
from tests.object_storage import object_storage, object_storage_endpoint
from tests.postgres import Databases, shared_server

from rushes.cli.support.logs import CHATTY
from rushes.core.generation import AccountId, Generation, GenerationId
from rushes.core.spec import GenerationSpec
from rushes.kit.clock import FrozenClock
from rushes.mock_upstream.app import MockUpstream
from rushes.mock_upstream.role import Durations, Role
from rushes.mock_upstream.serving import serving

__all__ = ["object_storage", "object_storage_endpoint"]

collect_ignore = ["local"] if "RUSHES_TEST_TORCH" in os.environ else ["local", "local_server"]
"""These need an interpreter with torch, as ``make test-local`` has it."""

IN_CI = os.environ.get("CI") == "true"

# A busy machine makes examples slowly; that says nothing about the code. CI tries the same ones each
# time, so that it judges the change; whoever runs the tests at his desk tries others each time.
settings.register_profile(
    "house",
    deadline=None,
    derandomize=IN_CI,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("house")

# Where the tests run in the background, Ctrl-C is ignored by whatever they start, and some test that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

MakeGeneration = Callable[..., Generation]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection() -> Generator[None, object, object]:
    """Keep the garbage collector away from what is imported and collected: all of it stays to the end."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put files with slow tests first, so that no worker is left alone with one at the end of the run."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure in CI, where everything that a test needs must be there."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and IN_CI:
        report.outcome = "failed"
        report.longrepr = f"nothing may be skipped in CI: {report.longreprtext}"
    return report


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(datetime(2026, 1, 1, tzinfo=UTC))


@pytest.fixture
def make_generation(clock: FrozenClock) -> MakeGeneration:
    """Return a maker of queued generations, made now, with the name as their id."""

    def make(name: str = "g1", **overrides: Any) -> Generation:
        now = clock.now()
        generation = Generation(
            id=GenerationId(name),
            account_id=AccountId("acc"),
            spec=GenerationSpec(model="ray-2", prompt="a lighthouse at dusk", resolution="720p"),
            dialect="luma_relay",
            origin="http://127.0.0.1:8000",
            created_at=now,
            updated_at=now,
            available_at=now,
        )
        return replace(generation, **overrides)

    return make


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Return a maker of databases on the PostgreSQL server of this test run."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # where all workers of the run find the one server
    with shared_server(folder) as server:
        yield Databases(server)


@pytest.fixture
def postgres_url(databases: Databases) -> Iterator[str]:
    """Return the address of a PostgreSQL database with empty tables."""
    url = databases.fresh()
    yield url
    databases.take_back(url)


@dataclass(frozen=True, kw_only=True)
class ServedMock:
    """A mock upstream for an upstream, and where it is."""

    mock: MockUpstream
    url: str


@pytest.fixture
async def mock_upstream(clock: FrozenClock) -> AsyncIterator[Callable[..., Awaitable[ServedMock]]]:
    """
    Return a maker of mock upstreams on ports of their own: ``await mock_upstream("relay", takes="5s")``.

    Their jobs age by the test's clock: ``served.mock.advance(seconds=5)``.
    """
    async with AsyncExitStack() as stack:

        async def make(
            kind: str,
            *,
            takes: str = "5s",
            video: bytes | None = None,
            still: bytes | None = None,
            **more: Any,
        ) -> ServedMock:
            part = Role(kind=kind, takes=Durations.of(takes), **more)
            mock = MockUpstream(part, clock=clock, video=video, still=still)
            return ServedMock(mock=mock, url=await stack.enter_async_context(serving(mock)))

        yield make


@pytest.fixture(autouse=True)
def as_nobody_has_set_it() -> Iterator[None]:
    """Forget how a command that ran in this process has set the log up."""
    root = logging.getLogger()
    level = root.level
    yield
    structlog.reset_defaults()
    root.setLevel(level)
    root.handlers[:] = [one for one in root.handlers if type(one) is not logging.StreamHandler]
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.NOTSET)


@pytest.fixture(autouse=True)
def no_outside_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Fail a test that looks up a name or connects beyond loopback, also if it hides the error."""
    attempts: list[str] = []
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex
    getaddrinfo = socket.getaddrinfo

    def refuse(what: object) -> None:
        attempts.append(str(what))
        raise OSError(f"tests stay on this machine: {what}")

    def guarded_connect(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and not _is_here(address[0]):
            refuse(address)
        return connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        if self.family in {socket.AF_INET, socket.AF_INET6} and not _is_here(address[0]):
            refuse(address)
        return connect_ex(self, address)

    def guarded_getaddrinfo(host: Any, *rest: Any, **more: Any) -> Any:
        if not (_is_number(host) or _is_here(host)):
            refuse(host)
        return getaddrinfo(host, *rest, **more)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)
    yield attempts
    assert not attempts, f"the test reached out to {attempts}"


def _is_number(host: Any) -> bool:
    """Tell whether *host* is an address in some spelling, so that no lookup leaves the machine."""
    with suppress(ValueError):
        return bool(ip_address(_text(host)))
    with suppress(OSError):
        return bool(socket.inet_aton(_text(host)))
    return False


def _is_here(host: Any) -> bool:
    if host is None or _text(host) in {"", "localhost", socket.gethostname()}:
        return True
    with suppress(ValueError):
        return ip_address(_text(host)).is_loopback
    return False


def _text(host: Any) -> str:
    return host.decode() if isinstance(host, bytes) else str(host)
