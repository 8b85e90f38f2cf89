"""Handle requests of the relay API: parse, call the service, translate the reply."""

from collections.abc import Sequence
from typing import cast

from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from rushes.core.credit_amounts import MICRO
from rushes.core.errors import InvalidRequest
from rushes.core.generation import Announce, ArtifactKind, Generation, State
from rushes.core.spec import Medium
from rushes.dialects.base import DialectContext, require_video
from rushes.dialects.luma_relay import acedata
from rushes.dialects.luma_relay.parse import ParsedRequest, read, unread, with_callers_names
from rushes.dialects.luma_relay.reply_cache import ReplyCache
from rushes.dialects.luma_relay.translate import from_generation, to_row, to_spec
from rushes.dialects.luma_relay.wire import (
    ACE_FORMAT,
    BATCH_FORMATS,
    DEFAULT_PAGE,
    FARTHEST,
    LONGEST_PAGE,
    MOST_IDS,
    AceTasks,
    Address,
    Me,
    Rows,
    Task,
    Uploaded,
    Usage,
)
from rushes.http.form_bodies import Fields, data_uri, fields
from rushes.http.gateway import Call
from rushes.http.requests import header
from rushes.kit.inline_images import HEAD_BYTES, image_type
from rushes.kit.quoting import quoted, quoted_text
from rushes.store.base import GenerationFilter


class Handlers:
    """One method per route; ``operations`` declares the routes."""

    def __init__(
        self, context: DialectContext, dialect: str, batch_format: str, notify_format: str
    ) -> None:
        self._context = context
        self._dialect = dialect
        self._batch_format = batch_format
        self._notify_format = notify_format
        self._replies = ReplyCache()

    async def create(self, call: Call) -> Response:
        return await self._submit(call, await self._read(call))

    async def extend(self, call: Call) -> Response:
        return await self._submit(call, await self._read(call, extends=call.parameter()))

    async def _read(self, call: Call, *, extends: str | None = None) -> ParsedRequest:
        body = await _fields(call)
        if ignored := unread(body):
            call.unknown.note(ignored)
        return read(body, catalogue=self._context.catalogue_for(call), extends=extends)

    async def _submit(self, call: Call, request: ParsedRequest) -> Response:
        generation = await self._submitted(call, request, self._announce(request))
        return self._reply(call, generation)

    async def _submitted(
        self, call: Call, request: ParsedRequest, announce: Announce | None
    ) -> Generation:
        spec = to_spec(request)
        hook_problems = await self._hook_problems(request) if request.hook is not None else ()
        if problems := [*request.problems, *hook_problems]:
            raise InvalidRequest.of([*problems, *await self._refusals(call, request)])
        ask = call.ask(self._dialect, announce=announce)
        try:
            return await self._context.generations.submit(spec, caller=call.caller, context=ask)
        except InvalidRequest as error:
            raise InvalidRequest.of(with_callers_names(error.problems, request)) from None

    async def _refusals(self, call: Call, request: ParsedRequest) -> Sequence[tuple[str, str]]:
        """Return what the service would refuse too, so that a caller sees every problem."""
        try:
            await self._context.generations.check(to_spec(request), caller=call.caller)
        except InvalidRequest as error:
            return with_callers_names(error.problems, request)
        return ()

    async def _hook_problems(self, request: ParsedRequest) -> Sequence[tuple[str, str]]:
        if request.hook is None:
            return ()
        try:
            await self._context.targets.check(request.hook, param=request.spelled["hook"])
        except InvalidRequest as error:
            return error.problems
        return ()

    def _announce(self, request: ParsedRequest) -> Announce | None:
        if request.hook is None:
            return None
        return Announce(url=request.hook, format=self._notify_format)

    def _reply(self, call: Call, generation: Generation) -> Response:
        return _Json(self._replies(call, generation))

    async def show(self, call: Call) -> Response:
        generations, generation_id = self._context.generations, call.parameter()
        cached = self._replies.find(call, generation_id)
        if cached is None:
            found = await generations.get(generation_id, caller=call.caller)
        else:
            changed = await generations.get_changed(
                generation_id, cached.revision, owner=cached.owner, caller=call.caller
            )
            if changed is None:
                return _Json(cached.content(call))
            found = changed
        return self._reply(call, require_video(found))

    async def cancel(self, call: Call) -> Response:
        stopped = await self._context.generations.cancel(call.parameter(), caller=call.caller)
        return self._reply(call, stopped)

    async def list(self, call: Call) -> Response:
        wanted = GenerationFilter(
            makes=Medium.VIDEO,
            offset=_number(call.request, "offset", default=0, most=FARTHEST),
            limit=_number(call.request, "limit", default=DEFAULT_PAGE, most=LONGEST_PAGE),
        )
        found = await self._context.generations.list(wanted, caller=call.caller)
        return _json([_task(call, generation) for generation in found])

    async def batch(self, call: Call) -> Response:
        body = await _fields(call)
        if (action := acedata.task_action(body)) is not None:
            return await self._ace_tasks(call, action, body)
        layout = self._layout(call)
        several = await self._context.generations.get_many(_ids(body), caller=call.caller)
        found = [one for one in several if one.spec.makes is Medium.VIDEO]
        if layout == "array":
            return _json([_task(call, generation) for generation in found])
        rows = [to_row(g, url=call.url, request_id=call.request_id) for g in found]
        reply: Rows = {"code": "success", "message": "", "data": rows}
        return _json(reply)

    async def ace_videos(self, call: Call) -> Response:
        """Reply with the finished video, as AceDataCloud does, unless asked not to wait."""
        body = await _fields(call)
        call.unknown.note(unread(body, known=acedata.FIELDS))
        wanted = acedata.read(
            body,
            catalogue=self._context.catalogue_for(call),
            key_of=lambda path: call.links.key(path, now=call.now),
        )
        hook = wanted.request.hook
        announce = Announce(url=hook, format=ACE_FORMAT, only_final=True) if hook else None
        generation = await self._submitted(call, wanted.request, announce)
        if not wanted.at_once:
            generation = await self._context.progress_stream.until_final(
                generation, wait_s=wanted.timeout_s
            )
        return _json(acedata.result(generation, url=call.url))

    async def _ace_tasks(self, call: Call, action: object, body: Fields) -> Response:
        match action:
            case "retrieve":
                id_ = acedata.task_id(body)
                found = require_video(await self._context.generations.get(id_, caller=call.caller))
                return _json(acedata.task(found, url=call.url))
            case "retrieve_batch":
                several = await self._context.generations.get_many(_ids(body), caller=call.caller)
                items = [
                    acedata.task(one, url=call.url)
                    for one in several
                    if one.spec.makes is Medium.VIDEO
                ]
                reply: AceTasks = {"items": items, "count": len(items)}
                return _json(reply)
            case other:
                raise InvalidRequest(
                    f"action must be retrieve or retrieve_batch, not {quoted(other)};"
                    ' or send {"ids": [...]} without it',
                    param="action",
                )

    def _layout(self, call: Call) -> str:
        """Return the format of a batch reply, which differs between relays."""
        http_request = call.request
        for name, layout in (
            ("format", http_request.query_params.get("format")),
            ("X-Relay-Batch", http_request.headers.get("x-relay-batch")),
        ):
            if layout and layout not in BATCH_FORMATS:
                raise InvalidRequest(
                    f"{name} must be one of {', '.join(BATCH_FORMATS)}, not {quoted_text(layout)}",
                    param=name,
                )
            if layout:
                return layout
        if call.caller.batch_format in BATCH_FORMATS:
            return call.caller.batch_format
        is_text = http_request.headers.get("content-type", "").lower().startswith("text/plain")
        return "wrapped" if is_text else self._batch_format

    async def download(self, call: Call) -> Response:
        video = await self._context.generations.artifact(
            call.parameter(), ArtifactKind.VIDEO, caller=call.caller
        )
        reply: Address = {"url": call.url(video.key)}
        return _json(reply)

    async def upload(self, call: Call) -> Response:
        param, source = await _source(call)
        key = await self._context.generations.store_input(source, param=param)
        if key is None:
            await self._context.targets.check(source, param=param)
        address = source if key is None else call.url(key)
        name = address if key is None else key
        reply: Uploaded = {"id": name, "presigned_url": address, "public_url": address}
        return _json(reply)

    async def usage(self, call: Call) -> Response:
        in_flight = GenerationFilter(
            states=frozenset({State.QUEUED, State.RUNNING}), limit=MOST_IDS
        )
        found = await self._context.generations.list(in_flight, caller=call.caller)
        accounting, account = self._context.credits, call.caller.account_id
        left = (await accounting.funds(account)).balance // MICRO if accounting.enabled else None
        reply: Usage = {
            "account_id": account,
            "in_progress": len(found),
            "metered": accounting.enabled,
            "limit": None,
            "remaining": left,
        }
        return _json(reply)

    async def me(self, call: Call) -> Response:
        reply: Me = {
            "id": call.caller.account_id,
            "name": call.caller.account_id,
            "key_id": call.caller.key_id,
        }
        return _json(reply)


def _task(call: Call, generation: Generation) -> Task:
    return from_generation(generation, url=call.url, request_id=call.request_id)


class _Json(Response):
    """A reply with fixed headers, which makes polls faster."""

    def __init__(self, content: bytes) -> None:
        self.status_code = 200
        self.background = None
        self.body = content
        self.raw_headers = [
            (b"content-length", b"%d" % len(content)),
            (b"content-type", b"application/json"),
        ]


def _json(value: object) -> Response:
    return _Json(to_json(value))


async def _fields(call: Call) -> Fields:
    return await fields(call.raw, header(call.scope, b"content-type"))


def _ids(body: Fields) -> list[str]:
    ids = body.get("ids")
    if isinstance(ids, str):
        ids = ids.split(",")
    if not isinstance(ids, list) or not all(
        isinstance(id_, str) for id_ in cast("list[object]", ids)
    ):
        raise InvalidRequest('ids must be a list of ids, like ["4665a07c-..."]', param="ids")
    unique = list(dict.fromkeys(id_.strip() for id_ in cast("list[str]", ids)))
    if len(unique) > MOST_IDS:
        raise InvalidRequest(f"ids must be at most {MOST_IDS}, not {len(unique)}", param="ids")
    return unique


def _number(request: Request, name: str, *, default: int, most: int) -> int:
    text = request.query_params.get(name, "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= most):
        raise InvalidRequest(
            f"{name} must be between 0 and {most}, not {quoted_text(text)}", param=name
        )
    return int(text)


async def _source(call: Call) -> tuple[str, str]:
    """Return the field that carries an upload, and the image as text or URL."""
    if image_type(call.raw[:HEAD_BYTES]) is not None:
        return "body", data_uri(call.raw)
    body = await _fields(call)
    for name in ("url", "file", "image", "image_url"):
        value = body.get(name)
        if isinstance(value, str) and value.strip():
            return name, value
    raise InvalidRequest(
        "url is required: an http(s) URL, a data URI or base64 of an image;"
        " or send the file as a form's 'file', or as the whole body",
        param="url",
    )
