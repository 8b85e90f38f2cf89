"""
Write the bodies of webhooks in the format that the operator chose.

None of the seed documents says what a relay posts to ``notify_hook``. The operator therefore
chooses the format that their clients know: a relay's, the official API's, or all of them at once.
"""

from rushes.core.capability_check import format_seconds
from rushes.core.generation import ArtifactKind, Generation, State
from rushes.dialects.luma_relay import acedata, wire
from rushes.dialects.luma_relay.translate import (
    KLING_STATUS,
    OFFICIAL_STATE,
    from_generation,
    ratio,
    to_row,
)
from rushes.dialects.shared.states import failure_reason
from rushes.dialects.shared.timestamps import rfc3339, unix_s
from rushes.http.gateway import MediaUrl


def body_of(generation: Generation, *, wording: str, url: MediaUrl) -> object:
    """Return the body in the format *wording*; a format that no longer exists is the superset."""
    match wording:
        case "official":
            return _official(generation, url)
        case "crazyrouter":
            return _crazyrouter(generation, url)
        case "newapi":
            row = to_row(generation, url=url, request_id=generation.id)
            return {"code": "success", "message": "", "data": row}
        case wire.ACE_FORMAT:
            return acedata.result(generation, url=url)
        case _:
            return _superset(generation, url)


def _superset(generation: Generation, url: MediaUrl) -> dict[str, object]:
    task: dict[str, object] = {
        **from_generation(generation, url=url, request_id=generation.id),
        "type": "video",
    }
    if output := _output(generation, url):
        task["output"] = output
    return task


def _official(generation: Generation, url: MediaUrl) -> dict[str, object]:
    """Return Luma's Generation. Source: lumalabs/lumaai-api openapi.yaml."""
    spec = generation.spec
    output = _output(generation, url)
    assets = output and {
        "video": output["video_url"],
        "image": output["cover_url"],
        "progress_video": None,
    }
    return {
        "id": generation.id,
        "generation_type": "video",
        "state": OFFICIAL_STATE.of(generation.state),
        "failure_reason": failure_reason(generation),
        "created_at": rfc3339(generation.created_at),
        "assets": assets,
        "model": spec.model,
        "request": {
            "generation_type": "video",
            "prompt": spec.prompt,
            "aspect_ratio": ratio(generation),
            "loop": spec.loop,
            "keyframes": None,
            "callback_url": generation.announce.url if generation.announce else None,
            "model": spec.model,
            "resolution": spec.resolution,
            "duration": format_seconds(spec.duration_s),
            "concepts": None,
        },
    }


def _crazyrouter(generation: Generation, url: MediaUrl) -> dict[str, object]:
    """Return the body that crazyrouter documents for its callbacks."""
    body: dict[str, object] = {
        "id": generation.id,
        "status": KLING_STATUS.of(generation.state),
        "type": "video",
        "created_at": unix_s(generation.created_at),
        "updated_at": unix_s(generation.updated_at),
    }
    if output := _output(generation, url):
        body["output"] = output
    if reason := failure_reason(generation):
        body["error"] = {"message": reason}
    return body


def _output(generation: Generation, url: MediaUrl) -> dict[str, object] | None:
    film = generation.artifact(ArtifactKind.VIDEO)
    if generation.state is not State.COMPLETED or film is None:
        return None
    cover = generation.artifact(ArtifactKind.THUMBNAIL)
    return {
        "video_url": url(film.key),
        "cover_url": url(cover.key) if cover else None,
        "duration": film.duration_s or generation.spec.duration_s,
    }
