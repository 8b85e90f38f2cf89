"""Assemble the server's own API at ``/api/v1`` from its resources."""

from collections.abc import Sequence

from starlette.responses import Response

from rushes.core.generation import Generation
from rushes.dialects.base import DialectContext
from rushes.dialects.native import errors
from rushes.dialects.native.accounts.operations import account_operations
from rushes.dialects.native.channels.operations import channel_operations
from rushes.dialects.native.credits.operations import credits_operations
from rushes.dialects.native.deliveries.operations import delivery_operations
from rushes.dialects.native.generations.handlers import NAME
from rushes.dialects.native.generations.operations import generation_operations
from rushes.dialects.native.generations.translate import from_generation
from rushes.dialects.native.local_models.operations import local_model_operations
from rushes.dialects.native.models import model_operations
from rushes.dialects.native.nodes import node_operations
from rushes.dialects.native.plans.operations import plan_operations
from rushes.dialects.native.queue import queue_operations
from rushes.dialects.native.settings import settings_operations
from rushes.dialects.native.webhooks.operations import webhook_operations
from rushes.http.gateway import MediaUrl
from rushes.http.operation import Api
from rushes.http.problems import Problem
from rushes.service.account_deletion import AccountDeletion
from rushes.service.channel_control import ChannelControl
from rushes.service.deliveries import Deliveries
from rushes.service.local_models import LocalModels
from rushes.service.node_list import NodeList
from rushes.service.queue_view import QueueView
from rushes.service.setting_view import SettingView
from rushes.service.webhooks import Webhooks


class NativeAnnouncer:
    """Writes the bodies of webhooks in the native format, and needs no service."""

    name = NAME
    fast_retries_s: tuple[float, ...] = ()
    formats: tuple[str, ...] = ()
    only_final = False

    def announcement(self, generation: Generation, *, wording: str, url: MediaUrl) -> bytes:
        """Return the body of a webhook: the reply to ``GET``, without a position."""
        return from_generation(generation, url=url).model_dump_json().encode()


class Native(NativeAnnouncer):
    """The native dialect, mounted at ``/api``."""

    prefix = "/api"

    def __init__(
        self,
        *,
        deliveries: Deliveries,
        webhooks: Webhooks,
        channels: ChannelControl,
        queue: QueueView,
        nodes: NodeList,
        account_deletion: AccountDeletion,
        local_models: LocalModels,
        settings: Sequence[SettingView] = (),
    ) -> None:
        self._deliveries = deliveries
        self._webhooks = webhooks
        self._channels = channels
        self._queue = queue
        self._nodes = nodes
        self._account_deletion = account_deletion
        self._local_models = local_models
        self._settings = tuple(settings)

    def api(self, context: DialectContext) -> Api:
        """Return the routes, described; the server mounts and documents them from that."""
        return Api(
            name=self.name,
            about="The server's own API: strict, in plain words, and with every feature.",
            operations=(
                *generation_operations(context),
                *model_operations(context),
                *plan_operations(context.plans),
                *delivery_operations(self._deliveries),
                *webhook_operations(self._webhooks),
                *account_operations(context, self._account_deletion),
                *credits_operations(context.credits),
                *queue_operations(self._queue),
                *channel_operations(self._channels),
                *node_operations(self._nodes),
                *local_model_operations(self._local_models),
                *settings_operations(self._settings),
            ),
            word=self.word,
            problem=errors.PROBLEM,
        )

    def word(self, problem: Problem) -> Response:
        """Return an error as an RFC 9457 problem document."""
        return errors.word(problem)
