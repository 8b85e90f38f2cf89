"""Read and write uploads."""

from datetime import datetime
from typing import Final

from rushes.core.errors import Conflict
from rushes.core.generation import AccountId
from rushes.core.upload import Purpose, Upload, UploadState
from rushes.store.base import UploadFilter
from rushes.store.sql.connection import Connection, Row
from rushes.store.sql.rows import moment, when

_COLUMNS: Final = (
    "id, account_id, purpose, media_type, size_bytes, created_at, state, key, name, tag,"
    " expires_at, deleted_at, failure"
)
UPLOAD: Final = f"SELECT {_COLUMNS} FROM upload WHERE id = ?"  # noqa: S608  # every part is a constant of this module, here and below

_ADD: Final = f"""
    INSERT INTO upload ({_COLUMNS}, due_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO NOTHING
"""  # noqa: S608  # as above

_CHANGE: Final = f"""
    UPDATE upload SET ({_COLUMNS}, due_at) = (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    WHERE id = ? AND state = ? AND coalesce(key, '') = ?
"""  # noqa: S608  # as above


def add_upload(db: Connection, upload: Upload) -> None:
    """Write an upload whose id is new."""
    if db.execute(_ADD, _row(upload)).rowcount != 1:
        raise Conflict(f"there is an upload {upload.id} already")


def change_upload(db: Connection, before: Upload, after: Upload) -> None:
    """Replace an upload that still has the state and the key of *before*."""
    still = (before.id, before.state, before.key or "")
    if db.execute(_CHANGE, (*_row(after), *still)).rowcount != 1:
        raise Conflict(f"upload {before.id} was changed by somebody else")


def upload_listing(wanted: UploadFilter) -> tuple[str, Row]:
    """Return the query of a listing, newest first, and its parameters."""
    conditions: list[str] = ["TRUE"]
    values: list[object] = []

    def require(condition: str, *bound: object) -> None:
        conditions.append(condition)
        values.extend(bound)

    if wanted.account_id is not None:
        require("account_id = ?", wanted.account_id)
    if wanted.states:
        require(f"state IN ({', '.join('?' * len(wanted.states))})", *wanted.states)
    if wanted.purpose is not None:
        require("purpose = ?", wanted.purpose)
    if wanted.due_at is not None:
        require("due_at <= ?", moment(wanted.due_at))
    if wanted.before_id is not None:
        require("seq < (SELECT seq FROM upload WHERE id = ?)", wanted.before_id)
    where = " AND ".join(conditions)
    query = f"SELECT {_COLUMNS} FROM upload WHERE {where} ORDER BY seq DESC LIMIT ?"  # noqa: S608  # conditions are constants, values are bound
    return query, (*values, wanted.limit)


def _row(upload: Upload) -> Row:
    return (
        upload.id,
        upload.account_id,
        upload.purpose,
        upload.media_type,
        upload.size_bytes,
        moment(upload.created_at),
        upload.state,
        upload.key,
        upload.name,
        upload.tag,
        _moment(upload.expires_at),
        _moment(upload.deleted_at),
        upload.failure,
        _moment(upload.due_at),
    )


def upload_of(row: Row) -> Upload:
    """Return the upload of a row."""
    (
        id_,
        account_id,
        purpose,
        media_type,
        size_bytes,
        created_at,
        state,
        key,
        name,
        tag,
        expires_at,
        deleted_at,
        failure,
    ) = row
    return Upload(
        id=id_,
        account_id=AccountId(account_id),
        purpose=Purpose(purpose),
        media_type=media_type,
        size_bytes=size_bytes,
        created_at=when(created_at),
        state=UploadState(state),
        key=key,
        name=name,
        tag=tag,
        expires_at=_when(expires_at),
        deleted_at=_when(deleted_at),
        failure=failure,
    )


def _moment(at: datetime | None) -> int | None:
    return None if at is None else moment(at)


def _when(microseconds: int | None) -> datetime | None:
    return None if microseconds is None else when(microseconds)
