"""One writer at a time over all processes on this machine."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ledger.records.failures import BUSY, RecordsUnavailable

try:
    import fcntl
except ImportError:  # not a POSIX system: SQLite's own locks must do
    fcntl = None  # type: ignore[assignment]

_POLL_SECONDS = 0.001


@contextmanager
def writers_turn(path: Path, wait_seconds: float) -> Iterator[None]:
    """Hold the lock file for the block. Raises ``RecordsUnavailable`` when the turn does not come in time.

    The system drops the lock when the process dies, however it dies.
    """
    if fcntl is None:
        yield
        return
    try:
        file = path.open("ab")
    except OSError as error:
        raise RecordsUnavailable(
            "The data folder cannot be written.", "Check that it exists, is yours and is not full."
        ) from error
    with file:
        deadline = time.monotonic() + wait_seconds
        while not _taken(file.fileno()):
            if time.monotonic() > deadline:
                raise RecordsUnavailable(*BUSY)
            time.sleep(_POLL_SECONDS)
        try:
            yield
        finally:
            # Said aloud: closing alone would leave the lock with a child forked in the meantime.
            fcntl.flock(file, fcntl.LOCK_UN)


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
