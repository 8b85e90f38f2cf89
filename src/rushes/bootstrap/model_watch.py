"""Offer models that are pulled while the server runs, and withdraw those that are removed."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import structlog

from rushes.core.errors import RushesError
from rushes.core.spec import GenerationSpec
from rushes.engines.base import Channel, Engine, render_permit
from rushes.local_models.folder import folder_signature

EVERY_S: Final = 2.0
"""Seconds between two looks at the names in the folder of models."""

_log: Final = structlog.get_logger()


class ModelWatch:
    """
    Looks at the folder of models, and makes the channels anew when a model came or went.

    A pull may run in another process, such as ``rushes models pull``, so the folder is what all of
    them have in common. Work under way keeps its engine; the engine of a removed model is closed
    when it has nothing to do.

    Args:
        make: Returns the channels as the folder is now, with the same engines for the same models.

        apply: Takes the channels into use.
    """

    def __init__(
        self,
        folder: Path,
        make: Callable[[], Sequence[Channel]],
        apply: Callable[[Sequence[Channel]], None],
    ) -> None:
        self._folder = folder
        self._make = make
        self._apply = apply
        self.channels = tuple(make())
        """All channels of the server, as of now."""

        self._signature = folder_signature(folder)
        self._retiring = set[asyncio.Task[None]]()

    async def run(self) -> None:
        """Look from time to time until cancelled."""
        while True:
            await asyncio.sleep(EVERY_S)
            await self.look()

    async def look(self) -> None:
        """Make the channels anew if a model came or went since the last look."""
        signature = await asyncio.to_thread(folder_signature, self._folder)
        if signature == self._signature:
            return
        self._signature = signature
        try:
            found = tuple(await asyncio.to_thread(self._make))
        except (RushesError, OSError) as error:  # the models that were there go on
            _log.warning("models_not_read", reason=str(error))
            return
        before, self.channels = self.channels, found
        self._apply(self.channels)
        old, new = _engines(before), _engines(self.channels)
        _log.info("models_changed", channels=[one.name for one in self.channels])
        for name in old.keys() - new.keys():
            task = asyncio.create_task(_retire(old[name]))
            self._retiring.add(task)
            task.add_done_callback(self._retiring.discard)

    async def close(self) -> None:
        """Wait for the engines of removed models to be closed."""
        await asyncio.gather(*self._retiring, return_exceptions=True)


def _engines(channels: Sequence[Channel]) -> dict[int, Engine]:
    return {id(channel.engine): channel.engine for channel in channels}


async def _retire(engine: Engine) -> None:
    """Close an engine when it has nothing to do."""
    async with render_permit(engine, GenerationSpec(prompt="")):
        await engine.close()
