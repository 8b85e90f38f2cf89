"""Keep uploads and pauses of channels in dictionaries."""

from itertools import islice

from rushes.core.channel_pause import ChannelPause
from rushes.core.errors import Conflict, StoreError
from rushes.core.upload import Upload
from rushes.store.base import UploadFilter


class UploadsInMemory:
    """Keeps uploads and pauses in dictionaries of this process."""

    def __init__(self) -> None:
        super().__init__()
        self._uploads: dict[str, Upload] = {}
        self._pauses: dict[str, ChannelPause] = {}
        self._closed = False

    async def pauses(self) -> tuple[ChannelPause, ...]:
        self._open()
        return tuple(self._pauses.values())

    async def set_pause(self, pause: ChannelPause) -> None:
        self._open()
        self._pauses[pause.channel] = pause

    async def end_pause(self, channel: str) -> bool:
        self._open()
        return self._pauses.pop(channel, None) is not None

    async def add_upload(self, upload: Upload) -> None:
        self._open()
        if upload.id in self._uploads:
            raise Conflict(f"there is an upload {upload.id} already")
        self._uploads[upload.id] = upload

    async def change_upload(self, before: Upload, after: Upload) -> None:
        self._open()
        held = self._uploads.get(before.id)
        if held is None or (held.state, held.key) != (before.state, before.key):
            raise Conflict(f"upload {before.id} has been changed meanwhile")
        self._uploads[before.id] = after

    async def find_upload(self, upload_id: str) -> Upload | None:
        self._open()
        return self._uploads.get(upload_id)

    async def uploads(self, wanted: UploadFilter) -> tuple[Upload, ...]:
        self._open()
        newest_first = list(reversed(self._uploads.values()))
        if wanted.before_id is not None:
            ids = [upload.id for upload in newest_first]
            here = ids.index(wanted.before_id) if wanted.before_id in ids else len(ids)
            newest_first = newest_first[here + 1 :]
        found = (upload for upload in newest_first if _is_wanted_upload(upload, wanted))
        return tuple(islice(found, wanted.limit))

    def _open(self) -> None:
        if self._closed:
            raise StoreError("the store is closed")


def _is_wanted_upload(upload: Upload, wanted: UploadFilter) -> bool:
    due_at = upload.due_at
    return (
        (wanted.account_id is None or upload.account_id == wanted.account_id)
        and (not wanted.states or upload.state in wanted.states)
        and (wanted.purpose is None or upload.purpose is wanted.purpose)
        and (wanted.due_at is None or (due_at is not None and due_at <= wanted.due_at))
    )
