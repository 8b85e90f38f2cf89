"""``rushes generate``: generate one video, on a server or in this process."""

# ruff: noqa: PLR0917  # each parameter of a command is an option

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from rushes.cli.support.exit_codes import CommandError, ExitCode
from rushes.cli.support.options import Config, Json, KeyOption, ServerUrl, among, settings
from rushes.cli.support.output import complain, print_json, say
from rushes.cli.support.run_command import run
from rushes.core.geometry import RATIOS, SHORT_SIDES_PX
from rushes.service.catalogue import VIDEO_MODELS

Prompt = Annotated[str, typer.Argument(help="Text that describes the video.")]
Image = Annotated[
    str | None, typer.Option("--image", help="The first frame: a file or an http(s) URL.")
]
EndImage = Annotated[
    str | None, typer.Option("--end-image", help="The last frame: a file or an http(s) URL.")
]
Loop = Annotated[bool, typer.Option("--loop", help="Make the last frame lead into the first.")]
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
Seed = Annotated[int | None, typer.Option(help="Any number; the same seed gives the same video.")]
ModelOption = Annotated[
    str | None,
    typer.Option("--model", help="See `rushes models`.", autocompletion=among(*VIDEO_MODELS)),
]
Expand = Annotated[
    bool, typer.Option("--expand-prompt", help="Add camera, light and style to the prompt.")
]
NoPicture = Annotated[bool, typer.Option("--no-picture", help="Show no images in the terminal.")]
PlanFile = Annotated[Path | None, typer.Option("--plan", help="Render the shot plan in this file.")]
Explain = Annotated[bool, typer.Option("--explain", help="Print the shot plan; render nothing.")]
Out = Annotated[Path, typer.Option("--out", "-o", help="Where to write the video.")]


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

    In a terminal the command shows a small preview and then the thumbnail: with the graphics of
    kitty or iTerm2, as sixels, or with coloured characters. Ctrl-C also cancels the generation,
    here or on the server.

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
    from rich.console import Console

    from rushes.cli.support.generation import Place, explain_request, generate_video
    from rushes.cli.support.logs import log_to_stderr
    from rushes.cli.support.preview import Preview, can_show, look_at, show
    from rushes.cli.support.shot_plans import read_plan
    from rushes.settings import Log

    chosen = settings(None, config)
    log_to_stderr(Log(level="error", json=chosen.log.json))
    place = Place(server=server, key=key)
    if explain:
        _refuse_with_explain(body, has_plan=plan is not None)
        _print_plan(run(explain_request(body, place, chosen)), json=json)
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
    files, reply = run(generate_video(body, out, place, chosen, shown=not json, preview=preview))
    if json:
        print_json({"files": files, "generation": reply})
    else:
        if preview is not None:
            show(files[1], console)
        for file in files:
            say(f"{file} ({file.stat().st_size / 1e6:.1f} MB)")


_NOT_PLANNED: Final = {
    "keyframes": "images",
    "loop": "--loop",
    "aspect_ratio": "--aspect",
    "resolution": "--resolution",
    "duration_s": "--duration",
    "model": "--model",
}
"""Fields of a request that a shot plan says nothing of, with the options that set them."""


def _refuse_with_explain(body: Mapping[str, object], *, has_plan: bool) -> None:
    """Raise CommandError for options that change nothing about the plan of a prompt."""
    options = [option for field, option in _NOT_PLANNED.items() if field in body]
    options = ["--plan", *options] if has_plan else options
    if options:
        raise CommandError(
            "--explain takes a prompt, --seed and --expand-prompt only: leave out "
            + " and ".join(options),
            ExitCode.USAGE,
        )


def _print_plan(explanation: dict[str, Any], *, json: bool) -> None:
    from rushes.cli.support.shot_plans import show_plan

    if not json:
        show_plan(explanation)
        return
    print_json(explanation["plan"])
    if explanation["note"]:
        complain(str(explanation["note"]))


def _without_none(**fields: object) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value is not None}


def _keyframe(image: str | None) -> dict[str, object] | None:
    from rushes.cli.support.server_client import image_source

    return None if image is None else {"image": image_source(image)}


def _seconds(text: str) -> float:
    """Return the seconds of ``5s`` or ``5``. Raises CommandError for any other text."""
    if not re.fullmatch(r"\d{1,4}(\.\d{1,3})?s?", text):
        raise CommandError(f"--duration must be like 5s, not {text!r}", ExitCode.USAGE)
    return float(text.removesuffix("s"))
