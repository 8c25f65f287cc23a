"""What a journal is held against from outside: checkpoints from before, and the ends of earlier epochs."""

from collections.abc import Sequence

from sqlalchemy import Connection

from ledger.journal.note import BadNote, Checkpoint, Verifier, open_checkpoint
from ledger.records.journal_epochs import epoch_of
from ledger.records.journal_keeper import JournalError, keeper_of, size_and_root
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
    """The checkpoints in the data folder: the last one published, and the last of each earlier epoch."""
    keeper = keeper_of(connection)
    notes: list[bytes] = []
    problems = []
    try:
        published = keeper.published(publisher_id)
        notes += [published.note] if published else []
    except JournalError as error:
        problems.append(Problem("checkpoint", str(error)))
    return read_checkpoints(notes), problems


def check_epochs(state: State, keys: Sequence[Verifier]) -> None:
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
