"""Submit, look up, list, cancel and retry generations."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from rushes.core import lifecycle
from rushes.core.errors import Conflict, Expired, Gone, InvalidRequest, MediaError, NotFound
from rushes.core.generation import (
    Artifact,
    ArtifactKind,
    Generation,
    GenerationId,
    State,
)
from rushes.core.geometry import DEFAULT_RESOLUTION
from rushes.core.keys import Scope
from rushes.core.signed_links import SignedLinks
from rushes.core.spec import MEDIA, GenerationSpec, Kind, Medium
from rushes.kit.clock import Clock
from rushes.kit.inline_images import is_url
from rushes.kit.quoting import quoted_text
from rushes.kit.temporary_folders import TemporaryFolders
from rushes.media.base import MediaStore
from rushes.service import stored_inputs
from rushes.service.accounts import Caller
from rushes.service.catalogue import Catalogue
from rushes.service.credits import Credits
from rushes.service.generation_ids import canonical_id, id_or_none
from rushes.service.inline_pictures import Inline, read
from rushes.service.request_context import RequestContext
from rushes.service.sources import (
    PICTURES,
    Problems,
    addresses_in,
    finished,
    shaped_like,
    too_long,
    why,
    with_addresses,
    without_generation,
    worked_on,
)
from rushes.store.base import Event, GenerationFilter, Store

Make = Callable[[Path, Path], Awaitable[object]]
"""Makes one file from another: told where the one is, and where to write the other."""


class Generations:
    """The use cases. Knows seams only: a store, media, the catalogue, a clock."""

    def __init__(
        self,
        *,
        store: Store,
        media: MediaStore,
        catalogue: Catalogue,
        links: SignedLinks,
        clock: Clock,
        purse: Credits | None = None,
    ) -> None:
        self._store = store
        self._purse = purse
        self._media = media
        self._catalogue = catalogue
        self._links = links
        self._making = asyncio.Lock()
        self._scratch = TemporaryFolders()
        self._clock = clock

    async def submit(
        self, spec: GenerationSpec, *, caller: Caller, ask: RequestContext
    ) -> Generation:
        """
        Accept *spec* and queue it; what comes back is on disk.

        Raises:
            InvalidRequest: The model cannot do this; each offending field has its sentence.

            NotFound: It extends a generation that is not there.

            NotReady: It extends a generation that is still being made.

            Conflict: It extends a generation that has no video and will have none.

            IdempotencyMismatch: The key was used with another request.

            InsufficientCredits: It may cost more than the account has.

            Forbidden, TooManyInFlight: The key may not ask for any, or for no more just now.
        """
        spec, images = await self._admitted(spec, caller)
        kept = {name: MEDIA + await self._keep(image) for name, image in images.items()}
        spec = with_addresses(spec, kept)
        return await self._queue(spec, caller, ask)

    async def _queue(self, spec: GenerationSpec, caller: Caller, ask: RequestContext) -> Generation:
        caller.must(Scope.GENERATE)
        now = self._clock.now()
        generation = Generation(
            id=GenerationId(str(uuid.uuid4())),
            account_id=caller.account_id,
            key_id=caller.key_id,
            spec=spec,
            dialect=ask.dialect,
            origin=ask.origin,
            created_at=now,
            updated_at=now,
            available_at=now,
            announce=ask.announce,
            memo=ask.memo,
            ignored_fields=ask.ignored_fields,
            quote=await self._purse.quote(spec) if self._purse else None,
        )
        return await self._store.write(
            lifecycle.submit(generation), once=ask.once(now), room=caller.room
        )

    async def check(self, spec: GenerationSpec, *, caller: Caller) -> GenerationSpec:
        """Return *spec* as it would be accepted; raise what :meth:`submit` would. Keeps nothing."""
        return (await self._admitted(spec, caller))[0]

    async def get(self, generation_id: str, *, caller: Caller) -> Generation:
        """Return one of the caller's generations. Raises NotFound; another's is not found."""
        found = await self._store.get(canonical_id(generation_id))
        if found.account_id != caller.account_id:
            raise NotFound(f"there is no generation {quoted_text(generation_id)}")
        return found

    async def get_many(self, ids: Sequence[str], *, caller: Caller) -> tuple[Generation, ...]:
        """Return those of *ids* that are the caller's, in that order."""
        known = [id_ for id_ in map(id_or_none, ids) if id_ is not None]
        found = await self._store.get_many(known)
        return tuple(g for g in found if g.account_id == caller.account_id)

    async def list(self, wanted: GenerationFilter, *, caller: Caller) -> tuple[Generation, ...]:
        """Return the caller's generations, newest first."""
        return await self._store.list(replace(wanted, account_id=caller.account_id))

    async def cancel(self, generation_id: str, *, caller: Caller) -> Generation:
        """Stop a generation, queued or running. Raises NotFound, IllegalTransition, Forbidden."""
        caller.must(Scope.GENERATE)
        while True:
            found = await self.get(generation_id, caller=caller)
            change = lifecycle.cancel(found, now=self._clock.now())
            try:
                return await self._store.write(change)
            except Conflict:
                continue  # somebody moved it in between; look again

    async def retry(self, generation_id: str, *, caller: Caller) -> Generation:
        """
        Ask anew for what failed or was cancelled, as a generation of its own.

        Raises:
            NotFound: There is none with this id.

            Conflict: It has not failed and was not cancelled, or its pictures are gone.

            InvalidRequest: Its model is no longer offered, or can no longer do this.
        """
        found = await self.get(generation_id, caller=caller)
        if found.state not in {State.FAILED, State.CANCELLED}:
            raise Conflict(
                f"generation {found.id} is {found.state}; only a failed or cancelled one"
                " can be retried"
            )
        if problems := await self._refusals(found.spec, caller):
            raise InvalidRequest.of(problems)
        await stored_inputs.need(self._media, found)
        ask = RequestContext(
            dialect=found.dialect,
            origin=found.origin,
            announce=found.announce,
            memo=found.memo,
            ignored_fields=found.ignored_fields,
        )
        # Not by submit: the images are kept already, and no caller may name what is kept.
        return await self._queue(found.spec, caller, ask)

    async def remix(
        self, generation_id: str, prompt: str, *, caller: Caller, ask: RequestContext
    ) -> Generation:
        """
        Ask for what a finished video was made of, but with other words.

        Raises:
            NotFound: There is none with this id.

            NotReady: It is still being made.

            Conflict: It has no video and will have none.

            InvalidRequest: No words went into it, or its model can no longer do this.
        """
        found = await self.get(generation_id, caller=caller)
        finished(found, ArtifactKind.VIDEO, purpose="it can be made again with other words")
        spec = replace(found.spec, prompt=prompt)
        problems = await self._refusals(spec, caller)
        if spec.kind not in {Kind.VIDEO, Kind.MODIFY}:
            why = f"generation {found.id} was not made from words ({spec.kind}); ask for a video"
            problems = (("prompt", why), *problems)
        if problems:
            raise InvalidRequest.of(problems)
        await stored_inputs.need(self._media, found)
        return await self._queue(spec, caller, ask)

    async def events(self, generation_id: str, *, caller: Caller) -> tuple[Event, ...]:
        """Return what became true of one of the caller's generations, oldest first."""
        found = await self.get(generation_id, caller=caller)
        return await self._store.events(found.id)

    async def remove(self, generation_id: str, *, caller: Caller) -> None:
        """
        Forget a final generation and its files, for good.

        Raises:
            NotFound: There is none with this id.

            Conflict: It is still waiting or running.
        """
        caller.must(Scope.GENERATE)
        found = await self.get(generation_id, caller=caller)
        if not found.state.is_final:
            raise Conflict(
                f"generation {found.id} is {found.state}; cancel it first, then it can be removed"
            )
        with suppress(Conflict):  # somebody else has removed it too
            await self._store.remove(found)
        # Whoever is cut off in between, or fails: the store knows that this folder has to go.
        with suppress(MediaError):
            await self._media.delete(found.id)

    async def artifact(self, generation_id: str, kind: ArtifactKind, *, caller: Caller) -> Artifact:
        """
        Return a finished file of one of the caller's generations.

        Raises:
            NotFound: There is no such generation.

            NotReady: It is still being made.

            Conflict: It has failed or was cancelled, or has no file of this kind.

            Gone: The file has been removed; Expired, if its time was over.
        """
        found = await self.get(generation_id, caller=caller)
        if found.state is State.EXPIRED:
            raise Expired(f"generation {found.id} has expired{why(found)}")
        artifact = finished(found, kind, purpose=f"its {kind} can be had")
        if self._media.path(artifact.key) is None:
            raise Gone(f"the {kind} of generation {found.id} has been removed")
        return artifact

    def file(self, artifact: Artifact) -> Path:
        """Return where an artifact can be read. Raises Gone when it has been removed."""
        path = self._media.path(artifact.key)
        if path is None:
            raise Gone(f"the {artifact.kind} has been removed")
        return path

    async def beside(self, artifact: Artifact, name: str, make: Make) -> Path:
        """
        Return a file that is made from an artifact, and kept under *name* beside it.

        It is made when it is first asked for; one at a time, whoever asks.

        Args:
            make: Told where the artifact is, and where to write.

        Raises:
            Gone: The artifact has been removed.
        """
        key = f"{artifact.key.rpartition('/')[0]}/{name}"
        async with self._making:
            kept = self._media.path(key)
            if kept is not None:
                return kept
            with self._scratch.folder() as folder:
                into = folder / name
                await make(self.file(artifact), into)
                await self._media.put(key, into)
        kept = self._media.path(key)
        if kept is None:
            raise Gone(f"the {artifact.kind} has been removed")
        return kept

    async def keep_input(self, source: str, *, param: str) -> str | None:
        """
        Store an image sent as base64 or data URI; return its key in the media store.

        None comes back for a URL: there is nothing to keep of it.

        Raises:
            InvalidRequest: It is neither a URL nor an image, or an image that is too large.
        """
        image = await read(source, param=param)
        return None if isinstance(image, str) else await self._keep(image)

    async def _keep(self, image: Inline) -> str:
        return await stored_inputs.keep(self._media, *image)

    async def _admitted(
        self, spec: GenerationSpec, caller: Caller
    ) -> tuple[GenerationSpec, dict[str, Inline]]:
        """Return *spec* with nothing left open, and the images that came inside it, by field."""
        stills, spec = await self._stills(spec, caller)
        spec, problems = await self._joined(spec, caller)
        spec, source, more = await self._sourced(spec, caller)
        catalogue = self._catalogue.only(caller.limits.models)
        model = catalogue.resolve(spec.model or None, makes=spec.makes)
        if model != spec.model or not spec.resolution:  # to copy it costs a quarter of this all
            spec = replace(spec, model=model, resolution=spec.resolution or DEFAULT_RESOLUTION)
        problems += more + await self._refusals(spec, caller)
        if source is not None:
            problems += too_long(source, catalogue.capabilities(spec.model))
        images: dict[str, Inline] = {}
        known: dict[str, str] = {}
        for name, address, medium in addresses_in(spec):
            try:
                found = await self._found_at(address, name, medium)
            except InvalidRequest as error:
                problems += error.problems
                continue
            if isinstance(found, tuple):
                images[name] = found
            else:
                known[name] = found
        if problems:
            raise InvalidRequest.of(problems)
        return with_addresses(spec, known | stills), images

    async def _refusals(self, spec: GenerationSpec, caller: Caller) -> Problems:
        """Return why no channel can do all of *spec*, whose generations are the caller's."""
        kin = await self._store.get_many([GenerationId(one) for one in spec.kin])
        return self._catalogue.only(caller.limits.models).refusals(spec, kin)

    async def _found_at(self, address: str, name: str, medium: Medium) -> str | Inline:
        """Return what an address is: a URL, ``media:<key>`` for our own, or an image."""
        if medium is Medium.VIDEO and not is_url(address):
            raise InvalidRequest(f"{name} must be the URL of a video", param=name)
        found = await read(address, param=name)
        if isinstance(found, tuple):
            return found
        path = urlsplit(found).path
        key = self._links.key(path, now=self._clock.now())
        if key is None and self._links.has_expired(path, now=self._clock.now()):
            raise InvalidRequest(f"{name}: this link to our media has expired", param=name)
        if key is not None and not await stored_inputs.is_here(self._media, key):
            raise InvalidRequest(
                f"{name}: this file of ours is not here: it was never put, or was removed",
                param=name,
            )
        return found if key is None else MEDIA + key

    async def _stills(
        self, spec: GenerationSpec, caller: Caller
    ) -> tuple[dict[str, str], GenerationSpec]:
        """Take the keyframes that name a still for the pictures that they are."""
        stills: dict[str, str] = {}
        for keyframe in spec.keyframes:
            if not keyframe.generation_id:
                continue
            image = (await self.get(keyframe.generation_id, caller=caller)).artifact(
                ArtifactKind.IMAGE
            )
            if image is not None:
                stills[f"{keyframe.position}_image"] = MEDIA + image.key
                spec = without_generation(spec, keyframe.position)
        return stills, spec

    async def _joined(
        self, spec: GenerationSpec, caller: Caller
    ) -> tuple[GenerationSpec, Problems]:
        """Return *spec* in the shape of the videos that it comes after, before or between."""
        problems: Problems = ()
        for keyframe in spec.keyframes:
            if not keyframe.generation_id:
                continue
            earlier = await self.get(keyframe.generation_id, caller=caller)
            video = finished(earlier, ArtifactKind.VIDEO, purpose="it can be extended")
            spec, more = shaped_like(spec, earlier, video)
            problems += more
        return spec, problems

    async def _sourced(
        self, spec: GenerationSpec, caller: Caller
    ) -> tuple[GenerationSpec, Artifact | None, Problems]:
        """Return *spec* with what it takes from its source, and the source if it is ours."""
        for reference in spec.still.references if spec.still else ():
            if reference.generation_id:
                earlier = await self.get(reference.generation_id, caller=caller)
                finished(earlier, *PICTURES, purpose="it can be followed")
        if spec.source is None or not spec.source.generation_id:
            return spec, None, ()
        earlier = await self.get(spec.source.generation_id, caller=caller)
        kinds = (ArtifactKind.VIDEO,) if spec.source.medium is Medium.VIDEO else PICTURES
        source = finished(earlier, *kinds, purpose="it can be worked on")
        upscales = self._upscales(spec.model or earlier.spec.model, caller)
        spec, problems = worked_on(spec, earlier, source, upscales=upscales)
        return spec, source, problems

    def _upscales(self, model: str, caller: Caller) -> tuple[str, ...]:
        try:
            return self._catalogue.only(caller.limits.models).capabilities(model).upscales
        except InvalidRequest:
            return ()  # it is not offered any more, which is refused where models are resolved
