"""The public lookup: which confirmed piece stands at an address.

The hottest question of the house, so it is one statement, compiled once, and on SQLite it runs on a
connection of the asking thread's own, outside any transaction: a single select is a consistent look by
itself.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, bindparam, select

from ledger.records.failures import clean_failures, unavailable
from ledger.records.sessions import Database
from ledger.records.tables import piece, piece_url

MOST = 20
"""The most pieces answered for one address: several publishers may carry the same original."""


@dataclass(frozen=True, slots=True)
class Found:
    """A piece at the address: its ``own``, its ``canonical`` one or that of its ``source`` (``kind``).

    ``record`` is the JSON text that the public answer carries.
    """

    publisher_id: str
    piece_id: str
    kind: str
    record: str


_SAME = and_(piece.c.publisher_id == piece_url.c.publisher_id, piece.c.id == piece_url.c.piece_id)
_STATEMENT = (
    select(piece_url.c.publisher_id, piece_url.c.piece_id, piece_url.c.kind, piece.c.public_record)
    .join(piece, _SAME)
    .where(piece_url.c.url_key == bindparam("url_key"), piece_url.c.url == bindparam("url"))
    .where(piece.c.state == "confirmed", piece.c.public_record.is_not(None))
)
_ORDER = {"own": 0, "canonical": 1, "source": 2}


class Lookup:
    """The public lookup over one database. Keep one for the life of the process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._mine = threading.local()
        compiled = _STATEMENT.compile(
            dialect=database.read_engine.dialect, compile_kwargs={"render_postcompile": True}
        )
        self._sql = str(compiled)
        self._fixed = dict(compiled.params)
        self._places = list(compiled.positiontup or ())

    def find(self, url: str, url_key: int) -> list[Found]:
        """Confirmed pieces at an address in its normal form with its key (``intake.urls``), own first.

        Raises ``RecordsUnavailable``.
        """
        found = [Found(*row) for row in self._rows(url, url_key)]
        if len(found) > 1:
            found.sort(key=lambda one: (_ORDER.get(one.kind, 3), one.piece_id))
        return found

    def _rows(self, url: str, url_key: int) -> Sequence[Any]:
        if not self._database.is_sqlite:
            with self._database.reading() as connection:
                return connection.execute(_STATEMENT.limit(MOST), {"url": url, "url_key": url_key}).all()
        given = {**self._fixed, "url": url, "url_key": url_key}
        rows: Sequence[Any]
        try:
            cursor = self._connection().execute(self._sql, [given[name] for name in self._places])
            # Not LIMIT ?: SQLite prepares a statement anew whenever its limit is bound, at three times the price.
            rows = cursor.fetchmany(MOST)
            cursor.close()
        except self._database.driver_error as error:
            self._mine.connection = None  # the next question opens the file anew
            raise unavailable(error) from error
        return rows

    def _connection(self) -> Any:
        """This thread's own connection; it is closed with the thread."""
        connection = getattr(self._mine, "connection", None)
        if connection is None:
            with clean_failures():
                fairy = self._database.read_engine.raw_connection()
            fairy.detach()  # out of the pool, which is for transactions
            connection = self._mine.connection = fairy.dbapi_connection
        return connection
