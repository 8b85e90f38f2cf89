"""Define an uploaded file and its states."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from rushes.core.generation import AccountId
from rushes.core.spec import Medium

COMPLETION_DEADLINE: Final = timedelta(hours=24)
"""The time for an upload, after which a pending one is deleted."""

DELETED_BYTES_STAY: Final = timedelta(hours=24)
"""How long the bytes of a deleted file stay, for waiting generations that refer to it."""


class UploadState(StrEnum):
    """The state of an uploaded file."""

    PENDING = "pending"
    """Its bytes have not arrived, or the caller has not completed the upload."""

    READY = "ready"
    FAILED = "failed"
    DELETED = "deleted"


class Purpose(StrEnum):
    """The use of an uploaded file."""

    INPUT = "input"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that a caller announced or uploaded."""

    id: str
    account_id: AccountId
    purpose: Purpose
    media_type: str
    """The type that the caller announced; once ready, the type that its first bytes show."""

    size_bytes: int
    created_at: datetime
    state: UploadState = UploadState.PENDING
    key: str | None = None
    """Its key in the media store; None before its bytes arrive and after they are deleted."""

    name: str | None = None
    """The caller's file name; never part of a path."""

    tag: str | None = None
    """The caller's own user to whom the file belongs, as the caller says."""

    expires_at: datetime | None = None
    """When the server deletes it."""

    deleted_at: datetime | None = None
    failure: str | None = None
    """The reason why it cannot be used, as a sentence."""

    @property
    def medium(self) -> Medium:
        """Whether it is a video or a picture."""
        return Medium.VIDEO if self.media_type.startswith("video/") else Medium.IMAGE

    @property
    def due_at(self) -> datetime | None:
        """When garbage collection has to act on it; None: never."""
        match self.state:
            case UploadState.PENDING:
                given_up = self.created_at + COMPLETION_DEADLINE
                return min(self.expires_at, given_up) if self.expires_at else given_up
            case UploadState.READY:
                return self.expires_at
            case UploadState.DELETED if self.key is not None and self.deleted_at is not None:
                return self.deleted_at + DELETED_BYTES_STAY
            case _:
                return None
