"""The way into the database: one engine that writes and one that can only read.

SQLite keeps one writer at a time, so the writing pool has one connection: threads queue for it in order,
instead of polling a lock. Writers say BEGIN IMMEDIATE, because a deferred transaction that reads first and
writes later fails at once when another has written in between. On PostgreSQL both run READ COMMITTED.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from ledger.records.failures import RecordsUnavailable, clean_failures
from ledger.records.turns import writers_turn

WAIT_SECONDS = 10
"""How long a writer waits for its turn before it gives up with ``RecordsUnavailable``."""


def sqlite_module() -> ModuleType:
    """The newest SQLite at hand: the wheel's where there is one, else the one Python was built with.

    The WAL-reset race (two connections that write and checkpoint at the same instant) is mended in 3.51.3;
    the wheel carries 3.46.1, Debian 12 carries 3.40. ``writers_turn`` keeps the writers and checkpoints of
    all our processes apart, so that the race cannot start.

    Whoever opens a ledger's file must use this module: two SQLite libraries in one process do not see each
    other's locks (sqlite.org/howtocorrupt.html, 2.2.1).
    """
    try:
        from pysqlite3 import dbapi2
    except ImportError:
        return sqlite3
    module: ModuleType = dbapi2
    return module


class Database:
    """A ledger's database at a SQLAlchemy URL: ``sqlite:////folder/ledger.db`` or ``postgresql://...``.

    Raises ``RecordsUnavailable`` for a URL it cannot use; opens no connection yet.
    """

    def __init__(self, url: str, *, write_connections: int = 8, read_connections: int = 8) -> None:
        self.url = _checked(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self.write_engine = _sqlite_engine(self.url, 1, "BEGIN IMMEDIATE", read_only=False)
            self.read_engine = _sqlite_engine(self.url, read_connections, "BEGIN", read_only=True)
        else:
            self.write_engine = _postgres_engine(self.url, write_connections, read_only=False)
            self.read_engine = _postgres_engine(self.url, read_connections, read_only=True)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: committed when the block ends, rolled back when it raises.

        What the block returns to the outside is true only after the block. Never nest two of these.
        """
        with (
            clean_failures(),
            self.write_engine.connect() as connection,
            self._turn(),
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A consistent look that cannot change anything (SQLite: one snapshot for the whole block)."""
        with clean_failures(), self.read_engine.connect() as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """As ``reading``, but what is read sees one moment on PostgreSQL too, however many statements it takes."""
        with self.reading() as connection:
            if not self.is_sqlite:
                connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    def _turn(self) -> AbstractContextManager[None]:
        if not self.is_sqlite:
            return nullcontext()
        return writers_turn(Path(f"{self.url.database}-writers"), WAIT_SECONDS)

    @property
    def driver_error(self) -> type[Exception]:
        """The base of the driver's own exceptions."""
        error: type[Exception] = self.read_engine.dialect.loaded_dbapi.Error
        return error

    def empty_log(self) -> None:
        """Bring what waits in SQLite's write-ahead log into the file and cut the log off, as far as readers let it."""
        if not self.is_sqlite:
            return
        with clean_failures(), self._turn():
            raw = self.write_engine.raw_connection()  # outside any transaction
            try:
                raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            finally:
                raw.close()

    def close(self) -> None:
        """Close every pooled connection. The database can be used again afterwards."""
        self.read_engine.dispose()
        self.write_engine.dispose()


def open_database(url: str) -> Database:
    """The database at a SQLAlchemy URL."""
    return Database(url)


def _checked(text: str) -> URL:
    remedy = "Use sqlite:////absolute/path/ledger.db or postgresql://user@host/name."
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise RecordsUnavailable("The database URL cannot be read.", remedy) from error
    if url.get_backend_name() == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() != "sqlite":
        raise RecordsUnavailable(f"A {url.get_backend_name()!r} database is not supported.", remedy)
    if url.database in (None, "", ":memory:"):
        raise RecordsUnavailable("A ledger in memory would be lost with the process.", remedy)
    return url.set(drivername="sqlite+pysqlite")


def _engine(url: URL, connections: int, **options: Any) -> Engine:
    return create_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=WAIT_SECONDS,
        hide_parameters=True,  # an error's text is logged, and what was to be written may name people
        json_serializer=partial(json.dumps, ensure_ascii=False, separators=(",", ":")),
        **options,
    )


def _sqlite_engine(url: URL, connections: int, begin: str, *, read_only: bool) -> Engine:
    engine = _engine(url, connections, module=sqlite_module())
    event.listen(engine, "connect", _sqlite_settings(read_only))

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _sqlite_settings(read_only: bool) -> Callable[[Any, Any], None]:
    pragmas = [
        f"busy_timeout={WAIT_SECONDS * 1000}",
        "journal_mode=WAL",
        "synchronous=FULL",  # NORMAL loses acknowledged writes in a power cut
        "foreign_keys=ON",
        "temp_store=MEMORY",
        "cache_size=-32768",  # KiB a connection
        # What is freed is overwritten: an erased person must not be left in some corner of the file.
        "query_only=ON" if read_only else "secure_delete=ON",
    ]

    def settle(raw: Any, _record: Any) -> None:
        raw.isolation_level = None  # the driver must not begin transactions of its own accord
        cursor = raw.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return settle


def _postgres_engine(url: URL, connections: int, *, read_only: bool) -> Engine:
    settings = {
        "default_transaction_read_only": "on" if read_only else "off",
        "lock_timeout": f"{WAIT_SECONDS}s",
        "idle_in_transaction_session_timeout": "60s",
        "timezone": "UTC",
    }
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    given = url.query.get("options")
    if isinstance(given, str):  # the operator's own settings come last and win
        options = f"{options} {given}"
    return _engine(
        url.difference_update_query(["options"]),
        connections,
        isolation_level="READ COMMITTED",
        pool_pre_ping=True,
        connect_args={"options": options, "connect_timeout": WAIT_SECONDS},
    )
