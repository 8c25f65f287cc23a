"""A fresh, migrated database for each test: SQLite and PostgreSQL alike, or SQLite alone.

Migrating once and copying keeps a test's database under a few milliseconds.
"""

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from psycopg import sql

from ledger.records.migrating import migrate
from ledger.records.sessions import Database, open_database
from tests.postgres import PostgresServer, PostgresUnavailable, server

__all__ = ["database", "database_url", "sqlite_database", "sqlite_template"]

_POSTGRES_TEMPLATE: dict[int, str] = {}


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file: copy it, never write to it."""
    path = tmp_path_factory.mktemp("template") / "ledger.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: Path) -> Iterator[str]:
    """The URL of a migrated, empty database; the test runs once on each kind."""
    if request.param == "sqlite":
        path = tmp_path / "ledger.db"
        shutil.copyfile(sqlite_template, path)
        yield f"sqlite:///{path}"
        return
    try:
        running = server()
    except PostgresUnavailable as reason:
        pytest.skip(str(reason))
    url = _copy_of_template(running)
    yield url
    running.drop(url)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated, empty database; the test runs once on each kind."""
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_database(tmp_path: Path, sqlite_template: Path) -> Iterator[Database]:
    """A migrated, empty SQLite database, for tests of what does not differ."""
    path = tmp_path / "ledger.db"
    shutil.copyfile(sqlite_template, path)
    opened = open_database(f"sqlite:///{path}")
    yield opened
    opened.close()


def _copy_of_template(running: PostgresServer) -> str:
    if running.port not in _POSTGRES_TEMPLATE:
        template = running.fresh_database()
        migrate(template)
        _POSTGRES_TEMPLATE[running.port] = template
    name, template = "t_" + uuid.uuid4().hex[:16], _POSTGRES_TEMPLATE[running.port].rsplit("/", 1)[1]
    with running.admin() as connection:
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
    return running.url(name)
