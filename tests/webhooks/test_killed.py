"""Kill -9 between any two steps loses no delivery."""

import asyncio
import json
import random
import sys
from collections import defaultdict
from pathlib import Path

import pytest
from tests.webhooks.conftest import MakeReceiver

CHILD = Path(__file__).with_name("killed.py")
SEED = 7
ALL_STEPS = 80
"""So many there are at least."""

END = 10_000


@pytest.mark.slow
async def test_whenever_its_process_is_killed_everything_is_told_in_order(
    receiver_of: MakeReceiver, tmp_path: Path
) -> None:
    receiver = await receiver_of()
    steps = [*sorted(random.Random(SEED).sample(range(ALL_STEPS), 14)), END]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(CHILD), str(tmp_path), receiver.url("")),
        *(",".join(map(str, steps)), str(SEED)),
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    runs = [json.loads(line) for line in out.splitlines()]

    received = defaultdict(list)
    for reported in receiver.reported:
        number, where = reported.path.strip("/").split("/")
        body = json.loads(reported.body)
        received[int(number)].append(
            (reported.headers["webhook-id"], where, body["id"], body["state"])
        )
    assert [run["step"] for run in runs] == steps
    assert [run["was_killed"] for run in runs] == [True] * 14 + [False]
    assert len(runs[-1]["owed"]) == 8, "two generations, two events, two addresses"
    for run in runs:
        assert {state for _, state in run["owed"]} <= {"delivered"}
        assert {id_ for id_, _ in run["owed"]} == {id_ for id_, *_ in received[run["step"]]}
        firsts = defaultdict(list)
        for _, where, name, state in received[run["step"]]:
            if state not in firsts[where, name]:
                firsts[where, name].append(state)
        assert all(states in (["running"], ["running", "completed"]) for states in firsts.values())
    twice = sum(
        len(reported) - len({id_ for id_, *_ in reported}) for reported in received.values()
    )
    assert 0 < twice <= len(runs) * 4, "what was under way is told again, and nothing else is"
