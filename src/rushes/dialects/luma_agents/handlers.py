"""What happens at each path: parse, call, word."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Final, TypeVar

import structlog
from pydantic import BaseModel, ValidationError
from starlette.responses import Response

from rushes.core.errors import InvalidRequest, RequestError
from rushes.core.signed_links import SignedLinks
from rushes.core.spec import Medium
from rushes.core.upload import Upload
from rushes.dialects.base import DialectContext
from rushes.dialects.luma_agents import wire
from rushes.dialects.luma_agents.errors import nothing, told
from rushes.dialects.luma_agents.rules import problems
from rushes.dialects.luma_agents.translate import (
    Named,
    from_generation,
    from_upload,
    moment,
    respelled,
    to_new_file,
    to_spec,
)
from rushes.http.form_bodies import Part, parts
from rushes.http.gateway import Call
from rushes.http.json_bodies import invalid, parse, parse_query
from rushes.http.operation import MULTIPART
from rushes.http.uploads import upload_path
from rushes.service.uploads import UploadedFiles
from rushes.store.base import UploadFilter

NAME: Final = "luma_agents"

Body = TypeVar("Body", bound=BaseModel)
Refs = Iterator[tuple[str, wire.ImageRef]]


class Handlers:
    """The handlers, at one desk."""

    def __init__(self, desk: DialectContext, files: UploadedFiles, links: SignedLinks) -> None:
        self._desk = desk
        self._files = files
        self._links = links

    async def create(self, call: Call) -> Response:
        asked = _parsed(wire.CreateGeneration, call)
        if wrong := list(problems(asked)):
            raise InvalidRequest.of(wrong)
        named = {name: await self._named(ref, name, asked, call) for name, ref in _refs(asked)}
        try:
            generation = await self._desk.generations.submit(
                to_spec(asked, named), caller=call.caller, context=call.ask(NAME)
            )
        except InvalidRequest as error:
            raise respelled(error, asked) from None
        if asked.user_id is not None:
            _log.info("generation_for", generation_id=generation.id, user_id=asked.user_id)
        return told(from_generation(generation, url=call.url), status=201)

    async def get(self, call: Call) -> Response:
        found = await self._desk.generations.get(_id(call), caller=call.caller)
        return told(from_generation(found, url=call.url))

    async def _named(
        self, ref: wire.ImageRef, name: str, asked: wire.CreateGeneration, call: Call
    ) -> Named:
        """Return what *ref* comes to, having kept what of it only we can keep."""
        is_video = name == "source" and asked.type in wire.VIDEO_TYPES
        if ref.generation_id is not None:
            if name.startswith("video.keyframes."):
                await self._require_picture(ref.generation_id, name, call)
            return Named(generation_id=_canonical(ref.generation_id))
        if ref.file_id is not None:
            medium = Medium.VIDEO if is_video else Medium.IMAGE
            caller = call.caller
            key = await self._files.key(ref.file_id, medium=medium, param=name, caller=caller)
            return Named(address=_kept(key, call))
        if ref.url is not None:
            return Named(address=_address(ref.url, name))
        data = ref.data or ""
        if is_video:
            return Named(address=_kept(await self._files.keep_video(data, param=name), call))
        is_uri = data[:5].lower() == "data:"
        return Named(address=data if is_uri else f"data:{ref.media_type};base64,{data}")

    async def _require_picture(self, generation_id: str, name: str, call: Call) -> None:
        earlier = await self._desk.generations.get(generation_id, caller=call.caller)
        if earlier.spec.makes is not Medium.IMAGE:
            why = "must be a picture; a video is continued by video.start_frame"
            raise InvalidRequest(f"{name}: generation {earlier.id} {why}", param=name)

    async def create_file(self, call: Call) -> Response:
        content_type = call.request.headers.get("content-type", "")
        if content_type.partition(";")[0].strip().lower() == MULTIPART:
            return await self._bring(call, content_type)
        asked = _parsed(wire.CreateFile, call)
        new = to_new_file(asked)
        try:
            upload = await self._files.create(new, caller=call.caller)
        except InvalidRequest as error:
            raise respelled(error) from None
        lifetime = timedelta(seconds=self._links.lifetime_s)
        where: wire.Upload = {
            "url": call.origin + upload_path(self._links, upload.id, now=call.now),
            "method": "PUT",
            "headers": {"Content-Type": upload.media_type},
            "expires_at": moment(call.now + lifetime),
        }
        return told(_created(upload, where), status=201)

    async def _bring(self, call: Call, content_type: str) -> Response:
        asked, data = await _form(call.raw, content_type)
        try:
            upload = await self._files.store(to_new_file(asked), data, caller=call.caller)
        except InvalidRequest as error:
            raise respelled(error) from None
        return told(_created(upload, None), status=201)

    async def list_files(self, call: Call) -> Response:
        try:
            query = parse_query(wire.FileQuery, call.request)
        except InvalidRequest as error:
            raise RequestError(str(error)) from None
        wanted = UploadFilter(
            states=frozenset({query.state} if query.state else ()),
            purpose=query.purpose,
            before_id=str(uuid.UUID(query.cursor)) if query.cursor else None,
            limit=query.limit + 1,
        )
        found = await self._files.list(wanted, caller=call.caller)
        shown = found[: query.limit]
        has_more = len(found) > len(shown)
        page: wire.FileList = {
            "data": [from_upload(upload) for upload in shown],
            "has_more": has_more,
            "next_cursor": uuid.UUID(shown[-1].id).hex if has_more else None,
        }
        return told(page)

    async def get_file(self, call: Call) -> Response:
        return told(from_upload(await self._files.get(_id(call), caller=call.caller)))

    async def complete_file(self, call: Call) -> Response:
        return told(from_upload(await self._files.complete(_id(call), caller=call.caller)))

    async def delete_file(self, call: Call) -> Response:
        await self._files.delete(_id(call), caller=call.caller)
        return nothing()


def _refs(asked: wire.CreateGeneration) -> Refs:
    """Yield whatever a request refers to, with the path of its field."""
    if asked.source is not None:
        yield "source", asked.source
    for order, ref in enumerate(asked.image_ref or []):
        yield f"image_ref.{order}", ref
    options = asked.video or wire.VideoOptions()
    for name, frame in (("start_frame", options.start_frame), ("end_frame", options.end_frame)):
        if frame is not None:
            yield f"video.{name}", frame
    for order, frame in enumerate(options.keyframes or []):
        yield f"video.keyframes.{order}", frame


def _parsed(model: type[Body], call: Call) -> Body:
    """Return the body. This API tells of a wrong shape with 400, of what else is wrong with 422."""
    try:
        return parse(model, call.raw, unknown=call.unknown)
    except InvalidRequest as error:
        raise RequestError(str(error)) from None


async def _form(raw: bytes, content_type: str) -> tuple[wire.CreateFile, bytes]:
    """Return what a form says of the file in it, and the file."""
    try:
        given = await parts(raw, content_type)
        values = {name: value.data if isinstance(value, Part) else value for name, value in given}
        form = wire.FileForm.model_validate(values)
    except ValidationError as error:
        raise RequestError(str(invalid(error))) from None
    except InvalidRequest as error:
        raise RequestError(str(error)) from None
    if len(values) < len(given):
        raise RequestError("every field of the form must be there once")
    size_bytes = len(form.file)
    if form.size_bytes not in {None, size_bytes}:
        told = f"size_bytes must be {size_bytes}, which the file has, not {form.size_bytes}"
        raise InvalidRequest(told, param="size_bytes")
    sent = dict(given)["file"]
    file = sent if isinstance(sent, Part) else Part(name=None, media_type=None, data=b"")
    asked = wire.CreateFile(
        mime_type=form.mime_type or (file.media_type or "")[:255],
        size_bytes=size_bytes,
        purpose=form.purpose,
        filename=form.filename or (file.name or "")[:1024] or None,
        user_id=form.user_id,
    )
    return asked.model_copy(update={"expires_at": form.expires_at}), form.file


def _created(upload: Upload, where: wire.Upload | None) -> wire.CreatedFile:
    file = from_upload(upload)
    return {"id": file["id"], "state": file["state"], "file": file, "upload": where}


def _kept(key: str, call: Call) -> str:
    """Return a link to our media as the service knows it again, whatever we are called outside."""
    return "http://here.invalid" + call.links.path(key, now=call.now)


def _address(url: str, name: str) -> str:
    """Return a URL, and nothing that the service would take for the bytes of a picture."""
    if not url.lower().startswith(("http://", "https://")):
        raise InvalidRequest(f"{name}.url must be an http(s) URL", param=f"{name}.url")
    return url


def _canonical(text: str) -> str:
    """Return an id as the store writes it, if it is one; else as it is, not to be found."""
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return text


def _id(call: Call) -> str:
    return str(call.request.path_params["id"])


_log = structlog.get_logger()
