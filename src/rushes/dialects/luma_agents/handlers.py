"""Handle requests of the Agents API: parse, call the service, translate the reply."""

import uuid
from datetime import timedelta
from typing import Final

import structlog
from starlette.responses import Response

from rushes.core.errors import InvalidRequest, RequestError
from rushes.core.signed_links import SignedLinks
from rushes.core.spec import Medium
from rushes.dialects.base import DialectContext
from rushes.dialects.luma_agents import wire
from rushes.dialects.luma_agents.errors import empty_reply, reply
from rushes.dialects.luma_agents.parse import (
    Reference,
    canonical_id,
    http_url,
    image_refs,
    parse_body,
    parse_form,
    to_new_file,
    to_spec,
    with_our_names,
)
from rushes.dialects.luma_agents.rules import problems
from rushes.dialects.luma_agents.translate import created_file, from_generation, from_upload
from rushes.dialects.shared.pages import first_page
from rushes.dialects.shared.timestamps import rfc3339
from rushes.http.gateway import Call
from rushes.http.json_bodies import parse_query
from rushes.http.operation import MULTIPART
from rushes.http.uploads import upload_path
from rushes.service.uploads import UploadedFiles
from rushes.store.base import UploadFilter

NAME: Final = "luma_agents"


class Handlers:
    """One method per route; ``operations`` declares the routes."""

    def __init__(self, context: DialectContext, files: UploadedFiles, links: SignedLinks) -> None:
        self._context = context
        self._files = files
        self._links = links

    async def create(self, call: Call) -> Response:
        body = parse_body(wire.CreateGeneration, call)
        if broken := list(problems(body)):
            raise InvalidRequest.of(broken)
        references = {
            name: await self._reference(ref, name, body, call) for name, ref in image_refs(body)
        }
        try:
            generation = await self._context.generations.submit(
                to_spec(body, references), caller=call.caller, context=call.ask(NAME)
            )
        except InvalidRequest as error:
            raise with_our_names(error, body) from None
        if body.user_id is not None:
            _log.info("generation_for", generation_id=generation.id, user_id=body.user_id)
        return reply(from_generation(generation, url=call.url), status=201)

    async def get(self, call: Call) -> Response:
        generation = await self._context.generations.get(call.parameter(), caller=call.caller)
        return reply(from_generation(generation, url=call.url))

    async def _reference(
        self, ref: wire.ImageRef, name: str, body: wire.CreateGeneration, call: Call
    ) -> Reference:
        """Return *ref* as the service takes it; a video that the request carries is stored."""
        is_video = name == "source" and body.type in wire.VIDEO_TYPES
        if ref.generation_id is not None:
            if name.startswith("video.keyframes."):
                await self._require_picture(ref.generation_id, name, call)
            return Reference(generation_id=canonical_id(ref.generation_id))
        if ref.file_id is not None:
            medium = Medium.VIDEO if is_video else Medium.IMAGE
            caller = call.caller
            key = await self._files.key(ref.file_id, medium=medium, param=name, caller=caller)
            return Reference(address=_internal_link(key, call))
        if ref.url is not None:
            return Reference(address=http_url(ref.url, name))
        data = ref.data or ""
        if is_video:
            key = await self._files.keep_video(data, param=name)
            return Reference(address=_internal_link(key, call))
        is_uri = data[:5].lower() == "data:"
        return Reference(address=data if is_uri else f"data:{ref.media_type};base64,{data}")

    async def _require_picture(self, generation_id: str, name: str, call: Call) -> None:
        earlier = await self._context.generations.get(generation_id, caller=call.caller)
        if earlier.spec.makes is not Medium.IMAGE:
            why = "must be a picture; video.start_frame continues a video"
            raise InvalidRequest(f"{name}: generation {earlier.id} {why}", param=name)

    async def create_file(self, call: Call) -> Response:
        content_type = call.request.headers.get("content-type", "")
        if content_type.partition(";")[0].strip().lower() == MULTIPART:
            return await self._upload_form(call, content_type)
        body = parse_body(wire.CreateFile, call)
        try:
            upload = await self._files.create(to_new_file(body), caller=call.caller)
        except InvalidRequest as error:
            raise with_our_names(error) from None
        lifetime = timedelta(seconds=self._links.lifetime_s)
        target: wire.Upload = {
            "url": call.origin + upload_path(self._links, upload.id, now=call.now),
            "method": "PUT",
            "headers": {"Content-Type": upload.media_type},
            "expires_at": rfc3339(call.now + lifetime, timespec="auto"),
        }
        return reply(created_file(upload, target), status=201)

    async def _upload_form(self, call: Call, content_type: str) -> Response:
        body, data = await parse_form(call.raw, content_type)
        try:
            upload = await self._files.store(to_new_file(body), data, caller=call.caller)
        except InvalidRequest as error:
            raise with_our_names(error) from None
        return reply(created_file(upload, None), status=201)

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
        page, has_more = first_page(found, query.limit)
        files: wire.FileList = {
            "data": [from_upload(upload) for upload in page],
            "has_more": has_more,
            "next_cursor": uuid.UUID(page[-1].id).hex if has_more else None,
        }
        return reply(files)

    async def get_file(self, call: Call) -> Response:
        upload = await self._files.get(call.parameter(), caller=call.caller)
        return reply(from_upload(upload))

    async def complete_file(self, call: Call) -> Response:
        upload = await self._files.complete(call.parameter(), caller=call.caller)
        return reply(from_upload(upload))

    async def delete_file(self, call: Call) -> Response:
        await self._files.delete(call.parameter(), caller=call.caller)
        return empty_reply()


def _internal_link(key: str, call: Call) -> str:
    """Return a link to a stored file that the service recognizes under any public host name."""
    return "http://here.invalid" + call.links.path(key, now=call.now)


_log = structlog.get_logger()
