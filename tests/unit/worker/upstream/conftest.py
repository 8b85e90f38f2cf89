"""A scripted upstream and a channel to it."""

from pathlib import Path

import av
import numpy as np
import pytest
from tests.durability.scripted_upstream import ScriptedUpstream, channel

from rushes.engines.upstream.base import UpstreamChannel
from rushes.kit.clock import FrozenClock
from rushes.store.memory import MemoryStore
from rushes.worker.upstream.channel_health import ChannelHealth


@pytest.fixture(scope="session")
def clip(tmp_path_factory) -> Path:
    """A real video of half a second, 128x128."""
    file = tmp_path_factory.mktemp("clip") / "clip.mp4"
    with av.open(str(file), "w") as container:
        stream = container.add_stream("libx264", rate=24)
        stream.width = stream.height = 128
        stream.pix_fmt = "yuv420p"
        for shade in range(12):
            picture = np.full((128, 128, 3), 20 * shade, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return file


@pytest.fixture
def upstream() -> ScriptedUpstream:
    return ScriptedUpstream()


@pytest.fixture
def up(upstream) -> UpstreamChannel:
    return channel(upstream)


@pytest.fixture
def health(store: MemoryStore, up, clock: FrozenClock) -> ChannelHealth:
    return ChannelHealth(store, [up], clock)
