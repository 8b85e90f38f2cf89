"""
Durable submits and gets a second through the relay dialect, as a share of two floors.

The floors are taken in the same run: a bare ASGI app over the same store (no auth, no
idempotency, no dialect, a fixed reply) and the store without any HTTP. Rounds alternate between
them, so that what else the machine does falls on all alike; medians are printed. Beside the rates
stands what a request costs the server's process in CPU time, of all its threads: on a machine that
others use too, that is the steadier figure.

    .venv/bin/python bench/api.py            # about a minute
    .venv/bin/python bench/api.py --quick    # a few seconds
"""

import argparse
import asyncio
import itertools
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import load as http_load
import psutil
import uvicorn
import uvloop

from rushes.core import lifecycle
from rushes.core.generation import AccountId, Generation, GenerationId
from rushes.core.spec import GenerationSpec
from rushes.settings import load
from rushes.store.sqlite import SqliteStore

CONNECTIONS = 64
PORTS = {"bare": 8731, "full": 8732}
PATHS = {"bare": "/x", "full": "/luma/generations"}
BODY = json.dumps(
    {
        "user_prompt": "A gust of wind blew through the forest, causing the woman's veil to"
        " flutter slightly.",
        "model_name": "ray-v2",
        "duration": "5s",
        "resolution": "720p",
    }
).encode()


@dataclass(kw_only=True)
class Found:
    """One load, and what a request of it cost."""

    load: http_load.Load
    cpu_us: float


def generation() -> Generation:
    now = datetime.now(UTC)
    return Generation(
        id=GenerationId(str(uuid.uuid4())),
        account_id=AccountId("bench"),
        spec=GenerationSpec(model="ray-2", prompt=json.loads(BODY)["user_prompt"]),
        dialect="luma_relay",
        origin="http://127.0.0.1",
        created_at=now,
        updated_at=now,
        available_at=now,
    )


def bare_app(store: SqliteStore):
    """The least that an HTTP server can do over this store."""
    answer = b"x" * 400

    async def app(scope, receive, send):
        if scope["type"] != "http":
            return
        if scope["method"] == "POST":
            body = (await receive())["body"]
            asked = json.loads(body)
            new = generation()
            new = replace(new, spec=replace(new.spec, prompt=asked["user_prompt"]))
            await store.write(lifecycle.submit(new))
            reply = new.id.encode() + answer
        else:
            found = await store.get(GenerationId(scope["path"].rsplit("/", 1)[1]))
            reply = found.id.encode() + answer * 2
        size = str(len(reply)).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", size)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": reply})

    return app


def serve(kind: str, data: Path, port: int) -> None:
    """Serve in this process; the parent ends it."""
    if kind == "bare":
        app = bare_app(SqliteStore(data / "rushes.db"))
    else:
        from rushes.bootstrap.application import build  # noqa: PLC0415  # the bare server must not pay for it

        app = build(load(overrides={"data": data, "worker.enabled": False})).app
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=port,
        loop="uvloop",
        http="httptools",
        log_level="warning",
        access_log=False,
        server_header=False,
        lifespan="off" if kind == "bare" else "on",
    )


def start(kind: str, data: Path, port: int) -> subprocess.Popen[bytes]:
    data.mkdir(parents=True, exist_ok=True)
    child = subprocess.Popen(
        [sys.executable, __file__, "--serve", kind, "--data", str(data), "--port", str(port)]
    )
    for _ in range(200):
        time.sleep(0.1)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return child
        if child.poll() is not None:
            break
    child.kill()
    raise SystemExit(f"the {kind} server did not start")


def store_floor(data: Path, seconds: float) -> dict[str, float]:
    async def main() -> dict[str, float]:
        await asyncio.to_thread(data.mkdir, parents=True)
        store = SqliteStore(data / "rushes.db")
        ids: list[GenerationId] = []

        async def submit(until: float) -> None:
            while time.perf_counter() < until:
                ids.append((await store.write(lifecycle.submit(generation()))).id)

        begun = time.perf_counter()
        await asyncio.gather(*(submit(begun + seconds) for _ in range(CONNECTIONS)))
        submits = len(ids) / (time.perf_counter() - begun)
        begun, gets = time.perf_counter(), 0
        while time.perf_counter() < begun + seconds:
            await store.get(ids[gets % len(ids)])
            gets += 1
        result = {"submit": submits, "get": gets / (time.perf_counter() - begun)}
        await store.close()
        return result

    return uvloop.run(main())


def measure(server: psutil.Process, kind: str, key: str | None, seconds: float) -> dict[str, Found]:
    port, path = PORTS[kind], PATHS[kind]
    counter = itertools.count()
    run_id = uuid.uuid4().hex

    def submit() -> bytes:
        once = f"Idempotency-Key: {run_id}-{next(counter)}\r\n" if key else ""
        return http_load.request("POST", path, key=key, headers=once, body=BODY)

    def made() -> str:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        reply = httpx2.post(f"http://127.0.0.1:{port}{path}", content=BODY, headers=headers)
        return reply.json()["id"] if key else reply.text[:36]

    # A poll each of as many generations as there are connections.
    polls = [http_load.request("GET", f"{path}/{made()}", key=key) for _ in range(CONNECTIONS)]
    poll = itertools.cycle(polls)
    return {
        "submit": loaded(server, port, submit, seconds),
        "get": loaded(server, port, lambda: next(poll), seconds),
    }


def loaded(server: psutil.Process, port: int, make: Callable[[], bytes], seconds: float) -> Found:
    before = server.cpu_times()
    load = http_load.run(port, make, connections=CONNECTIONS, seconds=seconds)
    after = server.cpu_times()
    used_s = after.user + after.system - before.user - before.system
    return Found(load=load, cpu_us=used_s / load.requests * 1e6)


def new_key(data: Path) -> str:
    command = [sys.executable, "-m", "rushes", "keys", "create", "bench"]
    out = subprocess.run([*command, "--data", str(data), "--json"], check=True, capture_output=True)
    return json.loads(out.stdout)["key"]


def bench(rounds: int, seconds: float) -> dict[str, object]:
    folder = Path(tempfile.mkdtemp(prefix="rushes-bench-"))
    children: dict[str, subprocess.Popen[bytes]] = {}
    found: dict[str, dict[str, list[Found]]] = {k: {"submit": [], "get": []} for k in PORTS}
    try:
        for kind, port in PORTS.items():
            children[kind] = start(kind, folder / kind, port)
        servers = {kind: psutil.Process(child.pid) for kind, child in children.items()}
        idle_mb = servers["full"].memory_info().rss / 1e6
        keys = {"bare": None, "full": new_key(folder / "full")}
        for _ in range(rounds):
            for kind, key in keys.items():
                for what, one in measure(servers[kind], kind, key, seconds).items():
                    found[kind][what].append(one)
        loaded_mb = servers["full"].memory_info().rss / 1e6
    finally:
        for child in children.values():
            child.terminate()
            child.wait(20)
    floor = store_floor(folder / "store", seconds)
    return {
        "cores": os.cpu_count(),
        "idle_mb": round(idle_mb, 1),
        "loaded_mb": round(loaded_mb, 1),
        **{
            what: compared(found["full"][what], found["bare"][what], floor[what])
            for what in ("submit", "get")
        },
    }


def compared(full: list[Found], bare: list[Found], store_per_s: float) -> dict[str, float]:
    per_s, bare_per_s = (statistics.median(f.load.per_s for f in many) for many in (full, bare))
    cpu_us, bare_cpu_us = (statistics.median(f.cpu_us for f in many) for many in (full, bare))
    return {
        "per_s": round(per_s),
        "bare_app_per_s": round(bare_per_s),
        "bare_store_per_s": round(store_per_s),
        "of_bare_app": round(per_s / bare_per_s, 3),
        "of_bare_store": round(per_s / store_per_s, 3),
        "cpu_us": round(cpu_us, 1),
        "bare_app_cpu_us": round(bare_cpu_us, 1),
        "of_bare_app_by_cpu": round(bare_cpu_us / cpu_us, 3),
        "p50_ms": round(statistics.median(f.load.percentile_ms(0.5) for f in full), 2),
        "p99_ms": round(statistics.median(f.load.percentile_ms(0.99) for f in full), 2),
        "errors": sum(f.load.errors for f in full),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--serve", choices=["bare", "full"])
    parser.add_argument("--data", type=Path)
    parser.add_argument("--port", type=int)
    given = parser.parse_args()
    if given.serve:
        serve(given.serve, given.data, given.port)
        return
    print(json.dumps(bench(*((1, 1.0) if given.quick else (3, 4.0))), indent=2))


if __name__ == "__main__":
    main()
