"""Checking a journal: every hash anew, rows against entries, and older checkpoints against what is there now.

What is inside the database can only show that it fits together: whoever can write to it can rewrite all of it.
What shows a rewrite is a checkpoint from before, kept by somebody else: hand in any number of them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy import Connection, func, select

from ledger.journal import tiles
from ledger.journal.entry import KINDS, Entry, InvalidEntry, commit, read_leaf
from ledger.journal.note import BadNote, Checkpoint, Verifier, open_checkpoint
from ledger.journal.tree import EMPTY_ROOT, Frontier, leaf_hash
from ledger.records.journal_epochs import epoch_of
from ledger.records.journal_keeper import JournalError, keeper_of, size_and_root
from ledger.records.journal_reading import StoredEntry, entries
from ledger.records.journal_tables import (
    journal_tile,
    personal_datum,
    standing_triggers,
    wanted_triggers,
)

MOST_PROBLEMS = 50


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that does not hold. ``where``: triggers, entry, personal, rows, tile, epoch or checkpoint."""

    where: str
    text: str
    seq: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What was found, in the order of the checks. ``root`` is over all ``size`` entries."""

    publisher_id: str
    size: int
    root: bytes
    checkpoints: int
    problems: tuple[Problem, ...]
    warnings: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        return not self.problems

    @property
    def first(self) -> Problem | None:
        """The first thing that does not hold."""
        return self.problems[0] if self.problems else None


class RowCheck(Protocol):
    """Compares the desk's rows with the entries: one method a room supplies, one to end with."""

    def entry(self, connection: Connection, stored: StoredEntry, entry: Entry) -> str | None:
        """Called for each entry in order: what the rows say otherwise, or None."""
        ...

    def finish(self, connection: Connection, publisher_id: str) -> Iterable[str]:
        """Called after the last entry: rows that no entry accounts for."""
        ...


@dataclass(slots=True)
class _Epoch:
    """An epoch.opened entry: the log ``number`` goes on at ``start``; ``previous`` is the old log's checkpoint."""

    number: int
    start: int
    previous: str


@dataclass(slots=True)
class _State:
    connection: Connection
    publisher_id: str
    wanted: set[int]
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    frontier: Frontier = field(default_factory=Frontier)
    roots: dict[int, bytes] = field(default_factory=lambda: {0: EMPTY_ROOT})
    levels: list[list[bytes]] = field(default_factory=list)
    tiles: int = 0
    epochs: list[_Epoch] = field(default_factory=list)
    missing: list[tuple[int, str, bytes]] = field(default_factory=list)
    erased: set[str] = field(default_factory=set)

    def problem(self, where: str, text: str, seq: int | None = None) -> None:
        self.problems.append(Problem(where, text, seq))


def verify_journal(
    connection: Connection,
    publisher_id: str,
    *,
    checkpoints: Sequence[str | bytes] = (),
    known: Sequence[Verifier] = (),
    checks: Sequence[RowCheck] = (),
) -> Report:
    """Check one journal as the connection's transaction sees it; stops after 50 problems.

    ``checkpoints``: older signed checkpoints, from outside. ``known``: keys they may be signed with besides those
    in the data folder. ``checks``: the desk's comparisons of rows with entries.
    """
    read = _read_checkpoints(checkpoints)
    kept, trouble = _kept(connection, publisher_id)
    sizes = {checkpoint.size for checkpoint in [*read.values(), *kept.values()] if checkpoint is not None}
    state = _State(connection, publisher_id, sizes)
    state.problems += trouble
    _check_triggers(state)
    for stored in entries(connection, publisher_id):
        _check_entry(state, stored, checks)
        if len(state.problems) >= MOST_PROBLEMS:
            break
    else:
        _check_the_whole(state, checks, {**kept, **read}, known)
    return Report(
        publisher_id,
        state.frontier.size,
        state.frontier.root(),
        len(checkpoints),
        tuple(state.problems[:MOST_PROBLEMS]),
        tuple(state.warnings),
    )


def _check_the_whole(
    state: _State,
    checks: Sequence[RowCheck],
    notes: dict[bytes, Checkpoint | None],
    known: Sequence[Verifier],
) -> None:
    """What can be said only after the last entry."""
    _check_erasures(state)
    _check_tile_count(state)
    for check in checks:
        texts = check.finish(state.connection, state.publisher_id)
        state.problems += [Problem("rows", text) for text in texts]
    keys = [*keeper_of(state.connection).verifiers(state.publisher_id), *known]
    _check_epochs(state, keys)
    _check_checkpoints(state, notes, keys)


def _read_checkpoints(notes: Sequence[str | bytes]) -> dict[bytes, Checkpoint | None]:
    """Note -> what it says, None where it is none."""
    read: dict[bytes, Checkpoint | None] = {}
    for note in notes:
        data = note.encode() if isinstance(note, str) else note
        try:
            read[data] = size_and_root(data)
        except BadNote:
            read[data] = None
    return read


def _kept(connection: Connection, publisher_id: str) -> tuple[dict[bytes, Checkpoint | None], list[Problem]]:
    """The checkpoints in the data folder: the last one published, and the last of each earlier epoch."""
    keeper = keeper_of(connection)
    notes: list[bytes] = []
    problems = []
    try:
        published = keeper.published(publisher_id)
        notes += [published.note] if published else []
    except JournalError as error:
        problems.append(Problem("checkpoint", str(error)))
    return _read_checkpoints(notes), problems


def _check_triggers(state: _State) -> None:
    standing = standing_triggers(state.connection)
    for name, definition in wanted_triggers(state.connection.dialect.name).items():
        if name not in standing:
            state.problem("triggers", f"The trigger {name} is gone: the journal can be changed.")
        elif standing[name] != definition:
            state.problem("triggers", f"The trigger {name} is not ours: the journal may have been changed.")


def _check_entry(state: _State, stored: StoredEntry, checks: Sequence[RowCheck]) -> None:
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
    _note_meaning(state, seq, entry)
    _check_personal(state, seq, entry)
    for check in checks:
        text = check.entry(state.connection, stored, entry)
        if text:
            state.problem("rows", f"Entry {seq} ({entry.kind}): {text}", seq)


def _note_meaning(state: _State, seq: int, entry: Entry) -> None:
    kind = KINDS.get(entry.kind)
    if kind is None or not all(isinstance(entry.payload.get(k), type_) for k, type_ in kind.required.items()):
        state.problem("entry", f"Entry {seq}: {entry.kind} is not a kind we know, in this form.", seq)
    elif entry.kind == "person.erased":
        state.erased.update(str(commitment) for commitment in entry.payload["commitments"])
    elif entry.kind == "epoch.opened":
        state.epochs.append(_Epoch(entry.payload["epoch"], seq, entry.payload["previous"]))


def _check_personal(state: _State, seq: int, entry: Entry) -> None:
    if not entry.personal:
        return
    table = personal_datum.c
    rows = state.connection.execute(
        select(table.field, table.commitment, table.salt, table.value).where(
            table.publisher_id == state.publisher_id, table.seq == seq
        )
    )
    found = {row.field: row for row in rows}
    for name, commitment in entry.personal.items():
        row = found.pop(name, None)
        if row is None:
            state.missing.append((seq, name, commitment))
        elif commitment != bytes(row.commitment) or commitment != commit(name, row.value, bytes(row.salt)):
            state.problem("personal", f"Entry {seq}: {name} is not the value that was committed to.", seq)
    for name in found:
        state.problem("personal", f"Entry {seq} does not commit to {name}, but there is a value for it.", seq)


def _check_erasures(state: _State) -> None:
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
            state.problem(
                "personal", f"There is personal data of an entry {row.seq} that is not there.", row.seq
            )


def _check_tiles(state: _State, level: int, hash_: bytes) -> None:
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


def _check_tile_count(state: _State) -> None:
    count = state.connection.execute(
        select(func.count()).where(journal_tile.c.publisher_id == state.publisher_id)
    ).scalar_one()
    if count > state.tiles:
        state.problem("tile", f"There are {count} full tiles for the entries of {state.tiles}.")


def _check_epochs(state: _State, keys: Sequence[Verifier]) -> None:
    for at, epoch in enumerate(state.epochs):
        if epoch.number != at + 2:
            state.problem(
                "epoch", f"Entry {epoch.start} opens epoch {epoch.number}, after {at + 1}.", epoch.start
            )
        try:
            lost = open_checkpoint(epoch.previous, keys)
        except BadNote as error:
            state.problem("epoch", f"Entry {epoch.start}: the old epoch's checkpoint: {error}.", epoch.start)
            continue
        state.warnings.append(
            f"Epoch {epoch.number} begins at entry {epoch.start}: a restore lost what came after it, "
            f"up to the {lost.size} entries that were published."
        )


def _check_checkpoints(
    state: _State, notes: dict[bytes, Checkpoint | None], keys: Sequence[Verifier]
) -> None:
    """Smallest first, so that the first one that fails is as near to the change as the checkpoints can tell."""
    good = 0
    for note, checkpoint in sorted(notes.items(), key=lambda item: item[1].size if item[1] else -1):
        if checkpoint is None:
            state.problem("checkpoint", f"This is no checkpoint: {note[:60]!r}.")
            continue
        what = f"The checkpoint of {checkpoint.origin} over {checkpoint.size} entries"
        try:
            open_checkpoint(note, keys)
        except BadNote as error:
            state.problem("checkpoint", f"{what} is not by a key of this journal: {error}.")
            continue
        text = _against_the_tree(state, checkpoint, good)
        if text is None:
            good = max(good, checkpoint.size)
        else:
            state.problem("checkpoint", f"{what} does not hold: {text}")


def _against_the_tree(state: _State, checkpoint: Checkpoint, good: int) -> str | None:
    """What speaks against this checkpoint, None for nothing; ``good`` entries are vouched for by smaller ones."""
    _, number = epoch_of(checkpoint.origin)
    after = next((epoch for epoch in state.epochs if epoch.number == number + 1), None)
    if after is not None and checkpoint.size > after.start:
        return (
            f"the entries {after.start} to {checkpoint.size - 1} were lost; "
            f"epoch {after.number} goes on from entry {after.start}."
        )
    if checkpoint.size > state.frontier.size:
        return f"the journal has only {state.frontier.size}. It was cut, or an old copy was restored."
    if state.roots[checkpoint.size] != checkpoint.root:
        return f"one of the entries {good} to {checkpoint.size - 1} is not what it was."
    return None
