"""What may be asked for, in which spellings, and what it comes to."""

import base64
import json
from typing import Any

import httpx2
import pytest
from tests.dialects.openai_videos.conftest import PIXEL, VIDEOS, Server

from rushes.core.geometry import FPS
from rushes.core.spec import Kind, Medium, Position

PICTURE = base64.b64decode(PIXEL.partition(",")[2])
CLIP = b"\0\0\0\x18ftypisom" + b"\0" * 64


async def test_a_bare_prompt_makes_what_openai_makes_of_one(server: Server) -> None:
    reported = await server.ask()
    assert (reported["size"], reported["seconds"], reported["model"]) == ("720x1280", "4", "ray-2")
    spec = (await server.stored(reported["id"])).spec
    assert (spec.aspect_ratio, spec.resolution, spec.size_px) == ("9:16", "720p", None)


@pytest.mark.parametrize(
    "how",
    [
        {"json": {"prompt": "a dune", "seconds": "8", "size": "1792x1024"}},
        {"json": {"prompt": "a dune", "seconds": 8, "width": 1792, "height": 1024}},
        {"data": {"prompt": "a dune", "seconds": "8", "width": "1792", "height": "1024.0"}},
        {"data": {"prompt": "a dune", "num_frames": "193", "size": "1792X1024", "seed": ""}},
        {
            "files": {
                "prompt": (None, "a dune"),
                "seconds": (None, "8"),
                "size": (None, "1792x1024"),
            }
        },
    ],
)
async def test_json_and_forms_say_the_same(server: Server, how: dict[str, Any]) -> None:
    reply = await server.client.post(VIDEOS, **how)
    assert reply.status_code == 200, reply.text
    spec = (await server.stored(reply.json()["id"])).spec
    assert (spec.size_px, spec.duration_s, spec.seed) == ((1792, 1024), 8.0, None)
    assert reply.json()["size"] == "1792x1024"


@pytest.mark.parametrize(
    ("size", "ratio", "resolution"),
    [("1280x720", "16:9", "720p"), ("3840x2160", "16:9", "4k"), ("2160x3840", "9:16", "4k")],
)
async def test_a_size_that_has_a_name_goes_by_it(
    server: Server, size: str, ratio: str, resolution: str
) -> None:
    reported = await server.ask(size=size)
    spec = (await server.stored(reported["id"])).spec
    assert (spec.aspect_ratio, spec.resolution, spec.size_px) == (ratio, resolution, None)
    assert reported["size"] == size


async def test_a_shape_alone_is_made_at_720p(server: Server) -> None:
    assert (await server.ask(aspect_ratio="1:1"))["size"] == "720x720"
    assert (await server.ask(aspect_ratio="16:9", size="1280x720"))["size"] == "1280x720"


@pytest.mark.parametrize("count", [4 * FPS, 4 * FPS + 1])
async def test_frames_are_counted_with_the_last_one_or_without(server: Server, count: int) -> None:
    assert (await server.ask(num_frames=count, fps=FPS))["seconds"] == "4"


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"seconds": "7"}, "seconds"),
        ({"seconds": "long"}, "seconds"),
        ({"seconds": True}, "seconds"),
        ({"seconds": "4", "num_frames": 193}, "num_frames"),
        ({"num_frames": 50}, "num_frames"),
        ({"fps": 25}, "fps"),
        ({"size": "1281x720"}, "size"),
        ({"size": "0x0"}, "size"),
        ({"size": "9000x9000"}, "size"),
        ({"size": [1280, 720]}, "size"),
        ({"size": "1280x720", "width": 720, "height": 1280}, "size"),
        ({"width": 720}, "width"),
        ({"size": "1280x720", "aspect_ratio": "9:16"}, "aspect_ratio"),
        ({"aspect_ratio": "5:4"}, "aspect_ratio"),
        ({"model": "gpt-9"}, "model"),
        ({"model": "photon-1"}, "model"),
        ({"prompt": ""}, "prompt"),
        ({"prompt": 7}, "prompt"),
        ({"prompt": "x" * 32_001}, "prompt"),
        ({"seed": -2}, "seed"),
        ({"seed": 2**32}, "seed"),
        ({"input_reference": 7}, "input_reference"),
        ({"input_reference": {}}, "input_reference"),
        ({"input_reference": {"url": "x"}}, "input_reference"),
        ({"input_reference": {"image_url": PIXEL, "file_id": "x"}}, "input_reference"),
        ({"input_reference": {"image_url": 7}}, "input_reference"),
        ({"input_reference": "no picture"}, "input_reference"),
        ({"input_reference": PIXEL, "image_reference": PIXEL}, "image_reference"),
        ({"callback_url": "ftp://here"}, "callback_url"),
        ({"callback_url": "http://127.0.0.1/told"}, "callback_url"),
        ({"colour": "red"}, "colour"),
        ({"guidance_scale": 7.5}, "guidance_scale"),
        ({"generate_sound": True}, "generate_sound"),
        ({"n": 2}, "n"),
        ({"lora": {"name": "x"}}, "lora"),
        ({"characters": [{"id": "char_1"}]}, "characters"),
    ],
)
async def test_what_cannot_be_is_refused_by_its_field(
    server: Server, body: dict[str, Any], param: str
) -> None:
    error = await server.refused(**body)
    assert (error["param"], error["code"]) == (param, "invalid_request")
    assert param in error["message"]
    assert (await server.get(VIDEOS))["data"] == []


async def test_all_that_is_wrong_is_told_at_once(server: Server) -> None:
    message = (await server.refused(guidance_scale=3, colour="red", size="big"))["message"]
    assert all(name in message for name in ("guidance_scale", "colour", "size"))


async def test_values_that_ask_for_nothing_are_taken(server: Server) -> None:
    await server.ask(
        guidance_scale=1.0,
        true_cfg_scale=1,
        generate_sound=False,
        lora={},
        extra_params="{}",
        characters=[],
        n=1,
        user="me",
        seed=-1,
        input_reference=None,
        image_reference="",
    )
    form = {"prompt": "a dune", "generate_sound": "false", "guidance_scale": "1.0", "n": "1"}
    assert (await server.client.post(VIDEOS, data=form)).status_code == 200


class TestPictures:
    @pytest.mark.parametrize(
        "how",
        [
            {"data": {"prompt": "a"}, "files": {"input_reference": ("a.png", PICTURE)}},
            {"data": {"prompt": "a", "input_reference[image_url]": PIXEL}},
            {"data": {"prompt": "a", "image_reference": json.dumps({"image_url": PIXEL})}},
            {"json": {"prompt": "a", "input_reference": {"image_url": PIXEL}}},
            {"json": {"prompt": "a", "input_reference": PIXEL}},
            {"json": {"prompt": "a", "image_reference": {"image_url": PIXEL}}},
        ],
    )
    async def test_a_picture_comes_in_any_spelling(
        self, server: Server, how: dict[str, Any]
    ) -> None:
        reply = await server.client.post(VIDEOS, **how)
        assert reply.status_code == 200, reply.text
        (keyframe,) = (await server.stored(reply.json()["id"])).spec.keyframes
        assert keyframe.media_key is not None
        kept = server.running_app.media.path(keyframe.media_key)
        assert kept is not None
        assert kept.read_bytes() == PICTURE

    async def test_a_file_that_was_brought_ahead_is_named_by_its_id(self, server: Server) -> None:
        sent = await server.client.post(
            "/v1/files", files={"file": ("a.png", PICTURE, "image/png")}, data={"purpose": "input"}
        )
        assert sent.is_success, sent.text
        reported = await server.ask(input_reference={"file_id": sent.json()["id"]})
        (keyframe,) = (await server.stored(reported["id"])).spec.keyframes
        assert keyframe.media_key is not None

    async def test_nobody_names_the_file_of_another(self, server: Server) -> None:
        sent = await server.client.post(
            "/v1/files", files={"file": ("a.png", PICTURE, "image/png")}, data={"purpose": "input"}
        )
        _, secret = await server.running_app.accounts.create_key("stranger")
        body = {"prompt": "a", "input_reference": {"file_id": sent.json()["id"]}}
        async with server.as_client(secret) as stranger:
            reply = await stranger.post(VIDEOS, json=body)
        assert reply.status_code == 404


class TestOnEarlierVideos:
    async def test_a_remix_keeps_everything_but_the_words(self, server: Server) -> None:
        id_ = await server.completed(
            model="sora-2-pro", size="832x480", seconds="8", seed=7, input_reference=PIXEL
        )
        reported = await server.ask(f"{VIDEOS}/{id_}/remix", prompt="in snow")
        assert (reported["remixed_from_video_id"], reported["model"], reported["prompt"]) == (
            id_,
            "sora-2-pro",
            "in snow",
        )
        before, after = (await server.stored(id_)).spec, (await server.stored(reported["id"])).spec
        assert after.prompt == "in snow"
        assert (after.size_px, after.duration_s, after.seed, after.keyframes) == (
            before.size_px,
            before.duration_s,
            before.seed,
            before.keyframes,
        )

    @pytest.mark.parametrize(
        ("made_as", "named", "shown"),
        [
            ("sora-2", "sora-2", "sora-2"),
            (None, "sora-2", "sora-2"),
            ("ray-2", "ray-2", "ray-2"),
            ("sora-2", "ray-v2", "ray-v2"),
            ("ray-3", "Ray3", "Ray3"),
            ("ray-3", "", "ray-3"),
        ],
    )
    async def test_a_remix_may_name_the_model_of_its_video_as_new_api_does(
        self, server: Server, made_as: str | None, named: str, shown: str
    ) -> None:
        id_ = await server.completed(model=made_as)
        reported = await server.ask(f"{VIDEOS}/{id_}/remix", prompt="night", model=named)
        assert (reported["prompt"], reported["model"]) == ("night", shown)
        before, after = (await server.stored(id_)).spec, (await server.stored(reported["id"])).spec
        assert after.model == before.model

    @pytest.mark.parametrize("named", ["ray-2", "sora-2", "photon-1", "no such model"])
    async def test_a_remix_that_names_another_model_is_told_its_videos(
        self, server: Server, named: str
    ) -> None:
        id_ = await server.completed(model="ray-3")
        error = await server.refused(f"{VIDEOS}/{id_}/remix", prompt="night", model=named)
        assert error["param"] == "model"
        assert error["message"].startswith(
            f'model must be ray-3, which made this video, not "{named}"'
        )

    async def test_only_a_finished_video_of_words_is_remixed(self, server: Server) -> None:
        waiting = (await server.ask())["id"]
        error = await server.refused(f"{VIDEOS}/{waiting}/remix", status=409)
        assert error["code"] == "not_ready"
        native = await server.client.post(
            "/api/v1/generations",
            json={
                "kind": "upscale",
                "resolution": "1080p",
                "source": {
                    "generation_id": str((await server.stored(await server.completed())).id)
                },
            },
        )
        assert native.status_code == 201, native.text
        await server.complete(native.json()["id"])
        assert (await server.refused(f"{VIDEOS}/{native.json()['id']}/remix"))["param"] == "prompt"

    @pytest.mark.parametrize("form", [True, False])
    async def test_an_extension_has_the_shape_and_model_of_what_it_goes_on_from(
        self, server: Server, form: bool
    ) -> None:
        id_ = await server.completed(model="sora-2", size="832x480")
        path = f"{VIDEOS}/extensions"
        body: dict[str, Any] = {"prompt": "on", "seconds": "8"}
        reply = await (
            server.client.post(path, files={k: (None, v) for k, v in {**body, "video[id]": id_}.items()})
            if form
            else server.client.post(path, json={**body, "video": {"id": id_}})
        )  # fmt: skip
        reported = reply.json()
        assert (reported["seconds"], reported["size"], reported["model"]) == (
            "12",
            "832x480",
            "sora-2",
        )
        spec = (await server.stored(reported["id"])).spec
        assert (spec.extends, spec.size_px) == ((await server.stored(id_)).id, (832, 480))
        await server.complete(reported["id"], length_s=12.0417)
        assert (await server.get(f"{VIDEOS}/{reported['id']}"))["seconds"] == "12"

    @pytest.mark.parametrize(
        ("body", "param"),
        [
            ({"seconds": "4"}, "video"),
            ({"video": {"id": "video_x"}}, "seconds"),
            ({"video": {}, "seconds": "4"}, "video"),
            ({"video": {"name": "x"}, "seconds": "4"}, "video"),
            ({"video": 7, "seconds": "4"}, "video"),
            ({"video": "no base64", "seconds": "4"}, "video"),
            ({"video": PIXEL, "seconds": "4"}, "video"),
        ],
    )
    async def test_an_extension_needs_a_video_and_a_length(
        self, server: Server, body: dict[str, Any], param: str
    ) -> None:
        assert (await server.refused(f"{VIDEOS}/extensions", **body))["param"] == param

    async def test_an_extension_is_as_long_as_its_model_makes(self, server: Server) -> None:
        body: dict[str, Any] = {"video": {"id": await server.completed()}}
        error = await server.refused(f"{VIDEOS}/extensions", seconds="20", **body)
        assert error["message"] == "seconds must be one of 4, 5, 8, 12, 16, not 20"
        await server.ask(f"{VIDEOS}/extensions", seconds="16", **body)

    @pytest.mark.parametrize("end", ["extensions", "edits"])
    async def test_an_unknown_video_is_not_found(self, server: Server, end: str) -> None:
        body: dict[str, Any] = {"video": {"id": "video_" + "0" * 32}}
        more: dict[str, Any] = {"seconds": "4"} if end == "extensions" else {}
        await server.refused(f"{VIDEOS}/{end}", status=404, **body, **more)

    async def test_an_edit_is_a_modification_of_a_video_or_a_file(self, server: Server) -> None:
        id_ = await server.completed(model="sora-2")
        reported = await server.ask(f"{VIDEOS}/edits", prompt="night", video={"id": id_})
        spec = (await server.stored(reported["id"])).spec
        assert (spec.kind, reported["model"], reported["seconds"]) == (Kind.MODIFY, "sora-2", "4")
        assert spec.source is not None
        assert spec.source.generation_id == (await server.stored(id_)).id
        reply = await server.client.post(
            f"{VIDEOS}/edits", data={"prompt": "night"}, files={"video": ("a.mp4", CLIP)}
        )
        assert reply.status_code == 200, reply.text
        spec = (await server.stored(reply.json()["id"])).spec
        assert spec.source is not None
        assert spec.source.medium is Medium.VIDEO
        assert str(spec.source.file).startswith("media:inputs/")

    @pytest.mark.parametrize(("end", "name"), [("/edits", "video"), ("", "input_reference")])
    async def test_a_part_of_a_form_that_is_something_else_is_not_called_base64(
        self, server: Server, end: str, name: str
    ) -> None:
        reply = await server.client.post(
            VIDEOS + end, data={"prompt": "night"}, files={name: ("a.bin", b"something else")}
        )
        assert reply.status_code == 400
        message = reply.json()["error"]["message"]
        assert message.endswith("; the bytes that came are of something else")


async def test_an_equal_request_that_calls_itself_a_retry_is_one(server: Server) -> None:
    def form(boundary: str) -> dict[str, Any]:
        body = f'--{boundary}\r\nContent-Disposition: form-data; name="prompt"\r\n\r\na\r\n'
        kind = f"multipart/form-data; boundary={boundary}"
        return {"content": f"{body}--{boundary}--\r\n", "headers": {"Content-Type": kind}}

    async def ask(boundary: str, count: int) -> httpx2.Response:
        how = form(boundary)
        how["headers"]["X-Stainless-Retry-Count"] = str(count)
        return await server.client.post(VIDEOS, **how)

    first, again = await ask("one", 0), await ask("two", 1)
    assert first.json()["id"] == again.json()["id"]


@pytest.mark.parametrize(
    "how",
    [
        {"json": {"prompt": "a", "loop": False, "last_reference": {"image_url": PIXEL}}},
        {"data": {"prompt": "a", "last_reference[image_url]": PIXEL}},
        {"data": {"prompt": "a"}, "files": {"last_reference": ("a.png", PICTURE)}},
    ],
)
async def test_a_picture_can_be_what_a_video_ends_with(server: Server, how: dict[str, Any]) -> None:
    reply = await server.client.post(VIDEOS, **how)
    assert reply.status_code == 200, reply.text
    spec = (await server.stored(reply.json()["id"])).spec
    assert [keyframe.position for keyframe in spec.keyframes] == [Position.LAST]
    assert spec.keyframes[0].media_key is not None
    assert spec.loop is False


@pytest.mark.parametrize("how", [{"json": {"loop": True}}, {"data": {"loop": "true"}}])
async def test_a_loop_can_be_asked_for(server: Server, how: dict[str, Any]) -> None:
    how = {name: fields | {"prompt": "a"} for name, fields in how.items()}
    reply = await server.client.post(VIDEOS, **how)
    assert reply.status_code == 200, reply.text
    assert (await server.stored(reply.json()["id"])).spec.loop is True


@pytest.mark.parametrize("how", ["json", "data"])
async def test_a_prompt_of_spaces_is_refused(server: Server, how: str) -> None:
    reply = await server.client.post(VIDEOS, **{how: {"prompt": " \t "}})
    assert reply.status_code == 400
    assert "not only spaces" in reply.json()["error"]["message"]
