"""
Durable submits and gets a second through the relay dialect, as a share of two floors.

The floors are taken in the same run: a bare ASGI app over the same store (no auth, no
idempotency, no dialect, a fixed reply) and the store without any HTTP. Rounds alternate between
them, so that what else the machine does falls on all alike; medians are printed.

    .venv/bin/python bench/api.py            # about a minute
    .venv/bin/python bench/api.py --quick    # a few seconds
"""

import argparse
import asyncio
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
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
BODY = json.dumps(
    {
        "user_prompt": "A gust of wind blew through the forest, causing the woman's veil to"
        " flutter slightly.",
        "model_name": "ray-v2",
        "duration": "5s",
        "resolution": "720p",
    }
).encode()


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
        from rushes.bootstrap import build  # noqa: PLC0415  # the bare server must not pay for it

        app = build(load(overrides={"data": data, "worker.enabled": False})).app
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=port,
        loop="uvloop",
        http="httptools",
        log_level="warning",
        access_log=False,
        lifespan="off" if kind == "bare" else "on",
    )


def start(kind: str, data: Path, port: int) -> subprocess.Popen[bytes]:
    data.mkdir(parents=True, exist_ok=True)
    child = subprocess.Popen(
        [sys.executable, __file__, "--serve", kind, "--data", str(data), "--port", str(port)]
    )
    for _ in range(200):
        time.sleep(0.1)
        try:
            httpx.get(f"http://127.0.0.1:{port}/health/live")
        except httpx.TransportError:
            continue
        return child
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


def measure(port: int, path: str, key: str | None, seconds: float) -> dict[str, http_load.Load]:
    counter = itertools.count()
    run_id = uuid.uuid4().hex

    def submit() -> bytes:
        once = f"Idempotency-Key: {run_id}-{next(counter)}\r\n" if key else ""
        return http_load.request("POST", path, key=key, headers=once, body=BODY)

    reply = httpx.post(
        f"http://127.0.0.1:{port}{path}",
        content=BODY,
        headers={"Authorization": f"Bearer {key}"} if key else {},
    )
    made = reply.json()["id"] if key else reply.text[:36]
    get = http_load.request("GET", f"{path}/{made}", key=key)
    return {
        "submit": http_load.run(port, submit, connections=CONNECTIONS, seconds=seconds),
        "get": http_load.run(port, lambda: get, connections=CONNECTIONS, seconds=seconds),
    }


def bench(rounds: int, seconds: float) -> dict[str, object]:
    folder = Path(tempfile.mkdtemp(prefix="rushes-bench-"))
    full = folder / "full"
    children = [start("bare", folder / "bare", 8731), start("full", full, 8732)]
    try:
        idle_mb = psutil.Process(children[1].pid).memory_info().rss / 1e6
        out = subprocess.run(
            [
                sys.executable,
                "-m",
                "rushes",
                "keys",
                "create",
                "bench",
                "--data",
                str(full),
                "--json",
            ],
            check=True,
            capture_output=True,
        )
        key = json.loads(out.stdout)["key"]
        found: dict[str, dict[str, list[http_load.Load]]] = {
            kind: {"submit": [], "get": []} for kind in ("bare", "full")
        }
        for _ in range(rounds):
            for kind, port, path, secret in (
                ("bare", 8731, "/x", None),
                ("full", 8732, "/luma/generations", key),
            ):
                for what, one in measure(port, path, secret, seconds).items():
                    found[kind][what].append(one)
        loaded_mb = psutil.Process(children[1].pid).memory_info().rss / 1e6
    finally:
        for child in children:
            child.terminate()
            child.wait(20)
    floor = store_floor(folder / "store", seconds)
    result: dict[str, object] = {
        "idle_mb": idle_mb,
        "loaded_mb": loaded_mb,
        "cores": os.cpu_count(),
    }
    for what in ("submit", "get"):
        rate = {k: statistics.median(one.per_s for one in v[what]) for k, v in found.items()}
        result[what] = {
            "per_s": round(rate["full"]),
            "bare_app_per_s": round(rate["bare"]),
            "bare_store_per_s": round(floor[what]),
            "of_bare_app": round(rate["full"] / rate["bare"], 3),
            "of_bare_store": round(rate["full"] / floor[what], 3),
            "p50_ms": round(found["full"][what][-1].percentile_ms(0.5), 2),
            "p99_ms": round(found["full"][what][-1].percentile_ms(0.99), 2),
            "errors": sum(one.errors for one in found["full"][what]),
        }
    return result


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
