"""Keep torch on one thread and every library off the network; in CI, let no test be skipped."""

import os
import socket
from collections.abc import Generator
from typing import Any

import pytest

os.environ["HF_HUB_OFFLINE"] = "1"
IN_CI = os.environ.get("CI") == "true"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure in CI, where everything that a test needs must be there."""
    report = yield
    if report.skipped and IN_CI:
        report.outcome = "failed"
        report.longrepr = f"nothing may be skipped in CI: {report.longreprtext}"
    return report


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection: no test of local models needs one."""

    def refuse(self: socket.socket, address: Any) -> None:
        raise OSError(f"tests stay on this machine: {address}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
