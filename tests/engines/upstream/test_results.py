"""Fetching what a finished job has made, from upstreams that tell of it in odd ways."""

import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from rushes.core.errors import ResultMissing
from rushes.core.generation import ArtifactKind
from rushes.core.spec import GenerationSpec, Medium
from rushes.engines.base import Job
from rushes.engines.upstream.base import Phase, SubmitOrder, UpstreamTerms
from rushes.engines.upstream.connection import UpstreamConnection
from rushes.engines.upstream.openai_videos import OpenAIVideosUpstream
from rushes.engines.upstream.results import fetch_results
from rushes.kit.safe_http import SafeHttpClient
from rushes.mock_upstream.app import MockUpstream
from rushes.mock_upstream.role import Role
from rushes.mock_upstream.serving import serving

NO_TLS = ssl.create_default_context()
SPEC = GenerationSpec(prompt="a dune", model="ray-2", duration_s=4.0)
ORDER = SubmitOrder(job=Job(spec=SPEC, prompt="a dune"), model="m", key="k")


class Spoken:
    """A finished job at a server like aimock: its content is 404 and its reply has a ``url``."""

    def __init__(self, mock: MockUpstream, upstream: OpenAIVideosUpstream) -> None:
        self.mock = mock
        self.upstream = upstream

    async def fetch(self, folder: Path) -> set[ArtifactKind]:
        job_id = await self.upstream.submit(ORDER)
        seen = await self.upstream.poll(job_id)
        assert seen.phase is Phase.COMPLETED
        found = await fetch_results(
            self.upstream, seen, makes=Medium.VIDEO, terms=UpstreamTerms(), folder=folder
        )
        return set(found)


@pytest.fixture
async def aimock() -> AsyncIterator[Spoken]:
    mock = MockUpstream(Role(kind="openai-videos", shape="aimock"))
    async with serving(mock) as url:
        host = url.removeprefix("http://")
        files = SafeHttpClient(allow=(host,), ssl_context=NO_TLS)
        line = UpstreamConnection(base_url=f"{url}/v1", key=None, files=files, ssl_context=NO_TLS)
        upstream = OpenAIVideosUpstream(line)
        yield Spoken(mock, upstream)
        await upstream.close()


async def test_where_the_content_is_missing_the_address_in_the_reply_is_used(
    aimock: Spoken, tmp_path: Path
) -> None:
    assert await aimock.fetch(tmp_path) == {ArtifactKind.VIDEO}
    made = (tmp_path / "fetched_video").read_bytes()
    assert made == aimock.mock.files.files["video.mp4"]


async def test_where_the_reply_has_none_either_the_result_is_missing(
    aimock: Spoken, tmp_path: Path
) -> None:
    aimock.mock.always("look", "no-links")
    with pytest.raises(ResultMissing, match="404"):
        await aimock.fetch(tmp_path)
    assert not any(tmp_path.iterdir())  # noqa: ASYNC240  # a folder of a test


async def test_where_both_fail_both_reasons_are_told(aimock: Spoken, tmp_path: Path) -> None:
    aimock.mock.always("fetch", "missing")
    with pytest.raises(ResultMissing, match=r"404; at its other address .*404"):
        await aimock.fetch(tmp_path)
