"""Checking a journal: every hash anew, rows against entries, and older checkpoints against what is there now.

What is inside the database can only show that it fits together: whoever can write to it can rewrite all of it.
What shows a rewrite is a checkpoint from before, kept by somebody else: hand in any number of them.
"""

from collections.abc import Sequence

from sqlalchemy import Connection

from ledger.journal.note import Checkpoint, Verifier
from ledger.records.journal_inside import check_entry, check_erasures, check_tile_count, check_triggers
from ledger.records.journal_keeper import JournalError, keeper_of
from ledger.records.journal_outside import (
    check_checkpoints,
    check_epochs,
    check_kept_epoch,
    kept_checkpoints,
    read_checkpoints,
)
from ledger.records.journal_reading import entries
from ledger.records.journal_report import MOST_PROBLEMS, Problem, Report, RowCheck, State

NONE_KEPT = (
    "No checkpoint is kept outside the database, so an old copy of it would not be noticed. "
    "Publishing one keeps it: ask for the journal's checkpoint."
)


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
    in the data folder and those that entries name. ``checks``: the desk's comparisons of rows with entries.
    """
    read = read_checkpoints(checkpoints)
    kept, trouble = kept_checkpoints(connection, publisher_id)
    sizes = {checkpoint.size for checkpoint in [*read.values(), *kept.values()] if checkpoint is not None}
    state = State(connection, publisher_id, sizes)
    state.problems += trouble
    check_triggers(state)
    for stored in entries(connection, publisher_id):
        check_entry(state, stored, checks)
        if len(state.problems) >= MOST_PROBLEMS:
            break
    else:
        _check_the_whole(state, checks, kept, read, known)
    if state.frontier.size and not kept and not trouble:
        state.warnings.append(NONE_KEPT)
    return Report(
        publisher_id,
        state.frontier.size,
        state.frontier.root(),
        len(checkpoints),
        tuple(state.problems[:MOST_PROBLEMS]),
        tuple(state.warnings),
    )


def _check_the_whole(
    state: State,
    checks: Sequence[RowCheck],
    kept: dict[bytes, Checkpoint | None],
    handed_in: dict[bytes, Checkpoint | None],
    known: Sequence[Verifier],
) -> None:
    """What can be said only after the last entry."""
    check_erasures(state)
    check_tile_count(state)
    for check in checks:
        texts = check.finish(state.connection, state.publisher_id)
        state.problems += [Problem("rows", text) for text in texts]
    keys = [*_own_keys(state), *(key for _, key in state.keys), *known]
    check_epochs(state, keys)
    check_checkpoints(state, {**kept, **handed_in}, keys)
    check_kept_epoch(state, kept.values())


def _own_keys(state: State) -> list[Verifier]:
    try:
        return keeper_of(state.connection).verifiers(state.publisher_id)
    except JournalError as error:
        if str(error) not in {problem.text for problem in state.problems}:
            state.problem("checkpoint", str(error))
        return []


__all__ = ["Problem", "Report", "RowCheck", "verify_journal"]
