"""
Count the instructions that a submit and a get cost, as a ratio to a fixed piece of Python.

A clock also measures what else the machine does; a count of instructions does not. Valgrind's
callgrind counts what the application executes for requests of the relay dialect, one after the
other, in one process, on SQLite and without a network. Start-up is not counted, and what switches
the counting on is subtracted: N and 3 N requests are counted. Builds of Python differ by a tenth,
so that what is kept is the ratio to :func:`reference_work`, counted in the same run: on Python
3.11.2, 3.11.7, 3.12.1 and 3.13.0 it was within 4 % of its mean, and two counts differed by 2 %.

    .venv/bin/python bench/instructions.py          # 20 s of CPU time; needs valgrind
    .venv/bin/python bench/instructions.py --renew  # writes bench/results/instructions.json, too
"""

import argparse
import asyncio
import gc
import hashlib
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

BASELINE = Path(__file__).parent / "results" / "instructions.json"
"""What :func:`count` returned, and on which Python."""

REQUESTS = {"submit": 40, "get": 100, "reference": 10}
"""N, by what is counted."""

WARM_UP = 30
DEADLINE_S = 900.0

BODY = json.dumps(
    {
        "user_prompt": "A gust of wind blew through the forest, causing the woman's veil to"
        " flutter slightly.",
        "model_name": "ray-v2",
        "duration": "5s",
        "resolution": "720p",
    }
).encode()

Headers = list[tuple[bytes, bytes]]
Work = Callable[[], Awaitable[object]]


def count(folder: Path) -> dict[str, float]:
    """
    Return the instructions of a submit and of a get, each in units of the reference work.

    Args:
        folder: An empty folder for what is counted and its output.

    Raises:
        subprocess.CalledProcessError: The counted process failed.
    """
    output = folder / "callgrind"
    command = [
        *("valgrind", "--tool=callgrind", "--instr-atstart=no", f"--callgrind-out-file={output}"),
        *(f"--vgdb-prefix={folder / 'vgdb'}", "--vgdb-poll=200"),
        *(sys.executable, __file__, "--counted", str(folder)),
    ]
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONHASHSEED": "0"}
    subprocess.run(
        command, check=True, cwd=folder, env=environment, capture_output=True, timeout=DEADLINE_S
    )
    each: dict[str, float] = {}
    for number, (what, requests) in enumerate(REQUESTS.items()):
        few, many = (_total(Path(f"{output}.{2 * number + one}")) for one in (1, 2))
        each[what] = (many - few) / (2 * requests)
    reference = each.pop("reference")
    return {what: round(one / reference, 4) for what, one in each.items()}


def _total(dump: Path) -> int:
    found = re.search(r"^totals: (\d+)$", dump.read_text(), re.MULTILINE)
    assert found is not None, dump
    return int(found[1])


def _valgrind(folder: Path, *command: str) -> None:
    """Send a command to the valgrind that runs this process."""
    sent = subprocess.Popen(
        [
            *("vgdb", f"--pid={os.getpid()}", f"--vgdb-prefix={folder / 'vgdb'}"),
            *("--max-invoke-ms=0", *command),
        ],
        stdout=subprocess.DEVNULL,
    )
    while sent.poll() is None:  # valgrind reads the command only while this process runs
        time.sleep(0.001)
    if sent.returncode:
        raise SystemExit(f"vgdb {command}: status {sent.returncode}")


async def counted(folder: Path) -> None:
    """Count in this process, which runs under valgrind: one dump for each N and 3 N."""
    from rushes.bootstrap.application import build  # noqa: PLC0415  # the parent needs none of it
    from rushes.settings import load  # noqa: PLC0415

    application = build(load(overrides={"data": folder / "data", "worker.enabled": False}))
    _, secret = await application.accounts.create_key("bench")
    works = requests_to(application.app, secret) | {"reference": reference_work}
    for work in works.values():
        for _ in range(WARM_UP):
            await work()
    gc.collect()
    gc.disable()  # at a moment of its own, it would fall on some of the requests only
    sys.setswitchinterval(1000)  # else the threads change places by the clock
    _valgrind(folder, "instrumentation", "on")
    for what, requests in REQUESTS.items():
        for repetitions in (requests, 3 * requests):
            _valgrind(folder, "zero")
            for _ in range(repetitions):
                await works[what]()
            _valgrind(folder, "dump", what)
    await application.close()


def requests_to(app: Any, key: str) -> dict[str, Work]:
    """Return what submits a generation, and what gets the last one."""
    headers: Headers = [
        (b"host", b"127.0.0.1:8000"),
        (b"authorization", f"Bearer {key}".encode()),
        (b"content-type", b"application/json"),
        (b"content-length", str(len(BODY)).encode()),
    ]
    ids: list[str] = []

    async def submit() -> None:
        once = (b"idempotency-key", f"bench-{len(ids):06}".encode())
        reply = await request(app, "POST", "/luma/generations", [*headers, once], BODY)
        ids.append(json.loads(reply)["id"])

    async def get() -> None:
        await request(app, "GET", f"/luma/generations/{ids[-1]}", headers[:2], b"")

    return {"submit": submit, "get": get}


async def request(
    app: Any, method: str, path: str, headers: Headers, body: bytes = b"", *, query: bytes = b""
) -> bytes:
    """Make a request of *app* without a network, and return the body of its reply."""
    sent: list[dict[str, Any]] = []
    received = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive() -> dict[str, Any]:
        for message in received:
            return message
        return await asyncio.get_running_loop().create_future()

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query,
        "root_path": "",
        "headers": headers,
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 8000),
        "state": {},
    }
    await app(scope, receive, send)
    assert 200 <= sent[0]["status"] < 300, sent
    return b"".join(message.get("body", b"") for message in sent[1:])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    id: str
    prompt: str
    model: str
    made_at: datetime
    headers: dict[str, str]


async def reference_work() -> None:
    """Do ten times what any handler does: read headers and JSON, make a value, write JSON."""
    for _ in range(10):
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in ((b"Host", b"x"), (b"Content-Type", b"y"), (b"Accept", b"z"))
        }
        requested = json.loads(BODY)
        for name in sorted(requested):
            if not isinstance(requested[name], str) or len(requested[name]) > 5000:
                raise ValueError(name)
        row = _Row(
            id=str(uuid.uuid4()),
            prompt=requested["user_prompt"].strip(),
            model=requested["model_name"],
            made_at=datetime.now(UTC),
            headers=headers,
        )
        row = replace(row, model=row.model.upper())
        shown = {one.name: getattr(row, one.name) for one in fields(row)}
        shown["made_at"] = row.made_at.isoformat()
        hashlib.sha256(json.dumps(shown).encode()).hexdigest()
        await asyncio.sleep(0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--renew", action="store_true", help="write the baseline")
    parser.add_argument("--counted", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.counted:
        import uvloop  # noqa: PLC0415  # as above

        uvloop.run(counted(given.counted))
        return
    with tempfile.TemporaryDirectory(prefix="rushes-bench-") as folder:
        found = count(Path(folder))
    text = json.dumps({"python": platform.python_version(), **found}, indent=2)
    print(text)
    if given.renew:
        BASELINE.write_text(text + "\n")


if __name__ == "__main__":
    main()
