"""What the database may answer besides rows, in words that say what to do."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, TimeoutError


class RecordsUnavailable(Exception):
    """The records cannot be read or written just now; nothing was changed. ``remedy`` says what to do."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem} {remedy}")
        self.problem = problem
        self.remedy = remedy


class Stale(Exception):
    """The row was changed by somebody else since it was read: read it again and decide anew."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} was changed by somebody else. Look at it again, then decide.")
        self.what = what


_FULL = ("The disk is full; nothing was written.", "Free some space, then try again.")
BUSY = ("Others are writing to the records; nothing was written.", "Try again in a moment.")
_DISK = ("The disk refused to read or write the records.", "Check the disk, then try again.")
_READ_ONLY = ("The records may not be written here.", "Make the data folder writable for this user.")
_NO_FILE = ("The database file cannot be opened.", "Check that the data folder exists and is yours.")
_NOT_SQLITE = ("The database file is no SQLite database, or is damaged.", "Restore it from a backup.")
_NO_TABLES = ("The database has not been set up, or is of an older version.", "Run `ledger migrate`.")
_NO_SERVER = ("The database server does not answer.", "Check that it runs and that LEDGER_DATABASE names it.")

# What SQLite and libpq say; their English messages are stable, and the wheel's driver gives no better handle.
_MESSAGES = {
    "database or disk is full": _FULL,
    "database is locked": BUSY,
    "database table is locked": BUSY,
    "disk i/o error": _DISK,
    "attempt to write a readonly database": _READ_ONLY,
    "unable to open database file": _NO_FILE,
    "file is not a database": _NOT_SQLITE,
    "database disk image is malformed": _NOT_SQLITE,
    "no such table": _NO_TABLES,
    "no such column": _NO_TABLES,
    "server closed the connection": _NO_SERVER,
    "connection failed": _NO_SERVER,
    "connection timeout": _NO_SERVER,
    "could not translate host name": _NO_SERVER,
    "failed to resolve host": _NO_SERVER,
}

# SQLSTATE classes of PostgreSQL's manual, appendix A.
_STATES = {
    "53100": _FULL,
    "53300": ("The database server has no connection left.", "Try again in a moment."),
    "55P03": BUSY,
    "40P01": BUSY,
    "57P01": _NO_SERVER,
    "57P02": _NO_SERVER,
    "57P03": _NO_SERVER,
    "25006": _READ_ONLY,
    "42P01": _NO_TABLES,
    "42703": _NO_TABLES,
    "58030": _DISK,
}


@contextmanager
def clean_failures() -> Iterator[None]:
    """Turn the database's own trouble (full, locked, gone) into ``RecordsUnavailable``, and nothing else."""
    try:
        yield
    except TimeoutError as error:  # no pooled connection became free in time
        raise RecordsUnavailable(*BUSY) from error
    except DBAPIError as error:
        words = _words(error.orig)
        if words is None:
            raise
        raise RecordsUnavailable(*words) from error


def unavailable(error: BaseException) -> BaseException:
    """A driver's own exception as ``RecordsUnavailable`` where the database is in trouble, else as it is."""
    words = _words(error)
    return RecordsUnavailable(*words) if words else error


def _words(error: BaseException | None) -> tuple[str, str] | None:
    state = getattr(error, "sqlstate", None)
    if state in _STATES:
        return _STATES[state]
    said = str(error).lower()
    return next((words for message, words in _MESSAGES.items() if message in said), None)
