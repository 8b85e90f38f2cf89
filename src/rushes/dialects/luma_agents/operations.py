"""Declare the routes of the Agents API, for each of its mount points."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from rushes.dialects.luma_agents import wire
from rushes.dialects.luma_agents.handlers import Handlers
from rushes.http.operation import JSON, MULTIPART, Body, Operation, Reply

MOUNTS: Final = {"/v1": "", "/luma-agents/v1": "_too"}
"""The mount points, each with the suffix that keeps its operation ids unique."""

HEADERS: Final = {"X-API-Version": "The version of the API."}

_reply = partial(Reply, headers=HEADERS)
_operation = partial(Operation, invalid=400)


def operations(handlers: Handlers) -> tuple[Operation, ...]:
    """Return the routes, answered by *handlers*."""
    return tuple(
        operation
        for mount, suffix in MOUNTS.items()
        for operation in (
            *_generations(handlers, mount, suffix),
            *_files(handlers, mount, suffix),
        )
    )


def _generations(handlers: Handlers, mount: str, suffix: str) -> Iterator[Operation]:
    yield _operation(
        path=f"{mount}/generations",
        methods=("POST",),
        handler=handlers.create,
        submits=True,
        operation_id=f"create{suffix}",
        summary="Create a picture or a video",
        about="A request that breaks a rule, or that no engine here can do, is refused with 422.",
        body=Body(contents={JSON: wire.CreateGeneration}, checked=False),
        replies={201: _reply(about="The queued generation.", shape=wire.Generation)},
        problems=(404, 422),
    )
    yield _operation(
        path=f"{mount}/generations/{{id}}",
        handler=handlers.get,
        operation_id=f"get{suffix}",
        summary="Get a generation",
        replies={200: _reply(about="The generation.", shape=wire.Generation)},
    )


def _files(handlers: Handlers, mount: str, suffix: str) -> Iterator[Operation]:
    path = f"{mount}/files/{{id}}"
    file = {200: _reply(about="The file.", shape=wire.File)}
    yield _operation(
        path=f"{mount}/files",
        methods=("POST",),
        handler=handlers.create_file,
        operation_id=f"create_file{suffix}",
        summary="Upload a file, or announce one",
        about=(
            "A form carries the bytes, and the file is ready at once. JSON announces a file: the"
            " reply says where to PUT the bytes; then call `complete`."
        ),
        body=Body(contents={JSON: wire.CreateFile, MULTIPART: wire.FileForm}, checked=False),
        replies={201: _reply(about="The file.", shape=wire.CreatedFile)},
        problems=(422,),
    )
    yield _operation(
        path=f"{mount}/files",
        handler=handlers.list_files,
        operation_id=f"list_files{suffix}",
        summary="List files, newest first",
        query=wire.FileQuery,
        replies={200: _reply(about="One page of files.", shape=wire.FileList)},
    )
    yield _operation(
        path=path,
        handler=handlers.get_file,
        operation_id=f"get_file{suffix}",
        summary="Get a file",
        replies=file,
    )
    yield _operation(
        path=f"{path}/complete",
        methods=("POST",),
        handler=handlers.complete_file,
        operation_id=f"complete_file{suffix}",
        summary="Complete the upload of an announced file",
        about="The file is then ready or, with a reason, failed.",
        replies=file,
        problems=(422,),
    )
    yield _operation(
        path=path,
        methods=("DELETE",),
        handler=handlers.delete_file,
        operation_id=f"delete_file{suffix}",
        summary="Delete a file; new generations cannot name it",
        replies={204: _reply(about="The file is deleted.")},
    )
