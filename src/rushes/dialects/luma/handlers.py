"""What happens at each path of the Dream Machine API: parse, call, word."""

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
from rushes.dialects.luma.translate import from_generation, referred_to
from rushes.http.gateway import Call
from rushes.http.operation import JSON
from rushes.store.base import GenerationFilter

PLENTY_CENTS: Final = 100_000_000.0
"""The balance where nothing is metered, in US cents."""


class Handlers:
    """The handlers, at one desk."""

    def __init__(self, desk: DialectContext, dialect: str) -> None:
        self._desk = desk
        self._dialect = dialect

    async def create(self, call: Call) -> Response:
        return await self._told(
            call, await self._submit(call, parse.video(parse_body(wire.CreateVideo, call))), 201
        )

    async def create_image(self, call: Call) -> Response:
        body = parse_body(wire.CreateImage, call)
        generation = await self._submit(call, parse.picture(body))
        if body.sync:
            wait_s = body.sync_timeout or wire.USUAL_SYNC_S
            generation = await self._desk.following.until_final(generation, wait_s=wait_s)
        return await self._told(call, generation, 201)

    async def reframe_video(self, call: Call) -> Response:
        body = parse_body(wire.ReframeVideo, call)
        return await self._told(call, await self._submit(call, parse.reframing(body)), 201)

    async def reframe_image(self, call: Call) -> Response:
        body = parse_body(wire.ReframeImage, call)
        return await self._told(call, await self._submit(call, parse.reframing(body)), 201)

    async def modify_video(self, call: Call) -> Response:
        body = parse_body(wire.ModifyVideo, call)
        return await self._told(call, await self._submit(call, parse.modification(body)), 201)

    async def upscale(self, call: Call) -> Response:
        body = parse_body(wire.UpscaleVideo, call)
        return await self._told(call, await self._submit(call, parse.upscale(body, _id(call))), 200)

    async def add_audio(self, call: Call) -> Response:
        body = parse_body(wire.AddAudio, call)
        return await self._told(call, await self._submit(call, parse.audio(body, _id(call))), 200)

    async def get(self, call: Call) -> Response:
        found = await self._desk.generations.get(_id(call), caller=call.caller)
        return await self._told(call, found, 200)

    async def page(self, call: Call) -> Response:
        query = parse_query(wire.Page, call.request)
        wanted = GenerationFilter(offset=query.offset, limit=query.limit + 1)
        found = await self._desk.generations.list(wanted, caller=call.caller)
        shown = found[: query.limit]
        page: wire.Generations = {
            "has_more": len(found) > len(shown),
            "count": len(shown),
            "limit": query.limit,
            "offset": query.offset,
            "generations": await self._worded(call, shown),
        }
        return _reply(page)

    async def delete(self, call: Call) -> Response:
        found = await self._desk.generations.get(_id(call), caller=call.caller)
        if not found.state.is_final:
            with suppress(IllegalTransition):  # it has just ended by itself
                await self._desk.generations.cancel(found.id, caller=call.caller)
        await self._desk.generations.remove(found.id, caller=call.caller)
        return Response(status_code=204)

    async def concepts(self, call: Call) -> Response:
        return _reply(self._concepts(call))

    async def camera_motions(self, call: Call) -> Response:
        return _reply([f"camera {name.replace('_', ' ')}" for name in self._concepts(call)])

    def _concepts(self, call: Call) -> list[str]:
        """Return the camera moves that any model knows by name."""
        models = self._desk.offered(call).models()
        return list(dict.fromkeys(name for one in models for name in one.capabilities.concepts))

    async def ping(self, call: Call) -> Response:
        told: wire.Pong = {"message": "pong"}
        return _reply(told)

    async def credits(self, call: Call) -> Response:
        purse, cents = self._desk.credits, PLENTY_CENTS
        if purse is not None and purse.enabled:
            # A credit stands for a cent. It is a figure to look at, so that a float will do.
            cents = (await purse.funds(call.caller.account_id)).balance / MICRO
        told: wire.Credits = {"credit_balance": cents}
        return _reply(told)

    async def _submit(self, call: Call, wanted: parse.ParsedRequest) -> Generation:
        address = wanted.callback_url
        try:
            if address is not None:
                await self._desk.targets.check(address, param="callback_url")
            return await self._desk.generations.submit(
                wanted.spec,
                caller=call.caller,
                context=call.ask(
                    self._dialect,
                    announce=Announce(url=address, format=self._dialect) if address else None,
                ),
            )
        except InvalidRequest as error:
            raise parse.respelled(error, wanted) from None

    async def _told(self, call: Call, generation: Generation, status: int) -> Response:
        return _reply((await self._worded(call, [generation]))[0], status)

    async def _worded(self, call: Call, generations: Iterable[Generation]) -> list[wire.Generation]:
        """Return how this API tells of *generations*, with the files of what they refer to."""
        generations = list(generations)
        ids = referred_to(generations)
        found = await self._desk.generations.get_many(ids, caller=call.caller) if ids else ()
        earlier = {str(one.id): one for one in found}
        return [from_generation(one, url=call.url, earlier=earlier) for one in generations]


def _id(call: Call) -> str:
    return str(call.request.path_params["id"])


def _reply(told: object, status: int = 200) -> Response:
    return Response(to_json(told), status, media_type=JSON)
