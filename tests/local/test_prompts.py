"""A prompt is encoded once, if possible before its job begins."""

from collections.abc import Callable
from dataclasses import replace
from threading import Event
from typing import Any

import numpy as np
import pytest
import torch
from video_worker import prompts
from video_worker.loading import load
from video_worker.prompts import PromptMemory
from video_worker.requests import Clip, Model, Prompt

from conftest import FolderOf, Generate, ModelOf, Recorder

CPU = torch.device("cpu")


class Encoder:
    """Counts the prompts that it encodes into a few numbers."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def __call__(self, words: Prompt) -> dict[str, Any]:
        self.words.append(words.prompt)
        return {"prompt_embeds": torch.full((10,), len(self.words)), "negative": None}


def memory(encoder: Callable[[Prompt], Any], *, can_prepare: bool = True) -> PromptMemory:
    return PromptMemory(encoder, CPU, can_prepare=can_prepare)


def test_a_prompt_is_encoded_once_for_each_description_of_what_to_avoid() -> None:
    known = memory(encoder := Encoder())
    one = Prompt(prompt="one")
    first = known.get(one)
    assert known.get(one)["prompt_embeds"] is first["prompt_embeds"]
    known.get(Prompt(prompt="one", negative_prompt="blur", is_guided=True))
    known.get(Prompt(prompt="one", is_guided=True))
    known.get(one)
    assert encoder.words == ["one"] * 3


def test_the_prompts_that_were_used_longest_ago_are_forgotten_but_never_the_last_two(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(prompts, "MOST_BYTES", 3 * 80)
    known = memory(encoder := Encoder())
    for name in ("a", "b", "c", "a", "d", "a", "b"):
        known.get(Prompt(prompt=name))
    assert encoder.words == ["a", "b", "c", "d", "b"]
    monkeypatch.setattr(prompts, "MOST_BYTES", 1)
    for name in ("x", "y", "x", "y"):
        known.get(Prompt(prompt=name))
    assert encoder.words[5:] == ["x", "y"]


def test_a_prompt_is_prepared_beside_a_job_and_not_encoded_again() -> None:
    known = memory(encoder := Encoder())
    done = known.prepare(Prompt(prompt="next"))
    assert done is not None
    done.result(20)
    known.get(Prompt(prompt="next"))
    assert encoder.words == ["next"]


def test_a_job_waits_for_the_thread_that_is_encoding_its_prompt() -> None:
    is_begun, may_end = Event(), Event()
    encoder = Encoder()

    def slow(words: Prompt) -> dict[str, Any]:
        is_begun.set()
        assert may_end.wait(20)
        return encoder(words)

    known = memory(slow)
    known.prepare(Prompt(prompt="next"))
    assert is_begun.wait(20)
    may_end.set()
    known.get(Prompt(prompt="next"))
    known.close()
    assert encoder.words == ["next"]


def test_nothing_is_prepared_where_models_are_moved_in_turns() -> None:
    assert memory(Encoder(), can_prepare=False).prepare(Prompt(prompt="next")) is None


def test_only_a_model_that_stays_where_it_is_prepares_prompts(folder_of: FolderOf) -> None:
    model = Model(family="ltx", folder=folder_of("ltx"), dtype="float32", device="cpu")
    for profile, can_prepare in (("resident", True), ("group-offload", False)):
        loaded = load(replace(model, memory=profile))
        done = loaded.prompts.prepare(Prompt(prompt="next"))
        assert (done is not None) is can_prepare
        loaded.prompts.close()


def test_a_prompt_that_cannot_be_encoded_fails_when_its_job_comes(
    capfd: pytest.CaptureFixture[str],
) -> None:
    def fail(words: Prompt) -> dict[str, Any]:
        raise ValueError("no such letter")

    known = memory(fail)
    done = known.prepare(Prompt(prompt="next"))
    assert done is not None
    assert done.result(20) is None
    assert "no such letter" in capfd.readouterr().err
    with pytest.raises(ValueError, match="no such letter"):
        known.get(Prompt(prompt="next"))


@pytest.mark.parametrize("family", ["wan2.2-ti2v", "ltx2"])
def test_a_prompt_that_is_prepared_while_another_clip_is_generated_changes_neither(
    model_of: ModelOf,
    clip_of: Callable[..., Clip],
    frames_of: Generate,
    folder_of: FolderOf,
    family: str,
) -> None:
    one, other = (clip_of(family, prompt=words, steps=6) for words in ("one", "a second one"))
    expected = [frames_of(model_of(family), each) for each in (one, other)]
    model = load(Model(family=family, folder=folder_of(family), dtype="float32", device="cpu"))
    done: list[Any] = []

    def prepare(event: dict[str, Any]) -> bool:
        if event.get("phase") == "denoise" and event["step"] == 1:
            done.append(model.prompts.prepare(other.words))
        return False

    assert np.array_equal(frames_of(model, one, Recorder(prepare)), expected[0])
    done[0].result(20)
    encoded: list[str] = []
    model.pipe.text_encoder.register_forward_pre_hook(lambda *_: encoded.append("again"))
    assert np.array_equal(frames_of(model, other), expected[1])
    assert encoded == []
