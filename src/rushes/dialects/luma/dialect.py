"""Assemble Luma's Dream Machine API at its official paths, and at those of ComfyUI's proxy."""

from dataclasses import replace
from typing import Final

from pydantic_core import to_json
from starlette.responses import Response

from rushes.core.generation import Generation
from rushes.core.signed_links import SignedLinks
from rushes.dialects.base import DialectContext
from rushes.dialects.luma import errors, wire
from rushes.dialects.luma.handlers import Handlers
from rushes.dialects.luma.operations import operations
from rushes.dialects.luma.storage import Storage
from rushes.dialects.luma.translate import from_generation
from rushes.http.gateway import MediaUrl
from rushes.http.operation import Api, Operation, Reply
from rushes.http.problems import Problem
from rushes.service.uploads import UploadedFiles

FAST_RETRIES_S: Final = (0.1, 0.1, 0.1)
"""Source: docs.lumalabs.ai, changelog of callbacks."""


class Luma:
    """
    The Dream Machine API below one path.

    Args:
        name: The name of the dialect.

        prefix: The beginning of the paths that are its own.

        root: The path before ``/generations``.

        storage: The storage for clients that upload files before they name them, if any.
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
        """Return the dialect at Luma's own path."""
        return cls(name="luma", prefix="/dream-machine", root="/dream-machine/v1")

    @classmethod
    def proxied(cls, *, files: UploadedFiles, uploads: SignedLinks) -> "Luma":
        """
        Return the dialect at the path of ComfyUI's nodes, with the storage that they upload to.

        Args:
            files: Keeps the uploaded files.

            uploads: Makes the links for uploads.
        """
        return cls(
            name="luma_proxy",
            prefix="/proxy/luma",
            root="/proxy/luma",
            storage=Storage(files, uploads),
        )

    def api(self, context: DialectContext) -> Api:
        """Return the routes, described; the server mounts and documents them from that."""
        return Api(
            name=self.name,
            about=f"Luma's Dream Machine API, at `{self._root}`.",
            operations=(
                *(self._placed(one) for one in operations(Handlers(context, self.name))),
                *([self._storage.operation()] if self._storage else []),
            ),
            word=self.word,
            problem=Reply(about="The error.", shape=wire.ErrorBody),
        )

    def _placed(self, operation: Operation) -> Operation:
        has_input = operation.body or operation.query
        handler = errors.showing_inputs(operation.handler) if has_input else operation.handler
        return replace(operation, path=self._root + operation.path, handler=handler)

    def word(self, problem: Problem) -> Response:
        """Return an error as ``{"detail": ...}``."""
        return errors.word(problem)

    def announcement(self, generation: Generation, *, wording: str, url: MediaUrl) -> bytes:
        """Return the body of a callback: the Generation, and nothing else."""
        return to_json(from_generation(generation, url=url))
