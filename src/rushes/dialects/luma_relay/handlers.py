"""What is done for each path; every handler is parse, call, word."""

from collections.abc import Sequence
from typing import cast

from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from rushes.core.credit_amounts import MICRO
from rushes.core.errors import InvalidRequest
from rushes.core.generation import Announce, ArtifactKind, Generation, State
from rushes.core.spec import Medium
from rushes.dialects.base import DialectContext, must_be_video
from rushes.dialects.luma_relay import acedata
from rushes.dialects.luma_relay.parse import ParsedRequest, read, respelled, unread
from rushes.dialects.luma_relay.reply_cache import Replies
from rushes.dialects.luma_relay.translate import from_generation, to_row, to_spec
from rushes.dialects.luma_relay.wire import (
    ACE_FORMAT,
    BATCH_FORMATS,
    FARTHEST,
    LONGEST_PAGE,
    MOST_IDS,
    USUAL_PAGE,
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
    """One method for each thing that can be asked for."""

    def __init__(
        self, desk: DialectContext, dialect: str, batch_format: str, notify_format: str
    ) -> None:
        self._desk = desk
        self._dialect = dialect
        self._batch_format = batch_format
        self._notify_format = notify_format
        self._replies = Replies()

    async def create(self, call: Call) -> Response:
        body = await _fields(call)
        call.unknown.note(unread(body))
        return await self._submit(call, read(body, catalogue=self._desk.offered(call)))

    async def extend(self, call: Call) -> Response:
        body = await _fields(call)
        call.unknown.note(unread(body))
        return await self._submit(
            call, read(body, catalogue=self._desk.offered(call), extends=_id(call.request))
        )

    async def _submit(self, call: Call, asked: ParsedRequest) -> Response:
        generation = await self._submitted(call, asked, self._hook(asked))
        return self._reply(call, generation)

    async def _submitted(
        self, call: Call, asked: ParsedRequest, announce: Announce | None
    ) -> Generation:
        spec = to_spec(asked)
        if problems := [*asked.problems, *await self._hook_problems(asked)]:
            raise InvalidRequest.of([*problems, *await self._refusals(call, asked)])
        ask = call.ask(self._dialect, announce=announce)
        try:
            return await self._desk.generations.submit(spec, caller=call.caller, context=ask)
        except InvalidRequest as error:
            raise InvalidRequest.of(respelled(error.problems, asked)) from None

    async def _refusals(self, call: Call, asked: ParsedRequest) -> Sequence[tuple[str, str]]:
        """Return what else would be refused, so that a caller hears of everything at once."""
        try:
            await self._desk.generations.check(to_spec(asked), caller=call.caller)
        except InvalidRequest as error:
            return respelled(error.problems, asked)
        return ()

    async def _hook_problems(self, asked: ParsedRequest) -> Sequence[tuple[str, str]]:
        if asked.hook is None:
            return ()
        try:
            await self._desk.targets.check(asked.hook, param=asked.spelled["hook"])
        except InvalidRequest as error:
            return error.problems
        return ()

    def _hook(self, asked: ParsedRequest) -> Announce | None:
        if asked.hook is None:
            return None
        return Announce(url=asked.hook, format=self._notify_format)

    def _reply(self, call: Call, generation: Generation) -> Response:
        return _Json(self._replies(call, generation))

    async def show(self, call: Call) -> Response:
        found = must_be_video(
            await self._desk.generations.get(_id(call.request), caller=call.caller)
        )
        return self._reply(call, found)

    async def cancel(self, call: Call) -> Response:
        stopped = await self._desk.generations.cancel(_id(call.request), caller=call.caller)
        return self._reply(call, stopped)

    async def list(self, call: Call) -> Response:
        wanted = GenerationFilter(
            makes=Medium.VIDEO,
            offset=_number(call.request, "offset", usual=0, most=FARTHEST),
            limit=_number(call.request, "limit", usual=USUAL_PAGE, most=LONGEST_PAGE),
        )
        found = await self._desk.generations.list(wanted, caller=call.caller)
        return _json([_task(call, generation) for generation in found])

    async def batch(self, call: Call) -> Response:
        body = await _fields(call)
        if (action := acedata.task_action(body)) is not None:
            return await self._ace_tasks(call, action, body)
        layout = self._layout(call)
        several = await self._desk.generations.get_many(_ids(body), caller=call.caller)
        found = [one for one in several if one.spec.makes is Medium.VIDEO]
        if layout == "array":
            return _json([_task(call, generation) for generation in found])
        rows = [to_row(g, url=call.url, request_id=call.request_id) for g in found]
        told: Rows = {"code": "success", "message": "", "data": rows}
        return _json(told)

    async def ace_videos(self, call: Call) -> Response:
        """Answer as AceDataCloud does: with the finished video, unless told not to wait."""
        body = await _fields(call)
        call.unknown.note(unread(body, known=acedata.FIELDS))
        wanted = acedata.read(
            body,
            catalogue=self._desk.offered(call),
            key_of=lambda path: call.links.key(path, now=call.now),
        )
        hook = wanted.asked.hook
        announce = Announce(url=hook, format=ACE_FORMAT, only_final=True) if hook else None
        generation = await self._submitted(call, wanted.asked, announce)
        if not wanted.at_once:
            generation = await self._desk.following.until_final(generation, wait_s=wanted.timeout_s)
        return _json(acedata.result(generation, url=call.url))

    async def _ace_tasks(self, call: Call, action: object, body: Fields) -> Response:
        match action:
            case "retrieve":
                id_ = acedata.task_id(body)
                found = must_be_video(await self._desk.generations.get(id_, caller=call.caller))
                return _json(acedata.task(found, url=call.url))
            case "retrieve_batch":
                several = await self._desk.generations.get_many(_ids(body), caller=call.caller)
                items = [
                    acedata.task(one, url=call.url)
                    for one in several
                    if one.spec.makes is Medium.VIDEO
                ]
                told: AceTasks = {"items": items, "count": len(items)}
                return _json(told)
            case other:
                raise InvalidRequest(
                    f"action must be retrieve or retrieve_batch, not {quoted(other)};"
                    ' or send {"ids": [...]} without it',
                    param="action",
                )

    def _layout(self, call: Call) -> str:
        """Return how a batch is to be answered: the relays contradict each other."""
        request = call.request
        for name, asked in (
            ("format", request.query_params.get("format")),
            ("X-Relay-Batch", request.headers.get("x-relay-batch")),
        ):
            if asked and asked not in BATCH_FORMATS:
                raise InvalidRequest(
                    f"{name} must be one of {', '.join(BATCH_FORMATS)}, not {quoted_text(asked)}",
                    param=name,
                )
            if asked:
                return asked
        if call.caller.batch_format in BATCH_FORMATS:
            return call.caller.batch_format
        is_text = request.headers.get("content-type", "").lower().startswith("text/plain")
        return "wrapped" if is_text else self._batch_format

    async def download(self, call: Call) -> Response:
        video = await self._desk.generations.artifact(
            _id(call.request), ArtifactKind.VIDEO, caller=call.caller
        )
        told: Address = {"url": call.url(video.key)}
        return _json(told)

    async def upload(self, call: Call) -> Response:
        param, source = await _source(call)
        key = await self._desk.generations.store_input(source, param=param)
        if key is None:
            await self._desk.targets.check(source, param=param)
        address = source if key is None else call.url(key)
        name = address if key is None else key
        told: Uploaded = {"id": name, "presigned_url": address, "public_url": address}
        return _json(told)

    async def usage(self, call: Call) -> Response:
        under_way = GenerationFilter(
            states=frozenset({State.QUEUED, State.RUNNING}), limit=MOST_IDS
        )
        found = await self._desk.generations.list(under_way, caller=call.caller)
        purse, account = self._desk.credits, call.caller.account_id
        is_metered = purse is not None and purse.enabled
        left = (await purse.funds(account)).balance // MICRO if purse and is_metered else None
        told: Usage = {
            "account_id": account,
            "in_progress": len(found),
            "metered": is_metered,
            "limit": None,
            "remaining": left,
        }
        return _json(told)

    async def me(self, call: Call) -> Response:
        told: Me = {
            "id": call.caller.account_id,
            "name": call.caller.account_id,
            "key_id": call.caller.key_id,
        }
        return _json(told)


def _task(call: Call, generation: Generation) -> Task:
    return from_generation(generation, url=call.url, request_id=call.request_id)


class _Json(Response):
    """A reply whose headers need no working out; a poll is answered often."""

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
    return await fields(call.raw, header(call.request.scope, b"content-type"))


def _id(request: Request) -> str:
    return cast("str", request.path_params["id"])


def _ids(body: Fields) -> list[str]:
    ids = body.get("ids")
    if isinstance(ids, str):
        ids = ids.split(",")
    if not isinstance(ids, list) or not all(
        isinstance(id_, str) for id_ in cast("list[object]", ids)
    ):
        raise InvalidRequest('ids must be a list of ids, like ["4665a07c-..."]', param="ids")
    named = list(dict.fromkeys(id_.strip() for id_ in cast("list[str]", ids)))
    if len(named) > MOST_IDS:
        raise InvalidRequest(f"ids must be at most {MOST_IDS}, not {len(named)}", param="ids")
    return named


def _number(request: Request, name: str, *, usual: int, most: int) -> int:
    text = request.query_params.get(name, "").strip()
    if not text:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= most):
        raise InvalidRequest(
            f"{name} must be between 0 and {most}, not {quoted_text(text)}", param=name
        )
    return int(text)


async def _source(call: Call) -> tuple[str, str]:
    """Return the name of the field that an upload came in, and the image as text or URL."""
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
