"""Make one try of a delivery: write the body, sign it, post it, and interpret the reply."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import structlog

from rushes.core.generation import Generation
from rushes.core.signed_links import SignedLinks
from rushes.kit.clock import Clock
from rushes.kit.safe_http import ForbiddenAddress, Reply, SafeHttpClient, Unreachable
from rushes.store.outbox import Try
from rushes.webhooks.base import Announcer
from rushes.webhooks.retry_schedule import TryResult, result_of_reply
from rushes.webhooks.signing import Signer
from rushes.webhooks.target_queues import host_of

_log = structlog.get_logger()

REPLY_KEPT_BYTES: Final = 4096
USER_AGENT: Final = "rushes-webhooks/1"
SECRETS_CACHE_S: Final = 1.0
"""How long the server's secrets are cached; a rotation takes effect within this time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A webhook to send."""

    id: str
    url: str
    generation: Generation
    """The generation as it was at the event."""

    dialect: str
    format: str
    secrets: tuple[str, ...] = ()
    """The address's own secrets, the newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The result of one try."""

    tried: Try
    result: TryResult

    @property
    def was_answered(self) -> bool:
        return self.tried.status is not None


class Sender:
    """
    Sends a webhook once, and keeps no record of it.

    Args:
        announcers: The writers of bodies, by dialect.

        secrets: Returns the server's secret: ``whsec_<base64>``. During a rotation there are
            several, separated by spaces, the newest first.

        deadline_s: Seconds for a receiver's whole reply.

        public_url: The URL of this server for links; None: the host of the generation's request.

    Raises:
        ValueError: A secret is malformed.
    """

    def __init__(
        self,
        *,
        announcers: Mapping[str, Announcer],
        links: SignedLinks,
        http: SafeHttpClient,
        clock: Clock,
        secrets: Callable[[], str],
        deadline_s: float = 10.0,
        public_url: str | None = None,
    ) -> None:
        self._announcers = announcers
        self._links = links
        self._http = http
        self._clock = clock
        self._secrets = secrets
        self._deadline_s = deadline_s
        self._public_url = public_url
        self._cached_at_s = time.monotonic()
        self._cached_secrets = secrets()
        Signer(self._cached_secrets)

    def fast_retries_s(self, dialect: str) -> tuple[float, ...]:
        """Return the pauses of a dialect's quick retries, in seconds."""
        announcer = self._announcers.get(dialect)
        return announcer.fast_retries_s if announcer else ()

    async def send(
        self, message: Message, *, alter: Callable[[bytes], bytes] | None = None
    ) -> Outcome:
        """
        Send a webhook. Failures are outcomes, too, and never raised.

        Args:
            alter: Changes the body before it is signed.
        """
        began_at, began_s = self._clock.now(), time.perf_counter()
        result, reply = await self._send_once(message, alter)
        tried = Try(
            at=began_at,
            status=reply.status if reply else None,
            error=result.error,
            answer=_text(reply.body) if reply else "",
            took_s=round(time.perf_counter() - began_s, 3),
        )
        return Outcome(tried=tried, result=result)

    async def _send_once(
        self, message: Message, alter: Callable[[bytes], bytes] | None
    ) -> tuple[TryResult, Reply | None]:
        try:
            body = self._body(message)
            body = alter(body) if alter else body
            headers = self._headers(message, body)
        except Exception:  # noqa: BLE001  # one dialect's bug must not stop the webhooks of others
            _log.exception("webhook_body_failed", delivery=message.id)
            return _permanent(
                f"the body could not be written in the format of {message.dialect!r}"
            ), None
        return await self._post(message.url, headers, body)

    async def _post(
        self, url: str, headers: dict[str, str], body: bytes
    ) -> tuple[TryResult, Reply | None]:
        try:
            reply = await self._http.request(
                "POST",
                url,
                headers=headers,
                body=body,
                limit_bytes=REPLY_KEPT_BYTES,
                deadline_s=self._deadline_s,
                truncate=True,
            )
        except ForbiddenAddress as error:
            return _permanent(str(error)), None
        except Unreachable as error:
            return TryResult(error=str(error)), None
        except Exception:  # noqa: BLE001  # no thread, no socket, our own bug: it counts as a failed try
            _log.exception("webhook_send_failed", target=host_of(url))
            return TryResult(error="the webhook could not be sent"), None
        return result_of_reply(reply.status, reply.headers, now=self._clock.now()), reply

    def _body(self, message: Message) -> bytes:
        generation = message.generation
        base, now = self._public_url or generation.origin, self._clock.now()
        return self._announcers[message.dialect].announcement(
            generation,
            wording=message.format,
            url=lambda key: base + self._links.path(key, now=now),
        )

    def _headers(self, message: Message, body: bytes) -> dict[str, str]:
        signer = _signer(" ".join((*message.secrets, self._server_secrets())))
        signed = signer.headers(message.id, body, now=self._clock.now())
        return {"content-type": "application/json", "user-agent": USER_AGENT, **signed}

    def _server_secrets(self) -> str:
        now_s = time.monotonic()
        if now_s - self._cached_at_s > SECRETS_CACHE_S:
            self._cached_secrets, self._cached_at_s = self._secrets(), now_s
        return self._cached_secrets


@lru_cache(maxsize=256)
def _signer(secrets: str) -> Signer:
    return Signer(secrets)


def _permanent(why: str) -> TryResult:
    return TryResult(error=why, may_repeat=False)


def _text(answer: bytes) -> str:
    """Return a reply's body as text that every store can keep."""
    return answer.decode(errors="replace").replace("\x00", "\ufffd")
