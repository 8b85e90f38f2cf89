"""The queue in our own API: what an operator is told of it."""

from datetime import datetime
from typing import Final

from starlette.responses import Response

from rushes.core.generation import Generation, State
from rushes.core.keys import Scope
from rushes.core.spec import Kind
from rushes.dialects.native.generations.wire import Told
from rushes.dialects.native.replies import reply
from rushes.http.gateway import Call
from rushes.http.operation import Operation, Reply
from rushes.service.queue_view import MAX_SHOWN, QueueView

PATH: Final = "/api/v1/queue"


class QueueRow(Told):
    """A generation that waits or runs, whosever it is; what it shows is not told."""

    id: str
    account: str
    kind: Kind
    model: str
    state: State
    engine: str | None
    """What makes it; null before its first attempt."""

    attempt: int
    progress: float
    created_at: datetime
    started_at: datetime | None


class QueueTold(Told):
    """How much there is to do."""

    counts: dict[State, int]
    """How many generations are in each state."""

    running: list[QueueRow]
    """Those asked for first come first, as far as they are shown."""

    waiting: list[QueueRow]
    workers: list[str]
    """Those that have one in hand, by host and process; an idle one is not known of."""


def queue_operations(queue: QueueView) -> tuple[Operation, ...]:
    """Return what an operator can ask for."""

    async def look(call: Call) -> Response:
        backlog = await queue.look()
        told = QueueTold(
            counts=dict(backlog.counts),
            running=[_row(one) for one in backlog.running],
            waiting=[_row(one) for one in backlog.waiting],
            workers=list(backlog.workers),
        )
        return reply(told)

    return (
        Operation(
            path=PATH,
            handler=look,
            operation_id="queue",
            summary="See what waits and what runs, for whomever",
            about=f"It takes an operator's key. At most {MAX_SHOWN} of each are told.",
            replies={200: Reply(about="The queue.", shape=QueueTold)},
            scope=Scope.OPERATE,
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
