"""Show the queue to operators: wire format, translation and route."""

from datetime import datetime
from typing import Final

from starlette.responses import Response

from rushes.core.generation import Generation, State
from rushes.core.spec import Kind
from rushes.dialects.native.resource import NEEDS_OPERATOR, operator_operation, reply
from rushes.dialects.native.wire import View
from rushes.http.gateway import Call
from rushes.http.operation import Operation, Reply
from rushes.service.queue_view import MAX_SHOWN, QueueView

PATH: Final = "/api/v1/queue"


class QueueRow(View):
    """A queued or running generation of any account, without its prompt and files."""

    id: str
    account: str
    kind: Kind
    model: str
    state: State
    engine: str | None
    """The engine that renders it; null before its first attempt."""

    attempt: int
    progress: float
    created_at: datetime
    started_at: datetime | None


class QueueReply(View):
    """The queued and running generations."""

    counts: dict[State, int]
    """How many generations are in each state."""

    running: list[QueueRow]
    """The oldest request first."""

    waiting: list[QueueRow]
    workers: list[str]
    """The workers that have a generation, by host and process; idle workers are not known."""


def queue_operations(queue: QueueView) -> tuple[Operation, ...]:
    """Return the route of the queue."""

    async def show_queue(call: Call) -> Response:
        backlog = await queue.backlog()
        return reply(
            QueueReply(
                counts=dict(backlog.counts),
                running=[_row(generation) for generation in backlog.running],
                waiting=[_row(generation) for generation in backlog.waiting],
                workers=list(backlog.workers),
            )
        )

    return (
        operator_operation(
            path=PATH,
            handler=show_queue,
            operation_id="queue",
            summary="Show the queued and running generations of all accounts",
            about=f"{NEEDS_OPERATOR} Shows at most {MAX_SHOWN} of each.",
            replies={200: Reply(about="The queue.", shape=QueueReply)},
        ),
    )


def _row(generation: Generation) -> QueueRow:
    return QueueRow(
        id=generation.id,
        account=generation.account_id,
        kind=generation.spec.kind,
        model=generation.spec.model,
        state=generation.state,
        engine=generation.engine,
        attempt=generation.attempt,
        progress=generation.progress,
        created_at=generation.created_at,
        started_at=generation.started_at,
    )
