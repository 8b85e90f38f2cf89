"""The guard of tests/conftest.py itself."""

import socket

import pytest


def test_a_connection_beyond_this_machine_is_refused_and_noted(
    no_outside_network: list[str],
) -> None:
    with socket.socket() as outward, pytest.raises(OSError, match="stay on this machine"):
        outward.connect(("192.0.2.1", 80))
    with pytest.raises(OSError, match="stay on this machine"):
        socket.getaddrinfo("example.com", 80)
    assert no_outside_network == ["('192.0.2.1', 80)", "example.com"]
    no_outside_network.clear()  # or the guard would fail this very test, as it should any other


def test_loopback_stays_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("localhost", port)):
            pass


def test_an_address_written_as_a_number_needs_no_lookup() -> None:
    assert socket.getaddrinfo("8.8.8.8", 80)
    assert socket.getaddrinfo("0x7f.1", 80)
