"""Read and write the list of nodes."""

from typing import Final

from rushes.core.errors import NotFound
from rushes.core.generation import GenerationId
from rushes.core.node import Node, NodeRole
from rushes.store.sql.connection import Connection, Row
from rushes.store.sql.rows import moment, when

_COLUMNS: Final = (
    "name, host, version, roles, channels, slots, running, running_ids, started_at, seen_at,"
    " draining"
)

NODES: Final = f"SELECT {_COLUMNS} FROM node ORDER BY started_at, name"  # noqa: S608  # constants, here and below

_HEARTBEAT: Final = f"""
    INSERT INTO node ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (name) DO UPDATE SET
        host = excluded.host, version = excluded.version, roles = excluded.roles,
        channels = excluded.channels, slots = excluded.slots, running = excluded.running,
        running_ids = excluded.running_ids, started_at = excluded.started_at,
        seen_at = excluded.seen_at
    RETURNING {_COLUMNS}
"""  # noqa: S608  # as above

_SET_DRAINING: Final = f"UPDATE node SET draining = ? WHERE name = ? RETURNING {_COLUMNS}"  # noqa: S608  # as above


def node_of(row: Row) -> Node:
    """Return the node of a row of :data:`NODES`."""
    name, host, version, roles, channels, slots, running, ids, started_at, seen_at, draining = row
    return Node(
        name=name,
        host=host,
        version=version,
        roles=frozenset(NodeRole(one) for one in roles.split()),
        channels=tuple(channels.splitlines()),
        slots=slots,
        running=running,
        running_ids=tuple(GenerationId(one) for one in ids.split()),
        started_at=when(started_at),
        seen_at=when(seen_at),
        is_draining=bool(draining),
    )


def heartbeat(db: Connection, node: Node) -> Node:
    """Write what a node reports, and return it as stored."""
    values = (
        *(node.name, node.host, node.version),
        *(" ".join(sorted(node.roles)), "\n".join(node.channels)),
        *(node.slots, node.running, " ".join(node.running_ids)),
        *(moment(node.started_at), moment(node.seen_at), int(node.is_draining)),
    )
    return node_of(db.execute(_HEARTBEAT, values).fetchone())


def set_draining(db: Connection, name: str, *, is_draining: bool) -> Node:
    """Record whether a node shall take no new work."""
    row = db.execute(_SET_DRAINING, (int(is_draining), name)).fetchone()
    if row is None:
        raise NotFound(f"there is no node {name!r}")
    return node_of(row)


def remove_node(db: Connection, name: str) -> None:
    """Remove a node, if there is one of this name."""
    db.execute("DELETE FROM node WHERE name = ?", (name,))
