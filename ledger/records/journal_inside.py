"""What a journal shows from within: its triggers, every hash anew, its tiles, and the personal data beside it."""

from collections.abc import Sequence

from sqlalchemy import bindparam, func, select

from ledger.journal import tiles
from ledger.journal.entry import Entry, InvalidEntry, commit, is_known, read_leaf
from ledger.journal.tree import leaf_hash
from ledger.records.journal_lost import keys_named_by
from ledger.records.journal_reading import StoredEntry
from ledger.records.journal_report import Epoch, RowCheck, State
from ledger.records.journal_tables import (
    journal_tile,
    personal_datum,
    standing_triggers,
    wanted_triggers,
)

_DATA = select(
    personal_datum.c.field, personal_datum.c.commitment, personal_datum.c.salt, personal_datum.c.value
).where(personal_datum.c.publisher_id == bindparam("publisher"), personal_datum.c.seq == bindparam("seq"))


def check_triggers(state: State) -> None:
    standing = standing_triggers(state.connection)
    wanted = wanted_triggers(state.connection.dialect.name)
    for name in sorted(standing.keys() - wanted.keys()):
        state.problem("triggers", f"The trigger {name} is not ours: what is appended may be swallowed.")
    for name, definition in wanted.items():
        if name not in standing:
            state.problem("triggers", f"The trigger {name} is gone: the journal can be changed.")
        elif standing[name] != definition:
            state.problem("triggers", f"The trigger {name} is not ours: the journal may have been changed.")


def check_entry(state: State, stored: StoredEntry, checks: Sequence[RowCheck]) -> None:
    seq, here = stored.seq, state.frontier.size
    if seq != here:
        state.problem("entry", f"Entry {here} is missing: the next one is numbered {seq}.", here)
    hash_ = leaf_hash(stored.leaf)
    if hash_ != stored.leaf_hash:
        state.problem("entry", f"Entry {seq} does not have the hash that is recorded for it.", seq)
    state.frontier = state.frontier.append(hash_)
    if state.frontier.size in state.wanted:
        state.roots[state.frontier.size] = state.frontier.root()
    _check_tiles(state, 0, hash_)
    try:
        entry = read_leaf(stored.leaf)
    except InvalidEntry as error:
        state.problem("entry", f"Entry {seq} cannot be read: {error}.", seq)
        return
    if (entry.kind, entry.publisher, entry.at) != (stored.kind, state.publisher_id, stored.at):
        state.problem("entry", f"Entry {seq}: its kind, time or publisher is not what its bytes say.", seq)
    _check_personal(state, seq, entry)
    if not _note_meaning(state, seq, entry):
        return
    for check in checks:
        text = check.entry(state.connection, stored, entry)
        if text:
            state.problem("rows", f"Entry {seq} ({entry.kind}): {text}", seq)


def _note_meaning(state: State, seq: int, entry: Entry) -> bool:
    """Whether the entry is in a form that we know; the row checks read no other."""
    if not is_known(entry):
        state.problem("entry", f"Entry {seq}: {entry.kind} is not a kind we know, in this form.", seq)
        return False
    if entry.kind == "person.erased":
        state.erased.update(str(commitment) for commitment in entry.payload["commitments"])
    elif entry.kind == "epoch.opened":
        lost = entry.payload.get("lost") is True
        state.epochs.append(Epoch(entry.payload["epoch"], seq, entry.payload["previous"], lost))
    if seq == 0 or entry.kind == "epoch.opened":
        earlier, key = keys_named_by(entry)
        state.keys += [(seq, each) for each in (*earlier, key) if each]
    return True


def _check_personal(state: State, seq: int, entry: Entry) -> None:
    if not entry.personal:
        return
    state.personal.add(seq)
    rows = state.connection.execute(_DATA, {"publisher": state.publisher_id, "seq": seq})
    found = {row.field: row for row in rows}
    for name, commitment in entry.personal.items():
        row = found.pop(name, None)
        if row is None:
            state.missing.append((seq, name, commitment))
        elif commitment != bytes(row.commitment) or commitment != commit(name, row.value, bytes(row.salt)):
            state.problem("personal", f"Entry {seq}: {name} is not the value that was committed to.", seq)
    for name in found:
        state.problem("personal", f"Entry {seq} does not commit to {name}, but there is a value for it.", seq)


def check_erasures(state: State) -> None:
    for seq, name, commitment in state.missing:
        if commitment.hex() not in state.erased:
            state.problem("personal", f"Entry {seq}: {name} is gone, and no entry says it was erased.", seq)
    table = personal_datum.c
    rows = state.connection.execute(
        select(table.seq, table.field, table.commitment).where(table.publisher_id == state.publisher_id)
    )
    for row in rows:
        if bytes(row.commitment).hex() in state.erased:
            state.problem("personal", f"Entry {row.seq}: {row.field} was erased and is there again.", row.seq)
        if row.seq >= state.frontier.size:
            text = f"There is personal data of an entry {row.seq} that is not there."
            state.problem("personal", text, row.seq)
        elif row.seq not in state.personal:
            text = f"Entry {row.seq} does not commit to {row.field}, but there is a value for it."
            state.problem("personal", text, row.seq)


def _check_tiles(state: State, level: int, hash_: bytes) -> None:
    """Add a hash to a level; where that fills a tile, compare it with the one that is kept, and go one up."""
    if level == len(state.levels):
        state.levels.append([])
    row = state.levels[level]
    row.append(hash_)
    if len(row) < tiles.WIDTH:
        return
    number = (state.frontier.size >> tiles.HEIGHT * (level + 1)) - 1
    table, root = journal_tile.c, tiles.fold(row)
    kept = state.connection.execute(
        select(table.hashes, table.root).where(
            table.publisher_id == state.publisher_id, table.level == level, table.number == number
        )
    ).first()
    if kept is None:
        state.problem("tile", f"The tile {level}/{number} is missing.")
    elif bytes(kept.hashes) != b"".join(row) or bytes(kept.root) != root:
        state.problem("tile", f"The tile {level}/{number} does not hold the hashes of its entries.")
    state.tiles += 1
    row.clear()
    _check_tiles(state, level + 1, root)


def check_tile_count(state: State) -> None:
    count = state.connection.execute(
        select(func.count()).where(journal_tile.c.publisher_id == state.publisher_id)
    ).scalar_one()
    if count > state.tiles:
        state.problem("tile", f"There are {count} full tiles for the entries of {state.tiles}.")
