"""Define an uploaded file and its states."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from rushes.core.generation import AccountId
from rushes.core.spec import Medium

COMPLETION_DEADLINE: Final = timedelta(hours=24)
"""How long a file may be on its way before it is given up."""

DELETED_BYTES_STAY: Final = timedelta(hours=24)
"""How long the bytes of a deleted file stay, for generations that name it and still wait."""


class UploadState(StrEnum):
    """Where an upload stands."""

    PENDING = "pending"
    """Its bytes have not come, or nobody has said yet that they are all."""

    READY = "ready"
    FAILED = "failed"
    DELETED = "deleted"


class Purpose(StrEnum):
    """What a file is for."""

    INPUT = "input"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file on its way to us, or here."""

    id: str
    account_id: AccountId
    purpose: Purpose
    media_type: str
    """As the caller says; once it is ready, what its first bytes say."""

    size_bytes: int
    created_at: datetime
    state: UploadState = UploadState.PENDING
    key: str | None = None
    """Where its bytes are in the media store; None before they come and after they are gone."""

    name: str | None = None
    """What the caller calls it; never part of a path."""

    tag: str | None = None
    """Whom of his own users the caller says it is from."""

    expires_at: datetime | None = None
    """When it is to be deleted without being asked."""

    deleted_at: datetime | None = None
    failure: str | None = None
    """Why it cannot be used, as a sentence."""

    @property
    def medium(self) -> Medium:
        """What sort of file it is."""
        return Medium.VIDEO if self.media_type.startswith("video/") else Medium.IMAGE

    @property
    def due_at(self) -> datetime | None:
        """When something has to be done about it without being asked; None: never."""
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
