"""Check a spec before it is queued: what it refers to, what its model can do."""

from dataclasses import replace
from urllib.parse import urlsplit

from rushes.core.errors import InvalidRequest, NotFound
from rushes.core.generation import (
    Artifact,
    ArtifactKind,
    Generation,
    GenerationId,
)
from rushes.core.geometry import DEFAULT_RESOLUTION
from rushes.core.signed_links import SignedLinks
from rushes.core.spec import MEDIA_PREFIX, GenerationSpec, Medium
from rushes.kit.clock import Clock
from rushes.kit.inline_images import is_url
from rushes.kit.quoting import quoted_text
from rushes.media.base import MediaStore
from rushes.service import stored_inputs
from rushes.service.accounts import Caller
from rushes.service.catalogue import Catalogue
from rushes.service.generation_ids import canonical_id
from rushes.service.inline_pictures import InlinePicture, read_picture
from rushes.service.sources import (
    PICTURES,
    Problems,
    addresses_in,
    finished,
    shaped_like,
    too_long,
    with_addresses,
    without_generation,
    worked_on,
)
from rushes.store.base import Store


async def owned(store: Store, generation_id: str, *, caller: Caller) -> Generation:
    """Return one of the caller's generations. Raises NotFound; another's is not found."""
    found = await store.get(canonical_id(generation_id))
    if found.account_id != caller.account_id:
        raise NotFound(f"there is no generation {quoted_text(generation_id)}")
    return found


class Admission:
    """Completes and checks specs; stores nothing."""

    def __init__(
        self,
        *,
        store: Store,
        media: MediaStore,
        catalogue: Catalogue,
        links: SignedLinks,
        clock: Clock,
    ) -> None:
        self._store = store
        self._media = media
        self._catalogue = catalogue
        self._links = links
        self._clock = clock

    async def admit(
        self, spec: GenerationSpec, caller: Caller
    ) -> tuple[GenerationSpec, dict[str, InlinePicture]]:
        """Return *spec* with nothing left open, and the images that came inside it, by field."""
        stills, spec = await self._stills(spec, caller)
        spec, problems = await self._joined(spec, caller)
        spec, source, more = await self._sourced(spec, caller)
        catalogue = self._catalogue.restricted_to(caller.limits.models)
        model = catalogue.resolve(spec.model or None, makes=spec.makes)
        if model != spec.model or not spec.resolution:  # to copy it costs a quarter of this all
            spec = replace(spec, model=model, resolution=spec.resolution or DEFAULT_RESOLUTION)
        problems += more + await self.refusals(spec, caller)
        if source is not None:
            problems += too_long(source, catalogue.capabilities(spec.model))
        images: dict[str, InlinePicture] = {}
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

    async def refusals(self, spec: GenerationSpec, caller: Caller) -> Problems:
        """Return why no channel can do all of *spec*, whose generations are the caller's."""
        parents = await self._store.get_many([GenerationId(one) for one in spec.parents])
        return self._catalogue.restricted_to(caller.limits.models).refusals(spec, parents)

    async def _found_at(self, address: str, name: str, medium: Medium) -> str | InlinePicture:
        """Return what an address is: a URL, ``media:<key>`` for our own, or an image."""
        if medium is Medium.VIDEO and not is_url(address):
            raise InvalidRequest(f"{name} must be the URL of a video", param=name)
        found = await read_picture(address, param=name)
        if isinstance(found, tuple):
            return found
        path = urlsplit(found).path
        key = self._links.key(path, now=self._clock.now())
        if key is None and self._links.has_expired(path, now=self._clock.now()):
            raise InvalidRequest(f"{name}: this link to our media has expired", param=name)
        if key is not None and not await stored_inputs.exists(self._media, key):
            raise InvalidRequest(
                f"{name}: this file of ours is not here: it was never put, or was removed",
                param=name,
            )
        return found if key is None else MEDIA_PREFIX + key

    async def _stills(
        self, spec: GenerationSpec, caller: Caller
    ) -> tuple[dict[str, str], GenerationSpec]:
        """Take the keyframes that name a still for the pictures that they are."""
        stills: dict[str, str] = {}
        for keyframe in spec.keyframes:
            if not keyframe.generation_id:
                continue
            image = (await owned(self._store, keyframe.generation_id, caller=caller)).artifact(
                ArtifactKind.IMAGE
            )
            if image is not None:
                stills[f"{keyframe.position}_image"] = MEDIA_PREFIX + image.key
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
            earlier = await owned(self._store, keyframe.generation_id, caller=caller)
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
                earlier = await owned(self._store, reference.generation_id, caller=caller)
                finished(earlier, *PICTURES, purpose="it can be followed")
        if spec.source is None or not spec.source.generation_id:
            return spec, None, ()
        earlier = await owned(self._store, spec.source.generation_id, caller=caller)
        kinds = (ArtifactKind.VIDEO,) if spec.source.medium is Medium.VIDEO else PICTURES
        source = finished(earlier, *kinds, purpose="it can be worked on")
        upscales = self._upscales(spec.model or earlier.spec.model, caller)
        spec, problems = worked_on(spec, earlier, source, upscales=upscales)
        return spec, source, problems

    def _upscales(self, model: str, caller: Caller) -> tuple[str, ...]:
        try:
            return self._catalogue.restricted_to(caller.limits.models).capabilities(model).upscales
        except InvalidRequest:
            return ()  # it is not offered any more, which is refused where models are resolved
