"""One generation as a command sees it, on a server or in a data folder."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from rushes.bootstrap.application import Application
from rushes.cli.support.exit_codes import CommandError, ExitCode
from rushes.cli.support.native_client import NativeClient
from rushes.cli.support.relay_client import connected
from rushes.cli.support.run_command import in_house, run
from rushes.core.generation import Generation, State
from rushes.service.generation_ids import canonical_id
from rushes.service.progress_stream import ProgressView
from rushes.settings import Settings

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationMoment:
    """How a generation stands."""

    state: State
    progress: float
    position: int | None
    """How many wait before it; None unless it is queued."""

    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationEnd:
    """A generation as it is now: once it is final, how it ended."""

    id: str
    state: State
    progress: float
    failure: str | None
    file: str | None
    """The URL or the path of what was made."""

    took_s: float | None
    """Seconds from the request to the end."""

    def made(self) -> str:
        """Return where its file is. Raises Stop, with the way out, when there is none."""
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
                told = f"generation {self.id} was cancelled; `rushes generations retry` asks anew"
                raise CommandError(told, ExitCode.FAILED)
            case State.EXPIRED:
                raise CommandError(
                    f"generation {self.id} has expired: {self.failure}", ExitCode.NOT_FOUND
                )
            case State.QUEUED | State.RUNNING:
                told = f"generation {self.id} is {self.state}, {self.progress:.0%} done"
                raise CommandError(
                    f"{told}; `rushes watch {self.id}` waits for it", ExitCode.REFUSED
                )


class FollowedGeneration(Protocol):
    """One generation, wherever it is."""

    def follow(self) -> AsyncGenerator[GenerationMoment]:
        """Yield how it stands, whenever that changes, until it is final."""
        ...

    async def end(self) -> GenerationEnd:
        """Return it as it is now."""
        ...


def seen(
    generation_id: str,
    server: str | None,
    key: str | None,
    settings: Callable[[], Settings],
    work: Callable[[FollowedGeneration], Awaitable[T]],
) -> T:
    """
    Return what *work* returns for a generation of the server or, if none is named, of the folder.

    Raises:
        Stop: The server refuses, or there is no data in the folder.

        NotFound: There is no such generation.
    """
    if server is None:

        async def here(house: Application) -> T:
            return await work(_Here(house, await house.store.get(canonical_id(generation_id))))

        return in_house(settings(), here)

    async def there() -> T:
        async with connected(server, key) as http:
            return await work(_There(NativeClient(http), generation_id))

    return run(there())


class _There:
    """On a server."""

    def __init__(self, native: NativeClient, generation_id: str) -> None:
        self._native = native
        self._id = generation_id

    async def follow(self) -> AsyncGenerator[GenerationMoment]:
        async for told in self._native.follow(self._id):
            yield GenerationMoment(
                state=State(told["state"]),
                progress=told["progress"],
                position=told["position"],
                attempt=told["attempt"],
            )

    async def end(self) -> GenerationEnd:
        told = await self._native.get(self._id)
        files: dict[str, Any] = told["artifacts"]
        file = files.get("video") or files.get("image")
        made = datetime.fromisoformat(told["created_at"])
        finished = told["finished_at"] and datetime.fromisoformat(told["finished_at"])
        return GenerationEnd(
            id=told["id"],
            state=State(told["state"]),
            progress=told["progress"],
            failure=told["failure"] and told["failure"]["message"],
            file=file and file["url"],
            took_s=(finished - made).total_seconds() if finished else None,
        )


class _Here:
    """In a data folder, beside a server that may run on it."""

    def __init__(self, house: Application, generation: Generation) -> None:
        self._house = house
        self._generation = generation

    async def follow(self) -> AsyncGenerator[GenerationMoment]:
        async for news in self._house.progress_stream.follow(self._generation):
            if isinstance(news, ProgressView):
                yield GenerationMoment(
                    state=news.generation.state,
                    progress=news.generation.progress,
                    position=news.position,
                    attempt=news.generation.attempt,
                )

    async def end(self) -> GenerationEnd:
        now = await self._house.store.get(self._generation.id)
        paths = [
            self._house.media.path(artifact.key)
            for artifact in now.artifacts
            if artifact.kind in {"video", "image"}
        ]
        finished = now.finished_at
        return GenerationEnd(
            id=now.id,
            state=now.state,
            progress=now.progress,
            failure=now.failure.message if now.failure else None,
            file=str(paths[0].resolve()) if paths and paths[0] else None,
            took_s=(finished - now.created_at).total_seconds() if finished else None,
        )
