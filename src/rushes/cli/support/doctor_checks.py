"""Check one requirement after the other for ``rushes doctor``."""

import asyncio
import os
import platform
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import av
import av.codec
import pillow_heif
from PIL import features

from rushes.bootstrap.channels import absent_key, warnings
from rushes.bootstrap.database_status import database_status
from rushes.bootstrap.local_channels import worker_report
from rushes.bootstrap.local_models import models_folder
from rushes.bootstrap.media import open_media, try_media
from rushes.cli.support.exit_codes import CommandError
from rushes.cli.support.listen_socket import listen
from rushes.core.errors import EngineError, MediaError, SettingsError
from rushes.kit.clock import SystemClock
from rushes.local_models.folder import installed_models
from rushes.local_models.formats import missing_parts
from rushes.local_models.hardware import GB, read_hardware, runnable
from rushes.service.retention import LEFTOVERS_STAY
from rushes.settings import Settings, cores

_OLDEST: Final = datetime(2025, 1, 1, tzinfo=UTC)
_GIB: Final = 1 << 30


class CheckResult(StrEnum):
    """The meaning of a check for a server."""

    GOOD = "good"
    NOTE = "note"
    """Something optional."""

    POOR = "poor"
    """The server runs, but not as well as it could."""

    BAD = "bad"
    """The server does not run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One requirement, and what was found."""

    name: str
    result: CheckResult
    found: str


def check_all(settings: Settings) -> Iterator[Check]:
    """Run every check, the cheap ones first."""
    yield _check(
        "python", CheckResult.GOOD, f"{platform.python_version()} on {platform.platform()}"
    )
    yield _cores()
    yield _memory()
    yield _encoder()
    yield _pictures()
    yield _sqlite() if settings.store.url is None else _postgres(settings)
    yield from _data(settings.data)
    yield from _media(settings)
    yield _port(settings)
    yield from _channels(settings)
    yield _clock()
    yield from _local_models(models_folder(settings))
    yield _package("torch", "local models can run in this environment")
    yield _package("c2pa", "content credentials can be turned on: animatic.credentials")
    ffmpeg = shutil.which("ffmpeg")
    yield _check(
        "ffmpeg", CheckResult.NOTE, f"{ffmpeg or 'none'}; not needed, PyAV contains its own"
    )


def as_json(check: Check) -> dict[str, object]:
    """Return a check as ``rushes doctor --json`` prints it."""
    return {"name": check.name, "verdict": check.result, "found": check.found}


def _check(name: str, result: CheckResult, found: str) -> Check:
    return Check(name=name, result=result, found=found)


def _cores() -> Check:
    count = cores()
    if count < 2:
        return _check("cores", CheckResult.POOR, "1; a render and the API will share it")
    return _check("cores", CheckResult.GOOD, str(count))


def _memory() -> Check:
    if not hasattr(os, "sysconf") or "SC_PHYS_PAGES" not in os.sysconf_names:
        return _check("memory", CheckResult.NOTE, "this system does not report it")
    size_bytes = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    limit = Path("/sys/fs/cgroup/memory.max")
    allowed = limit.read_text(encoding="ascii").strip() if limit.is_file() else ""
    if allowed.isdigit():
        size_bytes = min(size_bytes, int(allowed))
    found = f"{size_bytes / _GIB:.1f} GiB"
    if size_bytes < 2 * _GIB:
        return _check("memory", CheckResult.POOR, f"{found}; a render in 1080p needs about 1 GiB")
    return _check("memory", CheckResult.GOOD, found)


def _encoder() -> Check:
    try:
        codec = av.codec.Codec("libx264", "w")
    except ValueError as error:  # the base of PyAV's error for an unknown codec
        return _check("encoder", CheckResult.BAD, f"PyAV {av.__version__} has no libx264: {error}")
    return _check("encoder", CheckResult.GOOD, f"PyAV {av.__version__}, {codec.long_name}")


def _pictures() -> Check:
    has_avif = features.check("avif")
    found = f"JPEG, PNG, WebP, GIF, HEIC (libheif {pillow_heif.libheif_version()})"
    if not has_avif:
        return _check("images", CheckResult.POOR, f"{found}; this Pillow reads no AVIF")
    return _check("images", CheckResult.GOOD, f"{found}, AVIF")


def _sqlite() -> Check:
    version = sqlite3.sqlite_version
    if sqlite3.sqlite_version_info < (3, 35):
        return _check("sqlite", CheckResult.BAD, f"{version}; 3.35 or later is needed")
    return _check("sqlite", CheckResult.GOOD, version)


def _postgres(settings: Settings) -> Check:
    """Check that the database can be used and has the tables of this release."""
    url = settings.store.url
    try:
        found = database_status(settings.data, url.get_secret_value() if url else None)
    except SettingsError as error:
        return _check("postgres", CheckResult.BAD, str(error))
    place = f"{found['place']}, PostgreSQL {found['server']}, {found['round_trip_ms']} ms away"
    if not found["fits"]:
        new = "" if found["tables"] else " (it is empty)"
        return _check(
            "postgres", CheckResult.NOTE, f"{place}; the next start creates or changes tables{new}"
        )
    if found["pooler"] and settings.store.listen_url is None:
        advice = "store.listen_url is not set, so processes notice changes by polling"
        return _check("postgres", CheckResult.POOR, f"{place}, through a pooler; {advice}")
    return _check("postgres", CheckResult.GOOD, place)


def _data(data: Path) -> Iterator[Check]:
    above = next(path for path in (data, *data.parents) if path.exists())
    free = shutil.disk_usage(above).free
    room = f"{free / _GIB:.1f} GiB free; a 5 s clip takes about 10 MB"
    yield _check("disk", CheckResult.GOOD if free > _GIB else CheckResult.POOR, room)
    try:
        pause_ms = _sync_ms(above)
    except OSError as error:
        why = f"{above} cannot be written: {error.strerror}; use --data for another folder"
        yield _check("data", CheckResult.BAD, why)
        return
    new = "" if data.exists() else " (will be created)"
    yield _check("data", CheckResult.GOOD, f"{data}{new}")
    slow = pause_ms > 50
    advice = "; each submit waits for a write, a local disk is faster" if slow else ""
    yield _check(
        "sync",
        CheckResult.POOR if slow else CheckResult.GOOD,
        f"{pause_ms:.2f} ms for each write{advice}",
    )


def _sync_ms(folder: Path) -> float:
    """Return the median time of ten writes of 4 KiB to disk, in milliseconds."""
    took_s: list[float] = []
    with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
        for _ in range(10):
            begun_s = time.perf_counter()
            file.write(bytes(4096))
            os.fsync(file.fileno())
            took_s.append(time.perf_counter() - begun_s)
    return statistics.median(took_s) * 1000


def _media(settings: Settings) -> Iterator[Check]:
    url = settings.media.url
    if url is None:
        return
    try:
        media = open_media(settings, SystemClock())
        begun_s = time.perf_counter()
        asyncio.run(try_media(media))
        took_s = time.perf_counter() - begun_s
    except (MediaError, SettingsError) as error:
        yield _check("media", CheckResult.BAD, f"{url}: {error}")
        return
    yield _check("media", CheckResult.GOOD, f"{url}; write, read, delete in {took_s * 1000:.0f} ms")
    try:
        unfinished = asyncio.run(media.unfinished(before=SystemClock().now() - LEFTOVERS_STAY))
    except MediaError as error:
        why = f"{error}; gc cannot abort them, so the bucket needs a rule that does"
        yield _check("media uploads", CheckResult.POOR, why)
        return
    if unfinished:
        found = f"{len(unfinished)} never finished; rushes gc aborts them"
        yield _check("media uploads", CheckResult.NOTE, found)


def _port(settings: Settings) -> Check:
    host, port = settings.server.host, settings.server.port
    try:
        listen(host, port).close()
    except CommandError as error:
        return _check("port", CheckResult.POOR, str(error))
    return _check("port", CheckResult.GOOD, f"{port} on {host} is free")


def _channels(settings: Settings) -> Iterator[Check]:
    if not settings.channels:
        yield _check("channels", CheckResult.NOTE, "none; the built-in engine makes previews")
    for name, odd in warnings(settings).items():
        one = settings.channels[name]
        found = f"{one.kind} for {', '.join(one.models)}"
        result = CheckResult.POOR if odd else CheckResult.GOOD
        if absent_key(one):
            result = CheckResult.BAD
        yield _check(f"channel {name}", result, "; ".join((found, *odd)))
        if one.kind == "local":
            yield _worker(settings, name)


def _worker(settings: Settings, name: str) -> Check:
    """Start the worker of a local channel, and say with what it would work."""
    try:
        found = asyncio.run(worker_report(settings, name))
    except (EngineError, SettingsError) as error:
        return _check(f"worker {name}", CheckResult.BAD, str(error))
    return _check(f"worker {name}", CheckResult.GOOD, found)


def _clock() -> Check:
    now = SystemClock().now()
    if now < _OLDEST:
        return _check(
            "clock", CheckResult.BAD, f"{now:%F %T} UTC is in the past; links will not work"
        )
    return _check("clock", CheckResult.GOOD, f"{now:%F %T} UTC")


def _local_models(folder: Path) -> Iterator[Check]:
    """Say which local models this machine could run, and which are pulled."""
    hardware = read_hardware(folder)
    gpus = "; ".join(
        f"{gpu.name}, {gpu.free_bytes / GB:.0f} of {gpu.total_bytes / GB:.0f} GB free"
        for gpu in hardware.gpus
    )
    found = gpus or "none found; the built-in engine needs none"
    yield _check("gpu", CheckResult.NOTE, found)
    could = ", ".join(f"{model.name} ({profile})" for model, profile in runnable(hardware))
    yield _check("local models", CheckResult.NOTE, f"this machine could run {could or 'none'}")
    damaged = {one.name: missing_parts(one.path) for one in installed_models(folder)}
    for name, missing in damaged.items():
        if missing:
            lacks = f"it lacks {'; '.join(missing)}"
            yield _check(f"model {name}", CheckResult.POOR, lacks)
        else:
            yield _check(f"model {name}", CheckResult.GOOD, "pulled")


def _package(name: str, meaning: str) -> Check:
    found = f"installed; {meaning}" if find_spec(name) else "not installed"
    return _check(name, CheckResult.NOTE, found)
