"""Links that prove by themselves that they may be read."""

import gc
import tracemalloc
from datetime import timedelta

from rushes.core.signed_links import SignedLinks
from rushes.kit.clock import FrozenClock

LINKS = SignedLinks(secret=b"s" * 32)


def test_a_link_gives_its_key_until_its_time_is_over(clock: FrozenClock) -> None:
    path = LINKS.path("g1/1/video.mp4", now=clock.now())
    assert LINKS.key(path, now=clock.now()) == "g1/1/video.mp4"
    late = clock.now() + timedelta(hours=26)
    assert LINKS.key(path, now=late) is None
    assert LINKS.has_expired(path, now=late)


def test_a_link_of_another_secret_or_for_another_file_is_none_of_ours(clock: FrozenClock) -> None:
    path = SignedLinks(secret=b"t" * 32).path("g1/1/video.mp4", now=clock.now())
    assert LINKS.key(path, now=clock.now()) is None
    own = LINKS.path("g1/1/video.mp4", now=clock.now())
    assert LINKS.key(own.replace("g1/1", "g2/1"), now=clock.now()) is None
    assert not LINKS.has_expired(path, now=clock.now() + timedelta(days=9))


def test_links_that_strangers_make_up_leave_nothing_in_memory(clock: FrozenClock) -> None:
    tracemalloc.start()
    try:
        for number in range(2000):
            forged = f"/media/9999999999.{'a' * 32}/{number}{'k' * 10_000}"
            assert LINKS.key(forged, now=clock.now()) is None
            assert not LINKS.has_expired(forged, now=clock.now())
        gc.collect()
        kept_bytes, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept_bytes < 1 << 20
