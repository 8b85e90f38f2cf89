"""Handle one request after another, and turn each failure into an event."""

import gc
import sys
import time
import traceback
from collections.abc import Callable
from importlib.metadata import version
from typing import Any, Final

import torch

from .depth import DepthModel, load_depth
from .devices import describe_device
from .drawing import FAMILY as PICTURES
from .drawing import LoadedPictures, draw, load_pictures
from .errors import BadInput, Cancelled, kind_of
from .exchange import Events, Inbox, Message
from .generating import generate
from .loading import LoadedModel, load
from .requests import read_clip, read_depth, read_model, read_picture, read_prompt

_LIBRARIES: Final = ("torch", "diffusers", "transformers")


def serve(inbox: Inbox, events: Events) -> None:
    """Serve until a request says "exit"."""
    worker = Worker(inbox, events)
    events.write(
        "ready", **describe_device(), versions={name: version(name) for name in _LIBRARIES}
    )
    while (message := inbox.take())["op"] != "exit":
        worker.handle(message)


class Worker:
    """Has at most one model in memory, and generates one clip at a time."""

    def __init__(self, inbox: Inbox, events: Events) -> None:
        self._inbox = inbox
        self._events = events
        self._loaded: LoadedModel | LoadedPictures | None = None
        self._depth: DepthModel | None = None
        self._handlers: dict[str, Callable[[Message], None]] = {
            "load": self._load,
            "generate": self._generate,
            "draw": self._draw,
            "depth": self._measure,
            "unload": self._unload,
        }
        inbox.on_prepare = self._prepare

    def handle(self, message: Message) -> None:
        """Handle one request; a failure is an event, never an exception."""
        job = message.get("id")
        try:
            self._handlers.get(message["op"], _refuse)(message)
        except Cancelled:
            self._events.write("cancelled", id=job)
        except Exception as error:  # noqa: BLE001  # the worker goes on, and the server decides
            traceback.print_exc(file=sys.stderr)
            text = (
                f"{type(error).__name__}: {error}" if kind_of(error) == "internal" else str(error)
            )
            self._events.write("failed", id=job, kind=kind_of(error), message=text)
        finally:
            if job is not None:
                self._inbox.forget(job)

    def _prepare(self, message: Message) -> None:
        """Encode the prompt of a job that may follow; called in the thread that reads."""
        try:
            if isinstance(loaded := self._loaded, LoadedModel):
                loaded.prompts.prepare(read_prompt(message))
        except Exception:  # noqa: BLE001  # the job itself will fail if it must
            traceback.print_exc(file=sys.stderr)

    def _load(self, message: Message) -> None:
        self._drop()
        started = time.monotonic()
        model = read_model(message.get("model", {}))
        self._loaded = load_pictures(model) if model.family == PICTURES else load(model)
        self._events.write(
            "loaded",
            family=model.family,
            memory=self._loaded.memory,
            seconds=round(time.monotonic() - started, 3),
        )

    def _generate(self, message: Message) -> None:
        clip = read_clip(message)
        if not isinstance(self._loaded, LoadedModel):
            raise BadInput(_why_not(self._loaded))
        result: dict[str, Any] = generate(
            self._loaded, clip, self._events, self._inbox.is_cancelled
        )
        self._events.write("done", id=clip.id, **result)

    def _draw(self, message: Message) -> None:
        picture = read_picture(message)
        if not isinstance(self._loaded, LoadedPictures):
            raise BadInput(_why_not(self._loaded))
        result = draw(self._loaded, picture, self._events, self._inbox.is_cancelled)
        self._events.write("done", id=picture.id, **result)

    def _measure(self, message: Message) -> None:
        wanted = read_depth(message)
        if self._inbox.is_cancelled(wanted.id):
            raise Cancelled
        if self._depth is None or not self._depth.is_for(wanted):
            self._depth = load_depth(wanted)
        self._events.write("done", id=wanted.id, **self._depth.measure(wanted))

    def _unload(self, message: Message) -> None:
        self._drop()
        self._events.write("unloaded")

    def _drop(self) -> None:
        loaded, self._loaded, self._depth = self._loaded, None, None
        if isinstance(loaded, LoadedModel):
            loaded.prompts.close()
        del loaded
        gc.collect()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()


def _why_not(loaded: object) -> str:
    return "no model is loaded" if loaded is None else "the loaded model makes no such file"


def _refuse(message: Message) -> None:
    raise BadInput(f"this worker does not know the request {message['op']!r}")
