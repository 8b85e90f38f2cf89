"""``rushes generate``: one video from the command line, with a server or with none at all."""

# ruff: noqa: PLR0917  # each parameter of a command is an option

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Coroutine
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
from rushes.cli.support.progress import Told, progress
from rushes.cli.support.relay_client import RelayClient, as_source, connected
from rushes.cli.support.run_command import run
from rushes.cli.support.shot_plans import read_plan, show_plan, submit_plan, understand
from rushes.core.geometry import RATIOS, SHORT_SIDES_PX
from rushes.service.catalogue import VIDEO_MODELS
from rushes.settings import Log, Settings

_LET_GO_S: Final = 5.0
"""Seconds that Ctrl-C may take to tell the server; a second Ctrl-C does not wait for it."""

Prompt = Annotated[str, typer.Argument(help="What the video shows.")]
Image = Annotated[
    str | None, typer.Option("--image", help="The first frame: a file or an http(s) URL.")
]
EndImage = Annotated[
    str | None, typer.Option("--end-image", help="The last frame: a file or an http(s) URL.")
]
Loop = Annotated[bool, typer.Option("--loop", help="Let the end lead into the beginning.")]
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
Expand = Annotated[bool, typer.Option("--expand-prompt", help="Add what a cinematographer would.")]
NoPicture = Annotated[bool, typer.Option("--no-picture", help="Show no picture in the terminal.")]
PlanFile = Annotated[Path | None, typer.Option("--plan", help="Draw the shot plan in this file.")]
Explain = Annotated[bool, typer.Option("--explain", help="Print the shot plan; render nothing.")]
Out = Annotated[Path, typer.Option("--out", "-o", help="Where to write the video.")]


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the work is done: a server's address and key, or None for this process."""

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
    Make one video and write it to a file, its thumbnail and last frame beside it.

    A terminal shows a picture of it, small while it is being made, then the thumbnail: with
    kitty's or iTerm2's pictures or as sixels where it can, else by coloured characters. Ctrl-C
    stops the work too, here or on the server.

    --explain --json writes a plan that can be edited and given to --plan.
    """
    wanted: dict[str, object] = {
        "user_prompt": prompt,
        "image_url": image and as_source(image),
        "image_end_url": end_image and as_source(end_image),
        "loop": loop or None,
        "aspect_ratio": aspect,
        "resolution": resolution,
        "duration": duration,
        "seed": seed,
        "model_name": model,
        "expand_prompt": expand_prompt or None,
    }
    asked = {name: value for name, value in wanted.items() if value is not None}
    chosen = settings(None, config)
    log_to_stderr(Log(level="error", json=chosen.log.json))
    place = Place(server=server, key=key)
    if explain:
        if plan is not None or image or end_image:
            raise CommandError(
                "--explain is about a prompt: leave out --plan and pictures", ExitCode.USAGE
            )
        _explain(run(_understood(asked, place, chosen)), json=json)
        return
    shot_plan = None if plan is None else read_plan(plan)
    console = Console(stderr=True)
    preview: Preview | None = None
    if not (json or no_picture) and can_show(console):
        draws = (
            server is None and chosen.engine == "animatic" and not chosen.channels and plan is None
        )
        preview = Preview(console, lambda: look_at(asked, image, draws=draws))
    files, reply = run(
        _generate(asked, out, place, chosen, plan=shot_plan, shown=not json, preview=preview)
    )
    if json:
        print_json({"files": files, "generation": reply})
    else:
        if preview is not None:
            show(files[1], console)
        for file in files:
            say(f"{file} ({file.stat().st_size / 1e6:.1f} MB)")


async def _understood(asked: dict[str, object], place: Place, settings: Settings) -> dict[str, Any]:
    async with _connected(place, settings) as http:
        return await understand(http, asked)


def _explain(told: dict[str, Any], *, json: bool) -> None:
    if not json:
        show_plan(told)
        return
    print_json(told["plan"])
    if told["note"]:
        complain(str(told["note"]))


async def _generate(
    asked: dict[str, object],
    out: Path,
    place: Place,
    settings: Settings,
    *,
    plan: dict[str, Any] | None,
    shown: bool,
    preview: Preview | None,
) -> tuple[tuple[Path, ...], dict[str, object]]:
    out.parent.mkdir(parents=True, exist_ok=True)
    picture = preview.at if preview else None
    with progress(out.name, shown=shown, picture=picture) as told:
        told(0.0, "connecting" if place.server else "starting")
        async with _connected(place, settings) as http:
            client = RelayClient(http)
            asking = client.submit(asked) if plan is None else submit_plan(http, asked, plan)
            reply = await _made(client, asking, told)
            told(1.0, "fetching")
            return await client.fetch(reply, out), reply


async def _made(
    client: RelayClient, asking: Coroutine[Any, Any, str], told: Told
) -> dict[str, object]:
    """Return the completed reply; whoever is stopped before it is there stops the work too."""
    submitting = asyncio.ensure_future(asking)
    try:
        return await client.watch(await asyncio.shield(submitting), told)
    except asyncio.CancelledError:
        await _let_go(client, submitting)
        raise


async def _let_go(client: RelayClient, submitting: asyncio.Future[str]) -> None:
    """Cancel what was submitted, also if the server's answer to that is still on its way."""
    try:
        async with asyncio.timeout(_LET_GO_S):
            await client.cancel(await submitting)
    except (TimeoutError, httpx2.HTTPError, CommandError) as error:
        complain(f"rushes: the server may still be at work: {str(error) or 'it does not answer'}")


def _must_cost_nothing(settings: Settings) -> None:
    """
    Refuse to spend money where nothing would remember what for.

    Raises:
        Stop: Channels are configured, and this process would be gone with what it knows of them.
    """
    paid = [name for name, one in settings.channels.items() if one.kind != "animatic"]
    if paid:
        raise CommandError(
            f"videos of {', '.join(paid)} cost money, and only a server keeps track of it: start"
            " `rushes serve` and use --server, or name a --config without channels",
            ExitCode.USAGE,
        )


@asynccontextmanager
async def _connected(place: Place, settings: Settings) -> AsyncGenerator[httpx2.AsyncClient]:
    """Connect to a server, or to a house of our own that is gone afterwards."""
    if place.server:
        async with connected(place.server, place.key) as http:
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
        house = build(alone)
        transport = httpx2.ASGITransport(house.app)
        async with (
            house.running(dispatcher=False),
            httpx2.AsyncClient(transport=transport, base_url="http://rushes.local") as http,
        ):
            yield http
