"""Declare the routes of the relay API: path, body, replies, errors and handler."""

from functools import partial

from rushes.core.keys import Scope
from rushes.dialects.luma_relay.handlers import Handlers
from rushes.dialects.luma_relay.wire import (
    AceBatch,
    AceResult,
    AceTask,
    AceTasks,
    AceVideos,
    Address,
    Batch,
    CreateGeneration,
    Layout,
    Me,
    Page,
    Rows,
    Task,
    Upload,
    Uploaded,
    Usage,
)
from rushes.http.operation import JSON, MULTIPART, Body, Operation, Reply

_FORM = "application/x-www-form-urlencoded"
_ONE = "/luma/generations/{id}"
_TASK = {200: Reply(about="The generation.", shape=Task)}
_TASKS = {200: Reply(about="The generations, newest first.", shape=list[Task])}
_BATCH = {
    200: Reply(about="The generations that exist.", shape=list[Task] | Rows | AceTask | AceTasks)
}
_CREATE = Body(contents=dict.fromkeys((JSON, MULTIPART, _FORM), CreateGeneration), checked=False)
_ANY_TYPE = "Some clients send JSON as text or as a form; the server reads it all the same."

_operation = partial(Operation, invalid=400)


def operations(handlers: Handlers) -> tuple[Operation, ...]:
    """Return the routes, answered by *handlers*."""
    return (*_single(handlers), *_collection(handlers), *_account(handlers))


def _single(handlers: Handlers) -> tuple[Operation, ...]:
    return (
        _operation(
            path="/luma/generations",
            methods=("POST",),
            handler=handlers.create,
            submits=True,
            summary="Create a video",
            about=_ANY_TYPE,
            body=_CREATE,
            replies=_TASK,
            problems=(409,),
        ),
        _operation(
            path="/luma/generations_sync",
            methods=("POST",),
            handler=handlers.create,
            submits=True,
            operation_id="create_sync",
            summary="Create a video; the same under another name",
            body=_CREATE,
            replies=_TASK,
            problems=(409,),
        ),
        _operation(
            path="/luma/videos",
            methods=("POST",),
            handler=handlers.ace_videos,
            submits=True,
            summary="Create a video and wait for it, as AceDataCloud's clients do",
            about=_ANY_TYPE,
            body=Body(contents=dict.fromkeys((JSON, MULTIPART, _FORM), AceVideos), checked=False),
            replies={200: Reply(about="The video, or its progress.", shape=AceResult)},
            problems=(404, 409),
        ),
        _operation(path=_ONE, handler=handlers.show, summary="Get a video", replies=_TASK),
        _operation(
            path=_ONE,
            methods=("DELETE",),
            handler=handlers.cancel,
            summary="Cancel a video",
            about="No relay has this route. The video is failed from then on.",
            replies=_TASK,
            problems=(409,),
        ),
        _operation(
            path=_ONE + "/extend",
            methods=("POST",),
            handler=handlers.extend,
            submits=True,
            summary="Extend a video",
            body=_CREATE,
            replies=_TASK,
            problems=(409,),
        ),
        _operation(
            path=_ONE + "/download_video_url",
            methods=("GET", "POST"),
            handler=handlers.download,
            scope=Scope.READ,
            summary="Get the URL of the finished video",
            about="409 with `Retry-After` until it is completed; 410 once it is deleted.",
            replies={200: Reply(about="The URL, valid for a day.", shape=Address)},
            problems=(409, 410),
        ),
    )


def _collection(handlers: Handlers) -> tuple[Operation, ...]:
    return (
        _operation(
            path="/luma/generations",
            handler=handlers.list,
            summary="List videos",
            query=Page,
            replies=_TASKS,
        ),
        _operation(
            path="/luma/tasks",
            methods=("POST",),
            handler=handlers.batch,
            scope=Scope.READ,
            summary="Get several videos",
            about=(
                "Replies with a list or in new-api's envelope: see `format`."
                " With `action`, `id` or `task_id` the reply is AceDataCloud's."
            ),
            body=Body(contents={JSON: Batch | AceBatch}, checked=False),
            query=Layout,
            replies=_BATCH,
            problems=(404,),
        ),
    )


def _account(handlers: Handlers) -> tuple[Operation, ...]:
    return (
        _operation(
            path="/luma/generations/file_upload",
            methods=("POST",),
            handler=handlers.upload,
            summary="Upload an image for the first or last frame of a video",
            about="As JSON, as a form with a `file`, or as plain bytes.",
            body=Body(contents={JSON: Upload, "image/*": bytes}, checked=False),
            replies={200: Reply(about="The addresses of the image.", shape=Uploaded)},
        ),
        _operation(
            path="/luma/subscription/usage",
            handler=handlers.usage,
            summary="Get the number of videos under way and the credits left",
            replies={
                200: Reply(
                    about="The remaining credits; null where nothing costs credits.", shape=Usage
                )
            },
        ),
        _operation(
            path="/luma/users/me",
            handler=handlers.me,
            summary="Get the account of the key",
            replies={200: Reply(about="The account of the key.", shape=Me)},
        ),
    )
