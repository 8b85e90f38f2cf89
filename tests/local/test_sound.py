"""A video has the sound that its model makes, if the server asks for it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import av
import numpy as np
import pytest
from video_worker import generating
from video_worker.delivery import write_video
from video_worker.errors import BadModel
from video_worker.requests import Clip
from video_worker.sound import Sound

from conftest import Generate, ModelOf, Recorder

ClipOf = Callable[..., Clip]
RATE = 16000


def tone(seconds: float, channels: int = 2) -> Sound:
    """Return a sound that is silent but for its second half."""
    samples = 0.5 * np.sin(np.arange(round(seconds * RATE)) * 440 * 2 * np.pi / RATE)
    samples[: len(samples) // 2] = 0
    return Sound(samples=np.tile(samples, (channels, 1)).astype(np.float32), rate=RATE)


def frames(number: int) -> Iterator[np.ndarray]:
    for start in range(0, number, 4):
        yield np.zeros((min(4, number - start), 64, 96, 3), np.uint8)


def sound_in(clip: Clip) -> np.ndarray:
    with av.open(str(clip.output)) as container:
        (stream,) = container.streams.audio
        assert (stream.codec_context.name, stream.rate) == ("aac", RATE)
        pieces = [frame.to_ndarray() for frame in container.decode(stream)]
    return np.concatenate(pieces, axis=1)


@pytest.mark.parametrize("channels", [1, 2])
def test_the_file_has_the_sound_at_its_time(clip_of: ClipOf, channels: int) -> None:
    clip = replace(clip_of("ltx2"), fps=8.0)
    write_video(frames(16), clip, on_gpu=False, sound=tone(2.0, channels))
    samples = sound_in(clip)
    assert samples.shape[0] == channels
    assert abs(samples.shape[1] / RATE - 2.0) < 0.15
    loud = np.abs(samples[0, : 2 * RATE]).reshape(8, -1).max(axis=1) > 0.1
    assert loud.tolist() == [False] * 4 + [True] * 4


def test_sound_and_frames_lie_together_in_the_file(clip_of: ClipOf) -> None:
    clip = replace(clip_of("ltx2"), fps=8.0)
    write_video(frames(64), clip, on_gpu=False, sound=tone(8.0))
    with av.open(str(clip.output)) as container:
        kinds = [
            (packet.stream.type, float(packet.dts * packet.time_base))
            for packet in container.demux()
            if packet.dts is not None
        ]
    assert {kind for kind, _ in kinds} == {"audio", "video"}
    latest = {"audio": 0.0, "video": 0.0}
    for kind, time_s in kinds:
        latest[kind] = time_s
        assert abs(latest["audio"] - latest["video"]) < 1.5


def test_the_same_sound_gives_the_same_file(clip_of: ClipOf) -> None:
    clip, written = clip_of("ltx2"), set[bytes]()
    for _ in range(3):
        write_video(frames(17), clip, on_gpu=False, sound=tone(0.7))
        written.add(clip.output.read_bytes())
    assert len(written) == 1


def test_only_the_sound_of_the_frames_that_are_kept_is_written() -> None:
    kept = tone(2.0).between(0.75, 1.5)
    assert kept.samples.shape == (2, 0.75 * RATE)
    assert not kept.samples[:, : RATE // 4].any()
    assert kept.samples[:, RATE // 4 :].any()


def test_ltx_2_makes_sound_by_the_words_and_the_seed(
    model_of: ModelOf, clip_of: ClipOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Sound | None] = []

    def collect(slices: Any, clip: Clip, **more: Any) -> str:
        made.append(more["sound"])
        list(slices)
        return "none"

    monkeypatch.setattr(generating, "write_video", collect)
    recorder: Any = Recorder()
    for more in ({}, {}, {"seed": 2}, {"keep": (8, 17)}, {"sound": False}):
        clip = clip_of("ltx2", **{"sound": True} | more)
        generating.generate(model_of("ltx2"), clip, recorder, recorder.is_cancelled)
    first, again, other, kept, none = made
    assert none is None
    assert first is not None
    assert again is not None
    assert other is not None
    assert kept is not None
    assert (first.rate, first.samples.shape[0]) == (RATE, 2)
    assert np.array_equal(first.samples, again.samples)
    assert not np.array_equal(first.samples, other.samples)
    assert kept.samples.shape[1] <= 9 / 24 * RATE


def test_ltx_2_writes_its_sound_into_the_file(model_of: ModelOf, clip_of: ClipOf) -> None:
    clip, recorder = clip_of("ltx2", sound=True), Recorder()
    events: Any = recorder
    generating.generate(model_of("ltx2"), clip, events, events.is_cancelled)
    assert sound_in(clip).shape[0] == 2


def test_a_sound_that_is_no_numbers_is_no_result(
    model_of: ModelOf, clip_of: ClipOf, frames_of: Generate, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = model_of("ltx2")
    real = model.pipe.vocoder.forward
    monkeypatch.setattr(model.pipe.vocoder, "forward", lambda *a: real(*a) * float("nan"))
    with pytest.raises(BadModel, match="a sound that is no numbers"):
        frames_of(model, clip_of("ltx2", sound=True))
