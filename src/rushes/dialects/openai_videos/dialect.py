"""Assemble OpenAI's videos API, with what vLLM-Omni and new-api add."""

from datetime import timedelta

from starlette.responses import Response

from rushes.core.generation import Generation
from rushes.dialects.base import DialectContext
from rushes.dialects.openai_videos import errors, translate, wire
from rushes.dialects.openai_videos.handlers import Handlers
from rushes.dialects.openai_videos.operations import PREFIX, operations
from rushes.http.gateway import MediaUrl
from rushes.http.operation import Api, Reply
from rushes.http.problems import Problem
from rushes.service.uploads import UploadedFiles


class OpenAIVideos:
    """
    The videos API of OpenAI, mounted at ``/v1/videos`` and ``/v1/video/generations``.

    Args:
        kept: How long the server keeps finished files. None: until they are deleted.
    """

    name = translate.NAME
    prefix = PREFIX
    fast_retries_s: tuple[float, ...] = ()
    formats: tuple[str, ...] = ()
    only_final = True

    def __init__(self, *, files: UploadedFiles, kept: timedelta | None = None) -> None:
        self._files = files
        self._kept = kept

    def api(self, context: DialectContext) -> Api:
        """Return the routes, described; the server mounts and documents them from that."""
        return Api(
            name=self.name,
            about="The videos API of OpenAI, with what vLLM-Omni and new-api add.",
            operations=operations(Handlers(context, self._files, kept=self._kept)),
            word=self.word,
            problem=Reply(about="The error.", shape=wire.ErrorReply),
        )

    def word(self, problem: Problem) -> Response:
        """Return an error in OpenAI's format."""
        return errors.word(problem)

    def announcement(self, generation: Generation, *, wording: str, url: MediaUrl) -> bytes:
        """Return the body of a webhook; see :class:`rushes.webhooks.base.Announcer`."""
        return translate.event_of(generation).model_dump_json().encode()
