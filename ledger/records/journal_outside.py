"""What a journal is held against from outside: checkpoints from before, and the ends of earlier epochs."""

from collections.abc import Sequence

from sqlalchemy import Connection

from ledger.journal.note import BadNote, Checkpoint, Verifier, open_checkpoint
from ledger.records.journal_keeper import JournalError, epoch_of, keeper_of, size_and_root
from ledger.records.journal_report import Problem, State


def read_checkpoints(notes: Sequence[str | bytes]) -> dict[bytes, Checkpoint | None]:
    """Note -> what it says, None where it is none."""
    read: dict[bytes, Checkpoint | None] = {}
    for note in notes:
        data = note.encode() if isinstance(note, str) else note
        try:
            read[data] = size_and_root(data)
        except BadNote:
            read[data] = None
    return read


def kept_checkpoints(
    connection: Connection, publisher_id: str
) -> tuple[dict[bytes, Checkpoint | None], list[Problem]]:
    """The last checkpoint published, as the data folder keeps it."""
    try:
        published = keeper_of(connection).published(publisher_id)
    except JournalError as error:
        return {}, [Problem("checkpoint", str(error))]
    return read_checkpoints([published.note] if published else []), []


def check_epochs(state: State, keys: Sequence[Verifier]) -> None:
    """Each epoch goes on from a checkpoint of the one before; a number may be missing, lost in a later restore."""
    last = 1
    for epoch in state.epochs:
        where = f"Entry {epoch.start}"
        if epoch.number <= last:
            state.problem("epoch", f"{where} opens epoch {epoch.number}, after {last}.", epoch.start)
        last = max(last, epoch.number)
        try:
            lost = open_checkpoint(epoch.previous, keys)
        except BadNote as error:
            state.problem("epoch", f"{where}: the old epoch's checkpoint: {error}.", epoch.start)
            continue
        ended = epoch_of(lost.origin)[1]
        if ended != epoch.number - 1:
            text = f"{where} opens epoch {epoch.number} with the last checkpoint of epoch {ended}."
            state.problem("epoch", text, epoch.start)
        state.warnings.append(
            f"Epoch {epoch.number} begins at entry {epoch.start}: a restore lost what came after it, "
            f"up to the {lost.size} entries that were published."
        )
    _check_kept_ends(state)


def _check_kept_ends(state: State) -> None:
    """What the data folder keeps of an epoch that ended, against the entry that opened the next one."""
    previous = {epoch.number - 1: epoch.previous.encode() for epoch in state.epochs}
    for number, note in keeper_of(state.connection).ended(state.publisher_id).items():
        if number in previous and previous[number] != note:
            state.problem("epoch", f"By the data folder another checkpoint ended epoch {number}.")


def check_checkpoints(state: State, notes: dict[bytes, Checkpoint | None], keys: Sequence[Verifier]) -> None:
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


def _against_the_tree(state: State, checkpoint: Checkpoint, good: int) -> str | None:
    """What speaks against this checkpoint, None for nothing; ``good`` entries are vouched for by smaller ones."""
    _, number = epoch_of(checkpoint.origin)
    after = next((epoch for epoch in state.epochs if epoch.number > number), None)
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
