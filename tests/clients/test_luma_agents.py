"""Luma's own package for its Agents API, against a whole server."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import cv2
import httpx
import luma_agents
import numpy as np
import pytest
from luma_agents import AsyncLuma, Luma
from luma_agents.types import CreateFileResponse, File, Generation, VideoOptionsParam
from typing_extensions import override

from rushes.media.probe import probe

DRAFT: VideoOptionsParam = {"resolution": "360p", "duration": "5s"}


def a_picture(blue: int = 200) -> bytes:
    pixels = np.full((90, 160, 3), (blue, 120, 60), np.uint8)
    pixels[30:60, 40:80] = 255
    done, encoded = cv2.imencode(".png", pixels)
    assert done
    return encoded.tobytes()


@pytest.fixture(params=["/v1", "/luma-agents/v1"], scope="module")
def client(request: pytest.FixtureRequest, server: Any) -> Iterator[Luma]:
    with Luma(
        base_url=server.url + request.param,
        auth_token=server.key,
        _strict_response_validation=True,
    ) as client:
        yield client


@pytest.fixture(scope="module")
def luma(server: Any) -> Iterator[Luma]:
    with Luma(
        base_url=server.url + "/v1", auth_token=server.key, _strict_response_validation=True
    ) as client:
        yield client


@pytest.fixture
async def async_luma(server: Any) -> AsyncIterator[AsyncLuma]:
    async with AsyncLuma(
        base_url=server.url + "/v1", auth_token=server.key, _strict_response_validation=True
    ) as client:
        yield client


def understood(reported: Any) -> Any:
    """Return what came back, having seen that the package knows every field of it."""
    assert not reported.model_extra, reported.model_extra
    for name in type(reported).model_fields:
        value = getattr(reported, name)
        for one in value if isinstance(value, list) else [value]:
            if hasattr(one, "model_extra"):
                understood(one)
    return reported


def finished(client: Luma, made: Generation) -> Generation:
    """Poll as Luma's quickstart does."""
    understood(made)
    give_up_at = time.monotonic() + 120
    while made.state not in {"completed", "failed"}:
        assert time.monotonic() < give_up_at
        time.sleep(0.1)  # what a client does; the server sets no pace
        made = understood(client.generations.get(made.id))
    return made


def fetched(made: Generation) -> bytes:
    assert made.state == "completed", made.failure_reason
    assert made.output is not None
    (output,) = made.output
    reply = httpx.get(output.url)
    assert reply.status_code == 200
    assert reply.headers["content-type"].startswith(output.type)
    return reply.content


def brought(client: Luma, data: bytes, mime_type: str) -> File:
    """Bring a file by the presigned flow."""
    made = understood(client.files.create(mime_type=mime_type, size_bytes=len(data)))
    assert made.upload is not None
    put = httpx.request(
        made.upload.method, made.upload.url, headers=made.upload.headers, content=data
    )
    assert put.status_code == 200, put.text
    file: File = understood(client.files.complete(made.id))
    assert file.state == "ready", file.failure_reason
    return file


def size_of(picture: bytes) -> tuple[int, int]:
    pixels = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR)
    assert pixels is not None
    return pixels.shape[1], pixels.shape[0]


@pytest.fixture(scope="module")
def clip(luma: Luma) -> Generation:
    """A finished draft."""
    made = luma.generations.create(
        model="ray-3.2", type="video", prompt="dunes at dusk", aspect_ratio="1:1", video=DRAFT
    )
    return finished(luma, made)


def test_the_environment_is_enough(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LUMA_BASE_URL", f"{server.url}/v1")
    monkeypatch.setenv("LUMA_AGENTS_API_KEY", server.key)
    with Luma() as client:
        assert understood(client.files.list(limit=1)).data is not None


def test_a_picture_is_made_of_words(client: Luma) -> None:
    made = finished(client, client.generations.create(prompt="a lighthouse", aspect_ratio="16:9"))
    assert (made.type, made.model, made.failure_code) == ("image", "uni-1", None)
    picture = fetched(made)
    assert picture.startswith(b"\xff\xd8")
    assert size_of(picture) == (2048, 1152)


def test_a_video_is_made_of_words_in_exactly_the_size_asked(
    clip: Generation, tmp_path: Path
) -> None:
    assert (clip.type, clip.model) == ("video", "ray-3.2")
    file = tmp_path / "clip.mp4"
    file.write_bytes(fetched(clip))
    seen = probe(file)
    assert (seen.width_px, seen.height_px) == (360, 360)
    assert seen.duration_s == pytest.approx(5.0, abs=0.1)


def test_each_read_mints_a_link_that_works(luma: Luma, clip: Generation) -> None:
    for _ in range(2):
        assert fetched(understood(luma.generations.get(clip.id)))[4:8] == b"ftyp"


def test_an_uploaded_picture_begins_a_video(luma: Luma, tmp_path: Path) -> None:
    start = brought(luma, a_picture(), "image/png")
    made = luma.generations.create(
        type="video",
        prompt="slow push in",
        aspect_ratio="16:9",
        video={**DRAFT, "keyframes": [{"file_id": start.id}], "keyframe_indexes": [0]},
    )
    file = tmp_path / "clip.mp4"
    file.write_bytes(fetched(finished(luma, made)))
    film = cv2.VideoCapture(str(file))
    there, frame = film.read()
    film.release()
    assert there
    assert frame.shape == (360, 640, 3)
    blue, green, red = frame[20:60, 20:60].reshape(-1, 3).mean(axis=0)
    assert abs(blue - 200) + abs(green - 120) + abs(red - 60) < 60


def test_an_uploaded_video_is_reframed(luma: Luma, clip: Generation, tmp_path: Path) -> None:
    source = brought(luma, fetched(clip), "video/mp4")
    assert (source.mime_type, source.purpose) == ("video/mp4", "input")
    made = luma.generations.create(
        model="ray-3.2",
        type="video_reframe",
        prompt="more of the dunes",
        aspect_ratio="9:16",
        source={"file_id": source.id},
        video={
            "resolution": "360p",
            "source_position": {"x_norm": 0.0, "y_norm": 0.25, "w_norm": 1.0, "h_norm": 0.5},
        },
    )
    made = finished(luma, made)
    assert made.type == "video_reframe"
    file = tmp_path / "clip.mp4"
    file.write_bytes(fetched(made))
    seen = probe(file)
    assert (seen.width_px, seen.height_px) == (360, 640)


def test_a_video_is_extended(luma: Luma, clip: Generation, tmp_path: Path) -> None:
    made = luma.generations.create(
        type="video", prompt="night falls", video={"start_frame": {"generation_id": clip.id}}
    )
    file = tmp_path / "clip.mp4"
    file.write_bytes(fetched(finished(luma, made)))
    assert probe(file).duration_s == pytest.approx(10.0, abs=0.2)


def test_a_picture_is_edited_and_told_in_the_format_asked(luma: Luma) -> None:
    source = brought(luma, a_picture(), "image/png")
    made = luma.generations.create(
        type="image_edit",
        prompt="at night",
        source={"file_id": source.id},
        output_format="png",
        aspect_ratio="2:1",
    )
    made = finished(luma, made)
    assert made.type == "image_edit"
    picture = fetched(made)
    assert picture.startswith(b"\x89PNG")
    assert size_of(picture) == (2176, 1088)


def test_a_file_comes_in_a_form(luma: Luma) -> None:
    data = a_picture(10)
    made = luma.post(
        "/files",
        cast_to=CreateFileResponse,
        body={"purpose": "reference", "user_id": "somebody"},
        files=[("file", ("a.png", data, "image/png"))],
        options={"headers": {"Content-Type": "multipart/form-data"}},
    )
    understood(made)
    assert made.upload is None
    assert (made.file.purpose, made.file.filename, made.file.user_id) == (
        "reference",
        "a.png",
        "somebody",
    )
    assert (made.state, made.file.size_bytes) == ("ready", len(data))


def test_files_are_listed_got_and_deleted(client: Luma) -> None:
    later = datetime.now(UTC) + timedelta(days=1)
    made = [
        client.files.create(
            mime_type="image/png",
            size_bytes=10,
            filename=f"{n}.png",
            purpose="reference",
            expires_at=later,
        )
        for n in range(3)
    ]
    first = understood(client.files.list(limit=2, state="pending", purpose="reference"))
    assert [file.id for file in first.data] == [made[2].id, made[1].id]
    assert first.has_more
    assert first.next_cursor is not None
    second = client.files.list(
        limit=2, state="pending", purpose="reference", cursor=first.next_cursor
    )
    assert understood(second).data[0].id == made[0].id
    got = understood(client.files.get(made[0].id))
    assert (got.filename, got.expires_at) == ("0.png", later)
    for one in made:
        client.files.delete(one.id)
    gone = understood(client.files.get(made[0].id))
    assert gone.state == "deleted"
    assert gone.deleted_at is not None
    assert client.files.list(state="pending", purpose="reference").data == []


def test_each_error_is_of_its_class_and_says_what_would_be_right(
    luma: Luma, server: Any, clip: Generation
) -> None:
    with pytest.raises(luma_agents.BadRequestError, match="prompt"):
        luma.generations.create(prompt="")
    with pytest.raises(luma_agents.UnprocessableEntityError, match="no engine here makes HDR"):
        luma.generations.create(prompt="x", type="video", video={"hdr": True})
    with pytest.raises(luma_agents.UnprocessableEntityError, match="cannot modify a video; it can"):
        luma.generations.create(prompt="x", type="video_edit", source={"generation_id": clip.id})
    with pytest.raises(luma_agents.NotFoundError):
        luma.generations.get("00000000-0000-4000-8000-000000000000")
    with pytest.raises(luma_agents.NotFoundError):
        luma.files.get("00000000-0000-4000-8000-000000000000")
    with pytest.raises(luma_agents.APIStatusError, match="100 MiB") as large:
        luma.files.create(mime_type="video/mp4", size_bytes=5 << 30)
    assert large.value.status_code == 413
    assert large.value.body == {"detail": "a video may have at most 100 MiB"}
    stranger = luma.with_options(auth_token="luma-api-wrong")  # it is no key
    with pytest.raises(luma_agents.AuthenticationError):
        stranger.generations.create(prompt="x")
    gone = Luma(base_url="http://127.0.0.1:9/v1", auth_token="x", max_retries=0)  # as above
    with pytest.raises(luma_agents.APIConnectionError):
        gone.generations.create(prompt="x")


def test_a_failure_has_a_code_and_a_reason(luma: Luma) -> None:
    broken = brought(luma, b"\x89PNG\r\n\x1a\n" + bytes(90), "image/png")
    made = luma.generations.create(
        type="video", prompt="x", video={**DRAFT, "start_frame": {"file_id": broken.id}}
    )
    made = finished(luma, made)
    assert (made.state, made.failure_code) == ("failed", "corrupt_input")
    assert made.failure_reason


def test_every_reply_names_its_request_and_version(luma: Luma) -> None:
    raw = luma.generations.with_raw_response.create(
        prompt="x", extra_headers={"X-Request-Id": "mine"}
    )
    assert raw.headers["x-request-id"] == "mine"
    assert raw.headers["x-api-version"] == "2026-04-01"
    assert raw.http_response.status_code == 201
    understood(raw.parse())


class LosesTheFirstReply(httpx.HTTPTransport):
    """A line that breaks after the server has answered, once."""

    lost: bytes | None = None

    @override
    def handle_request(self, request: httpx.Request) -> httpx.Response:
        reply = super().handle_request(request)
        if self.lost is None:
            self.lost = reply.read()
            raise httpx.ReadTimeout("the line broke", request=request)
        return reply


def test_what_the_package_repeats_is_made_once(server: Any) -> None:
    line = LosesTheFirstReply()
    with Luma(
        base_url=f"{server.url}/v1",
        auth_token=server.key,
        http_client=httpx.Client(transport=line),
    ) as client:
        made = client.generations.create(prompt="a dune that is asked for twice")
    assert line.lost is not None
    assert made.id.encode() in line.lost


async def test_the_asynchronous_client_does_the_same(async_luma: AsyncLuma) -> None:
    data = a_picture(90)
    made = understood(await async_luma.files.create(mime_type="image/png", size_bytes=len(data)))
    assert made.upload is not None
    async with httpx.AsyncClient() as http:
        put = await http.put(made.upload.url, headers=made.upload.headers, content=data)
    assert put.status_code == 200
    assert understood(await async_luma.files.complete(made.id)).state == "ready"
    assert understood(await async_luma.files.get(made.id)).size_bytes == len(data)
    assert made.id in {f.id for f in understood(await async_luma.files.list(limit=100)).data}
    picture = understood(
        await async_luma.generations.create(
            prompt="sea", model="uni-1-max", image_ref=[{"file_id": made.id}], aspect_ratio="1:3"
        )
    )
    async with asyncio.timeout(120):
        while picture.state not in {"completed", "failed"}:
            await asyncio.sleep(0.1)
            picture = understood(await async_luma.generations.get(picture.id))
    assert size_of(await asyncio.to_thread(fetched, picture)) == (896, 2688)
    await async_luma.files.delete(made.id)
    with pytest.raises(luma_agents.UnprocessableEntityError, match="deleted, not ready"):
        await async_luma.generations.create(prompt="sea", image_ref=[{"file_id": made.id}])


def test_a_video_made_by_another_api_reads_correctly(luma: Luma, server: Any) -> None:
    requested = {"prompt": "a dune [hang]", "kind": "video", "model": "ray-2", "resolution": "540p"}
    headers = {"Authorization": f"Bearer {server.key}"}
    made = httpx.post(f"{server.url}/api/v1/generations", json=requested, headers=headers).json()
    reported = understood(luma.generations.get(made["id"]))
    assert (reported.type, reported.model) == ("video", "ray-3.2")
    httpx.post(f"{server.url}/api/v1/generations/{made['id']}/cancel", headers=headers)
    reported = understood(luma.generations.get(made["id"]))
    assert (reported.state, reported.failure_reason) == ("failed", "cancelled by the caller")
