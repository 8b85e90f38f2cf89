"""``rushes deliveries``: list and show webhook deliveries, and send them again."""

# ruff: noqa: PLR0917  # each parameter of a command is an option

from typing import TYPE_CHECKING, Annotated

import typer

from rushes.cli.support.options import Config, Data, Json, settings
from rushes.cli.support.output import print_json, print_table, say
from rushes.cli.support.run_command import with_application
from rushes.core.errors import NotFound
from rushes.core.generation import AccountId
from rushes.service.accounts import Caller
from rushes.service.generation_ids import canonical_id
from rushes.store.outbox import Delivery, DeliveryFilter, DeliveryState

if TYPE_CHECKING:
    from rushes.bootstrap.application import Application

IdArgument = Annotated[
    str, typer.Argument(metavar="ID", help="The delivery's id: the receiver's `webhook-id`.")
]
States = Annotated[
    list[DeliveryState] | None,
    typer.Option("--state", help="Only this state; may be repeated."),
]
Account = Annotated[str | None, typer.Option("--account", help="Only this account.")]
GenerationOption = Annotated[
    str | None, typer.Option("--generation", help="Only of this generation.")
]
WebhookOption = Annotated[str | None, typer.Option("--webhook", help="Only to this webhook.")]
UrlOption = Annotated[str | None, typer.Option("--url", help="Only to exactly this URL.")]
Limit = Annotated[int, typer.Option(min=1, max=10_000, help="The most to list.")]


def list_(
    state: States = None,
    account: Account = None,
    generation: GenerationOption = None,
    webhook: WebhookOption = None,
    url: UrlOption = None,
    limit: Limit = 20,
    data: Data = None,
    config: Config = None,
    json: Json = False,
) -> None:
    """List the deliveries of all accounts, newest first."""
    wanted = DeliveryFilter(
        account_id=AccountId(account) if account else None,
        generation_id=canonical_id(generation) if generation else None,
        states=frozenset(state or ()),
        webhook_id=webhook,
        url=url,
        limit=limit,
    )
    found = with_application(
        settings(data, config), lambda application: application.store.list_deliveries(wanted)
    )
    if json:
        print_json([shown(one) for one in found])
        return
    columns = ("id", "state", "tries", "event", "generation", "to", "last answer")
    print_table(columns, [_row(one) for one in found])


def _row(one: Delivery) -> tuple[object, ...]:
    return (
        one.id,
        one.state,
        len(one.tries),
        one.event.type.partition(".")[2],
        one.event.generation.id,
        one.url,
        last_answer(one),
    )


def show(
    delivery_id: IdArgument, data: Data = None, config: Config = None, json: Json = False
) -> None:
    """Show a delivery with every attempt and its reply."""
    found = with_application(
        settings(data, config), lambda application: _found(application, delivery_id)
    )
    if json:
        print_json({**shown(found), "tries": found.tries})
        return
    for name, value in shown(found).items():
        if value is not None:
            say(f"{name:<12} {value}")
    for tried in found.tries:
        say()
        answer = "no answer" if tried.status is None else str(tried.status)
        say(f"{tried.at:%F %T}  {answer} in {tried.took_s:.3f} s")
        for text in (tried.error, tried.answer):
            if text:
                say(f"  {text}")


def redeliver(
    delivery_id: IdArgument, data: Data = None, config: Config = None, json: Json = False
) -> None:
    """Send a delivery again under the same id; a running server does so within a second."""

    async def work(application: "Application") -> Delivery:
        owner = (await _found(application, delivery_id)).event.generation.account_id
        return await application.deliveries.redeliver(delivery_id, caller=Caller(account_id=owner))

    due = with_application(settings(data, config), work)
    if json:
        print_json(shown(due))
    else:
        say(f"{due.id} will be sent again.")


async def _found(application: "Application", delivery_id: str) -> Delivery:
    found = await application.store.find_delivery(delivery_id)
    if found is None:
        raise NotFound(f"there is no delivery {delivery_id!r}")
    return found


def shown(one: Delivery) -> dict[str, object]:
    """Return the fields of a delivery in a list."""
    return {
        "id": one.id,
        "state": one.state,
        "tries": len(one.tries),
        "url": one.url,
        "last_answer": last_answer(one),
        "event": one.event.type,
        "generation": one.event.generation.id,
        "account": one.event.generation.account_id,
        "webhook": one.webhook_id,
        "next_at": one.next_at if one.state is DeliveryState.PENDING else None,
    }


def last_answer(one: Delivery) -> object:
    """Return the error of the last attempt, or the status of its reply."""
    last = one.tries[-1] if one.tries else None
    return last and (last.error or last.status)
