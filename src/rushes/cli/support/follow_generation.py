"""One generation as a command sees it, on a server or in a data folder."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from rushes.bootstrap.application import House
from rushes.cli.support.relay_client import connected
from rushes.cli.support.exit_codes import ExitCode, Stop
from rushes.cli.support.native_client import Native
from rushes.cli.support.run_command import in_house, run
from rushes.core.generation import Generation, State
from rushes.service.progress_stream import Standing
from rushes.service.generation_ids import canonical_id
from rushes.settings import Settings

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """How a generation stands."""

    state: State
    progress: float
    position: int | None
    """How many wait before it; None unless it is queued."""

    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
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
                raise Stop(f"the file of generation {self.id} was removed", ExitCode.NOT_FOUND)
            case State.FAILED:
                raise Stop(f"generation {self.id} failed: {self.failure}", ExitCode.FAILED)
            case State.CANCELLED:
                told = f"generation {self.id} was cancelled; `rushes generations retry` asks anew"
                raise Stop(told, ExitCode.FAILED)
            case State.EXPIRED:
                raise Stop(f"generation {self.id} has expired: {self.failure}", ExitCode.NOT_FOUND)
            case State.QUEUED | State.RUNNING:
                told = f"generation {self.id} is {self.state}, {self.progress:.0%} done"
                raise Stop(f"{told}; `rushes watch {self.id}` waits for it", ExitCode.REFUSED)


class Seen(Protocol):
    """One generation, wherever it is."""

    def follow(self) -> AsyncGenerator[Moment]:
        """Yield how it stands, whenever that changes, until it is final."""
        ...

    async def end(self) -> End:
        """Return it as it is now."""
        ...


def seen(
    generation_id: str,
    server: str | None,
    key: str | None,
    settings: Callable[[], Settings],
    work: Callable[[Seen], Awaitable[T]],
) -> T:
    """
    Return what *work* returns for a generation of the server or, if none is named, of the folder.

    Raises:
        Stop: The server refuses, or there is no data in the folder.

        NotFound: There is no such generation.
    """
    if server is None:

        async def here(house: House) -> T:
            return await work(_Here(house, await house.store.get(canonical_id(generation_id))))

        return in_house(settings(), here)

    async def there() -> T:
        async with connected(server, key) as http:
            return await work(_There(Native(http), generation_id))

    return run(there())


class _There:
    """On a server."""

    def __init__(self, native: Native, generation_id: str) -> None:
        self._native = native
        self._id = generation_id

    async def follow(self) -> AsyncGenerator[Moment]:
        async for told in self._native.follow(self._id):
            yield Moment(
                state=State(told["state"]),
                progress=told["progress"],
                position=told["position"],
                attempt=told["attempt"],
            )

    async def end(self) -> End:
        told = await self._native.get(self._id)
        files: dict[str, Any] = told["artifacts"]
        file = files.get("video") or files.get("image")
        made = datetime.fromisoformat(told["created_at"])
        finished = told["finished_at"] and datetime.fromisoformat(told["finished_at"])
        return End(
            id=told["id"],
            state=State(told["state"]),
            progress=told["progress"],
            failure=told["failure"] and told["failure"]["message"],
            file=file and file["url"],
            took_s=(finished - made).total_seconds() if finished else None,
        )


class _Here:
    """In a data folder, beside a server that may run on it."""

    def __init__(self, house: House, generation: Generation) -> None:
        self._house = house
        self._generation = generation

    async def follow(self) -> AsyncGenerator[Moment]:
        async for news in self._house.following.follow(self._generation):
            if isinstance(news, Standing):
                yield Moment(
                    state=news.generation.state,
                    progress=news.generation.progress,
                    position=news.position,
                    attempt=news.generation.attempt,
                )

    async def end(self) -> End:
        now = await self._house.store.get(self._generation.id)
        paths = [
            self._house.media.path(artifact.key)
            for artifact in now.artifacts
            if artifact.kind in {"video", "image"}
        ]
        finished = now.finished_at
        return End(
            id=now.id,
            state=now.state,
            progress=now.progress,
            failure=now.failure.message if now.failure else None,
            file=str(paths[0].resolve()) if paths and paths[0] else None,
            took_s=(finished - now.created_at).total_seconds() if finished else None,
        )
