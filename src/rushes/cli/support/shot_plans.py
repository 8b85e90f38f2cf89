"""Read, show and send shot plans from the command line."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, cast

import httpx2

from rushes.cli.support.exit_codes import CommandError, ExitCode
from rushes.cli.support.native_client import PATH
from rushes.cli.support.output import print_table, say
from rushes.cli.support.relay_client import body_of

_PLANS: Final = "/api/v1/plans"
_SAME: Final = ("aspect_ratio", "resolution", "loop", "seed", "expand_prompt")
"""Fields that the relay's and the server's own API share."""


def read_plan(file: Path) -> dict[str, Any]:
    """Return the plan in a file. Raises CommandError when it is no JSON object."""
    try:
        plan: object = json.loads(file.read_text("utf-8"))
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}", ExitCode.USAGE) from None
    except ValueError as error:
        raise CommandError(f"{file} is no JSON: {error}", ExitCode.USAGE) from None
    if not isinstance(plan, dict):
        raise CommandError(
            f"{file} must hold a JSON object, as --explain --json writes it", ExitCode.USAGE
        )
    return cast("dict[str, Any]", plan)


async def understand(http: httpx2.AsyncClient, asked: Mapping[str, object]) -> dict[str, Any]:
    """Return what the server understands of a request in the relay's fields."""
    wanted = {"prompt": asked["user_prompt"]}
    wanted |= {name: asked[name] for name in ("seed", "expand_prompt") if name in asked}
    return body_of(await http.post(_PLANS, json=wanted))


async def submit_plan(
    http: httpx2.AsyncClient, asked: Mapping[str, object], plan: Mapping[str, Any]
) -> str:
    """Ask for a video of a plan, the rest of the request in the relay's fields; return its id."""
    wanted: dict[str, object] = {"prompt": asked["user_prompt"], "plan": plan}
    wanted |= {name: asked[name] for name in _SAME if name in asked}
    if "model_name" in asked:
        wanted["model"] = asked["model_name"]
    if "duration" in asked:
        wanted["duration_s"] = _seconds(str(asked["duration"]))
    frames = {"first": asked.get("image_url"), "last": asked.get("image_end_url")}
    keyframes = {end: {"image": image} for end, image in frames.items() if image}
    if keyframes:  # the server says why not
        wanted["keyframes"] = keyframes
    return str(body_of(await http.post(PATH, json=wanted))["id"])


def _seconds(text: str) -> float:
    try:
        return float(text.removesuffix("s"))
    except ValueError:
        raise CommandError(f"--duration must be like 5s, not {text!r}", ExitCode.USAGE) from None


def show_plan(told: Mapping[str, Any]) -> None:
    """Write a plan for a person."""
    print_table(("what", "how"), list(_rows(told["plan"])))
    for one in told["plan"]["not_shown"]:
        say(f"not shown: {one['words']} ({one['reason']})")
    if told["prompt_used"]:
        say(f"prompt used: {told['prompt_used']}")
    if told["note"]:
        say(str(told["note"]))


def _rows(plan: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in ("set", "time", "weather", "light", "palette", "framing"):
        if plan[name]:
            yield name, str(plan[name])
    for one in plan["cast"]:
        count = f"{one['count']} x " if one["count"] > 1 else ""
        tint = f", {one['colour']}" if one["colour"] else ""
        host = f", on {plan['cast'][one['on']]['subject']}" if one["on"] is not None else ""
        yield "cast", f"{count}{one['subject']}: {one['action']}, {one['plane']}{tint}{host}"
    for move in plan["camera"]:
        yield "camera", f"{move['move']}, {move['start']:.0%} to {move['end']:.0%}"
    if plan["effects"]:
        yield "effects", ", ".join(plan["effects"])
    yield "shown", ", ".join(plan["shown"]) or "-"
    yield "made by", str(plan["source"])
