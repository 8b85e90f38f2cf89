"""Write structured logs to standard error, as text or JSON, without secrets."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, Final

import structlog

from rushes.cli.support.terminal import has_colours
from rushes.settings import Log

_SECRET: Final = re.compile(r"\b(rsk_|whsec_|sk-)[A-Za-z0-9_+/=-]{8,}|(?<=/media/)\d+\.[\w-]{32}")

_QUERY: Final = re.compile(r"(https?://)(?:[^\s/?#@\"']+@)?([^\s?#\"']+)[?#][^\s\"']*")
_LOGIN: Final = re.compile(r"(https?://)[^\s/?#@\"']+@")

Line = MutableMapping[str, Any]


CHATTY: Final = ("httpx2", "httpcore2", "mcp", "uvicorn", "asyncio", "PIL")
"""Loggers that report only what is wrong, whatever the level of the log."""


def log_to_stderr(log: Log) -> None:
    """Configure the logs of rushes and of its libraries in one format."""
    level = logging.getLevelNamesMapping()[log.level.upper()]
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    written: list[structlog.types.Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,  # without the values of local variables
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
    for chatty in CHATTY:
        logging.getLogger(chatty).setLevel(max(level, logging.WARNING))
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
    )


def without_secrets(_logger: object, _method: str, line: Line) -> Line:
    """Mask keys, signatures of links, and queries and logins of URLs."""
    return {name: _blanked(value) for name, value in line.items()}


def _blanked(value: object) -> object:
    match value:
        case str():
            shown = _LOGIN.sub(r"\1", _QUERY.sub(r"\1\2?***", value))
            return _SECRET.sub(lambda found: f"{found[1] or ''}***", shown)
        case dict():
            return {str(name): _blanked(inner) for name, inner in value.items()}  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]  # a line may hold any value
        case list() | tuple():
            return [_blanked(inner) for inner in value]  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]  # as above
        case int() | float() | None:
            return value
        case _:
            return _blanked(str(value))
