"""Telling a journal that has signed nothing yet from one whose keys or last checkpoint are lost.

Signing keys are made at first use. Were the data folder lost and a key of the same origin made anew, letters that
are out in the world would be a stranger's, and an old copy of the database would not be noticed. So the entries
themselves are asked, wherever the folder keeps no checkpoint:

* ``publisher.opened`` (entry 0) and ``epoch.opened`` name the public key that signs from there on;
* ``letter.issued`` and ``epoch.opened`` are only ever written after a checkpoint was given out: a letter carries one.

Journals begun before keys were named are told by their letters alone.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, select

from ledger.journal.entry import Entry, InvalidEntry, is_known, read_leaf
from ledger.journal.note import BadNote, Verifier
from ledger.records.journal_keeper import LOST_REMEDY, Lost, Published, keeper_of
from ledger.records.journal_tables import journal_entry

_OPENINGS = (
    select(journal_entry.c.seq, journal_entry.c.leaf)
    .where(
        journal_entry.c.publisher_id == bindparam("publisher"),
        (journal_entry.c.kind == "epoch.opened") | (journal_entry.c.seq == 0),
    )
    .order_by(journal_entry.c.seq)
)
_FIRST_LETTER = select(func.min(journal_entry.c.seq)).where(
    journal_entry.c.publisher_id == bindparam("publisher"), journal_entry.c.kind == "letter.issued"
)


@dataclass(frozen=True, slots=True)
class Traces:
    """What the entries tell of the keys. ``named``: public keys, oldest first; ``current``: the last that was to sign.

    ``epoch``: the newest, from 1. ``signed_before``: an entry that was only written after a checkpoint was given out.
    """

    named: tuple[Verifier, ...]
    current: Verifier | None
    epoch: int
    signed_before: int | None


def last_published(connection: Connection, publisher_id: str) -> Published | None:
    """The last published checkpoint; None where there never was one.

    Raises Lost where the data folder has lost it or its key, JournalError where its file was damaged.
    """
    keeper = keeper_of(connection)
    published = keeper.published(publisher_id)
    if published is not None:
        return published
    lost = _what_is_lost(connection, publisher_id)
    if lost is None:
        return None
    published = keeper.published(publisher_id)  # the first one may have come while we looked
    if published is None:
        raise Lost(lost)
    return published


def traces(connection: Connection, publisher_id: str) -> Traces:
    """Looks through the whole journal: for when nothing outside the database tells."""
    named: list[Verifier] = []
    current, epoch = None, 1
    signed_before = connection.execute(_FIRST_LETTER, {"publisher": publisher_id}).scalar()
    for seq, leaf in connection.execute(_OPENINGS, {"publisher": publisher_id}):
        try:
            entry = read_leaf(bytes(leaf))
        except InvalidEntry:
            continue  # `ledger verify` tells
        earlier, key = keys_named_by(entry)
        named += [*earlier, key] if key else earlier
        current = key or current
        if entry.kind == "epoch.opened" and is_known(entry):
            epoch = max(epoch, entry.payload["epoch"])
            signed_before = seq if signed_before is None else min(seq, signed_before)
    return Traces(tuple(dict.fromkeys(named)), current, epoch, signed_before)


def keys_named_by(entry: Entry) -> tuple[list[Verifier], Verifier | None]:
    """(public keys of before, the one that signs from this entry on), as far as it names any."""
    if entry.kind not in ("publisher.opened", "epoch.opened"):
        return [], None
    earlier = entry.payload.get("earlier_keys")
    found = [_read(each) for each in earlier] if isinstance(earlier, list) else []
    return [each for each in found if each], _read(entry.payload.get("journal_key"))


def _read(vkey: object) -> Verifier | None:
    try:
        return Verifier.parse(vkey) if isinstance(vkey, str) else None
    except BadNote:
        return None


def _what_is_lost(connection: Connection, publisher_id: str) -> str | None:
    """Why a checkpoint, or a key, has to have been there; None for a journal that is fresh."""
    told = traces(connection, publisher_id)
    keys = keeper_of(connection).signing_keys(publisher_id)
    place = keeper_of(connection).place(publisher_id)
    if told.current is not None and told.current not in keys:
        text = f"{place} has not the signing key of {told.current.name} that the journal names"
    elif told.signed_before is None:
        return None
    elif keys:
        text = (
            f"{place} keeps no checkpoint, but entry {told.signed_before} was written after one was given out"
        )
    else:
        text = f"{place} has no signing key, but entry {told.signed_before} was written after one had signed"
    return f"{text}. With a new key of that name, what was given out before would look forged. {LOST_REMEDY}"
