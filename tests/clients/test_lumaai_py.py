"""The official library, lumaai for Python: every method, every reply typed strictly."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import av
import httpx
import lumaai
import pytest
from lumaai import AsyncLumaAI, LumaAI
from lumaai.types import Generation, generation
from PIL import Image
from pydantic import BaseModel
from tests.clients.conftest import Receiver, Serving, finished_at

ROOT = "/dream-machine/v1"
SMALL: dict[str, Any] = {"resolution": "540p", "aspect_ratio": "1:1", "duration": "5s"}
NOBODY = "15b7abb1-3741-4b7e-9615-1f9a16c7442d"


@pytest.fixture(scope="module")
def server(account_of: Callable[[str], Serving]) -> Serving:
    """An account of its own: the library's types know only what its own API can ask for."""
    return account_of("lumaai")


@pytest.fixture
def client(server: Serving) -> Iterator[LumaAI]:
    with LumaAI(
        auth_token=server.key, base_url=server.url + ROOT, _strict_response_validation=True
    ) as one:
        yield one


@pytest.fixture(scope="module")
def film(server: Serving) -> Generation:
    """A finished video, which several tests work on."""
    with LumaAI(
        auth_token=server.key, base_url=server.url + ROOT, _strict_response_validation=True
    ) as client:
        made = client.generations.video.create(
            prompt="a lighthouse at dusk, surf", model="ray-2", **SMALL
        )
        return done(client, made)


def done(client: LumaAI, made: Generation) -> Generation:
    """Return *made* once it is final, polled as the documents show it, but without sleeping."""
    assert made.id is not None
    origin = str(client.base_url).removesuffix(f"{ROOT}/")
    finished_at(origin, str(client.auth_token), made.id)
    finished = checked(client.generations.get(made.id))
    assert finished.state == "completed", finished.failure_reason
    return finished


def checked(reported: Generation) -> Generation:
    """Return *told*, having looked that it holds nothing that its types do not know."""
    assert extras(reported) == []
    return reported


def extras(value: object, where: str = "reply") -> list[str]:
    if isinstance(value, list):
        return [one for item in value for one in extras(item, where)]
    if not isinstance(value, BaseModel):
        return []
    found = [f"{where}.{name}" for name in value.model_extra or ()]
    for name in type(value).model_fields:
        found += extras(getattr(value, name), f"{where}.{name}")
    return found


def fetched(url: str | None) -> bytes:
    """Return a file, asked for without any key."""
    assert url is not None
    reply = httpx.get(url)
    assert reply.status_code == 200
    return reply.content


def probed(url: str | None, folder: Path) -> tuple[int, int, int, bool]:
    """Return a video's width, height and frames, and whether it has sound."""
    file = folder / "probed.mp4"
    file.write_bytes(fetched(url))
    with av.open(str(file)) as container:
        stream = container.streams.video[0]
        frames = sum(1 for packet in container.demux(stream) if packet.size)
        return stream.width, stream.height, frames, bool(container.streams.audio)


def test_a_video_is_made_and_is_what_was_asked_for(film: Generation, tmp_path: Path) -> None:
    assert (film.generation_type, film.model, film.failure_reason) == ("video", "ray-2", None)
    assert isinstance(film.request, generation.RequestGenerationRequest)
    assert film.request.generation_type == "video"
    assert film.assets is not None
    assert probed(film.assets.video, tmp_path) == (540, 540, 121, False)
    assert fetched(film.assets.image).startswith(b"\xff\xd8")
    assert film.assets.progress_video is None


def test_the_older_spelling_of_create_makes_the_same(client: LumaAI) -> None:
    made = checked(
        client.generations.create(
            prompt="a dune",
            model="ray-flash-2",
            loop=True,
            concepts=[{"key": "dolly_zoom"}],
            generation_type="video",
            **SMALL,
        )
    )
    assert made.state == "queued"
    assert made.assets is None
    request = made.request
    assert isinstance(request, generation.RequestGenerationRequest)
    assert request.concepts is not None
    assert (request.loop, request.concepts[0].key) == (True, "dolly_zoom")
    assert made.id is not None
    client.generations.delete(made.id)


def test_an_extension_continues_a_video(client: LumaAI, film: Generation, tmp_path: Path) -> None:
    made = client.generations.create(
        prompt="the light goes on",
        model="ray-2",
        duration="5s",
        keyframes={"frame0": {"type": "generation", "id": str(film.id)}},
    )
    assert isinstance(made.request, generation.RequestGenerationRequest)
    assert made.request.keyframes is not None
    frame = made.request.keyframes.frame0
    assert isinstance(frame, generation.RequestGenerationRequestKeyframesFrame0GenerationReference)
    finished = done(client, checked(made))
    assert finished.assets is not None
    assert probed(finished.assets.video, tmp_path)[:3] == (540, 540, 241)


def test_every_combination_of_keyframes_is_taken(client: LumaAI, film: Generation) -> None:
    earlier: Any = {"type": "generation", "id": film.id}
    assert film.assets is not None
    picture: Any = {"type": "image", "url": film.assets.image}
    for frames in (
        {"frame1": earlier},
        {"frame0": earlier, "frame1": earlier},
        {"frame0": picture},
        {"frame1": picture},
        {"frame0": picture, "frame1": picture},
        {"frame0": earlier, "frame1": picture},
        {"frame0": picture, "frame1": earlier},
    ):
        made = checked(
            client.generations.create(prompt="in between", model="ray-2", keyframes=frames)
        )
        request = made.request
        assert isinstance(request, generation.RequestGenerationRequest)
        assert request.keyframes is not None
        for name, frame in frames.items():
            assert getattr(request.keyframes, name).type == frame["type"]
        client.generations.delete(str(made.id))


def test_upscaling_makes_more_pixels_of_a_video(
    client: LumaAI, film: Generation, tmp_path: Path
) -> None:
    made = checked(client.generations.upscale(str(film.id), resolution="1080p"))
    assert isinstance(made.request, generation.RequestUpscaleVideoGenerationRequest)
    finished = done(client, made)
    assert finished.assets is not None
    assert probed(finished.assets.video, tmp_path) == (1080, 1080, 121, False)


def test_audio_gives_a_video_sound(client: LumaAI, film: Generation, tmp_path: Path) -> None:
    made = checked(
        client.generations.audio(str(film.id), prompt="surf and wind", negative_prompt="birds")
    )
    assert isinstance(made.request, generation.RequestAudioGenerationRequest)
    finished = done(client, made)
    assert finished.assets is not None
    assert probed(finished.assets.video, tmp_path) == (540, 540, 121, True)


def test_a_video_is_reframed(client: LumaAI, film: Generation, tmp_path: Path) -> None:
    assert film.assets is not None
    made = checked(
        client.generations.video.reframe(
            generation_type="reframe_video",
            media={"url": str(film.assets.video)},
            model="ray-2",
            aspect_ratio="4:3",
            prompt="more of the shore",
            grid_position_x=224,
            grid_position_y=0,
            resized_width=1344,
            resized_height=1344,
        )
    )
    assert isinstance(made.request, generation.RequestReframeVideoRequest)
    assert (made.request.x_start, made.request.x_end) == (224, 1568)
    finished = done(client, made)
    assert finished.assets is not None
    assert probed(finished.assets.video, tmp_path) == (960, 720, 121, False)


def test_a_modification_is_refused_where_no_engine_can(client: LumaAI, film: Generation) -> None:
    assert film.assets is not None
    with pytest.raises(lumaai.UnprocessableEntityError) as refused:
        client.generations.video.modify(
            generation_type="modify_video",
            media={"url": str(film.assets.video)},
            model="ray-2",
            mode="flex_1",
            prompt="by night",
        )
    (fault,) = detail(refused.value)
    assert fault["loc"] == ["body", "generation_type"]
    assert "cannot modify a video" in fault["msg"]


def test_a_picture_in_sync_mode_is_there_when_the_answer_is(client: LumaAI, tmp_path: Path) -> None:
    made = checked(
        client.generations.image.create(
            prompt="a dune at dusk",
            model="photon-1",
            aspect_ratio="1:1",
            format="png",
            sync=True,
            sync_timeout=60,
        )
    )
    assert (made.state, made.generation_type) == ("completed", "image")
    assert isinstance(made.request, generation.RequestImageGenerationRequest)
    assert made.assets is not None
    assert made.assets.video is None
    assert picture(made.assets.image, tmp_path) == ("PNG", (1536, 1536))


def test_a_picture_follows_others_and_is_reframed(
    client: LumaAI, film: Generation, tmp_path: Path
) -> None:
    assert film.assets is not None
    url = str(film.assets.image)
    made = done(
        client,
        checked(
            client.generations.image.create(
                prompt="the same by night",
                model="photon-flash-1",
                image_ref=[{"url": url, "weight": 0.7}],
                style_ref=[{"url": url}],
                character_ref={"identity0": {"images": [url]}},
                modify_image_ref={"url": url, "weight": 0.9},
            )
        ),
    )
    assert isinstance(made.request, generation.RequestImageGenerationRequest)
    assert made.request.image_ref is not None
    assert made.request.image_ref[0].weight == 0.7
    assert made.assets is not None
    reframed = checked(
        client.generations.image.reframe(
            generation_type="reframe_image",
            media={"url": str(made.assets.image)},
            model="photon-1",
            aspect_ratio="21:9",
        )
    )
    assert isinstance(reframed.request, generation.RequestReframeImageRequest)
    finished = done(client, reframed)
    assert finished.assets is not None
    assert picture(finished.assets.image, tmp_path) == ("JPEG", (2432, 1024))


def picture(url: str | None, folder: Path) -> tuple[str | None, tuple[int, int]]:
    file = folder / "picture"
    file.write_bytes(fetched(url))
    with Image.open(file) as image:
        return image.format, image.size


def test_the_list_comes_in_pages(client: LumaAI, film: Generation) -> None:
    everything = client.generations.list(limit=100, offset=0)
    assert extras(everything) == []
    assert everything.has_more is False
    assert everything.count == len(everything.generations)
    assert film.id in [one.id for one in everything.generations]
    first = client.generations.list(limit=1)
    assert (first.limit, first.offset, first.count) == (1, 0, 1)


def test_names_that_its_types_do_not_know_are_read_all_the_same(
    account_of: Callable[[str], Serving],
) -> None:
    server = account_of("elsewhere")
    body = {"kind": "image", "prompt": "sea", "model": "uni-1-max", "aspect_ratio": "1:3"}
    headers = {"Authorization": f"Bearer {server.key}"}
    reply = httpx.post(f"{server.url}/api/v1/generations", json=body, headers=headers)
    assert reply.status_code == 201
    with LumaAI(auth_token=server.key, base_url=server.url + ROOT) as client:
        (reported,) = client.generations.list().generations
        client.generations.delete(str(reported.id))
    assert (reported.model, reported.generation_type) == ("uni-1-max", "image")
    assert reported.request is not None
    assert reported.request.to_dict()["aspect_ratio"] == "1:3"


def test_what_is_deleted_is_gone(client: LumaAI) -> None:
    made = client.generations.create(prompt="a dune", model="ray-2", **SMALL)
    client.generations.delete(str(made.id))
    with pytest.raises(lumaai.NotFoundError) as gone:
        client.generations.get(str(made.id))
    assert detail(gone.value) == "Generation not found"


def test_camera_moves_ping_and_credits(client: LumaAI, server: Serving) -> None:
    concepts = client.generations.concepts.list()
    assert "dolly_zoom" in concepts
    assert client.ping.check().message == "pong"
    assert client.credits.get().credit_balance > 0
    reply = httpx.get(
        f"{server.url}{ROOT}/generations/camera_motion/list",
        headers={"Authorization": f"Bearer {server.key}"},
    )
    assert "camera orbit left" in reply.json()


def detail(error: lumaai.APIStatusError) -> Any:
    assert isinstance(error.body, dict)
    return error.body["detail"]


def test_each_mistake_is_the_error_that_the_library_has_for_it(
    client: LumaAI, server: Serving
) -> None:
    with pytest.raises(lumaai.BadRequestError) as short:
        client.generations.create(prompt="ab", model="ray-2")
    assert detail(short.value) == "Prompt is too short, minimum length is 3 characters"
    with pytest.raises(lumaai.UnprocessableEntityError) as large:
        client.generations.create(prompt="a dune", model="ray-2", resolution="8k")
    assert detail(large.value)[0]["loc"] == ["body", "resolution"]
    with pytest.raises(lumaai.UnprocessableEntityError) as extra:
        client.generations.create(prompt="a dune", model="ray-2", extra_body={"seed": 1})
    assert detail(extra.value)[0]["type"] == "extra_forbidden"
    with pytest.raises(lumaai.NotFoundError):
        client.generations.delete(NOBODY)
    with pytest.raises(lumaai.AuthenticationError) as stranger:
        client.with_options(auth_token="wrong").generations.list()
    assert detail(stranger.value) == "Invalid API key is provided"
    assert client.with_options(auth_token="wrong").ping.check().message == "pong"


def test_what_cannot_succeed_is_not_sent_again(server: Serving) -> None:
    sent: list[httpx.Request] = []
    http = httpx.Client(event_hooks={"request": [sent.append]})
    with LumaAI(auth_token=server.key, base_url=server.url + ROOT, http_client=http) as client:
        made = client.generations.create(prompt="a dune", model="ray-2", **SMALL)
        client.generations.delete(str(made.id))
        sent.clear()
        with pytest.raises(lumaai.NotFoundError):
            client.generations.upscale(str(made.id))
    assert len(sent) == 1


class _LosesTheFirstAnswer(httpx.HTTPTransport):
    lost = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        reply = super().handle_request(request)
        if not self.lost:
            self.lost = 1
            reply.read()
            reply.close()
            raise httpx.ReadTimeout("the answer was lost on its way", request=request)
        return reply


def test_a_create_whose_answer_was_lost_is_not_made_twice(server: Serving) -> None:
    http = httpx.Client(transport=_LosesTheFirstAnswer())
    with LumaAI(auth_token=server.key, base_url=server.url + ROOT, http_client=http) as client:
        made = client.generations.create(prompt="a dune made once", model="ray-2", **SMALL)
        listed = client.generations.list(limit=100).generations
        alike = [
            one.id
            for one in listed
            if isinstance(one.request, generation.RequestGenerationRequest)
            and one.request.prompt == "a dune made once"
        ]
        client.generations.delete(str(made.id))
    assert alike == [made.id]


def test_a_callback_is_told_of_dreaming_and_completed_with_the_generation(
    client: LumaAI, receiver: Receiver
) -> None:
    made = checked(
        client.generations.image.create(
            prompt="a dune", model="photon-1", aspect_ratio="1:1", callback_url=receiver.url
        )
    )
    got = receiver.wait_for(lambda bodies: any(b["state"] == "completed" for b in bodies))
    assert {body["state"] for body in got} == {"dreaming", "completed"}
    for body in got:
        reported = checked(Generation.model_validate(body))
        assert reported.id == made.id
        assert (reported.assets is None) == (reported.state == "dreaming")


async def test_the_asynchronous_library_does_the_same(server: Serving) -> None:
    async with AsyncLumaAI(
        auth_token=server.key, base_url=server.url + ROOT, _strict_response_validation=True
    ) as client:
        made = checked(
            await client.generations.image.create(
                prompt="a dune", model="photon-1", aspect_ratio="1:1", sync=True
            )
        )
        assert made.state == "completed"
        assert checked(await client.generations.get(str(made.id))).state == "completed"
        listed = await client.generations.list(limit=5)
        assert extras(listed) == []
        film = checked(
            await client.generations.video.create(prompt="a dune [hang]", model="ray-2", **SMALL)
        )
        assert made.assets is not None
        for other in (
            await client.generations.create(prompt="a dune", model="ray-2", **SMALL),
            await client.generations.image.reframe(
                generation_type="reframe_image",
                media={"url": str(made.assets.image)},
                model="photon-1",
                aspect_ratio="1:1",
            ),
        ):
            await client.generations.delete(str(checked(other).id))
        with pytest.raises(lumaai.ConflictError):
            await client.with_options(max_retries=0).generations.upscale(str(film.id))
        with pytest.raises(lumaai.ConflictError):
            await client.with_options(max_retries=0).generations.audio(str(film.id))
        with pytest.raises(lumaai.UnprocessableEntityError):
            await client.generations.video.reframe(
                generation_type="reframe_video",
                media={"url": "https://example.com/one.mp4"},
                model="ray-2",
                aspect_ratio="1:1",
                x_start=1,
            )
        with pytest.raises(lumaai.UnprocessableEntityError):
            await client.generations.video.modify(
                generation_type="modify_video",
                media={"url": "https://example.com/one.mp4"},
                model="ray-2",
                mode="flex_1",
            )
        await client.generations.delete(str(film.id))
        assert "dolly_zoom" in await client.generations.concepts.list()
        assert (await client.ping.check()).message == "pong"
        assert (await client.credits.get()).credit_balance > 0
