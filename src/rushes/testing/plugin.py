"""
Provide a server for the whole test session: the pytest plugin.

It is loaded in every pytest run where rushes is installed. It imports nothing else of rushes, and
a run that uses none of its fixtures starts no server. With pytest-xdist each worker has a server of
its own.
"""

from collections.abc import Generator

import pytest

from rushes.testing import Server, serve


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option ``--rushes-engine``."""
    parser.getgroup("rushes").addoption(
        "--rushes-engine",
        default="slate",
        choices=("slate", "animatic"),
        help="The engine of the fixture rushes_server. [default: slate]",
    )


@pytest.fixture(scope="session")
def rushes_server(pytestconfig: pytest.Config) -> Generator[Server]:
    """Run a server for the session: ``.url``, ``.key``, and ``.env`` for the SDKs."""
    with serve(engine=str(pytestconfig.getoption("--rushes-engine"))) as server:
        yield server


@pytest.fixture
def rushes_env(rushes_server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """Let SDKs find the server through the environment variables that they read."""
    for name, value in rushes_server.env.items():
        monkeypatch.setenv(name, value)
    return rushes_server
