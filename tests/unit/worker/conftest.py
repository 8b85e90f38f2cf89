"""A worker's context with everything in memory."""

from pathlib import Path

import pytest

from rushes.kit.clock import FrozenClock
from rushes.kit.safe_http.client import SafeHttpClient
from rushes.kit.temporary_folders import TemporaryFolders
from rushes.media.files import FileMediaStore
from rushes.prompts.expansion import PromptPreparation
from rushes.store.memory import MemoryStore
from rushes.worker.context import AttemptLimits, WorkerContext
from rushes.worker.inputs import Inputs


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def context(tmp_path: Path, clock: FrozenClock, store: MemoryStore) -> WorkerContext:
    (tmp_path / "scratch").mkdir()
    return WorkerContext(
        store=store,
        media=FileMediaStore(tmp_path / "media"),
        inputs=Inputs(http=SafeHttpClient()),
        prompts=PromptPreparation(),
        clock=clock,
        limits=AttemptLimits(lease_s=15.0, max_attempts=3, progress_every_s=0.0),
        worker="w1",
        scratch=TemporaryFolders(tmp_path / "scratch"),
    )
