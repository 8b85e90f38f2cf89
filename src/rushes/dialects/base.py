"""What a dialect promises."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from starlette.responses import Response

from rushes.core.errors import NotFound
from rushes.core.generation import Generation
from rushes.core.spec import Medium
from rushes.http.gateway import Call, Gateway
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
    """What a dialect's handlers may use."""

    door: Gateway
    generations: Generations
    following: ProgressStream
    catalogue: Catalogue
    targets: WebhookTargets
    plans: ShotPlans
    credits: Credits | None = None
    """None: nobody counts them, and everything is free."""

    def offered(self, call: Call) -> Catalogue:
        """Return the models that the caller's key may ask for."""
        return self.catalogue.restricted_to(call.caller.limits.models)


def must_be_video(generation: Generation) -> Generation:
    """
    Return *generation* if a video comes of it, which is all that some APIs can tell of.

    Raises:
        NotFound: A picture does; the message says where it can be seen.
    """
    if generation.spec.makes is Medium.VIDEO:
        return generation
    where = f"GET /api/v1/generations/{generation.id} tells of it"
    raise NotFound(f"{generation.id} is a picture, not a video; {where}")


class Dialect(Protocol):
    """
    Speaks one foreign API: its paths, its words, its errors.

    It is also an :class:`rushes.webhooks.base.Announcer`.
    """

    @property
    def name(self) -> str:
        """How the rest of the house calls it."""
        ...

    @property
    def prefix(self) -> str:
        """Where its paths begin; errors below it are told in its words."""
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

    def api(self, desk: DialectContext) -> Api:
        """Return what can be asked for, described; it is mounted and documented from that."""
        ...

    def word(self, problem: Problem) -> Response:
        """Tell of an error in the API's own shape."""
        ...

    def announcement(
        self, generation: Generation, *, wording: str, url: Callable[[str], str]
    ) -> bytes:
        """Word a webhook's body; see :class:`rushes.webhooks.base.Announcer`."""
        ...
