"""``rushes generations``: list, show, cancel and retry the generations of all accounts."""

# ruff: noqa: PLR0917  # each parameter of a command is an option

from typing import TYPE_CHECKING, Annotated

import typer

from rushes.cli.deliveries import shown
from rushes.cli.support.options import Config, Data, GenerationIdArgument, Json, settings
from rushes.cli.support.output import print_json, print_table, say
from rushes.cli.support.run_command import with_application
from rushes.core.generation import AccountId, Generation, State
from rushes.service.accounts import Caller
from rushes.service.generation_ids import canonical_id
from rushes.store.base import Event, GenerationFilter
from rushes.store.outbox import Delivery

if TYPE_CHECKING:
    from rushes.bootstrap.application import Application

States = Annotated[
    list[State] | None, typer.Option("--state", help="Only this state; may be repeated.")
]
AccountOption = Annotated[str | None, typer.Option("--account", help="Only this account.")]
Limit = Annotated[int, typer.Option(min=1, max=10_000, help="The most to list.")]


def list_(
    state: States = None,
    account: AccountOption = None,
    limit: Limit = 20,
    data: Data = None,
    config: Config = None,
    json: Json = False,
) -> None:
    """List the generations of all accounts, newest first."""
    wanted = GenerationFilter(
        account_id=AccountId(account) if account else None,
        states=frozenset(state or ()),
        limit=limit,
    )
    found = with_application(
        settings(data, config), lambda application: application.store.list(wanted)
    )
    if json:
        print_json(found)
        return
    columns = ("id", "state", "done", "model", "account", "created", "prompt")
    rows = [_row(generation) for generation in found]
    print_table(
        columns, rows, cut="prompt", spare=("account", "model", "created", "done", "prompt")
    )


def _row(generation: Generation) -> tuple[object, ...]:
    prompt = generation.spec.prompt
    return (
        generation.id,
        generation.state,
        f"{generation.progress:.0%}",
        generation.spec.model,
        generation.account_id,
        f"{generation.created_at:%F %T}",
        prompt if len(prompt) <= 80 else f"{prompt[:79]}…",
    )


def show(
    generation_id: GenerationIdArgument,
    data: Data = None,
    config: Config = None,
    json: Json = False,
) -> None:
    """Show one generation and the paths of its files."""

    async def work(application: "Application") -> tuple[Generation, dict[str, str]]:
        found = await application.store.get(canonical_id(generation_id))
        media = application.media
        kept = [one for one in found.artifacts if await media.find(one.key)]
        return found, {one.kind.value: media.location(one.key) for one in kept}

    generation, files = with_application(settings(data, config), work)
    if json:
        print_json({"generation": generation, "files": files})
        return
    _say_details(generation)
    for kind, path in files.items():
        say(f"{kind:<12} {path}")


def _say_details(generation: Generation) -> None:
    spec = generation.spec
    rows: dict[str, object] = {
        "id": generation.id,
        "state": f"{generation.state} ({generation.progress:.0%}, attempt {generation.attempt})",
        "account": generation.account_id,
        "prompt": spec.prompt,
        "rendered": generation.prompt_used,
        "asked": f"{spec.model} {spec.aspect_ratio or '-'} {spec.resolution} {spec.duration_s:g}s",
        "engine": generation.engine,
        "made": generation.created_at,
        "finished": generation.finished_at,
        "failure": generation.failure
        and f"{generation.failure.code}: {generation.failure.message}",
        "note": generation.note,
    }
    for name, value in rows.items():
        if value is not None:
            say(f"{name:<12} {value}")


def cancel(
    generation_id: GenerationIdArgument,
    data: Data = None,
    config: Config = None,
    json: Json = False,
) -> None:
    """Cancel a queued or running generation; a worker stops at its next progress report."""

    async def work(application: "Application") -> Generation:
        caller = await _owner(application, generation_id)
        return await application.generations.cancel(generation_id, caller=caller)

    _say_state(with_application(settings(data, config), work), json=json)


def retry(
    generation_id: GenerationIdArgument,
    data: Data = None,
    config: Config = None,
    json: Json = False,
) -> None:
    """Submit a failed or cancelled generation again, as a generation with a new id."""

    async def work(application: "Application") -> Generation:
        caller = await _owner(application, generation_id)
        return await application.generations.retry(generation_id, caller=caller)

    _say_state(with_application(settings(data, config), work), json=json)


async def _owner(application: "Application", generation_id: str) -> Caller:
    found = await application.store.get(canonical_id(generation_id))
    return Caller(account_id=found.account_id)


def _say_state(generation: Generation, *, json: bool) -> None:
    if json:
        print_json(generation)
    else:
        say(f"{generation.id} is {generation.state}")


def events(
    generation_id: GenerationIdArgument,
    data: Data = None,
    config: Config = None,
    json: Json = False,
) -> None:
    """Show the history of a generation and its webhook deliveries."""

    async def work(application: "Application") -> tuple[tuple[Event, ...], tuple[Delivery, ...]]:
        found = (await application.store.get(canonical_id(generation_id))).id
        return await application.store.events(found), await application.store.deliveries(found)

    history, deliveries = with_application(settings(data, config), work)
    if json:
        print_json(
            {
                "events": [{"seq": e.seq, "type": e.type, "at": e.at} for e in history],
                "deliveries": [shown(one) for one in deliveries],
            }
        )
        return
    print_table(("seq", "at", "event"), [(e.seq, f"{e.at:%F %T}", e.type) for e in history])
    if deliveries:
        say()
        columns = ("delivery", "state", "tries", "to", "last answer")
        rows = [tuple(shown(one).values())[:5] for one in deliveries]
        print_table(columns, rows, cut="to", spare=("tries",))
