"""What of a journal is kept outside the database: its signing keys and the last published checkpoint.

A restored old backup would let a journal grow a second time from the same place. The last published
checkpoint is therefore a file in the data folder, replaced atomically and synced: a database that has not got as
far as that is refused (``JournalBehind``) until an operator opens a new epoch (``journal_epochs.reopen``).

    <folder>/journal/<publisher id>/checkpoint       the last one, a C2SP signed note
    <folder>/journal/<publisher id>/epoch-<n>        the last one of each earlier epoch
    <folder>/journal/<publisher id>/<origin>.key     signing keys, mode 0600, one per epoch
    <folder>/journal/<publisher id>/<origin>.vkey    public keys of epochs whose signing key was lost

A keeper is bound to the engines of its database by ``attach``; the journal's functions find it by the
connection.
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes

from sqlalchemy import Connection, Engine, select

from ledger.journal.note import (
    BadNote,
    Checkpoint,
    Signer,
    UnknownKey,
    Verifier,
    open_checkpoint,
    split_note,
)
from ledger.records.journal_files import create, replace
from ledger.records.tables import publisher
from ledger.records.turns import writers_turn

_OPTION = "ledger_journal_keeper"
_SAFE = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TURN_SECONDS = 30
_EPOCH = re.compile(r"(.*)/epoch-([0-9]+)")
LOST_REMEDY = (
    "Restore the data folder's journal from a backup. Where there is none, open a new epoch with "
    "`ledger journal reopen`."
)


class JournalError(Exception):
    """The journal refuses; the text says why and what to do."""


class Lost(JournalError):
    """The data folder has not the signing key or the last checkpoint that this journal had: see journal_lost.py."""


class JournalNotAttached(JournalError):
    """The connection's engine knows no keeper: a fault of set-up, see ``attach``."""


@dataclass(frozen=True, slots=True)
class Published:
    """A checkpoint that was given out: the signed note, what it says, and the stamp of its file."""

    note: bytes
    checkpoint: Checkpoint
    stamp: tuple[int, int, int]


def slug_of(connection: Connection, publisher_id: str) -> str:
    """The publisher's slug, or its id where the register does not know it."""
    found = connection.execute(select(publisher.c.slug).where(publisher.c.id == publisher_id)).scalar()
    return found or publisher_id


class Keeper:
    """The files of all journals of one ledger. ``host``: what origins begin with, such as ``ledger.example``.

    ``name_of`` gives the rest of a new journal's origin; once a checkpoint is published, the origin stays.
    """

    def __init__(self, folder: Path, host: str, name_of: Callable[[Connection, str], str] = slug_of) -> None:
        self.folder = Path(folder) / "journal"
        self.host = host.strip("/")
        self._name_of = name_of
        # The stamp of the checkpoint that the database was last seen to agree with, per publisher; None for none.
        self.agreed: dict[str, tuple[int, int, int] | None] = {}
        self._checkpoint_paths: dict[str, str] = {}

    def place(self, publisher_id: str) -> Path:
        """The publisher's folder. Raises ValueError for an id that is no plain file name."""
        if not _SAFE.fullmatch(publisher_id):
            raise ValueError(f"not a publisher's id: {publisher_id[:80]!r}")
        return self.folder / publisher_id

    def stamp(self, publisher_id: str) -> tuple[int, int, int] | None:
        """Changes whenever another checkpoint is published; None before the first."""
        path = self._checkpoint_paths.get(publisher_id)
        if path is None:  # looked at in each act: the path is put together once
            path = self._checkpoint_paths[publisher_id] = str(self.place(publisher_id) / "checkpoint")
        try:
            found = os.stat(path)
        except FileNotFoundError:
            return None
        return found.st_mtime_ns, found.st_ino, found.st_size

    def published(self, publisher_id: str) -> Published | None:
        """The last published checkpoint, its signature verified; None before the first.

        Raises JournalError where the file was damaged; Lost where it or its key is gone, as far as the folder can tell.
        """
        path = self.place(publisher_id) / "checkpoint"
        while True:
            stamp = self.stamp(publisher_id)
            if stamp is None:
                if not self._was_published(publisher_id):
                    return None
                if self.stamp(publisher_id) is None:  # else the first one came while we looked for its traces
                    raise Lost(f"The checkpoint kept in {path} is missing. {LOST_REMEDY}")
                continue
            note = path.read_bytes()
            if stamp == self.stamp(publisher_id):
                break  # nobody replaced it in between
        try:
            return Published(note, open_checkpoint(note, self.verifiers(publisher_id)), stamp)
        except BadNote as error:
            if isinstance(error, UnknownKey) and not self._has_key(publisher_id, size_and_root(note).origin):
                raise Lost(f"The key that signed {path} is gone ({error}). {LOST_REMEDY}") from error
            raise JournalError(
                f"The checkpoint kept in {path} does not hold ({error}). Put the last published one back."
            ) from error

    def kept_note(self, publisher_id: str) -> bytes | None:
        """The last checkpoint as it lies there, nothing verified; None where there is none."""
        try:
            return (self.place(publisher_id) / "checkpoint").read_bytes()
        except FileNotFoundError:
            return None

    def _was_published(self, publisher_id: str) -> bool:
        """Whether a checkpoint left traces: without it an epoch that is over would be signed for again."""
        seen = self.agreed.get(publisher_id) is not None
        later = any(epoch_of(each.name)[1] > 1 for each in self.verifiers(publisher_id))
        return seen or later or bool(self.ended(publisher_id))

    def _has_key(self, publisher_id: str, origin: str) -> bool:
        return origin in {each.name for each in self.signing_keys(publisher_id)}

    def ended(self, publisher_id: str) -> dict[int, bytes]:
        """The last checkpoint of each epoch that is over, as signed notes."""
        found = {path.name.removeprefix("epoch-"): path for path in self.place(publisher_id).glob("epoch-*")}
        return {int(number): path.read_bytes() for number, path in found.items() if number.isdecimal()}

    def signing_keys(self, publisher_id: str) -> list[Verifier]:
        """The public side of every key that can be signed with here. Raises JournalError where one is damaged."""
        return [_signer_in(path).verifier for path in sorted(self.place(publisher_id).glob("*.key"))]

    def verifiers(self, publisher_id: str) -> list[Verifier]:
        """The public keys of every epoch of this journal. Raises JournalError where a key's file is damaged."""
        kept = [_public_in(path) for path in sorted(self.place(publisher_id).glob("*.vkey"))]
        return list(dict.fromkeys([*self.signing_keys(publisher_id), *kept]))

    def first_origin(self, connection: Connection, publisher_id: str) -> str:
        """The origin of the first epoch, while nothing is published: by the settings and the publisher's slug."""
        return f"{self.host}/journal/{self._name_of(connection, publisher_id)}"

    def origins(self, connection: Connection, publisher_id: str) -> set[str]:
        """What the first epoch of this journal is called: by its name now, and by each of its keys."""
        named = {self.first_origin(connection, publisher_id)}
        place = self.place(publisher_id)
        for path in [*place.glob("*.key"), *place.glob("*.vkey")]:
            try:
                key = _public_in(path) if path.suffix == ".vkey" else _signer_in(path).verifier
            except JournalError:
                continue  # told where the key is used
            named.add(epoch_of(key.name)[0])
        return named

    def journals(self) -> set[str]:
        """The publishers that a checkpoint was ever given out for."""
        return {path.parent.name for path in self.folder.glob("*/checkpoint")}

    def signer(self, publisher_id: str, origin: str) -> Signer:
        """The signing key of an epoch, made on first use."""
        return load_or_make_signing_key(self.place(publisher_id), origin)

    @contextmanager
    def turn(self, publisher_id: str) -> Iterator[None]:
        """One publishing process at a time: an older checkpoint must not replace a newer one."""
        self.place(publisher_id).mkdir(parents=True, exist_ok=True)
        with writers_turn(self.place(publisher_id) / "turn", _TURN_SECONDS):
            yield

    def keep(self, publisher_id: str, note: str) -> Published:
        """Make this the last published checkpoint; on disk when it returns. Call it in ``turn``."""
        replace(self.place(publisher_id) / "checkpoint", note.encode(), 0o644)
        kept = self.published(publisher_id)
        if kept is None or kept.note != note.encode():
            raise JournalError("The checkpoint was changed by somebody else while it was written.")
        self.agreed[publisher_id] = kept.stamp
        return kept

    def keep_aside(self, publisher_id: str, epoch: int, note: bytes) -> None:
        """Keep the last checkpoint of an epoch that ends."""
        replace(self.place(publisher_id) / f"epoch-{epoch}", note, 0o644)

    def keep_public(self, publisher_id: str, key: Verifier) -> None:
        """Keep the public key of an epoch whose signing key is lost: what it signed stays checkable."""
        place = self.place(publisher_id)
        place.mkdir(parents=True, exist_ok=True)
        replace(place / f"{_file_name(key.name)}-{key.key_id.hex()}.vkey", f"{key.vkey}\n".encode(), 0o644)


def attach(engine: Engine, keeper: Keeper) -> None:
    """Bind a keeper to an engine: needed once for each engine that touches a journal."""
    engine.update_execution_options(**{_OPTION: keeper})


def keeper_of(connection: Connection) -> Keeper:
    """The keeper of this connection's engine. Raises JournalNotAttached."""
    keeper = connection.get_execution_options().get(_OPTION)
    if not isinstance(keeper, Keeper):
        raise JournalNotAttached(
            "no journal keeper: call journal_keeper.attach(engine, Keeper(folder, host))"
        )
    return keeper


def load_or_make_signing_key(folder: Path, origin: str) -> Signer:
    """The Ed25519 key of this origin in this folder; made, mode 0600, where there is none.

    Raises JournalError where the file holds something else, or others may read it.
    """
    path = folder / f"{_file_name(origin)}.key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        create(path, Signer(origin, token_bytes(32)).to_text().encode())
    if path.stat().st_mode & 0o077:
        raise JournalError(f"{path} can be read by others: chmod 600 it, and open a new epoch if they did.")
    signer = _signer_in(path)
    if signer.name != origin:
        raise JournalError(f"{path} is the key of {signer.name}, not of {origin}.")
    return signer


def _signer_in(path: Path) -> Signer:
    try:
        return Signer.parse(path.read_text())
    except ValueError as error:  # no key, or no text at all
        raise JournalError(f"{path} is no signing key ({error}). Restore it from a backup.") from error


def _public_in(path: Path) -> Verifier:
    try:
        return Verifier.parse(path.read_text())
    except ValueError as error:
        raise JournalError(f"{path} is no public key ({error}). Restore it from a backup.") from error


def epoch_of(origin: str) -> tuple[str, int]:
    """An origin -> the first epoch's origin, and the number of the epoch from 1."""
    match = _EPOCH.fullmatch(origin)
    return (match[1], int(match[2])) if match else (origin, 1)


def size_and_root(note: str | bytes) -> Checkpoint:
    """What a checkpoint says, its signature not looked at. Raises note.BadNote."""
    return Checkpoint.parse(split_note(note)[0])


def _file_name(origin: str) -> str:
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", origin)[:100]
    return f"{plain}-{sha256(origin.encode()).hexdigest()[:8]}"
