"""Handle requests of OpenAI's videos API: parse, call the service, translate the reply."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import PurePath
from typing import Final, cast

from pydantic_core import to_json
from starlette.responses import Response

from rushes.core.errors import Conflict, InputUnusable, InvalidRequest, NotFound, NotReady
from rushes.core.generation import Announce, Artifact, ArtifactKind, Generation
from rushes.core.spec import GenerationSpec, Keyframe, Medium, Position, Source
from rushes.dialects.base import DialectContext, require_video
from rushes.dialects.openai_videos import parse, translate, wire
from rushes.dialects.openai_videos.models import model, models
from rushes.dialects.openai_videos.translate import MODEL, NAME, REMIXED
from rushes.dialects.shared.pages import first_page
from rushes.http.files import file_response
from rushes.http.form_bodies import Fields, fields
from rushes.http.gateway import Call
from rushes.http.json_bodies import parse_query
from rushes.http.operation import JSON
from rushes.http.requests import fingerprint
from rushes.intake import sprite_sheets
from rushes.kit.quoting import quoted_json, quoted_text
from rushes.service.request_context import RequestContext
from rushes.service.uploads import UploadedFiles
from rushes.store.base import GenerationFilter

POLL_HEADER: Final = "openai-poll-after-ms"
POLL_AFTER_MS: Final = 1000
SYNC_WAIT_S: Final = 600.0
"""The official library's default timeout."""

SHEET: Final = "spritesheet.jpg"
_ZEROS: Final = ("duration", "width", "height", "fps")
"""Fields that new-api sends as 0 when they are not set."""

_REFERENCES: Final = {Position.FIRST: "input_reference", Position.LAST: "last_reference"}
_NO_CHARACTERS: Final = (
    "characters cannot be made here: no engine of this server keeps a likeness;"
    " begin a video with a picture instead, by input_reference"
)


class Handlers:
    """One method per route; ``operations`` declares the routes."""

    def __init__(
        self, context: DialectContext, files: UploadedFiles, *, kept: timedelta | None = None
    ) -> None:
        self._context = context
        self._files = files
        self._kept = kept

    async def create(self, call: Call) -> Response:
        sent = await _fields(call)
        made = await self._new(call, parse.read(wire.CreateVideo, sent, call.unknown), sent)
        return await self._reply(call, made)

    async def create_sync(self, call: Call) -> Response:
        sent = await _fields(call)
        generation = await self._new(call, parse.read(wire.CreateVideo, sent, call.unknown), sent)
        done = await self._context.progress_stream.until_final(generation, wait_s=SYNC_WAIT_S)
        video = done.artifact(ArtifactKind.VIDEO)
        if video is not None:
            return await self._file(call, done, video)
        name = translate.video_id(done.id)
        if not done.state.is_final:
            raise NotReady(f"{name} is still being made; GET /v1/videos/{name}", retry_after_s=10)
        why = done.failure.message if done.failure else "it was cancelled"
        raise Conflict(f"{name} has failed: {why}")

    async def create_task(self, call: Call) -> Response:
        sent = _flat(await _fields(call))
        generation = await self._new(call, parse.read(wire.CreateTask, sent, call.unknown), sent)
        return _json(translate.as_task_video(generation, url=call.url))

    async def _new(self, call: Call, body: wire.CreateVideo, sent: Fields) -> Generation:
        video = parse.new_video(body, self._context.catalogue_for(call))
        spec = video.spec
        for position, file_id in video.files.items():
            param = f"{_REFERENCES[position]}.file_id"
            image = await self._link(call, file_id, Medium.IMAGE, param)
            pinned = Keyframe(position=position, image=image)
            spec = replace(spec, keyframes=(*spec.keyframes, pinned))
        memo = {MODEL: video.model} if video.model and video.model != spec.model else {}
        return await self._submit(call, spec, await self._ask(call, body.callback_url, sent, memo))

    async def _link(self, call: Call, file_id: str, medium: Medium, param: str) -> str:
        key = await self._files.key(
            file_id.removeprefix("file-"), medium=medium, param=param, caller=call.caller
        )
        return call.url(key)

    async def _submit(self, call: Call, spec: GenerationSpec, ask: RequestContext) -> Generation:
        try:
            return await self._context.generations.submit(spec, caller=call.caller, context=ask)
        except InvalidRequest as error:
            raise parse.with_our_names(error) from None

    async def _ask(
        self, call: Call, callback_url: str | None, sent: Fields, memo: dict[str, str]
    ) -> RequestContext:
        """
        Return the context of a request.

        Its fingerprint is made of the fields: the libraries send another boundary when they retry
        a form, so that its bytes differ.
        """
        announce = None
        if callback_url is not None:
            await self._context.targets.check(callback_url, param="callback_url")
            announce = Announce(url=callback_url, format=NAME, only_final=True)
        same = fingerprint(call.caller, call.scope, to_json(sent))
        return replace(call.ask(NAME, announce=announce), fingerprint=same, memo=memo)

    async def show(self, call: Call) -> Response:
        generation = await self._video(call)
        polls = {} if generation.state.is_final else {POLL_HEADER: str(POLL_AFTER_MS)}
        return await self._reply(call, generation, headers=polls)

    async def show_task(self, call: Call) -> Response:
        generation = await self._video(call)
        known = await self._known(call, [generation])
        return _json(translate.as_task(generation, url=call.url, known=known))

    async def list(self, call: Call) -> Response:
        query = parse_query(wire.ListQuery, call.request)
        after = await self._after(query.after, call) if query.after else None
        wanted = GenerationFilter(
            makes=Medium.VIDEO,
            before_id=after.id if after else None,
            oldest_first=query.order == "asc",
            limit=query.limit + 1,
        )
        found = await self._context.generations.list(wanted, caller=call.caller)
        shown, has_more = first_page(found, query.limit)
        known = await self._known(call, shown)
        data = [translate.from_generation(one, known, kept=self._kept) for one in shown]
        return _json(
            wire.Page(
                data=data,
                first_id=data[0].id if data else None,
                last_id=data[-1].id if data else None,
                has_more=has_more,
            )
        )

    async def _after(self, video_id: str, call: Call) -> Generation:
        try:
            return await self._context.generations.get(video_id, caller=call.caller)
        except NotFound:
            why = f"after must be the id of a video that is there, not {quoted_json(video_id)}"
            raise InvalidRequest(why, param="after") from None

    async def remove(self, call: Call) -> Response:
        generation = await self._video(call)
        await self._context.generations.remove(generation.id, caller=call.caller)
        return _json(wire.Deleted(id=translate.video_id(generation.id)))

    async def content(self, call: Call) -> Response:
        query, generations = parse_query(wire.ContentQuery, call.request), self._context.generations
        generation = await self._video(call)
        small = query.variant == "thumbnail"
        artifact = await generations.artifact(
            generation.id,
            ArtifactKind.THUMBNAIL if small else ArtifactKind.VIDEO,
            caller=call.caller,
        )
        if query.variant != "spritesheet":
            return await self._file(call, generation, artifact)
        try:
            sheet = await generations.derived_file(artifact, SHEET, sprite_sheets.make_sprite_sheet)
        except InputUnusable as error:
            raise Conflict(str(error)) from None
        name = f"{translate.video_id(generation.id)}-{SHEET}"
        return await file_response(call, sheet, generations.media, name=name)

    async def _file(self, call: Call, generation: Generation, artifact: Artifact) -> Response:
        file = await self._context.generations.file(artifact)
        name = f"{translate.video_id(generation.id)}{PurePath(file.key).suffix}"
        return await file_response(call, file, self._context.generations.media, name=name)

    async def remix(self, call: Call) -> Response:
        sent = await _fields(call)
        body = parse.read(wire.RemixVideo, sent, call.unknown)
        earlier = await self._video(call)
        alias = parse.remix_alias(
            body.model,
            model=earlier.spec.model,
            alias=_memo(earlier).get(MODEL),
            catalogue=self._context.catalogue_for(call),
        )
        memo = {REMIXED: earlier.id} | ({MODEL: alias} if alias else {})
        ask = await self._ask(call, body.callback_url, sent, memo)
        try:
            made = await self._context.generations.remix(
                earlier.id, body.prompt, caller=call.caller, context=ask
            )
        except InvalidRequest as error:
            raise parse.with_our_names(error) from None
        return await self._reply(call, made)

    async def extend(self, call: Call) -> Response:
        sent = await _fields(call)
        body = parse.read(wire.ExtendVideo, sent, call.unknown)
        source, memo, model = await self._source(call, body.video)
        can = self._context.catalogue_for(call).capabilities(model)
        if problems := parse.check_length(body.seconds, can):
            raise InvalidRequest.of(problems)
        ask = await self._ask(call, body.callback_url, sent, memo)
        made = await self._submit(call, parse.extension(body, source), ask)
        return await self._reply(call, made)

    async def edit(self, call: Call) -> Response:
        sent = await _fields(call)
        body = parse.read(wire.EditVideo, sent, call.unknown)
        source, memo, _ = await self._source(call, body.video)
        ask = await self._ask(call, body.callback_url, sent, memo)
        made = await self._submit(call, parse.edit(body, source), ask)
        return await self._reply(call, made)

    async def _source(self, call: Call, video: wire.Footage) -> tuple[Source, dict[str, str], str]:
        """Return the source, the memo for its result, and the model."""
        if video.id is None:
            key = await self._files.keep_video(video.file or "", param="video")
            return Source(file=call.url(key)), {}, self._context.catalogue_for(call).resolve(None)
        earlier = await self._context.generations.get(video.id, caller=call.caller)
        if earlier.spec.makes is Medium.IMAGE:
            raise InvalidRequest(f"video {video.id} is a picture, not a video", param="video")
        return Source(generation_id=earlier.id), _memo(earlier), earlier.spec.model

    async def create_character(self, call: Call) -> Response:
        parse.read(wire.CreateCharacter, await _fields(call))
        raise InvalidRequest(_NO_CHARACTERS, param="video")

    async def show_character(self, call: Call) -> Response:
        raise NotFound(f"there is no character {quoted_text(call.parameter())}; {_NO_CHARACTERS}")

    async def list_models(self, call: Call) -> Response:
        return _json(wire.Models(data=models(self._context.catalogue_for(call))))

    async def show_model(self, call: Call) -> Response:
        return _json(model(call.parameter(), self._context.catalogue_for(call)))

    async def _video(self, call: Call) -> Generation:
        generation = await self._context.generations.get(call.parameter(), caller=call.caller)
        return require_video(generation)

    async def _known(self, call: Call, generations: Sequence[Generation]) -> dict[str, Generation]:
        """Return the generations that unfinished ones continue, without those that were deleted."""
        ids = [id_ for one in generations if (id_ := translate.goes_on_from(one))]
        found = await self._context.generations.get_many(ids, caller=call.caller) if ids else ()
        return {one.id: one for one in found}

    async def _reply(
        self, call: Call, generation: Generation, *, headers: dict[str, str] | None = None
    ) -> Response:
        known = await self._known(call, [generation])
        return _json(translate.from_generation(generation, known, kept=self._kept), headers=headers)


async def _fields(call: Call) -> Fields:
    return await fields(call.raw, call.request.headers.get("content-type", ""))


def _flat(sent: Fields) -> Fields:
    """Return new-api's fields: ``metadata`` has more of them, and a 0 means not set."""
    more = sent.get("metadata")
    inner = cast("Fields", more) if isinstance(more, dict) else {}
    pictures = sent.get("images")
    unset = {"metadata", "images", *(name for name in _ZEROS if str(sent.get(name)) == "0")}
    outer = {name: value for name, value in sent.items() if name not in unset}
    if isinstance(pictures, list) and pictures and "image" not in outer:
        first, *others = cast("list[object]", pictures)
        if others:
            raise InvalidRequest(
                "images must be one picture, the first frame of the video", param="images"
            )
        outer["image"] = first
    return inner | outer


def _memo(earlier: Generation) -> dict[str, str]:
    """Return the memo for the result of an earlier video: the name that its model has there."""
    name = earlier.memo.get(MODEL) if earlier.dialect == NAME else None
    return {MODEL: name} if name else {}


def _json(view: wire.View, *, headers: dict[str, str] | None = None) -> Response:
    return Response(view.model_dump_json(), headers=headers, media_type=JSON)
