"""Find and abort multipart uploads of an S3 bucket that were begun and never ended."""

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree as ET

import httpx2

from rushes.core.errors import MediaError, MediaUnavailable
from rushes.kit.clock import Clock
from rushes.media.base import Unfinished

_EMPTY: Final = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class S3Keys:
    """The credentials that sign requests."""

    access_key_id: str
    secret_access_key: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)


class S3Uploads:
    """
    Lists and aborts multipart uploads, which obstore cannot do.

    Args:
        bucket_url: The URL of the bucket, with the bucket in its host name or path.

        prefix: The prefix of all keys, without a slash at its ends; may be empty.

        region: The region that signatures name.

        keys: The credentials.

        clock: Dates signatures.

        timeout_s: Seconds for one request.
    """

    def __init__(
        self,
        *,
        bucket_url: str,
        prefix: str,
        region: str,
        keys: S3Keys,
        clock: Clock,
        timeout_s: float = 30.0,
    ) -> None:
        self._url = bucket_url.rstrip("/")
        self._prefix = f"{prefix}/" if prefix else ""
        self._region = region
        self._keys = keys
        self._clock = clock
        self._timeout_s = timeout_s

    async def begun(self, *, before: datetime) -> tuple[Unfinished, ...]:
        """Return the uploads that began before a moment. Raises MediaError."""
        found: list[Unfinished] = []
        query = {"uploads": "", "prefix": self._prefix}
        while True:
            page = _parsed(await self._send("GET", "", query))
            for one in _all(page, "Upload"):
                key, began = _text(one, "Key"), datetime.fromisoformat(_text(one, "Initiated"))
                if began < before and key.startswith(self._prefix):
                    found.append(
                        Unfinished(
                            key=key.removeprefix(self._prefix), upload_id=_text(one, "UploadId")
                        )
                    )
            if _text(page, "IsTruncated") != "true":
                return tuple(found)
            query |= {
                "key-marker": _text(page, "NextKeyMarker"),
                "upload-id-marker": _text(page, "NextUploadIdMarker"),
            }

    async def abort(self, unfinished: Unfinished) -> None:
        """Remove the parts of an upload. An upload that has ended meanwhile is no error."""
        query = {"uploadId": unfinished.upload_id or ""}
        await self._send("DELETE", self._prefix + unfinished.key, query)

    async def _send(self, method: str, key: str, query: Mapping[str, str]) -> bytes:
        url = f"{self._url}/{quote(key, safe='/-_.~')}" if key else f"{self._url}/"
        pairs = "&".join(
            f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}"
            for name, value in sorted(query.items())
        )
        headers = signed_headers(
            method, url, pairs, keys=self._keys, region=self._region, now=self._clock.now()
        )
        try:
            async with httpx2.AsyncClient(timeout=self._timeout_s, trust_env=False) as client:
                reply = await client.request(method, f"{url}?{pairs}", headers=headers)
        except httpx2.HTTPError as error:
            raise MediaUnavailable(
                f"unfinished uploads: the object store could not be reached: {type(error).__name__}"
            ) from None
        if reply.status_code == 404 and method == "DELETE":
            return b""
        if not reply.is_success:
            sort = MediaUnavailable if reply.status_code >= 500 else MediaError
            raise sort(f"unfinished uploads: the object store replied {reply.status_code}")
        return reply.content


def signed_headers(
    method: str, url: str, query: str, *, keys: S3Keys, region: str, now: datetime
) -> dict[str, str]:
    """
    Return the headers that sign a request without a body, with AWS Signature Version 4.

    Source: "Authenticating Requests (AWS Signature Version 4)" in the Amazon S3 API Reference.

    Args:
        url: The URL without its query, percent-encoded.

        query: The query, percent-encoded and sorted.
    """
    parts = urlsplit(url)
    day, moment = f"{now:%Y%m%d}", f"{now:%Y%m%dT%H%M%SZ}"
    sent = {"host": parts.netloc, "x-amz-content-sha256": _EMPTY, "x-amz-date": moment}
    if keys.session_token:
        sent["x-amz-security-token"] = keys.session_token
    names = ";".join(sorted(sent))
    lines = "".join(f"{name}:{sent[name]}\n" for name in sorted(sent))
    canonical = f"{method}\n{parts.path}\n{query}\n{lines}\n{names}\n{_EMPTY}"
    scope = f"{day}/{region}/s3/aws4_request"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    to_sign = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{digest}"
    key = f"AWS4{keys.secret_access_key}".encode()
    for part in (day, region, "s3", "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, to_sign.encode(), "sha256").hex()
    credential = f"Credential={keys.access_key_id}/{scope}"
    sent["authorization"] = (
        f"AWS4-HMAC-SHA256 {credential}, SignedHeaders={names}, Signature={signature}"
    )
    return sent


def _parsed(body: bytes) -> ET.Element:
    try:
        return ET.fromstring(body)  # noqa: S314  # the operator's own object store, and expat refuses bombs
    except ET.ParseError:
        raise MediaError("unfinished uploads: the object store's reply is not XML") from None


def _all(element: ET.Element, name: str) -> Iterator[ET.Element]:
    return (one for one in element if one.tag.rpartition("}")[2] == name)


def _text(element: ET.Element, name: str) -> str:
    return next((one.text or "" for one in _all(element, name)), "")
