"""What is left of the catalogue for a key that may ask for some models only."""

import pytest

from rushes.core.errors import InvalidRequest
from rushes.core.spec import GenerationSpec, Medium
from rushes.engines.base import Engine, channels_of
from rushes.engines.scripted import ScriptedEngine
from rushes.service.catalogue import MODELS, Catalogue


@pytest.fixture
def catalogue() -> Catalogue:
    engines: dict[str, Engine] = {name: ScriptedEngine([]) for name in MODELS}
    return Catalogue(channels_of(engines))


def test_without_a_limit_it_is_the_whole(catalogue: Catalogue) -> None:
    assert catalogue.restricted_to(None) is catalogue


def test_a_model_that_is_not_allowed_is_refused_as_one_that_there_is_not(
    catalogue: Catalogue,
) -> None:
    left = catalogue.restricted_to(frozenset({"ray-flash-2"}))
    for name in ("ray-2", "no-such-model"):
        with pytest.raises(InvalidRequest) as refused:
            left.resolve(name)
        names = "luma-video-ray2-flash, ray-flash-2, ray-flash-v2"
        assert str(refused.value) == f"model must be one of {names}, not '{name}'"
    with pytest.raises(InvalidRequest):
        left.refusals(GenerationSpec(model="ray-2", prompt="a dune", resolution="720p"))


def test_its_other_names_are_allowed_with_it(catalogue: Catalogue) -> None:
    left = catalogue.restricted_to(catalogue.canonical(["ray-v2"]))
    assert left.resolve("ray2") == left.resolve("RAY-2") == "ray-2"
    assert [model.name for model in left.models()] == ["ray-2"]


def test_the_default_is_one_that_is_allowed(catalogue: Catalogue) -> None:
    assert catalogue.restricted_to(frozenset({"ray-2", "ray-3"})).resolve(None) == "ray-2"
    left = catalogue.restricted_to(frozenset({"ray-3", "uni-1"}))
    assert left.resolve(None) == "ray-3"
    assert left.resolve(None, makes=Medium.IMAGE) == "uni-1"


def test_where_none_is_left_that_is_said(catalogue: Catalogue) -> None:
    left = catalogue.restricted_to(frozenset({"gone"}))
    assert left.models() == ()
    with pytest.raises(InvalidRequest, match="may ask for no model"):
        left.resolve(None)


def test_only_a_model_that_there_is_can_be_allowed(catalogue: Catalogue) -> None:
    with pytest.raises(InvalidRequest, match="models must be one of"):
        catalogue.canonical(["ray-2", "ray-9"])
