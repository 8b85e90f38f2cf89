"""Find expired items, and yield a step that deletes each of them."""

from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final, Protocol

from rushes.core import lifecycle
from rushes.core.generation import Generation, State
from rushes.core.spec import MEDIA_PREFIX
from rushes.core.upload import Upload, UploadState
from rushes.kit.clock import Clock
from rushes.media.base import Entry, MediaStore, Unfinished
from rushes.service.generation_ids import id_or_none
from rushes.service.references import input_addresses
from rushes.service.retention import (
    LEFTOVERS_STAY,
    LOST_NODES_STAY,
    ExpiredItem,
    ItemKind,
    RetentionRules,
    Step,
    words,
)
from rushes.service.stored_inputs import INPUTS
from rushes.service.uploads import UploadedFiles
from rushes.store.base import (
    Archive,
    GenerationFilter,
    History,
    Nodes,
    Store,
    UploadFilter,
    Uploads,
)

_AT_ONCE: Final = 100
_ROWS_AT_ONCE: Final = 500
_GIB: Final = 1 << 30
_FINAL: Final = frozenset(state for state in State if state.is_final)
_OPEN: Final = frozenset(State) - _FINAL


class Stored(Store, Uploads, Nodes, Protocol):
    """The parts of the store that the search needs."""


@dataclass(slots=True)
class _Needed:
    """The ids of generations that unfinished ones refer to; looked up on first use."""

    ids: frozenset[str] = field(default=frozenset())
    is_known: bool = False


class GarbageSearch:
    """
    Searches everything that can expire.

    A generation expires in one write, and its files are deleted afterwards. Until then the store
    keeps a record of the files, so that an interruption leaves none behind.
    """

    def __init__(
        self,
        *,
        store: Stored,
        archive: Archive,
        media: MediaStore,
        files: UploadedFiles,
        rules: RetentionRules,
        clock: Clock,
    ) -> None:
        self._store = store
        self._archive = archive
        self._media = media
        self._files = files
        self._rules = rules
        self._clock = clock

    async def steps(self) -> AsyncGenerator[Step]:
        """Yield a step for each expired item. The caller runs a step before it takes the next."""
        needed = _Needed()
        parts = (
            self._litter(),
            self._uploads(),
            self._expiring(needed),
            self._old_generations(needed),
            self._old_history(History.DELIVERIES, self._rules.deliveries),
            self._old_history(History.EVENTS, self._rules.events),
            self._inputs(),
            self._leftovers(),
            self._unfinished(),
            self._lost_nodes(),
        )
        for part in parts:
            async for step in part:
                yield step

    async def _litter(self) -> AsyncIterator[Step]:
        for folder in await self._archive.removable_folders(limit=_ROWS_AT_ONCE):
            item = ExpiredItem(
                sort=ItemKind.LITTER,
                name=folder,
                why="its generation has expired or was removed",
                size_bytes=await self._media.size_bytes(folder),
            )
            yield Step(item=item, run=partial(self._clear, folder))

    async def _clear(self, folder: str) -> bool:
        await self._media.delete(folder)
        await self._archive.mark_removed([folder])
        return True

    async def _uploads(self) -> AsyncIterator[Step]:
        now, age = self._clock.now(), self._rules.uploads
        for upload in await self._store.uploads(UploadFilter(due_at=now, limit=_ROWS_AT_ONCE)):
            size_bytes = upload.size_bytes if upload.key and upload.deleted_at else 0
            item = ExpiredItem(
                sort=ItemKind.UPLOAD, name=upload.id, why="its time is over", size_bytes=size_bytes
            )
            yield Step(item=item, run=self._sweep_uploads)
        if age is None:
            return
        wanted = UploadFilter(states=frozenset({UploadState.READY}), limit=_ROWS_AT_ONCE)
        while page := await self._store.uploads(wanted):
            for upload in page:
                if upload.created_at <= now - age:
                    yield Step(
                        item=ExpiredItem(
                            sort=ItemKind.UPLOAD,
                            name=upload.id,
                            why=f"older than {words(age)}; its bytes go a day later",
                        ),
                        run=partial(self._end_upload, upload),
                    )
            wanted = replace(wanted, before_id=page[-1].id)

    async def _sweep_uploads(self) -> bool:
        await self._files.sweep()
        return True

    async def _end_upload(self, upload: Upload) -> bool:
        ended = replace(upload, state=UploadState.DELETED, deleted_at=self._clock.now())
        await self._store.change_upload(upload, ended)
        return True

    async def _expiring(self, needed: _Needed) -> AsyncIterator[Step]:
        rules, now = self._rules, self._clock.now()
        if rules.artifacts is None and rules.artifacts_bytes is None:
            return
        over_bytes = (await self._archive.tally()).media_bytes - (rules.artifacts_bytes or 1 << 62)
        offset = 0
        while page := await self._ended(frozenset({State.COMPLETED}), None, offset):
            for one in page:
                if rules.artifacts and _end(one) <= now - rules.artifacts:
                    why = f"finished more than {words(rules.artifacts)} ago"
                elif rules.artifacts_bytes and over_bytes > 0:
                    why = f"all files together are over {rules.artifacts_bytes / _GIB:g} GiB"
                else:
                    return
                offset += 1
                if await self._is_needed(one, needed):
                    continue
                step = self._expiry(one, why)
                yield step
                over_bytes -= step.item.size_bytes
                offset -= step.is_done

    def _expiry(self, generation: Generation, why: str) -> Step:
        size_bytes = sum(file.size_bytes for file in generation.artifacts)
        item = ExpiredItem(
            sort=ItemKind.ARTIFACTS, name=generation.id, why=why, size_bytes=size_bytes
        )
        return Step(item=item, run=partial(self._expire, generation))

    async def _expire(self, generation: Generation) -> bool:
        await self._store.write(lifecycle.expire(generation, now=self._clock.now()))
        return await self._clear(generation.id)

    async def _old_generations(self, needed: _Needed) -> AsyncIterator[Step]:
        age = self._rules.generations
        if age is None:
            return
        before, offset = self._clock.now() - age, 0
        while page := await self._ended(_FINAL, before, offset):
            for one in page:
                offset += 1
                if await self._is_needed(one, needed):
                    continue
                item = ExpiredItem(
                    sort=ItemKind.GENERATION,
                    name=one.id,
                    why=f"{one.state}, and ended more than {words(age)} ago",
                    size_bytes=sum(file.size_bytes for file in one.artifacts),
                )
                step = Step(item=item, run=partial(self._forget, one))
                yield step
                offset -= step.is_done

    async def _forget(self, generation: Generation) -> bool:
        await self._store.remove(generation)
        return await self._clear(generation.id)

    async def _ended(
        self, states: frozenset[State], before: datetime | None, offset: int
    ) -> tuple[Generation, ...]:
        return await self._archive.ended(states, before=before, offset=offset, limit=_AT_ONCE)

    async def _is_needed(self, generation: Generation, needed: _Needed) -> bool:
        """Return whether an unfinished generation refers to this one."""
        if not needed.is_known:
            needed.ids = frozenset([one async for one in self._names_of_open()])
            needed.is_known = True
        return generation.id in needed.ids

    async def _names_of_open(self) -> AsyncIterator[str]:
        wanted = GenerationFilter(states=_OPEN, limit=_ROWS_AT_ONCE)
        while page := await self._store.list(wanted):
            for one in page:
                for parents in one.spec.parents:
                    yield parents
                for _, address, _ in input_addresses(one.spec):
                    yield address.removeprefix(MEDIA_PREFIX).partition("/")[0]
            wanted = replace(wanted, before_id=page[-1].id)

    async def _old_history(self, what: History, age: timedelta | None) -> AsyncIterator[Step]:
        if age is None:
            return
        before = self._clock.now() - age
        left = await self._archive.past(what, before=before)
        while left > 0:
            item = ExpiredItem(
                sort=ItemKind(what),
                name="",
                why=f"older than {words(age)}",
                count=min(left, _ROWS_AT_ONCE),
            )
            yield Step(item=item, run=partial(self._forget_past, what, before))
            left -= _ROWS_AT_ONCE

    async def _forget_past(self, what: History, before: datetime) -> bool:
        return await self._archive.forget(what, before=before, limit=_ROWS_AT_ONCE) > 0

    async def _inputs(self) -> AsyncIterator[Step]:
        age = self._rules.inputs
        if age is None:
            return
        before = self._clock.now() - age
        old = [one for one in await self._media.entries(INPUTS) if one.used_at < before]
        for keys in _chunks([one.key for one in old]):
            named = await self._archive.named(keys)
            for key in keys:
                if key not in named:
                    item = ExpiredItem(
                        sort=ItemKind.INPUT,
                        name=key,
                        why=f"not used for {words(age)}, and nothing kept needs it",
                        size_bytes=await self._media.size_bytes(key),
                    )
                    yield Step(item=item, run=partial(self._delete_input, key, before))

    async def _delete_input(self, key: str, before: datetime) -> bool:
        return await self._media.delete_unused(key, since=before)

    async def _leftovers(self) -> AsyncIterator[Step]:
        before = self._clock.now() - LEFTOVERS_STAY
        here = await self._media.entries()
        why = f"belongs to no generation, and is older than {words(LEFTOVERS_STAY)}"
        for folders in _chunks([one.key for one in here if _is_leftover(one, before)]):
            known = await self._archive.with_files(folders)
            for folder in folders:
                if folder not in known:
                    size_bytes = await self._media.size_bytes(folder)
                    item = ExpiredItem(
                        sort=ItemKind.LEFTOVER, name=folder, why=why, size_bytes=size_bytes
                    )
                    yield Step(item=item, run=partial(self._clear, folder))

    async def _unfinished(self) -> AsyncIterator[Step]:
        before = self._clock.now() - LEFTOVERS_STAY
        for one in await self._media.unfinished(before=before):
            item = ExpiredItem(
                sort=ItemKind.UNFINISHED,
                name=one.key,
                why=f"was begun more than {words(LEFTOVERS_STAY)} ago and never finished",
            )
            yield Step(item=item, run=partial(self._discard, one))

    async def _lost_nodes(self) -> AsyncIterator[Step]:
        before = self._clock.now() - LOST_NODES_STAY
        for node in await self._store.nodes():
            if node.seen_at < before:
                why = f"without a heartbeat for {words(LOST_NODES_STAY)}"
                item = ExpiredItem(sort=ItemKind.NODE, name=node.name, why=why)
                yield Step(item=item, run=partial(self._remove_node, node.name))

    async def _remove_node(self, name: str) -> bool:
        await self._store.remove_node(name)
        return True

    async def _discard(self, unfinished: Unfinished) -> bool:
        await self._media.discard(unfinished)
        return True


def _end(generation: Generation) -> datetime:
    return generation.finished_at or generation.updated_at


def _is_leftover(entry: Entry, before: datetime) -> bool:
    """Return whether an entry is an old folder with the name of a generation's id."""
    return entry.used_at < before and id_or_none(entry.key) == entry.key


def _chunks(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    return (keys[start : start + _AT_ONCE] for start in range(0, len(keys), _AT_ONCE))
