"""A submit and a get cost the server no more instructions than they did."""

import json
import shutil
from pathlib import Path

import pytest
from bench.instructions import BASELINE, count

GROWTH = 0.10
"""How much more than the baseline is tolerated."""


@pytest.mark.slow
def test_a_request_costs_no_more_instructions_than_it_did(tmp_path: Path) -> None:
    if shutil.which("valgrind") is None:
        pytest.skip("valgrind is not installed (apt-get install valgrind)")
    baseline = json.loads(BASELINE.read_text())
    counted = count(tmp_path)
    grown = {what: now / baseline[what] - 1 for what, now in counted.items()}
    assert {what: f"{by:+.1%}" for what, by in grown.items() if by > GROWTH} == {}, (
        f"counted {counted}, baseline {baseline}; where the server does more on purpose, run"
        " python bench/instructions.py --renew and say why in the commit"
    )
