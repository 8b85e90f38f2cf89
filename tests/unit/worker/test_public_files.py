"""Give upstreams URLs of our files and callbacks."""

import pytest
from tests.unit.worker.stages import at_stage

from rushes.core.generation import AttemptState
from rushes.core.signed_links import SignedLinks
from rushes.worker.public_files import PublicFiles


@pytest.fixture
def links() -> SignedLinks:
    return SignedLinks(secret=b"k" * 32)


@pytest.fixture
def public_files(context, links, clock) -> PublicFiles:
    return PublicFiles(
        public_url="https://rushes.test", media=context.media, links=links, clock=clock
    )


def key_in(url: str, links: SignedLinks, clock) -> str | None:
    return links.key(url.removeprefix("https://rushes.test"), now=clock.now())


async def test_a_file_gets_a_signed_url_that_gives_access_to_its_copy(
    public_files, context, links, clock, tmp_path
):
    picture = tmp_path / "first.png"
    picture.write_bytes(b"picture")
    urls = await public_files.urls([picture])
    key = key_in(urls[picture], links, clock)
    assert key is not None
    assert context.media.path(key).read_bytes() == b"picture"
    assert key.endswith(".png")


async def test_the_same_content_is_stored_once(public_files, links, clock, tmp_path):
    files = [tmp_path / "a.png", tmp_path / "b.png", tmp_path / "c.png"]
    for file, content in zip(files, [b"same", b"same", b"other"], strict=True):
        file.write_bytes(content)
    urls = await public_files.urls(files)
    keys = [key_in(urls[file], links, clock) for file in files]
    assert keys[0] == keys[1] != keys[2]


async def test_each_attempt_has_a_callback_url_of_its_own(public_files, make_generation, clock):
    found = set()
    for name in ("g1", "g2"):
        generation = at_stage(make_generation(name), AttemptState.SUBMITTING, now=clock.now())
        url = public_files.callback_url(generation.id, generation.attempts[-1])
        assert url.startswith("https://rushes.test/callbacks/up/")
        found.add(url)
    assert len(found) == 2


def test_a_worker_without_a_public_address_has_no_callback_url(context, make_generation, clock):
    generation = at_stage(make_generation(), AttemptState.SUBMITTING, now=clock.now())
    assert context.callback_url(generation) is None
