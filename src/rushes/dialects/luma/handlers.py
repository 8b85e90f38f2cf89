"""Handle requests of the Dream Machine API: parse, call the service, translate the reply."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from pydantic_core import to_json
from starlette.responses import Response

from rushes.core.credit_amounts import MICRO
from rushes.core.errors import IllegalTransition, InvalidRequest
from rushes.core.generation import Announce, Generation
from rushes.dialects.base import DialectContext
from rushes.dialects.luma import parse, wire
from rushes.dialects.luma.errors import parse_body, parse_query
from rushes.dialects.luma.translate import from_generation, referenced_ids
from rushes.dialects.shared.pages import first_page
from rushes.http.gateway import Call
from rushes.http.operation import JSON
from rushes.store.base import GenerationFilter

PLENTY_CENTS: Final = 100_000_000.0
"""The balance that a server without credits shows, in US cents."""


class Handlers:
    """One method per route; ``operations`` declares the routes."""

    def __init__(self, context: DialectContext, dialect: str) -> None:
        self._context = context
        self._dialect = dialect

    async def create(self, call: Call) -> Response:
        return await self._reply(
            call, await self._submit(call, parse.video(parse_body(wire.CreateVideo, call))), 201
        )

    async def create_image(self, call: Call) -> Response:
        body = parse_body(wire.CreateImage, call)
        generation = await self._submit(call, parse.picture(body))
        if body.sync:
            wait_s = body.sync_timeout or wire.DEFAULT_SYNC_S
            generation = await self._context.progress_stream.until_final(generation, wait_s=wait_s)
        return await self._reply(call, generation, 201)

    async def reframe_video(self, call: Call) -> Response:
        body = parse_body(wire.ReframeVideo, call)
        return await self._reply(call, await self._submit(call, parse.reframing(body)), 201)

    async def reframe_image(self, call: Call) -> Response:
        body = parse_body(wire.ReframeImage, call)
        return await self._reply(call, await self._submit(call, parse.reframing(body)), 201)

    async def modify_video(self, call: Call) -> Response:
        body = parse_body(wire.ModifyVideo, call)
        return await self._reply(call, await self._submit(call, parse.modification(body)), 201)

    async def upscale(self, call: Call) -> Response:
        body = parse_body(wire.UpscaleVideo, call)
        return await self._reply(
            call, await self._submit(call, parse.upscale(body, call.parameter())), 200
        )

    async def add_audio(self, call: Call) -> Response:
        body = parse_body(wire.AddAudio, call)
        return await self._reply(
            call, await self._submit(call, parse.audio(body, call.parameter())), 200
        )

    async def get(self, call: Call) -> Response:
        found = await self._context.generations.get(call.parameter(), caller=call.caller)
        return await self._reply(call, found, 200)

    async def page(self, call: Call) -> Response:
        query = parse_query(wire.Page, call.request)
        wanted = GenerationFilter(offset=query.offset, limit=query.limit + 1)
        found = await self._context.generations.list(wanted, caller=call.caller)
        shown, has_more = first_page(found, query.limit)
        page: wire.Generations = {
            "has_more": has_more,
            "count": len(shown),
            "limit": query.limit,
            "offset": query.offset,
            "generations": await self._views(call, shown),
        }
        return _json(page)

    async def delete(self, call: Call) -> Response:
        found = await self._context.generations.get(call.parameter(), caller=call.caller)
        if not found.state.is_final:
            with suppress(IllegalTransition):  # it has become final meanwhile
                await self._context.generations.cancel(found.id, caller=call.caller)
        await self._context.generations.remove(found.id, caller=call.caller)
        return Response(status_code=204)

    async def concepts(self, call: Call) -> Response:
        return _json(self._concepts(call))

    async def camera_motions(self, call: Call) -> Response:
        return _json([f"camera {name.replace('_', ' ')}" for name in self._concepts(call)])

    def _concepts(self, call: Call) -> list[str]:
        """Return the names of camera moves that any of the models knows."""
        models = self._context.catalogue_for(call).models()
        return list(dict.fromkeys(name for one in models for name in one.capabilities.concepts))

    async def ping(self, call: Call) -> Response:
        pong: wire.Pong = {"message": "pong"}
        return _json(pong)

    async def credits(self, call: Call) -> Response:
        cents = PLENTY_CENTS
        if self._context.credits.enabled:
            # One credit is shown as one cent, for people to read: a float is exact enough.
            cents = (await self._context.credits.funds(call.caller.account_id)).balance / MICRO
        balance: wire.Credits = {"credit_balance": cents}
        return _json(balance)

    async def _submit(self, call: Call, request: parse.ParsedRequest) -> Generation:
        callback_url = request.callback_url
        try:
            if callback_url is not None:
                await self._context.targets.check(callback_url, param="callback_url")
            return await self._context.generations.submit(
                request.spec,
                caller=call.caller,
                context=call.ask(
                    self._dialect,
                    announce=Announce(url=callback_url, format=self._dialect)
                    if callback_url
                    else None,
                ),
            )
        except InvalidRequest as error:
            raise parse.with_our_names(error, request) from None

    async def _reply(self, call: Call, generation: Generation, status: int) -> Response:
        return _json((await self._views(call, [generation]))[0], status)

    async def _views(self, call: Call, generations: Iterable[Generation]) -> list[wire.Generation]:
        """Return *generations* as replies, with the files of the generations that they refer to."""
        generations = list(generations)
        ids = referenced_ids(generations)
        found = await self._context.generations.get_many(ids, caller=call.caller) if ids else ()
        earlier = {str(one.id): one for one in found}
        return [from_generation(one, url=call.url, earlier=earlier) for one in generations]


def _json(value: object, status: int = 200) -> Response:
    return Response(to_json(value), status, media_type=JSON)
