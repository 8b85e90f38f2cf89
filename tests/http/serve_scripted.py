"""
A whole server whose engine makes nothing of everything, at once: for tools that try an API.

    python tests/http/serve_scripted.py PORT FOLDER

It prints the key that it made, and serves until it is stopped.
"""

import asyncio
import sys
from dataclasses import replace
from itertools import cycle
from pathlib import Path

import uvicorn

from rushes.bootstrap import build
from rushes.core.errors import PermanentEngineError
from rushes.engines.scripted import ScriptedEngine
from rushes.service.catalogue import MODELS
from rushes.settings import Settings

STEPS = (b"a", b"b", b"c", PermanentEngineError("every fourth is refused"))


async def main(port: int, folder: Path) -> None:
    engine = ScriptedEngine(cycle(STEPS))
    usual = Settings()
    settings = replace(
        usual,
        data=folder,
        # What cannot be fetched fails at once, so that nobody waits for a stream to end.
        worker=replace(usual.worker, slots=8, max_attempts=1),
        network=replace(usual.network, fetch_deadline_s=0.5),
    )
    house = build(settings, engines=dict.fromkeys(MODELS, engine))
    _, secret = await house.accounts.create_key("tried")
    print(secret, flush=True)  # noqa: T201  # what whoever started it waits for
    config = uvicorn.Config(
        house.app, host="127.0.0.1", port=port, http="httptools", log_level="warning"
    )
    await uvicorn.Server(config).serve()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2])))
