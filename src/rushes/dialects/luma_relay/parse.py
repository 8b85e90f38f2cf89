"""
Parse create bodies of the relays tolerantly, and collect every mistake.

Tolerance is for spelling: several names of one field, ``"true"`` for true, ``5`` for ``"5s"``.
A body that contradicts itself or makes no sense is refused.
"""

import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final, TypeVar, cast

from rushes.core.capability_check import format_seconds
from rushes.core.errors import InvalidRequest
from rushes.core.geometry import resolution_of
from rushes.dialects.luma_relay.wire import LONGEST_PROMPT, SPELLINGS
from rushes.http.field_names import Problem, rename_problem, rename_problems
from rushes.kit.inline_images import is_url
from rushes.kit.light_values import light_value
from rushes.kit.quoting import quoted, quoted_text
from rushes.service.catalogue import Catalogue

_PATHS: Final = {
    name: tuple((spelling, tuple(spelling.split("."))) for spelling in spellings)
    for name, spellings in SPELLINGS.items()
}
_FIELDS_AT: Final = {
    outermost: tuple(
        name for name, paths in _PATHS.items() if any(path[0] == outermost for _, path in paths)
    )
    for outermost in dict.fromkeys(path[0] for paths in _PATHS.values() for _, path in paths)
}
"""Our names of the fields that a field of the body may bring."""

_OUTER: Final = {path[0] for paths in _PATHS.values() for _, path in paths}
_INNER: Final = {path[1] for paths in _PATHS.values() for _, path in paths if path[0] == "metadata"}
_FRAMES: Final = ("frame0", "frame1")
_DURATION: Final = re.compile(
    r"([0-9]{1,6}(?:\.[0-9]{1,6})?) ?(?:s|secs?|seconds?)?", re.IGNORECASE | re.ASCII
)
_LONGEST_DURATION: Final = 25
"""Characters; a longer text is no duration, nor are its first characters if these are many."""

_SEED: Final = re.compile(r"-1|[0-9]{1,10}")
_FLAGS: Final[Mapping[object, bool]] = {
    "true": True,
    "1": True,
    "yes": True,
    "on": True,
    "false": False,
    "0": False,
    "no": False,
    "off": False,
    1: True,  # true itself equals it
    0: False,
}

Value = TypeVar("Value")


@light_value
class ParsedRequest:
    """A create request, as far as it makes sense."""

    prompt: str
    model: str | None
    first_image: str | None
    last_image: str | None
    extends: str | None
    """The id of the generation to extend."""

    aspect_ratio: str | None
    resolution: str | None
    duration_s: float | None
    loop: bool
    expand_prompt: bool
    seed: int | None
    hook: str | None
    spelled: Mapping[str, str]
    """The caller's names of the fields, by our names."""

    problems: tuple[Problem, ...]


def read(
    fields: dict[str, object], *, catalogue: Catalogue, extends: str | None = None
) -> ParsedRequest:
    """
    Return the request in *fields*.

    Args:
        catalogue: Knows the names of the models and the durations that they support.

        extends: The generation to extend that the path names.
    """
    reader = _Reader(fields)
    model = reader.pick("model", lambda value: catalogue.resolve(_text(value)))
    frame_id = reader.frames()
    resolution, shape = reader.pick("resolution", _resolution) or (None, None)
    parsers: dict[str, Callable[[object], Any]] = {
        **_PARSERS,
        "duration": lambda value: _duration_s(value, catalogue, model),
    }
    found = {name: reader.pick(name, parsers[name]) for name in parsers if name in reader.given}
    request = ParsedRequest(
        prompt=found.get("prompt") or "",
        model=model,
        first_image=found.get("first_image"),
        last_image=found.get("last_image"),
        extends=extends or frame_id,
        aspect_ratio=found.get("aspect_ratio") or shape,
        resolution=resolution,
        duration_s=found.get("duration"),
        loop=found.get("loop") or False,
        expand_prompt=found.get("expand_prompt") or False,
        seed=found.get("seed"),
        hook=found.get("hook"),
        spelled=reader.spelled,
        problems=(),
    )
    problems = (
        *reader.problems,
        *_contradictions(request, extends, frame_id),
        *_other_shape(request, shape),
    )
    return replace(request, problems=problems) if problems else request


def unread(fields: Mapping[str, object], *, known: Collection[str] = ()) -> list[str]:
    """
    Return the fields that have a value and that this API ignores, under the caller's names.

    Args:
        known: More fields that another module reads.
    """
    ignored = [
        name
        for name in fields
        if name not in _OUTER and name not in known and _is_given(fields[name])
    ]
    inner = fields.get("metadata")
    if isinstance(inner, dict):
        metadata = cast("dict[str, object]", inner)
        ignored += [
            f"metadata.{name}"
            for name in metadata
            if name not in _INNER and _is_given(metadata[name])
        ]
    return ignored


def with_callers_names(
    problems: tuple[Problem, ...], request: ParsedRequest
) -> tuple[Problem, ...]:
    """Return *problems* under the names that the caller used for the fields."""
    return rename_problems(
        problems, lambda name: request.spelled.get(name, _first_name(name)), prefixes=True
    )


def _first_name(name: str) -> str:
    return SPELLINGS[name][0] if name in SPELLINGS else name


def _contradictions(
    request: ParsedRequest, extends: str | None, frame_id: str | None
) -> Iterator[Problem]:
    if not request.prompt and "prompt" not in request.spelled:
        if extends:
            yield "user_prompt", "user_prompt is required: it says how the video goes on"
        elif not (request.first_image or request.last_image or frame_id):
            yield "user_prompt", "user_prompt is required, unless an image is given"
    if extends and frame_id and extends != frame_id:
        name = "keyframes.frame0.id"
        yield name, f"{name} is {quoted_text(frame_id)}, but the path says to extend {extends!r}"
    if request.extends and request.first_image:
        name = request.spelled["first_image"]
        why = "cannot be given with a video to extend, which begins where that one ends"
        yield name, f"{name} {why}; image_end_url says where it should arrive"


def _other_shape(request: ParsedRequest, shape: str | None) -> Iterator[Problem]:
    if shape and request.aspect_ratio != shape:
        name, ratio = request.spelled["resolution"], request.spelled["aspect_ratio"]
        why = f"is the size of a {shape} frame, but {ratio} is {quoted(request.aspect_ratio)}"
        yield name, f"{name} {why}; send one, or a resolution like 720p"


class _Reader:
    """Looks up each field under all of its names."""

    def __init__(self, fields: dict[str, object]) -> None:
        self._fields = fields
        self.given = {name for key in fields for name in _FIELDS_AT.get(key, ())}
        """Our names of the fields that may have a value; a request has a few of all."""

        self.problems: list[Problem] = []
        self.spelled: dict[str, str] = {}

    def pick(self, name: str, parse: Callable[[object], Value]) -> Value | None:
        """Return the value of a field; None if it is missing or makes no sense."""
        picked: Value | None = None
        if name not in self.given:
            return None
        for spelling, path in _PATHS[name]:
            if path[0] not in self._fields:
                continue
            value = self._at(path) if len(path) > 1 else self._fields[spelling]
            if not _is_given(value) or (value is False and name in _IMAGES):
                continue
            first = self.spelled.setdefault(name, spelling)
            try:
                parsed = parse(value)
            except InvalidRequest as error:
                self.problems.append(
                    rename_problem(error.param, str(error), spelling, prefixes=True)
                )
                continue
            except ValueError as error:
                self.problems.append((spelling, f"{spelling} {error}"))
                continue
            if picked is None:
                picked = parsed
            elif picked != parsed:
                why = f"{first} and {spelling} mean the same, but are {quoted(picked)} and"
                self.problems.append((spelling, f"{why} {quoted(parsed)}; send one"))
        return picked

    def frames(self) -> str | None:
        """Return the id of the generation in ``keyframes.frame0``, as in the official API."""
        frames = self._fields.get("keyframes")
        if not _is_given(frames):
            return None
        if not isinstance(frames, dict):
            self._misshaped("keyframes", frames)
            return None
        for frame in _FRAMES:
            value = cast("dict[str, object]", frames).get(frame)
            if _is_given(value) and not isinstance(value, dict):
                self._misshaped(f"keyframes.{frame}", value)
        if self._at(("keyframes", "frame1", "id")) is not None:
            name = "keyframes.frame1.id"
            self.problems.append((name, f"{name}: only an image can be the end of a video"))
        generation_id = self._at(("keyframes", "frame0", "id"))
        if generation_id is None:
            return None
        name = "keyframes.frame0.id"
        self.spelled["extend"] = name
        if isinstance(generation_id, str):
            return generation_id
        self.problems.append((name, f"{name} must be text, not {quoted(generation_id)}"))
        return None

    def _misshaped(self, name: str, value: object) -> None:
        example = '{"type": "image", "url": "https://..."}'
        example = f'{{"frame0": {example}}}' if name == "keyframes" else example
        self.problems.append(
            (name, f"{name} must be an object like {example}, not {quoted(value)}")
        )

    def _at(self, path: tuple[str, ...]) -> object:
        value: object = self._fields
        for part in path:
            value = _within(value, part)
        return value if _is_given(value) else None


def _within(value: object, part: str) -> object:
    return cast("dict[str, object]", value).get(part) if isinstance(value, dict) else None


def _is_given(value: object) -> bool:
    """Tell whether a field has a value; the relays' clients send empty text for fields not set."""
    return value is not None and not (isinstance(value, str) and not value.strip())


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"must be text, not {quoted(value)}")  # noqa: TRY004  # the caller's mistake, not ours
    return value.strip()


def _resolution(value: object) -> tuple[str, str | None]:
    """Return the resolution, and the aspect ratio if *value* is the size of a frame."""
    is_number = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1e6
    text = str(value) if is_number else _text(value)
    return resolution_of(text) or (text.lower(), None)


def _prompt(value: object) -> str:
    if not isinstance(value, str):
        return _text(value)  # it says what is wrong
    if len(value) > LONGEST_PROMPT:
        raise ValueError(f"must be at most {LONGEST_PROMPT} characters long, not {len(value)}")
    return value


def _image(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(  # noqa: TRY004  # the caller's mistake, not ours
            f"must be an http(s) URL, a data URI or base64 of an image, not {quoted(value)}"
        )
    return (
        value.strip() if is_url(value) else value
    )  # in base64 a blank at the end may have been a plus


def flag(value: object) -> bool:
    """Return whether *value* means true, in any of its spellings. Raises ValueError."""
    key = value.strip().lower() if isinstance(value, str) else value
    found = _FLAGS.get(key) if isinstance(key, str | int | float) else None
    if found is None:
        raise ValueError(f"must be true or false, not {quoted(value)}")
    return found


def _seed(value: object) -> int | None:
    """Return the seed; None for -1, which means any seed in many tools."""
    text = value.strip() if isinstance(value, str) else str(value)
    if isinstance(value, bool) or not _SEED.fullmatch(text) or int(text) >= 1 << 32:
        raise ValueError(f"must be a whole number from 0 to 4294967295, not {quoted(value)}")
    return None if text == "-1" else int(text)


_PARSERS: Final[Mapping[str, Callable[[object], Any]]] = {
    "prompt": _prompt,
    "first_image": _image,
    "last_image": _image,
    "aspect_ratio": _text,
    "duration": _text,  # read() replaces it: which durations there are depends on the model
    "loop": flag,
    "expand_prompt": flag,
    "seed": _seed,
    "hook": _text,
}
"""What parses a field, in the order in which problems are reported."""

_IMAGES: Final = frozenset({"first_image", "last_image"})
"""Fields that are absent if they are false."""


@lru_cache(maxsize=256)
def _seconds(text: str) -> float | None:
    """Return a duration as clients write it; None if it is none. Few durations are in use."""
    found = _DURATION.fullmatch(text)
    return float(found[1]) if found else None


def _duration_s(value: object, catalogue: Catalogue, model: str | None) -> float:
    length_s: float | None = None
    if isinstance(value, str):
        length_s = _seconds(value.strip()[:_LONGEST_DURATION])
    elif isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e6:
        length_s = float(value)
    if length_s is None or not math.isfinite(length_s):
        can = catalogue.capabilities(model or catalogue.resolve(None))
        offered = ", ".join(map(format_seconds, can.durations_s))
        raise ValueError(f"must be one of {offered}, not {quoted(value)}")
    return length_s
