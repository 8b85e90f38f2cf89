"""Handle requests about generations: parse the request, call the service, translate the reply."""

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
from rushes.dialects.native.generations.parse import (
    create_body,
    cursor,
    parse_cursor,
    to_spec,
    with_our_names,
)
from rushes.dialects.native.generations.translate import (
    from_attempt,
    from_event,
    from_generation,
    from_quote,
    progress_message,
)
from rushes.dialects.native.resource import reply
from rushes.dialects.shared.pages import first_page
from rushes.http.gateway import Call
from rushes.http.json_bodies import parse_query
from rushes.http.server_sent_events import MEDIA_TYPE, Message, event_stream, last_event_id
from rushes.media.base import StoredFile
from rushes.store.base import Event, GenerationFilter

NAME: Final = "native"
PATH: Final = "/api/v1/generations"
LONGEST_WAIT_S: Final = 60

_WAIT: Final = re.compile(r"\s*wait\s*=\s*\"?([0-9]{1,6})\"?\s*", re.IGNORECASE)


class Handlers:
    """One method per route; ``operations`` declares the routes."""

    def __init__(self, context: DialectContext) -> None:
        self._context = context

    async def create(self, call: Call) -> Response:
        body = create_body(call)
        announce = Announce(url=body.webhook_url, format=NAME) if body.webhook_url else None
        try:
            if announce is not None:
                await self._context.targets.check(announce.url, param="webhook_url")
            generation = await self._context.generations.submit(
                self._spec(body), caller=call.caller, context=call.ask(NAME, announce=announce)
            )
        except InvalidRequest as error:
            raise with_our_names(error) from None
        headers = {"Location": _location(generation)}
        if wait_s := _wait_s(call):
            generation = await self._context.progress_stream.until_final(generation, wait_s=wait_s)
            headers["Preference-Applied"] = f"wait={wait_s}"
        return await self._reply(call, generation, status=201, headers=headers)

    async def quote(self, call: Call) -> Response:
        body = create_body(call)
        try:
            if body.webhook_url:
                await self._context.targets.check(body.webhook_url, param="webhook_url")
            spec = await self._context.generations.check(self._spec(body), caller=call.caller)
        except InvalidRequest as error:
            raise with_our_names(error) from None
        accounting = self._context.credits
        if not accounting.enabled:
            return reply(wire.QuoteReply(price=None, balance=None, is_covered=True))
        quote = await accounting.quote(spec)
        funds = await accounting.funds(call.caller.account_id)
        return reply(from_quote(quote, funds))

    def _spec(self, body: wire.Create) -> GenerationSpec:
        plan = body.plan if isinstance(body, wire.CreateVideo | wire.CreateImage) else None
        return to_spec(body, plan=None if plan is None else self._context.plans.read(plan))

    async def list(self, call: Call) -> Response:
        query = parse_query(wire.ListQuery, call.request)
        catalogue = self._context.catalogue
        wanted = GenerationFilter(
            states=frozenset(query.state),
            model=catalogue.resolve(query.model, makes=None) if query.model else None,
            words=tuple((query.q or "").split()),
            created_from=query.created_from,
            created_before=query.created_before,
            limit=query.limit + 1,
        )
        if query.cursor is not None:
            wanted = await self._after(query.cursor, wanted, call)
        found = await self._context.generations.list(wanted, caller=call.caller)
        page, has_more = first_page(found, query.limit)
        return reply(
            wire.Page(
                generations=[
                    from_generation(one, url=call.url, preview=await self._preview(call, one))
                    for one in page
                ],
                next=cursor(page[-1]) if has_more else None,
            )
        )

    async def _after(self, text: str, wanted: GenerationFilter, call: Call) -> GenerationFilter:
        """Return the filter of the page that begins at a cursor."""
        at, last_id = parse_cursor(text)
        before = min(wanted.created_before, at) if wanted.created_before else at
        if await self._context.generations.get_many([last_id], caller=call.caller):
            return replace(wanted, before_id=last_id)
        return replace(wanted, created_before=before)  # the last of the page before was deleted

    async def get(self, call: Call) -> Response:
        return await self._reply(call, await self._generation(call))

    async def cancel(self, call: Call) -> Response:
        generation = await self._context.generations.cancel(call.parameter(), caller=call.caller)
        return await self._reply(call, generation)

    async def retry(self, call: Call) -> Response:
        generation = await self._context.generations.retry(call.parameter(), caller=call.caller)
        headers = {"Location": _location(generation)}
        return await self._reply(call, generation, status=201, headers=headers)

    async def remove(self, call: Call) -> Response:
        await self._context.generations.remove(call.parameter(), caller=call.caller)
        return Response(status_code=204)

    async def events(self, call: Call) -> Response:
        events = await self._context.generations.events(call.parameter(), caller=call.caller)
        return reply(wire.Events(events=[from_event(event) for event in events]))

    async def attempts(self, call: Call) -> Response:
        generation = await self._generation(call)
        attempts = [from_attempt(attempt) for attempt in generation.attempts]
        return reply(wire.Attempts(attempts=attempts))

    async def progress(self, call: Call) -> Response:
        generation = await self._generation(call)
        after = last_event_id(call.request)
        events = await self._context.generations.events(generation.id, caller=call.caller)
        if generation.state.is_final and events and after >= events[-1].seq:
            return Response(status_code=204)  # keeps a browser from reconnecting
        if call.request.method == "HEAD":
            return Response(media_type=MEDIA_TYPE)
        return event_stream(self._messages(call, generation, after))

    async def _preview(self, call: Call, generation: Generation) -> str | None:
        """Return the link of a generation's preview, if it has one."""
        return _link(call, await self._context.generations.preview(generation))

    async def _messages(
        self, call: Call, generation: Generation, after: int
    ) -> AsyncGenerator[Message, None]:
        stream = self._context.progress_stream.follow(
            generation, after=after, find_preview=self._context.generations.preview
        )
        last: wire.ProgressMessage | None = None
        try:
            async for change in stream:
                id_ = change.seq if isinstance(change, Event) else None
                preview = None if isinstance(change, Event) else change.preview
                message = progress_message(change, preview=_link(call, preview))
                if last is None or id_ is not None or _differs(message, last):
                    yield Message(data=message.model_dump_json(), id=id_, event="progress")
                last = message
        finally:
            await stream.aclose()

    async def _generation(self, call: Call) -> Generation:
        return await self._context.generations.get(call.parameter(), caller=call.caller)

    async def _reply(
        self,
        call: Call,
        generation: Generation,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        view = await self._context.progress_stream.view(generation)
        body = from_generation(
            generation,
            url=call.url,
            position=view.position,
            preview=await self._preview(call, generation),
        )
        return reply(body, status=status, headers=headers)


def _wait_s(call: Call) -> int:
    """Return the seconds that ``Prefer: wait=N`` names, else 0. Source: RFC 7240."""
    for preference in ",".join(call.request.headers.getlist("prefer")).split(","):
        if found := _WAIT.fullmatch(preference.partition(";")[0]):
            return min(int(found[1]), LONGEST_WAIT_S)
    return 0


def _link(call: Call, preview: StoredFile | None) -> str | None:
    """Return the link of a preview; each picture has its own, because links may be cached."""
    if preview is None:
        return None
    version = preview.etag.strip('"')
    return f"{call.url(preview.key)}?v={version}"


def _differs(message: wire.ProgressMessage, last: wire.ProgressMessage) -> bool:
    return message != last.model_copy(update={"event": None})


def _location(generation: Generation) -> str:
    return f"{PATH}/{generation.id}"
