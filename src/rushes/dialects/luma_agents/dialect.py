"""The dialect: its paths, its words for errors, its announcements."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from pydantic_core import to_json
from starlette.responses import Response

from rushes.core.generation import Generation
from rushes.core.signed_links import SignedLinks
from rushes.dialects.base import DialectContext
from rushes.dialects.luma_agents import wire
from rushes.dialects.luma_agents.errors import fault
from rushes.dialects.luma_agents.handlers import NAME, Handlers
from rushes.dialects.luma_agents.translate import from_generation
from rushes.http.operation import JSON, MULTIPART, Api, Body, Operation, Reply
from rushes.http.problems import Problem
from rushes.service.uploads import UploadedFiles

MOUNTS: Final = {"/v1": "", "/luma-agents/v1": "_too"}
"""Where it lies, and how the names of its operations end there, since no two may be the same."""

_HEADERS: Final = {"X-API-Version": "The version of the API that is spoken."}


class LumaAgents:
    """
    The Agents API, at ``/v1/generations`` and ``/v1/files``, and whole at ``/luma-agents/v1``.

    Args:
        files: What it keeps for callers.

        uploads: Makes the links to which files are put.
    """

    name = NAME
    prefix = "/luma-agents"
    fast_retries_s: tuple[float, ...] = ()
    formats: tuple[str, ...] = ()
    only_final = False

    def __init__(self, *, files: UploadedFiles, uploads: SignedLinks) -> None:
        self._files = files
        self._uploads = uploads

    def api(self, desk: DialectContext) -> Api:
        """Return what can be asked for, described; it is mounted and documented from that."""
        calls = Handlers(desk, self._files, self._uploads)
        return Api(
            name=self.name,
            about="Luma's Agents API, as the package `luma-agents` speaks it.",
            operations=tuple(
                operation
                for mount, end in MOUNTS.items()
                for operation in (*_generations(calls, mount, end), *_files(calls, mount, end))
            ),
            word=self.word,
            problem=Reply(about="What is wrong.", shape=wire.Fault, headers=_HEADERS),
        )

    def word(self, problem: Problem) -> Response:
        """Tell of an error as one sentence."""
        return fault(problem)

    def announcement(
        self, generation: Generation, *, wording: str, url: Callable[[str], str]
    ) -> bytes:
        """Word a webhook's body: the generation. The API itself has no webhooks."""
        return to_json(from_generation(generation, url=url))


_reply = partial(Reply, headers=_HEADERS)
_operation = partial(Operation, invalid=400)


def _generations(calls: Handlers, mount: str, end: str) -> Iterator[Operation]:
    shape = wire.Generation
    yield _operation(
        path=f"{mount}/generations",
        methods=("POST",),
        handler=calls.create,
        submits=True,
        operation_id=f"create{end}",
        summary="Ask for a picture or a video",
        about="What breaks a rule, or no engine here can do, is refused with 422.",
        body=Body(contents={JSON: wire.CreateGeneration}, checked=False),
        replies={201: _reply(about="It is queued.", shape=shape)},
        problems=(404, 422),
    )
    yield _operation(
        path=f"{mount}/generations/{{id}}",
        handler=calls.get,
        operation_id=f"get{end}",
        summary="See how a generation does",
        replies={200: _reply(about="The generation as it is now.", shape=shape)},
    )


def _files(calls: Handlers, mount: str, end: str) -> Iterator[Operation]:
    one = f"{mount}/files/{{id}}"
    file = {200: _reply(about="The file as it is now.", shape=wire.File)}
    yield _operation(
        path=f"{mount}/files",
        methods=("POST",),
        handler=calls.create_file,
        operation_id=f"create_file{end}",
        summary="Bring a file, or announce one",
        about=(
            "As a form with the bytes in it, the file is ready at once. As JSON, the reply says"
            " where to PUT them; then call `complete`."
        ),
        body=Body(contents={JSON: wire.CreateFile, MULTIPART: wire.FileForm}, checked=False),
        replies={201: _reply(about="The file.", shape=wire.CreatedFile)},
        problems=(422,),
    )
    yield _operation(
        path=f"{mount}/files",
        handler=calls.list_files,
        operation_id=f"list_files{end}",
        summary="List files, newest first",
        query=wire.FileQuery,
        replies={200: _reply(about="One page of them.", shape=wire.FileList)},
    )
    yield _operation(
        path=one,
        handler=calls.get_file,
        operation_id=f"get_file{end}",
        summary="See a file",
        replies=file,
    )
    yield _operation(
        path=f"{one}/complete",
        methods=("POST",),
        handler=calls.complete_file,
        operation_id=f"complete_file{end}",
        summary="Say that all bytes of an announced file are there",
        about="The file comes back ready or, with a reason, failed.",
        replies=file,
        problems=(422,),
    )
    yield _operation(
        path=one,
        methods=("DELETE",),
        handler=calls.delete_file,
        operation_id=f"delete_file{end}",
        summary="Let no new generation name a file",
        replies={204: _reply(about="It is deleted.")},
    )
