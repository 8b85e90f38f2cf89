"""Tell apart a request that does not fit, a model that does not work, and memory that ran out."""

from typing import ClassVar, Final

import torch

_NO_MEMORY: Final = (
    "out of memory",
    "CUBLAS_STATUS_ALLOC_FAILED",
    "can't allocate memory",
    "not enough memory",
)
"""Parts of the messages of errors that torch raises as plain ``RuntimeError``."""


class WorkerError(Exception):
    """A failure that the server can explain to its caller."""

    kind: ClassVar[str] = "internal"


class BadInput(WorkerError):
    """The request does not fit the loaded model, or one of its files cannot be used."""

    kind = "input"


class BadModel(WorkerError):
    """The model cannot be loaded with these options, or gives unusable values."""

    kind = "model"


class Cancelled(Exception):
    """The server wants no result any more."""


def kind_of(error: BaseException) -> str:
    """Return the kind of a failure as the protocol names it."""
    if isinstance(error, WorkerError):
        return error.kind
    return "out of memory" if is_out_of_memory(error) else "internal"


def is_out_of_memory(error: BaseException) -> bool:
    """Tell whether the GPU or this machine had too little memory."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    return isinstance(error, RuntimeError) and any(part in str(error) for part in _NO_MEMORY)
