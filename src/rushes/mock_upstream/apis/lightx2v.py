"""Speak the task API of LightX2V's server."""

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
    """The API as of 2026, which needs no key. Source: ``lightx2v/server/api/tasks/common.py``."""

    needs_key = False

    def __init__(self, context: ApiContext) -> None:
        self._context = context
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
        missing = refused.code == "not_found"
        return {"detail": "Task not found" if missing else refused.message}

    def job_body(self, observed: ObservedJob) -> object:
        job = observed.job
        final = observed.phase not in {Phase.WAITING, Phase.WORKING}
        return {
            "task_id": job.id,
            "status": STATES[observed.phase],
            "start_time": moment(job.accepted_at),
            "end_time": moment(job.ends_at) if final else None,
            "error": observed.fault.message if observed.fault else None,
            "save_result_path": _saved(job),
        }

    def _create(self, request: MockRequest) -> MockReply:
        """Accept a task under the id that the client chose, if it chose one."""
        chosen = request.text("task_id") or None
        if chosen and self._context.jobs.get(chosen, request.credential) is not None:
            raise Refused(503, "task_exists", f"Task ID {chosen} already exists")
        job = self._context.accept(request, chosen_id=chosen)
        body: Json = {
            "task_id": job.id,
            "task_status": "pending",
            "save_result_path": _saved(job),
        }
        return MockReply(body)

    def _look(self, request: MockRequest) -> MockReply:
        return MockReply(self.job_body(self._context.observe(self._context.find(request))))

    def _list(self, request: MockRequest) -> MockReply:
        jobs = reversed(self._context.jobs.newest(request.credential))
        return MockReply({job.id: self.job_body(self._context.observe(job)) for job in jobs})

    def _result(self, request: MockRequest) -> MockReply:
        if self._context.observe(self._context.find(request)).phase is not Phase.COMPLETED:
            raise Refused(404, "not_ready", "Task not completed")
        return self._context.files.reply("video.mp4")

    def _stop(self, request: MockRequest) -> MockReply:
        job = self._context.jobs.get(request.values["id"], request.credential)
        if job is not None and self._context.jobs.cancel(job):
            return MockReply({"stop_status": "success", "reason": "Task stopped successfully."})
        why = "Task not found or already completed."
        return MockReply({"stop_status": "do_nothing", "reason": why})

    def _service(self, request: MockRequest) -> MockReply:
        queue = cast("Json", self._queue(request).body)
        is_busy = queue["is_processing"]
        return MockReply({"service_status": "busy" if is_busy else "idle", "queue_size": QUEUE})

    def _queue(self, request: MockRequest) -> MockReply:
        now = self._context.jobs.now()
        phases = [job.phase(now) for job in self._context.jobs.newest(request.credential)]
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
    """Return the path of a job's file: the client's choice, else the id."""
    return str(job.request_fields.get("save_result_path") or job.id)
