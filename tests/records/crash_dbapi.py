"""As much of the DB-API over apsw as SQLAlchemy's SQLite dialect asks of its driver.

With it the very code of the product runs on a simulated disk: ``sessions.sqlite_module`` is replaced by the module
object that ``driver(disk)`` makes. The one connection takes the file exclusively: then the index of the
write-ahead log lives in memory, and not in a shared mapping, which no VFS written in Python can offer.
"""

from collections.abc import Callable, Iterable, Sequence
from types import SimpleNamespace
from typing import Any

import apsw


class Error(Exception): ...


class DatabaseError(Error): ...


class OperationalError(DatabaseError): ...


class IntegrityError(DatabaseError): ...


class InterfaceError(Error): ...


class ProgrammingError(DatabaseError): ...


# What sqlite3.Error says for these result codes.
_SAID = {apsw.FullError: "database or disk is full", apsw.IOError: "disk I/O error"}


def translated(error: apsw.Error) -> Error:
    if isinstance(error, apsw.ConstraintError):
        return IntegrityError(str(error))
    said = next((text for kind, text in _SAID.items() if isinstance(error, kind)), str(error))
    return OperationalError(said)


class Cursor:
    def __init__(self, raw: apsw.Connection) -> None:
        self._raw = raw
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid = None
        self.arraysize = 1

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> "Cursor":
        try:
            cursor = self._raw.cursor()
            cursor.exec_trace = self._describe  # afterwards it is too late where there is no row
            cursor.execute(sql, tuple(parameters))
            self._rows = list(cursor)
            self.rowcount = self._raw.changes()
        except apsw.Error as error:
            raise translated(error) from error
        return self

    def _describe(self, cursor: apsw.Cursor, sql: str, parameters: Any) -> bool:
        self.description = cursor.description or None
        return True

    def executemany(self, sql: str, many: Iterable[Sequence[Any]]) -> "Cursor":
        for parameters in many:
            self.execute(sql, parameters)
        return self

    def fetchone(self) -> Any:
        return self._rows.pop(0) if self._rows else None

    def fetchmany(self, size: int | None = None) -> list[Any]:
        taken, self._rows = self._rows[: size or 1], self._rows[size or 1 :]
        return taken

    def fetchall(self) -> list[Any]:
        taken, self._rows = self._rows, []
        return taken

    def close(self) -> None: ...


class Connection:
    isolation_level: str | None = None

    def __init__(self, raw: apsw.Connection) -> None:
        self.raw = raw

    def cursor(self) -> Cursor:
        return Cursor(self.raw)

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Cursor:
        return self.cursor().execute(sql, parameters)

    def create_function(
        self, name: str, count: int, function: Callable[..., Any], deterministic: bool = False
    ) -> None:
        self.raw.create_scalar_function(name, function, count, deterministic=deterministic)

    def commit(self) -> None:
        if self.raw.in_transaction:
            self.execute("COMMIT")

    def rollback(self) -> None:
        if self.raw.in_transaction:
            self.execute("ROLLBACK")

    def close(self) -> None:
        try:
            self.raw.close()
        except apsw.Error as error:
            raise translated(error) from error


def driver(vfs: str, *pragmas: str) -> SimpleNamespace:
    """A driver module whose connections live on the disk ``vfs``; ``pragmas`` come after the product's own."""

    def connect(database: str, **_: Any) -> Connection:
        try:
            raw = apsw.Connection(str(database), vfs=vfs)
            raw.execute("PRAGMA locking_mode = EXCLUSIVE")
        except apsw.Error as error:
            raise translated(error) from error
        return Connection(raw)

    version = tuple(int(part) for part in apsw.sqlite_lib_version().split("."))
    return SimpleNamespace(
        connect=connect,
        paramstyle="qmark",
        apilevel="2.0",
        threadsafety=1,
        sqlite_version_info=version,
        sqlite_version=apsw.sqlite_lib_version(),
        version_info=(2, 6, 0),
        Binary=bytes,
        Error=Error,
        DatabaseError=DatabaseError,
        OperationalError=OperationalError,
        IntegrityError=IntegrityError,
        InterfaceError=InterfaceError,
        ProgrammingError=ProgrammingError,
        InternalError=DatabaseError,
        NotSupportedError=DatabaseError,
        DataError=DatabaseError,
        Warning=Warning,
        PARSE_DECLTYPES=1,
        PARSE_COLNAMES=2,
    )
