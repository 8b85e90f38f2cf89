"""
Rename fields in errors from the service's names to those of the API that the caller uses.

The service calls a field ``duration`` where an API may call it ``seconds``. An error has to name
the field that the caller sent.
"""

from collections.abc import Callable, Iterable

from rushes.core.errors import InvalidRequest

Problem = tuple[str, str]
"""The name of a field and a sentence about it."""


def rename_fields(
    error: InvalidRequest, name_of: Callable[[str], str], *, prefixes: bool = False
) -> InvalidRequest:
    """Return *error* with its problems renamed; see :func:`rename_problems`."""
    return InvalidRequest.of(rename_problems(error.problems, name_of, prefixes=prefixes))


def rename_problems(
    problems: Iterable[Problem], name_of: Callable[[str], str], *, prefixes: bool = False
) -> tuple[Problem, ...]:
    """
    Return *problems* with each field under the name that the caller knows.

    Args:
        name_of: Returns the API's name of a field, given the service's.

        prefixes: Whether to put the name before a sentence that does not begin with it, for APIs
            whose errors consist of the sentence alone.
    """
    return tuple(
        rename_problem(name, why, name_of(name), prefixes=prefixes) for name, why in problems
    )


def rename_problem(name: str, why: str, new_name: str, *, prefixes: bool = False) -> Problem:
    """Return one problem under its new name."""
    if why.startswith(name):
        return new_name, new_name + why.removeprefix(name)
    return new_name, f"{new_name}: {why}" if prefixes else why
