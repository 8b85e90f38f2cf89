"""Other names of models: the built-in ones, an operator's own, and which of them a refusal offers."""

import pytest

from rushes.core.errors import InvalidRequest
from rushes.core.spec import GenerationSpec, Medium
from rushes.engines.base import Engine, channels_of
from rushes.engines.scripted import ScriptedEngine
from rushes.service.catalogue import MODELS, PICTURE_MODELS, VIDEO_MODELS, Catalogue


def catalogue(**more) -> Catalogue:
    engines: dict[str, Engine] = {name: ScriptedEngine([]) for name in MODELS}
    return Catalogue(channels_of(engines), **more)


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("luma_video_api", "ray-2"),
        ("luma_video_extend_api", "ray-2"),
        ("luma-video", "ray-2"),
        ("luma-video-ray2", "ray-2"),
        ("luma-video-ray2-flash", "ray-flash-2"),
    ],
)
def test_the_names_of_public_catalogues_are_known(name: str, model: str) -> None:
    assert catalogue().resolve(name) == model


def test_an_operators_alias_means_its_model_and_is_listed_with_it() -> None:
    ours = catalogue(aliases={"house-video": "ray-3"})
    assert ours.resolve("House-Video ") == "ray-3"
    listed = {model.name: model.aliases for model in ours.models()}
    assert "house-video" in listed["ray-3"]
    with pytest.raises(InvalidRequest, match="house-video"):
        ours.resolve("other")


def test_an_operators_alias_counts_more_than_a_built_in_one() -> None:
    ours = catalogue(aliases={"ray-v2": "ray-flash-2"})
    assert ours.resolve("ray-v2") == "ray-flash-2"
    assert ours.resolve("ray2") == "ray-2"


def test_the_default_may_be_an_alias() -> None:
    assert catalogue(aliases={"mine": "ray-3"}, default="mine").resolve(None) == "ray-3"


def test_a_key_for_some_models_has_the_aliases_of_these() -> None:
    left = catalogue(aliases={"mine": "ray-3", "yours": "ray-2"}).restricted_to(
        frozenset({"ray-3"})
    )
    assert left.resolve("mine") == "ray-3"
    with pytest.raises(InvalidRequest):
        left.resolve("yours")


@pytest.mark.parametrize(
    ("makes", "offered", "hidden"),
    [(Medium.VIDEO, VIDEO_MODELS, PICTURE_MODELS), (Medium.IMAGE, PICTURE_MODELS, VIDEO_MODELS)],
)
def test_a_refusal_offers_only_what_makes_what_is_wanted(
    makes: Medium, offered: tuple[str, ...], hidden: tuple[str, ...]
) -> None:
    with pytest.raises(InvalidRequest) as refused:
        catalogue().resolve("gone", makes=makes)
    names = str(refused.value).removeprefix("model must be one of ").split(", ")
    assert set(offered) <= set(names)
    assert not set(hidden) & set(names)


def test_a_model_of_the_wrong_kind_is_refused_with_models_that_are_here() -> None:
    left = catalogue().restricted_to(frozenset({"ray-3", "uni-1"}))
    requested = GenerationSpec(model="uni-1", prompt="a dune", resolution="720p")
    assert left.refusals(requested)[0] == (
        "model",
        "model uni-1 makes pictures; for a video ask for ray-3",
    )
