"""What goes, why, and what stays; and that nothing is left behind by whoever is cut off."""

import os
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.sqlite import with_tables

from rushes.core import lifecycle
from rushes.core.errors import Conflict, MediaError
from rushes.core.generation import Artifact, ArtifactKind, Failure, Generation, GenerationId, State
from rushes.core.node import Node, NodeRole
from rushes.core.spec import GenerationSpec, Keyframe, Position
from rushes.core.upload import UploadState
from rushes.kit.clock import FrozenClock
from rushes.media.base import Unfinished
from rushes.media.files import FileMediaStore
from rushes.service.accounts import Caller
from rushes.service.garbage_collection import GarbageCollector
from rushes.service.garbage_search import GarbageSearch
from rushes.service.retention import ItemKind, RetentionRules, words
from rushes.service.uploads import NewFile, UploadedFiles
from rushes.store.base import GenerationFilter
from rushes.store.memory import MemoryStore
from rushes.store.sqlite import SqliteStore

ME = Caller(account_id="me")
IDS = [f"{n}{n}{n}{n}{n}{n}{n}{n}-1111-4111-8111-111111111111" for n in "123456789"]
A, B, C = IDS[:3]
DAY = timedelta(days=1)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


class Place:
    """A store and its files, and whoever tidies them up."""

    def __init__(self, folder: Path, kind: str, clock: FrozenClock, make) -> None:
        is_sqlite = kind != "memory"
        self.store = SqliteStore(with_tables(folder / "rushes.db")) if is_sqlite else MemoryStore()
        self.root = folder / "media"
        self.media = FileMediaStore(self.root)
        self.files = UploadedFiles(
            uploads=self.store, media=self.media, clock=clock, folder=folder / "incoming"
        )
        self.clock, self._make = clock, make

    def janitor(self, rules: RetentionRules | None = None, who: str = "me") -> GarbageCollector:
        search = GarbageSearch(
            store=self.store,
            archive=self.store.archive,
            media=self.media,
            files=self.files,
            rules=rules or RetentionRules(),
            clock=self.clock,
        )
        return GarbageCollector(
            archive=self.store.archive, search=search, clock=self.clock, who=who
        )

    async def queued(self, name: str, **facts) -> Generation:
        return await self.store.write(lifecycle.submit(self._make(name, **facts)))

    async def done(self, name: str, size_bytes: int = 10, **facts) -> Generation:
        queued = await self.queued(name, **facts)
        now = self.clock.now()
        claimed = await self.store.write(lifecycle.claim(queued, engine="e", now=now))
        key = f"{name}/1/video.mp4"
        await self.media.put_bytes(key, bytes(size_bytes))
        video = Artifact(
            kind=ArtifactKind.VIDEO,
            key=key,
            media_type="video/mp4",
            size_bytes=size_bytes,
            width_px=2,
            height_px=2,
        )
        return await self.store.write(lifecycle.complete(claimed, (video,), now=now))

    async def failed(self, name: str, **facts) -> Generation:
        queued = await self.queued(name, **facts)
        now = self.clock.now()
        claimed = await self.store.write(lifecycle.claim(queued, engine="e", now=now))
        why = Failure(code="x", message="no luck")
        return await self.store.write(lifecycle.fail(claimed, why, now=now))

    def age(self, key: str) -> None:
        """Give a file or folder the time at which the test's clock stands."""
        then = self.clock.now().timestamp()
        os.utime(self.root / key, (then, then))

    async def states(self) -> dict[str, State]:
        return {one.id: one.state for one in await self.store.list(GenerationFilter())}

    def here(self) -> set[str]:
        return {str(f.relative_to(self.root)) for f in self.root.rglob("*") if f.is_file()}

    def later(self, days: float) -> None:
        self.clock.advance(seconds=days * 86400)


@pytest.fixture(params=["memory", "sqlite"])
async def place(request, tmp_path, clock, make_generation) -> AsyncIterator[Place]:
    place = Place(tmp_path, request.param, clock, make_generation)
    yield place
    await place.store.close()


def reported(gone) -> list[tuple[str, str]]:
    return [(one.sort.value, one.name) for one in gone]


async def test_without_rules_everything_is_kept_for_good(place: Place) -> None:
    await place.done(A)
    await place.failed(B)
    await place.media.put_bytes("inputs/ab.png", b"x")
    place.age("inputs/ab.png")
    place.later(10_000)
    assert await place.janitor().collect() == ()
    assert await place.states() == {A: State.COMPLETED, B: State.FAILED}
    assert place.here() == {f"{A}/1/video.mp4", "inputs/ab.png"}


async def test_what_is_too_old_expires_with_its_files_and_the_young_stays(place: Place) -> None:
    await place.done(A, 30)
    place.later(2)
    await place.done(B)
    await place.failed(C)
    janitor = place.janitor(RetentionRules(artifacts=DAY))
    would = await janitor.preview()
    assert await place.states() == {A: State.COMPLETED, B: State.COMPLETED, C: State.FAILED}
    assert await janitor.collect() == would
    assert [(one.sort, one.name, one.size_bytes, one.why) for one in would] == [
        (ItemKind.ARTIFACTS, A, 30, "finished more than 1 day ago")
    ]
    assert await place.states() == {A: State.EXPIRED, B: State.COMPLETED, C: State.FAILED}
    assert place.here() == {f"{B}/1/video.mp4"}
    expired = await place.store.get(GenerationId(A))
    assert expired.artifacts == ()
    assert expired.failure is not None
    assert await janitor.collect() == ()


async def test_over_the_limit_those_finished_longest_ago_go_until_it_is_kept(place: Place) -> None:
    for name in IDS[:5]:
        await place.done(name, 1 << 20)
        place.later(1)
    limit = RetentionRules(artifacts_bytes=5 << 19)
    would = await place.janitor(limit).preview()
    gone = await place.janitor(limit).collect()
    assert gone == would
    assert [one.name for one in gone] == IDS[:3]
    assert len(place.here()) == 2


async def test_what_somebody_is_about_to_go_on_from_stays(place: Place) -> None:
    await place.done(A)
    await place.done(B)
    frames = (
        Keyframe(position=Position.FIRST, generation_id=A),
        Keyframe(position=Position.LAST, image=f"media:{B}/1/video.mp4"),
    )
    spec = GenerationSpec(model="ray-2", prompt="p", resolution="720p", keyframes=frames)
    waiting = await place.queued(C, spec=spec)
    place.later(9)
    janitor = place.janitor(RetentionRules(artifacts=DAY, generations=DAY))
    assert await janitor.collect() == ()
    await place.store.write(lifecycle.cancel(waiting, now=place.clock.now()))
    assert reported(await janitor.collect()) == [
        ("artifacts", A),
        ("artifacts", B),
        ("generation", A),
        ("generation", B),
    ]


async def test_a_cut_between_the_write_and_the_files_leaves_them_to_the_next_pass(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    await place.done(A)
    await place.done(B)
    place.later(2)

    async def fails(prefix: str) -> None:
        raise MediaError("the disk is away")

    with monkeypatch.context() as patch:
        patch.setattr(place.media, "delete", fails)
        assert await place.janitor(RetentionRules(artifacts=DAY)).collect() == ()
    assert set((await place.states()).values()) == {State.EXPIRED}
    assert len(place.here()) == 2
    assert reported(await place.janitor().collect()) == [("litter", A), ("litter", B)]
    assert place.here() == set()


async def test_old_generations_are_forgotten_with_all_that_is_known_of_them(place: Place) -> None:
    await place.done(A)
    await place.failed(B)
    await place.queued(C)
    place.later(2)
    gone = await place.janitor(RetentionRules(generations=DAY)).collect()
    assert reported(gone) == [("generation", A), ("generation", B)]
    assert await place.states() == {C: State.QUEUED}
    assert await place.store.events(GenerationId(A)) == ()
    assert place.here() == set()


async def test_many_go_in_one_pass_and_a_survey_tells_the_same(place: Place) -> None:
    names = [f"{n:08}-1111-4111-8111-111111111111" for n in range(230)]
    for name in names:
        await place.failed(name)
    place.later(2)
    janitor = place.janitor(RetentionRules(generations=DAY, events=DAY))
    would = await janitor.preview()
    assert [one.name for one in would if one.sort is ItemKind.GENERATION] == names
    assert sum(one.count for one in would if one.sort is ItemKind.EVENTS) == 690
    assert [one.name for one in await janitor.collect()] == names
    assert await place.states() == {}


async def test_events_go_and_their_generation_stays(place: Place) -> None:
    await place.failed(A)
    place.later(2)
    gone = await place.janitor(RetentionRules(events=DAY)).collect()
    assert [(one.sort, one.count) for one in gone] == [(ItemKind.EVENTS, 3)]
    assert await place.states() == {A: State.FAILED}
    assert await place.store.events(GenerationId(A)) == ()


async def test_an_input_stays_as_long_as_anything_kept_names_it(place: Place) -> None:
    for name in ("named", "unused", "young"):
        await place.media.put_bytes(f"inputs/{name}.png", b"xx")
        place.age(f"inputs/{name}.png")
    frame = Keyframe(position=Position.FIRST, image="media:inputs/named.png")
    spec = GenerationSpec(model="ray-2", prompt="p", resolution="720p", keyframes=(frame,))
    await place.done(A, spec=spec)
    place.later(2)
    place.age("inputs/young.png")
    rules = RetentionRules(inputs=DAY)
    gone = await place.janitor(rules).collect()
    assert [(one.sort, one.name, one.size_bytes) for one in gone] == [
        (ItemKind.INPUT, "inputs/unused.png", 2)
    ]
    gone = await place.janitor(replace(rules, artifacts=DAY)).collect()
    assert reported(gone) == [("artifacts", A), ("input", "inputs/named.png")]
    assert place.here() == {"inputs/young.png"}


async def test_an_upload_ends_by_age_and_its_bytes_go_a_day_later(place: Place) -> None:
    new = NewFile(media_type="image/png", size_bytes=len(PNG))
    brought = await place.files.store(new, PNG, caller=ME)
    place.later(2)
    young = await place.files.store(new, PNG, caller=ME)
    janitor = place.janitor(RetentionRules(uploads=DAY))
    assert reported(await janitor.preview()) == [("upload", brought.id)]
    assert reported(await janitor.collect()) == [("upload", brought.id)]
    found = await place.store.find_upload(brought.id)
    assert found is not None
    assert found.state is UploadState.DELETED
    assert len(place.here()) == 2
    place.later(1)
    await janitor.collect()
    assert place.here() == {young.key}


async def test_what_belongs_to_no_generation_goes_after_a_day_and_nothing_else(
    place: Place,
) -> None:
    await place.done(A)
    await place.media.put_bytes(f"{B}/1/video.mp4", b"left")
    await place.media.put_bytes("lost+found/x", b"not ours")
    for key in (A, B, "lost+found"):
        place.age(key)
    assert await place.janitor().collect() == ()
    place.later(1.1)
    await place.media.put_bytes(f"{C}/1/video.mp4", b"about to be written")
    place.age(C)
    gone = await place.janitor().collect()
    assert [(one.sort, one.name, one.size_bytes) for one in gone] == [(ItemKind.LEFTOVER, B, 4)]
    assert place.here() == {f"{A}/1/video.mp4", f"{C}/1/video.mp4", "lost+found/x"}


async def test_there_is_one_janitor_at_a_time(place: Place) -> None:
    await place.done(A)
    place.later(2)
    rules = RetentionRules(artifacts=DAY)
    now = place.clock.now()
    await place.store.archive.take_lock("tidying", who="another", now=now, until=now + DAY)
    with pytest.raises(Conflict, match="another process is collecting garbage"):
        await place.janitor(rules).collect()
    assert len(await place.janitor(rules).preview()) == 1
    place.later(1)
    assert len(await place.janitor(rules).collect()) == 1
    assert await place.janitor(who="another").collect() == ()


@pytest.mark.parametrize(
    ("age", "text"),
    [(DAY, "1 day"), (30 * DAY, "30 days"), (DAY / 2, "12 hours"), (1.5 * DAY, "1.5 days")],
)
def test_an_age_is_told_as_people_say_it(age: timedelta, text: str) -> None:
    assert words(age) == text


async def test_what_was_begun_and_never_finished_goes_after_a_day(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = Unfinished(key=f"{B}/1/video.mp4", upload_id="u1")
    began_at, discarded = place.clock.now(), list[Unfinished]()

    async def unfinished(*, before: datetime) -> tuple[Unfinished, ...]:
        return (begun,) if began_at < before and begun not in discarded else ()

    async def discard(one: Unfinished) -> None:
        discarded.append(one)

    monkeypatch.setattr(place.media, "unfinished", unfinished)
    monkeypatch.setattr(place.media, "discard", discard)
    assert await place.janitor().collect() == ()
    place.later(1.1)
    (shown,) = await place.janitor().preview()
    assert (shown.sort, shown.name, discarded) == (ItemKind.UNFINISHED, begun.key, [])
    assert await place.janitor().collect() == (shown,)
    assert discarded == [begun]
    assert await place.janitor().collect() == ()


async def test_a_lost_node_leaves_the_list_after_a_day(place: Place) -> None:
    now = place.clock.now()
    for name, seen_at in (("dead", now), ("alive", now + 1.05 * DAY)):
        await place.store.heartbeat(
            Node(
                name=name,
                host="here",
                version="1",
                roles=frozenset({NodeRole.WORKS}),
                channels=(),
                slots=1,
                running=0,
                running_ids=(),
                started_at=now,
                seen_at=seen_at,
            )
        )
    assert await place.janitor().collect() == ()
    place.later(1.1)
    (shown,) = await place.janitor().collect()
    assert (shown.sort, shown.name) == (ItemKind.NODE, "dead")
    assert [node.name for node in await place.store.nodes()] == ["alive"]
