"""The nodes of a server, from the command line."""

import time
from pathlib import Path


def wait_for(rushes, state: str) -> dict[str, object]:
    """Return the only node when it has a state; a node hears of a drain within seconds."""
    begun_s = time.monotonic()
    while time.monotonic() < begun_s + 60:
        (node,) = rushes("nodes", "list", "--data", "d", "--json").json
        if node["state"] == state:
            return node
    raise AssertionError(f"the node is {node['state']}, not {state}")


def test_a_node_is_listed_drained_and_resumed_and_gone_when_it_ends(
    rushes, serve, tmp_path: Path
) -> None:
    with serve(tmp_path / "d", "--no-auth") as up:
        node = wait_for(rushes, "active")
        assert node["roles"] == ["serves", "works"]
        assert "animatic" in node["channels"]
        name = node["name"]
        assert name in rushes("nodes", "list", "--data", "d").out
        drained = rushes("nodes", "drain", name, "--data", "d")
        assert drained.out == f"{name} is drained\n"
        resumed = rushes("nodes", "resume", name, "--data", "d", "--json").json
        assert resumed["state"] == "active"
        waited = rushes("nodes", "drain", "--here", "--wait", "60", "--data", "d", "--json")
        assert (waited.status, [one["state"] for one in waited.json]) == (0, ["drained"])
        neither = rushes("nodes", "drain", "--data", "d")
        assert (neither.status, "name a node, or give --here" in neither.err) == (2, True)
        unknown = rushes("nodes", "drain", "nobody", "--data", "d")
        assert "there is no node 'nobody'" in unknown.err
        up.stop()
    assert rushes("nodes", "list", "--data", "d", "--json").json == []
