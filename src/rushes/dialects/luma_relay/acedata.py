"""
AceDataCloud's shape of the same API: one request that waits for its video, and its batch calls.

Source: AceDataCloud/MCPLuma, which is a client of it: what it sends, and what it reads.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

from rushes.core.errors import InvalidRequest
from rushes.core.generation import ArtifactKind, Generation, State
from rushes.dialects.luma_relay.parse import ParsedRequest, Problem, flag
from rushes.dialects.luma_relay.parse import read as read_task
from rushes.dialects.luma_relay.translate import Url, failure_reason, ratio, state_word
from rushes.dialects.luma_relay.wire import (
    LONGEST_TIMEOUT_S,
    USUAL_TIMEOUT_S,
    AceRequest,
    AceResult,
    AceTask,
)
from rushes.http.form_bodies import Fields
from rushes.kit.quoting import quoted
from rushes.service.catalogue import Catalogue

ACTIONS: Final = ("generate", "extend")

FIELDS: Final = ("action", "video_id", "video_url", "async", "timeout")
"""What is read here of a request for a video, beside what every relay has."""

_TASK_IDS: Final = ("id", "task_id")
"""Names under which one task is asked for."""

KeyOf = Callable[[str], str | None]
"""Returns the key of the media store that the path of a good link leads to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A request of this shape."""

    asked: ParsedRequest
    at_once: bool
    """Whether to answer before it is done."""

    timeout_s: float


def read(fields: Fields, *, catalogue: Catalogue, key_of: KeyOf) -> Wanted:
    """Return what *fields* ask for, its mistakes noted in ``asked.problems``."""
    reader = _Reader(fields, key_of)
    asked = read_task(fields, catalogue=catalogue, extends=reader.extends)
    problems = (*reader.problems, *asked.problems)
    return Wanted(
        asked=replace(asked, problems=problems),
        at_once=reader.at_once or asked.hook is not None,
        timeout_s=reader.timeout_s,
    )


def task_action(body: Fields) -> object | None:
    """
    Return what ``POST /luma/tasks`` asks for in this shape; None: the body is of another relay.

    AceDataCloud documents ``{"task_id": ...}`` alone as the way to poll.

    Raises:
        InvalidRequest: One task and several are asked for, and no action says which is meant.
    """
    if body.get("action") is not None:
        return body["action"]
    given = [name for name in _TASK_IDS if body.get(name) is not None]
    if given and body.get("ids") is not None:
        why = f"{given[0]} names one task and ids several; send one of the two"
        raise InvalidRequest(why, param=given[0])
    return "retrieve" if given else None


def task_id(body: Fields) -> str:
    """Return the id of the one task that is asked for. Raises InvalidRequest."""
    given = {name: body[name] for name in _TASK_IDS if body.get(name) is not None}
    for name, value in given.items() or [("id", None)]:
        if not isinstance(value, str):
            raise InvalidRequest(f'{name} must be an id, like "4665a07c-..."', param=name)
    if len(set(given.values())) > 1:
        raise InvalidRequest("task_id and id name different tasks; send one", param="task_id")
    return str(next(iter(given.values()))).strip()


class _Reader:
    """Reads the fields that no other relay has."""

    def __init__(self, fields: Fields, key_of: KeyOf) -> None:
        self._fields = fields
        self._key_of = key_of
        self.problems: list[Problem] = []
        self.extends = self._extends()
        self.at_once = self._flag("async")
        self.timeout_s = self._timeout_s()

    def _extends(self) -> str | None:
        action = self._fields.get("action") or ACTIONS[0]
        if action not in ACTIONS:
            told = f"action must be one of {', '.join(ACTIONS)}, not {quoted(action)}"
            self.problems.append(("action", told))
        named = [name for name in ("video_id", "video_url") if self._fields.get(name)]
        if action != "extend":
            self.problems += ((name, f"{name} is for the action extend") for name in named)
            return None
        if not named:
            self.problems.append(("video_id", "video_id or video_url is required to extend"))
        ids = dict.fromkeys(filter(None, map(self._id, named)))
        if len(ids) > 1:
            self.problems.append(("video_url", "video_url and video_id are of different videos"))
        return next(iter(ids), None)

    def _id(self, name: str) -> str | None:
        value = self._fields[name]
        if not isinstance(value, str):
            self.problems.append((name, f"{name} must be text, not {quoted(value)}"))
            return None
        if name == "video_id":
            return value.strip()
        try:
            key = self._key_of(urlsplit(value.strip()).path)
        except ValueError:  # half a bracket, say
            key = None
        if key is None:
            told = "video_url must be a link to a video of this server that has not expired"
            self.problems.append((name, f"{told}; or send its video_id"))
            return None
        return key.partition("/")[0]

    def _flag(self, name: str) -> bool:
        value = self._fields.get(name)
        try:
            return value is not None and value != "" and flag(value)
        except ValueError as error:
            self.problems.append((name, f"{name} {error}"))
            return False

    def _timeout_s(self) -> float:
        value = self._fields.get("timeout")
        if value is None or value == "":
            return USUAL_TIMEOUT_S
        try:
            timeout_s = float(value) if isinstance(value, str | int | float) else math.nan
        except (ValueError, OverflowError):
            timeout_s = math.nan
        if isinstance(value, bool) or not 0 < timeout_s <= LONGEST_TIMEOUT_S:
            told = f"must be seconds from 1 to {LONGEST_TIMEOUT_S:g}, not {quoted(value)}"
            self.problems.append(("timeout", f"timeout {told}"))
            return USUAL_TIMEOUT_S
        return timeout_s


def result(generation: Generation, *, url: Url) -> AceResult:
    """Return how a generation does; the answer to its request, and the body of its callback."""
    told: AceResult = {
        "success": True,
        "task_id": generation.id,
        "video_id": generation.id,
        "prompt": generation.spec.prompt,
        "state": state_word(generation.state),
    }
    if reason := failure_reason(generation):
        code = generation.failure.code if generation.failure else "cancelled"
        told["success"] = False
        told["error"] = {"code": code, "message": reason}
    video = generation.artifact(ArtifactKind.VIDEO)
    if generation.state is State.COMPLETED and video is not None:
        thumbnail = generation.artifact(ArtifactKind.THUMBNAIL)
        told["video_url"] = url(video.key)
        told["video_width"], told["video_height"] = video.width_px, video.height_px
        told["thumbnail_url"] = url(thumbnail.key) if thumbnail else None
        told["thumbnail_width"] = thumbnail.width_px if thumbnail else None
        told["thumbnail_height"] = thumbnail.height_px if thumbnail else None
    return told


def task(generation: Generation, *, url: Url) -> AceTask:
    """Return a generation with its request."""
    spec = generation.spec
    request: AceRequest = {
        "action": "extend" if spec.extends else "generate",
        "prompt": spec.prompt,
        "aspect_ratio": ratio(generation),
        "loop": spec.loop,
        "enhancement": spec.expand_prompt,
    }
    if spec.extends:
        request["video_id"] = spec.extends
    return {
        "id": generation.id,
        "created_at": generation.created_at.timestamp(),
        "request": request,
        "response": result(generation, url=url),
    }
