"""The catalogue of local models: names, licences, memory."""

import re
from pathlib import Path

import pytest

import rushes
from rushes.core.errors import NotFound
from rushes.local_models.catalogue import (
    DRAWING_GIB,
    MODELS,
    WORKING_GIB,
    CatalogueModel,
    catalogue_model,
    is_wanted,
)
from rushes.local_models.formats import PICKLES

SOURCE = Path(rushes.__file__).parent


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_a_name_can_be_a_folder_and_a_word_of_a_command(model: CatalogueModel) -> None:
    assert re.fullmatch(r"[a-z0-9][a-z0-9.-]*", model.name)
    assert re.fullmatch(r"[\w.-]+/[\w.-]+", model.repository)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_less_of_a_model_on_the_gpu_needs_less_gpu_memory(model: CatalogueModel) -> None:
    needs = model.memory
    assert needs.resident_gb >= needs.model_offload_gb >= needs.group_offload_gb > 0


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_no_pickle_is_downloaded(model: CatalogueModel) -> None:
    for suffix in PICKLES:
        assert not is_wanted(model, f"unet/weights{suffix}")
        assert not is_wanted(model, f"weights{suffix}")


def test_the_weights_in_folders_are_downloaded_once() -> None:
    model = catalogue_model("flux.1-schnell")
    assert is_wanted(model, "transformer/diffusion_pytorch_model-00001-of-00003.safetensors")
    assert is_wanted(model, "tokenizer/spiece.model")
    assert is_wanted(model, "processor/chat_template.jinja")
    assert is_wanted(model, "LICENSE.md")
    assert not is_wanted(model, "flux1-schnell.safetensors")
    assert not is_wanted(model, "unet/diffusion_pytorch_model.fp16.safetensors")
    assert not is_wanted(model, "README.md")


@pytest.mark.parametrize(
    ("name", "room_gib"), [("WORKING_BYTES", WORKING_GIB), ("DRAWING_BYTES", DRAWING_GIB)]
)
def test_a_memory_profile_leaves_the_room_that_the_worker_leaves(name: str, room_gib: int) -> None:
    """The worker imports torch, so its module can only be read here."""
    module = (SOURCE / "engines/local/worker/video_worker/memory.py").read_text("utf-8")
    found = re.search(rf"^{name}: Final = (\d+) \* GIB$", module, re.MULTILINE)
    assert found is not None
    assert int(found[1]) == room_gib


def test_no_two_models_have_a_name_or_a_repository_in_common() -> None:
    assert len({model.name for model in MODELS}) == len(MODELS)
    assert len({model.repository for model in MODELS}) == len(MODELS)


def test_a_licence_other_than_a_free_one_must_be_accepted() -> None:
    free = {"Apache-2.0", "MIT"}
    assert all(model.licence.must_accept == (model.licence.name not in free) for model in MODELS)
    assert all(model.licence.note for model in MODELS if model.licence.must_accept)


def test_a_model_is_found_by_its_name_in_any_case() -> None:
    assert catalogue_model(" Wan2.2-TI2V-5B ").family == "wan2.2-ti2v"


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(NotFound, match=r"there is no local model 'sora'; there are wan2\.2"):
        catalogue_model("sora")
