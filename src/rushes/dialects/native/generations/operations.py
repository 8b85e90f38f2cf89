"""Declare the routes of generations and quotes."""

from functools import partial
from typing import Final

from rushes.core.keys import Scope
from rushes.dialects.base import DialectContext
from rushes.dialects.native.generations import wire
from rushes.dialects.native.generations.handlers import PATH, Handlers
from rushes.dialects.native.wire import GenerationPath
from rushes.http.operation import JSON, Body, Operation, Reply
from rushes.http.server_sent_events import MEDIA_TYPE

QUOTES: Final = "/api/v1/quotes"
_GENERATION: Final = PATH + "/{id}"
_REPLY: Final = Reply(about="The generation.", shape=wire.GenerationView)
_LOCATION: Final = {"Location": "The path of the generation."}


def generation_operations(context: DialectContext) -> tuple[Operation, ...]:
    """Return the routes of generations and quotes."""
    handlers = Handlers(context)
    return (*_collection(handlers), *_single(handlers))


def _collection(handlers: Handlers) -> tuple[Operation, ...]:
    return (
        Operation(
            path=PATH,
            methods=("POST",),
            handler=handlers.create,
            submits=True,
            summary="Create a generation",
            about="The server writes an accepted generation to disk before it replies.",
            body=Body(contents={JSON: wire.Create}),
            headers=wire.CreateHeaders,
            replies={
                201: Reply(
                    about="The generation: queued, or further if you asked to wait.",
                    shape=wire.GenerationView,
                    headers={
                        **_LOCATION,
                        "Preference-Applied": "The longest wait, if you asked for one.",
                    },
                )
            },
            problems=(404, 409),
        ),
        Operation(
            path=QUOTES,
            methods=("POST",),
            handler=handlers.quote,
            scope=Scope.READ,
            summary="Get the price of a generation",
            about="Takes and refuses the same bodies as creating one, and stores nothing.",
            body=Body(contents={JSON: wire.Create}),
            replies={200: Reply(about="The price.", shape=wire.QuoteReply)},
            problems=(404, 409),
        ),
        Operation(
            path=PATH,
            handler=handlers.list,
            summary="List generations, newest first",
            query=wire.ListQuery,
            replies={200: Reply(about="One page of generations.", shape=wire.Page)},
        ),
    )


def _single(handlers: Handlers) -> tuple[Operation, ...]:
    operation = partial(Operation, path_shape=GenerationPath)
    return (
        operation(
            path=_GENERATION,
            handler=handlers.get,
            summary="Get a generation",
            replies={200: _REPLY},
        ),
        operation(
            path=_GENERATION,
            methods=("DELETE",),
            handler=handlers.remove,
            summary="Delete a generation and its files, for good",
            about="Cancel a generation that is not final before you delete it.",
            replies={204: Reply(about="The generation is deleted.")},
            problems=(409,),
        ),
        operation(
            path=f"{_GENERATION}/cancel",
            methods=("POST",),
            handler=handlers.cancel,
            summary="Cancel a generation, queued or running",
            replies={200: _REPLY},
            problems=(409,),
        ),
        operation(
            path=f"{_GENERATION}/retry",
            methods=("POST",),
            handler=handlers.retry,
            submits=True,
            summary="Retry a failed or cancelled generation",
            about="The retry is a new generation with the same request.",
            replies={
                201: Reply(
                    about="The new generation.", shape=wire.GenerationView, headers=_LOCATION
                )
            },
            problems=(409, 422),
        ),
        operation(
            path=f"{_GENERATION}/events",
            handler=handlers.events,
            summary="List the events of a generation",
            replies={200: Reply(about="All events, oldest first.", shape=wire.Events)},
        ),
        operation(
            path=f"{_GENERATION}/attempts",
            handler=handlers.attempts,
            summary="List the attempts at a generation",
            replies={200: Reply(about="All attempts.", shape=wire.Attempts)},
        ),
        operation(
            path=f"{_GENERATION}/progress",
            handler=handlers.progress,
            summary="Follow a generation by server-sent events",
            about=(
                "Each message is named `progress`; its data is a `ProgressMessage` in JSON. The"
                " stream begins with the past events and ends when the generation is final."
                " Messages about an event have its `seq` as `id`: a client that reconnects with"
                " `Last-Event-ID` gets the events after that one."
            ),
            headers=wire.ProgressHeaders,
            replies={
                200: Reply(about="The stream.", media_type=MEDIA_TYPE),
                204: Reply(about="The generation is final and you have its last event."),
            },
        ),
    )
