"""Going on after a restore: a new epoch that commits to the last checkpoint of the old one.

A log never signs two checkpoints that contradict each other. When entries that were published are lost, the
log under that name ends; its successor carries the entries that are left, a new origin and a new key, and goes
on with an entry that holds the lost log's last checkpoint. Letters under old checkpoints verify as before.

So it is where the signing keys themselves are lost, or the last checkpoint is: nobody may sign under the old name.
The entry says so, holds the newest checkpoint of before that anybody still has, and names the public keys that
are known, so that what they signed stays checkable.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from ledger.journal.entry import read_leaf
from ledger.journal.note import BadNote, Checkpoint, UnknownKey, Verifier, open_checkpoint, sign_checkpoint
from ledger.records.journal_keeper import (
    JournalError,
    Keeper,
    Lost,
    Published,
    epoch_of,
    keeper_of,
    size_and_root,
)
from ledger.records.journal_lost import last_published, traces
from ledger.records.journal_reading import entry_at, root_of_first, size_of
from ledger.records.journal_store import Act, JournalBehind, append_unchecked, refuse_another_story

Writing = Callable[[], AbstractContextManager[Connection]]
"""Opens a writing transaction, such as ``Database.writing``."""


class NothingToReopen(JournalError):
    """The database agrees with the last published checkpoint: it goes on as it is."""


@dataclass(frozen=True, slots=True)
class _End:
    """Where the log so far ends. ``note``: its last checkpoint, empty where it is lost and nobody holds one.

    ``lost``: the folder has lost the key or the checkpoint; ``known`` then are the public keys there were.
    """

    base: str
    epoch: int
    note: str
    lost: bool = False
    known: tuple[Verifier, ...] = ()


def reopen(
    writing: Writing,
    publisher_id: str,
    now: datetime,
    *,
    reason: str,
    newer: str | bytes | None = None,
    key: str | None = None,
) -> Published:
    """Open a new epoch over the entries that are left, and publish its first checkpoint.

    ``newer``: a checkpoint an outsider holds, where the data folder was restored too: one newer than the one kept
    there, or one of the same epoch that the database contradicts, because it grew on before anybody noticed. Where
    keys or checkpoint are lost: the newest one that anybody holds. ``key``: then the public key (a vkey) it was signed
    with, if the journal does not name it.
    May be called again after a crash: it goes on where it stopped.
    Raises NothingToReopen, or JournalError where ``newer`` or ``key`` is not this journal's.
    """
    with writing() as connection:
        keeper = keeper_of(connection)
        with keeper.turn(publisher_id):
            end = _end(connection, keeper, publisher_id, newer, key)
        origin = f"{end.base}/epoch-{end.epoch + 1}"
        if end.lost or not _is_opened(connection, publisher_id, end.note):
            signer = keeper.signer(publisher_id, origin)
            payload = {
                "epoch": end.epoch + 1,
                "origin": origin,
                "previous": end.note,
                "kept": size_of(connection, publisher_id),
                "reason": reason,
                "journal_key": signer.verifier.vkey,
            }
            if end.lost:
                payload |= {"lost": True, "earlier_keys": [each.vkey for each in end.known]}
            append_unchecked(connection, publisher_id, Act("epoch.opened", payload), now)
    with writing() as connection, keeper.turn(publisher_id):
        size = size_of(connection, publisher_id)
        if end.note and epoch_of(size_and_root(end.note).origin)[1] == end.epoch:
            keeper.keep_aside(publisher_id, end.epoch, end.note.encode())
        for each in set(end.known).difference(keeper.signing_keys(publisher_id)):
            keeper.keep_public(publisher_id, each)
        root = root_of_first(connection, publisher_id, size)
        return keeper.keep(publisher_id, sign_checkpoint(keeper.signer(publisher_id, origin), size, root))


def _end(
    connection: Connection, keeper: Keeper, publisher_id: str, newer: str | bytes | None, key: str | None
) -> _End:
    note = newer.encode() if isinstance(newer, str) else newer
    try:
        last = _last_published(connection, keeper, publisher_id, note)
    except Lost:
        return _lost_end(connection, keeper, publisher_id, note, key)
    end = _End(*epoch_of(last.checkpoint.origin), last.note.decode())
    if not _is_opened(connection, publisher_id, end.note):
        _refuse_if_it_agrees(connection, publisher_id, last.checkpoint)
    return end


def _last_published(
    connection: Connection, keeper: Keeper, publisher_id: str, newer: bytes | None
) -> Published:
    published = last_published(connection, publisher_id)
    if newer is not None:
        try:
            checkpoint = open_checkpoint(newer, keeper.verifiers(publisher_id))
        except BadNote as error:
            raise JournalError(f"The checkpoint handed in is not this journal's: {error}.") from error
        if published is None or _comes_after(connection, publisher_id, checkpoint, published.checkpoint):
            # Kept first: from here on nothing is appended or signed under the old name.
            published = keeper.keep(publisher_id, newer.decode())
    if published is None:
        raise NothingToReopen("No checkpoint of this journal was ever published.")
    return published


def _lost_end(
    connection: Connection, keeper: Keeper, publisher_id: str, newer: bytes | None, key: str | None
) -> _End:
    """By what is left: the checkpoint handed in or still kept, the keys that entries name, the key handed in."""
    told = traces(connection, publisher_id)
    first = keeper.first_origin(connection, publisher_id)
    known = dict.fromkeys([*keeper.verifiers(publisher_id), *told.named])
    if key is not None:
        known[_handed_in(key, first)] = None
    notes = []
    if newer is not None:
        notes.append((_belongs_here(connection, publisher_id, newer, list(known)), newer))
    kept = keeper.kept_note(publisher_id)
    if kept is not None:
        notes.append((size_and_root(kept), kept))
    ended = [number + 1 for number in keeper.ended(publisher_id)]
    epochs = [told.epoch, *ended, *(epoch_of(each.name)[1] for each in known)]
    if not notes:
        names = [epoch_of(each.name)[0] for each in known]
        return _End(names[-1] if names else first, max(epochs), "", True, tuple(known))
    checkpoint, note = max(notes, key=lambda each: (epoch_of(each[0].origin)[1], each[0].size))
    base, number = epoch_of(checkpoint.origin)
    return _End(base, max([*epochs, number]), note.decode(), True, tuple(known))


def _handed_in(key: str, first: str) -> Verifier:
    try:
        verifier = Verifier.parse(key)
    except BadNote as error:
        raise JournalError(f"The public key handed in cannot be read: {error}.") from error
    if (
        epoch_of(verifier.name)[0].partition("/")[2] != first.partition("/")[2]
    ):  # the host may be another by now
        raise JournalError(f"The public key handed in is of {verifier.name}, not of {first}.")
    return verifier


def _belongs_here(
    connection: Connection, publisher_id: str, note: bytes, known: list[Verifier]
) -> Checkpoint:
    """What a checkpoint says that one of the keys signed, or that is true of the entries: nobody could guess that."""
    try:
        return open_checkpoint(note, known)
    except UnknownKey:
        checkpoint = size_and_root(note)
    except BadNote as error:
        raise JournalError(f"The checkpoint handed in is not this journal's: {error}.") from error
    if checkpoint.size == 0 or not _agrees(connection, publisher_id, checkpoint):
        raise JournalError(
            f"Nobody can tell whether the checkpoint of {checkpoint.origin} over {checkpoint.size} entries is this "
            "journal's: hand in the public key that signed it too, with --key. It was on the publisher's page."
        )
    return checkpoint


def _comes_after(connection: Connection, publisher_id: str, newer: Checkpoint, kept: Checkpoint) -> bool:
    """Whether the old epoch ends at ``newer`` instead of ``kept``. Sizes count within one epoch alone."""
    epoch, current = epoch_of(newer.origin)[1], epoch_of(kept.origin)[1]
    if epoch != current:
        return epoch > current
    return newer.size > kept.size or not _agrees(connection, publisher_id, newer)


def _agrees(connection: Connection, publisher_id: str, checkpoint: Checkpoint) -> bool:
    try:
        refuse_another_story(connection, publisher_id, checkpoint.size, checkpoint.root)
    except JournalBehind:
        return False
    return True


def _is_opened(connection: Connection, publisher_id: str, previous: str) -> bool:
    """Whether the last entry opens the epoch after ``previous``: a crash came before its checkpoint."""
    size = size_of(connection, publisher_id)
    if size == 0:
        return False
    last = read_leaf(entry_at(connection, publisher_id, size - 1).leaf)
    return last.kind == "epoch.opened" and last.payload["previous"] == previous


def _refuse_if_it_agrees(connection: Connection, publisher_id: str, checkpoint: Checkpoint) -> None:
    if not _agrees(connection, publisher_id, checkpoint):
        return
    raise NothingToReopen("The journal agrees with the last published checkpoint: there is nothing to mend.")
