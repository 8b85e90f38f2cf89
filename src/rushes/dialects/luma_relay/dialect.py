"""Assemble the relay API at ``/luma``."""

from pydantic_core import to_json
from starlette.responses import Response

from rushes.core.generation import Generation
from rushes.dialects.base import DialectContext
from rushes.dialects.luma_relay import errors, webhook_bodies
from rushes.dialects.luma_relay.handlers import Handlers
from rushes.dialects.luma_relay.operations import operations
from rushes.dialects.luma_relay.wire import BATCH_FORMATS, NOTIFY_FORMATS, Envelope
from rushes.http.gateway import MediaUrl
from rushes.http.operation import Api, Reply
from rushes.http.problems import Problem


class LumaRelay:
    """
    The relay dialect, mounted at ``/luma``.

    Args:
        batch_format: The format of ``POST /luma/tasks`` when neither the request nor the key names
            one: ``array`` or ``wrapped``.

        notify_format: The format of the posts to a ``notify_hook``: ``superset``, ``official``,
            ``crazyrouter`` or ``newapi``.
    """

    name = "luma_relay"
    prefix = "/luma"
    fast_retries_s: tuple[float, ...] = ()
    formats: tuple[str, ...] = NOTIFY_FORMATS
    only_final = False

    def __init__(self, *, batch_format: str = "array", notify_format: str = "superset") -> None:
        if batch_format not in BATCH_FORMATS:
            raise ValueError(f"batch_format must be one of {BATCH_FORMATS}, not {batch_format!r}")
        if notify_format not in NOTIFY_FORMATS:
            raise ValueError(f"notify_format must be one of {NOTIFY_FORMATS}")
        self._batch_format = batch_format
        self._notify_format = notify_format

    def api(self, context: DialectContext) -> Api:
        """Return the routes, described; the server mounts and documents them from that."""
        handlers = Handlers(context, self.name, self._batch_format, self._notify_format)
        return Api(
            name=self.name,
            about="Luma's API as relays resell it, at `/luma`.",
            operations=operations(handlers),
            word=self.word,
            problem=Reply(about="The error.", shape=Envelope),
        )

    def word(self, problem: Problem) -> Response:
        """Return an error in the merged format of the relays."""
        return errors.word(problem)

    def announcement(self, generation: Generation, *, wording: str, url: MediaUrl) -> bytes:
        """Return the body of a webhook; see :class:`rushes.webhooks.base.Announcer`."""
        return to_json(webhook_bodies.body_of(generation, wording=wording, url=url))
