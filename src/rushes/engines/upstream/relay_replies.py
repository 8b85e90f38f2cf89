"""
Read jobs from the many reply formats of relays.

Sources: the five seeds, and what clients of relays read (new-api's tasks, Kling's envelope,
AceDataCloud, PiAPI, crazyrouter). Where they disagree, the wider reading wins.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from rushes.core.generation import ArtifactKind
from rushes.engines.upstream.base import JobStatus, Phase
from rushes.engines.upstream.job_failures import Redact, classify, failed
from rushes.engines.upstream.replies import items, job_id, mapping, number, text

Layer = Mapping[str, object]

PHASES: Final[Mapping[str, Phase]] = {
    word: phase
    for phase, words in {
        Phase.WAITING: "pending queued queueing in_queue submitted not_start waiting created",
        Phase.WORKING: "processing running in_progress dreaming generating started starting active",
        Phase.COMPLETED: "completed complete succeed succeeded success successful done finished",
        Phase.FAILED: "failed failure fail error errored cancelled canceled rejected aborted",
    }.items()
    for word in words.split()
}
"""The words of relays for a job's phase; any other word counts as working."""

_ERRORS: Final = frozenset({"error", "errored", ""})
"""Words that may describe the request instead of the job."""

_IDS: Final = ("task_id", "id", "generation_id", "taskId", "video_id")
_STATES: Final = ("state", "task_status", "status")
_INNER: Final = ("data", "response", "output", "task_result", "result", "artifact")
_REASONS: Final = ("failure_reason", "fail_reason", "task_status_msg", "error", "message")
_NO_REASONS: Final = frozenset({"success", "ok", "succeed"})

_VIDEO: Final = (
    "video.download_url", "video.url", "video", "video_url", "download_url", "assets.video",
    "result.video_url", "result.url", "result.video", "output.video_url", "output.video.url",
    "output.video", "output.url", "output", "task_result.video_url", "task_result.videos.url",
    "task_result.video", "response.video_url", "artifact.video.download_url", "artifact.video.url",
    "video_raw.url", "output.video_raw.url", "artifact.video_raw.url", "videos.url", "outputs",
    "result_url", "url",
)  # fmt: skip
_PATHS: Final[Mapping[ArtifactKind, Sequence[str]]] = {
    ArtifactKind.VIDEO: _VIDEO,
    ArtifactKind.VIDEO_RAW: ("video_raw.url", "artifact.video_raw.url", "output.video_raw.url"),
    ArtifactKind.THUMBNAIL: (
        "thumbnail.url", "thumbnail", "artifact.thumbnail.url", "video.thumbnail", "assets.image",
        "output.thumbnail.url", "output.cover_url", "thumbnail_url", "response.thumbnail_url",
    ),
    ArtifactKind.LAST_FRAME: (
        "last_frame.url", "last_frame", "artifact.last_frame.url", "output.last_frame.url",
    ),
}  # fmt: skip
"""The paths of each file's address, the best first; an array counts by its first element."""

_ADDRESS: Final = re.compile(r"(?:https?://|/)[^\s]+", re.IGNORECASE)
_DEEPEST: Final = 4


def layers_of(body: object) -> tuple[Layer, ...]:
    """
    Return the objects in *body* that may describe one job, the outermost first.

    If any of them has a job id, only those with one: an envelope's ``status`` is not the job's.
    """
    every = tuple(_layers(body, _DEEPEST))
    return tuple(layer for layer in every if _id_of(layer)) or every


def _layers(body: object, deep: int) -> Iterator[Layer]:
    rows = items(body)
    layer = mapping(rows[0] if len(rows) == 1 else body)
    if not layer:
        return
    yield layer
    if deep:
        for name in _INNER:
            yield from _layers(layer.get(name), deep - 1)


def _id_of(layer: Layer) -> str | None:
    return next((found for name in _IDS if (found := job_id(layer.get(name)))), None)


def accepted_id(body: object) -> str | None:
    """Return the job id in the reply to a submit; None when there is none."""
    for layer in layers_of(body):
        found = _id_of(layer)
        if found and (_word(layer) or not mapping(layer.get("error"))):
            return found
    envelope = mapping(body)
    is_fine = text(envelope.get("code")).lower() in {"0", "200", "success"}
    return job_id(envelope.get("data")) if is_fine else None  # new-api: the id alone


def names(body: object) -> Iterator[str]:
    """Yield every id of a job in *body*."""
    for layer in layers_of(body):
        yield from (found for name in _IDS if (found := job_id(layer.get(name))))


def same(one: str, other: str) -> bool:
    """Tell whether two ids name the same job."""
    return one == other or plain(one) == plain(other)


def plain(job_id: str) -> str:
    """Normalize an id for comparison: relays write UUIDs with and without hyphens."""
    return job_id.replace("-", "").lower()


def job_status_of(
    body: object, redact: Redact, *, job_id: str, status: int = 200
) -> JobStatus | None:
    """
    Return the status of the job in *body*; None when it is unreliable.

    A completed job may have no files, when the body has no address of them.

    Args:
        redact: Makes a message of the relay fit to be shown.

        job_id: The id of the job in the request.

        status: The HTTP status; with a status of failure the body must contain the job's id.
    """
    layers = layers_of(body)
    is_ours = any(same(name, job_id) for name in names(body))
    is_fine = 200 <= status < 300
    phases = [PHASES.get(word, Phase.WORKING) for layer in layers if (word := _word(layer))]
    if not phases or not (is_fine or is_ours):
        return None
    files = _files(tuple(_layers(body, _DEEPEST)))
    if Phase.COMPLETED in phases and ArtifactKind.VIDEO in files:
        return JobStatus(phase=Phase.COMPLETED, progress=1.0, files=files)
    is_about_a_job = is_ours or any(
        _id_of(layer) or layer.get("state") or layer.get("task_status") for layer in layers
    )
    if not is_about_a_job and phases[0].is_final:
        return None  # ``{"status": "error"}`` is about the request
    match phases[0]:
        case Phase.COMPLETED:
            return JobStatus(phase=Phase.COMPLETED, progress=1.0)
        case Phase.FAILED:
            is_said = is_ours or not _ERRORS.issuperset(map(_word, layers))
            return _failed(layers, redact) if is_said else None
        case _:
            return JobStatus(phase=phases[0], progress=_progress(layers))


def _word(layer: Layer) -> str:
    """Return the word for the job's phase; a known word comes first."""
    said = [_normal(value) for name in _STATES if isinstance(value := layer.get(name), str)]
    known = (word for word in said if word in PHASES)
    return next(known, next(filter(None, said), ""))


def _normal(word: str) -> str:
    return word.strip().lower().replace("-", "_").replace(" ", "_")


def _progress(layers: Sequence[Layer]) -> float | None:
    for layer in layers:
        said = layer.get("progress")
        found = number(said)
        if found is None:
            continue
        is_share = isinstance(said, float) and found <= 1.0
        return min(max(found if is_share else found / 100.0, 0.0), 1.0)
    return None


def _failed(layers: Sequence[Layer], redact: Redact) -> JobStatus:
    code, reason = "", ""
    for layer in layers:
        error = mapping(layer.get("error"))
        code = code or text(error.get("code"))
        for name in _REASONS:
            said = (
                text(error.get("message")) if name == "error" and error else text(layer.get(name))
            )
            if not reason and said and said.lower() not in _NO_REASONS:
                reason = said
    stopped = any(_word(layer) in {"cancelled", "canceled", "aborted"} for layer in layers)
    why = redact(reason or code)
    return failed(classify("", "cancelled") if stopped else classify(code, reason), why)


def _files(layers: Sequence[Layer]) -> dict[ArtifactKind, str]:
    found: dict[ArtifactKind, str] = {}
    for kind, paths in _PATHS.items():
        addresses = (_at(layer, path.split(".")) for path in paths for layer in layers)
        address = next(filter(None, addresses), None)
        if address is not None:
            found[kind] = address
    if found.get(ArtifactKind.VIDEO_RAW) == found.get(ArtifactKind.VIDEO):
        found.pop(ArtifactKind.VIDEO_RAW, None)
    return found


def _at(value: object, path: Sequence[str]) -> str | None:
    for part in path:
        value = _first(mapping(value).get(part))
    value = _first(value)
    return value.strip() if isinstance(value, str) and _ADDRESS.fullmatch(value.strip()) else None


def _first(value: object) -> object:
    return next(iter(items(value)), value)


def address_in(body: object) -> str | None:
    """Return the address in a reply of ``download_video_url``; None when there is none."""
    return _files(tuple(_layers(body, _DEEPEST))).get(ArtifactKind.VIDEO)


def prompt_of(body: object) -> str:
    """Return the prompt of a listed job; empty when the list has none."""
    for layer in layers_of(body):
        request = mapping(layer.get("request"))
        for prompt in (layer.get("prompt"), layer.get("user_prompt"), request.get("prompt")):
            if text(prompt):
                return text(prompt)
    return ""


def hooks_of(body: object) -> set[str]:
    """Return the callback URLs of a listed job."""
    found: set[str] = set()
    for layer in layers_of(body):
        for prompt in (layer, mapping(layer.get("request"))):
            found |= {text(prompt.get(name)) for name in ("notify_hook", "callback_url")}
    return found - {""}


def created_at(body: object) -> datetime | None:
    """Return when a listed job was accepted; None when the list does not say."""
    for layer in layers_of(body):
        for name in ("created_at", "submit_time"):
            found = moment(layer.get(name))
            if found is not None:
                return found
    return None


def moment(said: object) -> datetime | None:
    """Parse a moment in ISO 8601, seconds or milliseconds; without a zone it is UTC."""
    try:
        plain = number(said)
        if plain is not None:
            return datetime.fromtimestamp(plain / 1000.0 if plain > 1e11 else plain, UTC)
        found = datetime.fromisoformat(text(said))
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        return None
