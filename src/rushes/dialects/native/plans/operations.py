"""Declare the routes of shot plans."""

from typing import Any, Final

from rushes.dialects.native.plans import wire
from rushes.dialects.native.plans.handlers import CAST_PLACES, JPEG, WEBP, Handlers
from rushes.dialects.native.plans.translate import SCHEMA
from rushes.http.operation import JSON, Body, Operation, Reply
from rushes.service.shot_plans import ShotPlans

PATH: Final = "/api/v1/plans"
SUBJECTS: Final = f"{PATH}/subjects"


def plan_operations(plans: ShotPlans) -> tuple[Operation, ...]:
    """Return the routes of shot plans."""
    handlers = Handlers(plans)
    return (
        Operation(
            path=PATH,
            methods=("POST",),
            handler=handlers.plan,
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
                    media_type=JPEG,
                    headers={
                        CAST_PLACES: "Where each member of the cast is, as JSON: a list of `[x, y,"
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
            replies={200: Reply(about="The sheet.", media_type=WEBP)},
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
