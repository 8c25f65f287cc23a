"""Bringing a database to the shape this version needs: Alembic, one transaction for the whole way.

The scripts lie in ``migrations/`` of a checkout and in ``ledger/migrations`` of an installed wheel. Nothing
is half migrated: on both databases table changes roll back.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, text

from ledger.records import tasks
from ledger.records.failures import RecordsUnavailable
from ledger.records.sessions import Database
from ledger.settings import shipped_folder

_LOCK = 0x6C65_6467_6572  # "ledger": two processes that start together migrate one after the other


def migrate(url: str) -> str:
    """Bring the database at ``url`` (made if it is a SQLite file that is not there) to the newest revision.

    Returns that revision. A second call changes nothing. Raises ``RecordsUnavailable``.
    """
    with _migrating(url) as connection:
        command.upgrade(_config(connection), "head")
        revision = _revision(connection) or ""
    tasks.prepare(url)  # the job engine migrates its own tables, in a transaction of its own
    return revision


def downgrade(url: str, revision: str = "base") -> str | None:
    """Take the database back to a revision ("base": no tables and no data left); returns where it is then."""
    with _migrating(url) as connection:
        command.downgrade(_config(connection), revision)
        left = _revision(connection)
    if left is None:
        tasks.remove(url)
    return left


def current(url: str) -> str | None:
    """The revision of the database; None when it has not been set up."""
    database = Database(url)
    try:
        if database.is_sqlite and not Path(str(database.url.database)).exists():
            return None
        with database.reading() as connection:
            return _revision(connection)
    finally:
        database.close()


def newest() -> str:
    """The revision this version of the ledger needs."""
    return ScriptDirectory(str(shipped_folder("migrations"))).get_current_head() or ""


@contextmanager
def _migrating(url: str) -> Iterator[Connection]:
    database = Database(url)
    if database.is_sqlite:
        _make_file(Path(str(database.url.database)))
    try:
        with database.writing() as connection:
            if not database.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            yield connection
    except CommandError as error:
        raise RecordsUnavailable(
            "The database is of a version this ledger does not know.", "Use the newer ledger that made it."
        ) from error
    finally:
        database.close()


def _make_file(path: Path) -> None:
    """An empty file for its owner alone: the register holds people's names and addresses."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600, exist_ok=True)
    except OSError as error:
        raise RecordsUnavailable(
            f"{path} cannot be made ({error.strerror}).", "Choose a data folder of your own."
        ) from error


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(shipped_folder("migrations")).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
