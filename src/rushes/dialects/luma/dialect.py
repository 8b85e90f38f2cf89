"""The Dream Machine API: which paths there are, and what is said of them."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

from pydantic_core import to_json
from starlette.responses import Response

from rushes.core.generation import Generation
from rushes.core.signed_links import SignedLinks
from rushes.dialects.base import DialectContext
from rushes.dialects.luma import errors, wire
from rushes.dialects.luma.handlers import Handlers
from rushes.dialects.luma.storage import Storage
from rushes.dialects.luma.translate import from_generation
from rushes.http.operation import JSON, Api, Body, Operation, Reply
from rushes.http.problems import Problem
from rushes.service.uploads import UploadedFiles

FAST_RETRIES_S: Final = (0.1, 0.1, 0.1)
"""Source: docs.lumalabs.ai, changelog of callbacks."""

_GENERATION: Final = Reply(about="The generation as it is now.", shape=wire.Generation)
_DONE: Final = {200: _GENERATION}
_CREATED: Final = {201: _GENERATION}
_NAMES: Final = {200: Reply(about="All of them.", shape=list[str])}


class Luma:
    """
    The official dialect.

    Args:
        name: How the house calls it.

        prefix: Where its paths begin, as far as they are its own.

        root: What stands before ``/generations``.

        storage: What is served beside it, for clients that bring files ahead.
    """

    fast_retries_s = FAST_RETRIES_S
    formats: tuple[str, ...] = ()
    only_final = False

    def __init__(
        self, *, name: str, prefix: str, root: str, storage: Storage | None = None
    ) -> None:
        self.name = name
        self.prefix = prefix
        self._root = root
        self._storage = storage

    @classmethod
    def official(cls) -> "Luma":
        """Return it where Luma has it."""
        return cls(name="luma", prefix="/dream-machine", root="/dream-machine/v1")

    @classmethod
    def proxied(cls, *, files: UploadedFiles, uploads: SignedLinks) -> "Luma":
        """
        Return it where ComfyUI's nodes look for it, with the storage that they bring pictures to.

        Args:
            files: Keeps what is brought.

            uploads: Makes the links to which files are put.
        """
        return cls(
            name="luma_proxy",
            prefix="/proxy/luma",
            root="/proxy/luma",
            storage=Storage(files, uploads),
        )

    def api(self, desk: DialectContext) -> Api:
        """Return what can be asked for, described; it is mounted and documented from that."""
        calls = Handlers(desk, self.name)
        operations = (*_creations(calls), *_of_one(calls), *_of_all(calls))
        return Api(
            name=self.name,
            about=f"Luma's Dream Machine API, at `{self._root}`.",
            operations=(
                *(self._placed(one) for one in operations),
                *([self._storage.operation()] if self._storage else []),
            ),
            word=self.word,
            problem=Reply(about="What is wrong.", shape=wire.ErrorBody),
        )

    def _placed(self, operation: Operation) -> Operation:
        return replace(
            operation,
            path=self._root + operation.path,
            handler=errors.telling_inputs(operation.handler)
            if operation.body or operation.query
            else operation.handler,
        )

    def word(self, problem: Problem) -> Response:
        """Tell of an error as ``{"detail": ...}``."""
        return errors.word(problem)

    def announcement(
        self, generation: Generation, *, wording: str, url: Callable[[str], str]
    ) -> bytes:
        """Word a callback's body: the Generation, and nothing else."""
        return to_json(from_generation(generation, url=url))


def _creations(calls: Handlers) -> tuple[Operation, ...]:
    create = partial(
        Operation, methods=("POST",), replies=_CREATED, problems=(400, 404, 409), submits=True
    )
    video = Body(contents={JSON: wire.CreateVideo})
    return (
        create(
            path="/generations",
            handler=calls.create,
            summary="Ask for a video",
            body=video,
        ),
        create(
            path="/generations/video",
            handler=calls.create,
            operation_id="create_video",
            summary="Ask for a video; the same under the libraries' name",
            body=video,
        ),
        create(
            path="/generations/image",
            handler=calls.create_image,
            summary="Ask for a picture",
            body=Body(contents={JSON: wire.CreateImage}),
        ),
        create(
            path="/generations/video/reframe",
            handler=calls.reframe_video,
            summary="Ask for a video in another shape",
            body=Body(contents={JSON: wire.ReframeVideo}),
        ),
        create(
            path="/generations/image/reframe",
            handler=calls.reframe_image,
            summary="Ask for a picture in another shape",
            body=Body(contents={JSON: wire.ReframeImage}),
        ),
        create(
            path="/generations/video/modify",
            handler=calls.modify_video,
            summary="Ask for a video to be changed as the words say",
            about="Refused where no engine can.",
            body=Body(contents={JSON: wire.ModifyVideo}),
        ),
    )


def _of_one(calls: Handlers) -> tuple[Operation, ...]:
    at = partial(Operation, path_shape=wire.GenerationPath)
    return (
        at(path="/generations/{id}", handler=calls.get, summary="Get a generation", replies=_DONE),
        at(
            path="/generations/{id}",
            methods=("DELETE",),
            handler=calls.delete,
            summary="Remove a generation and its files, for good",
            about="One that is not final is cancelled first.",
            replies={204: Reply(about="It is gone.")},
            problems=(409,),
        ),
        at(
            path="/generations/{id}/upscale",
            methods=("POST",),
            handler=calls.upscale,
            summary="Ask for a video with more pixels",
            body=Body(contents={JSON: wire.UpscaleVideo}, required=False),
            replies=_DONE,
            problems=(400, 409),
            submits=True,
        ),
        at(
            path="/generations/{id}/audio",
            methods=("POST",),
            handler=calls.add_audio,
            summary="Ask for a video with sound",
            body=Body(contents={JSON: wire.AddAudio}, required=False),
            replies=_DONE,
            problems=(400, 409),
            submits=True,
        ),
    )


def _of_all(calls: Handlers) -> tuple[Operation, ...]:
    return (
        Operation(
            path="/generations",
            handler=calls.page,
            operation_id="list",
            summary="List generations, newest first",
            query=wire.Page,
            replies={200: Reply(about="One page of them.", shape=wire.Generations)},
        ),
        Operation(
            path="/generations/concepts/list",
            handler=calls.concepts,
            summary="List the camera moves that have names",
            replies=_NAMES,
        ),
        Operation(
            path="/generations/camera_motion/list",
            handler=calls.camera_motions,
            summary="List the camera moves as a prompt asks for them",
            replies=_NAMES,
        ),
        Operation(
            path="/ping",
            handler=calls.ping,
            summary="See whether the server is there",
            replies={200: Reply(about="It is.", shape=wire.Pong)},
            open_to_all=True,
        ),
        Operation(
            path="/credits",
            handler=calls.credits,
            summary="See what is left to spend",
            about="A credit stands for a cent. Where nothing is metered, it is a million dollars.",
            replies={200: Reply(about="The balance, in US cents.", shape=wire.Credits)},
        ),
    )
