# mypy: disable-error-code="union-attr"
# PyAV does not say that what is opened to be read can be decoded.
"""LiteLLM's video functions, as they speak to OpenAI and to vLLM-Omni."""

import base64
import os
import threading
import warnings
from collections.abc import Callable
from io import BytesIO
from types import ModuleType
from typing import Any

import av
import pytest
from PIL import Image

PROVIDERS = ["openai", "hosted_vllm"]
# What it, and what it imports, says of itself on this machine is not ours to mend.
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::pydantic.warnings.PydanticDeprecatedSince20"),
    pytest.mark.filterwarnings("ignore:.*[Pp]ydantic:UserWarning"),
]


@pytest.fixture(scope="module")
def litellm() -> ModuleType:
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # else its import asks the internet
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import litellm  # noqa: PLC0415  # it reads the environment as it is imported

    litellm.telemetry = False
    return litellm


Ask = Callable[..., Any]


@pytest.fixture
def ask(server: Any, litellm: ModuleType) -> Ask:
    """Call one of its functions with our address and key."""

    def call(function: str, *arguments: Any, **more: Any) -> Any:
        where = {"api_base": f"{server.url}/v1", "api_key": server.key}
        return getattr(litellm, function)(*arguments, **where, **more)

    return call


def make(ask: Ask, provider: str, **more: Any) -> Any:
    video = ask(
        "video_generation",
        prompt="a lighthouse at dusk",
        model=f"{provider}/sora-2",
        **{"seconds": "4", "size": "128x128", **more},
    )
    for _ in range(600):
        video = ask("video_status", video.id)
        if video.status in {"completed", "failed"}:
            break
        threading.Event().wait(0.05)  # as a client does who polls
    assert video.status == "completed", video.error
    return video


def size_of(data: bytes) -> tuple[int, int]:
    with av.open(BytesIO(data)) as container:
        stream = container.streams.video[0]
        return stream.width, stream.height


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_video_is_made_looked_at_downloaded_and_remixed(ask: Ask, provider: str) -> None:
    video = make(ask, provider)
    assert (video.object, video.progress, video.seconds, video.size, video.model) == (
        "video",
        100,
        "4",
        "128x128",
        "sora-2",
    )
    assert size_of(ask("video_content", video.id)) == (128, 128)
    assert Image.open(BytesIO(ask("video_content", video.id, variant="thumbnail"))).size
    remix = ask("video_remix", video.id, "the same in snow")
    assert remix.remixed_from_video_id.startswith("video_")


@pytest.mark.parametrize("provider", PROVIDERS)
def test_videos_are_listed_in_pages(ask: Ask, provider: str) -> None:
    from litellm.types.videos.utils import extract_original_video_id as ours  # noqa: PLC0415  # slow

    made = make(ask, provider)
    page = ask("video_list", limit=1, custom_llm_provider=provider)
    assert page["object"] == "list"
    assert ours(page["data"][0]["id"]) == ours(made.id)
    assert page["has_more"] is True
    after = ask("video_list", after=page["last_id"], limit=1, custom_llm_provider=provider)
    assert ours(after["data"][0]["id"]) != ours(made.id)


def test_a_picture_is_sent_as_a_file(ask: Ask) -> None:
    file = BytesIO()
    Image.new("RGB", (64, 64), "red").save(file, "PNG")
    video = make(ask, "openai", input_reference=file.getvalue())
    with av.open(BytesIO(ask("video_content", video.id))) as container:
        red, green, _ = next(container.decode(video=0)).to_image().getpixel((64, 64))
    assert red > 200
    assert green < 60


def test_an_extension_goes_on_and_an_edit_is_refused(ask: Ask, litellm: ModuleType) -> None:
    video = make(ask, "openai")
    more = ask("video_extension", video.id, "then the sun rises", "4")
    assert (more.seconds, more.size) == ("8", "128x128")
    with pytest.raises(Exception, match="cannot modify a video; it can"):
        ask("video_edit", video.id, "make it night")


def test_what_vllm_omni_adds_is_honoured(ask: Ask) -> None:
    file = BytesIO()
    Image.new("RGB", (64, 64), "blue").save(file, "PNG")
    address = "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
    video = make(
        ask,
        "hosted_vllm",
        size=None,
        seconds=None,
        width=160,
        height=128,
        num_frames=97,
        fps=24,
        seed=7,
        negative_prompt="people",
        guidance_scale=1.0,
        generate_sound=False,
        image_reference={"image_url": address},
    )
    assert (video.size, video.seconds) == ("160x128", "4")
    assert size_of(ask("video_content", video.id)) == (160, 128)


@pytest.mark.parametrize(
    ("name", "value"),
    [("guidance_scale", 7.5), ("num_inference_steps", 40), ("fps", 16), ("lora", {"name": "x"})],
)
def test_what_no_engine_here_can_honour_is_refused_by_name(
    ask: Ask, litellm: ModuleType, name: str, value: Any
) -> None:
    with pytest.raises(litellm.BadRequestError, match=name):
        make(ask, "hosted_vllm", **{name: value})


@pytest.mark.parametrize("provider", PROVIDERS)
def test_errors_are_of_its_classes(ask: Ask, litellm: ModuleType, provider: str) -> None:
    with pytest.raises(litellm.BadRequestError, match="model must be one of"):
        ask("video_generation", prompt="a dune", model=f"{provider}/gpt-9")
    with pytest.raises(litellm.NotFoundError, match="there is no generation"):
        ask("video_status", "video_" + "0" * 32, custom_llm_provider=provider)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_wrong_key_is_told_as_such(server: Any, litellm: ModuleType, provider: str) -> None:
    with pytest.raises(litellm.AuthenticationError):
        litellm.video_generation(
            prompt="a dune",
            model=f"{provider}/sora-2",
            api_base=f"{server.url}/v1",
            api_key="sk-wrong",
        )


async def test_the_asynchronous_ones_do_alike(ask: Ask) -> None:
    video = await ask(
        "avideo_generation",
        prompt="a dune",
        model="openai/sora-2",
        seconds="4",
        size="128x128",
    )
    status = await ask("avideo_status", video.id)
    assert status.status in {"queued", "in_progress", "completed"}
    page = await ask("avideo_list", limit=1, custom_llm_provider="openai")
    assert page["object"] == "list"
