"""From a generation to a job: what its spec refers to, fetched, checked and laid ready."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from rushes.core.capabilities import Capabilities
from rushes.core.errors import InputUnusable, NotFound
from rushes.core.generation import ArtifactKind, Generation, GenerationId
from rushes.core.geometry import size_problem
from rushes.core.spec import MEDIA_PREFIX, Keyframe, Kind, Medium, Position, Reference, Source
from rushes.engines.base import Job, ReferencePicture
from rushes.intake import videos
from rushes.intake.images import FAILED
from rushes.media.base import MediaStore
from rushes.store.base import Store
from rushes.worker.inputs import Inputs

PICTURES: Final = (ArtifactKind.IMAGE, ArtifactKind.LAST_FRAME)
"""What is taken where a generation stands for a picture: a still, or how a video ended."""

_Shows = Keyframe | Reference
"""What names a picture by its address or by a generation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobPreparation:
    """Lays everything ready that one attempt's engine needs."""

    store: Store
    media: MediaStore
    inputs: Inputs
    folder: Path
    """Private to the attempt."""

    can: Capabilities
    """Of the engine: how long and how large a source may be."""

    async def job(self, generation: Generation, prompt: str) -> Job:
        """
        Return the job of a generation.

        Raises:
            InputUnusable: What it refers to is gone, or cannot be used.

            TemporaryEngineError: An address may have what it should later.
        """
        spec = generation.spec
        earlier, later = await self._clips(generation)
        job = Job(
            spec=spec,
            prompt=prompt or await self._prompt_of_source(generation),
            first_image=await self._first(generation),
            last_image=await self._last(generation),
            earlier_clip=earlier,
            later_clip=later,
            source=await self._source(spec.source) if spec.source else None,
            guides=await self._guides(generation),
        )
        if spec.kind is Kind.VIDEO and job.source is not None:
            return await self._going_on(job, job.source)
        return job

    async def _going_on(self, job: Job, clip: Path) -> Job:
        """Return the job of what goes on from a clip from elsewhere, in that clip's own size."""
        ended = await self.inputs.last_frame(clip, self.folder / "first.png")
        size = ended.width_px // 2 * 2, ended.height_px // 2 * 2
        if why := size_problem(*size):
            raise videos.unusable(f"a video to extend {why}; it is {size[0]}x{size[1]}")
        return replace(
            job,
            spec=replace(job.spec, size_px=size),
            source=None,
            earlier_clip=clip,
            first_image=ended.file,
        )

    async def _clips(self, generation: Generation) -> tuple[Path | None, Path | None]:
        """Return the clips that are to be joined to what is made: one before it, one behind."""
        spec = generation.spec
        earlier = await self._file(spec.extends, ArtifactKind.VIDEO_RAW) if spec.extends else None
        later = await self._file(spec.leads_to, ArtifactKind.VIDEO_RAW) if spec.leads_to else None
        return earlier, later

    async def _first(self, generation: Generation) -> Path | None:
        keyframe = generation.spec.keyframe(Position.FIRST)
        if keyframe is None:
            return None
        into = self.folder / "first.png"
        if keyframe.generation_id:
            ended = await self._file(keyframe.generation_id, ArtifactKind.LAST_FRAME)
            return await self.inputs.prepare(ended, into)
        return await self._shown(keyframe, into)

    async def _last(self, generation: Generation) -> Path | None:
        keyframe = generation.spec.keyframe(Position.LAST)
        if keyframe is None:
            return None
        into = self.folder / "last.png"
        if keyframe.generation_id:
            clip = await self._file(keyframe.generation_id, ArtifactKind.VIDEO_RAW)
            return await self.inputs.first_frame(clip, into)
        return await self._shown(keyframe, into)

    async def _guides(self, generation: Generation) -> tuple[ReferencePicture, ...]:
        still = generation.spec.still
        guides: list[ReferencePicture] = []
        for order, reference in enumerate(still.references if still else ()):
            image = await self._shown(reference, self.folder / f"reference{order}.png")
            if image is not None:
                guides.append(
                    ReferencePicture(role=reference.role, image=image, weight=reference.weight)
                )
        return tuple(guides)

    async def _source(self, source: Source) -> Path | None:
        if source.medium is Medium.IMAGE:
            return await self._picture(source)
        if source.generation_id:
            return await self._file(source.generation_id, ArtifactKind.VIDEO_RAW)
        where = self._where(source.file)
        if where is None:
            return None
        limits = videos.VideoLimits(size_bytes=self.can.source_bytes, duration_s=self.can.source_s)
        return await self.inputs.prepare_video(where, self.folder, limits=limits)

    async def _picture(self, source: Source) -> Path | None:
        shown = Reference(image=source.file, generation_id=source.generation_id)
        return await self._shown(shown, self.folder / "source.png")

    async def _shown(self, what: _Shows, into: Path) -> Path | None:
        if what.generation_id:
            found = await self._file(what.generation_id, *PICTURES)
            return await self.inputs.prepare(found, into)
        where = self._where(what.image)
        return None if where is None else await self.inputs.prepare(where, into)

    def _where(self, address: str | None) -> str | Path | None:
        """Return the URL, or the file if it is in our media store."""
        if address is None or not address.startswith(MEDIA_PREFIX):
            return address
        path = self.media.path(address.removeprefix(MEDIA_PREFIX))
        if path is None:
            raise InputUnusable(f"{FAILED}: the file is no longer here")
        return path

    async def _file(self, generation_id: str, *kinds: ArtifactKind) -> Path:
        """Return the file of an earlier generation: of the first of the kinds that it has."""
        earlier = await self._found(generation_id)
        for kind in kinds:
            artifact = earlier.artifact(kind) if earlier else None
            path = self.media.path(artifact.key) if artifact else None
            if path is not None:
                return path
        what = "picture" if ArtifactKind.IMAGE in kinds else "video"
        raise InputUnusable(f"{FAILED}: the earlier {what} is gone")

    async def _found(self, generation_id: str) -> Generation | None:
        try:
            return await self.store.get(GenerationId(generation_id))
        except NotFound:
            return None

    async def _prompt_of_source(self, generation: Generation) -> str:
        """Return what the video to be given sound was made from, when no words came with it."""
        source = generation.spec.source
        if generation.spec.kind is not Kind.AUDIO or source is None or not source.generation_id:
            return ""
        earlier = await self._found(source.generation_id)
        return earlier.spec.prompt if earlier else ""
