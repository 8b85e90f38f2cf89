"""Define the interface of a dialect and what its handlers can use."""

from dataclasses import dataclass
from typing import Protocol

from starlette.responses import Response

from rushes.core.errors import NotFound
from rushes.core.generation import Generation
from rushes.core.spec import Medium
from rushes.http.gateway import Call, Gateway, MediaUrl
from rushes.http.operation import Api
from rushes.http.problems import Problem
from rushes.service.catalogue import Catalogue
from rushes.service.credits import Credits
from rushes.service.generations import Generations
from rushes.service.progress_stream import ProgressStream
from rushes.service.shot_plans import ShotPlans
from rushes.service.webhook_targets import WebhookTargets


@dataclass(frozen=True, slots=True, kw_only=True)
class DialectContext:
    """The services that the handlers of a dialect can use."""

    gateway: Gateway
    generations: Generations
    progress_stream: ProgressStream
    catalogue: Catalogue
    targets: WebhookTargets
    plans: ShotPlans
    credits: Credits

    def catalogue_for(self, call: Call) -> Catalogue:
        """Return the models that the caller's key may use."""
        return self.catalogue.restricted_to(call.caller.limits.models)


def require_video(generation: Generation) -> Generation:
    """
    Return *generation* if it makes a video, for APIs that can describe nothing else.

    Raises:
        NotFound: It makes a picture; the message says which API shows it.
    """
    if generation.spec.makes is Medium.VIDEO:
        return generation
    where = f"GET /api/v1/generations/{generation.id} shows it"
    raise NotFound(f"{generation.id} is a picture, not a video; {where}")


class Dialect(Protocol):
    """
    Serves one API: its paths, its request and reply formats, its errors.

    It is also an :class:`rushes.webhooks.base.Announcer`.
    """

    @property
    def name(self) -> str:
        """The name of the dialect, in settings, in records and in metrics."""
        ...

    @property
    def prefix(self) -> str:
        """The beginning of its paths; errors below it have the dialect's format."""
        ...

    @property
    def fast_retries_s(self) -> tuple[float, ...]:
        """See :class:`rushes.webhooks.base.Announcer`."""
        ...

    @property
    def formats(self) -> tuple[str, ...]:
        """See :class:`rushes.webhooks.base.Announcer`."""
        ...

    @property
    def only_final(self) -> bool:
        """See :class:`rushes.webhooks.base.Announcer`."""
        ...

    def api(self, context: DialectContext) -> Api:
        """Return the routes, described; the server mounts and documents them from that."""
        ...

    def word(self, problem: Problem) -> Response:
        """Return an error in the API's own format."""
        ...

    def announcement(self, generation: Generation, *, wording: str, url: MediaUrl) -> bytes:
        """Return the body of a webhook; see :class:`rushes.webhooks.base.Announcer`."""
        ...
