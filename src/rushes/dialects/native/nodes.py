"""Show, drain and resume nodes for operators: wire format, translation and routes."""

from datetime import datetime
from typing import Final

from starlette.responses import Response

from rushes.core.node import NodeRole, NodeState
from rushes.dialects.native.resource import NEEDS_OPERATOR, operator_operation, reply
from rushes.dialects.native.wire import View
from rushes.http.gateway import Call
from rushes.http.operation import Operation, Reply
from rushes.service.node_list import NodeList, NodeView

PATH: Final = "/api/v1/nodes"


class NodeReply(View):
    """A process that serves the API or runs generations, as of its last heartbeat."""

    name: str
    """Host, process id and random digits. A process that starts anew has a new name."""

    host: str
    version: str
    roles: list[NodeRole]
    """`serves` the API, `works` on generations, or both."""

    channels: list[str]
    """The channels that it works."""

    slots: int
    """How many generations it renders at the same time."""

    running: int
    """The number of generations that it renders, submits or follows at an upstream."""

    running_ids: list[str]
    """The ids of some of them."""

    started_at: datetime
    seen_at: datetime
    """The time of the last heartbeat."""

    state: NodeState
    """`draining` becomes `drained` when `running` is 0; `lost` has no heartbeat any more."""


class NodesReply(View):
    """Every node, the one that started first first."""

    nodes: list[NodeReply]


def node_operations(nodes: NodeList) -> tuple[Operation, ...]:
    """Return the routes of nodes."""

    async def list_nodes(call: Call) -> Response:
        return reply(NodesReply(nodes=[_shown(one) for one in await nodes.list()]))

    async def drain_node(call: Call) -> Response:
        return reply(_shown(await nodes.drain(call.parameter("name"))))

    async def resume_node(call: Call) -> Response:
        return reply(_shown(await nodes.resume(call.parameter("name"))))

    node = {200: Reply(about="The node.", shape=NodeReply)}
    return (
        operator_operation(
            path=PATH,
            handler=list_nodes,
            summary="List the processes that share the store",
            replies={200: Reply(about="All nodes.", shape=NodesReply)},
        ),
        operator_operation(
            path=f"{PATH}/{{name}}/drain",
            methods=("POST",),
            handler=drain_node,
            summary="Drain a node",
            about=f"{NEEDS_OPERATOR} Within a few seconds the node takes no new work. It finishes"
            " its renders, and gives its upstream jobs to other nodes.",
            replies=node,
        ),
        operator_operation(
            path=f"{PATH}/{{name}}/resume",
            methods=("POST",),
            handler=resume_node,
            summary="Resume a node",
            about=f"{NEEDS_OPERATOR} Within a few seconds the node takes work again.",
            replies=node,
        ),
    )


def _shown(view: NodeView) -> NodeReply:
    node = view.node
    return NodeReply(
        name=node.name,
        host=node.host,
        version=node.version,
        roles=sorted(node.roles),
        channels=list(node.channels),
        slots=node.slots,
        running=node.running,
        running_ids=list(node.running_ids),
        started_at=node.started_at,
        seen_at=node.seen_at,
        state=view.state,
    )
