"""Prepare an engine's job: fetch and check everything that a generation refers to."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from rushes.core.capabilities import Capabilities
from rushes.core.errors import InputUnusable, NotFound
from rushes.core.generation import ArtifactKind, Generation, GenerationId
from rushes.core.geometry import size_problem
from rushes.core.shot_plan import ShotPlan
from rushes.core.spec import MEDIA_PREFIX, Keyframe, Kind, Medium, Position, Reference, Source
from rushes.engines.base import Job, ReferencePicture
from rushes.intake import videos
from rushes.intake.images import FAILED
from rushes.media.base import MediaStore
from rushes.store.base import Store
from rushes.worker.inputs import Inputs

PICTURES: Final = (ArtifactKind.IMAGE, ArtifactKind.LAST_FRAME)
"""The artifacts that serve as the picture of an earlier generation, the best one first."""

_PictureReference = Keyframe | Reference
"""A reference to a picture by its address or by an earlier generation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobPreparation:
    """Prepare the job of one attempt."""

    store: Store
    media: MediaStore
    inputs: Inputs
    folder: Path
    """A folder of the attempt's own."""

    can: Capabilities
    """The engine's capabilities, which limit the length and size of a source."""

    async def job(
        self, generation: Generation, prompt: str, shot_plan: ShotPlan | None = None
    ) -> Job:
        """
        Return the job of a generation.

        Raises:
            InputUnusable: An input is gone or cannot be used.

            TemporaryEngineError: An input could not be fetched; another try may succeed.
        """
        spec = generation.spec
        earlier, later = await self._clips(generation)
        job = Job(
            spec=spec,
            prompt=prompt or await self._prompt_of_source(generation),
            first_image=await self._first_image(generation),
            last_image=await self._last_image(generation),
            earlier_clip=earlier,
            later_clip=later,
            source=await self._source(spec.source) if spec.source else None,
            guides=await self._reference_pictures(generation),
            shot_plan=shot_plan,
        )
        if spec.kind is Kind.VIDEO and job.source is not None:
            return await self._continue_clip(job, job.source)
        return job

    async def _continue_clip(self, job: Job, clip: Path) -> Job:
        """Return the job that extends an uploaded clip, in the size of that clip."""
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
        """Return the clips to join to the new video: one before it and one after it."""
        spec = generation.spec
        earlier = await self._file(spec.extends, ArtifactKind.VIDEO_RAW) if spec.extends else None
        later = await self._file(spec.leads_to, ArtifactKind.VIDEO_RAW) if spec.leads_to else None
        return earlier, later

    async def _first_image(self, generation: Generation) -> Path | None:
        keyframe = generation.spec.keyframe(Position.FIRST)
        if keyframe is None:
            return None
        into = self.folder / "first.png"
        if keyframe.generation_id:
            ended = await self._file(keyframe.generation_id, ArtifactKind.LAST_FRAME)
            return await self.inputs.prepare(ended, into)
        return await self._reference_image(keyframe, into)

    async def _last_image(self, generation: Generation) -> Path | None:
        keyframe = generation.spec.keyframe(Position.LAST)
        if keyframe is None:
            return None
        into = self.folder / "last.png"
        if keyframe.generation_id:
            clip = await self._file(keyframe.generation_id, ArtifactKind.VIDEO_RAW)
            return await self.inputs.first_frame(clip, into)
        return await self._reference_image(keyframe, into)

    async def _reference_pictures(self, generation: Generation) -> tuple[ReferencePicture, ...]:
        still = generation.spec.still
        pictures: list[ReferencePicture] = []
        for order, reference in enumerate(still.references if still else ()):
            image = await self._reference_image(reference, self.folder / f"reference{order}.png")
            if image is not None:
                pictures.append(
                    ReferencePicture(role=reference.role, image=image, weight=reference.weight)
                )
        return tuple(pictures)

    async def _source(self, source: Source) -> Path | None:
        if source.medium is Medium.IMAGE:
            return await self._picture(source)
        if source.generation_id:
            return await self._file(source.generation_id, ArtifactKind.VIDEO_RAW)
        location = await self._location(source.file)
        if location is None:
            return None
        limits = videos.VideoLimits(size_bytes=self.can.source_bytes, duration_s=self.can.source_s)
        return await self.inputs.prepare_video(location, self.folder, limits=limits)

    async def _picture(self, source: Source) -> Path | None:
        reference = Reference(image=source.file, generation_id=source.generation_id)
        return await self._reference_image(reference, self.folder / "source.png")

    async def _reference_image(self, reference: _PictureReference, into: Path) -> Path | None:
        if reference.generation_id:
            file = await self._file(reference.generation_id, *PICTURES)
            return await self.inputs.prepare(file, into)
        location = await self._location(reference.image)
        return None if location is None else await self.inputs.prepare(location, into)

    async def _location(self, address: str | None) -> str | Path | None:
        """Return the URL, or the file if the media store holds it."""
        if address is None or not address.startswith(MEDIA_PREFIX):
            return address
        path = await self.media.local_file(address.removeprefix(MEDIA_PREFIX), self.folder)
        if path is None:
            raise InputUnusable(f"{FAILED}: the file is no longer here")
        return path

    async def _file(self, generation_id: str, *kinds: ArtifactKind) -> Path:
        """Return a file of an earlier generation, of the first of the *kinds* that it has."""
        earlier = await self._find(generation_id)
        for kind in kinds:
            artifact = earlier.artifact(kind) if earlier else None
            path = await self.media.local_file(artifact.key, self.folder) if artifact else None
            if path is not None:
                return path
        what = "picture" if ArtifactKind.IMAGE in kinds else "video"
        raise InputUnusable(f"{FAILED}: the earlier {what} is gone")

    async def _find(self, generation_id: str) -> Generation | None:
        try:
            return await self.store.get(GenerationId(generation_id))
        except NotFound:
            return None

    async def _prompt_of_source(self, generation: Generation) -> str:
        """Return the source video's prompt for a sound without a prompt of its own."""
        source = generation.spec.source
        if generation.spec.kind is not Kind.AUDIO or source is None or not source.generation_id:
            return ""
        earlier = await self._find(source.generation_id)
        return earlier.spec.prompt if earlier else ""
