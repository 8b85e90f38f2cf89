"""What holds of any size and any number of frames."""

from hypothesis import given
from hypothesis import strategies as st

from rushes.core.geometry import FPS, frame_count, frame_size, size_problem
from rushes.core.spec import GenerationSpec
from rushes.dialects.openai_videos.parse import frames_s, sized
from rushes.engines.base import channels_of
from rushes.engines.scripted import ScriptedEngine
from rushes.service.catalogue import Catalogue

CAN = ScriptedEngine.capabilities
SIDES = st.integers(0, 3000)
CATALOGUE = Catalogue(channels_of({"ray-2": ScriptedEngine([])}))


@given(width=SIDES, height=SIDES)
def test_a_size_is_made_exactly_or_refused(width: int, height: int) -> None:
    spec = sized(GenerationSpec(prompt="a dune", model="ray-2"), (width, height), CAN)
    refused = {name for name, _ in CATALOGUE.refusals(spec)} & {"size", "resolution"}
    assert bool(refused) == (size_problem(width, height) is not None)
    if not refused:
        made = spec.size_px or frame_size(str(spec.aspect_ratio), spec.resolution)
        assert made == (width, height)


@given(count=st.integers(1, 1000))
def test_frames_mean_a_length_that_has_as_many(count: int) -> None:
    length_s = frames_s(count, CAN)
    if length_s is not None:
        assert count in {round(length_s * FPS), frame_count(length_s, loop=False)}
    else:
        assert all(abs(count - s * FPS) > 1 or count < s * FPS for s in CAN.durations_s)
