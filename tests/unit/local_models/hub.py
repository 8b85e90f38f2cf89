"""A hub on loopback: it answers what ``huggingface_hub`` asks for, and fails as it is told."""

import hashlib
import json
import re
import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

COMMIT = "c0ffee" + "0" * 34


@dataclass
class Hub:
    """One repository, what was asked of it, and how it fails."""

    repository: str
    files: dict[str, bytes]
    url: str = ""
    requests: list[str] = field(default_factory=list)
    """Each as ``GET path`` or ``GET path bytes=8-``."""

    refuses: tuple[int, str] | None = None
    """Answer everything with this status and this code of the hub."""

    lies_about: dict[str, bytes] = field(default_factory=dict)
    """Other contents of the same size, by file."""

    cuts: dict[str, int] = field(default_factory=dict)
    """Close the connection after half of what is left, this many times, by file."""

    hangs: threading.Event | None = None
    """Send half of each large file, then wait for this."""

    half_sent: threading.Event = field(default_factory=threading.Event)

    def is_large(self, name: str) -> bool:
        return name.endswith(".safetensors")

    def digest(self, name: str) -> str:
        content = self.files[name]
        if self.is_large(name):
            return hashlib.sha256(content).hexdigest()
        head = f"blob {len(content)}\0".encode()
        return hashlib.sha1(head + content, usedforsecurity=False).hexdigest()

    def info(self) -> dict[str, object]:
        return {
            "_id": "1",
            "id": self.repository,
            "modelId": self.repository,
            "sha": COMMIT,
            "private": False,
            "siblings": [self._sibling(name) for name in self.files],
        }

    def _sibling(self, name: str) -> dict[str, object]:
        size = len(self.files[name])
        told: dict[str, object] = {"rfilename": name, "size": size, "blobId": self.digest(name)}
        if self.is_large(name):
            told["lfs"] = {"sha256": self.digest(name), "size": size, "pointerSize": 134}
        return told

    def downloads(self) -> list[str]:
        """Return the files whose content was asked for."""
        return [one.split("/")[-1] for one in self.requests if one.startswith("GET /cdn/")]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub: Hub

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name there
        """Print nothing."""

    def _answer(self) -> None:
        hub, path = self.hub, self.path.partition("?")[0]
        wanted = self.headers.get("Range")
        hub.requests.append(" ".join(filter(None, (self.command, path, wanted))))
        if hub.refuses is not None:
            status, code = hub.refuses
            self._reply(status, b'{"error": "no"}', {"X-Error-Code": code, "X-Error-Message": "no"})
        elif path == f"/api/models/{hub.repository}":
            self._reply(200, json.dumps(hub.info()).encode(), {"Content-Type": "application/json"})
        elif found := re.fullmatch(rf"/{hub.repository}/resolve/{COMMIT}/(.+)", path):
            self._resolve(found[1])
        elif path.startswith("/cdn/"):
            self._send(path.removeprefix("/cdn/"), wanted)
        else:
            self._reply(404, b"{}", {"X-Error-Code": "EntryNotFound"})

    def _resolve(self, name: str) -> None:
        """Redirect to where the content is, as the hub does for large files."""
        hub = self.hub
        headers = {
            "X-Repo-Commit": COMMIT,
            "X-Linked-Etag": f'"{hub.digest(name)}"',
            "X-Linked-Size": str(len(hub.files[name])),
            "Location": f"{hub.url}/cdn/{name}".replace("127.0.0.1", "localhost"),
        }
        self._reply(302, b"", headers)

    def _send(self, name: str, wanted: str | None) -> None:
        hub = self.hub
        content = hub.lies_about.get(name, hub.files[name])
        begin = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
        rest = content[begin:]
        headers = {"ETag": f'"{hub.digest(name)}"', "Accept-Ranges": "bytes"}
        if wanted:
            headers["Content-Range"] = f"bytes {begin}-{len(content) - 1}/{len(content)}"
        cut = hub.cuts.get(name, 0) > 0
        hangs = hub.hangs is not None and hub.is_large(name)
        self._head(206 if wanted else 200, len(rest), headers)
        if self.command == "HEAD":
            return
        half = rest[: len(rest) // 2]
        if cut or hangs:
            self.wfile.write(half)
            self.wfile.flush()
            hub.half_sent.set()
            if (hangs_until := hub.hangs) is not None and hangs:
                hangs_until.wait(30)
            hub.cuts[name] = hub.cuts.get(name, 0) - 1
            self.close_connection = True
            return
        self.wfile.write(rest)

    def _reply(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self._head(status, len(body), headers)
        if self.command != "HEAD":
            self.wfile.write(body)

    def _head(self, status: int, size: int, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(size))
        self.end_headers()


@contextmanager
def serving_hub(hub: Hub) -> Generator[Hub]:
    """Serve a hub on loopback while the block runs."""
    handler = type("Handler", (_Handler,), {"hub": hub})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    hub.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield hub
    finally:
        if hub.hangs is not None:
            hub.hangs.set()
        server.shutdown()
        thread.join()
        server.server_close()
