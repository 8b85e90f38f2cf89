"""Declare the routes of local models, all for operators."""

from typing import Final

from rushes.dialects.native.local_models.handlers import Handlers
from rushes.dialects.native.local_models.wire import LocalModelReply, LocalModelsReply, PullBody
from rushes.dialects.native.resource import NEEDS_OPERATOR, operator_operation
from rushes.http.operation import JSON, Body, Operation, Reply
from rushes.service.local_models import LocalModels

PATH: Final = "/api/v1/local-models"
_MODEL: Final = PATH + "/{name}"


def local_model_operations(models: LocalModels) -> tuple[Operation, ...]:
    """Return the routes of local models."""
    handlers = Handlers(models)
    model = Reply(about="The model.", shape=LocalModelReply)
    return (
        operator_operation(
            path=PATH,
            handler=handlers.local_models,
            summary="List the local models, and whether this machine can run them",
            replies={200: Reply(about="All local models.", shape=LocalModelsReply)},
        ),
        operator_operation(
            path=_MODEL,
            handler=handlers.local_model,
            summary="Get a local model",
            replies={200: model},
        ),
        operator_operation(
            path=f"{_MODEL}/pull",
            methods=("POST",),
            handler=handlers.pull_local_model,
            summary="Start to download a local model",
            about=f"{NEEDS_OPERATOR} The download goes on after the reply; `pull` of the model"
            " shows its progress, and its error if it fails. Repeat it to go on with a download"
            " that was cut off.",
            body=Body(contents={JSON: PullBody}, required=False),
            replies={202: model},
            problems=(409,),
        ),
        operator_operation(
            path=f"{_MODEL}/cancel",
            methods=("POST",),
            handler=handlers.cancel_pull,
            summary="Stop the download of a local model",
            about=f"{NEEDS_OPERATOR} It stops within a second. What has arrived stays for the"
            " next pull.",
            replies={200: model},
            problems=(409,),
        ),
        operator_operation(
            path=_MODEL,
            methods=("DELETE",),
            handler=handlers.remove_local_model,
            summary="Delete a local model from the server's disk",
            about=f"{NEEDS_OPERATOR} It also deletes what an unfinished download left.",
            replies={204: Reply(about="The model is deleted.")},
            problems=(409,),
        ),
    )
