"""``rushes generations``: what an operator sees of everybody's generations, and may do to them."""

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
    list[State] | None, typer.Option("--state", help="Only in this state; may be repeated.")
]
AccountOption = Annotated[str | None, typer.Option("--account", help="Only of this account.")]
Limit = Annotated[int, typer.Option(min=1, max=10_000, help="At most so many.")]


def list_(
    state: States = None,
    account: AccountOption = None,
    limit: Limit = 20,
    data: Data = None,
    config: Config = None,
    json: Json = False,
) -> None:
    """List generations, newest first, whoever asked for them."""
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
    columns = ("id", "state", "done", "model", "account", "made", "prompt")
    rows = [_row(generation) for generation in found]
    print_table(columns, rows, cut="prompt", spare=("account", "model", "made", "done", "prompt"))


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
    """Show one generation, and where its files are."""

    async def work(application: "Application") -> tuple[Generation, dict[str, str]]:
        found = await application.store.get(canonical_id(generation_id))
        files = {a.kind.value: application.media.path(a.key) for a in found.artifacts}
        return found, {kind: str(path) for kind, path in files.items() if path}

    generation, files = with_application(settings(data, config), work)
    if json:
        print_json({"generation": generation, "files": files})
        return
    _say_whole(generation)
    for kind, path in files.items():
        say(f"{kind:<12} {path}")


def _say_whole(generation: Generation) -> None:
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
    """Stop a generation, queued or running; a worker stops within its next progress report."""

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
    """Ask anew for one that failed or was cancelled, as a generation with an id of its own."""

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
    """Tell what happened to a generation, and whom it was told."""

    async def work(application: "Application") -> tuple[tuple[Event, ...], tuple[Delivery, ...]]:
        found = (await application.store.get(canonical_id(generation_id))).id
        return await application.store.events(found), await application.store.deliveries(found)

    happened, told = with_application(settings(data, config), work)
    if json:
        print_json(
            {
                "events": [{"seq": e.seq, "type": e.type, "at": e.at} for e in happened],
                "deliveries": [shown(one) for one in told],
            }
        )
        return
    print_table(("seq", "at", "event"), [(e.seq, f"{e.at:%F %T}", e.type) for e in happened])
    if told:
        say()
        columns = ("delivery", "state", "tries", "to", "last answer")
        rows = [tuple(shown(one).values())[:5] for one in told]
        print_table(columns, rows, cut="to", spare=("tries",))
