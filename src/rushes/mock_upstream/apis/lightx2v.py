"""The task API of LightX2V's server."""

from typing import Final, cast

from rushes.mock_upstream.apis.base import ApiContext, Json, ObservedJob, Route, moment
from rushes.mock_upstream.jobs import Job, Phase
from rushes.mock_upstream.messages import Act, MockReply, MockRequest, Refused

STATES: Final = {
    Phase.WAITING: "pending",
    Phase.WORKING: "processing",
    Phase.COMPLETED: "completed",
    Phase.FAILED: "failed",
    Phase.CANCELLED: "cancelled",
}
QUEUE: Final = 10


class LightX2V:
    """It as of 2026, which asks for no key. Source: ``lightx2v/server/api/tasks/common.py``."""

    needs_key = False

    def __init__(self, desk: ApiContext) -> None:
        self._desk = desk
        tasks, one = "/v1/tasks", "/v1/tasks/{id}"
        self.routes: tuple[Route, ...] = (
            Route(method="POST", path=tasks + "/video", act=Act.SUBMIT, answer=self._create),
            Route(method="POST", path=tasks + "/video/form", act=Act.SUBMIT, answer=self._create),
            Route(method="GET", path=tasks, act=Act.LIST, answer=self._list),
            Route(method="GET", path=tasks + "/queue/status", act=Act.TEST, answer=self._queue),
            Route(method="GET", path="/v1/service/status", act=Act.TEST, answer=self._service),
            Route(method="GET", path=one + "/status", act=Act.LOOK, answer=self._look),
            Route(method="GET", path=one + "/result", act=Act.FETCH, answer=self._result),
            Route(method="DELETE", path=one, act=Act.CANCEL, answer=self._stop),
        )

    def refusal(self, refused: Refused) -> object:
        told = "Task not found" if refused.code == "not_found" else refused.message
        return {"detail": told}

    def told(self, seen: ObservedJob) -> object:
        job = seen.job
        final = seen.phase not in {Phase.WAITING, Phase.WORKING}
        return {
            "task_id": job.id,
            "status": STATES[seen.phase],
            "start_time": moment(job.accepted_at),
            "end_time": moment(job.ends_at) if final else None,
            "error": seen.fault.message if seen.fault else None,
            "save_result_path": _saved(job),
        }

    def _create(self, asked: MockRequest) -> MockReply:
        """Take a task, under the id that the client wants if it wants one."""
        chosen = asked.text("task_id") or None
        if chosen and self._desk.jobs.get(chosen, asked.credential) is not None:
            raise Refused(503, "task_exists", f"Task ID {chosen} already exists")
        job = self._desk.accept(asked, chosen_id=chosen)
        told: Json = {
            "task_id": job.id,
            "task_status": "pending",
            "save_result_path": _saved(job),
        }
        return MockReply(told)

    def _look(self, asked: MockRequest) -> MockReply:
        return MockReply(self.told(self._desk.seen(self._desk.find(asked))))

    def _list(self, asked: MockRequest) -> MockReply:
        jobs = reversed(self._desk.jobs.newest(asked.credential))
        return MockReply({job.id: self.told(self._desk.seen(job)) for job in jobs})

    def _result(self, asked: MockRequest) -> MockReply:
        if self._desk.seen(self._desk.find(asked)).phase is not Phase.COMPLETED:
            raise Refused(404, "not_ready", "Task not completed")
        return self._desk.reel.reply("video.mp4")

    def _stop(self, asked: MockRequest) -> MockReply:
        job = self._desk.jobs.get(asked.values["id"], asked.credential)
        if job is not None and self._desk.jobs.cancel(job):
            return MockReply({"stop_status": "success", "reason": "Task stopped successfully."})
        why = "Task not found or already completed."
        return MockReply({"stop_status": "do_nothing", "reason": why})

    def _service(self, asked: MockRequest) -> MockReply:
        queue = cast("Json", self._queue(asked).body)
        is_busy = queue["is_processing"]
        return MockReply({"service_status": "busy" if is_busy else "idle", "queue_size": QUEUE})

    def _queue(self, asked: MockRequest) -> MockReply:
        now = self._desk.jobs.now()
        phases = [job.phase(now) for job in self._desk.jobs.newest(asked.credential)]
        active = sum(phase in {Phase.WAITING, Phase.WORKING} for phase in phases)
        return MockReply(
            {
                "is_processing": active > 0,
                "current_task": None,
                "pending_count": phases.count(Phase.WAITING),
                "active_count": active,
                "queue_size": QUEUE,
                "queue_available": max(0, QUEUE - active),
            }
        )


def _saved(job: Job) -> str:
    """Return where its file is kept: what was asked for, else its id."""
    return str(job.asked.get("save_result_path") or job.id)
