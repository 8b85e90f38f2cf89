"""One try: what is said is worded, signed and posted, and the answer is judged."""

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
from rushes.webhooks.retry_schedule import DeliveryVerdict, judge
from rushes.webhooks.signing import Signer
from rushes.webhooks.url_grouping import target_of

_log = structlog.get_logger()

ANSWER_KEPT_BYTES: Final = 4096
AGENT: Final = "rushes-webhooks/1"
SECRETS_TRUSTED_S: Final = 1.0
"""How long the server's secrets are not asked for again; a rotation takes effect in that time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is to be said to whom."""

    id: str
    url: str
    generation: Generation
    """What it was at the event."""

    dialect: str
    format: str
    secrets: tuple[str, ...] = ()
    """The address's own, the newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one try."""

    tried: Try
    verdict: DeliveryVerdict

    @property
    def was_answered(self) -> bool:
        return self.tried.status is not None


class Sender:
    """
    Says things once, and keeps no record of it.

    Args:
        announcers: Who words the announcements of each dialect, by its name.

        secrets: Returns the server's: ``whsec_<base64>``; several, separated by spaces, the newest
            first, while one is being replaced.

        deadline_s: Seconds for a receiver's whole answer.

        public_url: Where callers reach us; None: the address that each came to.

    Raises:
        ValueError: A secret is not one.
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
        self._asked_s = time.monotonic()
        self._servers = secrets()
        Signer(self._servers)

    def fast_retries_s(self, dialect: str) -> tuple[float, ...]:
        """Return the pauses of a dialect's own quick retries."""
        announcer = self._announcers.get(dialect)
        return announcer.fast_retries_s if announcer else ()

    async def send(
        self, message: Message, *, alter: Callable[[bytes], bytes] | None = None
    ) -> Outcome:
        """
        Say it; every failure is an outcome.

        Args:
            alter: Makes the body that is sent from the one that a dialect worded.
        """
        began_at, began_s = self._clock.now(), time.perf_counter()
        verdict, reply = await self._said(message, alter)
        tried = Try(
            at=began_at,
            status=reply.status if reply else None,
            error=verdict.error,
            answer=_text(reply.body) if reply else "",
            took_s=round(time.perf_counter() - began_s, 3),
        )
        return Outcome(tried=tried, verdict=verdict)

    async def _said(
        self, message: Message, alter: Callable[[bytes], bytes] | None
    ) -> tuple[DeliveryVerdict, Reply | None]:
        try:
            body = self._body(message)
            body = alter(body) if alter else body
            headers = self._headers(message, body)
        except Exception:  # noqa: BLE001  # the border: one dialect's mistake must not stop the others' webhooks
            _log.exception("announcement_not_worded", delivery=message.id)
            return _vain(f"this could not be put into the words of {message.dialect!r}"), None
        return await self._post(message.url, headers, body)

    async def _post(
        self, url: str, headers: dict[str, str], body: bytes
    ) -> tuple[DeliveryVerdict, Reply | None]:
        try:
            reply = await self._http.request(
                "POST",
                url,
                headers=headers,
                body=body,
                limit_bytes=ANSWER_KEPT_BYTES,
                deadline_s=self._deadline_s,
                truncate=True,
            )
        except ForbiddenAddress as error:
            return _vain(str(error)), None
        except Unreachable as error:
            return DeliveryVerdict(error=str(error)), None
        except Exception:  # noqa: BLE001  # the border: no thread, no socket, our own mistake; it counts as a try
            _log.exception("announcement_not_sent", target=target_of(url))
            return DeliveryVerdict(error="this could not be sent"), None
        return judge(reply.status, reply.headers, now=self._clock.now()), reply

    def _body(self, message: Message) -> bytes:
        generation = message.generation
        base, now = self._public_url or generation.origin, self._clock.now()
        return self._announcers[message.dialect].announcement(
            generation,
            wording=message.format,
            url=lambda key: base + self._links.path(key, now=now),
        )

    def _headers(self, message: Message, body: bytes) -> dict[str, str]:
        signer = _signer(" ".join((*message.secrets, self._own_secrets())))
        signed = signer.headers(message.id, body, now=self._clock.now())
        return {"content-type": "application/json", "user-agent": AGENT, **signed}

    def _own_secrets(self) -> str:
        now_s = time.monotonic()
        if now_s - self._asked_s > SECRETS_TRUSTED_S:
            self._servers, self._asked_s = self._secrets(), now_s
        return self._servers


@lru_cache(maxsize=256)
def _signer(secrets: str) -> Signer:
    return Signer(secrets)


def _vain(why: str) -> DeliveryVerdict:
    return DeliveryVerdict(error=why, may_repeat=False)


def _text(answer: bytes) -> str:
    """Return an answer as text that every store can keep."""
    return answer.decode(errors="replace").replace("\x00", "\ufffd")
