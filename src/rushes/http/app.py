"""The ASGI application: the dialects' routes, and what is done to every request around them."""

import logging
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Final

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars, reset_contextvars

from rushes.http.gateway import Call, EndpointTerms, Gateway, Handler, Wording
from rushes.http.operation import Api, Operation, check_media_type
from rushes.http.problems import Problem
from rushes.http.request_record import ObserveRequest, RequestRecord
from rushes.http.requests import first_headers, request_id

_PREFIX: Final = re.compile(r"^/(?:v1|pro|vip)(?=/luma/)")
_ODD: Final = re.compile(r"^/(?:/|(?:v1|pro|vip)/luma/|luma/[vV]1/)|/$")
_VERSION: Final = re.compile(r"^/luma/[vV]1/")
_PARAMETER: Final = re.compile(r"\{\w+\}")
_NOTHING: Final[Mapping[str, ASGIApp]] = {}
_NOBODYS: Final = ("none", "none")
_log: Final = structlog.get_logger()
_NO_HEAD: Final = ("", _NOTHING)
_EXPOSED: Final = [
    "X-Request-Id",
    "Retry-After",
    "Location",
    "Content-Range",
    "Accept-Ranges",
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
    "X-Ignored-Fields",
]

Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]


def build_app(
    routes: Sequence[BaseRoute],
    *,
    wordings: Mapping[str, Wording],
    lifespan: Lifespan | None = None,
    seen: ObserveRequest | None = None,
) -> ASGIApp:
    """
    Return the application.

    Args:
        routes: Of every dialect and of ours.

        wordings: How an error is told, by the path's prefix; ``""`` is for all others.

        lifespan: What runs as long as the server does.

        seen: Told of each request once it is answered.
    """

    async def refused(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        path = request.url.path + "/"
        prefix = max((p for p in wordings if not p or path.startswith(p + "/")), key=len)
        response = wordings[prefix](_route_problem(request, status))
        if isinstance(error, HTTPException) and error.headers:
            response.headers.update(error.headers)
        return response

    app = Starlette(
        routes=list(routes),
        lifespan=lifespan,
        exception_handlers={HTTPException: refused},
        middleware=[
            Middleware(
                CORSMiddleware,
                allow_origins=["*"],
                allow_methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"],
                allow_headers=["*"],
                expose_headers=_EXPOSED,
                max_age=86400,
            )
        ],
    )
    app.router.redirect_slashes = False
    return _Outermost(app, _ShortWay(routes), seen)


def wordings(apis: Iterable[Api]) -> dict[str, Wording]:
    """
    Return how an error is told at and below each path that *apis* have, by the path's prefix.

    That is what lies before a path's parameters, so that two APIs may have one beginning.
    """
    return {
        operation.path.partition("{")[0].rstrip("/"): api.word
        for api in apis
        for operation in api.operations
    }


def mount(api: Api, door: Gateway) -> list[Route]:
    """
    Return a route for each path of *api*, those with names where others have parameters first.

    What a path offers is gathered into one route, so that a 405 tells all of its methods.
    """
    by_path: dict[str, dict[str, ASGIApp]] = {}
    described: dict[str, dict[str, Operation]] = {}
    for operation in api.operations:
        endpoint = door.endpoint(
            _checked(operation),
            api.word,
            EndpointTerms(
                needs=operation.needs, submits=operation.submits, streams=operation.streams
            ),
        )
        at_path = by_path.setdefault(operation.path, {})
        for method in operation.methods:
            described.setdefault(operation.path, {})[method] = operation
            at_path[method] = _named(endpoint, api.name, operation.template)
            if method == "GET":
                at_path["HEAD"] = at_path[method]
    return [
        Route(path, _ByMethod(endpoints, described[path]))
        for path, endpoints in sorted(by_path.items(), key=_specificity)
    ]


def _specificity(at_path: tuple[str, object]) -> list[bool]:
    return [part.startswith("{") for part in at_path[0].split("/")]


def _named(endpoint: ASGIApp, api: str, route: str) -> ASGIApp:
    """Return an endpoint that says whose it is, for whoever counts requests."""
    name = (api, route)

    async def named(scope: Scope, receive: Receive, send: Send) -> None:
        scope["served_by"] = name
        await endpoint(scope, receive, send)

    return named


def _checked(operation: Operation) -> Handler:
    if (body := operation.body) is None:
        return operation.handler

    async def checked(call: Call) -> Response:
        check_media_type(body, call.request, call.raw)
        return await operation.handler(call)

    return checked


class _ByMethod:
    """
    What lies at one path: an endpoint for each method.

    It refuses the others itself, or the router would take the path's name for a parameter.
    """

    def __init__(
        self, endpoints: Mapping[str, ASGIApp], operations: Mapping[str, Operation]
    ) -> None:
        self.endpoints = endpoints
        self.operations = operations

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        endpoint = self.endpoints.get(scope["method"])
        if endpoint is None:
            raise HTTPException(405, headers={"Allow": ", ".join(self.endpoints)})
        await endpoint(scope, receive, send)


def mounted(routes: Iterable[BaseRoute]) -> Iterator[tuple[str, Operation]]:
    """Yield what can be asked for at *routes*, each with the method that asks for it."""
    for route in routes:
        if isinstance(route, Route) and isinstance(route.app, _ByMethod):
            yield from route.app.operations.items()


def _route_problem(request: Request, status: int) -> Problem:
    what = f"{request.method} {request.url.path}"
    told = {
        404: ("not_found", f"there is no {what}; see /docs for what there is"),
        405: ("method_not_allowed", f"{what} is not possible; another method of this path is"),
    }
    code, detail = told.get(status, ("invalid_request", f"{what} was refused"))
    return Problem(status=status, code=code, detail=detail, request_id=request.scope["request_id"])


class _ShortWay:
    """
    Leads to the endpoints of plain paths past the middleware.

    Only a browser's request needs the middleware, and only an odd one the router: what is not
    found here goes the long way, with the same result. It halves what a poll costs.
    """

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        self._whole: dict[str, Mapping[str, ASGIApp]] = {}
        self._heads: dict[str, tuple[str, Mapping[str, ASGIApp]]] = {}
        for route in routes:
            if not (isinstance(route, Route) and isinstance(route.app, _ByMethod)):
                continue
            head, _, tail = route.path.rpartition("/")
            if "{" not in route.path:
                self._whole.setdefault(route.path, route.app.endpoints)
            elif "{" not in head and _PARAMETER.fullmatch(tail):
                self._heads.setdefault(head, (tail[1:-1], route.app.endpoints))

    def find(self, scope: Scope) -> ASGIApp | None:
        """Return the endpoint for a request, its parameter in *scope*; None: go the long way."""
        if b"origin" in first_headers(scope):
            return None
        path, method = scope["path"], scope["method"]
        if (whole := self._whole.get(path)) is not None:
            scope["path_params"] = {}
            return whole.get(method)  # not a parameter's value, whatever the method
        head, _, tail = path.rpartition("/")
        name, endpoints = self._heads.get(head, _NO_HEAD)
        if tail and (endpoint := endpoints.get(method)):
            scope["path_params"] = {name: tail}
            return endpoint
        return None


class _Outermost:
    """Gives each request its id and each path its one spelling, before anything else."""

    def __init__(self, app: Starlette, short: _ShortWay, seen: ObserveRequest | None) -> None:
        self._app = app
        self._short = short
        self._seen = seen

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope["request_id"] = request_id(scope)
        scope["path"] = canonical_path(scope["path"])
        short = self._short.find(scope)
        headers = [(b"x-request-id", scope["request_id"].encode("latin-1"))]
        if short is not None:
            headers.append((b"vary", b"Origin"))  # as on the long way, for whoever caches

        began_s, status = time.perf_counter(), 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], *headers]
            await send(message)

        lines_say = bind_contextvars(request_id=scope["request_id"])
        try:
            await (short or self._app)(scope, receive, send_with_id)
        finally:
            reset_contextvars(**lines_say)
            self._tell(scope, status, time.perf_counter() - began_s)

    def _tell(self, scope: Scope, status: int, took_s: float) -> None:
        """Tell of a request that is over; status 0 says that its client has gone."""
        api, route = scope.get("served_by", _NOBODYS)
        seen = RequestRecord(api, route, scope["method"], status, took_s, scope["request_id"])
        if self._seen is not None:
            self._seen(seen)
        if logging.root.isEnabledFor(logging.DEBUG):  # to ask structlog costs a few microseconds
            _log.debug(
                "request",
                dialect=api,
                route=route,
                method=seen.method,
                status=status,
                took_ms=round(took_s * 1000, 1),
                request_id=seen.request_id,
            )


def canonical_path(path: str) -> str:
    """
    Return the one spelling of *path* that the routes know.

    Relay clients put ``/v1``, ``/pro`` or ``/vip`` before ``/luma/`` or ``v1/`` after it, many
    end a path with a slash, and some begin it with two, having joined a base URL that ends in
    one. A redirect would cost some of them the body of their POST.
    """
    if not _ODD.search(path):
        return path
    if path.startswith("//"):
        path = "/" + path.lstrip("/")
    if "/luma/" in path:
        path = _VERSION.sub("/luma/", _PREFIX.sub("", path))
    return path.rstrip("/") or "/"
