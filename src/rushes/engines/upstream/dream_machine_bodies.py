"""
Write the requests of the Dream Machine API, field by field.

Sources: the types of the package lumaai 1.21.0, lumalabs/lumaai-api's openapi.yaml,
docs.lumalabs.ai.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, assert_never

from rushes.core.capability_check import format_seconds
from rushes.core.errors import InputUnusable, PermanentEngineError
from rushes.core.geometry import DEFAULT_RATIO, STILL_SIZES
from rushes.core.spec import Kind, Medium, Position, Reframing, Role
from rushes.engines.upstream.base import SubmitOrder
from rushes.engines.upstream.connection import segment
from rushes.engines.upstream.picture_inputs import data_uri

Pictures = Literal["url", "data"]
Json = dict[str, object]

ALL: Final = "/generations"
USUAL_MODE: Final = "flex_1"
"""The mode of a modification that names none: the middle one of three, at its mildest."""

_WEIGHED: Final = {
    Role.CONTENT: "image_ref",
    Role.STYLE: "style_ref",
    Role.MODIFY: "modify_image_ref",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The path and the body of a POST."""

    path: str
    body: Mapping[str, object]


def request_of(order: SubmitOrder, *, pictures: Pictures) -> Request:
    """
    Return the request for an order; reads its files.

    Raises:
        InputUnusable: The upstream must fetch a file, and this server has no public URL of it.

        PermanentEngineError: The API cannot express a part of the order.
    """
    _refuse_unsupported(order)
    path, body = _Body(order, pictures).request()
    if order.callback_url:
        body["callback_url"] = order.callback_url
    return Request(path=path, body=body)


class _Body:
    """Writes the body of each kind; absent settings are left out."""

    def __init__(self, order: SubmitOrder, pictures: Pictures) -> None:
        self._order = order
        self._job = order.job
        self._spec = order.job.spec
        self._pictures: Pictures = pictures

    def request(self) -> tuple[str, Json]:
        match self._spec.kind:
            case Kind.VIDEO:
                return f"{ALL}/video", self.video()
            case Kind.IMAGE:
                return f"{ALL}/image", self.picture()
            case Kind.UPSCALE:
                return f"{ALL}/{self.source_id()}/upscale", self.upscale()
            case Kind.AUDIO:
                return f"{ALL}/{self.source_id()}/audio", self.audio()
            case Kind.REFRAME:
                medium = self._spec.makes
                return f"{ALL}/{medium}/reframe", self.reframing(medium)
            case Kind.MODIFY:
                return f"{ALL}/video/modify", self.modification()
            case _:
                assert_never(self._spec.kind)

    def video(self) -> Json:
        spec = self._spec
        body = self._base_body("video") | {"duration": format_seconds(spec.duration_s)}
        if spec.aspect_ratio:
            body["aspect_ratio"] = spec.aspect_ratio
        if spec.resolution:
            body["resolution"] = spec.resolution
        if spec.loop:
            body["loop"] = True
        if spec.concepts:
            body["concepts"] = [{"key": concept} for concept in spec.concepts]
        frames = {
            name: frame
            for name, frame in (
                ("frame0", self._frame(Position.FIRST, self._job.first_image)),
                ("frame1", self._frame(Position.LAST, self._job.last_image)),
            )
            if frame is not None
        }
        if frames:
            body["keyframes"] = frames
        return body

    def picture(self) -> Json:
        spec = self._spec
        body = self._base_body("image")
        if spec.aspect_ratio:
            body["aspect_ratio"] = spec.aspect_ratio
        if spec.still is not None:
            body["format"] = spec.still.format
        for role, name in _WEIGHED.items():
            given = [
                {"url": self._address(guide.image), "weight": guide.weight}
                for guide in self._job.guides
                if guide.role is role
            ]
            if given:
                body[name] = given[0] if role is Role.MODIFY else given
        people = [self._address(g.image) for g in self._job.guides if g.role is Role.CHARACTER]
        if people:
            body["character_ref"] = {"identity0": {"images": people}}
        return body

    def upscale(self) -> Json:
        body: Json = {"generation_type": "upscale_video"}
        return body | ({"resolution": self._spec.resolution} if self._spec.resolution else {})

    def audio(self) -> Json:
        body: Json = {"generation_type": "add_audio"}
        if self._job.prompt:
            body["prompt"] = self._job.prompt
        if self._spec.negative_prompt:
            body["negative_prompt"] = self._spec.negative_prompt
        return body

    def reframing(self, medium: Medium) -> Json:
        spec = self._spec
        ratio = spec.aspect_ratio or DEFAULT_RATIO
        body = self._base_body(f"reframe_{medium}") | {
            "media": {"url": self._source()},
            "aspect_ratio": ratio,
            **_grid(spec.reframing, ratio),
        }
        if medium is Medium.IMAGE and spec.still is not None:
            body["format"] = spec.still.format
        return body

    def modification(self) -> Json:
        return self._base_body("modify_video") | {
            "media": {"url": self._source()},
            "mode": self._spec.mode or USUAL_MODE,
        }

    def source_id(self) -> str:
        """Return the upstream's id of the edited video, quoted as a path segment."""
        source = self._spec.source
        ours = source.generation_id if source else None
        return segment(self._id_of(ours or ""))

    def _base_body(self, generation_type: str) -> Json:
        body: Json = {"generation_type": generation_type}
        if self._order.model:
            body["model"] = self._order.model
        if self._job.prompt:
            body["prompt"] = self._job.prompt
        return body

    def _frame(self, position: Position, picture: Path | None) -> Json | None:
        keyframe = self._spec.keyframe(position)
        if keyframe is not None and keyframe.generation_id is not None:
            return {"type": "generation", "id": self._id_of(keyframe.generation_id)}
        return None if picture is None else {"type": "image", "url": self._address(picture)}

    def _id_of(self, ours: str) -> str:
        if ours not in self._order.ids:
            raise PermanentEngineError("the upstream did not make the video that is to be used")
        return self._order.ids[ours]

    def _address(self, picture: Path) -> str:
        return data_uri(picture) if self._pictures == "data" else self._link(picture)

    def _source(self) -> str:
        """Return the address of the edited file; a video has one only as a URL."""
        source = self._job.source
        if source is None:
            raise InputUnusable("there is no source to edit")
        is_picture = self._spec.makes is Medium.IMAGE
        return self._address(source) if is_picture else self._link(source)

    def _link(self, file: Path) -> str:
        url = self._order.urls.get(file)
        if url is None:
            raise InputUnusable(
                "the upstream takes files by URL only, and this server has no public URL"
            )
        return url


def _grid(reframing: Reframing | None, ratio: str) -> Json:
    """
    Return the fields that place the source, in pixels of the ratio's grid.

    Sources: docs.lumalabs.ai for the grid's sizes; the same models on Replicate for the meaning of
    the fields: the bounds are the place of the source in the new frame.
    """
    if reframing is None or reframing.placement is None:
        return {}
    width, height = STILL_SIZES[ratio]
    place = reframing.placement
    x, y = round(place.x * width), round(place.y * height)
    x_end = round((place.x + place.width) * width)
    y_end = round((place.y + place.height) * height)
    return {
        "grid_position_x": x,
        "grid_position_y": y,
        "x_start": x,
        "x_end": x_end,
        "y_start": y,
        "y_end": y_end,
        "resized_width": x_end - x,
        "resized_height": y_end - y,
    }


def _refuse_unsupported(order: SubmitOrder) -> None:
    spec = order.job.spec
    changed = [guide for guide in order.job.guides if guide.role is Role.MODIFY]
    unsupported = {
        "a seed": spec.seed is not None,
        "a negative prompt for anything but sound": spec.negative_prompt
        and spec.kind is not Kind.AUDIO,
        "an exact size": spec.size_px is not None,
        "a part of the source": spec.reframing is not None and spec.reframing.crop is not None,
        "a video from elsewhere to continue": spec.kind is Kind.VIDEO and spec.source is not None,
        "more than one picture to change": len(changed) > 1,
    }
    for what, is_used in unsupported.items():
        if is_used:
            raise PermanentEngineError(f"{what} cannot be asked of this upstream")
