"""The animatic engine: a previsualisation of any spec, on any CPU, honest about what it is."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from rushes.core.capabilities import Capabilities
from rushes.core.geometry import RATIOS, SHORT_SIDES_PX, STILL_SIZES, UPSCALED_PX
from rushes.core.rendered import Rendered
from rushes.core.spec import Kind, Medium, Role
from rushes.engines.animatic.camera_words import CONCEPTS
from rushes.engines.base import Job, ReportProgress
from rushes.engines.video.watch import Watch, in_thread

_CAPABILITIES: Final = Capabilities(
    resolutions=tuple(SHORT_SIDES_PX),
    durations_s=(4.0, 5.0, 8.0, 9.0, 10.0, 12.0),
    ratios=tuple(RATIOS),
    sizes=True,
    extend_backwards=True,
    shot_plans=True,
    interpolate=True,
    concepts=CONCEPTS,
    kinds=(Kind.VIDEO, Kind.IMAGE, Kind.UPSCALE, Kind.AUDIO, Kind.REFRAME),
    still_ratios=tuple(STILL_SIZES),
    still_formats=("jpg", "png"),
    references=tuple(Role),
    upscales=tuple(UPSCALED_PX),
    reframes=tuple(Medium),
)


class AnimaticEngine:
    """
    Draws by procedure, moves pictures in two and a half dimensions; no neural model.

    Nothing heavy is imported before the first render, so that a server process can ask
    what it is capable of while a child process renders.
    """

    def __init__(
        self,
        *,
        threads: int = 2,
        watermark: str | None = None,
        credentials_folder: Path | None = None,
        label: Mapping[str, str] | None = None,
    ) -> None:
        """
        Configure it.

        Args:
            threads: Of the encoder; one more draws.

            watermark: Words for the corner of ``video``; ``video_raw`` stays without.

            credentials_folder: Where the certificates for content credentials are kept, and
                made when there are none. None signs nothing. Needs the extra ``credentials``.

            label: What videos say of themselves, the fields of ``Label``, where the pictures come
                from another engine; None: that no model made them.
        """
        self._threads = threads
        self._watermark = watermark
        self._credentials_folder = credentials_folder
        self._label = label

    @property
    def name(self) -> str:
        return "animatic"

    @property
    def capabilities(self) -> Capabilities:
        return _CAPABILITIES

    async def render(self, job: Job, folder: Path, report: ReportProgress) -> tuple[Rendered, ...]:
        return await in_thread(lambda watch: self._produce(job, folder, watch), report)

    async def close(self) -> None:
        """Hold nothing between renders."""

    def _produce(self, job: Job, folder: Path, watch: Watch) -> tuple[Rendered, ...]:
        watch.progress(0.0)
        from rushes.engines.animatic.production import (  # noqa: PLC0415  # numpy, cv2 and av come with it
            Setup,
            produce,
        )
        from rushes.engines.video.mp4 import Label  # noqa: PLC0415  # as above

        setup = Setup(threads=self._threads, watermark=self._watermark, sign=self._signer())
        if self._label is not None:
            setup = replace(setup, label=Label(**self._label))
        if job.spec.kind is Kind.VIDEO:
            return produce(job, folder, setup, watch)
        from rushes.engines.animatic.edits.work import work  # noqa: PLC0415  # as above

        return work(job, folder, setup, watch)

    def _signer(self) -> Callable[[Path, str, bool], None] | None:
        if self._credentials_folder is None:
            return None
        from rushes.engines.animatic.credentials import (  # noqa: PLC0415  # an optional extra
            Credentials,
        )

        return Credentials(self._credentials_folder).sign
