"""The register's rows against the journal, both ways: what an entry says and a row does not, and rows without one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ledger.desk.context import Desk
from ledger.desk.house.told import told
from ledger.journal.entry import Entry
from ledger.records.evidence import EvidenceDamaged, EvidenceMissing
from ledger.records.filed import Filed, Key, filed
from ledger.records.journal_reading import StoredEntry, personal_of

# A row is written once, whatever is entered of it later: what was said of it first is what it has to be.
_ONCE = frozenset(
    {("terms", "clause_sha256"), ("terms", "document"), ("claim", "piece_id"), ("claim", "document")}
)


@dataclass(slots=True)
class _Account:
    """What the entries so far say of one row: column -> (what stands there, the entry that said so)."""

    columns: dict[str, tuple[Any, int]] = field(default_factory=dict)
    seq: int = 0  # the last entry that speaks of it


@dataclass
class Rows:
    """Compares every row that the journal speaks of with its entries, and the letters' files with their hashes."""

    desk: Desk
    publisher_id: str
    rows: dict[Key, Filed] | None = None
    accounts: dict[Key, _Account] = field(default_factory=dict)
    listed: set[str] = field(
        default_factory=set
    )  # pieces whose entries list their claims; those of 0.1 do not
    lately: bool = False  # the journal was begun when parties and quotes already had entries

    def entry(self, connection: Any, stored: StoredEntry, entry: Entry) -> str | None:
        """Notes what the entry says of the rows; a letter's file is looked at here. What is wrong with it, or None."""
        self._register(connection)
        personal = personal_of(connection, self.publisher_id, stored.seq) if entry.personal else {}
        for what, id_, columns in told(entry, stored.seq, personal):
            account = self.accounts.setdefault((what, id_), _Account())
            account.seq = stored.seq
            for column, value in columns.items():
                if (what, column) not in _ONCE or column not in account.columns:
                    account.columns[column] = (value, stored.seq)
        if entry.kind in ("piece.registered", "piece.corrected") and "claims" in entry.payload:
            self.listed.add(entry.payload["piece"])
        if stored.seq == 0:
            self.lately = "journal_key" in entry.payload
        if entry.kind == "letter.issued":
            return self._file(entry.payload["number"], entry.payload["sha256"])
        return None

    def _register(self, connection: Any) -> dict[Key, Filed]:
        """The rows, read not before the first entry is: what is kept outside the database has been read by then,
        and nothing of it may be newer than what is seen inside."""
        if self.rows is None:
            self.rows = filed(connection, self.publisher_id)
        return self.rows

    def _file(self, number: str, sha256: str) -> str | None:
        try:
            self.desk.evidence.get(sha256)
        except EvidenceMissing:
            return f"the file of letter {number} is missing from the evidence store"
        except EvidenceDamaged:
            return f"the file of letter {number} has been changed"
        return None

    def finish(self, connection: Any, publisher_id: str) -> Iterable[str]:
        """Rows that no entry accounts for, and rows that are gone or are not what the journal says."""
        rows = self._register(connection)
        for key, account in self.accounts.items():
            yield from _differences(key, account, rows.get(key))
        for (what, id_), row in rows.items():
            if not row.journaled or (row.lately and not self.lately) or (what, id_) in self.accounts:
                continue
            if what != "claim" or row.columns["piece_id"] in self.listed:
                yield f"{what} {row.columns.get('number') or id_} is in the register but not in the journal"


def _differences(key: Key, account: _Account, row: Filed | None) -> Iterator[str]:
    what, id_ = key
    name = f"{what} {account.columns.get('number', (id_, 0))[0]}"
    if row is None:
        if not _may_be_gone(what, account):
            yield f"{name} is in the journal (entry {account.seq}) but not in the register"
        return
    for column, (said, seq) in account.columns.items():
        stands = row.columns[column]
        if stands == said:
            continue
        if column == "state":
            yield f"{name} is {stands} in the register but {said} in the journal"
        elif column == "public_record" or what == "publisher":
            yield f"{name}: {column} is not what entry {seq} speaks of"
        elif column in ("document", "form"):
            yield f"{name} has not the content that entry {seq} speaks of"
        else:
            yield f"{name}: {column} is {stands} in the register but {said} in the journal (entry {seq})"


def _may_be_gone(what: str, account: _Account) -> bool:
    """A request that never reached the desk is forgotten in time; a person without a role has no row."""
    if what == "request":
        return "submitted" not in account.columns
    return what == "person" and account.columns["roles"][0] == []
