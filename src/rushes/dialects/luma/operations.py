"""Declare the routes of the Dream Machine API, relative to its root path."""

from functools import partial
from typing import Final

from rushes.dialects.luma import wire
from rushes.dialects.luma.handlers import Handlers
from rushes.http.operation import JSON, Body, Operation, Reply

_GENERATION: Final = Reply(about="The generation.", shape=wire.Generation)
_DONE: Final = {200: _GENERATION}
_CREATED: Final = {201: _GENERATION}
_NAMES: Final = {200: Reply(about="All names.", shape=list[str])}


def operations(handlers: Handlers) -> tuple[Operation, ...]:
    """Return the routes, answered by *handlers*."""
    return (*_creations(handlers), *_single(handlers), *_others(handlers))


def _creations(handlers: Handlers) -> tuple[Operation, ...]:
    create = partial(
        Operation, methods=("POST",), replies=_CREATED, problems=(400, 404, 409), submits=True
    )
    video = Body(contents={JSON: wire.CreateVideo})
    return (
        create(path="/generations", handler=handlers.create, summary="Create a video", body=video),
        create(
            path="/generations/video",
            handler=handlers.create,
            operation_id="create_video",
            summary="Create a video; the path that the libraries use",
            body=video,
        ),
        create(
            path="/generations/image",
            handler=handlers.create_image,
            summary="Create a picture",
            body=Body(contents={JSON: wire.CreateImage}),
        ),
        create(
            path="/generations/video/reframe",
            handler=handlers.reframe_video,
            summary="Change the aspect ratio of a video",
            body=Body(contents={JSON: wire.ReframeVideo}),
        ),
        create(
            path="/generations/image/reframe",
            handler=handlers.reframe_image,
            summary="Change the aspect ratio of a picture",
            body=Body(contents={JSON: wire.ReframeImage}),
        ),
        create(
            path="/generations/video/modify",
            handler=handlers.modify_video,
            summary="Change a video as a prompt says",
            about="Refused where no engine can modify a video.",
            body=Body(contents={JSON: wire.ModifyVideo}),
        ),
    )


def _single(handlers: Handlers) -> tuple[Operation, ...]:
    operation = partial(Operation, path_shape=wire.GenerationPath)
    return (
        operation(
            path="/generations/{id}",
            handler=handlers.get,
            summary="Get a generation",
            replies=_DONE,
        ),
        operation(
            path="/generations/{id}",
            methods=("DELETE",),
            handler=handlers.delete,
            summary="Delete a generation and its files, for good",
            about="A generation that is not final is cancelled first.",
            replies={204: Reply(about="The generation is deleted.")},
            problems=(409,),
        ),
        operation(
            path="/generations/{id}/upscale",
            methods=("POST",),
            handler=handlers.upscale,
            summary="Upscale a video",
            body=Body(contents={JSON: wire.UpscaleVideo}, required=False),
            replies=_DONE,
            problems=(400, 409),
            submits=True,
        ),
        operation(
            path="/generations/{id}/audio",
            methods=("POST",),
            handler=handlers.add_audio,
            summary="Add sound to a video",
            body=Body(contents={JSON: wire.AddAudio}, required=False),
            replies=_DONE,
            problems=(400, 409),
            submits=True,
        ),
    )


def _others(handlers: Handlers) -> tuple[Operation, ...]:
    return (
        Operation(
            path="/generations",
            handler=handlers.page,
            operation_id="list",
            summary="List generations, newest first",
            query=wire.Page,
            replies={200: Reply(about="One page of generations.", shape=wire.Generations)},
        ),
        Operation(
            path="/generations/concepts/list",
            handler=handlers.concepts,
            summary="List the names of camera moves",
            replies=_NAMES,
        ),
        Operation(
            path="/generations/camera_motion/list",
            handler=handlers.camera_motions,
            summary="List the camera moves as prompts name them",
            replies=_NAMES,
        ),
        Operation(
            path="/ping",
            handler=handlers.ping,
            summary="Check that the server answers",
            replies={200: Reply(about="The server answers.", shape=wire.Pong)},
            open_to_all=True,
        ),
        Operation(
            path="/credits",
            handler=handlers.credits,
            summary="Get the credit balance",
            about="One credit is shown as one cent. A server without credits shows a million"
            " dollars.",
            replies={200: Reply(about="The balance, in US cents.", shape=wire.Credits)},
        ),
    )
