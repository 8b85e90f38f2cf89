"""Each path with what it takes and answers, for the router and for the documentation."""

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
_TASK = {200: Reply(about="The generation as it is now.", shape=Task)}
_TASKS = {200: Reply(about="The generations, newest first.", shape=list[Task])}
_BATCH = {200: Reply(about="Those that there are.", shape=list[Task] | Rows | AceTask | AceTasks)}
_CREATE = Body(contents=dict.fromkeys((JSON, MULTIPART, _FORM), CreateGeneration), checked=False)
_ALIKE = "Some clients send JSON as text or as a form; it is read all the same."

_operation = partial(Operation, invalid=400)


def operations(told: Handlers) -> tuple[Operation, ...]:
    """Return all that this dialect offers, answered by *told*."""
    return (*_about_one(told), *_about_many(told), *_about_the_caller(told))


def _about_one(told: Handlers) -> tuple[Operation, ...]:
    return (
        _operation(
            path="/luma/generations",
            methods=("POST",),
            handler=told.create,
            submits=True,
            summary="Ask for a video",
            about=_ALIKE,
            body=_CREATE,
            replies=_TASK,
            problems=(409,),
        ),
        _operation(
            path="/luma/generations_sync",
            methods=("POST",),
            handler=told.create,
            submits=True,
            operation_id="create_sync",
            summary="Ask for a video; the same under another name",
            body=_CREATE,
            replies=_TASK,
            problems=(409,),
        ),
        _operation(
            path="/luma/videos",
            methods=("POST",),
            handler=told.ace_videos,
            submits=True,
            summary="Ask for a video and wait for it, as AceDataCloud's clients do",
            about=_ALIKE,
            body=Body(contents=dict.fromkeys((JSON, MULTIPART, _FORM), AceVideos), checked=False),
            replies={200: Reply(about="The video, or how far it is.", shape=AceResult)},
            problems=(404, 409),
        ),
        _operation(path=_ONE, handler=told.show, summary="See how a video does", replies=_TASK),
        _operation(
            path=_ONE,
            methods=("DELETE",),
            handler=told.cancel,
            summary="Stop making a video",
            about="No relay has this; it is told as failed from then on.",
            replies=_TASK,
            problems=(409,),
        ),
        _operation(
            path=_ONE + "/extend",
            methods=("POST",),
            handler=told.extend,
            submits=True,
            summary="Ask for a video that goes on where this one ends",
            body=_CREATE,
            replies=_TASK,
            problems=(409,),
        ),
        _operation(
            path=_ONE + "/download_video_url",
            methods=("GET", "POST"),
            handler=told.download,
            scope=Scope.READ,
            summary="Get the address of the finished video",
            about="409 with `Retry-After` while it is being made; 410 once it was removed.",
            replies={200: Reply(about="Where it is, for a day.", shape=Address)},
            problems=(409, 410),
        ),
    )


def _about_many(told: Handlers) -> tuple[Operation, ...]:
    return (
        _operation(
            path="/luma/generations",
            handler=told.list,
            summary="List the videos that were asked for",
            query=Page,
            replies=_TASKS,
        ),
        _operation(
            path="/luma/tasks",
            methods=("POST",),
            handler=told.batch,
            scope=Scope.READ,
            summary="See how several videos do",
            about=(
                "A bare list, or new-api's envelope: see `format`."
                " With `action`, `id` or `task_id` it is answered as AceDataCloud does."
            ),
            body=Body(contents={JSON: Batch | AceBatch}, checked=False),
            query=Layout,
            replies=_BATCH,
            problems=(404,),
        ),
    )


def _about_the_caller(told: Handlers) -> tuple[Operation, ...]:
    return (
        _operation(
            path="/luma/generations/file_upload",
            methods=("POST",),
            handler=told.upload,
            summary="Keep an image to begin or end a video with",
            about="As JSON, as a form with a `file`, or the bytes as they are.",
            body=Body(contents={JSON: Upload, "image/*": bytes}, checked=False),
            replies={200: Reply(about="How to name it.", shape=Uploaded)},
        ),
        _operation(
            path="/luma/subscription/usage",
            handler=told.usage,
            summary="See how much is under way",
            replies={
                200: Reply(
                    about="What is left is in credits; null where nothing is metered.", shape=Usage
                )
            },
        ),
        _operation(
            path="/luma/users/me",
            handler=told.me,
            summary="See whose key this is",
            replies={200: Reply(about="The account of the key.", shape=Me)},
        ),
    )
