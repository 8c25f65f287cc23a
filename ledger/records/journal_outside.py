"""What a journal is held against from outside: checkpoints from before, and the ends of earlier epochs."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from ledger.journal.note import BadNote, Checkpoint, UnknownKey, Verifier, open_checkpoint
from ledger.records.journal_keeper import JournalError, epoch_of, keeper_of, size_and_root
from ledger.records.journal_lost import last_published
from ledger.records.journal_report import Epoch, Problem, State


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
        published = last_published(connection, publisher_id)
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
            before = _end_before(epoch, keys)
        except BadNote as error:
            state.problem("epoch", f"{where}: the old epoch's checkpoint: {error}.", epoch.start)
            continue
        ended = epoch_of(before.origin)[1] if before else epoch.number - 1
        if ended >= epoch.number or (ended != epoch.number - 1 and not epoch.lost):
            text = f"{where} opens epoch {epoch.number} with the last checkpoint of epoch {ended}."
            state.problem("epoch", text, epoch.start)
        state.warnings.append(_beginning(epoch, before))
    _check_kept_ends(state)


def check_kept_epoch(state: State, kept: Iterable[Checkpoint | None]) -> None:
    """The data folder has to sign for the last epoch that was opened, with the keys that the entries name."""
    opened = state.epochs[-1].number if state.epochs else 1
    for checkpoint in kept:
        signed = epoch_of(checkpoint.origin)[1] if checkpoint else opened
        if signed != opened:
            state.problem(
                "epoch", f"By the entries epoch {opened} is open, but epoch {signed} is signed for."
            )
    try:
        here = {each.name: each for each in keeper_of(state.connection).signing_keys(state.publisher_id)}
    except JournalError:
        return  # told where the keys are used
    for seq, key in state.keys:
        if here.get(key.name, key) != key:
            text = f"The signing key of {key.name} in the data folder is not the one that entry {seq} names."
            state.problem("checkpoint", text, seq)


def _end_before(epoch: Epoch, keys: Sequence[Verifier]) -> Checkpoint | None:
    """The checkpoint an epoch goes on from. Where keys were lost, there may be none, or one nobody can check."""
    if epoch.lost and not epoch.previous:
        return None
    try:
        return open_checkpoint(epoch.previous, keys)
    except UnknownKey:
        if not epoch.lost:
            raise
        return size_and_root(epoch.previous)


def _beginning(epoch: Epoch, before: Checkpoint | None) -> str:
    text = f"Epoch {epoch.number} begins at entry {epoch.start}: "
    if before is None:
        return text + "the keys or the last checkpoint of before were lost, and nobody held an older one."
    if epoch.lost:
        text += "the keys or the last checkpoint of before were lost"
        return f"{text}; the newest that somebody held is over {before.size} entries."
    return text + f"a restore lost what came after it, up to the {before.size} entries that were published."


def _check_kept_ends(state: State) -> None:
    """What the data folder keeps of an epoch that ended, against the entry that opened the next one."""
    previous = {epoch.number - 1: epoch.previous.encode() for epoch in state.epochs}
    for number, note in keeper_of(state.connection).ended(state.publisher_id).items():
        if previous.get(number, note) != note:
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
