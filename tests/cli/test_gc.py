"""What an operator removes by hand, and is told beforehand."""

from pathlib import Path

import pytest

from rushes.bootstrap.application import build
from rushes.core.generation import AccountId
from rushes.core.spec import GenerationSpec
from rushes.engines.scripted import ScriptedEngine
from rushes.service.accounts import Caller
from rushes.service.request_context import RequestContext
from rushes.settings import load


@pytest.fixture
async def made(tmp_path: Path) -> str:
    """Return the id of a generation that has ended, on the data folder ``d``."""
    engine = ScriptedEngine([b"the video" * 200])
    application = build(load(overrides={"data": tmp_path / "d"}), engines={"ray-2": engine})
    spec = GenerationSpec(model="ray-2", prompt="a quiet lake")
    ask = RequestContext(dialect="native", origin="http://rushes.test")
    caller = Caller(account_id=AccountId("me"))
    generation = await application.generations.submit(spec, caller=caller, context=ask)
    await application.worker.run_next()
    await application.close()
    return generation.id


def test_it_tells_what_would_go_and_then_lets_it_go(rushes, made: str, tmp_path: Path) -> None:
    assert "0 things, 0 bytes, would be deleted" in rushes("gc", "--dry-run", "--data", "d").out
    (tmp_path / "rushes.toml").write_text("[retention]\nartifacts_days = 0.0000001\n")
    would = rushes("gc", "--dry-run", "--data", "d", "--json").json
    assert would["dry_run"]
    assert [(one["sort"], one["name"], one["why"]) for one in would["things"]] == [
        ("artifacts", made, "finished more than 2.4e-06 hours ago")
    ]
    assert would["size_bytes"] > 1000
    done = rushes("gc", "--data", "d")
    assert made in done.out
    assert "1 things" in done.out
    assert "were deleted" in done.out
    assert not (tmp_path / "d" / "media" / made).exists()
    shown = rushes("generations", "show", made, "--data", "d", "--json").json
    assert shown["generation"]["state"] == "expired"
    assert rushes("gc", "--data", "d", "--json").json["things"] == []
