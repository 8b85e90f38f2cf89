"""Declare the routes of OpenAI's videos API: path, body, replies, errors and handler."""

from functools import partial
from typing import Final

from rushes.dialects.openai_videos import wire
from rushes.dialects.openai_videos.handlers import POLL_HEADER, Handlers
from rushes.http.operation import JSON, MULTIPART, Body, Operation, Reply, Shape

PREFIX: Final = "/v1/videos"
_ONE: Final = PREFIX + "/{id}"
_TASKS: Final = "/v1/video/generations"
_MODELS: Final = "/v1/models"
_FORM: Final = "application/x-www-form-urlencoded"
_MP4: Final = "video/mp4"

_VIDEO: Final = {200: Reply(about="The video.", shape=wire.Video)}
_FORMS: Final = (
    "A form or JSON. In a form, the fields of an object are named `video[id]`,"
    " and a file is a part."
)

_operation = partial(Operation, invalid=400)


def _body(shape: Shape) -> Body:
    return Body(contents=dict.fromkeys((MULTIPART, JSON, _FORM), shape), checked=False)


def operations(handlers: Handlers) -> tuple[Operation, ...]:
    """Return the routes, answered by *handlers*."""
    return (
        *_collection(handlers),
        *_derived(handlers),
        *_single(handlers),
        *_newapi_tasks(handlers),
        *_models(handlers),
    )


def _collection(handlers: Handlers) -> tuple[Operation, ...]:
    return (
        _operation(
            path=PREFIX,
            methods=("POST",),
            handler=handlers.create,
            submits=True,
            summary="Create a video",
            about=_FORMS,
            body=_body(wire.CreateVideo),
            replies=_VIDEO,
            problems=(404, 409),
        ),
        _operation(
            path=PREFIX,
            handler=handlers.list,
            summary="List videos",
            query=wire.ListQuery,
            replies={200: Reply(about="One page of videos.", shape=wire.Page)},
        ),
        _operation(
            path=PREFIX + "/sync",
            methods=("POST",),
            handler=handlers.create_sync,
            submits=True,
            summary="Create a video and wait for its file",
            about="An extension of vLLM-Omni. 409 if it fails, or is not final within ten minutes.",
            body=_body(wire.CreateVideo),
            replies={
                200: Reply(about="The file.", media_type=_MP4),
                206: Reply(about="The part that `Range` names.", media_type=_MP4),
                304: Reply(about="Unchanged since the version in `If-None-Match`."),
                416: Reply(about="The file has no such part.", media_type="text/plain"),
            },
            problems=(404, 409, 410),
        ),
    )


def _derived(handlers: Handlers) -> tuple[Operation, ...]:
    return (
        _operation(
            path=PREFIX + "/edits",
            methods=("POST",),
            handler=handlers.edit,
            submits=True,
            summary="Edit a video as a prompt says",
            about="Refused with 400 by a model whose engine cannot modify a video.",
            body=_body(wire.EditVideo),
            replies=_VIDEO,
            problems=(404, 409),
        ),
        _operation(
            path=PREFIX + "/extensions",
            methods=("POST",),
            handler=handlers.extend,
            submits=True,
            summary="Extend a video",
            body=_body(wire.ExtendVideo),
            replies=_VIDEO,
            problems=(404, 409),
        ),
        _operation(
            path=PREFIX + "/characters",
            methods=("POST",),
            handler=handlers.create_character,
            summary="Always refused: no engine here keeps a likeness",
            body=_body(wire.CreateCharacter),
            replies={200: Reply(about="Never sent.", shape=wire.Character)},
        ),
        _operation(
            path=PREFIX + "/characters/{id}",
            handler=handlers.show_character,
            summary="Always 404: this server has no characters",
            replies={200: Reply(about="Never sent.", shape=wire.Character)},
        ),
        _operation(
            path=_ONE + "/remix",
            methods=("POST",),
            handler=handlers.remix,
            submits=True,
            summary="Create the same video with another prompt",
            about="Keeps the model, size, length, pictures and seed.",
            body=_body(wire.RemixVideo),
            replies=_VIDEO,
            problems=(409,),
        ),
    )


def _single(handlers: Handlers) -> tuple[Operation, ...]:
    return (
        _operation(
            path=_ONE,
            handler=handlers.show,
            summary="Get a video",
            replies={
                200: Reply(
                    about="The video.",
                    shape=wire.Video,
                    headers={
                        POLL_HEADER: "Milliseconds until the next poll; absent once it is final."
                    },
                )
            },
        ),
        _operation(
            path=_ONE,
            methods=("DELETE",),
            handler=handlers.remove,
            summary="Delete a final video and its files",
            replies={200: Reply(about="The video is deleted.", shape=wire.Deleted)},
            problems=(409,),
        ),
        _operation(
            path=_ONE + "/content",
            handler=handlers.content,
            summary="Get a finished video, one frame of it, or a sheet of twenty",
            about="The sheet shows twenty frames from the first to the last, five in a row.",
            query=wire.ContentQuery,
            replies={
                200: Reply(about="The file.", media_type="*/*"),
                206: Reply(about="The part that `Range` names.", media_type="*/*"),
                304: Reply(about="Unchanged since the version in `If-None-Match`."),
                416: Reply(about="The file has no such part.", media_type="text/plain"),
            },
            problems=(409, 410),
        ),
    )


def _newapi_tasks(handlers: Handlers) -> tuple[Operation, ...]:
    return (
        _operation(
            path=_TASKS,
            methods=("POST",),
            handler=handlers.create_task,
            submits=True,
            summary="Create a video in new-api's format",
            about="`metadata` can have more fields.",
            body=_body(wire.CreateTask),
            replies={200: Reply(about="The video.", shape=wire.TaskVideo)},
            problems=(404, 409),
        ),
        _operation(
            path=_TASKS + "/{id}",
            handler=handlers.show_task,
            summary="Get a video in new-api's format",
            replies={200: Reply(about="The task.", shape=wire.TaskReply)},
        ),
    )


def _models(handlers: Handlers) -> tuple[Operation, ...]:
    return (
        _operation(
            path=_MODELS,
            handler=handlers.list_models,
            summary="List the models that this key may use",
            about="Each alias has an entry of its own, whose `root` names the model.",
            replies={200: Reply(about="All models.", shape=wire.Models)},
        ),
        _operation(
            path=_MODELS + "/{id:path}",  # a name may hold slashes: Wan-AI/Wan2.2
            handler=handlers.show_model,
            summary="Get a model by its name or an alias",
            replies={200: Reply(about="The model.", shape=wire.Model)},
        ),
    )
