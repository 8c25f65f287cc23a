"""One statement, compiled once, asked by many threads: the public door's way to the rows.

On SQLite it runs on a connection of the asking thread's own, outside any transaction: a single select is a
consistent look by itself, and to prepare a statement anew costs more than to run it. On PostgreSQL it goes
through the pool like everything else.
"""

import threading
from collections.abc import Sequence
from typing import Any

from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.selectable import ExecutableReturnsRows

from ledger.records.failures import clean_failures, unavailable
from ledger.records.sessions import Database

CACHE_KIB = 4_096
"""What such a connection may cache: there can be one for each of the web's 41 threads, and the system caches too."""


class ThreadsOwn:
    """A reading connection of each thread's own, out of the pool; SQLite only. Closed with its thread."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._mine = threading.local()

    def rows(self, sql: str, values: Sequence[Any], most: int | None = None) -> Sequence[Any]:
        """The first ``most`` rows of a select, or all. Raises ``RecordsUnavailable``."""
        rows: Sequence[Any]
        try:
            cursor = self._connection().execute(sql, values)
            # Not LIMIT ?: SQLite prepares a statement anew whenever its limit is bound, at three times the price.
            rows = cursor.fetchall() if most is None else cursor.fetchmany(most)
            cursor.close()
        except self._database.driver_error as error:
            self._mine.connection = None  # the next question opens the file anew
            raise unavailable(error) from error
        return rows

    def _connection(self) -> Any:
        connection: Any = getattr(self._mine, "connection", None)
        if connection is None:
            with clean_failures():
                fairy = self._database.read_engine.raw_connection()
            fairy.detach()  # out of the pool, which is for transactions
            connection = fairy.dbapi_connection
            connection.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
            self._mine.connection = connection
        return connection


class Prepared:
    """A select with named values, compiled for the database it is asked of."""

    def __init__(self, database: Database, statement: ExecutableReturnsRows, own: ThreadsOwn) -> None:
        self._database, self._statement, self._own = database, statement, own
        assert isinstance(statement, ClauseElement)
        compiled = statement.compile(
            dialect=database.read_engine.dialect, compile_kwargs={"render_postcompile": True}
        )
        self._sql = str(compiled)
        self._fixed = dict(compiled.params)
        self._places = list(compiled.positiontup or ())

    def rows(self, most: int | None = None, **values: Any) -> Sequence[Any]:
        """The first ``most`` rows, or all: on SQLite as its driver gives them. Raises ``RecordsUnavailable``."""
        if self._database.is_sqlite:
            given = {**self._fixed, **values}
            return self._own.rows(self._sql, [given[name] for name in self._places], most)
        with self._database.reading() as connection:
            found = connection.execute(self._statement, values)
            return found.all() if most is None else found.fetchmany(most)
