"""The stand-in itself: an ASGI app that can be scripted and that counts."""

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
from rushes.mock_upstream.fault_effects import UNTOUCHED, length_sent, treated, untouched
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

CONTROL: Final = "/standin/"
_HANG_S: Final = 3600.0


class MockUpstream:
    """
    Stands in for one paid upstream.

    Args:
        part: Which, and how well it does.

        clock: What its jobs age by.

        video: What each job delivers; by default a clip that it makes.

        still: The same of a job that makes a picture.

        ledger: A file to which each submit that it accepts is written, each that it knows by its
            idempotency key, each cancellation, and each request for a file.

    Raises:
        ValueError: There is no such kind, or no such shape of it.
    """

    jobs: Jobs
    misdeeds: FaultPlan
    counts: Counts

    def __init__(
        self,
        part: Role,
        *,
        clock: Clock | None = None,
        video: bytes | None = None,
        still: bytes | None = None,
        ledger: Path | None = None,
    ) -> None:
        if part.kind not in KINDS:
            raise ValueError(f"the kind must be one of {', '.join(KINDS)}, not {part.kind!r}")
        if part.shape and part.shape not in KINDS[part.kind]:
            shapes = ", ".join(KINDS[part.kind]) or "left out"
            raise ValueError(f"the shape must be {shapes}, not {part.shape!r}")
        self.clock: Clock = clock or SystemClock()
        self.reel = result_files.ResultFiles.made(video, still)
        self._part = part
        self._ledger = Ledger(ledger)
        self._callbacks: Callbacks | None = None
        self.reset()

    @property
    def part(self) -> Role:
        return self.jobs.part

    # for whoever scripts it

    def reset(self) -> None:
        """Forget everything: jobs, scripts and counts."""
        if self._callbacks is not None:
            self._callbacks.stop()
        self.jobs = Jobs(clock=self.clock, part=self._part)
        self.misdeeds = FaultPlan(self._part.seed)
        self.counts = Counts()
        self._desk = ApiContext(self.jobs, self.reel)
        self._api = APIS[self._part.kind](self._desk)
        self._routes = (*self._api.routes, self._files())
        self._callbacks = Callbacks(
            now=self.jobs.now, word=self._news, misdeeds=self.misdeeds, counts=self.counts
        )

    def then(self, act: Act | str, *deeds: str) -> None:
        """Treat the next requests of this sort so: ``then("submit", "cut", "busy:2")``."""
        self.misdeeds.then(Act(act), deeds)

    def always(self, act: Act | str, deed: str | None) -> None:
        """Treat every request of this sort so, those in line before it; None: no longer."""
        self.misdeeds.always(Act(act), deed)

    def by_chance(self, act: Act | str, chances: Mapping[str, float]) -> None:
        """Treat so many requests of this sort so, drawn with the seed: ``{"missing": 0.1}``."""
        self.misdeeds.by_chance(Act(act), chances)

    def next_jobs(self, *fates: Fate) -> None:
        """Let the next jobs have these fates."""
        self.jobs.then(fates)

    def follow(self, script: Mapping[str, object]) -> None:
        """
        Do as a script says that came as JSON; see ``docs/stand-in.md``.

        Raises:
            ValueError: Something in it is not understood; what stands before it was done.
        """
        for name, value in script.items():
            if name == "jobs":
                told = cast("list[Mapping[str, object]]", value)
                self.next_jobs(*(Fate.of(one) for one in told))
            elif name in {"next", "always", "chances"}:
                self._misbehave(name, cast("Mapping[str, object]", value))
            else:
                self._play(name, value)

    def advance(self, *, seconds: float) -> None:
        """Let time pass, for one whose clock stands still."""
        if not isinstance(self.clock, FrozenClock):
            raise TypeError("only a FrozenClock can be advanced")
        self.clock.advance(seconds=seconds)
        if self._callbacks is not None:
            self._callbacks.nudge()

    def close(self) -> None:
        if self._callbacks is not None:
            self._callbacks.stop()
        self._ledger.close()

    def _misbehave(self, how: str, told: Mapping[str, object]) -> None:
        for act, deeds in told.items():
            if how == "next":
                self.then(act, *cast("list[str]", deeds))
            elif how == "always":
                self.always(act, cast("str | None", deeds))
            else:
                self.by_chance(act, cast("Mapping[str, float]", deeds))

    def _play(self, name: str, value: object) -> None:
        match name:
            case "takes":
                self.jobs.part = replace(self.jobs.part, takes=Durations.of(str(value)))
            case "fails":
                self.jobs.part = replace(self.jobs.part, fails=float(str(value)))
            case "honours_keys":
                self.jobs.part = replace(self.jobs.part, honours_keys=bool(value))
            case _:
                known = "next, always, chances, jobs, takes, fails, honours_keys"
                raise ValueError(f"a script has {known}, not {name!r}")

    def _news(self, job: Job, phase: Phase) -> object:
        return self._api.told(self._desk.seen(job, phase))

    def _files(self) -> Route:
        def answer(asked: MockRequest) -> MockReply:
            return result_files.linked(self.reel, asked, self.jobs.now())

        path = result_files.PATH + "{id}/{name}"
        return Route(method="GET", path=path, act=Act.FETCH, answer=answer, is_open=True)

    # for whoever talks to it

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
        method, path = scope["method"], scope["path"]
        if path.startswith(CONTROL) and not path.startswith(result_files.PATH):
            await exchange.answer(self._control(method, path, await exchange.read()))
            return
        for route in self._routes:
            found = route.pattern.fullmatch(path) if route.method == method else None
            if found is not None:
                self.counts.request(route.act, route.label)
                await self._treat(scope, exchange, route, found.groupdict())
                return
        self.counts.paths["unknown"] += 1
        refused = Refused(404, "unknown_path", f"there is no {method} {path} here")
        await self._answer(exchange, self._refusal(refused), GOOD)

    async def _treat(
        self, scope: Scope, exchange: Exchange, route: Route, values: Mapping[str, str]
    ) -> None:
        misdeed = self.misdeeds.draw(route.act)
        if misdeed.deed is not FaultKind.NOTHING:
            self.counts.deeds[misdeed.deed] += 1
        if misdeed.deed is FaultKind.CUT_UNREAD:
            await exchange.cut()
            return
        body = await exchange.read()
        if misdeed.deed in {FaultKind.CUT, FaultKind.HANG}:
            if misdeed.deed is FaultKind.HANG:
                await exchange.wait(misdeed.number(_HANG_S))
            await exchange.cut()
            return
        reply = await self._reply(scope, route, values, body, misdeed)
        if misdeed.deed is FaultKind.CUT_AFTER:
            await exchange.cut()
            return
        if misdeed.deed is FaultKind.DELAY:
            await exchange.wait(misdeed.number(1.0))
        await self._answer(exchange, reply, misdeed)

    async def _answer(self, exchange: Exchange, reply: MockReply, misdeed: InjectedFault) -> None:
        self.counts.statuses[reply.status] += 1
        await exchange.answer(
            reply,
            only_bytes=length_sent(misdeed, reply),
            tells_length=misdeed.deed is not FaultKind.CHUNKED,
        )

    async def _reply(
        self,
        scope: Scope,
        route: Route,
        values: Mapping[str, str],
        body: bytes,
        misdeed: InjectedFault,
    ) -> MockReply:
        """Act on a request, or not, and return the answer as the misdeed wants it."""
        if misdeed.deed is FaultKind.FORGET:
            self.jobs.forget()
        try:
            reply = await self._honest(scope, route, values, body, misdeed)
            return treated(misdeed, reply)
        except Refused as refused:
            seconds = misdeed.argument or "1" if misdeed.deed is FaultKind.BUSY else None
            return self._refusal(refused, retry_after=seconds)

    async def _honest(
        self,
        scope: Scope,
        route: Route,
        values: Mapping[str, str],
        body: bytes,
        misdeed: InjectedFault,
    ) -> MockReply:
        """Return the answer as it should be, unless nothing is done at all."""
        if misdeed.deed in UNTOUCHED:
            if route.act is Act.FETCH:
                self._note_fetch(await self._asked(scope, values, b""))
            return untouched(misdeed)
        try:
            asked = await self._asked(scope, values, body)
            if route.act is Act.FETCH:
                self._note_fetch(asked)
            self._check_key(asked, route)
            return await self._acted(asked, route, misdeed)
        except Refused as refused:
            return self._refusal(refused)

    def _refusal(self, refused: Refused, *, retry_after: str | None = None) -> MockReply:
        headers = {"retry-after": retry_after} if retry_after else {}
        return MockReply(self._api.refusal(refused), status=refused.status, headers=headers)

    async def _asked(self, scope: Scope, values: Mapping[str, str], body: bytes) -> MockRequest:
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

    def _check_key(self, asked: MockRequest, route: Route) -> None:
        if route.is_open or not self._api.needs_key or not self._part.keys:
            return
        if asked.credential not in {digest(key) for key in self._part.keys}:
            raise Refused(401, "invalid_api_key", "Invalid API key is provided")

    async def _acted(self, asked: MockRequest, route: Route, misdeed: InjectedFault) -> MockReply:
        before, repeated = len(self.jobs.accepted), self.jobs.repeated
        reply = route.answer(asked)
        if self.jobs.repeated > repeated:
            self._ledger.write("repeated", key=asked.key, at=self.jobs.now())
        for job in self.jobs.accepted[before:]:
            self._ledger.write("accepted", **job_as_json(job, self.jobs.now()))
            if self._callbacks is not None:
                await self._callbacks.accepted(job)
        if route.act is Act.CANCEL:
            self._ledger.write("cancelled", id=asked.values["id"], at=self.jobs.now())
        if route.act is not Act.FETCH or reply.status != 200:
            return reply
        if misdeed.deed is FaultKind.CHANGED:
            reply = result_files.other(reply)
        return (
            reply if misdeed.deed is FaultKind.NO_RANGE else result_files.part(reply, asked.headers)
        )

    def _note_fetch(self, asked: MockRequest) -> None:
        self._ledger.write("fetched", path=asked.path, at=self.jobs.now())
        self.counts.fetched.append(
            Fetch(
                path=asked.path,
                host=asked.headers.get("host", ""),
                range=asked.headers.get("range"),
                credential=asked.credential,
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
