"""
Parse and answer requests in AceDataCloud's format of the relay API.

A create request waits for its video, and ``/luma/tasks`` takes actions. Source: the client
AceDataCloud/MCPLuma, by the fields that it sends and reads.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

from rushes.core.errors import InvalidRequest
from rushes.core.generation import ArtifactKind, Generation, State
from rushes.dialects.luma_relay.parse import ParsedRequest, flag
from rushes.dialects.luma_relay.parse import read as read_task
from rushes.dialects.luma_relay.translate import ratio, state_word
from rushes.dialects.luma_relay.wire import (
    DEFAULT_TIMEOUT_S,
    LONGEST_TIMEOUT_S,
    AceRequest,
    AceResult,
    AceTask,
)
from rushes.dialects.shared.states import failure_reason
from rushes.http.field_names import Problem
from rushes.http.form_bodies import Fields
from rushes.http.gateway import MediaUrl
from rushes.kit.quoting import quoted
from rushes.service.catalogue import Catalogue

ACTIONS: Final = ("generate", "extend")

FIELDS: Final = ("action", "video_id", "video_url", "async", "timeout")
"""The fields of a create request that only AceDataCloud has."""

_TASK_IDS: Final = ("id", "task_id")
"""The names of the field with the id of one task."""

KeyOf = Callable[[str], str | None]
"""Returns the key in the media store for the path of a valid link."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AceRequestBody:
    """A create request in AceDataCloud's format."""

    request: ParsedRequest
    at_once: bool
    """Whether to reply before the video is final."""

    timeout_s: float


def read(fields: Fields, *, catalogue: Catalogue, key_of: KeyOf) -> AceRequestBody:
    """Return the request in *fields*, with its mistakes in ``request.problems``."""
    reader = _Reader(fields, key_of)
    request = read_task(fields, catalogue=catalogue, extends=reader.extends)
    problems = (*reader.problems, *request.problems)
    return AceRequestBody(
        request=replace(request, problems=problems),
        at_once=reader.at_once or request.hook is not None,
        timeout_s=reader.timeout_s,
    )


def task_action(body: Fields) -> object | None:
    """
    Return the action of a body of ``POST /luma/tasks``; None if it has another relay's format.

    AceDataCloud documents ``{"task_id": ...}`` without an action as the way to poll.

    Raises:
        InvalidRequest: The body names one task and several, and no action.
    """
    if body.get("action") is not None:
        return body["action"]
    given = [name for name in _TASK_IDS if body.get(name) is not None]
    if given and body.get("ids") is not None:
        why = f"{given[0]} names one task and ids several; send one of the two"
        raise InvalidRequest(why, param=given[0])
    return "retrieve" if given else None


def task_id(body: Fields) -> str:
    """Return the id of the one task that a body names. Raises InvalidRequest."""
    given = {name: body[name] for name in _TASK_IDS if body.get(name) is not None}
    for name, value in given.items() or [("id", None)]:
        if not isinstance(value, str):
            raise InvalidRequest(f'{name} must be an id, like "4665a07c-..."', param=name)
    if len(set(given.values())) > 1:
        raise InvalidRequest("task_id and id name different tasks; send one", param="task_id")
    return str(next(iter(given.values()))).strip()


class _Reader:
    """Reads the fields that only AceDataCloud has."""

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
            why = f"action must be one of {', '.join(ACTIONS)}, not {quoted(action)}"
            self.problems.append(("action", why))
        fields = [name for name in ("video_id", "video_url") if self._fields.get(name)]
        if action != "extend":
            self.problems += ((name, f"{name} is for the action extend") for name in fields)
            return None
        if not fields:
            self.problems.append(("video_id", "video_id or video_url is required to extend"))
        ids = dict.fromkeys(filter(None, map(self._id, fields)))
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
            why = "video_url must be a link to a video of this server that has not expired"
            self.problems.append((name, f"{why}; or send its video_id"))
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
            return DEFAULT_TIMEOUT_S
        try:
            timeout_s = float(value) if isinstance(value, str | int | float) else math.nan
        except (ValueError, OverflowError):
            timeout_s = math.nan
        if isinstance(value, bool) or not 0 < timeout_s <= LONGEST_TIMEOUT_S:
            why = f"must be seconds from 1 to {LONGEST_TIMEOUT_S:g}, not {quoted(value)}"
            self.problems.append(("timeout", f"timeout {why}"))
            return DEFAULT_TIMEOUT_S
        return timeout_s


def result(generation: Generation, *, url: MediaUrl) -> AceResult:
    """Return the reply to a create request, which is also the body of its callback."""
    reply: AceResult = {
        "success": True,
        "task_id": generation.id,
        "video_id": generation.id,
        "prompt": generation.spec.prompt,
        "state": state_word(generation.state),
    }
    if reason := failure_reason(generation):
        code = generation.failure.code if generation.failure else "cancelled"
        reply["success"] = False
        reply["error"] = {"code": code, "message": reason}
    video = generation.artifact(ArtifactKind.VIDEO)
    if generation.state is State.COMPLETED and video is not None:
        thumbnail = generation.artifact(ArtifactKind.THUMBNAIL)
        reply["video_url"] = url(video.key)
        reply["video_width"], reply["video_height"] = video.width_px, video.height_px
        reply["thumbnail_url"] = url(thumbnail.key) if thumbnail else None
        reply["thumbnail_width"] = thumbnail.width_px if thumbnail else None
        reply["thumbnail_height"] = thumbnail.height_px if thumbnail else None
    return reply


def task(generation: Generation, *, url: MediaUrl) -> AceTask:
    """Return a generation with its request, as an entry of a batch."""
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
