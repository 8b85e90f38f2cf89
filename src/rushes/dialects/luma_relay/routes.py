"""The paths; every handler is parse, call, word."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, cast

from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from rushes.core.errors import InvalidRequest
from rushes.core.generation import Announce, ArtifactKind, Generation, State
from rushes.dialects.base import Desk
from rushes.dialects.luma_relay import announce
from rushes.dialects.luma_relay.asked import Asked, read, respelled
from rushes.dialects.luma_relay.translate import from_generation, to_row, to_spec
from rushes.dialects.luma_relay.wire import BATCH_FORMATS, NOTIFY_FORMATS
from rushes.dialects.luma_relay.words import envelope
from rushes.http.door import Call, Handler
from rushes.http.forms import Fields, data_uri, fields
from rushes.http.problems import Problem
from rushes.kit.inline import HEAD_BYTES, image_type
from rushes.store.base import Filter

MOST_IDS: Final = 1000
"""How many generations one batch may ask for."""

LONGEST_PAGE: Final = 100
USUAL_PAGE: Final = 10


class LumaRelay:
    """
    The relay dialect, mounted at ``/luma``.

    Args:
        batch_format: What ``POST /luma/tasks`` answers when neither the request nor the key
            says: ``array`` or ``wrapped``.

        notify_format: What is posted to a ``notify_hook``: ``superset``, ``official``,
            ``crazyrouter`` or ``newapi``.
    """

    name = "luma_relay"
    prefix = "/luma"
    fast_retries_s: tuple[float, ...] = ()

    def __init__(self, *, batch_format: str = "array", notify_format: str = "superset") -> None:
        if batch_format not in BATCH_FORMATS:
            raise ValueError(f"batch_format must be one of {BATCH_FORMATS}, not {batch_format!r}")
        if notify_format not in NOTIFY_FORMATS:
            raise ValueError(f"notify_format must be one of {NOTIFY_FORMATS}")
        self._batch_format = batch_format
        self._notify_format = notify_format

    def routes(self, desk: Desk) -> Sequence[BaseRoute]:
        """Return the routes to mount."""
        told = _Handlers(desk, self.name, self._batch_format, self._notify_format)
        one = "/luma/generations/{id}"
        table: Mapping[str, Mapping[str, Handler]] = {
            "/luma/generations": {"POST": told.create, "GET": told.list},
            "/luma/generations_sync": {"POST": told.create},
            "/luma/generations/file_upload": {"POST": told.upload},
            "/luma/tasks": {"POST": told.batch},
            "/luma/subscription/usage": {"GET": told.usage},
            "/luma/users/me": {"GET": told.me},
            one: {"GET": told.show, "DELETE": told.cancel},
            one + "/extend": {"POST": told.extend},
            one + "/download_video_url": {"GET": told.download, "POST": told.download},
        }
        routes: list[BaseRoute] = []
        for path, handlers in table.items():
            apps = {method: desk.door.endpoint(h, self.word) for method, h in handlers.items()}
            routes.append(Route(path, _ByMethod(apps), methods=list(handlers)))
        return routes

    def word(self, problem: Problem) -> Response:
        """Tell of an error in the relays' merged envelope."""
        return envelope(problem)

    def announcement(
        self, generation: Generation, *, wording: str, url: Callable[[str], str]
    ) -> bytes:
        """Word a webhook's body; see :class:`rushes.webhooks.base.Announcer`."""
        return to_json(announce.word(generation, wording=wording, url=url))


class _ByMethod:
    """One ASGI app for all methods of a path, so that a 405 names them all."""

    def __init__(self, apps: Mapping[str, ASGIApp]) -> None:
        self._apps = {**apps, "HEAD": apps["GET"]} if "GET" in apps else apps

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._apps[scope["method"]](scope, receive, send)


class _Handlers:
    def __init__(self, desk: Desk, dialect: str, batch_format: str, notify_format: str) -> None:
        self._desk = desk
        self._dialect = dialect
        self._batch_format = batch_format
        self._notify_format = notify_format

    async def create(self, call: Call) -> Response:
        body = await _fields(call)
        return await self._submit(call, read(body, catalogue=self._desk.catalogue))

    async def extend(self, call: Call) -> Response:
        body = await _fields(call)
        return await self._submit(
            call, read(body, catalogue=self._desk.catalogue, extends=_id(call.request))
        )

    async def _submit(self, call: Call, asked: Asked) -> Response:
        spec = to_spec(asked)
        if problems := [*asked.problems, *await self._hook_problems(asked)]:
            raise InvalidRequest.of([*problems, *await self._refusals(call, asked)])
        ask = call.ask(self._dialect, announce=self._hook(asked))
        try:
            generation = await self._desk.generations.submit(spec, caller=call.caller, ask=ask)
        except InvalidRequest as error:
            raise InvalidRequest.of(respelled(error.problems, asked)) from None
        return _reply(call, generation)

    async def _refusals(self, call: Call, asked: Asked) -> Sequence[tuple[str, str]]:
        """Return what else would be refused, so that a caller hears of everything at once."""
        try:
            await self._desk.generations.check(to_spec(asked), caller=call.caller)
        except InvalidRequest as error:
            return respelled(error.problems, asked)
        return ()

    async def _hook_problems(self, asked: Asked) -> Sequence[tuple[str, str]]:
        if asked.hook is None:
            return ()
        try:
            await self._desk.targets.check(asked.hook, param=asked.spelled["hook"])
        except InvalidRequest as error:
            return error.problems
        return ()

    def _hook(self, asked: Asked) -> Announce | None:
        if asked.hook is None:
            return None
        return Announce(url=asked.hook, format=self._notify_format)

    async def show(self, call: Call) -> Response:
        found = await self._desk.generations.get(_id(call.request), caller=call.caller)
        return _reply(call, found)

    async def cancel(self, call: Call) -> Response:
        stopped = await self._desk.generations.cancel(_id(call.request), caller=call.caller)
        return _reply(call, stopped)

    async def list(self, call: Call) -> Response:
        wanted = Filter(
            offset=_number(call.request, "offset", usual=0, most=1_000_000_000),
            limit=_number(call.request, "limit", usual=USUAL_PAGE, most=LONGEST_PAGE),
        )
        found = await self._desk.generations.list(wanted, caller=call.caller)
        return _json([_task(call, generation) for generation in found])

    async def batch(self, call: Call) -> Response:
        body = await _fields(call)
        if "action" in body:
            raise InvalidRequest(
                'action is not understood here; send {"ids": [...]} without it',
                param="action",
            )
        layout = self._layout(call)
        found = await self._desk.generations.get_many(_ids(body), caller=call.caller)
        if layout == "array":
            return _json([_task(call, generation) for generation in found])
        rows = [to_row(g, url=call.url, request_id=call.request_id) for g in found]
        return _json({"code": "success", "message": "", "data": rows})

    def _layout(self, call: Call) -> str:
        """Return how a batch is to be answered: the relays contradict each other."""
        request = call.request
        for name, asked in (
            ("format", request.query_params.get("format")),
            ("X-Relay-Batch", request.headers.get("x-relay-batch")),
        ):
            if asked and asked not in BATCH_FORMATS:
                raise InvalidRequest(
                    f"{name} must be one of {', '.join(BATCH_FORMATS)}, not {asked!r}", param=name
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
        return _json({"url": call.url(video.key)})

    async def upload(self, call: Call) -> Response:
        param, source = await _source(call)
        key = await self._desk.generations.keep_input(source, param=param)
        if key is None:
            await self._desk.targets.check(source, param=param)
        address = source if key is None else call.url(key)
        name = address if key is None else key
        return _json({"id": name, "presigned_url": address, "public_url": address})

    async def usage(self, call: Call) -> Response:
        under_way = Filter(states=frozenset({State.QUEUED, State.RUNNING}), limit=MOST_IDS)
        found = await self._desk.generations.list(under_way, caller=call.caller)
        return _json(
            {
                "account_id": call.caller.account_id,
                "in_progress": len(found),
                "metered": False,
                "limit": None,
                "remaining": None,
            }
        )

    async def me(self, call: Call) -> Response:
        return _json(
            {
                "id": call.caller.account_id,
                "name": call.caller.account_id,
                "key_id": call.caller.key_id,
            }
        )


def _reply(call: Call, generation: Generation) -> Response:
    return _json(_task(call, generation))


def _task(call: Call, generation: Generation) -> object:
    return from_generation(generation, url=call.url, request_id=call.request_id)


def _json(value: object) -> Response:
    return Response(to_json(value), media_type="application/json")


async def _fields(call: Call) -> Fields:
    return await fields(call.raw, call.request.headers.get("content-type", ""))


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
        raise InvalidRequest(f"{name} must be between 0 and {most}, not {text[:40]!r}", param=name)
    return int(text)


async def _source(call: Call) -> tuple[str, str]:
    """Return the name of the field that an upload came in, and the image as text or URL."""
    if image_type(call.raw[:HEAD_BYTES]) is not None:
        return "body", data_uri(call.raw)
    body = await _fields(call)
    for name in ("url", "file", "image", "image_url"):
        value = body.get(name)
        if isinstance(value, str) and value.strip():
            return name, value.strip()
    raise InvalidRequest(
        "url is required: an http(s) URL, a data URI or base64 of an image;"
        " or send the file as a form's 'file', or as the whole body",
        param="url",
    )
