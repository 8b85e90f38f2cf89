"""Structured logs on standard error: text for people or JSON for machines, and no secrets."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, Final

import structlog

from rushes.cli.terminal import has_colours
from rushes.settings import Log

_SECRET: Final = re.compile(r"\b(rsk_|whsec_|sk-)[A-Za-z0-9_+/=-]{8,}|(?<=/media/)\d+\.[\w-]{32}")

Line = MutableMapping[str, Any]


def log_to_stderr(log: Log) -> None:
    """Send our own lines, and those of the libraries, to standard error in one form."""
    level = logging.getLevelNamesMapping()[log.level.upper()]
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    written: list[structlog.types.Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,  # as text, without the values of local variables
        without_secrets,
        structlog.processors.JSONRenderer()
        if log.json
        else structlog.dev.ConsoleRenderer(colors=has_colours(sys.stderr)),
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(processors=written, foreign_pre_chain=shared)
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for chatty in ("httpx", "httpx2", "httpcore", "httpcore2", "mcp", "uvicorn", "asyncio", "PIL"):
        logging.getLogger(chatty).setLevel(max(level, logging.WARNING))
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
    )


def without_secrets(_logger: object, _method: str, line: Line) -> Line:
    """Blank whatever looks like a key or like the proof in a link, wherever it stands."""
    return {name: _blanked(value) for name, value in line.items()}


def _blanked(value: object) -> object:
    if isinstance(value, str):
        return _SECRET.sub(lambda found: f"{found[1] or ''}***", value)
    return value
