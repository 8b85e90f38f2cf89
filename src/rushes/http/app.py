"""Build the ASGI application: mount the dialects' routes and wrap every request."""

import logging
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from contextvars import ContextVar
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
from structlog.contextvars import STRUCTLOG_KEY_PREFIX

from rushes.http.gateway import Call, Endpoint, EndpointTerms, Gateway, Handler, Wording
from rushes.http.operation import Api, Operation, check_media_type
from rushes.http.problems import Problem
from rushes.http.request_record import ObserveRequest, RequestRecord
from rushes.http.requests import first_headers, request_id

_PREFIX: Final = re.compile(r"^/(?:v1|pro|vip)(?=/luma/)")
_UNUSUAL: Final = re.compile(r"^/(?:/|(?:v1|pro|vip)/luma/|luma/[vV]1/)|/$")
_VERSION: Final = re.compile(r"^/luma/[vV]1/")
_PARAMETER: Final = re.compile(r"\{\w+\}")
_NOTHING: Final[Mapping[str, Endpoint]] = {}
_NO_API: Final = ("none", "none")
_log: Final = structlog.get_logger()
_NOT_FOUND: Final = ("", _NOTHING)
_VARY: Final = (b"vary", b"Origin")
"""What the middleware would set, for caches."""

_LOGGED_ID: Final[ContextVar[str]] = ContextVar(f"{STRUCTLOG_KEY_PREFIX}request_id")
"""The request's id in every line of its log; structlog finds it by the name."""

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
    observe: ObserveRequest | None = None,
) -> ASGIApp:
    """
    Return the application.

    Args:
        routes: The routes of every dialect and of the server itself.

        wordings: The error formats, by prefix of the path; ``""`` is for all other paths.

        lifespan: The context in which the server runs.

        observe: Receives a record of each request after its reply.
    """

    async def on_error(request: Request, error: Exception) -> Response:
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
        exception_handlers={HTTPException: on_error},
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
    return _Outermost(app, _DirectRoutes(routes), observe)


def wordings(apis: Iterable[Api]) -> dict[str, Wording]:
    """
    Return the error format of each path of *apis*, by prefix.

    A prefix ends before the first parameter of a path, so that two APIs can share a beginning.
    """
    return {
        operation.path.partition("{")[0].rstrip("/"): api.word
        for api in apis
        for operation in api.operations
    }


def mount(api: Api, gateway: Gateway) -> list[Route]:
    """
    Return one route for each path of *api*, paths with names before those with parameters.

    One route has all methods of a path, so that a 405 can list them.
    """
    by_path: dict[str, dict[str, Endpoint]] = {}
    described: dict[str, dict[str, Operation]] = {}
    for operation in api.operations:
        endpoint = gateway.endpoint(
            _checked(operation),
            api.word,
            EndpointTerms(
                needs=operation.needs, submits=operation.submits, streams=operation.streams
            ),
            served_by=(api.name, operation.template),
        )
        at_path = by_path.setdefault(operation.path, {})
        for method in operation.methods:
            described.setdefault(operation.path, {})[method] = operation
            at_path[method] = endpoint
            if method == "GET":
                at_path["HEAD"] = at_path[method]
    return [
        Route(path, _ByMethod(endpoints, described[path]))
        for path, endpoints in sorted(by_path.items(), key=_specificity)
    ]


def _specificity(at_path: tuple[str, object]) -> list[bool]:
    return [part.startswith("{") for part in at_path[0].split("/")]


def _checked(operation: Operation) -> Handler:
    body = operation.body
    if body is None or not body.checked:
        return operation.handler

    async def checked(call: Call) -> Response:
        check_media_type(body, call.scope, call.raw)
        return await operation.handler(call)

    return checked


class _ByMethod:
    """
    Dispatches the requests of one path by method.

    It refuses other methods itself, because the router would go on to a path with a parameter.
    """

    def __init__(
        self, endpoints: Mapping[str, Endpoint], operations: Mapping[str, Operation]
    ) -> None:
        self.endpoints = endpoints
        self.operations = operations

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        endpoint = self.endpoints.get(scope["method"])
        if endpoint is None:
            raise HTTPException(405, headers={"Allow": ", ".join(self.endpoints)})
        await endpoint(scope, receive, send)


def mounted(routes: Iterable[BaseRoute]) -> Iterator[tuple[str, Operation]]:
    """Yield the operations of *routes*, each with its method."""
    for route in routes:
        if isinstance(route, Route) and isinstance(route.app, _ByMethod):
            yield from route.app.operations.items()


def _route_problem(request: Request, status: int) -> Problem:
    what = f"{request.method} {request.url.path}"
    texts = {
        404: ("not_found", f"there is no {what}; see /docs for the paths that exist"),
        405: ("method_not_allowed", f"{what} is not possible; this path has other methods"),
    }
    code, detail = texts.get(status, ("invalid_request", f"{what} was refused"))
    return Problem(status=status, code=code, detail=detail, request_id=request.scope["request_id"])


class _DirectRoutes:
    """
    Finds the endpoints of plain paths without middleware and router, which halves a poll's cost.

    Only a browser's request needs the middleware, and only an unusual path the router. Any other
    request that is not found here takes the long way, with the same result.
    """

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        self._exact: dict[str, Mapping[str, Endpoint]] = {}
        self._with_id: dict[str, tuple[str, Mapping[str, Endpoint]]] = {}
        for route in routes:
            if not (isinstance(route, Route) and isinstance(route.app, _ByMethod)):
                continue
            head, _, tail = route.path.rpartition("/")
            if canonical_path(head + "/id") != head + "/id":
                continue  # no request gets there
            if "{" not in route.path:
                self._exact.setdefault(route.path, route.app.endpoints)
            elif "{" not in head and _PARAMETER.fullmatch(tail):
                self._with_id.setdefault(head, (tail[1:-1], route.app.endpoints))

    def find(self, scope: Scope) -> Endpoint | None:
        """
        Return the endpoint of a request, with its parameter in *scope*; None: use the router.

        A path that is found is canonical.
        """
        path, method = scope["path"], scope["method"]
        if (exact := self._exact.get(path)) is not None:
            scope["path_params"] = {}
            return exact.get(method)  # a name of ours is never the value of a parameter
        head, _, tail = path.rpartition("/")
        name, endpoints = self._with_id.get(head, _NOT_FOUND)
        if tail and (endpoint := endpoints.get(method)):
            scope["path_params"] = {name: tail}
            return endpoint
        return None


class _Outermost:
    """Sets the request id and the canonical path first, and records the request at the end."""

    def __init__(
        self, app: Starlette, direct: _DirectRoutes, observe: ObserveRequest | None
    ) -> None:
        self._app = app
        self._direct = direct
        self._observe = observe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        named = scope["request_id"] = request_id(scope)
        headers = [(b"x-request-id", named.encode("latin-1"))]
        started_s, status = time.perf_counter(), 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], *headers]
            await send(message)

        token = _LOGGED_ID.set(named)
        try:
            endpoint = None if b"origin" in first_headers(scope) else self._found(scope)
            if endpoint is None:
                scope["path"] = canonical_path(scope["path"])
                await self._app(scope, receive, send_with_id)
                return
            headers.append(_VARY)
            response = await endpoint.respond(scope, receive)
            if response is None:
                return
            if response.background is not None or not _is_plain(response):
                await response(scope, receive, send_with_id)
                return
            status, sent = response.status_code, [*response.raw_headers, *headers]
            await send({"type": "http.response.start", "status": status, "headers": sent})
            await send({"type": "http.response.body", "body": response.body})
        finally:
            _LOGGED_ID.reset(token)
            self._record(scope, status, time.perf_counter() - started_s)

    def _found(self, scope: Scope) -> Endpoint | None:
        """Return the endpoint of a request that needs neither middleware nor router."""
        found = self._direct.find(scope)
        if found is None:
            path = canonical_path(scope["path"])
            if path != scope["path"]:
                scope["path"] = path
                found = self._direct.find(scope)
        return found

    def _record(self, scope: Scope, status: int, took_s: float) -> None:
        """Record a finished request; status 0 means that its client has gone."""
        api, route = scope.get("served_by", _NO_API)
        record = RequestRecord(api, route, scope["method"], status, took_s, scope["request_id"])
        if self._observe is not None:
            self._observe(record)
        if logging.root.isEnabledFor(
            logging.DEBUG
        ):  # structlog's own check costs a few microseconds
            _log.debug(
                "request",
                dialect=api,
                route=route,
                method=record.method,
                status=status,
                took_ms=round(took_s * 1000, 1),
                request_id=record.request_id,
            )


def _is_plain(response: Response) -> bool:
    """Tell whether a response is sent as Starlette's base class sends it: in two messages."""
    return type(response).__call__ is Response.__call__


def canonical_path(path: str) -> str:
    """
    Return the spelling of *path* that the routes have.

    Relay clients put ``/v1``, ``/pro`` or ``/vip`` before ``/luma/`` or ``v1/`` after it. Many
    end a path with a slash, and some begin it with two, because their base URL ends with one. A
    redirect would make some of them lose the body of their POST.
    """
    if not _UNUSUAL.search(path):
        return path
    if path.startswith("//"):
        path = "/" + path.lstrip("/")
    if "/luma/" in path:
        path = _VERSION.sub("/luma/", _PREFIX.sub("", path))
    return path.rstrip("/") or "/"
