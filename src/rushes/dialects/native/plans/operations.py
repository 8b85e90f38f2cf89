"""Serve shot plans: plan a prompt without rendering it, and draw a rough frame of a plan."""

from typing import Any, Final

from starlette.responses import JSONResponse, Response

from rushes.core.errors import InvalidRequest
from rushes.core.geometry import DEFAULT_RATIO, RATIOS
from rushes.core.shot_plan_json import plain
from rushes.core.spec import GenerationSpec
from rushes.dialects.native.plans import wire
from rushes.dialects.native.resource import reply
from rushes.http.gateway import Call
from rushes.http.json_bodies import parse
from rushes.http.operation import JSON, Body, Operation, Reply
from rushes.kit.quoting import quoted_text
from rushes.service.shot_plans import ShotPlans

PATH: Final = "/api/v1/plans"
SCHEMA: Final = f"{PATH}/schema"
SUBJECTS: Final = f"{PATH}/subjects"
_JPEG: Final = "image/jpeg"
_WEBP: Final = "image/webp"
_PLACES: Final = "Rushes-Cast-Places"


class _Handlers:
    def __init__(self, plans: ShotPlans) -> None:
        self._plans = plans

    async def understand(self, call: Call) -> Response:
        body = parse(wire.PlanBody, call.raw, unknown=call.unknown)
        unknown = [one for one in body.concepts if one not in self._plans.moves]
        if unknown:
            known = ", ".join(sorted(self._plans.moves))
            why = f"concepts must be of {known}, not {quoted_text(unknown[0])}"
            raise InvalidRequest(why, param="concepts")
        spec = GenerationSpec(
            prompt=body.prompt,
            negative_prompt=body.negative_prompt,
            concepts=tuple(body.concepts),
            expand_prompt=body.expand_prompt,
            seed=body.seed,
        )
        planned, prepared = await self._plans.understand(spec)
        notes = [note for note in (prepared.note, planned.note) if note]
        return reply(
            wire.PlanReply(
                plan=plain(planned.plan),
                prompt_used=prepared.prompt_used,
                note=" ".join(notes) or None,
                seed=self._plans.seed_of(prepared.prompt) if body.seed is None else body.seed,
                schema_url=SCHEMA,
            )
        )

    async def frame(self, call: Call) -> Response:
        body = parse(wire.FrameBody, call.raw, unknown=call.unknown)
        ratio = body.aspect_ratio or DEFAULT_RATIO
        if ratio not in RATIOS:
            why = f"aspect_ratio must be one of {', '.join(RATIOS)}, not {quoted_text(ratio)}"
            raise InvalidRequest(why, param="aspect_ratio")
        plan = self._plans.read(body.plan)
        frame = await self._plans.frames.draw(plan, ratio=ratio, seed=body.seed)
        headers = {"Cache-Control": "private, no-store", _PLACES: frame.cast}
        return Response(frame.jpeg, media_type=_JPEG, headers=headers)

    async def subjects(self, _call: Call) -> Response:
        found = [
            wire.SubjectView(
                name=one.name,
                kind=one.kind,
                height_m=one.height_m,
                plane=one.plane,
                action=one.action,
            )
            for one in self._plans.subjects
        ]
        return reply(wire.Subjects(subjects=found))

    async def sheet(self, call: Call) -> Response:
        body = parse(wire.SheetBody, call.raw, unknown=call.unknown)
        sheet = await self._plans.sheet(body.subjects, param="subjects")
        return Response(sheet, media_type=_WEBP)

    async def schema(self, _call: Call) -> Response:
        return JSONResponse(self._plans.schema())


def plan_operations(plans: ShotPlans) -> tuple[Operation, ...]:
    """Return the routes of shot plans."""
    handlers = _Handlers(plans)
    return (
        Operation(
            path=PATH,
            methods=("POST",),
            handler=handlers.understand,
            operation_id="understand",
            summary="Understand a prompt, and render nothing",
            about="It costs nothing and keeps nothing. Without `expand_prompt`, and where the"
            " server plans by rules, it takes a few milliseconds.",
            body=Body(contents={JSON: wire.PlanBody}),
            replies={200: Reply(about="What is understood.", shape=wire.PlanReply)},
        ),
        Operation(
            path=f"{PATH}/frame",
            methods=("POST",),
            handler=handlers.frame,
            operation_id="rough_frame",
            summary="Draw one rough frame of a plan",
            about="A JPEG of at most 40 kB. It costs nothing and keeps nothing. The first frame"
            " after a pause takes some seconds, as the process that draws has to start.",
            body=Body(contents={JSON: wire.FrameBody}),
            replies={
                200: Reply(
                    about="The frame.",
                    media_type=_JPEG,
                    headers={
                        _PLACES: "Where each member of the cast is, as JSON: a list of `[x, y,"
                        " left, top, right, bottom]` in shares of the frame, in the plan's order."
                        " `x` and `y` are what the engine chose where the plan leaves them open."
                    },
                )
            },
            problems=(409,),
        ),
        Operation(
            path=SUBJECTS,
            handler=handlers.subjects,
            operation_id="plan_subjects",
            summary="List every subject that can be drawn",
            replies={200: Reply(about="The subjects, by name.", shape=wire.Subjects)},
        ),
        Operation(
            path=f"{SUBJECTS}/sheet",
            methods=("POST",),
            handler=handlers.sheet,
            operation_id="subject_sheet",
            summary="Draw subjects by themselves, side by side",
            about="A WebP with a clear background, of cells that are 96 pixels wide and high, eight"
            " in a row, in the order of the request.",
            body=Body(contents={JSON: wire.SheetBody}),
            replies={200: Reply(about="The sheet.", media_type=_WEBP)},
            problems=(409,),
        ),
        Operation(
            path=SCHEMA,
            handler=handlers.schema,
            operation_id="plan_schema",
            summary="Get the JSON Schema of a plan",
            about="It lists every subject, camera move and palette that can be drawn.",
            replies={200: Reply(about="The schema.", shape=dict[str, Any])},
        ),
    )
