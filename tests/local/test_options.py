"""Each option of a model does something, and one that a model cannot have is refused."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from diffusers import WanTransformer3DModel
from diffusers.models.attention_dispatch import AttentionBackendName, _AttentionBackendRegistry
from peft import LoraConfig, get_peft_model_state_dict
from video_worker.errors import BadModel
from video_worker.loading import FAMILIES, LoadedModel, load
from video_worker.options import denoisers
from video_worker.requests import Clip, Lora, Model

from conftest import FolderOf, Generate, ModelOf

ClipOf = Callable[..., Clip]
LoadWith = Callable[..., LoadedModel]


@pytest.fixture
def load_with(folder_of: FolderOf) -> LoadWith:
    """Return a loader of tiny models with options."""

    def run(family: str = "ltx", **options: Any) -> LoadedModel:
        fields = {"dtype": "float32", "device": "cpu"} | options
        return load(Model(family=family, folder=folder_of(family), **fields))

    return run


@pytest.fixture
def lora(model_of: ModelOf, load_with: LoadWith, tmp_path: Path) -> Path:
    """A LoRA for the tiny Wan models."""
    pipe = load_with("wan2.2-i2v").pipe
    torch.manual_seed(0)
    config = LoraConfig(
        r=2, lora_alpha=2, target_modules=["to_q", "to_k", "to_v"], init_lora_weights=False
    )
    pipe.transformer.add_adapter(config, adapter_name="made")
    layers = get_peft_model_state_dict(pipe.transformer, adapter_name="made")
    pipe.save_lora_weights(tmp_path, transformer_lora_layers=layers)
    return tmp_path / "pytorch_lora_weights.safetensors"


@pytest.mark.parametrize("quantisation", ["fp8", "int8"])
def test_quantised_weights_make_nearly_the_same_video(
    load_with: LoadWith, clip_of: ClipOf, frames_of: Generate, quantisation: str
) -> None:
    plain = frames_of(load_with(dtype="bfloat16"), clip_of("ltx"))
    quantised = load_with(dtype="bfloat16", quantisation=quantisation)
    weight = quantised.pipe.transformer.transformer_blocks[0].attn1.to_q.weight
    assert weight.dtype is torch.float8_e4m3fn or type(weight).__name__ == "Int8Tensor"
    difference = np.abs(frames_of(quantised, clip_of("ltx")) - plain)
    assert difference.max() > 0
    assert difference.mean() < 10


@pytest.mark.parametrize("family", FAMILIES)
def test_weights_that_are_moved_in_when_needed_make_the_same_video(
    load_with: LoadWith,
    model_of: ModelOf,
    clip_of: ClipOf,
    frames_of: Generate,
    picture: Callable[[int], Path],
    *,
    family: str,
) -> None:
    offloaded = load_with(family, memory="group-offload")
    assert offloaded.memory == "group-offload"
    clip = clip_of(family, first_image=picture(1))
    assert np.array_equal(frames_of(offloaded, clip), frames_of(model_of(family), clip))


def test_a_first_block_cache_changes_the_video_a_little_and_repeats_it(
    load_with: LoadWith, model_of: ModelOf, clip_of: ClipOf, frames_of: Generate
) -> None:
    clip = clip_of("ltx", steps=6)
    model = load_with(cache_threshold=0.9)
    first = frames_of(model, clip)
    assert not np.array_equal(first, frames_of(model_of("ltx"), clip))
    assert np.array_equal(frames_of(model, clip), first)


def test_a_lora_changes_the_video_by_its_strength(
    load_with: LoadWith,
    clip_of: ClipOf,
    frames_of: Generate,
    lora: Path,
    picture: Callable[[int], Path],
) -> None:
    clip = clip_of("wan2.2-i2v", first_image=picture(1))
    plain = frames_of(load_with("wan2.2-i2v"), clip)
    full = load_with("wan2.2-i2v", loras=(Lora(path=lora),))
    assert len(denoisers(full.pipe)) == 2
    assert not np.array_equal(frames_of(full, clip), plain)
    none = load_with("wan2.2-i2v", loras=(Lora(path=lora, strength=0.0),))
    assert np.array_equal(frames_of(none, clip), plain)


def test_a_lora_for_one_expert_goes_into_that_one(load_with: LoadWith, lora: Path) -> None:
    model = load_with("wan2.2-i2v", loras=(Lora(path=lora, expert="low-noise"),))
    first, second = denoisers(model.pipe)
    assert not hasattr(first, "peft_config")
    assert list(second.peft_config) == ["lora_0_1"]


@pytest.mark.parametrize(
    ("name", "adapters"),
    [
        ("high_noise_model", (["lora_0_0"], [])),
        ("wan-4-steps-low-noise", ([], ["lora_0_1"])),
        ("style", (["lora_0_0"], ["lora_0_1"])),
    ],
)
def test_the_name_of_a_lora_says_which_expert_it_is_for(
    load_with: LoadWith, lora: Path, name: str, adapters: tuple[list[str], list[str]]
) -> None:
    renamed = lora.rename(lora.with_stem(name))
    model = load_with("wan2.2-i2v", loras=(Lora(path=renamed),))
    found = [list(getattr(each, "peft_config", {})) for each in denoisers(model.pipe)]
    assert tuple(found) == adapters


def test_a_lora_must_be_a_complete_safetensors_file(load_with: LoadWith, lora: Path) -> None:
    cut = lora.with_name("cut.safetensors")
    cut.write_bytes(lora.read_bytes()[:-10])
    with pytest.raises(BadModel, match=r"cut\.safetensors"):
        load_with("wan2.2-i2v", loras=(Lora(path=cut),))
    pickled = lora.rename(lora.with_suffix(".pt"))
    with pytest.raises(BadModel, match="no safetensors file"):
        load_with("wan2.2-i2v", loras=(Lora(path=pickled),))


def test_a_lora_for_an_expert_that_a_model_has_not_is_refused(
    load_with: LoadWith, lora: Path
) -> None:
    with pytest.raises(BadModel, match="no 'high-noise' expert"):
        load_with("wan2.2-ti2v", loras=(Lora(path=lora, expert="high-noise"),))


def test_compilation_reaches_each_denoiser(
    load_with: LoadWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Machine code needs a compiler, and minutes."""
    compiled: list[Any] = []

    def record(self: Any, **options: Any) -> None:
        compiled.append((self, options))

    monkeypatch.setattr(WanTransformer3DModel, "compile_repeated_blocks", record)
    pipe = load_with("wan2.2-i2v", compile=True).pipe
    assert [each for each, _ in compiled] == denoisers(pipe)
    assert {options["fullgraph"] for _, options in compiled} == {True}
    compiled.clear()
    load_with("wan2.2-i2v", compile=True, cache_threshold=0.1)
    assert {options["fullgraph"] for _, options in compiled} == {False}


@pytest.mark.parametrize("family", ["wan2.2-ti2v", "ltx", "ltx2"])
def test_each_block_is_one_graph_which_makes_the_same_video(
    load_with: LoadWith,
    model_of: ModelOf,
    clip_of: ClipOf,
    frames_of: Generate,
    monkeypatch: pytest.MonkeyPatch,
    *,
    family: str,
) -> None:
    """With the compiler that only records the graph: what it cannot record is an error."""
    real = torch.nn.Module.compile
    monkeypatch.setattr(
        torch.nn.Module, "compile", lambda self, **options: real(self, **options, backend="eager")
    )
    torch.compiler.reset()
    counters = torch._dynamo.utils.counters["stats"]
    graphs = counters["unique_graphs"]
    compiled = load_with(family, compile=True)
    difference = frames_of(compiled, clip_of(family)) - frames_of(model_of(family), clip_of(family))
    assert np.abs(difference).max() <= 1
    assert counters["unique_graphs"] > graphs


@pytest.mark.parametrize(
    ("option", "reason"),
    [
        ({"attention": "no such backend"}, "attention 'no such backend'"),
        ({"quantisation": "int1"}, "no quantisation 'int1'"),
        ({"dtype": "float7"}, "no dtype 'float7'"),
        ({"device": "tpu"}, "no device 'tpu'"),
        ({"memory": "attic"}, "no memory profile 'attic'"),
    ],
)
def test_an_option_that_does_not_exist_is_refused(
    load_with: LoadWith, option: dict[str, Any], reason: str
) -> None:
    with pytest.raises(BadModel, match=reason):
        load_with(**option)


@pytest.mark.skipif("torch.cuda.is_available()")
@pytest.mark.parametrize("option", [{"device": "cuda"}, {"memory": "model-offload"}])
def test_what_needs_a_gpu_is_refused_without_one(
    load_with: LoadWith, option: dict[str, Any]
) -> None:
    with pytest.raises(BadModel, match="GPU"):
        load_with(**option)


def test_an_attention_backend_is_used_and_does_not_stay_for_the_next_model(
    load_with: LoadWith,
) -> None:
    load_with(attention="_native_math")
    active = _AttentionBackendRegistry.get_active_backend()[0]
    assert active is AttentionBackendName._NATIVE_MATH
    load_with()
    assert _AttentionBackendRegistry.get_active_backend()[0] is AttentionBackendName.NATIVE
