"""Submit, look up, list, cancel, retry and delete generations."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from rushes.core import lifecycle
from rushes.core.errors import Conflict, Expired, Gone, InvalidRequest, MediaError
from rushes.core.generation import (
    AccountId,
    Artifact,
    ArtifactKind,
    Generation,
    Revision,
    State,
)
from rushes.core.keys import Scope
from rushes.core.rendered import preview_key
from rushes.core.signed_links import SignedLinks
from rushes.core.spec import GenerationSpec, Kind
from rushes.kit.clock import Clock
from rushes.kit.temporary_folders import TemporaryFolders
from rushes.media.base import MediaStore, StoredFile
from rushes.service import stored_inputs
from rushes.service.accounts import Caller
from rushes.service.admission import Admission, QuoteFor, free_of_charge, not_theirs, owned
from rushes.service.catalogue import Catalogue
from rushes.service.generation_ids import canonical_id, id_or_none
from rushes.service.inline_pictures import InlinePicture, read_picture
from rushes.service.references import (
    failure_suffix,
    require_artifact,
)
from rushes.service.request_context import RequestContext
from rushes.store.base import Event, GenerationFilter, Store

Make = Callable[[Path, Path], Awaitable[object]]
"""Makes one file from another; takes the path of the source and the path of the result."""


class Generations:
    """The use cases of generations."""

    def __init__(
        self,
        *,
        store: Store,
        media: MediaStore,
        catalogue: Catalogue,
        links: SignedLinks,
        clock: Clock,
        quote: QuoteFor = free_of_charge,
    ) -> None:
        self._store = store
        self.media: Final = media
        self._admission = Admission(
            store=store,
            media=media,
            catalogue=catalogue,
            links=links,
            clock=clock,
            quote=quote,
        )
        self._derive_lock = asyncio.Lock()
        self._scratch = TemporaryFolders()
        self._clock = clock

    async def submit(
        self, spec: GenerationSpec, *, caller: Caller, context: RequestContext
    ) -> Generation:
        """
        Queue *spec*, and return the generation after it is stored on disk.

        Raises:
            InvalidRequest: The model cannot make this; each offending field has a sentence.

            NotFound: The spec refers to an unknown generation.

            NotReady: The spec refers to an unfinished generation.

            Conflict: The spec refers to a generation that has no video and will have none.

            IdempotencyMismatch: The idempotency key was used with another request.

            InsufficientCredits: It may cost more than the account's balance.

            Forbidden, TooManyInFlight: The key lacks the scope, or has reached its limit.
        """
        return await self._admission.submit(spec, caller=caller, context=context)

    async def check(self, spec: GenerationSpec, *, caller: Caller) -> GenerationSpec:
        """Return *spec* as :meth:`submit` would queue it. Raises the same, and stores nothing."""
        return (await self._admission.check(spec, caller=caller)).spec

    async def get(self, generation_id: str, *, caller: Caller) -> Generation:
        """Return one of the caller's generations. Raises NotFound, also for another account's."""
        return await owned(self._store, generation_id, caller=caller)

    async def get_changed(
        self, generation_id: str, known: Revision, *, owner: AccountId, caller: Caller
    ) -> Generation | None:
        """
        Return a generation of *owner* unless *known* is still its revision; then None.

        Raises:
            NotFound: The caller is another account, or the generation was removed.
        """
        if owner != caller.account_id:
            raise not_theirs(generation_id)
        return await self._store.get_changed(canonical_id(generation_id), known)

    async def get_many(self, ids: Sequence[str], *, caller: Caller) -> tuple[Generation, ...]:
        """Return the caller's generations with these ids, in that order."""
        known = [id_ for id_ in map(id_or_none, ids) if id_ is not None]
        found = await self._store.get_many(known)
        return tuple(g for g in found if g.account_id == caller.account_id)

    async def list(self, wanted: GenerationFilter, *, caller: Caller) -> tuple[Generation, ...]:
        """Return the caller's generations, newest first."""
        return await self._store.list(replace(wanted, account_id=caller.account_id))

    async def cancel(self, generation_id: str, *, caller: Caller) -> Generation:
        """Cancel an unfinished generation. Raises NotFound, IllegalTransition, Forbidden."""
        caller.require(Scope.GENERATE)
        while True:
            found = await self.get(generation_id, caller=caller)
            change = lifecycle.cancel(found, now=self._clock.now())
            try:
                return await self._store.write(change)
            except Conflict:
                continue  # another process changed it meanwhile

    async def retry(self, generation_id: str, *, caller: Caller) -> Generation:
        """
        Submit the spec of a failed or cancelled generation as a new generation.

        Raises:
            NotFound: There is no generation with this id.

            Conflict: It has not failed and was not cancelled, or its pictures were deleted.

            InvalidRequest: Its model is no longer on offer, or can no longer make this.
        """
        found = await self.get(generation_id, caller=caller)
        if found.state not in {State.FAILED, State.CANCELLED}:
            raise Conflict(
                f"generation {found.id} is {found.state}; only a failed or cancelled one"
                " can be retried"
            )
        if problems := await self._admission.refusals(found.spec, caller=caller):
            raise InvalidRequest.of(problems)
        await stored_inputs.require_inputs(self.media, found)
        context = RequestContext(
            dialect=found.dialect,
            origin=found.origin,
            announce=found.announce,
            memo=found.memo,
            ignored_fields=found.ignored_fields,
        )
        # Not by submit: the images are stored already, and submit refuses media keys of callers.
        return await self._admission.queue(found.spec, caller=caller, context=context)

    async def remix(
        self, generation_id: str, prompt: str, *, caller: Caller, context: RequestContext
    ) -> Generation:
        """
        Submit the spec of a finished video with another prompt.

        Raises:
            NotFound: There is no generation with this id.

            NotReady: It is unfinished.

            Conflict: It has no video and will have none.

            InvalidRequest: It was not made from a prompt, or its model can no longer make this.
        """
        found = await self.get(generation_id, caller=caller)
        require_artifact(found, ArtifactKind.VIDEO, purpose="it can be made again with other words")
        # Without the plan: the engine would draw it and ignore the new prompt.
        spec = replace(found.spec, prompt=prompt, shot_plan=None)
        problems = await self._admission.refusals(spec, caller=caller)
        if spec.kind not in {Kind.VIDEO, Kind.MODIFY}:
            reason = f"generation {found.id} was not made from words ({spec.kind}); ask for a video"
            problems = (("prompt", reason), *problems)
        if problems:
            raise InvalidRequest.of(problems)
        await stored_inputs.require_inputs(self.media, found)
        return await self._admission.queue(spec, caller=caller, context=context)

    async def events(self, generation_id: str, *, caller: Caller) -> tuple[Event, ...]:
        """Return the events of one of the caller's generations, oldest first."""
        found = await self.get(generation_id, caller=caller)
        return await self._store.events(found.id)

    async def remove(self, generation_id: str, *, caller: Caller) -> None:
        """
        Delete a final generation and its files.

        Raises:
            NotFound: There is no generation with this id.

            Conflict: It is unfinished.
        """
        caller.require(Scope.GENERATE)
        found = await self.get(generation_id, caller=caller)
        if not found.state.is_final:
            raise Conflict(
                f"generation {found.id} is {found.state}; cancel it first, then it can be removed"
            )
        with suppress(Conflict):  # another request has removed it
            await self._store.remove(found)
        # After an interruption or an error, garbage collection deletes the recorded folder.
        with suppress(MediaError):
            await self.media.delete(found.id)

    async def artifact(self, generation_id: str, kind: ArtifactKind, *, caller: Caller) -> Artifact:
        """
        Return a finished file of one of the caller's generations.

        Raises:
            NotFound: There is no such generation.

            NotReady: It is unfinished.

            Conflict: It has failed or was cancelled, or has no file of this kind.

            Gone: The file has been removed; Expired: after its retention time.
        """
        found = await self.get(generation_id, caller=caller)
        if found.state is State.EXPIRED:
            raise Expired(f"generation {found.id} has expired{failure_suffix(found)}")
        artifact = require_artifact(found, kind, purpose=f"its {kind} can be had")
        if await self.media.find(artifact.key) is None:
            raise Gone(f"the {kind} of generation {found.id} has been removed")
        return artifact

    async def preview(self, generation: Generation) -> StoredFile | None:
        """Return a running generation's preview, if it has one."""
        if generation.state is not State.RUNNING:
            return None
        with suppress(MediaError):  # a generation can be shown without it
            return await self.media.find(preview_key(generation))
        return None

    async def file(self, artifact: Artifact) -> StoredFile:
        """Return the stored file of an artifact. Raises Gone when it has been removed."""
        found = await self.media.find(artifact.key)
        if found is None:
            raise Gone(f"the {artifact.kind} has been removed")
        return found

    async def content(self, artifact: Artifact) -> bytes:
        """Return the bytes of an artifact, a picture. Raises Gone when it has been removed."""
        return b"".join([part async for part in self.media.read(await self.file(artifact))])

    async def derived_file(self, artifact: Artifact, name: str, make: Make) -> StoredFile:
        """
        Return a file that is made from an artifact, and stored under *name* beside it.

        The first request makes it. Only one such file is made at a time.

        Args:
            make: Takes the path of the artifact and the path of the new file.

        Raises:
            Gone: The artifact has been removed.
        """
        key = f"{artifact.key.rpartition('/')[0]}/{name}"
        async with self._derive_lock:
            if (kept := await self.media.find(key)) is not None:
                return kept
            with self._scratch.folder() as folder:
                into = folder / name
                source = await self.media.local_file(artifact.key, folder)
                if source is None:
                    raise Gone(f"the {artifact.kind} has been removed")
                await make(source, into)
                await self.media.put(key, into)
            kept = await self.media.find(key)
        if kept is None:
            raise Gone(f"the {artifact.kind} has been removed")
        return kept

    async def store_input(self, source: str, *, param: str) -> str | None:
        """
        Store an image sent as base64 or data URI; return its key in the media store.

        For a URL it stores nothing and returns None.

        Raises:
            InvalidRequest: It is neither a URL nor an image, or an image that is too large.
        """
        image = await read_picture(source, param=param)
        return None if isinstance(image, str) else await self._keep(image)

    async def _keep(self, image: InlinePicture) -> str:
        return await stored_inputs.store_input(self.media, *image)
