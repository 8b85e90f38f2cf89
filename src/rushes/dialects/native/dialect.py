"""Our own API: which paths there are, and what is said of them."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from starlette.responses import Response

from rushes.core.generation import Generation
from rushes.core.keys import Scope
from rushes.dialects.base import DialectContext
from rushes.dialects.native.accounts.operations import account_operations
from rushes.dialects.native.channels.operations import channel_operations
from rushes.dialects.native.credits.operations import credits_operations
from rushes.dialects.native.deliveries.operations import delivery_operations
from rushes.dialects.native.generations import wire
from rushes.dialects.native.generations.handlers import NAME, PATH, PREFIX, QUOTES, Handlers
from rushes.dialects.native.generations.translate import from_generation
from rushes.dialects.native.queue import queue_operations
from rushes.dialects.native.settings import settings_operations
from rushes.dialects.native.webhooks.operations import webhook_operations
from rushes.http.operation import JSON, PLAIN, Api, Body, Operation, Reply
from rushes.http.problems import Problem, plain
from rushes.http.server_sent_events import MEDIA_TYPE
from rushes.service.account_deletion import AccountDeletion
from rushes.service.channel_control import ChannelControl
from rushes.service.deliveries import Deliveries
from rushes.service.queue_view import QueueView
from rushes.service.setting_view import SettingView
from rushes.service.webhooks import Webhooks

_ONE: Final = PATH + "/{id}"
_TOLD: Final = Reply(about="The generation.", shape=wire.GenerationTold)
_LOCATION: Final = {"Location": "Where the generation lies."}


class NativeAnnouncer:
    """Words webhooks as the native API words its replies; needs no service."""

    name = NAME
    fast_retries_s: tuple[float, ...] = ()
    formats: tuple[str, ...] = ()
    only_final = False

    def announcement(
        self, generation: Generation, *, wording: str, url: Callable[[str], str]
    ) -> bytes:
        """Word a webhook's body: what ``GET`` would have answered then, without a position."""
        return from_generation(generation, url=url).model_dump_json().encode()


class Native(NativeAnnouncer):
    """The native dialect, mounted at ``/api``."""

    prefix = PREFIX

    def __init__(
        self,
        *,
        deliveries: Deliveries,
        webhooks: Webhooks,
        channels: ChannelControl,
        queue: QueueView,
        closing: AccountDeletion,
        knobs: Sequence[SettingView] = (),
    ) -> None:
        self._deliveries = deliveries
        self._webhooks = webhooks
        self._channels = channels
        self._queue = queue
        self._closing = closing
        self._knobs = tuple(knobs)

    def api(self, desk: DialectContext) -> Api:
        """Return everything that can be asked for."""
        calls = Handlers(desk)
        return Api(
            name=self.name,
            about="The server's own API: strict, in plain words, and with all that it can do.",
            operations=(
                *_of_many(calls),
                *_of_one(calls),
                *_of_the_server(calls),
                *plan_operations(desk.plans),
                *delivery_operations(self._deliveries),
                *webhook_operations(self._webhooks),
                *account_operations(desk, self._closing),
                *credits_operations(desk.credits),
                *queue_operations(self._queue),
                *channel_operations(self._channels),
                *settings_operations(self._knobs),
            ),
            word=self.word,
            problem=PLAIN,
        )

    def word(self, problem: Problem) -> Response:
        """Tell of an error as RFC 9457 has it."""
        return plain(problem)


def _of_many(calls: Handlers) -> tuple[Operation, ...]:
    return (
        Operation(
            path=PATH,
            methods=("POST",),
            handler=calls.create,
            submits=True,
            summary="Ask for a generation",
            about="What is accepted is on disk before the reply is sent.",
            body=Body(contents={JSON: wire.Create}),
            headers=wire.CreateHeaders,
            replies={
                201: Reply(
                    about="It is queued, or further if you asked to wait.",
                    shape=wire.GenerationTold,
                    headers={
                        **_LOCATION,
                        "Preference-Applied": "How long was waited at most, if you asked for it.",
                    },
                )
            },
            problems=(404, 409),
        ),
        Operation(
            path=QUOTES,
            methods=("POST",),
            handler=calls.quote,
            scope=Scope.READ,
            summary="See what a generation would cost",
            about="It takes and refuses what asking for one does, and keeps nothing.",
            body=Body(contents={JSON: wire.Create}),
            replies={200: Reply(about="Its price.", shape=wire.QuoteTold)},
            problems=(404, 409),
        ),
        Operation(
            path=PATH,
            handler=calls.list,
            summary="List generations, newest first",
            query=wire.ListQuery,
            replies={200: Reply(about="One page of them.", shape=wire.Page)},
        ),
    )


def _of_one(calls: Handlers) -> tuple[Operation, ...]:
    at = partial(Operation, path_shape=wire.GenerationPath)
    return (
        at(path=_ONE, handler=calls.get, summary="Get a generation", replies={200: _TOLD}),
        at(
            path=_ONE,
            methods=("DELETE",),
            handler=calls.remove,
            summary="Remove a generation and its files, for good",
            about="A generation that is not final must be cancelled first.",
            replies={204: Reply(about="It is gone.")},
            problems=(409,),
        ),
        at(
            path=f"{_ONE}/cancel",
            methods=("POST",),
            handler=calls.cancel,
            summary="Cancel a generation, queued or running",
            replies={200: _TOLD},
            problems=(409,),
        ),
        at(
            path=f"{_ONE}/retry",
            methods=("POST",),
            handler=calls.retry,
            submits=True,
            summary="Ask anew for what failed or was cancelled",
            about="The retry is a generation of its own, with the same request.",
            replies={
                201: Reply(about="The new one.", shape=wire.GenerationTold, headers=_LOCATION)
            },
            problems=(409, 422),
        ),
        at(
            path=f"{_ONE}/events",
            handler=calls.events,
            summary="Get what became true of a generation",
            replies={200: Reply(about="All of it, oldest first.", shape=wire.Events)},
        ),
        at(
            path=f"{_ONE}/attempts",
            handler=calls.attempts,
            summary="Get the attempts at a generation",
            replies={200: Reply(about="All of them.", shape=wire.Attempts)},
        ),
        at(
            path=f"{_ONE}/progress",
            handler=calls.progress,
            summary="Follow a generation by server-sent events",
            about=(
                "Each message is named `progress`; its data is a `ProgressTold` in JSON. First"
                " comes what has happened so far, then what happens; the stream ends when the"
                " generation is final. Messages that tell of an event have its `seq` as `id`:"
                " a client that comes back with `Last-Event-ID` hears what came after."
            ),
            headers=wire.ProgressHeaders,
            replies={
                200: Reply(about="The stream.", media_type=MEDIA_TYPE),
                204: Reply(about="It is final, and you have heard of it."),
            },
        ),
    )


def _of_the_server(calls: Handlers) -> tuple[Operation, ...]:
    return (
        Operation(
            path="/api/v1/models",
            handler=calls.models,
            summary="List the models and what each can do",
            replies={200: Reply(about="All of them.", shape=wire.Models)},
        ),
    )
