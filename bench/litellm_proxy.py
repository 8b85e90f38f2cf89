"""
Measure `/v1/videos` of this server beside the same path of LiteLLM's proxy, one process each.

    python -m bench.litellm_proxy --litellm VENV/bin/litellm [--seconds 6] [--rounds 3]

LiteLLM (`pip install "litellm[proxy]"` in an environment of its own) keeps nothing: it asks a mock
upstream that answers at once, in a process of its own. This server writes each submit to disk, and
has no worker. Both want a key. The load is `wrk` (Debian and Ubuntu have a package), the two take
turns, and medians are printed, with the CPU time of the proxy's or the server's process alone.
"""

import argparse
import itertools
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx2
import psutil
import uvicorn
from bench.cluster import cpu_s

CONNECTIONS: Final = (8, 32)
KEY: Final = "sk-bench"
MODEL: Final = "sora-2"
BODY: Final = json.dumps(
    {"model": MODEL, "prompt": "a lighthouse at dusk, waves", "seconds": "4", "size": "1280x720"}
)
JOB: Final = json.dumps(
    {
        "id": "video_1",
        "object": "video",
        "created_at": 1764000000,
        "status": "queued",
        "model": MODEL,
        "progress": 0,
        "seconds": "4",
        "size": "1280x720",
    }
).encode()

SCRIPT: Final = """
wrk.method = "%(method)s"
wrk.headers["Authorization"] = "Bearer %(key)s"
wrk.headers["Content-Type"] = "application/json"
wrk.body = %(body)s
done = function(summary, latency, requests)
  local failed = summary.errors.connect + summary.errors.read + summary.errors.write
  failed = failed + summary.errors.status + summary.errors.timeout
  io.write(string.format('\\n{"requests": %%d, "us": %%d, "failed": %%d, "p99_us": %%d}\\n',
    summary.requests, summary.duration, failed, latency:percentile(99)))
end
"""


@dataclass(frozen=True, kw_only=True)
class Server:
    """A server that is loaded."""

    url: str
    key: str
    process: psutil.Process


@dataclass(frozen=True, kw_only=True)
class Found:
    """One load."""

    per_s: float
    cpu_us: float
    p99_ms: float
    failed: int


async def upstream(scope: Mapping[str, Any], receive: Any, send: Any) -> None:
    """Answer each request with the same job, as an ASGI app."""
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body"):
        pass
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(JOB))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": JOB})


@contextmanager
def started(command: Sequence[str], **variables: str) -> Generator[subprocess.Popen[str]]:
    kept = {name: text for name, text in os.environ.items() if not name.startswith("RUSHES_")}
    process = subprocess.Popen(
        command,
        env={**kept, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=30)


@contextmanager
def this_server(data: Path) -> Generator[Server]:
    command = (sys.executable, "-m", "rushes", "serve", "--no-worker", "--json", "--port", "0")
    limits = {"RUSHES_LIMITS__REQUESTS_PER_MINUTE": "0"}
    with started((*command, "--data", str(data)), **limits) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        yield Server(url=ready["url"], key=ready["key"], process=psutil.Process(process.pid))


@contextmanager
def litellm(program: Path, folder: Path, port: int) -> Generator[Server]:
    deployment = {
        "model": f"openai/{MODEL}",
        "api_base": f"http://127.0.0.1:{port + 1}/v1",
        "api_key": "of the upstream",
    }
    config = folder / "litellm.json"  # JSON is YAML
    config.write_text(
        json.dumps(
            {
                "model_list": [{"model_name": MODEL, "litellm_params": deployment}],
                "general_settings": {"master_key": KEY},
            }
        )
    )
    asked = ("--config", str(config), "--host", "127.0.0.1", "--port", str(port))
    mock = (sys.executable, "-m", "bench.litellm_proxy", "--upstream", str(port + 1))
    with (
        started(mock),
        started((str(program), *asked, "--num_workers", "1"), LITELLM_LOG="ERROR") as process,
    ):
        url = f"http://127.0.0.1:{port}"
        wait_for(f"{url}/health/liveliness")
        yield Server(url=url, key=KEY, process=psutil.Process(process.pid))


def wait_for(url: str, seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if httpx2.get(url).is_success:
                return
        except httpx2.TransportError:
            time.sleep(0.5)
    raise SystemExit(f"{url} did not answer within {seconds:g} s")


def submitted(server: Server) -> str:
    """Submit one generation; return its id."""
    headers = {"Authorization": f"Bearer {server.key}", "Content-Type": "application/json"}
    reply = httpx2.post(f"{server.url}/v1/videos", content=BODY, headers=headers)
    if not reply.is_success:
        raise SystemExit(f"{server.url} answered {reply.status_code}: {reply.text}")
    return str(reply.json()["id"])


def wrk() -> str:
    found = shutil.which("wrk")
    if found is None:
        raise SystemExit("wrk is needed: apt-get install wrk")
    return found


def loaded(
    server: Server, folder: Path, *, video: str | None, connections: int, seconds: float
) -> Found:
    """Load a server with gets of *video*, or with submits if it is None."""
    script = folder / "load.lua"
    body = "nil" if video else json.dumps(BODY)
    method = "GET" if video else "POST"
    script.write_text(SCRIPT % {"method": method, "key": server.key, "body": body})
    url = f"{server.url}/v1/videos" + (f"/{video}" if video else "")
    counts = ("-t", "1", "-c", str(connections), "-d", f"{seconds:g}s", "--timeout", "30s")
    before_s = cpu_s(server.process)
    out = subprocess.run(
        (wrk(), *counts, "-s", str(script), url), check=True, capture_output=True, text=True
    ).stdout
    used_s = cpu_s(server.process) - before_s
    summary = json.loads(out.strip().splitlines()[-1])
    return Found(
        per_s=summary["requests"] / (summary["us"] / 1e6),
        cpu_us=used_s / max(summary["requests"], 1) * 1e6,
        p99_ms=summary["p99_us"] / 1000,
        failed=summary["failed"],
    )


def median_row(name: str, ours: Sequence[Found], theirs: Sequence[Found]) -> str:
    def middle(many: Sequence[Found], field: str) -> float:
        return statistics.median(getattr(one, field) for one in many)

    rates = middle(ours, "per_s"), middle(theirs, "per_s")
    costs = middle(ours, "cpu_us"), middle(theirs, "cpu_us")
    p99s = middle(ours, "p99_ms"), middle(theirs, "p99_ms")
    failed = sum(one.failed for one in (*ours, *theirs))
    return (
        f"| {name} | {rates[0]:,.0f} | {rates[1]:,.0f} | {rates[0] / rates[1]:.1f}"
        f" | {costs[0]:,.0f} | {costs[1]:,.0f} | {costs[1] / costs[0]:.1f}"
        f" | {p99s[0]:,.1f} | {p99s[1]:,.1f} | {failed} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--litellm", type=Path, help="the program of LiteLLM's proxy")
    parser.add_argument("--seconds", type=float, default=6.0, help="for each load")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--port", type=int, default=8741, help="of LiteLLM; its upstream's is +1")
    parser.add_argument("--upstream", type=int, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.upstream:
        uvicorn.run(upstream, host="127.0.0.1", port=chosen.upstream, log_level="error")
        return
    if not chosen.litellm:
        parser.error("--litellm is needed: the path of LiteLLM's program")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        both = (
            stack.enter_context(this_server(folder / "data")),
            stack.enter_context(litellm(chosen.litellm, folder, chosen.port)),
        )
        videos = [submitted(server) for server in both]
        print("| | a second, ours | LiteLLM | ratio | CPU us, ours | LiteLLM | ratio", end="")
        print(" | p99 ms, ours | LiteLLM | failed |\n|---|" + "---:|" * 9)
        for work, connections in itertools.product(("submit", "get"), CONNECTIONS):
            found: tuple[list[Found], list[Found]] = ([], [])
            for _ in range(chosen.rounds):
                for server, video, results in zip(both, videos, found, strict=True):
                    results.append(
                        loaded(
                            server,
                            folder,
                            video=video if work == "get" else None,
                            connections=connections,
                            seconds=chosen.seconds,
                        )
                    )
            print(median_row(f"{work}, {connections} connections", *found), flush=True)


if __name__ == "__main__":
    main()
