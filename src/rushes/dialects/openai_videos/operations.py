"""Each path with what it takes and answers, for the router and for the documentation."""

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

_VIDEO: Final = {200: Reply(about="The video as it is now.", shape=wire.Video)}
_FORMS: Final = (
    "A form or JSON alike: in a form an object's fields are named `video[id]`,"
    " and a file is a part."
)

_operation = partial(Operation, invalid=400)


def _body(shape: Shape) -> Body:
    return Body(contents=dict.fromkeys((MULTIPART, JSON, _FORM), shape), checked=False)


def operations(calls: Handlers) -> tuple[Operation, ...]:
    """Return all that this dialect offers, answered by *calls*."""
    return (
        *_of_many(calls),
        *_made_of_others(calls),
        *_of_one(calls),
        *_of_others(calls),
        *_of_models(calls),
    )


def _of_many(calls: Handlers) -> tuple[Operation, ...]:
    return (
        _operation(
            path=PREFIX,
            methods=("POST",),
            handler=calls.create,
            submits=True,
            summary="Ask for a video",
            about=_FORMS,
            body=_body(wire.CreateVideo),
            replies=_VIDEO,
            problems=(404, 409),
        ),
        _operation(
            path=PREFIX,
            handler=calls.list,
            summary="List videos",
            query=wire.ListQuery,
            replies={200: Reply(about="One page of them.", shape=wire.Page)},
        ),
        _operation(
            path=PREFIX + "/sync",
            methods=("POST",),
            handler=calls.create_sync,
            submits=True,
            summary="Ask for a video, and get it",
            about="As vLLM-Omni has it. 409 if it fails, or is not done within ten minutes.",
            body=_body(wire.CreateVideo),
            replies={
                200: Reply(about="The file.", media_type=_MP4),
                206: Reply(about="A part of it, if `Range` asked for one.", media_type=_MP4),
                304: Reply(about="It is what `If-None-Match` says."),
                416: Reply(about="There is no such part.", media_type="text/plain"),
            },
            problems=(404, 409, 410),
        ),
    )


def _made_of_others(calls: Handlers) -> tuple[Operation, ...]:
    return (
        _operation(
            path=PREFIX + "/edits",
            methods=("POST",),
            handler=calls.edit,
            submits=True,
            summary="Ask for a video again, as the words say",
            about="Refused with 400 by a model whose engine cannot modify a video.",
            body=_body(wire.EditVideo),
            replies=_VIDEO,
            problems=(404, 409),
        ),
        _operation(
            path=PREFIX + "/extensions",
            methods=("POST",),
            handler=calls.extend,
            submits=True,
            summary="Ask for a video that goes on where another ends",
            body=_body(wire.ExtendVideo),
            replies=_VIDEO,
            problems=(404, 409),
        ),
        _operation(
            path=PREFIX + "/characters",
            methods=("POST",),
            handler=calls.create_character,
            summary="Refused: no engine here keeps a likeness",
            body=_body(wire.CreateCharacter),
            replies={200: Reply(about="Does not come back.", shape=wire.Character)},
        ),
        _operation(
            path=PREFIX + "/characters/{id}",
            handler=calls.show_character,
            summary="Not found: there are none",
            replies={200: Reply(about="Does not come back.", shape=wire.Character)},
        ),
        _operation(
            path=_ONE + "/remix",
            methods=("POST",),
            handler=calls.remix,
            submits=True,
            summary="Ask for the same video with other words",
            about="Its model, size, length, pictures and seed are kept.",
            body=_body(wire.RemixVideo),
            replies=_VIDEO,
            problems=(409,),
        ),
    )


def _of_one(calls: Handlers) -> tuple[Operation, ...]:
    return (
        _operation(
            path=_ONE,
            handler=calls.show,
            summary="See how a video does",
            replies={
                200: Reply(
                    about="The video as it is now.",
                    shape=wire.Video,
                    headers={POLL_HEADER: "When to ask again, until it is final."},
                )
            },
        ),
        _operation(
            path=_ONE,
            methods=("DELETE",),
            handler=calls.remove,
            summary="Delete a video that is final, and its files",
            replies={200: Reply(about="It is gone.", shape=wire.Deleted)},
            problems=(409,),
        ),
        _operation(
            path=_ONE + "/content",
            handler=calls.content,
            summary="Get a finished video, one frame of it, or twenty",
            about="The sheet shows frames from the first to the last, five in a row.",
            query=wire.ContentQuery,
            replies={
                200: Reply(about="The file.", media_type="*/*"),
                206: Reply(about="A part of it, if `Range` asked for one.", media_type="*/*"),
                304: Reply(about="It is what `If-None-Match` says."),
                416: Reply(about="There is no such part.", media_type="text/plain"),
            },
            problems=(409, 410),
        ),
    )


def _of_others(calls: Handlers) -> tuple[Operation, ...]:
    return (
        _operation(
            path=_TASKS,
            methods=("POST",),
            handler=calls.create_task,
            submits=True,
            summary="Ask for a video, as new-api has it",
            about="`metadata` may hold more fields.",
            body=_body(wire.CreateTask),
            replies={200: Reply(about="The video as it is now.", shape=wire.TaskVideo)},
            problems=(404, 409),
        ),
        _operation(
            path=_TASKS + "/{id}",
            handler=calls.show_task,
            summary="See how a video does, as new-api tells it",
            replies={200: Reply(about="The task.", shape=wire.TaskReply)},
        ),
    )


def _of_models(calls: Handlers) -> tuple[Operation, ...]:
    return (
        _operation(
            path=_MODELS,
            handler=calls.list_models,
            summary="List the models that this key may ask for",
            about="Each alias has an entry of its own, whose `root` names the model.",
            replies={200: Reply(about="All of them.", shape=wire.Models)},
        ),
        _operation(
            path=_MODELS + "/{id:path}",  # a name may hold slashes: Wan-AI/Wan2.2
            handler=calls.show_model,
            summary="Get a model by its name or an alias",
            replies={200: Reply(about="The model.", shape=wire.Model)},
        ),
    )
