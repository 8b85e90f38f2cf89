"""``rushes watch``: follow one generation until it is final."""

# ruff: noqa: PLR0917  # each parameter of a command is an option

from dataclasses import asdict
from typing import TYPE_CHECKING

from rushes.cli.support.options import (
    Config,
    Data,
    GenerationIdArgument,
    Json,
    KeyOption,
    ServerUrl,
    settings,
)
from rushes.cli.support.output import print_json, say

if TYPE_CHECKING:
    from rushes.cli.support.follow_generation import FollowedGeneration, GenerationMoment


def watch(
    generation_id: GenerationIdArgument,
    server: ServerUrl = None,
    key: KeyOption = None,
    data: Data = None,
    config: Config = None,
    json: Json = False,
) -> None:
    """
    Follow one generation until it is final, and show its result and its file.

    The command reads the server or, without --server, the data folder. With --json it prints each
    change as a line of JSON, the last one with the file. The exit status is 1 if it failed.
    """
    from rushes.cli.support.follow_generation import with_generation

    async def work(found: "FollowedGeneration") -> None:
        await (_print_lines(found) if json else _show_progress(found, generation_id))

    with_generation(generation_id, server, key, lambda: settings(data, config), work)


async def _print_lines(found: "FollowedGeneration") -> None:
    async for moment in found.follow():
        if not moment.state.is_final:
            print_json(asdict(moment), on_one_line=True)
    end = await found.end()
    print_json(asdict(end), on_one_line=True)
    end.require_file()


async def _show_progress(found: "FollowedGeneration", generation_id: str) -> None:
    from rushes.cli.support.progress import progress

    with progress(generation_id) as report:
        async for moment in found.follow():
            report(moment.progress, _words(moment))
    end = await found.end()
    file = end.require_file()
    after = f" after {end.took_s:.1f} s" if end.took_s is not None else ""
    say(f"{end.state}{after}: {file}")


def _words(moment: "GenerationMoment") -> str:
    again = f", attempt {moment.attempt}" if moment.attempt > 1 else ""
    if moment.position is not None:
        return f"queued, {moment.position} ahead{again}" if moment.position else "queued, next"
    return f"{moment.phase or moment.state}{again}"
