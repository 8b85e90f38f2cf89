"""
Sign webhooks, so that a receiver can verify their origin and their age.

Source: Standard Webhooks 1.0.0, "Signature scheme" and "Signing secret serialization".
"""

import base64
import binascii
from datetime import datetime
from typing import Final

from standardwebhooks import Webhook

PREFIX: Final = "whsec_"
SECRET_BYTES: Final = range(24, 65)
"""The valid lengths of a decoded secret, by Standard Webhooks."""


class Signer:
    """
    Signs with every secret at once, so that receivers can switch one by one during a rotation.

    Args:
        secrets: One or more of the form ``whsec_<base64>``, separated by spaces, the newest first.

    Raises:
        ValueError: A secret is malformed, too short or too long. The message does not show it.
    """

    def __init__(self, secrets: str) -> None:
        self._signing = tuple(Webhook(_decoded(secret)) for secret in secrets.split())
        if not self._signing:
            raise ValueError("there is no webhook secret")

    def headers(self, message_id: str, body: bytes, *, now: datetime) -> dict[str, str]:
        """
        Return the three signature headers for *body*.

        Args:
            message_id: The delivery's id, the same for every try.

            body: Exactly the bytes that will be sent, in UTF-8.

            now: The moment of this try, in UTC.

        Raises:
            UnicodeDecodeError: The body is not UTF-8.
        """
        text = body.decode()
        signatures = (
            key.sign(msg_id=message_id, timestamp=now, data=text) for key in self._signing
        )
        return {
            "webhook-id": message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": " ".join(signatures),
        }


def _decoded(secret: str) -> bytes:
    text = secret.removeprefix(PREFIX)
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except binascii.Error:
        key = b""
    if not secret.startswith(PREFIX) or len(key) not in SECRET_BYTES:
        raise ValueError("a webhook secret must be 'whsec_' and the base64 of 24 to 64 bytes")
    return key
