"""Find and follow one generation, on a server or in a data folder."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from rushes.bootstrap.application import Application
from rushes.cli.support.exit_codes import CommandError, ExitCode
from rushes.cli.support.run_command import run, with_application
from rushes.cli.support.server_client import ServerClient, connect
from rushes.core.generation import Generation, State
from rushes.service.generation_ids import canonical_id
from rushes.service.progress_stream import ProgressView
from rushes.settings import Settings

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationMoment:
    """The progress of a generation at one moment."""

    state: State
    progress: float
    position: int | None
    """How many generations wait before it; None unless it is queued."""

    attempt: int
    phase: str | None = None
    """What a local model does at the moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationEnd:
    """A generation's current state; of a final one, its result."""

    id: str
    state: State
    progress: float
    failure: str | None
    file: str | None
    """The URL or the path of the video or image."""

    took_s: float | None
    """Seconds from the request to the end."""

    def require_file(self) -> str:
        """Return the URL or the path of the result. Raises CommandError when there is none."""
        match self.state:
            case State.COMPLETED if self.file:
                return self.file
            case State.COMPLETED:
                raise CommandError(
                    f"the file of generation {self.id} was removed", ExitCode.NOT_FOUND
                )
            case State.FAILED:
                raise CommandError(f"generation {self.id} failed: {self.failure}", ExitCode.FAILED)
            case State.CANCELLED:
                raise CommandError(
                    f"generation {self.id} was cancelled; `rushes generations retry` submits it"
                    " again",
                    ExitCode.FAILED,
                )
            case State.EXPIRED:
                raise CommandError(
                    f"generation {self.id} has expired: {self.failure}", ExitCode.NOT_FOUND
                )
            case State.QUEUED | State.RUNNING:
                raise CommandError(
                    f"generation {self.id} is {self.state}, {self.progress:.0%} done;"
                    f" `rushes watch {self.id}` waits for it",
                    ExitCode.REFUSED,
                )


class FollowedGeneration(Protocol):
    """One generation, on a server or in a data folder."""

    def follow(self) -> AsyncGenerator[GenerationMoment]:
        """Yield each change of its progress until it is final."""
        ...

    async def end(self) -> GenerationEnd:
        """Return its current state."""
        ...


def with_generation(
    generation_id: str,
    server: str | None,
    key: str | None,
    settings: Callable[[], Settings],
    work: Callable[[FollowedGeneration], Awaitable[T]],
) -> T:
    """
    Return the result of *work* for a generation, on the server or, without one, in the data folder.

    Raises:
        CommandError: The server refuses, or there is no data in the folder.

        NotFound: There is no such generation.
    """
    if server is None:

        async def here(application: Application) -> T:
            return await work(
                _InDataFolder(application, await application.store.get(canonical_id(generation_id)))
            )

        return with_application(settings(), here)

    async def there() -> T:
        async with connect(server, key) as http:
            return await work(_OnServer(ServerClient(http), generation_id))

    return run(there())


class _OnServer:
    def __init__(self, client: ServerClient, generation_id: str) -> None:
        self._client = client
        self._id = generation_id

    async def follow(self) -> AsyncGenerator[GenerationMoment]:
        async for progress in self._client.follow(self._id):
            yield GenerationMoment(
                state=State(progress["state"]),
                progress=progress["progress"],
                position=progress["position"],
                attempt=progress["attempt"],
                phase=progress.get("phase"),
            )

    async def end(self) -> GenerationEnd:
        reply = await self._client.get(self._id)
        files: dict[str, Any] = reply["artifacts"]
        file = files.get("video") or files.get("image")
        made = datetime.fromisoformat(reply["created_at"])
        finished = reply["finished_at"] and datetime.fromisoformat(reply["finished_at"])
        return GenerationEnd(
            id=reply["id"],
            state=State(reply["state"]),
            progress=reply["progress"],
            failure=reply["failure"] and reply["failure"]["message"],
            file=file and file["url"],
            took_s=(finished - made).total_seconds() if finished else None,
        )


class _InDataFolder:
    """Reads the data folder beside a server that may run on it."""

    def __init__(self, application: Application, generation: Generation) -> None:
        self._application = application
        self._generation = generation

    async def follow(self) -> AsyncGenerator[GenerationMoment]:
        async for news in self._application.progress_stream.follow(self._generation):
            if isinstance(news, ProgressView):
                yield GenerationMoment(
                    state=news.generation.state,
                    progress=news.generation.progress,
                    position=news.position,
                    attempt=news.generation.attempt,
                    phase=news.generation.phase,
                )

    async def end(self) -> GenerationEnd:
        now = await self._application.store.get(self._generation.id)
        media = self._application.media
        files = [
            media.location(artifact.key)
            for artifact in now.artifacts
            if artifact.kind in {"video", "image"} and await media.find(artifact.key)
        ]
        finished = now.finished_at
        return GenerationEnd(
            id=now.id,
            state=now.state,
            progress=now.progress,
            failure=now.failure.message if now.failure else None,
            file=files[0] if files else None,
            took_s=(finished - now.created_at).total_seconds() if finished else None,
        )
