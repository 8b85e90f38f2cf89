"""Keys and accounts of a file that an older version wrote."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from rushes.core.keys import DEFAULT_SCOPES, EVERY_SCOPE, UNLIMITED
from rushes.store.sqlite import SqliteStore
from rushes.store.sqlite.schema import migrations

APPLICATION_ID = 0x52555348


async def test_they_may_what_they_might_and_each_account_is_there(tmp_path: Path) -> None:
    path = tmp_path / "rushes.db"
    before = [script for script in migrations() if "CREATE TABLE account" not in script][:6]
    with closing(sqlite3.connect(path)) as db:
        for script in before:
            db.executescript(script)
        for number, operates in enumerate((0, 1)):
            db.execute(
                "INSERT INTO key (id, account_id, name, digest, hint, created_at, operates)"
                " VALUES (?, ?, 'n', ?, 'rsk_', ?, ?)",
                (f"k{number}", f"a{number}", f"d{number}", number, operates),
            )
        db.execute(f"PRAGMA user_version = {len(before)}")
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.commit()

    store = SqliteStore(path)

    usual, operator = await store.keys()
    assert (usual.scopes, operator.scopes) == (DEFAULT_SCOPES, EVERY_SCOPE)
    assert usual.limits == operator.limits == UNLIMITED
    accounts = [(one.id, one.name) for one in await store.accounts()]
    assert accounts == [("a0", "a0"), ("a1", "a1")]
    assert usual.created_at == datetime(1970, 1, 1, tzinfo=UTC)
    await store.close()
