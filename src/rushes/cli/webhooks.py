"""``rushes webhooks``: add, list, test and disable webhooks, and rotate their secrets."""

# ruff: noqa: PLR0917  # each parameter of a command is an option

from typing import TYPE_CHECKING, Annotated

import typer

from rushes.cli.support.exit_codes import CommandError, ExitCode
from rushes.cli.support.options import Config, Data, Json, settings
from rushes.cli.support.output import print_json, print_table, say
from rushes.cli.support.run_command import must_hold_data, with_application
from rushes.core.errors import NotFound
from rushes.core.generation import AccountId
from rushes.service.accounts import LOCAL_ACCOUNT, Caller

if TYPE_CHECKING:
    from rushes.bootstrap.application import Application
    from rushes.store.outbox import Try, Webhook

UrlArgument = Annotated[str, typer.Argument(metavar="URL", help="The URL, http or https.")]
IdArgument = Annotated[
    str, typer.Argument(metavar="ID", help="The webhook's id, as `rushes webhooks list` shows it.")
]
AddressArgument = Annotated[
    str, typer.Argument(metavar="ID_OR_URL", help="A webhook's id, or any URL.")
]
Account = Annotated[
    str, typer.Option("--account", help="The account; on a server without keys: local.")
]
OfAccount = Annotated[str | None, typer.Option("--account", help="Only this account.")]
Events = Annotated[
    list[str] | None,
    typer.Option("--event", help="Send this event; may be repeated. [default: all]"),
]
Wording = Annotated[
    str, typer.Option(help="Shape of the body: an API's name, or one of its wordings.")
]
ServerSecret = Annotated[
    bool, typer.Option("--server-secret", help="Sign with the server's secret only.")
]
Rotate = Annotated[
    bool, typer.Option("--rotate", help="Create a new secret; the former one signs, too.")
]
ForgetFormer = Annotated[
    bool, typer.Option("--forget-former", help="Stop signing with the former secret.")
]


def add(
    url: UrlArgument,
    account: Account = LOCAL_ACCOUNT,
    event: Events = None,
    wording: Wording = "native",
    server_secret: ServerSecret = False,
    data: Data = None,
    config: Config = None,
    json: Json = False,
) -> None:
    """Send the events of an account's generations to a URL; show the secret once."""
    made = with_application(
        settings(data, config),
        lambda application: application.webhooks.add(
            url,
            wording=wording,
            events=event,
            own_secret=not server_secret,
            caller=Caller(account_id=AccountId(account)),
        ),
        may_be_new=True,
    )
    _say_made(made, json=json)


def _say_made(made: "Webhook", *, json: bool) -> None:
    secret = made.secrets[0] if made.secrets else None
    if json:
        print_json({**shown(made), "secret": secret})
        return
    say(secret or "Signed with the server's secret: see `rushes webhooks secret`.")
    say()
    say(f"This is for the webhook {made.id} of the account {made.account_id!r}: {made.url}")


def list_(
    account: OfAccount = None, data: Data = None, config: Config = None, json: Json = False
) -> None:
    """List the webhooks, oldest first, and their state."""
    owner = AccountId(account) if account else None
    found = with_application(
        settings(data, config), lambda application: application.store.webhooks(owner)
    )
    if json:
        print_json([shown(one) for one in found])
        return
    columns = ("id", "account", "to", "events", "wording", "disabled")
    print_table(columns, [_row(one) for one in found])


def _row(one: "Webhook") -> tuple[object, ...]:
    events = ", ".join(sorted(name.partition(".")[2] for name in one.events))
    disabled = one.disabled_at and f"{one.disabled_at:%F %T}: {one.disabled_why}"
    return one.id, one.account_id, one.url, events or "-", one.wording, disabled


def remove(
    webhook_id: IdArgument, data: Data = None, config: Config = None, json: Json = False
) -> None:
    """Remove a webhook and its open deliveries."""

    async def work(application: "Application") -> "Webhook":
        found = await _found(application, webhook_id)
        await application.webhooks.remove(found.id, caller=_owner(found))
        return found

    found = with_application(settings(data, config), work)
    if json:
        print_json(shown(found))
    else:
        say(f"{found.id} ({found.url}) is removed.")


def enable(
    webhook_id: IdArgument, data: Data = None, config: Config = None, json: Json = False
) -> None:
    """Enable a webhook, and send the deliveries that were held for it."""
    _switch(webhook_id, data, config, enabled=True, json=json)


def disable(
    webhook_id: IdArgument, data: Data = None, config: Config = None, json: Json = False
) -> None:
    """Disable a webhook, and hold its deliveries."""
    _switch(webhook_id, data, config, enabled=False, json=json)


def _switch(webhook_id: str, data: Data, config: Config, *, enabled: bool, json: bool) -> None:
    async def work(application: "Application") -> "Webhook":
        found = await _found(application, webhook_id)
        return await application.webhooks.change(found.id, enabled=enabled, caller=_owner(found))

    found = with_application(settings(data, config), work)
    if json:
        print_json(shown(found))
    else:
        say(f"{found.id} ({found.url}) is {'enabled' if enabled else 'disabled'}.")


def rotate(
    webhook_id: IdArgument, data: Data = None, config: Config = None, json: Json = False
) -> None:
    """Give a webhook a new secret and show it once; the former one signs too for now."""

    async def work(application: "Application") -> "Webhook":
        found = await _found(application, webhook_id)
        return await application.webhooks.rotate_secret(found.id, caller=_owner(found))

    _say_made(with_application(settings(data, config), work), json=json)


def try_out(
    address: AddressArgument,
    account: Account = LOCAL_ACCOUNT,
    wording: Wording = "native",
    data: Data = None,
    config: Config = None,
    json: Json = False,
) -> None:
    """Send a test event to a webhook or a URL, and show the reply."""

    async def work(application: "Application") -> "Try":
        chosen = settings(data, config)
        origin = chosen.server.public_url or f"http://{chosen.server.host}:{chosen.server.port}"
        if "://" in address:
            caller = Caller(account_id=AccountId(account))
            return await application.webhooks.test_url(
                address, wording=wording, origin=origin, caller=caller
            )
        found = await _found(application, address)
        return await application.webhooks.test(found.id, origin=origin, caller=_owner(found))

    tried = with_application(settings(data, config), work)
    if json:
        print_json(tried)
    elif tried.error is None:
        say(f"Delivered: {tried.status} in {tried.took_s:.3f} s.")
    if tried.error is not None:
        raise CommandError(f"not delivered: {tried.error}", ExitCode.FAILED)


async def _found(application: "Application", webhook_id: str) -> "Webhook":
    found = await application.store.find_webhook(webhook_id)
    if found is None:
        raise NotFound(f"there is no webhook {webhook_id!r}")
    return found


def _owner(webhook: "Webhook") -> Caller:
    return Caller(account_id=webhook.account_id)


def secret(
    rotate: Rotate = False,
    forget_former: ForgetFormer = False,
    data: Data = None,
    config: Config = None,
    json: Json = False,
) -> None:
    """Show the server's secret for receivers to verify with, the newest first."""
    from rushes.bootstrap.webhooks import secret_file, webhook_secret
    from rushes.kit.secret_file import forget_former_secret, rotate_secret

    chosen = settings(data, config)
    if chosen.webhooks.secret is None:
        must_hold_data(chosen.data, url=chosen.store.url)
        if rotate:
            rotate_secret(secret_file(chosen))
        if forget_former:
            forget_former_secret(secret_file(chosen))
    elif rotate or forget_former:
        raise CommandError(
            "webhooks.secret is set: put the new secret before the former one there, separated by"
            " a space, and remove the former one when every receiver knows the new one",
            ExitCode.USAGE,
        )
    newest, *former = webhook_secret(chosen).split()
    if json:
        print_json({"secret": newest, "former": former})
    else:
        for one in (newest, *former):
            say(one)


def shown(one: "Webhook") -> dict[str, object]:
    """Return the fields of a webhook, without its secrets."""
    return {
        "id": one.id,
        "account": one.account_id,
        "url": one.url,
        "events": sorted(one.events),
        "wording": one.wording,
        "enabled": one.disabled_at is None,
        "disabled_at": one.disabled_at,
        "disabled_why": one.disabled_why,
        "secrets": len(one.secrets),
        "created_at": one.created_at,
    }
