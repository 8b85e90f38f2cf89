"""Accounts and keys in our own API: what a caller is told of his, what an operator does to all."""

from datetime import timedelta
from typing import Final

from starlette.responses import Response

from rushes.core.keys import Account, Key, KeyLimits, Scope
from rushes.dialects.base import DialectContext
from rushes.dialects.native.accounts.wire import (
    AccountsTold,
    AccountTold,
    ChangeKey,
    ClosedTold,
    CloseQuery,
    CreateAccount,
    CreateKey,
    KeyMade,
    KeyQuery,
    KeysTold,
    KeyTold,
    LeftTold,
    LimitsTold,
    OwnAccount,
    RotateKey,
)
from rushes.dialects.native.replies import reply
from rushes.http.gateway import Call
from rushes.http.json_bodies import parse, parse_query
from rushes.http.operation import JSON, Body, Operation, Reply
from rushes.service.account_deletion import AccountDeletion

KEYS: Final = "/api/v1/keys"
ACCOUNTS: Final = "/api/v1/accounts"
_KEY: Final = KEYS + "/{id}"
_ACCOUNT: Final = ACCOUNTS + "/{id}"
_ABOUT: Final = "It takes an operator's key."


def account_operations(desk: DialectContext, closing: AccountDeletion) -> tuple[Operation, ...]:
    """Return what can be asked for."""
    calls = _Calls(desk, closing)
    return (
        Operation(
            path="/api/v1/account",
            handler=calls.account,
            summary="Get the account that the key acts for, and what is left of its limits",
            replies={200: Reply(about="The account.", shape=OwnAccount)},
        ),
        *_of_keys(calls),
        *_of_accounts(calls),
    )


def _of_keys(calls: "_Calls") -> tuple[Operation, ...]:
    one = {200: Reply(about="The key.", shape=KeyTold)}
    made = Reply(about="The key with its secret.", shape=KeyMade)
    return (
        Operation(
            path=KEYS,
            methods=("POST",),
            handler=calls.create_key,
            scope=Scope.OPERATE,
            summary="Make a key",
            about=f"{_ABOUT} Its secret is told this once. An account that there is not is made.",
            body=Body(contents={JSON: CreateKey}),
            replies={201: made},
        ),
        Operation(
            path=KEYS,
            handler=calls.keys,
            scope=Scope.OPERATE,
            summary="List keys",
            about=_ABOUT,
            query=KeyQuery,
            replies={200: Reply(about="All of them.", shape=KeysTold)},
        ),
        Operation(
            path=_KEY,
            handler=calls.key,
            scope=Scope.OPERATE,
            summary="Get a key",
            about=_ABOUT,
            replies=one,
        ),
        Operation(
            path=_KEY,
            methods=("PATCH",),
            handler=calls.limit_key,
            scope=Scope.OPERATE,
            summary="Change what a key may do",
            about=f"{_ABOUT} It holds within a second.",
            body=Body(contents={JSON: ChangeKey}),
            replies=one,
            problems=(409,),
        ),
        Operation(
            path=f"{_KEY}/rotate",
            methods=("POST",),
            handler=calls.rotate_key,
            scope=Scope.OPERATE,
            summary="Give a key a new secret",
            about=f"{_ABOUT} The one that it has is good for the grace period.",
            body=Body(contents={JSON: RotateKey}, required=False),
            replies={200: made},
            problems=(409,),
        ),
        Operation(
            path=_KEY,
            methods=("DELETE",),
            handler=calls.revoke_key,
            scope=Scope.OPERATE,
            summary="Make a key worthless",
            about=f"{_ABOUT} It stays on the list.",
            replies=one,
        ),
    )


def _of_accounts(calls: "_Calls") -> tuple[Operation, ...]:
    return (
        Operation(
            path=ACCOUNTS,
            methods=("POST",),
            handler=calls.create_account,
            scope=Scope.OPERATE,
            summary="Make an account",
            about=_ABOUT,
            body=Body(contents={JSON: CreateAccount}),
            replies={201: Reply(about="The account.", shape=AccountTold)},
            problems=(409,),
        ),
        Operation(
            path=ACCOUNTS,
            handler=calls.accounts,
            scope=Scope.OPERATE,
            summary="List the accounts",
            about=_ABOUT,
            replies={200: Reply(about="All of them.", shape=AccountsTold)},
        ),
        Operation(
            path=_ACCOUNT,
            methods=("DELETE",),
            handler=calls.close_account,
            scope=Scope.OPERATE,
            summary="Delete an account with its generations, files and keys, for good",
            about=f"{_ABOUT} Refused while something of it waits or runs, unless with `cancel`.",
            query=CloseQuery,
            replies={200: Reply(about="What went with it.", shape=ClosedTold)},
            problems=(409,),
        ),
    )


class _Calls:
    """The handlers."""

    def __init__(self, desk: DialectContext, closing: AccountDeletion) -> None:
        self._desk = desk
        self._accounts = desk.door.accounts
        self._closing = closing

    async def account(self, call: Call) -> Response:
        caller = call.caller
        found = await self._accounts.account(caller.account_id)
        key = await self._accounts.key(caller.key_id) if caller.key_id else None
        return reply(
            OwnAccount(
                id=caller.account_id,
                name=found.name if found else caller.account_id,
                key_id=caller.key_id,
                operates=caller.is_operator,
                scopes=sorted(caller.scopes),
                limits=_limits(caller.limits),
                left=await self._left(call),
                expires_at=key.expires_at if key else None,
            )
        )

    async def _left(self, call: Call) -> LeftTold:
        rate = self._desk.door.rates.remaining_submits(call.caller, now=call.now)
        room = call.caller.in_flight_limit
        under_way = await self._accounts.in_flight(room.key_id) if room else 0
        return LeftTold(
            submits=rate.remaining if rate else None,
            submits_reset_s=rate.reset_s if rate else None,
            in_flight=max(0, room.most - under_way) if room else None,
        )

    async def create_key(self, call: Call) -> Response:
        asked = parse(CreateKey, call.raw)
        key, secret = await self._accounts.create_key(
            asked.name,
            account=asked.account,
            batch_format=asked.batch_format,
            scopes=asked.scopes,
            limits=self._changed(asked, KeyLimits()),
            expires_at=asked.expires_at,
        )
        return reply(_made(key, secret), status=201)

    async def keys(self, call: Call) -> Response:
        query = parse_query(KeyQuery, call.request)
        found = await self._accounts.keys(account_id=query.account)
        return reply(KeysTold(keys=[_told(key) for key in found]))

    async def key(self, call: Call) -> Response:
        return reply(_told(await self._accounts.key(_id(call))))

    async def limit_key(self, call: Call) -> Response:
        asked = parse(ChangeKey, call.raw)
        key = await self._accounts.limit_key(
            _id(call), lambda limits: self._changed(asked, limits), expires_at=asked.expires_at
        )
        return reply(_told(key))

    def _changed(self, asked: ChangeKey, limits: KeyLimits) -> KeyLimits:
        """Return *limits* with what is named changed."""

        def one(name: str, old: int | None) -> int | None:
            return getattr(asked, name) if name in asked.model_fields_set else old

        models = limits.models
        if "models" in asked.model_fields_set:
            models = self._desk.catalogue.canonical(asked.models) if asked.models else None
        return KeyLimits(
            submits_per_minute=one("submits_per_minute", limits.submits_per_minute),
            in_flight=one("in_flight", limits.in_flight),
            models=models,
        )

    async def rotate_key(self, call: Call) -> Response:
        grace = timedelta(seconds=parse(RotateKey, call.raw).grace_s)
        return reply(_made(*await self._accounts.rotate_key(_id(call), grace=grace)))

    async def revoke_key(self, call: Call) -> Response:
        return reply(_told(await self._accounts.revoke_key(_id(call))))

    async def create_account(self, call: Call) -> Response:
        asked = parse(CreateAccount, call.raw)
        made = await self._accounts.create_account(asked.id, name=asked.name)
        return reply(_account(made), status=201)

    async def accounts(self, call: Call) -> Response:
        found = await self._accounts.accounts()
        return reply(AccountsTold(accounts=[_account(one) for one in found]))

    async def close_account(self, call: Call) -> Response:
        query = parse_query(CloseQuery, call.request)
        closed = await self._closing.delete(_id(call), cancel=query.cancel)
        return reply(
            ClosedTold(
                id=closed.account_id,
                generations=closed.generations,
                uploads=closed.uploads,
                keys=closed.keys,
            )
        )


def _id(call: Call) -> str:
    return str(call.request.path_params["id"])


def _account(account: Account) -> AccountTold:
    return AccountTold(id=account.id, name=account.name, created_at=account.created_at)


def _limits(limits: KeyLimits) -> LimitsTold:
    return LimitsTold(
        submits_per_minute=limits.submits_per_minute,
        in_flight=limits.in_flight,
        models=None if limits.models is None else sorted(limits.models),
    )


def _told(key: Key) -> KeyTold:
    return KeyTold(
        id=key.id,
        account=key.account_id,
        name=key.name,
        hint=key.hint,
        scopes=sorted(key.scopes),
        limits=_limits(key.limits),
        batch_format=key.batch_format,
        created_at=key.created_at,
        expires_at=key.expires_at,
        revoked_at=key.revoked_at,
        used_at=key.used_at,
        former_secret_until=key.former_until,
    )


def _made(key: Key, secret: str) -> KeyMade:
    return KeyMade(**_told(key).model_dump(), key=secret)
