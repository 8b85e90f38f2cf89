"""Submit, look up, list, cancel and retry generations."""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from rushes.core import lifecycle
from rushes.core.errors import Conflict, InvalidRequest, NotFound
from rushes.core.generation import Announce, ArtifactKind, Generation, GenerationId, State
from rushes.core.geometry import DEFAULT_RESOLUTION, nearest_ratio
from rushes.core.links import Links
from rushes.core.spec import MEDIA, GenerationSpec, Keyframe
from rushes.kit.clock import Clock
from rushes.kit.inline import NotAnImage, TooLong, from_text, is_url
from rushes.media.base import MediaStore
from rushes.service.accounts import Caller
from rushes.service.catalogue import Catalogue
from rushes.store.base import Filter, Once, Store

REMEMBERED: Final = timedelta(hours=24)
"""How long an idempotency key stands for the request that it was first sent with."""

SDK_RETRY: Final = timedelta(minutes=5)
"""How long an equal request that calls itself a retry is taken for one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A request to make a generation, apart from what is to be made."""

    dialect: str
    origin: str
    """The base URL at which the caller reached us."""

    announce: Announce | None = None
    idempotency_key: str | None = None
    fingerprint: str = ""
    """A hash of route and body."""

    sdk_retry: int | None = None
    """How often the client's library says it has sent this before; None if it does not say."""


class Generations:
    """The use cases. Knows seams only: a store, media, the catalogue, a clock."""

    def __init__(
        self,
        *,
        store: Store,
        media: MediaStore,
        catalogue: Catalogue,
        links: Links,
        clock: Clock,
    ) -> None:
        self._store = store
        self._media = media
        self._catalogue = catalogue
        self._links = links
        self._clock = clock

    async def submit(self, spec: GenerationSpec, *, caller: Caller, ask: Ask) -> Generation:
        """
        Accept *spec* and queue it; what comes back is on disk.

        Raises:
            InvalidRequest: The model cannot do this; each offending field has its sentence.

            NotFound: It extends a generation that is not there.

            Conflict: It extends a generation that is not completed.

            IdempotencyMismatch: The key was used with another request.
        """
        if spec.extends:
            spec = await self._continued(spec, caller)
        spec = replace(
            spec,
            model=self._catalogue.resolve(spec.model or None),
            resolution=spec.resolution or DEFAULT_RESOLUTION,
        )
        if refusals := self._catalogue.refusals(spec):
            detail = "; ".join(why for _, why in refusals)
            raise InvalidRequest(detail, param=refusals[0][0], problems=refusals)
        keyframes = await self._all_kept(spec.keyframes)
        now = self._clock.now()
        generation = Generation(
            id=GenerationId(str(uuid.uuid4())),
            account_id=caller.account_id,
            spec=replace(spec, keyframes=tuple(keyframes)),
            dialect=ask.dialect,
            origin=ask.origin,
            created_at=now,
            updated_at=now,
            available_at=now,
            announce=ask.announce,
        )
        return await self._store.write(lifecycle.submit(generation), once=self._once(ask))

    async def get(self, generation_id: str, *, caller: Caller) -> Generation:
        """Return one of the caller's generations. Raises NotFound; another's is not found."""
        found = await self._store.get(canonical_id(generation_id))
        if found.account_id != caller.account_id:
            raise NotFound(f"there is no generation {generation_id!r}")
        return found

    async def get_many(self, ids: Sequence[str], *, caller: Caller) -> tuple[Generation, ...]:
        """Return those of *ids* that are the caller's, in that order."""
        known = [id_ for id_ in map(_id_or_none, ids) if id_ is not None]
        found = await self._store.get_many(known)
        return tuple(g for g in found if g.account_id == caller.account_id)

    async def list(self, wanted: Filter, *, caller: Caller) -> tuple[Generation, ...]:
        """Return the caller's generations, newest first."""
        return await self._store.list(replace(wanted, account_id=caller.account_id))

    async def cancel(self, generation_id: str, *, caller: Caller) -> Generation:
        """Stop a generation, queued or running. Raises NotFound, IllegalTransition."""
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

            Conflict: It has not failed and was not cancelled.
        """
        found = await self.get(generation_id, caller=caller)
        if found.state not in {State.FAILED, State.CANCELLED}:
            raise Conflict(
                f"generation {found.id} is {found.state}; only a failed or cancelled one"
                " can be retried"
            )
        ask = Ask(dialect=found.dialect, origin=found.origin, announce=found.announce)
        return await self.submit(found.spec, caller=caller, ask=ask)

    async def keep_input(self, source: str, *, param: str) -> str:
        """
        Store an image sent as base64 or data URI; return its key in the media store.

        Raises:
            InvalidRequest: It is not base64, or not an image; or it is too large.
        """
        try:
            data, suffix = from_text(source)
        except (NotAnImage, TooLong) as error:
            raise InvalidRequest(f"{param} {error}", param=param) from None
        key = f"inputs/{hashlib.sha256(data).hexdigest()}{suffix}"
        if self._media.path(key) is None:
            await self._media.put_bytes(key, data)
        return key

    async def _all_kept(self, keyframes: Sequence[Keyframe]) -> list[Keyframe]:
        """Keep every inline image, or report each that is none."""
        kept: list[Keyframe] = []
        problems: list[tuple[str, str]] = []
        for keyframe in keyframes:
            try:
                kept.append(await self._kept(keyframe))
            except InvalidRequest as error:
                problems.extend(error.problems)
        if problems:
            detail = "; ".join(why for _, why in problems)
            raise InvalidRequest(detail, param=problems[0][0], problems=problems)
        return kept

    async def _kept(self, keyframe: Keyframe) -> Keyframe:
        """Turn inline bytes, and links to our own media, into ``media:<key>``."""
        source, param = keyframe.image, f"{keyframe.position}_image"
        if source is None:
            return keyframe
        if not is_url(source):
            return replace(keyframe, image=MEDIA + await self.keep_input(source, param=param))
        path = urlsplit(source).path
        key = self._links.key(path, now=self._clock.now())
        if key is None and self._links.has_expired(path, now=self._clock.now()):
            raise InvalidRequest(f"{param}: this link to our media has expired", param=param)
        return keyframe if key is None else replace(keyframe, image=MEDIA + key)

    async def _continued(self, spec: GenerationSpec, caller: Caller) -> GenerationSpec:
        """Return *spec* in the shape of the clip that it continues; refuse another shape."""
        earlier = await self.get(spec.extends or "", caller=caller)
        video = earlier.artifact(ArtifactKind.VIDEO)
        if earlier.state is not State.COMPLETED or video is None:
            raise Conflict(
                f"generation {earlier.id} is {earlier.state}; it can be extended once completed"
            )
        ratio = earlier.spec.aspect_ratio or nearest_ratio(video.width_px, video.height_px)
        shape = {"aspect_ratio": ratio, "resolution": earlier.spec.resolution}
        asked = {"aspect_ratio": spec.aspect_ratio, "resolution": spec.resolution}
        problems = tuple(
            (name, f"{name} must be {shape[name]}, that of the video to extend, not {value!r}")
            for name, value in asked.items()
            if value and value != shape[name]
        )
        if problems:
            raise InvalidRequest(
                "; ".join(why for _, why in problems), param=problems[0][0], problems=problems
            )
        model = spec.model or earlier.spec.model
        return replace(spec, model=model, aspect_ratio=ratio, resolution=shape["resolution"])

    def _once(self, ask: Ask) -> Once | None:
        now = self._clock.now()
        if ask.idempotency_key:
            return Once(
                key=ask.idempotency_key, fingerprint=ask.fingerprint, until=now + REMEMBERED
            )
        if ask.sdk_retry is None:
            return None
        return Once(
            key=f"sdk:{ask.fingerprint}",
            fingerprint=ask.fingerprint,
            until=now + SDK_RETRY,
            is_repeat=ask.sdk_retry > 0,
        )


def canonical_id(text: str) -> GenerationId:
    """
    Return the id in the form in which it is stored, from any form that a dialect shows.

    Raises:
        NotFound: It is no id of any form.
    """
    found = _id_or_none(text)
    if found is None:
        raise NotFound(f"there is no generation {text!r}")
    return found


def _id_or_none(text: str) -> GenerationId | None:
    try:
        return GenerationId(str(uuid.UUID(text.removeprefix("video_"))))
    except ValueError:
        return None
