"""Declare the routes of accounts and API keys."""

from typing import Final

from rushes.dialects.base import DialectContext
from rushes.dialects.native.accounts.handlers import Handlers
from rushes.dialects.native.accounts.wire import (
    AccountsView,
    AccountView,
    ChangeKey,
    CreateAccount,
    CreateKey,
    DeleteAccountQuery,
    DeletedAccountView,
    KeyQuery,
    KeysView,
    KeyView,
    KeyWithSecret,
    OwnAccountView,
    RotateKey,
)
from rushes.dialects.native.resource import NEEDS_OPERATOR, operator_operation
from rushes.http.operation import JSON, Body, Operation, Reply
from rushes.service.account_deletion import AccountDeletion

KEYS: Final = "/api/v1/keys"
ACCOUNTS: Final = "/api/v1/accounts"
_KEY: Final = KEYS + "/{id}"
_ACCOUNT: Final = ACCOUNTS + "/{id}"


def account_operations(
    context: DialectContext, account_deletion: AccountDeletion
) -> tuple[Operation, ...]:
    """Return the routes of accounts and keys; all but the caller's own account are operators'."""
    handlers = Handlers(context, account_deletion)
    return (
        Operation(
            path="/api/v1/account",
            handler=handlers.account,
            summary="Get the account that the key acts for, and what is left of its limits",
            replies={200: Reply(about="The account.", shape=OwnAccountView)},
        ),
        *_key_operations(handlers),
        *_account_operations(handlers),
    )


def _key_operations(handlers: Handlers) -> tuple[Operation, ...]:
    key = {200: Reply(about="The key.", shape=KeyView)}
    with_secret = Reply(about="The key with its secret.", shape=KeyWithSecret)
    return (
        operator_operation(
            path=KEYS,
            methods=("POST",),
            handler=handlers.create_key,
            summary="Create a key",
            about=f"{NEEDS_OPERATOR} Only this reply shows the secret. An account that does not"
            " exist is created.",
            body=Body(contents={JSON: CreateKey}),
            replies={201: with_secret},
        ),
        operator_operation(
            path=KEYS,
            handler=handlers.keys,
            summary="List keys",
            query=KeyQuery,
            replies={200: Reply(about="All keys.", shape=KeysView)},
        ),
        operator_operation(path=_KEY, handler=handlers.key, summary="Get a key", replies=key),
        operator_operation(
            path=_KEY,
            methods=("PATCH",),
            handler=handlers.limit_key,
            summary="Change the limits of a key",
            about=f"{NEEDS_OPERATOR} The change takes effect within a second.",
            body=Body(contents={JSON: ChangeKey}),
            replies=key,
            problems=(409,),
        ),
        operator_operation(
            path=f"{_KEY}/rotate",
            methods=("POST",),
            handler=handlers.rotate_key,
            summary="Give a key a new secret",
            about=f"{NEEDS_OPERATOR} The old secret stays valid for the grace period.",
            body=Body(contents={JSON: RotateKey}, required=False),
            replies={200: with_secret},
            problems=(409,),
        ),
        operator_operation(
            path=_KEY,
            methods=("DELETE",),
            handler=handlers.revoke_key,
            summary="Revoke a key",
            about=f"{NEEDS_OPERATOR} The key stays on the list.",
            replies=key,
        ),
    )


def _account_operations(handlers: Handlers) -> tuple[Operation, ...]:
    return (
        operator_operation(
            path=ACCOUNTS,
            methods=("POST",),
            handler=handlers.create_account,
            summary="Create an account",
            body=Body(contents={JSON: CreateAccount}),
            replies={201: Reply(about="The account.", shape=AccountView)},
            problems=(409,),
        ),
        operator_operation(
            path=ACCOUNTS,
            handler=handlers.accounts,
            summary="List the accounts",
            replies={200: Reply(about="All accounts.", shape=AccountsView)},
        ),
        operator_operation(
            path=_ACCOUNT,
            methods=("DELETE",),
            handler=handlers.close_account,
            summary="Delete an account with its generations, files and keys, for good",
            about=f"{NEEDS_OPERATOR} Refused while the account has queued or running generations,"
            " unless `cancel` is true.",
            query=DeleteAccountQuery,
            replies={200: Reply(about="What was deleted.", shape=DeletedAccountView)},
            problems=(409,),
        ),
    )
