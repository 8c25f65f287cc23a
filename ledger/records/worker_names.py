"""Stable names for workers, each held by a lock that the system drops when its holder dies.

A job that was running when its worker was killed stays marked with that worker's name. The next worker to
take the name carries it on; a worker that runs beside it finds the name free and adopts its work.
"""

import fcntl
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool

from ledger.records.failures import RecordsUnavailable

_MOST = 64


class Names:
    """Who is alive: a lock file a name beside a SQLite file, an advisory lock a name on PostgreSQL.

    On PostgreSQL the lock lives in a session of its own, so that it works across machines and a worker whose
    connection breaks counts as dead.
    """

    def __init__(self, engine: Engine, folder: Path) -> None:
        self._folder = folder if engine.dialect.name == "sqlite" else None
        # A connection kept for as long as the name is held must not come out of a pool.
        self._engine = create_engine(engine.url, poolclass=NullPool, isolation_level="AUTOCOMMIT")

    @contextmanager
    def one(self) -> Iterator[str]:
        """Hold the first free name, ``worker-1`` to ``worker-64``; ``RecordsUnavailable`` if none is."""
        with ExitStack() as held:
            for number in range(1, _MOST + 1):
                name = f"worker-{number}"
                if held.enter_context(self.held(name)):
                    yield name
                    return
            raise RecordsUnavailable(f"{_MOST} workers run already.", "Stop one, then start this one.")

    @contextmanager
    def held(self, name: str) -> Iterator[bool]:
        """Try to hold a name for the block; False when its holder is alive."""
        if self._folder is not None:
            with _file_lock(self._folder / f"{name}.lock") as free:
                yield free
            return
        # The first key keeps these apart from other advisory locks ("work" in ASCII).
        key = {"space": 0x776F726B, "name": zlib.crc32(name.encode()) - 2**31}
        with self._engine.connect() as connection:
            free = connection.execute(text("SELECT pg_try_advisory_lock(:space, :name)"), key).scalar_one()
            yield bool(free)


@contextmanager
def _file_lock(path: Path) -> Iterator[bool]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        try:
            yield True
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)
