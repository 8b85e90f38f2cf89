"""The dialect: its paths, its words for errors, its announcements."""

from collections.abc import Callable

from pydantic_core import to_json
from starlette.responses import Response

from rushes.core.generation import Generation
from rushes.dialects.base import DialectContext
from rushes.dialects.luma_relay import webhook_bodies
from rushes.dialects.luma_relay.errors import envelope
from rushes.dialects.luma_relay.handlers import Handlers
from rushes.dialects.luma_relay.operations import operations
from rushes.dialects.luma_relay.wire import BATCH_FORMATS, NOTIFY_FORMATS, Envelope
from rushes.http.operation import Api, Reply
from rushes.http.problems import Problem


class LumaRelay:
    """
    The relay dialect, mounted at ``/luma``.

    Args:
        batch_format: What ``POST /luma/tasks`` answers when neither the request nor the key
            says: ``array`` or ``wrapped``.

        notify_format: What is posted to a ``notify_hook``: ``superset``, ``official``,
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

    def api(self, desk: DialectContext) -> Api:
        """Return what can be asked for, described; it is mounted and documented from that."""
        told = Handlers(desk, self.name, self._batch_format, self._notify_format)
        return Api(
            name=self.name,
            about="The API at `/luma` as relays resell it.",
            operations=operations(told),
            word=self.word,
            problem=Reply(about="What is wrong.", shape=Envelope),
        )

    def word(self, problem: Problem) -> Response:
        """Tell of an error in the relays' merged envelope."""
        return envelope(problem)

    def announcement(
        self, generation: Generation, *, wording: str, url: Callable[[str], str]
    ) -> bytes:
        """Word a webhook's body; see :class:`rushes.webhooks.base.Announcer`."""
        return to_json(webhook_bodies.word(generation, wording=wording, url=url))
