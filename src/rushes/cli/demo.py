"""``rushes demo``: start a real server on a free port and generate two videos over HTTP."""

import asyncio
import json as text
import signal
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from rushes.cli.support.exit_codes import CommandError, ExitCode
from rushes.cli.support.options import Json
from rushes.cli.support.output import print_json, say
from rushes.cli.support.run_command import run

if TYPE_CHECKING:
    import httpx2

    from rushes.media.probe import VideoFacts

FOREST: Final[dict[str, object]] = {
    "user_prompt": "A gust of wind blew through the forest, causing the woman's veil to flutter"
    " slightly.",
    "model_name": "ray-v2",
    "duration": "5s",
    "resolution": "720p",
}
"""The example in the documentation of the relay API; the demo posts it there unchanged."""

TRANSITION: Final[dict[str, object]] = {
    "user_prompt": "The evening over the lake turns into a night with a moon",
    "model_name": "ray-v2",
    "duration": "5s",
    "resolution": "720p",
}

_START_S: Final = 60.0
_STOP_S: Final = 20.0

Out = Annotated[Path, typer.Option("--out", "-o", help="Folder for the files.")]


def demo(out: Out = Path("demo"), json: Json = False) -> None:
    """Start a server, generate two videos over HTTP, and describe them."""
    out.mkdir(parents=True, exist_ok=True)
    made = run(_demo(out, shown=not json))
    if json:
        print_json(made)


async def _demo(out: Path, *, shown: bool) -> list[dict[str, object]]:
    import httpx2

    tell = say if shown else _say_nothing
    with tempfile.TemporaryDirectory(prefix="rushes-demo-") as data:
        async with _server(Path(data)) as (url, key):
            tell(f"a server is up at {url}")
            headers = {"Authorization": f"Bearer {key}"}
            async with httpx2.AsyncClient(base_url=url, headers=headers, timeout=60.0) as http:
                made = [
                    await _make(http, FOREST, out / "forest.mp4", tell),
                    await _make(http, _with_samples(), out / "transition.mp4", tell),
                ]
    tell("done; the server is stopped and its data are deleted")
    return made


def _say_nothing(_text: str) -> None:
    """Ignore a line for people: with --json only JSON is printed."""


def _with_samples() -> dict[str, object]:
    from rushes.cli.support.server_client import image_source

    samples = files("rushes") / "samples"
    with as_file(samples / "first.jpg") as first, as_file(samples / "last.jpg") as last:
        return {
            **TRANSITION,
            "image_url": image_source(str(first)),
            "image_end_url": image_source(str(last)),
        }


async def _make(
    http: "httpx2.AsyncClient", body: dict[str, object], video: Path, tell: Callable[[str], None]
) -> dict[str, object]:
    """Submit a request as a client of the relay API does; every API knows the generation."""
    from rushes.cli.support.progress import progress
    from rushes.cli.support.server_client import ServerClient, json_of
    from rushes.media.probe import probe

    client = ServerClient(http)
    generation_id = str(json_of(await http.post("/luma/generations", json=body))["id"])
    with progress(video.stem) as report:
        generation = await client.wait(generation_id, report)
    written = await client.download(generation, video)
    facts = await asyncio.to_thread(probe, written[0])
    for line in _described(written, facts):
        tell(line)
    return {"files": written, "facts": facts}


def _described(written: tuple[Path, ...], facts: "VideoFacts") -> list[str]:
    """Describe the video as a probe found it, and give the sizes of the images."""
    video, *pictures = written
    found = (
        f"{video}: {facts.width_px}x{facts.height_px}, {facts.frames} frames,"
        f" {facts.duration_s:.2f} s at {facts.fps:g} fps, {facts.codec} {facts.pixel_format},"
        f" {video.stat().st_size / 1e6:.1f} MB"
    )
    return [found, *(f"{file}: {file.stat().st_size / 1e3:.0f} kB" for file in pictures)]


@asynccontextmanager
async def _server(data: Path) -> AsyncGenerator[tuple[str, str]]:
    """Run ``rushes serve`` as a child; yield its address and its first key."""
    quiet = data / "demo.toml"
    quiet.write_text('[log]\nlevel = "warning"\n', encoding="utf-8")
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "rushes", "serve", "--json"),
        *("--host", "127.0.0.1", "--port", "0", "--data", str(data), "--config", str(quiet)),
        stdout=PIPE,
        start_new_session=True,  # Ctrl-C reaches this process only, which then stops the child
    )
    try:
        ready = await _ready(child)
        yield ready["url"], ready["key"]
    finally:
        # In a task of its own: asyncio.timeout of Python 3.11.2 fails in a cancelled one.
        await asyncio.create_task(_stop(child))


async def _ready(child: Process) -> dict[str, str]:
    try:
        async with asyncio.timeout(_START_S):
            line = await child.stdout.readline() if child.stdout else b""
    except TimeoutError:
        raise CommandError(f"the server was not ready in {_START_S:g} s", ExitCode.FAILED) from None
    if not line:
        raise CommandError(
            "the server ended before it was ready; its log is above", ExitCode.FAILED
        )
    return dict(text.loads(line))


async def _stop(child: Process) -> None:
    if child.returncode is None:
        child.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(_STOP_S):
                await child.wait()
        except TimeoutError:
            child.kill()
            await child.wait()
