"""Handle requests about shot plans: plan a prompt, draw rough frames and subjects."""

from typing import Final

from starlette.responses import JSONResponse, Response

from rushes.core.errors import InvalidRequest
from rushes.core.geometry import DEFAULT_RATIO, RATIOS
from rushes.dialects.native.plans import wire
from rushes.dialects.native.plans.translate import from_plan, from_subjects, to_spec
from rushes.dialects.native.resource import reply
from rushes.http.gateway import Call
from rushes.http.json_bodies import parse
from rushes.kit.quoting import quoted_text
from rushes.service.shot_plans import ShotPlans

JPEG: Final = "image/jpeg"
WEBP: Final = "image/webp"
CAST_PLACES: Final = "Rushes-Cast-Places"


class Handlers:
    """One method per route; ``operations`` declares the routes."""

    def __init__(self, plans: ShotPlans) -> None:
        self._plans = plans

    async def plan(self, call: Call) -> Response:
        body = parse(wire.PlanBody, call.raw, unknown=call.unknown)
        unknown = [one for one in body.concepts if one not in self._plans.moves]
        if unknown:
            known = ", ".join(sorted(self._plans.moves))
            why = f"concepts must be of {known}, not {quoted_text(unknown[0])}"
            raise InvalidRequest(why, param="concepts")
        planned, prepared = await self._plans.understand(to_spec(body))
        seed = self._plans.seed_of(prepared.prompt) if body.seed is None else body.seed
        return reply(from_plan(planned, prepared, seed=seed))

    async def frame(self, call: Call) -> Response:
        body = parse(wire.FrameBody, call.raw, unknown=call.unknown)
        ratio = body.aspect_ratio or DEFAULT_RATIO
        if ratio not in RATIOS:
            why = f"aspect_ratio must be one of {', '.join(RATIOS)}, not {quoted_text(ratio)}"
            raise InvalidRequest(why, param="aspect_ratio")
        plan = self._plans.read(body.plan)
        frame = await self._plans.frames.draw(plan, ratio=ratio, seed=body.seed)
        headers = {"Cache-Control": "private, no-store", CAST_PLACES: frame.cast}
        return Response(frame.jpeg, media_type=JPEG, headers=headers)

    async def subjects(self, _call: Call) -> Response:
        return reply(from_subjects(self._plans.subjects))

    async def sheet(self, call: Call) -> Response:
        body = parse(wire.SheetBody, call.raw, unknown=call.unknown)
        sheet = await self._plans.sheet(body.subjects, param="subjects")
        return Response(sheet, media_type=WEBP)

    async def schema(self, _call: Call) -> Response:
        return JSONResponse(self._plans.schema())
