"""The public lookup: which confirmed piece stands at an address.

The hottest question of the house, so it is one statement, compiled once (``own_connection``).
"""

from dataclasses import dataclass

from sqlalchemy import and_, bindparam, select

from ledger.records.own_connection import Prepared, ThreadsOwn
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

    def __init__(self, database: Database, own: ThreadsOwn | None = None) -> None:
        statement = _STATEMENT if database.is_sqlite else _STATEMENT.limit(MOST)
        self._prepared = Prepared(database, statement, own or ThreadsOwn(database))

    def find(self, url: str, url_key: int) -> list[Found]:
        """Confirmed pieces at an address in its normal form with its key (``intake.urls``), own first.

        Raises ``RecordsUnavailable``.
        """
        found = [Found(*row) for row in self._prepared.rows(MOST, url=url, url_key=url_key)]
        if len(found) > 1:
            found.sort(key=lambda one: (_ORDER.get(one.kind, 3), one.piece_id))
        return found
