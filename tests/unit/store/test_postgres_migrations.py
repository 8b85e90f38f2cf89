"""Nodes of an earlier release go on working on the tables of a later one: migrations only add."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from tests.postgres import Databases
from tests.unit.bootstrap.test_database_copy import fill

from rushes.core.generation import Generation
from rushes.store.postgres import PostgresStore
from rushes.store.postgres.schema import Migration, migrate, migrations

ADDS = (
    r"CREATE TABLE \w+ \(.*\)( WITH \(.*\))?",
    r"CREATE INDEX \w+ ON \w+ .*",
    r"ALTER TABLE \w+ ADD COLUMN \w+ \w+( COLLATE \"C\")?( NOT NULL DEFAULT \S+| DEFAULT \S+)?",
)
"""What a release does not notice that knows nothing of it."""

Columns = dict[str, dict[str, tuple[str, bool]]]
"""The type of each column of each table, and whether it may be left out."""


def statements(script: str) -> Iterator[str]:
    without_comments = re.sub(r"--.*", "", script)
    for one in without_comments.split(";"):
        if text := " ".join(one.split()):
            yield text


def changes(migration: Migration) -> list[str]:
    """Return the statements that are more than an addition."""
    return [
        one
        for one in statements(migration.script)
        if not any(re.fullmatch(adds, one, re.DOTALL) for adds in ADDS)
    ]


@pytest.mark.parametrize("migration", migrations()[1:], ids=lambda one: one.name)
def test_a_migration_only_adds_or_shuts_earlier_releases_out(migration: Migration) -> None:
    if migration.oldest < migration.number:
        assert changes(migration) == []


@pytest.mark.parametrize(
    "script",
    [
        "ALTER TABLE key DROP COLUMN name;",
        "ALTER TABLE key ADD COLUMN mood text NOT NULL;",
        "CREATE UNIQUE INDEX one ON key (name);",
        "UPDATE key SET name = '';",
        "CREATE TABLE moods (name text); DROP TABLE key;",
    ],
)
def test_what_an_earlier_release_would_notice_is_found(script: str) -> None:
    assert changes(Migration(number=9, name="next", oldest=1, script=script)) != []


def columns(raw: "psycopg.Connection[tuple[object, ...]]") -> Columns:
    found: Columns = {}
    query = (
        "SELECT table_name, column_name, data_type, is_nullable = 'YES'"
        " OR column_default IS NOT NULL OR is_identity = 'YES'"
        " FROM information_schema.columns WHERE table_schema = 'public'"
        " AND table_name <> 'rushes_migration'"
    )
    for table, column, kind, is_optional in raw.execute(query):
        found.setdefault(str(table), {})[str(column)] = (str(kind), bool(is_optional))
    return found


@pytest.mark.parametrize("known", range(1, len(migrations())))
async def test_rows_of_the_columns_of_an_earlier_release_fit_the_tables_of_this_one(
    known: int, databases: Databases, make_generation: Callable[..., Generation], tmp_path: Path
) -> None:
    """Every row that this release writes is written again with only the columns known then."""
    if migrations()[-1].oldest > known:
        return  # that release is refused
    earlier, url = databases.empty(), databases.empty()
    with psycopg.connect(earlier, autocommit=True) as raw:
        migrate(raw, migrations()[:known])
        former = columns(raw)
    store = PostgresStore(url)
    await fill(store, make_generation)
    await store.close()
    with psycopg.connect(url, autocommit=True) as raw:
        present = columns(raw)
        raw.execute("SET session_replication_role = replica")  # without the references
        for table, then in former.items():
            assert {name: present[table][name] for name in then} == then
            names = ", ".join(then)
            script = f"""
                CREATE TEMP TABLE saved AS SELECT {names} FROM {table};
                DELETE FROM {table};
                INSERT INTO {table} ({names}) SELECT {names} FROM saved;
                DROP TABLE saved;
            """  # noqa: S608  # names of our own tables
            raw.execute(script.encode())
    again = PostgresStore(url)
    assert await again.count_by_state() != {}
    await again.close()
