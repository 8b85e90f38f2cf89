"""Serve a mock upstream: an ASGI app that follows a script and counts requests."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final, cast

from starlette.datastructures import Headers, QueryParams
from starlette.types import Receive, Scope, Send

from rushes.kit.clock import Clock, FrozenClock, SystemClock
from rushes.mock_upstream import result_files
from rushes.mock_upstream.apis.all_apis import APIS, KINDS
from rushes.mock_upstream.apis.base import ApiContext, Route
from rushes.mock_upstream.callbacks import Callbacks
from rushes.mock_upstream.counts import Counts, Fetch, Ledger, job_as_json
from rushes.mock_upstream.exchange import Exchange
from rushes.mock_upstream.fault_effects import (
    WITHOUT_EFFECT,
    answer_without_effect,
    apply_fault,
    length_sent,
)
from rushes.mock_upstream.faults import GOOD, FaultKind, FaultPlan, InjectedFault
from rushes.mock_upstream.jobs import Fate, Job, Jobs, Phase
from rushes.mock_upstream.messages import (
    Act,
    Fields,
    MockReply,
    MockRequest,
    Refused,
    digest,
    fields,
    secret,
)
from rushes.mock_upstream.role import Durations, Role

CONTROL: Final = "/mock-upstream/"
_FORMER_CONTROL: Final = "/standin/"
"""The prefix in the last release; it works in this one, too."""

_HANG_S: Final = 3600.0


class MockUpstream:
    """
    A scripted server in the place of one paid upstream.

    Args:
        role: The API, and the durations and failures of its jobs.

        clock: The time by which its jobs progress.

        video: The file that each video job delivers; by default a generated clip.

        still: The file that each image job delivers; by default a frame of the clip.

        ledger: A file to which it writes each accepted submit, each submit that repeats an
            idempotency key, each cancellation, and each request for a file.

    Raises:
        ValueError: The kind, or the shape of this kind, is unknown.
    """

    jobs: Jobs
    fault_plan: FaultPlan
    counts: Counts

    def __init__(
        self,
        role: Role,
        *,
        clock: Clock | None = None,
        video: bytes | None = None,
        still: bytes | None = None,
        ledger: Path | None = None,
    ) -> None:
        if role.kind not in KINDS:
            raise ValueError(f"the kind must be one of {', '.join(KINDS)}, not {role.kind!r}")
        if role.shape and role.shape not in KINDS[role.kind]:
            shapes = ", ".join(KINDS[role.kind]) or "left out"
            raise ValueError(f"the shape must be {shapes}, not {role.shape!r}")
        self.clock: Clock = clock or SystemClock()
        self.files = result_files.ResultFiles.made(video, still)
        self._role = role
        self._ledger = Ledger(ledger)
        self._callbacks: Callbacks | None = None
        self.reset()

    @property
    def role(self) -> Role:
        return self.jobs.role

    # The interface for tests.

    def reset(self) -> None:
        """Forget everything: jobs, scripts and counts."""
        if self._callbacks is not None:
            self._callbacks.stop()
        self.jobs = Jobs(clock=self.clock, role=self._role)
        self.fault_plan = FaultPlan(self._role.seed)
        self.counts = Counts()
        self._context = ApiContext(self.jobs, self.files)
        self._api = APIS[self._role.kind](self._context)
        self._routes = (*self._api.routes, self._files())
        self._callbacks = Callbacks(
            now=self.jobs.now,
            word=self._callback_body,
            fault_plan=self.fault_plan,
            counts=self.counts,
        )

    def then(self, act: Act | str, *faults: str) -> None:
        """Inject faults into the next requests of a kind: ``then("submit", "cut", "busy:2")``."""
        self.fault_plan.then(Act(act), faults)

    def always(self, act: Act | str, fault: str | None) -> None:
        """Inject a fault into every request of a kind, until None; :meth:`then` comes first."""
        self.fault_plan.always(Act(act), fault)

    def by_chance(self, act: Act | str, chances: Mapping[str, float]) -> None:
        """Inject faults with these probabilities, drawn with the seed: ``{"missing": 0.1}``."""
        self.fault_plan.by_chance(Act(act), chances)

    def next_jobs(self, *fates: Fate) -> None:
        """Set the outcomes of the next jobs."""
        self.jobs.then(fates)

    def follow(self, script: Mapping[str, object]) -> None:
        """
        Apply a script that came as JSON; see ``docs/mock-upstream.md``.

        Raises:
            ValueError: An entry is invalid; the entries before it were applied.
        """
        for name, value in script.items():
            if name == "jobs":
                fates = cast("list[Mapping[str, object]]", value)
                self.next_jobs(*(Fate.of(one) for one in fates))
            elif name in {"next", "always", "chances"}:
                self._script_faults(name, cast("Mapping[str, object]", value))
            else:
                self._change_role(name, value)

    def advance(self, *, seconds: float) -> None:
        """Move a :class:`FrozenClock` forward."""
        if not isinstance(self.clock, FrozenClock):
            raise TypeError("only a FrozenClock can be advanced")
        self.clock.advance(seconds=seconds)
        if self._callbacks is not None:
            self._callbacks.nudge()

    def close(self) -> None:
        if self._callbacks is not None:
            self._callbacks.stop()
        self._ledger.close()

    def _script_faults(self, how: str, script: Mapping[str, object]) -> None:
        for act, faults in script.items():
            if how == "next":
                self.then(act, *cast("list[str]", faults))
            elif how == "always":
                self.always(act, cast("str | None", faults))
            else:
                self.by_chance(act, cast("Mapping[str, float]", faults))

    def _change_role(self, name: str, value: object) -> None:
        match name:
            case "takes":
                self.jobs.role = replace(self.jobs.role, takes=Durations.of(str(value)))
            case "fails":
                self.jobs.role = replace(self.jobs.role, fails=float(str(value)))
            case "honours_keys":
                self.jobs.role = replace(self.jobs.role, honours_keys=bool(value))
            case _:
                known = "next, always, chances, jobs, takes, fails, honours_keys"
                raise ValueError(f"a script has {known}, not {name!r}")

    def _callback_body(self, job: Job, phase: Phase) -> object:
        return self._api.job_body(self._context.observe(job, phase))

    def _files(self) -> Route:
        def answer(request: MockRequest) -> MockReply:
            return result_files.linked(self.files, request, self.jobs.now())

        path = result_files.PATH + "{id}/{name}"
        return Route(method="GET", path=path, act=Act.FETCH, answer=answer, is_open=True)

    # The interface for clients.

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            exchange = Exchange(scope, receive, send)
            with suppress(ConnectionResetError):
                await self._serve(scope, exchange)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _serve(self, scope: Scope, exchange: Exchange) -> None:
        method, path = scope["method"], _current_path(scope["path"])
        if path.startswith(CONTROL) and not path.startswith(result_files.PATH):
            await exchange.answer(self._control(method, path, await exchange.read()))
            return
        for route in self._routes:
            found = route.pattern.fullmatch(path) if route.method == method else None
            if found is not None:
                self.counts.request(route.act, route.label)
                await self._inject(scope, exchange, route, found.groupdict())
                return
        self.counts.paths["unknown"] += 1
        refused = Refused(404, "unknown_path", f"there is no {method} {path} here")
        await self._answer(exchange, self._refusal(refused), GOOD)

    async def _inject(
        self, scope: Scope, exchange: Exchange, route: Route, values: Mapping[str, str]
    ) -> None:
        injected = self.fault_plan.draw(route.act)
        if injected.kind is not FaultKind.NOTHING:
            self.counts.faults[injected.kind] += 1
        if injected.kind is FaultKind.CUT_UNREAD:
            await exchange.cut()
            return
        body = await exchange.read()
        if injected.kind in {FaultKind.CUT, FaultKind.HANG}:
            if injected.kind is FaultKind.HANG:
                await exchange.wait(injected.number(_HANG_S))
            await exchange.cut()
            return
        reply = await self._reply(scope, route, values, body, injected)
        if injected.kind is FaultKind.CUT_AFTER:
            await exchange.cut()
            return
        if injected.kind is FaultKind.DELAY:
            await exchange.wait(injected.number(1.0))
        await self._answer(exchange, reply, injected)

    async def _answer(self, exchange: Exchange, reply: MockReply, injected: InjectedFault) -> None:
        self.counts.statuses[reply.status] += 1
        await exchange.answer(
            reply,
            only_bytes=length_sent(injected, reply),
            send_length=injected.kind is not FaultKind.CHUNKED,
        )

    async def _reply(
        self,
        scope: Scope,
        route: Route,
        values: Mapping[str, str],
        body: bytes,
        injected: InjectedFault,
    ) -> MockReply:
        """Handle a request, and apply the injected fault to the reply."""
        if injected.kind is FaultKind.FORGET:
            self.jobs.forget()
        try:
            reply = await self._answer_correctly(scope, route, values, body, injected)
            return apply_fault(injected, reply)
        except Refused as refused:
            seconds = injected.argument or "1" if injected.kind is FaultKind.BUSY else None
            return self._refusal(refused, retry_after=seconds)

    async def _answer_correctly(
        self,
        scope: Scope,
        route: Route,
        values: Mapping[str, str],
        body: bytes,
        injected: InjectedFault,
    ) -> MockReply:
        """Return the correct reply, unless the fault prevents any effect."""
        if injected.kind in WITHOUT_EFFECT:
            if route.act is Act.FETCH:
                self._note_fetch(await self._read_request(scope, values, b""))
            return answer_without_effect(injected)
        try:
            request = await self._read_request(scope, values, body)
            if route.act is Act.FETCH:
                self._note_fetch(request)
            self._check_key(request, route)
            return await self._act(request, route, injected)
        except Refused as refused:
            return self._refusal(refused)

    def _refusal(self, refused: Refused, *, retry_after: str | None = None) -> MockReply:
        headers = {"retry-after": retry_after} if retry_after else {}
        return MockReply(self._api.refusal(refused), status=refused.status, headers=headers)

    async def _read_request(
        self, scope: Scope, values: Mapping[str, str], body: bytes
    ) -> MockRequest:
        headers = Headers(scope=scope)
        read, is_form = await fields(body, headers)
        return MockRequest(
            method=scope["method"],
            path=scope["path"],
            values=values,
            query=QueryParams(scope["query_string"]),
            headers=headers,
            fields=read,
            is_form=is_form,
            origin=f"{scope['scheme']}://{headers.get('host', 'localhost')}",
            credential=digest(secret(headers)),
        )

    def _check_key(self, request: MockRequest, route: Route) -> None:
        if route.is_open or not self._api.needs_key or not self._role.keys:
            return
        if request.credential not in {digest(key) for key in self._role.keys}:
            raise Refused(401, "invalid_api_key", "Invalid API key is provided")

    async def _act(self, request: MockRequest, route: Route, injected: InjectedFault) -> MockReply:
        before, repeated = len(self.jobs.accepted), self.jobs.repeated
        reply = route.answer(request)
        if self.jobs.repeated > repeated:
            self._ledger.write("repeated", key=request.key, at=self.jobs.now())
        for job in self.jobs.accepted[before:]:
            self._ledger.write("accepted", **job_as_json(job, self.jobs.now()))
            if self._callbacks is not None:
                await self._callbacks.schedule(job)
        if route.act is Act.CANCEL:
            self._ledger.write("cancelled", id=request.values["id"], at=self.jobs.now())
        if route.act is not Act.FETCH or reply.status != 200:
            return reply
        if injected.kind is FaultKind.CHANGED:
            reply = result_files.other(reply)
        return (
            reply
            if injected.kind is FaultKind.NO_RANGE
            else result_files.requested_part(reply, request.headers)
        )

    def _note_fetch(self, request: MockRequest) -> None:
        self._ledger.write("fetched", path=request.path, at=self.jobs.now())
        self.counts.fetched.append(
            Fetch(
                path=request.path,
                host=request.headers.get("host", ""),
                range=request.headers.get("range"),
                credential=request.credential,
            )
        )

    def _control(self, method: str, path: str, body: bytes) -> MockReply:
        match method, path.removeprefix(CONTROL):
            case "GET", "jobs":
                now = self.jobs.now()
                return MockReply({"jobs": [job_as_json(job, now) for job in self.jobs.accepted]})
            case "GET", "counts":
                jobs = {"accepted": len(self.jobs.accepted), "repeated": self.jobs.repeated}
                return MockReply({**jobs, **self.counts.as_json()})
            case "POST", "reset":
                self.reset()
                return MockReply({})
            case "POST", "script":
                return self._scripted(body)
            case _:
                return MockReply({"error": f"there is no {method} {path}"}, status=404)

    def _scripted(self, body: bytes) -> MockReply:
        try:
            self.follow(cast("Fields", json.loads(body)))
        except (ValueError, TypeError, AttributeError) as error:
            return MockReply({"error": str(error)}, status=422)
        return MockReply({})


def _current_path(path: str) -> str:
    if path.startswith(_FORMER_CONTROL):
        return CONTROL + path.removeprefix(_FORMER_CONTROL)
    return path
