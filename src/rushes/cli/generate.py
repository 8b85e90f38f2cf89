"""``rushes generate``: generate one video, on a server or in this process."""

# ruff: noqa: PLR0917  # each parameter of a command is an option

import asyncio
import re
import tempfile
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Final

import httpx2
import typer
from rich.console import Console

from rushes.bootstrap.application import build
from rushes.cli.support.exit_codes import CommandError, ExitCode
from rushes.cli.support.logs import log_to_stderr
from rushes.cli.support.options import Config, Json, KeyOption, ServerUrl, among, settings
from rushes.cli.support.output import complain, print_json, say
from rushes.cli.support.preview import Preview, can_show, look_at, show
from rushes.cli.support.progress import ReportProgress, progress
from rushes.cli.support.run_command import run
from rushes.cli.support.server_client import ServerClient, connect, image_source
from rushes.cli.support.shot_plans import explain_plan, read_plan, show_plan
from rushes.core.geometry import RATIOS, SHORT_SIDES_PX
from rushes.service.catalogue import VIDEO_MODELS
from rushes.settings import Log, Settings

_CANCEL_S: Final = 5.0
"""Seconds for the cancel request after Ctrl-C; a second Ctrl-C does not wait for it."""

Prompt = Annotated[str, typer.Argument(help="Text that describes the video.")]
Image = Annotated[
    str | None, typer.Option("--image", help="The first frame: a file or an http(s) URL.")
]
EndImage = Annotated[
    str | None, typer.Option("--end-image", help="The last frame: a file or an http(s) URL.")
]
Loop = Annotated[bool, typer.Option("--loop", help="Make the end lead into the beginning.")]
Aspect = Annotated[
    str | None,
    typer.Option(
        help="1:1, 4:3, 3:4, 16:9, 9:16, 21:9 or 9:21.", autocompletion=among(*sorted(RATIOS))
    ),
]
Resolution = Annotated[
    str | None,
    typer.Option(
        help="360p, 540p, 720p, 1080p or 4k. [default: 720p]", autocompletion=among(*SHORT_SIDES_PX)
    ),
]
Duration = Annotated[
    str | None,
    typer.Option(help="5s, 9s or 10s. [default: 5s]", autocompletion=among("5s", "9s", "10s")),
]
Seed = Annotated[int | None, typer.Option(help="The same seed gives the same video.")]
ModelOption = Annotated[
    str | None,
    typer.Option("--model", help="See `rushes models`.", autocompletion=among(*VIDEO_MODELS)),
]
Expand = Annotated[
    bool, typer.Option("--expand-prompt", help="Add camera, light and style to the prompt.")
]
NoPicture = Annotated[bool, typer.Option("--no-picture", help="Show no picture in the terminal.")]
PlanFile = Annotated[Path | None, typer.Option("--plan", help="Render the shot plan in this file.")]
Explain = Annotated[bool, typer.Option("--explain", help="Print the shot plan; render nothing.")]
Out = Annotated[Path, typer.Option("--out", "-o", help="Where to write the video.")]


@dataclass(frozen=True, kw_only=True)
class Place:
    """A server's address and key; None for this process."""

    server: str | None
    key: str | None


def generate(
    prompt: Prompt,
    image: Image = None,
    end_image: EndImage = None,
    loop: Loop = False,
    aspect: Aspect = None,
    resolution: Resolution = None,
    duration: Duration = None,
    seed: Seed = None,
    model: ModelOption = None,
    expand_prompt: Expand = False,
    plan: PlanFile = None,
    explain: Explain = False,
    out: Out = Path("out.mp4"),
    server: ServerUrl = None,
    key: KeyOption = None,
    no_picture: NoPicture = False,
    config: Config = None,
    json: Json = False,
) -> None:
    """
    Generate one video and write it to a file, its thumbnail and last frame beside it.

    A terminal shows a small picture of the work, then the thumbnail: with the protocols of kitty
    or iTerm2 or as sixels where it can, else by coloured characters. Ctrl-C cancels the
    generation too, here or on the server.

    --explain --json prints a plan that you can edit and pass to --plan.
    """
    body: dict[str, object] = _without_none(
        prompt=prompt,
        keyframes=_without_none(first=_keyframe(image), last=_keyframe(end_image)) or None,
        loop=loop or None,
        aspect_ratio=aspect,
        resolution=resolution,
        duration_s=None if duration is None else _seconds(duration),
        seed=seed,
        model=model,
        expand_prompt=expand_prompt or None,
    )
    chosen = settings(None, config)
    log_to_stderr(Log(level="error", json=chosen.log.json))
    place = Place(server=server, key=key)
    if explain:
        if plan is not None or image or end_image:
            raise CommandError(
                "--explain takes a prompt only: leave out --plan and images", ExitCode.USAGE
            )
        _print_plan(run(_explain(body, place, chosen)), json=json)
        return
    if plan is not None:
        body["plan"] = read_plan(plan)
    console = Console(stderr=True)
    preview: Preview | None = None
    if not (json or no_picture) and can_show(console):
        draws = (
            server is None and chosen.engine == "animatic" and not chosen.channels and plan is None
        )
        preview = Preview(console, lambda: look_at(body, image, draws=draws))
    files, reply = run(_generate(body, out, place, chosen, shown=not json, preview=preview))
    if json:
        print_json({"files": files, "generation": reply})
    else:
        if preview is not None:
            show(files[1], console)
        for file in files:
            say(f"{file} ({file.stat().st_size / 1e6:.1f} MB)")


async def _explain(body: Mapping[str, object], place: Place, settings: Settings) -> dict[str, Any]:
    async with _connect(place, settings) as http:
        return await explain_plan(http, body)


def _print_plan(explanation: dict[str, Any], *, json: bool) -> None:
    if not json:
        show_plan(explanation)
        return
    print_json(explanation["plan"])
    if explanation["note"]:
        complain(str(explanation["note"]))


def _without_none(**fields: object) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value is not None}


def _keyframe(image: str | None) -> dict[str, object] | None:
    return None if image is None else {"image": image_source(image)}


def _seconds(text: str) -> float:
    """Return the seconds of ``5s`` or ``5``. Raises CommandError for any other text."""
    if not re.fullmatch(r"\d{1,4}(\.\d{1,3})?s?", text):
        raise CommandError(f"--duration must be like 5s, not {text!r}", ExitCode.USAGE)
    return float(text.removesuffix("s"))


async def _generate(
    body: dict[str, object],
    out: Path,
    place: Place,
    settings: Settings,
    *,
    shown: bool,
    preview: Preview | None,
) -> tuple[tuple[Path, ...], dict[str, object]]:
    out.parent.mkdir(parents=True, exist_ok=True)
    picture = preview.at if preview else None
    with progress(out.name, shown=shown, picture=picture) as report:
        report(0.0, "connecting" if place.server else "starting")
        async with _connect(place, settings) as http:
            client = ServerClient(http)
            generation = await _complete(client, body, report)
            report(1.0, "downloading")
            return await client.download(generation, out), generation


async def _complete(
    client: ServerClient, body: dict[str, object], report: ReportProgress
) -> dict[str, object]:
    """Submit a generation and return it when it is completed; cancel it when this is cancelled."""
    submitting = asyncio.ensure_future(client.submit(body))
    try:
        return await client.wait(await asyncio.shield(submitting), report)
    except asyncio.CancelledError:
        await _cancel(client, submitting)
        raise


async def _cancel(client: ServerClient, submitting: asyncio.Future[str]) -> None:
    """Cancel the submitted generation, also if the reply to the submit is not here yet."""
    try:
        async with asyncio.timeout(_CANCEL_S):
            await client.cancel(await submitting)
    except (TimeoutError, httpx2.HTTPError, CommandError) as error:
        complain(f"rushes: the server may still be at work: {str(error) or 'it does not answer'}")


def _must_cost_nothing(settings: Settings) -> None:
    """
    Refuse to spend money in a process that keeps no record of it.

    Raises:
        CommandError: Channels are configured; their jobs would be lost when this process ends.
    """
    paid = [name for name, one in settings.channels.items() if one.kind != "animatic"]
    if paid:
        raise CommandError(
            f"videos of {', '.join(paid)} cost money, and only a server keeps track of paid jobs:"
            " start `rushes serve` and use --server, or name a --config without channels",
            ExitCode.USAGE,
        )


@asynccontextmanager
async def _connect(place: Place, settings: Settings) -> AsyncGenerator[httpx2.AsyncClient]:
    """Connect to a server, or to an application in this process with temporary data."""
    if place.server:
        async with connect(place.server, place.key) as http:
            yield http
        return
    _must_cost_nothing(settings)
    with tempfile.TemporaryDirectory(prefix="rushes-") as folder:
        alone = replace(
            settings,
            data=Path(folder),
            server=replace(settings.server, host="127.0.0.1", auth=False, public_url=None),
            worker=replace(settings.worker, slots=1, stop_grace_s=0.0),
        )
        application = build(alone)
        transport = httpx2.ASGITransport(application.app)
        async with (
            application.running(dispatcher=False),
            httpx2.AsyncClient(transport=transport, base_url="http://rushes.local") as http,
        ):
            yield http
