"""Declare the settings of the media store."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, model_validator
from pydantic.dataclasses import dataclass

from rushes.settings.groups import CONFIG, BaseUrl, Seconds


def _media_url(text: str) -> str:
    parts = urlsplit(text)
    place = parts.path if parts.scheme == "file" else parts.hostname
    if parts.scheme not in {"s3", "gs", "az", "file"} or not place or parts.query or parts.fragment:
        raise ValueError(
            "must be like s3://bucket/prefix, gs://bucket, az://container or file:///path"
        )
    if "@" in parts.netloc:
        raise ValueError("must hold no keys: set access_key_id and secret_access_key")
    return text.rstrip("/")


MediaUrl = Annotated[str, AfterValidator(_media_url)]


@dataclass(frozen=True, kw_only=True, config=CONFIG)
class Media:
    """Where videos, pictures and uploads are kept."""

    url: MediaUrl | None = None
    """
    Where to keep files, e.g. ``s3://bucket/prefix``; unset: in the data folder.

    ``s3://`` serves every service with the S3 API. ``gs://bucket/prefix`` and
    ``az://container/prefix`` name Google Cloud Storage and Azure, ``file:///path`` another folder.
    All but a folder need ``rushes[objects]`` installed.
    """

    delivery: Literal["proxy", "redirect"] = "proxy"
    """
    How clients get files from an object store.

    With ``proxy`` this server reads them and sends them on. With ``redirect`` links lead to signed
    URLs of the object store, which clients must be able to reach.
    """

    redirect_lifetime_s: Annotated[int, Field(ge=60, le=604800)] = 3600
    """Seconds for which the signed URLs of ``delivery = "redirect"`` work."""

    endpoint: BaseUrl | None = None
    """The URL of an S3 service other than Amazon's, e.g. ``https://minio.example.org:9000``."""

    public_endpoint: BaseUrl | None = None
    """The URL of the S3 service for clients, where it is not ``endpoint``; for redirects."""

    region: str | None = None
    """The region of the S3 bucket. Most services other than Amazon's accept the default."""

    path_style: bool = True
    """Name the bucket in the path of S3 URLs. When it is off, in the host name."""

    access_key_id: str | None = None
    """
    The id of the S3 key. When it is unset, ``AWS_ACCESS_KEY_ID`` and ``AWS_SECRET_ACCESS_KEY``
    count, and else the role of the machine.
    """

    secret_access_key: SecretStr | None = None
    """The secret of the S3 key."""

    session_token: SecretStr | None = None
    """The session token of a temporary S3 key."""

    checksum: Literal["none", "sha256"] = "none"
    """
    Checksum to send with each upload, in addition to the signature.

    Several services with the S3 API refuse checksum headers, so the default sends none.
    """

    part_mb: Annotated[int, Field(ge=5, le=512)] = 8
    """Size of the parts of an upload, in MiB. Smaller files are sent in one request."""

    timeout_s: Seconds = 30.0
    """Seconds for one request to the object store, which carries one part at most."""

    @model_validator(mode="after")
    def _fits_together(self) -> "Media":
        if (self.access_key_id is None) != (self.secret_access_key is None):
            raise ValueError("access_key_id and secret_access_key go together: set both, or none")
        if self.delivery == "redirect" and (self.url is None or self.url.startswith("file:")):
            raise ValueError('delivery = "redirect" needs an object store: set url')
        return self
