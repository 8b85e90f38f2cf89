"""Handle requests about accounts and API keys."""

from datetime import timedelta

from starlette.responses import Response

from rushes.core.keys import KeyLimits
from rushes.dialects.base import DialectContext
from rushes.dialects.native.accounts.translate import (
    from_account,
    from_key,
    from_limits,
    with_secret,
)
from rushes.dialects.native.accounts.wire import (
    AccountsView,
    ChangeKey,
    CreateAccount,
    CreateKey,
    DeleteAccountQuery,
    DeletedAccountView,
    KeyQuery,
    KeysView,
    OwnAccountView,
    RemainingView,
    RotateKey,
)
from rushes.dialects.native.resource import reply
from rushes.http.gateway import Call
from rushes.http.json_bodies import parse, parse_query
from rushes.service.account_deletion import AccountDeletion


class Handlers:
    """One method per route; ``operations`` declares the routes."""

    def __init__(self, context: DialectContext, account_deletion: AccountDeletion) -> None:
        self._context = context
        self._accounts = context.gateway.accounts
        self._account_deletion = account_deletion

    async def account(self, call: Call) -> Response:
        caller = call.caller
        account = await self._accounts.account(caller.account_id)
        key = await self._accounts.key(caller.key_id) if caller.key_id else None
        return reply(
            OwnAccountView(
                id=caller.account_id,
                name=account.name if account else caller.account_id,
                key_id=caller.key_id,
                operates=caller.is_operator,
                scopes=sorted(caller.scopes),
                limits=from_limits(caller.limits),
                left=await self._remaining(call),
                expires_at=key.expires_at if key else None,
            )
        )

    async def _remaining(self, call: Call) -> RemainingView:
        rate = await self._context.gateway.rates.remaining_submits(call.caller, now=call.now)
        limit = call.caller.in_flight_limit
        in_flight = await self._accounts.in_flight(limit.key_id) if limit else 0
        return RemainingView(
            submits=rate.remaining if rate else None,
            submits_reset_s=rate.reset_s if rate else None,
            in_flight=max(0, limit.most - in_flight) if limit else None,
        )

    async def create_key(self, call: Call) -> Response:
        body = parse(CreateKey, call.raw)
        key, secret = await self._accounts.create_key(
            body.name,
            account=body.account,
            batch_format=body.batch_format,
            scopes=body.scopes,
            limits=self._changed(body, KeyLimits()),
            expires_at=body.expires_at,
        )
        return reply(with_secret(key, secret), status=201)

    async def keys(self, call: Call) -> Response:
        query = parse_query(KeyQuery, call.request)
        keys = await self._accounts.keys(account_id=query.account)
        return reply(KeysView(keys=[from_key(key) for key in keys]))

    async def key(self, call: Call) -> Response:
        return reply(from_key(await self._accounts.key(call.parameter())))

    async def limit_key(self, call: Call) -> Response:
        body = parse(ChangeKey, call.raw)
        key = await self._accounts.limit_key(
            call.parameter(),
            lambda limits: self._changed(body, limits),
            expires_at=body.expires_at,
        )
        return reply(from_key(key))

    def _changed(self, body: ChangeKey, limits: KeyLimits) -> KeyLimits:
        """Return *limits* with the fields that *body* names."""

        def changed(name: str, old: int | None) -> int | None:
            return getattr(body, name) if name in body.model_fields_set else old

        models = limits.models
        if "models" in body.model_fields_set:
            models = self._context.catalogue.canonical(body.models) if body.models else None
        return KeyLimits(
            submits_per_minute=changed("submits_per_minute", limits.submits_per_minute),
            in_flight=changed("in_flight", limits.in_flight),
            models=models,
        )

    async def rotate_key(self, call: Call) -> Response:
        grace = timedelta(seconds=parse(RotateKey, call.raw).grace_s)
        return reply(with_secret(*await self._accounts.rotate_key(call.parameter(), grace=grace)))

    async def revoke_key(self, call: Call) -> Response:
        return reply(from_key(await self._accounts.revoke_key(call.parameter())))

    async def create_account(self, call: Call) -> Response:
        body = parse(CreateAccount, call.raw)
        account = await self._accounts.create_account(body.id, name=body.name)
        return reply(from_account(account), status=201)

    async def accounts(self, call: Call) -> Response:
        accounts = await self._accounts.accounts()
        return reply(AccountsView(accounts=[from_account(account) for account in accounts]))

    async def close_account(self, call: Call) -> Response:
        query = parse_query(DeleteAccountQuery, call.request)
        deleted = await self._account_deletion.delete(call.parameter(), cancel=query.cancel)
        return reply(
            DeletedAccountView(
                id=deleted.account_id,
                generations=deleted.generations,
                uploads=deleted.uploads,
                keys=deleted.keys,
            )
        )
