"""Assemble Luma's Agents API at its two mount points."""

from pydantic_core import to_json
from starlette.responses import Response

from rushes.core.generation import Generation
from rushes.core.signed_links import SignedLinks
from rushes.dialects.base import DialectContext
from rushes.dialects.luma_agents import errors, wire
from rushes.dialects.luma_agents.handlers import NAME, Handlers
from rushes.dialects.luma_agents.operations import HEADERS, operations
from rushes.dialects.luma_agents.translate import from_generation
from rushes.http.gateway import MediaUrl
from rushes.http.operation import Api, Reply
from rushes.http.problems import Problem
from rushes.service.uploads import UploadedFiles


class LumaAgents:
    """
    The Agents API, at ``/v1/generations`` and ``/v1/files``, and again below ``/luma-agents/v1``.

    Args:
        files: Keeps the callers' files.

        uploads: Makes the links for uploads.
    """

    name = NAME
    prefix = "/luma-agents"
    fast_retries_s: tuple[float, ...] = ()
    formats: tuple[str, ...] = ()
    only_final = False

    def __init__(self, *, files: UploadedFiles, uploads: SignedLinks) -> None:
        self._files = files
        self._uploads = uploads

    def api(self, context: DialectContext) -> Api:
        """Return the routes, described; the server mounts and documents them from that."""
        return Api(
            name=self.name,
            about="Luma's Agents API, as the package `luma-agents` uses it.",
            operations=operations(Handlers(context, self._files, self._uploads)),
            word=self.word,
            problem=Reply(about="The error.", shape=wire.Fault, headers=HEADERS),
        )

    def word(self, problem: Problem) -> Response:
        """Return an error as one sentence."""
        return errors.word(problem)

    def announcement(self, generation: Generation, *, wording: str, url: MediaUrl) -> bytes:
        """Return the body of a webhook: the generation. The API itself has no webhooks."""
        return to_json(from_generation(generation, url=url))
