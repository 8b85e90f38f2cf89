"""Turn errors of object stores into media errors, without what their replies may reveal."""

import re
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from obstore.exceptions import (
    BaseError,
    PermissionDeniedError,
    PreconditionError,
    UnauthenticatedError,
)

from rushes.core.errors import MediaChanged, MediaError, MediaUnavailable

_STATUS: Final = re.compile(r"status code: (\d{3})")
_CODE: Final = re.compile(r"<Code>(\w{1,64})</Code>")
_NO_BUCKET: Final = frozenset({"NoSuchBucket", "ContainerNotFound"})
_BUSY: Final = frozenset({"429", "408"})
_UNREACHED: Final = ("HTTP error", "error sending request", "error decoding response", "timed out")

_CAUSES: Final[dict[type[Exception], str]] = {
    PreconditionError: "it was replaced meanwhile",
    PermissionDeniedError: "the object store refused; check the keys and the bucket's policy",
    UnauthenticatedError: "the object store refused; check the keys and the bucket's policy",
    FileNotFoundError: "there is no such object",
}


@contextmanager
def translate_errors(what: str) -> Generator[None]:
    """
    Raise MediaError in the place of an object store's error.

    The message has the status and the code of a reply, and nothing else of it: replies to wrong
    signatures repeat the key's id and what was signed.

    Raises:
        MediaUnavailable: The object store could not be reached or is overloaded.

        MediaError: It refused the request, or a local file could not be read or written.
    """
    try:
        yield
    except (BaseError, OSError, ValueError) as error:
        raise _translated(what, error) from None


def _translated(what: str, error: Exception) -> MediaError:
    text = str(error)
    status, code = _STATUS.search(text), _CODE.search(text)
    if status is not None and not isinstance(error, PreconditionError):
        reply = f"the object store replied {status[1]}{f' {code[1]}' if code else ''}"
        is_busy = status[1] >= "500" or status[1] in _BUSY
        return (MediaUnavailable if is_busy else MediaError)(
            f"{what}: {reply}{_advice(error, code[1] if code else '')}"
        )
    if any(sign in text for sign in _UNREACHED):
        return MediaUnavailable(f"{what}: the object store could not be reached")
    kind = MediaChanged if isinstance(error, PreconditionError) else MediaError
    return kind(f"{what}: {_cause(error)}")


def is_bucket_missing(error: Exception) -> bool:
    """Tell whether a "not found" is about the bucket itself, and not about an object in it."""
    code = _CODE.search(str(error))
    return code is not None and code[1] in _NO_BUCKET


def _cause(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno is not None:
        return error.strerror or type(error).__name__
    for kind, cause in _CAUSES.items():
        if isinstance(error, kind):
            return cause
    return str(error).partition("\n")[0][:200]


def _advice(error: Exception, code: str) -> str:
    if code in _NO_BUCKET:
        return "; the bucket of media.url does not exist"
    is_refused = isinstance(error, (PermissionDeniedError, UnauthenticatedError))
    return "; check the keys and the bucket's policy" if is_refused else ""
