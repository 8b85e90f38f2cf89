"""What happens at each path of our own API: parse, call, word."""

import re
from collections.abc import AsyncGenerator, Mapping
from dataclasses import replace
from typing import Final

from starlette.responses import Response

from rushes.core.errors import InvalidRequest
from rushes.core.generation import Announce, Generation
from rushes.core.spec import GenerationSpec
from rushes.dialects.base import DialectContext
from rushes.dialects.native.generations import wire
from rushes.dialects.native.generations.translate import (
    cursor,
    from_attempt,
    from_capabilities,
    from_event,
    from_generation,
    from_quote,
    read_cursor,
    respelled,
    to_spec,
)
from rushes.dialects.native.replies import reply
from rushes.http.gateway import Call
from rushes.http.json_bodies import parse, parse_query
from rushes.http.server_sent_events import MEDIA_TYPE, Message, event_stream, last_event_id
from rushes.service.progress_stream import ProgressView
from rushes.store.base import Event, GenerationFilter

NAME: Final = "native"
PREFIX: Final = "/api"
PATH: Final = "/api/v1/generations"
QUOTES: Final = "/api/v1/quotes"
LONGEST_WAIT_S: Final = 60

_WAIT: Final = re.compile(r"\s*wait\s*=\s*\"?([0-9]{1,6})\"?\s*", re.IGNORECASE)


class Handlers:
    """The handlers, at one desk."""

    def __init__(self, desk: DialectContext) -> None:
        self._desk = desk

    async def create(self, call: Call) -> Response:
        asked = _parsed(call)
        announce = Announce(url=asked.webhook_url, format=NAME) if asked.webhook_url else None
        try:
            if announce is not None:
                await self._desk.targets.check(announce.url, param="webhook_url")
            generation = await self._desk.generations.submit(
                self._spec(asked), caller=call.caller, context=call.ask(NAME, announce=announce)
            )
        except InvalidRequest as error:
            raise respelled(error) from None
        headers = {"Location": _location(generation)}
        if wait_s := _wait_s(call):
            generation = await self._desk.following.until_final(generation, wait_s=wait_s)
            headers["Preference-Applied"] = f"wait={wait_s}"
        return await self._told(call, generation, status=201, headers=headers)

    async def quote(self, call: Call) -> Response:
        asked = _parsed(call)
        try:
            if asked.webhook_url:
                await self._desk.targets.check(asked.webhook_url, param="webhook_url")
            spec = await self._desk.generations.check(self._spec(asked), caller=call.caller)
        except InvalidRequest as error:
            raise respelled(error) from None
        purse = self._desk.credits
        if purse is None or not purse.enabled:
            return reply(wire.QuoteTold(price=None, balance=None, is_covered=True))
        quote = await purse.quote(spec)
        funds = await purse.funds(call.caller.account_id)
        return reply(from_quote(quote, funds))

    def _spec(self, asked: wire.Create) -> GenerationSpec:
        given = asked.plan if isinstance(asked, wire.CreateVideo | wire.CreateImage) else None
        return to_spec(asked, plan=None if given is None else self._desk.plans.read(given))

    async def list(self, call: Call) -> Response:
        query = parse_query(wire.ListQuery, call.request)
        wanted = GenerationFilter(
            states=frozenset(query.state),
            model=self._desk.catalogue.resolve(query.model, makes=None) if query.model else None,
            words=tuple((query.q or "").split()),
            created_from=query.created_from,
            created_before=query.created_before,
            limit=query.limit + 1,
        )
        if query.cursor is not None:
            wanted = await self._after(query.cursor, wanted, call)
        found = await self._desk.generations.list(wanted, caller=call.caller)
        shown = found[: query.limit]
        page = wire.Page(
            generations=[
                from_generation(one, url=call.url, preview=self._preview(call, one))
                for one in shown
            ],
            next=cursor(shown[-1]) if len(found) > len(shown) else None,
        )
        return reply(page)

    async def _after(self, text: str, wanted: GenerationFilter, call: Call) -> GenerationFilter:
        """Return the filter of the page that begins at a cursor."""
        at, last_id = read_cursor(text)
        before = min(wanted.created_before, at) if wanted.created_before else at
        if await self._desk.generations.get_many([last_id], caller=call.caller):
            return replace(wanted, before_id=last_id)
        return replace(wanted, created_before=before)  # it was removed since

    async def get(self, call: Call) -> Response:
        return await self._told(call, await self._found(call))

    async def cancel(self, call: Call) -> Response:
        generation = await self._desk.generations.cancel(_id(call), caller=call.caller)
        return await self._told(call, generation)

    async def retry(self, call: Call) -> Response:
        generation = await self._desk.generations.retry(_id(call), caller=call.caller)
        headers = {"Location": _location(generation)}
        return await self._told(call, generation, status=201, headers=headers)

    async def remove(self, call: Call) -> Response:
        await self._desk.generations.remove(_id(call), caller=call.caller)
        return Response(status_code=204)

    async def events(self, call: Call) -> Response:
        events = await self._desk.generations.events(_id(call), caller=call.caller)
        return reply(wire.Events(events=[from_event(event) for event in events]))

    async def attempts(self, call: Call) -> Response:
        found = await self._found(call)
        return reply(wire.Attempts(attempts=[from_attempt(one) for one in found.attempts]))

    async def progress(self, call: Call) -> Response:
        generation = await self._found(call)
        after = last_event_id(call.request)
        events = await self._desk.generations.events(generation.id, caller=call.caller)
        if generation.state.is_final and events and after >= events[-1].seq:
            return Response(status_code=204)  # this tells a browser not to come back again
        if call.request.method == "HEAD":
            return Response(media_type=MEDIA_TYPE)
        return event_stream(self._messages(call, generation, after))

    def _preview(self, call: Call, generation: Generation) -> str | None:
        """Return the link of a preview; each picture has its own, for links may be cached."""
        found = self._desk.generations.preview(generation)
        return f"{call.url(found[0])}?v={found[1]}" if found else None

    async def _messages(
        self, call: Call, generation: Generation, after: int
    ) -> AsyncGenerator[Message, None]:
        following = self._desk.following.follow(generation, after=after)
        told: wire.ProgressTold | None = None
        try:
            async for news in following:
                id_ = news.seq if isinstance(news, Event) else None
                shown = None if id_ is not None else self._preview(call, news.generation)
                progress = _progress(news, shown)
                if told is None or id_ is not None or _says_more(progress, told):
                    yield Message(data=progress.model_dump_json(), id=id_, event="progress")
                told = progress
        finally:
            await following.aclose()

    async def models(self, call: Call) -> Response:
        offered = self._desk.offered(call)
        default = offered.resolve(None) if offered.models() else None
        models = [
            wire.ModelTold(
                name=model.name,
                aliases=list(model.aliases),
                is_default=model.name == default,
                engine=model.engine,
                capabilities=from_capabilities(model.capabilities, kinds=model.kinds),
            )
            for model in offered.models()
        ]
        return reply(wire.Models(models=models))

    async def _found(self, call: Call) -> Generation:
        return await self._desk.generations.get(_id(call), caller=call.caller)

    async def _told(
        self,
        call: Call,
        generation: Generation,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        standing = await self._desk.following.view(generation)
        told = from_generation(
            generation,
            url=call.url,
            position=standing.position,
            preview=self._preview(call, generation),
        )
        return reply(told, status=status, headers=headers)


def _parsed(call: Call) -> wire.Create:
    """Return a create body, read as its kind wants it, so that an error names a field of that."""
    kind = parse(wire.KindOnly, call.raw).kind
    return parse(wire.BODIES[kind], call.raw, unknown=call.unknown)


def _wait_s(call: Call) -> int:
    """Return how long the caller would wait, 0 if he does not say. Source: RFC 7240."""
    for preference in ",".join(call.request.headers.getlist("prefer")).split(","):
        if found := _WAIT.fullmatch(preference.partition(";")[0]):
            return min(int(found[1]), LONGEST_WAIT_S)
    return 0


def _progress(news: Event | ProgressView, preview: str | None) -> wire.ProgressTold:
    generation = news.generation
    return wire.ProgressTold(
        event=news.type if isinstance(news, Event) else None,
        at=news.at if isinstance(news, Event) else generation.updated_at,
        state=generation.state,
        progress=generation.progress,
        position=news.position if isinstance(news, ProgressView) else None,
        attempt=generation.attempt,
        preview=preview,
    )


def _says_more(news: wire.ProgressTold, told: wire.ProgressTold) -> bool:
    return news != told.model_copy(update={"event": None})


def _id(call: Call) -> str:
    return str(call.request.path_params["id"])


def _location(generation: Generation) -> str:
    return f"{PATH}/{generation.id}"
