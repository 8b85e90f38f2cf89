"""Open and try the media store that the settings name; no other module names an implementation."""

from datetime import timedelta
from importlib import import_module
from pathlib import Path
from secrets import token_bytes, token_hex
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr

from rushes.core.errors import MediaError, SettingsError
from rushes.kit.clock import Clock
from rushes.media.base import MediaStore
from rushes.media.files import FileMediaStore
from rushes.settings import Media, Settings

_CONNECT_S: Final = 5.0
_REGION: Final = "us-east-1"
"""The region that signatures name when none is set, as with obstore."""

_RETRIES: Final[dict[str, Any]] = {
    "max_retries": 4,
    "retry_timeout": timedelta(seconds=15),
    "backoff": {"init_backoff": timedelta(seconds=0.1), "max_backoff": timedelta(seconds=2)},
}
"""Short: requests of callers wait meanwhile. Finished renders wait longer, and elsewhere."""


def open_media(settings: Settings, clock: Clock) -> MediaStore:
    """
    Return the media store. Nothing is sent to an object store yet.

    Raises:
        SettingsError: The settings do not name a usable object store.

        MediaError: The folder cannot be made.
    """
    url = settings.media.url
    if url is None:
        return FileMediaStore(settings.data / "media")
    if url.startswith("file:"):
        return FileMediaStore(Path(unquote(urlsplit(url).path)))
    return _open_objects(settings.media, url, clock)


async def try_media(media: MediaStore) -> None:
    """Write, read and delete a small file. Raises MediaError."""
    key, data = f"health/{token_hex(8)}", token_bytes(64)
    await media.entries("health")  # a write can make a missing bucket, in some object stores
    await media.put_bytes(key, data)
    file = await media.find(key)
    if file is None or b"".join([block async for block in media.read(file)]) != data:
        raise MediaError("what was written could not be read")
    await media.delete(key)
    if await media.find(key) is not None:
        raise MediaError("what was deleted is still there")


def objects_are_needed() -> None:
    """Raise SettingsError if the client of object stores is not installed."""
    try:
        import_module("obstore")
    except ImportError as error:
        raise SettingsError(
            "media.url names an object store, and the client of object stores is not installed:"
            " pip install 'rushes[objects]'"
        ) from error


def _open_objects(media: Media, url: str, clock: Clock) -> MediaStore:
    objects_are_needed()
    from obstore.exceptions import BaseError  # noqa: PLC0415  # an optional extra of 16 MB
    from obstore.store import S3Store, from_url  # noqa: PLC0415

    from rushes.media.object_store.media_store import ObjectMediaStore  # noqa: PLC0415
    from rushes.media.object_store.s3_uploads import S3Keys, S3Uploads  # noqa: PLC0415

    parts = urlsplit(url)
    bucket, prefix = parts.netloc, unquote(parts.path).strip("/")
    is_s3 = parts.scheme == "s3"

    def opened(endpoint: str | None) -> Any:
        options: dict[str, Any] = {
            "client_options": {
                "timeout": timedelta(seconds=media.timeout_s),
                "connect_timeout": timedelta(seconds=min(_CONNECT_S, media.timeout_s)),
                "allow_http": bool(endpoint and endpoint.startswith("http:")),
            },
            "retry_config": _RETRIES,
        }
        if not is_s3:
            return from_url(url, **options)
        config: Any = _s3_config(media, bucket, endpoint)
        return S3Store(bucket, prefix=prefix or None, config=config, **options)

    try:
        objects = opened(media.endpoint)
        signing = opened(media.public_endpoint or media.endpoint)
    except (BaseError, ValueError) as error:
        why = str(error).partition("\n")[0]
        raise SettingsError(f"media.url: {url} cannot be used: {why}") from None
    uploads = None
    if is_s3 and media.access_key_id and media.secret_access_key:
        uploads = S3Uploads(
            bucket_url=_bucket_url(media, bucket),
            prefix=prefix,
            region=media.region or _REGION,
            keys=S3Keys(
                access_key_id=media.access_key_id,
                secret_access_key=media.secret_access_key.get_secret_value(),
                session_token=_text(media.session_token),
            ),
            clock=clock,
            timeout_s=media.timeout_s,
        )
    return ObjectMediaStore(
        objects,
        url=url,
        clock=clock,
        part_bytes=media.part_mb << 20,
        signing=signing if media.delivery == "redirect" else None,
        link_s=media.redirect_lifetime_s,
        uploads=uploads,
    )


def _s3_config(media: Media, bucket: str, endpoint: str | None) -> dict[str, Any]:
    given = {
        # The name that no variable of the environment outranks.
        "aws_endpoint_url_s3": endpoint
        and (endpoint if media.path_style else _in_host(endpoint, bucket)),
        "region": media.region,
        "access_key_id": media.access_key_id,
        "secret_access_key": _text(media.secret_access_key),
        "session_token": _text(media.session_token),
        "checksum_algorithm": None if media.checksum == "none" else media.checksum,
        "virtual_hosted_style_request": not media.path_style,
    }
    return {name: value for name, value in given.items() if value is not None}


def _bucket_url(media: Media, bucket: str) -> str:
    endpoint = media.endpoint or f"https://s3.{media.region or _REGION}.amazonaws.com"
    return f"{endpoint}/{bucket}" if media.path_style else _in_host(endpoint, bucket)


def _in_host(endpoint: str, bucket: str) -> str:
    scheme, _, rest = endpoint.partition("://")
    return f"{scheme}://{bucket}.{rest}"


def _text(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret else None
