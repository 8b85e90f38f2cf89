# mypy: disable-error-code="deprecated,arg-type,union-attr,comparison-overlap,explicit-override,no-untyped-call"
# The library marks all of its videos API so; and we ask for sizes that its types do not list.
"""OpenAI's own Python library: every method of ``client.videos``, with nothing changed but base URL and key."""

import base64
import json
import queue
import subprocess
import threading
from collections.abc import AsyncIterator, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any

import av
import openai
import pytest
from openai.types import Video
from PIL import Image
from pydantic import BaseModel

from rushes.kit.secret_file import kept_secret

# The library marks each of these methods so, because OpenAI's own service ends.
pytestmark = pytest.mark.filterwarnings("ignore:The Sora API is scheduled:DeprecationWarning")

SMALL = {"size": "128x128"}
"""Renders in a tenth of a second; no size of OpenAI's, so it goes by what a form may say."""


def png(colour: str = "teal", size: tuple[int, int] = (64, 64)) -> bytes:
    file = BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return file.getvalue()


def extras(reported: object) -> dict[str, Any]:
    """Return what the library's types do not know, at any depth."""
    if isinstance(reported, list):
        return {k: v for one in reported for k, v in extras(one).items()}
    if not isinstance(reported, BaseModel):
        return {}
    found = dict(reported.model_extra or {})
    for name in type(reported).model_fields:
        found |= extras(getattr(reported, name))
    return found


def probe(data: bytes) -> tuple[int, int, float]:
    with av.open(BytesIO(data)) as container:
        stream = container.streams.video[0]
        assert stream.duration is not None
        assert stream.time_base is not None
        return stream.width, stream.height, float(stream.duration * stream.time_base)


@pytest.fixture(scope="module")
def client(server: Any) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{server.url}/v1", api_key=server.key, max_retries=0) as client:
        yield client


@pytest.fixture
async def async_client(server: Any) -> AsyncIterator[openai.AsyncOpenAI]:
    base = f"{server.url}/v1"
    async with openai.AsyncOpenAI(base_url=base, api_key=server.key, max_retries=0) as client:
        yield client


@pytest.fixture(scope="module")
def done(client: openai.OpenAI) -> Video:
    """One finished video for those who only look at it."""
    return make(client, prompt="a lighthouse at dusk", model="sora-2", seconds="4")


def make(client: openai.OpenAI, **requested: Any) -> Video:
    video = client.videos.create_and_poll(
        **{"prompt": "a dune", "poll_interval_ms": 50, **SMALL, **requested}
    )
    assert video.status == "completed", video.error
    return video


@pytest.mark.parametrize("size", ["720x1280", "1280x720", "1024x1792", "1792x1024"])
def test_a_video_has_exactly_the_size_asked_for_and_every_reply_the_types_declared(
    server: Any, size: Any
) -> None:
    base = f"{server.url}/v1"
    with openai.OpenAI(
        base_url=base, api_key=server.key, _strict_response_validation=True
    ) as strict:
        video = strict.videos.create(
            prompt="surf on a beach", model="sora-2-pro", seconds="4", size=size
        )
        assert video.status in {"queued", "in_progress"}
        assert (video.model, video.seconds, video.size) == ("sora-2-pro", "4", size)
        assert (video.completed_at, video.expires_at, video.error) == (None, None, None)
        video = strict.videos.poll(video.id, poll_interval_ms=100)
        assert (video.status, video.progress, video.size) == ("completed", 100, size)
        assert video.seconds == "4"
        assert video.completed_at is not None
        assert video.completed_at >= video.created_at
        assert extras(video) == {}
        data = strict.videos.download_content(video.id).read()
        page = strict.videos.list(limit=1)
        # Both are in OpenAI's replies too, and not in the type of its pages.
        assert extras(page) == {"object": "list", "first_id": video.id}
        strict.videos.delete(video.id)
    width, height, length_s = probe(data)
    assert f"{width}x{height}" == size
    assert length_s == pytest.approx(4, abs=0.1)


def test_the_server_says_how_soon_to_ask_again(client: openai.OpenAI) -> None:
    video = client.videos.create(prompt="a dune", **SMALL)
    reply = client.videos.with_raw_response.retrieve(video.id)
    polled = reply.parse()
    hint = reply.headers.get("openai-poll-after-ms")
    assert hint == ("1000" if polled.status in {"queued", "in_progress"} else None)
    assert client.videos.poll(video.id).status == "completed"


def test_a_picker_finds_the_models_by_which_videos_are_asked_for(client: openai.OpenAI) -> None:
    listed = list(client.models.list())
    assert {"ray-2", "photon-1", "sora-2"} <= {one.id for one in listed}
    assert {(one.object, one.owned_by) for one in listed} == {("model", "slate")}
    assert client.models.retrieve("ray-2") in listed
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("gpt-5")


def test_all_the_names_of_its_models_are_known_and_echoed(client: openai.OpenAI) -> None:
    names = ("sora-2", "sora-2-pro", "sora-2-2025-10-06", "sora-2-pro-2025-10-06", "ray-flash-2")
    for name in names:
        video = client.videos.create(prompt="a dune", model=name, **SMALL)
        assert video.model == name
        assert client.videos.retrieve(video.id).model == name


@pytest.mark.parametrize("seconds", ["4", "8", "12"])
def test_a_video_is_as_long_as_asked_and_says_so_as_text(
    client: openai.OpenAI, seconds: Any
) -> None:
    video = make(client, seconds=seconds)
    assert video.seconds == seconds
    data = client.videos.download_content(video.id).read()
    assert probe(data)[2] == pytest.approx(float(seconds), abs=0.1)


class TestInputReference:
    def test_a_file_is_what_the_video_begins_with(self, client: openai.OpenAI) -> None:
        video = make(client, input_reference=("red.png", png("red"), "image/png"))
        assert first_colour(client, video) == "red"

    def test_so_is_a_file_that_is_open(self, client: openai.OpenAI, tmp_path: Path) -> None:
        file = tmp_path / "blue.png"
        file.write_bytes(png("blue"))
        with file.open("rb") as opened:
            assert first_colour(client, make(client, input_reference=opened)) == "blue"
        assert first_colour(client, make(client, input_reference=file)) == "blue"

    def test_so_is_an_address_in_an_object(self, client: openai.OpenAI) -> None:
        # The library refuses to send the object that its own types declare, but by this way it does.
        address = "data:image/png;base64," + base64.b64encode(png("lime")).decode()
        video = make(client, extra_body={"input_reference": {"image_url": address}})
        assert first_colour(client, video) == "lime"

    def test_so_is_a_file_that_was_brought_ahead(self, server: Any, client: openai.OpenAI) -> None:
        command = ("curl", "-fsS", f"{server.url}/v1/files", "-H", f"Authorization: Bearer {server.key}", "-F", "file=@-;type=image/png;filename=a.png", "-F", "purpose=input")  # fmt: skip
        sent = subprocess.run(command, input=png("red"), capture_output=True, check=False)
        assert sent.returncode == 0, sent.stderr
        file_id = json.loads(sent.stdout)["id"]
        video = make(client, extra_body={"input_reference": {"file_id": file_id}})
        assert first_colour(client, video) == "red"

    def test_one_that_is_not_there_is_not_found(self, client: openai.OpenAI) -> None:
        body = {"input_reference": {"file_id": "file-nobody"}}
        with pytest.raises(openai.NotFoundError, match="there is no file"):
            client.videos.create(prompt="a dune", extra_body=body)

    def test_what_is_no_picture_is_refused_by_its_field(self, client: openai.OpenAI) -> None:
        with pytest.raises(openai.BadRequestError) as reported:
            client.videos.create(prompt="a dune", input_reference=("a.png", b"not a picture"))
        assert reported.value.param == "input_reference"


def first_colour(client: openai.OpenAI, video: Video) -> str:
    with av.open(BytesIO(client.videos.download_content(video.id).read())) as container:
        picture = next(container.decode(video=0)).to_image().resize((1, 1))
    red, green, blue = picture.getpixel((0, 0))
    return max((red, "red"), (green, "lime"), (blue, "blue"))[1]


class TestContent:
    def test_the_video_is_written_to_a_file(
        self, client: openai.OpenAI, done: Video, tmp_path: Path
    ) -> None:
        file = tmp_path / "video.mp4"
        client.videos.download_content(done.id).write_to_file(file)
        assert probe(file.read_bytes())[:2] == (128, 128)
        streamed = tmp_path / "streamed.mp4"
        with client.videos.with_streaming_response.download_content(done.id) as reply:
            reply.stream_to_file(streamed)
        assert streamed.read_bytes() == file.read_bytes()

    def test_a_thumbnail_and_a_sheet_are_pictures(self, client: openai.OpenAI, done: Video) -> None:
        small = client.videos.download_content(done.id, variant="thumbnail")
        assert Image.open(BytesIO(small.read())).format == "JPEG"
        sheet = client.videos.download_content(done.id, variant="spritesheet")
        assert sheet.response.headers["content-type"] == "image/jpeg"
        picture = Image.open(BytesIO(sheet.read()))
        assert (picture.format, picture.size) == ("JPEG", (5 * 128, 4 * 128))
        again = client.videos.download_content(done.id, variant="spritesheet").read()
        assert again == sheet.read()

    def test_a_part_of_it_can_be_had(self, client: openai.OpenAI, done: Video) -> None:
        whole = client.videos.download_content(done.id).read()
        part = client.videos.download_content(done.id, extra_headers={"Range": "bytes=10-19"})
        assert part.response.status_code == 206
        assert part.read() == whole[10:20]

    def test_it_needs_the_key(self, server: Any, done: Video) -> None:
        with openai.OpenAI(base_url=f"{server.url}/v1", api_key="sk-wrong") as stranger:
            with pytest.raises(openai.AuthenticationError) as reported:
                stranger.videos.download_content(done.id)
            assert reported.value.code == "invalid_api_key"

    def test_before_it_is_done_there_is_none(self, client: openai.OpenAI) -> None:
        video = client.videos.create(prompt="a dune [delay: 500ms]", **SMALL)
        with pytest.raises(openai.ConflictError, match="once it is completed"):
            client.videos.download_content(video.id)
        client.videos.poll(video.id, poll_interval_ms=100)


class TestList:
    def test_pages_follow_one_another_both_ways(self, server: Any, client: openai.OpenAI) -> None:
        made = [client.videos.create(prompt=f"dune {n}", **SMALL).id for n in range(5)]
        page = client.videos.list(limit=2)
        assert [video.id for video in page.data] == made[:-3:-1]
        assert (page.has_more, page.last_id) == (True, made[-2])
        assert extras(page.data) == {}
        every = [video.id for video in client.videos.list(limit=2)]
        assert every[:5] == made[::-1]
        assert [video.id for video in client.videos.list(limit=3, order="asc")] == every[::-1]
        later = client.videos.list(after=made[-1], limit=1)
        assert [video.id for video in later.data] == [made[-2]]

    def test_a_cursor_of_nothing_is_refused(self, client: openai.OpenAI) -> None:
        with pytest.raises(openai.BadRequestError) as reported:
            client.videos.list(after="video_gone")
        assert reported.value.param == "after"


def test_a_video_is_deleted_for_good(client: openai.OpenAI) -> None:
    video = make(client)
    gone = client.videos.delete(video.id)
    assert (gone.id, gone.deleted, gone.object, extras(gone)) == (
        video.id,
        True,
        "video.deleted",
        {},
    )
    with pytest.raises(openai.NotFoundError):
        client.videos.retrieve(video.id)
    with pytest.raises(openai.NotFoundError):
        client.videos.delete(video.id)


def test_a_remix_says_other_words_of_the_same(client: openai.OpenAI, done: Video) -> None:
    remix = client.videos.remix(done.id, prompt="the same in a snow storm")
    assert extras(remix) == {}
    assert remix.remixed_from_video_id == done.id
    assert (remix.prompt, remix.model, remix.size) == (
        "the same in a snow storm",
        done.model,
        done.size,
    )
    remix = client.videos.poll(remix.id, poll_interval_ms=50)
    assert (remix.status, remix.remixed_from_video_id) == ("completed", done.id)


def test_an_extension_goes_on_from_a_video(client: openai.OpenAI, done: Video) -> None:
    more = client.videos.extend(
        prompt="then the sun rises",
        seconds="4",
        video=openai.omit,
        extra_body={"video": {"id": done.id}},
    )
    assert (more.seconds, more.size) == ("8", done.size)
    more = client.videos.poll(more.id, poll_interval_ms=50)
    assert (more.status, more.seconds) == ("completed", "8")
    data = client.videos.download_content(more.id).read()
    assert probe(data) == (128, 128, pytest.approx(8, abs=0.1))


def test_an_edit_is_refused_by_an_engine_that_cannot(client: openai.OpenAI, done: Video) -> None:
    with pytest.raises(openai.BadRequestError, match="cannot modify a video; it can") as reported:
        client.videos.edit(
            prompt="make it night",
            video=openai.omit,
            extra_body={"video": {"id": done.id}},
        )
    assert reported.value.type == "invalid_request_error"
    data = client.videos.download_content(done.id).read()
    with pytest.raises(openai.BadRequestError, match="cannot modify a video; it can"):
        client.videos.edit(prompt="make it night", video=("a.mp4", data, "video/mp4"))


def test_characters_are_refused_with_what_to_do_instead(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="input_reference"):
        client.videos.create_character(name="Ada", video=("a.mp4", b"0000ftypisom", "video/mp4"))
    with pytest.raises(openai.NotFoundError, match="no character"):
        client.videos.get_character("char_1")


class TestErrors:
    @pytest.mark.parametrize(
        ("requested", "param"),
        [
            ({"seconds": "7"}, "seconds"),
            ({"size": "1281x720"}, "size"),
            ({"size": "large"}, "size"),
            ({"model": "gpt-9"}, "model"),
            ({"prompt": ""}, "prompt"),
            ({"extra_body": {"guidance_scale": 7.5}}, "guidance_scale"),
            ({"extra_body": {"colour": "red"}}, "colour"),
            ({"extra_body": {"fps": 30}}, "fps"),
        ],
    )
    def test_what_cannot_be_done_is_refused_by_its_field(
        self, client: openai.OpenAI, requested: Any, param: str
    ) -> None:
        with pytest.raises(openai.BadRequestError) as reported:
            client.videos.create(**{"prompt": "a dune", **requested})
        error = reported.value
        assert (error.param, error.code, error.type) == (
            param,
            "invalid_request",
            "invalid_request_error",
        )
        assert param in error.message
        assert error.request_id

    def test_another_is_not_found(self, client: openai.OpenAI) -> None:
        nobody = "video_" + "0" * 32
        for ask in (
            lambda: client.videos.retrieve(nobody),
            lambda: client.videos.download_content(nobody),
            lambda: client.videos.remix(nobody, prompt="a dune"),
        ):
            with pytest.raises(openai.NotFoundError) as reported:
                ask()
            assert reported.value.code == "not_found"

    def test_a_repeated_request_makes_one_video(self, client: openai.OpenAI) -> None:
        repeated = {"X-Stainless-Retry-Count": "1"}
        requested: dict[str, Any] = {"prompt": "a dune, told twice", **SMALL}
        first = client.videos.create(**requested, extra_headers={"X-Stainless-Retry-Count": "0"})
        assert client.videos.create(**requested, extra_headers=repeated).id == first.id


Told = tuple[dict[str, str], bytes]


@pytest.fixture
def hook() -> Iterator[tuple[str, "queue.Queue[Told]"]]:
    """A receiver's address, and what it was sent: headers and the very bytes."""
    got: queue.Queue[Told] = queue.Queue()

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(204)
            self.end_headers()
            got.put((dict(self.headers.items()), body))

        def log_message(self, *reported: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Hook) as listening:
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}/told", got
        listening.shutdown()
        thread.join()


def test_a_webhook_can_be_verified_and_read(
    server: Any, client: openai.OpenAI, hook: tuple[str, "queue.Queue[Told]"]
) -> None:
    url, reported = hook
    secret = base64.b64encode(kept_secret(server.data / "secrets" / "webhooks")).decode()
    video = make(client, extra_body={"callback_url": url})
    headers, body = reported.get(timeout=60)
    event: Any = client.webhooks.unwrap(body, headers, secret=f"whsec_{secret}")
    assert (event.type, event.object, event.data.id) == ("video.completed", "event", video.id)
    assert event.id.startswith("evt_")
    with pytest.raises(openai.InvalidWebhookSignatureError):
        client.webhooks.verify_signature(body + b" ", headers, secret=f"whsec_{secret}")
    assert reported.empty()  # that it runs is not told: there is no such event here


class TestAsync:
    async def test_every_method_works_alike(
        self, async_client: openai.AsyncOpenAI, done: Video, tmp_path: Path
    ) -> None:
        videos = async_client.videos
        requested: dict[str, Any] = {"prompt": "a dune", "poll_interval_ms": 50, **SMALL}
        video = await videos.create_and_poll(**requested, input_reference=("a.png", png()))
        assert (video.status, extras(video)) == ("completed", {})
        assert (await videos.retrieve(video.id)).id == video.id
        assert [one.id async for one in videos.list(limit=100)].count(video.id) == 1
        content = await videos.download_content(video.id)
        content.write_to_file(tmp_path / "video.mp4")
        assert probe((tmp_path / "video.mp4").read_bytes())[:2] == (128, 128)
        remix = await videos.remix(video.id, prompt="other words")
        assert (await videos.poll(remix.id, poll_interval_ms=50)).status == "completed"
        body = {"video": {"id": video.id}}
        more = await videos.extend(prompt="on", seconds="4", video=openai.omit, extra_body=body)
        assert (await videos.poll(more.id, poll_interval_ms=50)).seconds == "8"
        with pytest.raises(openai.BadRequestError):
            await videos.edit(prompt="night", video=openai.omit, extra_body=body)
        with pytest.raises(openai.BadRequestError):
            await videos.create_character(name="Ada", video=("a.mp4", b"0000ftyp"))
        with pytest.raises(openai.NotFoundError):
            await videos.get_character("char_1")
        assert (await videos.delete(video.id)).deleted
        with pytest.raises(openai.NotFoundError):
            await videos.retrieve(video.id)


def filmed(file: Path, *, size: tuple[int, int], rate: int) -> Path:
    """Write two seconds of a telephone's film, red on the left, that is to be shown upright."""
    picture = Image.new("RGB", size, "blue")
    picture.paste("red", (0, 0, size[0] // 2, size[1]))
    with av.open(str(file), "w") as container:
        stream = container.add_stream("libx264", rate=rate)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        for _ in range(2 * rate):
            container.mux(stream.encode(av.VideoFrame.from_image(picture)))
        container.mux(stream.encode(None))
    level, turned = (
        b"".join(value.to_bytes(4, "big", signed=True) for value in matrix)
        for matrix in (
            (1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30),
            (0, 1 << 16, 0, -1 << 16, 0, 0, 0, 0, 1 << 30),
        )
    )
    head, _, tail = file.read_bytes().rpartition(level)
    file.write_bytes(head + turned + tail)
    return file


def test_an_extension_goes_on_from_a_file_of_any_size_rate_and_direction(
    client: openai.OpenAI, tmp_path: Path
) -> None:
    file = filmed(tmp_path / "phone.mp4", size=(200, 150), rate=30)
    more = client.videos.extend(prompt="then the sun rises", seconds="4", video=file)
    more = client.videos.poll(more.id, poll_interval_ms=50)
    assert (more.status, more.error) == ("completed", None)
    assert (more.size, more.seconds) == ("150x200", "6")
    with av.open(BytesIO(client.videos.download_content(more.id).read())) as container:
        frames = [frame.to_image() for frame in container.decode(video=0)]
    assert frames[0].size == (150, 200)
    top, bottom = (frames[24].getpixel((75, y)) for y in (20, 180))
    assert top[0] > 150 > top[2]  # turned to the right, what was on its left is on top
    assert bottom[2] > 150 > bottom[0]


def test_what_is_no_video_cannot_be_extended(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as reported:
        client.videos.extend(prompt="on", seconds="4", video=("a.mp4", b"no video at all"))
    assert reported.value.param == "video"
