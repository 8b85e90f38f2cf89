"""List models with their capabilities: wire format, translation and route."""

from collections.abc import Iterable

from starlette.responses import Response

from rushes.core.capabilities import Capabilities
from rushes.core.spec import Kind, Medium, Role
from rushes.dialects.base import DialectContext
from rushes.dialects.native.resource import reply
from rushes.dialects.native.wire import View
from rushes.http.gateway import Call
from rushes.http.operation import Operation, Reply


class CapabilitiesView(View):
    """What a request may ask of a model on this server."""

    kinds: list[Kind]
    resolutions: list[str]
    durations_s: list[float]
    aspect_ratios: list[str]
    loop: bool
    seed: bool
    negative_prompt: bool
    first_image: bool
    last_image: bool
    extend: bool
    extend_backwards: bool
    interpolate: bool
    shot_plans: bool
    """Whether requests can have a `plan`."""

    still_aspect_ratios: list[str]
    still_formats: list[str]
    references: list[Role]
    concepts: list[str]
    """Camera moves that a request can name."""

    upscales: list[str]
    reframes: list[Medium]
    modes: list[str]


class ModelView(View):
    """A model that this key may use."""

    name: str
    aliases: list[str]
    """Other names of the model."""

    is_default: bool
    engine: str
    capabilities: CapabilitiesView


class Models(View):
    """Every model that this key may use."""

    models: list[ModelView]


def from_capabilities(capabilities: Capabilities, *, kinds: Iterable[Kind]) -> CapabilitiesView:
    """Return the view of a model's capabilities; *kinds* are the kinds of work that it does."""
    return CapabilitiesView(
        kinds=list(kinds),
        resolutions=list(capabilities.resolutions),
        durations_s=list(capabilities.durations_s),
        aspect_ratios=list(capabilities.ratios),
        loop=capabilities.loop,
        seed=capabilities.seed,
        negative_prompt=capabilities.negative_prompt,
        first_image=capabilities.first_image,
        last_image=capabilities.last_image,
        extend=capabilities.extend,
        extend_backwards=capabilities.extend_backwards,
        interpolate=capabilities.interpolate,
        shot_plans=capabilities.shot_plans,
        still_aspect_ratios=list(capabilities.still_ratios),
        still_formats=list(capabilities.still_formats),
        references=list(capabilities.references),
        concepts=list(capabilities.concepts),
        upscales=list(capabilities.upscales),
        reframes=list(capabilities.reframes),
        modes=list(capabilities.modes),
    )


def model_operations(context: DialectContext) -> tuple[Operation, ...]:
    """Return the route that lists models."""

    async def list_models(call: Call) -> Response:
        catalogue = context.catalogue_for(call)
        models = catalogue.models()
        default = catalogue.resolve(None) if models else None
        return reply(
            Models(
                models=[
                    ModelView(
                        name=model.name,
                        aliases=list(model.aliases),
                        is_default=model.name == default,
                        engine=model.engine,
                        capabilities=from_capabilities(model.capabilities, kinds=model.kinds),
                    )
                    for model in models
                ]
            )
        )

    return (
        Operation(
            path="/api/v1/models",
            handler=list_models,
            operation_id="models",
            summary="List the models and their capabilities",
            replies={200: Reply(about="All models.", shape=Models)},
        ),
    )
