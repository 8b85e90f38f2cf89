"""``rushes watch``: one generation until it is final."""

# ruff: noqa: PLR0917  # each parameter of a command is an option

from dataclasses import asdict

from rushes.cli.support.follow_generation import FollowedGeneration, GenerationMoment, seen
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
from rushes.cli.support.progress import progress


def watch(
    generation_id: GenerationIdArgument,
    server: ServerUrl = None,
    key: KeyOption = None,
    data: Data = None,
    config: Config = None,
    json: Json = False,
) -> None:
    """
    Follow one generation until it is final, and say how it ended and where its file is.

    It is looked for on the server or, without --server, in the data folder. With --json each
    change is a line of JSON, the last one with the file. The exit status is 1 if it failed.
    """

    async def work(found: FollowedGeneration) -> None:
        await (_tell(found) if json else _show(found, generation_id))

    seen(generation_id, server, key, lambda: settings(data, config), work)


async def _tell(found: FollowedGeneration) -> None:
    async for moment in found.follow():
        if not moment.state.is_final:
            print_json(asdict(moment), on_one_line=True)
    end = await found.end()
    print_json(asdict(end), on_one_line=True)
    end.made()


async def _show(found: FollowedGeneration, generation_id: str) -> None:
    with progress(generation_id) as told:
        async for moment in found.follow():
            told(moment.progress, _words(moment))
    end = await found.end()
    file = end.made()
    after = f" after {end.took_s:.1f} s" if end.took_s is not None else ""
    say(f"{end.state}{after}: {file}")


def _words(moment: GenerationMoment) -> str:
    again = f", attempt {moment.attempt}" if moment.attempt > 1 else ""
    if moment.position is not None:
        return f"queued, {moment.position} before it{again}" if moment.position else "queued, next"
    return f"{moment.state}{again}"
