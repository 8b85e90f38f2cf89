"""Databases forget failures after which nothing failed for days."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.contract.stores import MAKERS

from rushes.core import lifecycle
from rushes.core.generation import Generation
from rushes.kit.failure_counts import FORGET_AFTER
from rushes.store.base import IdempotencyClaim

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("name", sorted(MAKERS.keys() - {"memory"}))
async def test_a_failure_is_forgotten_after_days_without_another(
    name: str,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    make_generation: Callable[..., Generation],
) -> None:
    store = MAKERS[name](request, tmp_path)
    await store.add_failure("old", threshold=9, now=NOW - FORGET_AFTER - timedelta(seconds=1))
    await store.add_failure("recent", threshold=9, now=NOW - FORGET_AFTER + timedelta(seconds=1))
    once = IdempotencyClaim(key="k", fingerprint="f", until=NOW + timedelta(days=1))
    made = replace(make_generation(), created_at=NOW, updated_at=NOW)
    await store.write(lifecycle.submit(made), once=once)

    assert set(await store.failure_counts(["old", "recent"])) == {"recent"}
    await store.close()
