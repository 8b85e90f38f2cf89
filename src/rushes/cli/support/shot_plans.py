"""Read shot plans from files, and show them to people."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, cast

import httpx2

from rushes.cli.support.exit_codes import CommandError, ExitCode
from rushes.cli.support.output import print_table, say
from rushes.cli.support.server_client import json_of

_PLANS: Final = "/api/v1/plans"


def read_plan(file: Path) -> dict[str, Any]:
    """Return the plan in a file. Raises CommandError if it is no JSON object."""
    try:
        plan: object = json.loads(
            file.read_text("utf-8-sig"),  # some editors and shells write a byte order mark
            object_pairs_hook=_without_repeats,
            parse_constant=_refuse_constant,
        )
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}", ExitCode.USAGE) from None
    except (ValueError, RecursionError) as error:
        raise CommandError(f"{file} is not JSON: {error}", ExitCode.USAGE) from None
    if not isinstance(plan, dict):
        raise CommandError(
            f"{file} must hold a JSON object, as --explain --json writes it", ExitCode.USAGE
        )
    return cast("dict[str, Any]", plan)


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return an object of JSON; of a name that is there twice one value would be dropped."""
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"{name!r} is there twice in one object; give it once")
        found[name] = value
    return found


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is no number of JSON")


async def explain_plan(http: httpx2.AsyncClient, body: Mapping[str, object]) -> dict[str, Any]:
    """Return the server's plan for a request to ``POST /api/v1/generations``, without rendering."""
    fields = {name: body[name] for name in ("prompt", "seed", "expand_prompt") if name in body}
    return json_of(await http.post(_PLANS, json=fields))


def show_plan(explanation: Mapping[str, Any]) -> None:
    """Print a plan for people, with the words that it does not show."""
    print_table(("what", "how"), list(_rows(explanation["plan"])))
    for one in explanation["plan"]["not_shown"]:
        say(f"not shown: {one['words']} ({one['reason']})")
    if explanation["prompt_used"]:
        say(f"prompt used: {explanation['prompt_used']}")
    if explanation["note"]:
        say(str(explanation["note"]))


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
