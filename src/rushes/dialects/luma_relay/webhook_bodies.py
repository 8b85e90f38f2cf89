"""
How a webhook tells of a generation.

None of the seed documents says what a relay posts to ``notify_hook``, so an operator chooses the
wording that his clients know: one of the relays', the official API's, or all of it at once.
"""

from rushes.core.capability_check import format_seconds
from rushes.core.generation import ArtifactKind, Generation, State
from rushes.dialects.luma_relay import acedata, wire
from rushes.dialects.luma_relay.translate import (
    Url,
    failure_reason,
    from_generation,
    kling_status,
    moment,
    official_state,
    ratio,
    to_row,
    unix_s,
)


def word(generation: Generation, *, wording: str, url: Url) -> object:
    """Return the body in this *wording*; in the superset for one that is no longer known."""
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


def _superset(generation: Generation, url: Url) -> dict[str, object]:
    task: dict[str, object] = {
        **from_generation(generation, url=url, request_id=generation.id),
        "type": "video",
    }
    if output := _output(generation, url):
        task["output"] = output
    return task


def _official(generation: Generation, url: Url) -> dict[str, object]:
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
        "state": official_state(generation.state),
        "failure_reason": failure_reason(generation),
        "created_at": moment(generation.created_at),
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


def _crazyrouter(generation: Generation, url: Url) -> dict[str, object]:
    """Return what crazyrouter's document of its callbacks shows."""
    told: dict[str, object] = {
        "id": generation.id,
        "status": kling_status(generation.state),
        "type": "video",
        "created_at": unix_s(generation.created_at),
        "updated_at": unix_s(generation.updated_at),
    }
    if output := _output(generation, url):
        told["output"] = output
    if reason := failure_reason(generation):
        told["error"] = {"message": reason}
    return told


def _output(generation: Generation, url: Url) -> dict[str, object] | None:
    film = generation.artifact(ArtifactKind.VIDEO)
    if generation.state is not State.COMPLETED or film is None:
        return None
    cover = generation.artifact(ArtifactKind.THUMBNAIL)
    return {
        "video_url": url(film.key),
        "cover_url": url(cover.key) if cover else None,
        "duration": film.duration_s or generation.spec.duration_s,
    }
