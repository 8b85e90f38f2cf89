"""``rushes db``: show and migrate the database, and copy it to PostgreSQL or back."""

from typing import TYPE_CHECKING, Annotated

import typer

from rushes.cli.support.exit_codes import CommandError, ExitCode
from rushes.cli.support.options import Config, Data, Json, settings
from rushes.cli.support.output import print_json, print_table, say

if TYPE_CHECKING:
    from rushes.settings import Settings

Target = Annotated[
    str,
    typer.Argument(
        metavar="TARGET", help="'postgres': from the data folder to store.url; 'sqlite': back."
    ),
]


def migrate(data: Data = None, config: Config = None, json: Json = False) -> None:
    """
    Create the tables of the database, or bring them to this release.

    A server does the same when it starts. Run the command where the server's database user may not
    create tables. Servers of the last release may go on running.
    """
    chosen = settings(data, config)
    from rushes.bootstrap.database_status import migrated

    _show(migrated(chosen.data, _url(chosen)), json=json)


def status(data: Data = None, config: Config = None, json: Json = False) -> None:
    """Show which database the settings name, and whether its tables fit this release."""
    chosen = settings(data, config)
    from rushes.bootstrap.database_status import database_status

    _show(database_status(chosen.data, _url(chosen)), json=json)


def copy(target: Target, data: Data = None, config: Config = None, json: Json = False) -> None:
    """
    Copy everything from the SQLite file to the PostgreSQL database of store.url, or back.

    Stop every server first. The copy is checked by counts, sums and hashes, and made completely or
    not at all. Work under way goes on when a server starts on the copy. A copied SQLite file gets
    another name, so that no server goes on with the same work. Files of media are not copied.
    """
    chosen = settings(data, config)
    url = _url(chosen)
    if target not in {"postgres", "sqlite"}:
        raise CommandError("TARGET must be 'postgres' or 'sqlite'", ExitCode.USAGE)
    if url is None:
        raise CommandError(
            "store.url is not set: it names the PostgreSQL database to copy to or from",
            ExitCode.USAGE,
        )
    path = chosen.data / "rushes.db"
    if target == "postgres" and not path.is_file():
        raise CommandError(
            f"{chosen.data} holds no data of a server; --data names another folder",
            ExitCode.NOT_FOUND,
        )
    from rushes.bootstrap.database_status import copied_to_postgres, copied_to_sqlite

    if target == "postgres":
        tables, former = copied_to_postgres(path, url)
        farewell = f"The SQLite file is called {former.name} now; start servers with store.url."
    else:
        tables = copied_to_sqlite(url, path)
        farewell = "Remove store.url before you start a server, and start none on the old database."
    if json:
        print_json({"tables": tables})
        return
    print_table(("table", "rows", "sha256"), [(t.name, t.rows, t.digest[:16]) for t in tables])
    say(f"Copied {sum(one.rows for one in tables)} rows; both sides are equal. {farewell}")


def _url(chosen: "Settings") -> str | None:
    url = chosen.store.url
    return None if url is None else url.get_secret_value()


def _show(found: dict[str, object], *, json: bool) -> None:
    if json:
        print_json(found)
    else:
        print_table(("what", "found"), list(found.items()))
