"""A TCP proxy to a PostgreSQL server that cuts and slows connections."""

import socket
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Self


class CuttingProxy:
    """
    Listens on a port of loopback and passes everything on to a Unix socket.

    Args:
        target: The socket of the server.
    """

    def __init__(self, target: Path) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()
        self._mark: tuple[bytes, bool] | None = None
        self._threads: list[threading.Thread] = []
        self._sockets: list[socket.socket] = []
        self.cuts = 0
        self.delay_s = 0.0
        """How long each message is held back, in both directions."""

    @property
    def port(self) -> int:
        port: int = self._listener.getsockname()[1]
        return port

    def cut_next(self, mark: bytes, *, is_sent: bool) -> None:
        """
        Cut the next connection over which a client sends *mark*.

        Args:
            is_sent: Whether the server still gets it; its answer is lost either way.
        """
        with self._lock:
            self._mark = (mark, is_sent)

    def cut_all(self) -> None:
        """Cut every connection that is open now."""
        for one in list(self._sockets):
            _close(one)

    def __enter__(self) -> Self:
        self._spawn(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for one in self._sockets:
            _close(one)
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        with suppress(OSError):  # the end of the listener
            while True:
                client, _ = self._listener.accept()
                server = socket.socket(socket.AF_UNIX)
                try:
                    server.connect(str(self._target))
                except OSError:  # the server is down
                    _close(client)
                    _close(server)
                    continue
                self._sockets += [client, server]
                self._spawn(lambda c=client, s=server: self._requests(c, s))  # type: ignore[misc]  # bound now
                self._spawn(lambda c=client, s=server: self._answers(c, s))  # type: ignore[misc]  # likewise

    def _requests(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while sent := client.recv(1 << 16):
                time.sleep(self.delay_s)
                mark = self._taken(sent)
                if mark is None:
                    server.sendall(sent)
                    continue
                _close(client)
                if mark:
                    server.sendall(sent)
                    while server.recv(1 << 16):  # until the server has done it and noticed the end
                        server.shutdown(socket.SHUT_WR)
                break
        _close(client)
        _close(server)

    def _taken(self, sent: bytes) -> bool | None:
        with self._lock:
            if self._mark is None or self._mark[0] not in sent:
                return None
            (_, is_sent), self._mark = self._mark, None
            self.cuts += 1
            return is_sent

    def _answers(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while answered := server.recv(1 << 16):
                time.sleep(self.delay_s)
                client.sendall(answered)
        _close(client)

    def _spawn(self, run: object) -> None:
        thread = threading.Thread(target=run, daemon=True)  # type: ignore[arg-type]  # a function
        self._threads.append(thread)
        thread.start()


def _close(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
