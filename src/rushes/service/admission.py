"""
Take a spec from a handler to the queue.

:meth:`Admission.submit` is the whole way, and each step is one function: resolve references,
complete the spec from earlier work, choose the model, check capabilities, resolve addresses,
store inline pictures, price, queue. A step takes a :class:`Draft` and returns the next one. Most
specs refer to nothing: they skip the first two steps, because this is the hot path.
"""

import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import field, replace
from urllib.parse import urlsplit

from rushes.core import lifecycle
from rushes.core.errors import GenerationNotFound, InvalidRequest
from rushes.core.generation import Artifact, ArtifactKind, Generation, GenerationId
from rushes.core.geometry import DEFAULT_RESOLUTION
from rushes.core.keys import Scope
from rushes.core.pricing import Quote
from rushes.core.signed_links import SignedLinks
from rushes.core.spec import MEDIA_PREFIX, GenerationSpec, Medium
from rushes.kit.clock import Clock
from rushes.kit.inline_images import is_url
from rushes.kit.light_values import NEW_DICT, light_value
from rushes.kit.quoting import quoted_text
from rushes.media.base import MediaStore
from rushes.service import stored_inputs
from rushes.service.accounts import Caller
from rushes.service.catalogue import Catalogue
from rushes.service.generation_ids import canonical_id
from rushes.service.inline_pictures import InlinePicture, read_picture
from rushes.service.references import (
    PICTURE_KINDS,
    Problems,
    check_source_size,
    complete_from_source,
    drop_generation,
    input_addresses,
    match_video,
    referenced_ids,
    replace_addresses,
    require_artifact,
)
from rushes.service.request_context import RequestContext
from rushes.store.base import Store

QuoteFor = Callable[[GenerationSpec], Awaitable[Quote | None]]
"""Returns what a spec may cost; None: it is free."""


async def free_of_charge(_spec: GenerationSpec) -> None:
    """Quote nothing: every generation is free."""


async def owned(store: Store, generation_id: str, *, caller: Caller) -> Generation:
    """
    Return one of the caller's generations.

    Raises:
        NotFound: There is no such generation, or it belongs to another account.
    """
    found = await store.get(canonical_id(generation_id))
    if found.account_id != caller.account_id:
        raise not_theirs(generation_id)
    return found


def not_theirs(generation_id: str) -> GenerationNotFound:
    """Return the error for a generation of another account, which is that for an unknown one."""
    return GenerationNotFound(f"there is no generation {quoted_text(generation_id)}")


@light_value
class Draft:
    """A spec on its way to the queue, with what earlier steps have found."""

    spec: GenerationSpec
    earlier: Mapping[str, Generation] = field(default_factory=NEW_DICT)
    """The generations that the spec names, by the id that it names them with."""

    source: Artifact | None = None
    """The file to work on, if it belongs to an earlier generation."""

    addresses: Mapping[str, str] = field(default_factory=NEW_DICT)
    """Addresses that replace those in the spec, by the names of ``input_addresses``."""

    pictures: Mapping[str, InlinePicture] = field(default_factory=NEW_DICT)
    """Pictures that came inside the request, by the same names. They are not stored yet."""

    problems: Problems = ()
    """Every mistake so far: the caller sees all of them in one error."""


def use_still_keyframes(draft: Draft) -> Draft:
    """Replace keyframes that name a generation of a still by its picture."""
    spec, addresses = draft.spec, dict(draft.addresses)
    for keyframe in spec.keyframes:
        if keyframe.generation_id:
            picture = draft.earlier[keyframe.generation_id].artifact(ArtifactKind.IMAGE)
            if picture is not None:
                addresses[f"{keyframe.position}_image"] = MEDIA_PREFIX + picture.key
                spec = drop_generation(spec, keyframe.position)
    return replace(draft, spec=spec, addresses=addresses)


def complete_from_keyframes(draft: Draft) -> Draft:
    """
    Give a new video the shape of the videos that it continues, precedes or connects.

    Raises:
        NotReady: One of them is still being made.

        Conflict: One of them has no video and will have none.
    """
    spec, problems = draft.spec, draft.problems
    for keyframe in spec.keyframes:
        if keyframe.generation_id:
            earlier = draft.earlier[keyframe.generation_id]
            video = require_artifact(earlier, ArtifactKind.VIDEO, purpose="it can be extended")
            spec, more = match_video(spec, earlier, video)
            problems += more
    return replace(draft, spec=spec, problems=problems)


def complete_from_sources(draft: Draft, catalogue: Catalogue) -> Draft:
    """
    Fill in what an edit leaves open from the generation that it works on.

    Raises:
        NotReady: A generation that the spec names is still being made.

        Conflict: A generation that the spec names has no such file and will have none.
    """
    spec = draft.spec
    for reference in spec.still.references if spec.still else ():
        if reference.generation_id:
            earlier = draft.earlier[reference.generation_id]
            require_artifact(earlier, *PICTURE_KINDS, purpose="it can be followed")
    if spec.source is None or not spec.source.generation_id:
        return draft
    earlier = draft.earlier[spec.source.generation_id]
    kinds = (ArtifactKind.VIDEO,) if spec.source.medium is Medium.VIDEO else PICTURE_KINDS
    source = require_artifact(earlier, *kinds, purpose="it can be worked on")
    upscales = _upscales(catalogue, spec.model or earlier.spec.model)
    spec, problems = complete_from_source(spec, earlier, source, upscales=upscales)
    return replace(draft, spec=spec, source=source, problems=draft.problems + problems)


def choose_model(draft: Draft, catalogue: Catalogue) -> Draft:
    """Set the model's canonical name and a resolution. Raises InvalidRequest for other models."""
    spec = draft.spec
    model = catalogue.resolve(spec.model or None, makes=spec.makes)
    if model == spec.model and spec.resolution:
        return draft  # copying the spec would take a quarter of the time of all steps
    resolution = spec.resolution or DEFAULT_RESOLUTION
    return replace(draft, spec=replace(spec, model=model, resolution=resolution))


class Admission:
    """Takes specs to the queue. :meth:`submit` is the only way for a caller's spec."""

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
        self._media = media
        self._catalogue = catalogue
        self._links = links
        self._clock = clock
        self._quote = quote

    async def submit(
        self, spec: GenerationSpec, *, caller: Caller, context: RequestContext
    ) -> Generation:
        """Check, complete, price and queue *spec*. Raises what ``Generations.submit`` does."""
        draft = await self.check(spec, caller=caller)
        checked = await self._store_pictures(draft) if draft.pictures else draft.spec
        return await self.queue(checked, caller=caller, context=context)

    async def check(self, spec: GenerationSpec, *, caller: Caller) -> Draft:
        """
        Return *spec* with nothing left open, and store nothing.

        Raises:
            InvalidRequest: The spec cannot be made; the error names every offending field.

            NotFound, NotReady, Conflict: A generation that the spec names cannot be used.
        """
        catalogue = self._catalogue.restricted_to(caller.limits.models)
        draft = Draft(spec=spec)
        if ids := referenced_ids(spec):
            draft = await self._resolve_references(draft, ids, caller)
            draft = use_still_keyframes(draft)
            draft = complete_from_keyframes(draft)
            draft = complete_from_sources(draft, catalogue)
        draft = choose_model(draft, catalogue)
        draft = await self._check_capabilities(draft, catalogue)
        if draft.spec.keyframes or draft.spec.source or draft.spec.still:
            draft = await self._resolve_addresses(draft)
        if draft.problems:
            raise InvalidRequest.of(draft.problems)
        if not draft.addresses:
            return draft
        return replace(draft, spec=replace_addresses(draft.spec, draft.addresses))

    async def queue(
        self, spec: GenerationSpec, *, caller: Caller, context: RequestContext
    ) -> Generation:
        """
        Price and queue a spec that has been checked.

        Raises:
            Forbidden: The key has not the scope ``generate``.

            IdempotencyMismatch: The idempotency key was used with another request.

            InsufficientCredits: The generation may cost more than the account has.

            TooManyInFlight: The key has as many generations waiting and running as it may.
        """
        caller.require(Scope.GENERATE)
        now = self._clock.now()
        generation = Generation(
            id=GenerationId(str(uuid.uuid4())),
            account_id=caller.account_id,
            key_id=caller.key_id,
            spec=spec,
            dialect=context.dialect,
            origin=context.origin,
            created_at=now,
            updated_at=now,
            available_at=now,
            announce=context.announce,
            memo=context.memo,
            ignored_fields=context.ignored_fields,
            quote=await self._quote(spec),
        )
        return await self._store.write(
            lifecycle.submit(generation),
            once=context.idempotency_claim(now),
            in_flight_limit=caller.in_flight_limit,
        )

    async def refusals(self, spec: GenerationSpec, *, caller: Caller) -> Problems:
        """Return why no channel can make *spec*; the caller owns the generations that it names."""
        return await self._refusals(spec, self._catalogue.restricted_to(caller.limits.models))

    async def _resolve_references(
        self, draft: Draft, ids: tuple[str, ...], caller: Caller
    ) -> Draft:
        earlier = {one: await owned(self._store, one, caller=caller) for one in ids}
        return replace(draft, earlier=earlier)

    async def _check_capabilities(self, draft: Draft, catalogue: Catalogue) -> Draft:
        # A still as a keyframe is known by its address only, and is an image all the same.
        spec = replace_addresses(draft.spec, draft.addresses)
        problems = await self._refusals(spec, catalogue)
        if draft.source is not None:
            problems += check_source_size(draft.source, catalogue.capabilities(draft.spec.model))
        return replace(draft, problems=draft.problems + problems) if problems else draft

    async def _refusals(self, spec: GenerationSpec, catalogue: Catalogue) -> Problems:
        ids = [GenerationId(one) for one in spec.parents]
        return catalogue.refusals(spec, await self._store.get_many(ids) if ids else ())

    async def _resolve_addresses(self, draft: Draft) -> Draft:
        """Read each address: a URL stays, a link to our media becomes its key."""
        addresses, pictures, problems = dict(draft.addresses), dict(draft.pictures), draft.problems
        for name, address, medium in input_addresses(draft.spec):
            try:
                found = await self._read_address(address, name, medium)
            except InvalidRequest as error:
                problems += error.problems
                continue
            if isinstance(found, tuple):
                pictures[name] = found
            else:
                addresses[name] = found
        if not (addresses or pictures or problems):
            return draft
        return replace(draft, addresses=addresses, pictures=pictures, problems=problems)

    async def _read_address(self, address: str, name: str, medium: Medium) -> str | InlinePicture:
        """Return a URL, ``media:<key>`` for a file of ours, or the picture itself."""
        if medium is Medium.VIDEO and not is_url(address):
            raise InvalidRequest(f"{name} must be the URL of a video", param=name)
        found = await read_picture(address, param=name)
        if isinstance(found, tuple):
            return found
        path = urlsplit(found).path
        key = self._links.key(path, now=self._clock.now())
        if key is None and self._links.has_expired(path, now=self._clock.now()):
            raise InvalidRequest(f"{name}: this link to a file here has expired", param=name)
        if key is not None and not await stored_inputs.exists(self._media, key):
            raise InvalidRequest(
                f"{name}: this link is to a file that was never uploaded or has been removed",
                param=name,
            )
        return found if key is None else MEDIA_PREFIX + key

    async def _store_pictures(self, draft: Draft) -> GenerationSpec:
        stored = {
            name: MEDIA_PREFIX + await stored_inputs.store_input(self._media, *picture)
            for name, picture in draft.pictures.items()
        }
        return replace_addresses(draft.spec, stored)


def _upscales(catalogue: Catalogue, model: str) -> tuple[str, ...]:
    try:
        return catalogue.capabilities(model).upscales
    except InvalidRequest:
        return ()  # choose_model refuses it, with the models that are offered
