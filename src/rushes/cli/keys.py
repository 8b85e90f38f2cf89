"""``rushes keys``: create, list, limit, rotate and revoke API keys."""

# ruff: noqa: PLR0917  # each parameter of a command is an option

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from rushes.cli.support.exit_codes import CommandError, ExitCode
from rushes.cli.support.options import Config, Data, Json, settings, span
from rushes.cli.support.output import print_json, print_table, say
from rushes.cli.support.run_command import with_accounts, with_application
from rushes.core.keys import DEFAULT_SCOPES, Key, KeyLimits, Scope
from rushes.kit.clock import SystemClock

if TYPE_CHECKING:
    from rushes.bootstrap.application import Application

Name = Annotated[str, typer.Argument(help="A name for the key, e.g. 'laptop'.")]
KeyId = Annotated[str, typer.Argument(help="The key's id, as `rushes keys list` shows it.")]
Account = Annotated[
    str | None,
    typer.Option(help="Keys of one account share their generations. [default: NAME]"),
]
OfAccount = Annotated[str | None, typer.Option("--account", help="Only this account.")]
BatchFormat = Annotated[
    Literal["array", "wrapped"] | None,
    typer.Option(help="Shape of replies to POST /luma/tasks. [default: the server's setting]"),
]
Scopes = Annotated[
    list[Scope] | None,
    typer.Option("--scope", help="A scope; may be repeated. [default: generate and read]"),
]
Operate = Annotated[
    bool,
    typer.Option("--operate", help="Allow it to operate the server: channels, accounts, keys."),
]
Submits = Annotated[
    int | None,
    typer.Option("--submits-per-minute", min=0, help="Submits per minute; 0: no limit."),
]
InFlight = Annotated[
    int | None,
    typer.Option("--in-flight", min=0, help="Queued and running generations; 0: no limit."),
]
Models = Annotated[
    list[str] | None,
    typer.Option("--model", help="An allowed model; may be repeated."),
]
EveryModel = Annotated[bool, typer.Option("--every-model", help="Allow every model again.")]
ExpiresIn = Annotated[
    str | None,
    typer.Option("--expires-in", help="Lifetime: 30m, 12h, 90d. [default: unlimited]"),
]
ExpiresAt = Annotated[
    datetime | None,
    typer.Option("--expires-at", help="The end of its lifetime instead, in UTC."),
]
Grace = Annotated[
    str | None,
    typer.Option("--grace", help="How long the former secret stays valid: 10m, 24h. [default: 0]"),
]


def create(
    name: Name,
    account: Account = None,
    scope: Scopes = None,
    operate: Operate = False,
    submits_per_minute: Submits = None,
    in_flight: InFlight = None,
    model: Models = None,
    expires_in: ExpiresIn = None,
    expires_at: ExpiresAt = None,
    batch_format: BatchFormat = None,
    data: Data = None,
    config: Config = None,
    json: Json = False,
) -> None:
    """Create a key and show its secret once. Works while the server runs."""
    ends_at = _end(expires_in, expires_at)

    async def create_key(application: "Application") -> tuple[Key, str]:
        return await application.accounts.create_key(
            name,
            account=account,
            batch_format=batch_format,
            scopes=scope or DEFAULT_SCOPES,
            is_operator=operate,
            limits=_limited(application, KeyLimits(), submits_per_minute, in_flight, model),
            expires_at=ends_at,
        )

    _show_secret(*with_application(settings(data, config), create_key, may_be_new=True), json=json)


def list_(
    account: OfAccount = None, data: Data = None, config: Config = None, json: Json = False
) -> None:
    """List the keys, oldest first, without their secrets, which are not stored."""
    found = with_accounts(data, config, lambda accounts: accounts.keys(account_id=account))
    if json:
        print_json([shown(key) for key in found])
        return
    columns = ("id", "name", "account", "begins with", "scopes", "last used", "created", "ended")
    print_table(
        columns,
        [_row(key) for key in found],
        spare=("begins with", "created", "last used"),
    )


def show(key_id: KeyId, data: Data = None, config: Config = None, json: Json = False) -> None:
    """Show one key: its scopes, its limits, and its last use."""
    _show(with_accounts(data, config, lambda accounts: accounts.key(key_id)), json=json)


def limit(
    key_id: KeyId,
    submits_per_minute: Submits = None,
    in_flight: InFlight = None,
    model: Models = None,
    every_model: EveryModel = False,
    expires_in: ExpiresIn = None,
    expires_at: ExpiresAt = None,
    data: Data = None,
    config: Config = None,
    json: Json = False,
) -> None:
    """Change the limits of a key, within a second; limits that you do not name stay."""
    ends_at = _end(expires_in, expires_at)
    if model and every_model:
        raise CommandError("--model and --every-model exclude each other", ExitCode.USAGE)
    named = (submits_per_minute, in_flight, model, ends_at) != (None, None, None, None)
    if not (named or every_model):
        raise CommandError("name a limit to change; `rushes keys show` shows them", ExitCode.USAGE)

    async def change_limits(application: "Application") -> Key:
        def change(limits: KeyLimits) -> KeyLimits:
            kept = replace(limits, models=None) if every_model else limits
            return _limited(application, kept, submits_per_minute, in_flight, model)

        return await application.accounts.limit_key(key_id, change, expires_at=ends_at)

    _show(with_application(settings(data, config), change_limits), json=json)


def rotate(
    key_id: KeyId,
    grace: Grace = None,
    data: Data = None,
    config: Config = None,
    json: Json = False,
) -> None:
    """Replace the secret of a key and show the new one once; id and limits stay."""
    lasting = timedelta(seconds=span(grace, "--grace")) if grace else timedelta(0)
    key, secret = with_accounts(
        data, config, lambda accounts: accounts.rotate_key(key_id, grace=lasting)
    )
    _show_secret(key, secret, json=json)
    if not json:
        until = f"is valid until {_at(key.former_until)}" if key.former_until else "is invalid now"
        say(f"The former secret {until}.")


def revoke(key_id: KeyId, data: Data = None, config: Config = None, json: Json = False) -> None:
    """Revoke a key, in a running server within a second. A second time has no effect."""
    key = with_accounts(data, config, lambda accounts: accounts.revoke_key(key_id))
    if json:
        print_json(shown(key))
    else:
        say(f"The key {key.name!r} ({key.id}) is revoked.")


def shown(key: Key) -> dict[str, object]:
    """Return the fields of a key, without its secret."""
    return {
        "id": key.id,
        "name": key.name,
        "account": key.account_id,
        "hint": key.hint,
        "scopes": sorted(key.scopes),
        "operates": key.is_operator,
        "submits_per_minute": key.limits.submits_per_minute,
        "in_flight": key.limits.in_flight,
        "models": None if key.limits.models is None else sorted(key.limits.models),
        "batch_format": key.batch_format,
        "created_at": key.created_at,
        "used_at": key.used_at,
        "expires_at": key.expires_at,
        "revoked_at": key.revoked_at,
        "former_secret_until": key.former_until,
    }


def _limited(
    application: "Application",
    limits: KeyLimits,
    submits_per_minute: int | None,
    in_flight: int | None,
    models: list[str] | None,
) -> KeyLimits:
    """Return *limits* with these changes; 0 removes a limit, None keeps it."""
    if submits_per_minute is not None:
        limits = replace(limits, submits_per_minute=submits_per_minute or None)
    if in_flight is not None:
        limits = replace(limits, in_flight=in_flight or None)
    if models:
        limits = replace(limits, models=application.catalogue.canonical(models, param="--model"))
    return limits


def _end(expires_in: str | None, expires_at: datetime | None) -> datetime | None:
    if expires_in and expires_at:
        raise CommandError("--expires-in and --expires-at exclude each other", ExitCode.USAGE)
    if expires_in:
        return SystemClock().now() + timedelta(seconds=span(expires_in, "--expires-in"))
    return expires_at.replace(tzinfo=UTC) if expires_at else None


def _show_secret(key: Key, secret: str, *, json: bool) -> None:
    if json:
        print_json({"key": secret, **shown(key)})
        return
    say(secret)
    say()
    say(f"This is the key {key.name!r} ({key.id}) of the account {key.account_id!r}.")
    say("Keep it: it is stored as a hash and cannot be shown again.")


def _show(key: Key, *, json: bool) -> None:
    fields = shown(key)
    if json:
        print_json(fields)
        return
    wide = max(map(len, fields))
    for name, value in fields.items():
        text = ", ".join(map(str, value)) if isinstance(value, list) else _text(value)  # pyright: ignore[reportUnknownArgumentType,reportUnknownVariableType]  # any will do
        say(f"{name:<{wide}}  {text}".rstrip())


def _text(value: object) -> str:
    return _at(value) if isinstance(value, datetime) else "" if value is None else str(value)


def _row(key: Key) -> tuple[object, ...]:
    return (
        key.id,
        key.name,
        key.account_id,
        key.hint,
        ", ".join(sorted(key.scopes)),
        _at(key.used_at),
        _at(key.created_at),
        _at(key.revoked_at or key.expires_at),
    )


def _at(moment: datetime | None) -> str:
    return f"{moment:%F %T}" if moment else ""
