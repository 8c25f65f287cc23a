"""What of a journal is kept outside the database: its signing keys and the last published checkpoint.

A restored old backup would let a journal grow a second time from the same place. The last published
checkpoint is therefore a file in the data folder, replaced atomically and synced: a database that has not got as
far as that is refused (``JournalBehind``) until an operator opens a new epoch (``journal_epochs.reopen``).

    <folder>/journal/<publisher id>/checkpoint       the last one, a C2SP signed note
    <folder>/journal/<publisher id>/epoch-<n>        the last one of each earlier epoch
    <folder>/journal/<publisher id>/<origin>.key     signing keys, mode 0600, one per epoch

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

from ledger.journal.note import BadNote, Checkpoint, Signer, Verifier, open_checkpoint, split_note
from ledger.records.failures import RecordsUnavailable
from ledger.records.tables import publisher
from ledger.records.turns import writers_turn

_OPTION = "ledger_journal_keeper"
_SAFE = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TURN_SECONDS = 30
_EPOCH = re.compile(r"(.*)/epoch-([0-9]+)")


class JournalError(Exception):
    """The journal refuses; the text says why and what to do."""


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

        Raises JournalError where the file was damaged, or is gone although there was one.
        """
        path = self.place(publisher_id) / "checkpoint"
        while True:
            stamp = self.stamp(publisher_id)
            if stamp is None:
                if not self._was_published(publisher_id):
                    return None
                if self.stamp(publisher_id) is None:  # else the first one came while we looked for its traces
                    raise JournalError(
                        f"The checkpoint kept in {path} is missing. Put the last published one back, "
                        "from a backup or from whoever holds it."
                    )
                continue
            note = path.read_bytes()
            if stamp == self.stamp(publisher_id):
                break  # nobody replaced it in between
        try:
            return Published(note, open_checkpoint(note, self.verifiers(publisher_id)), stamp)
        except BadNote as error:
            raise JournalError(
                f"The checkpoint kept in {path} does not hold ({error}). Put the last published one back."
            ) from error

    def _was_published(self, publisher_id: str) -> bool:
        """Whether a checkpoint left traces: without it an epoch that is over would be signed for again."""
        seen = self.agreed.get(publisher_id) is not None
        return seen or bool(self.ended(publisher_id)) or len(list(self.place(publisher_id).glob("*.key"))) > 1

    def ended(self, publisher_id: str) -> dict[int, bytes]:
        """The last checkpoint of each epoch that is over, as signed notes."""
        found = {path.name.removeprefix("epoch-"): path for path in self.place(publisher_id).glob("epoch-*")}
        return {int(number): path.read_bytes() for number, path in found.items() if number.isdecimal()}

    def verifiers(self, publisher_id: str) -> list[Verifier]:
        """The public keys of every epoch of this journal. Raises JournalError where a key's file is damaged."""
        return [_signer_in(path).verifier for path in sorted(self.place(publisher_id).glob("*.key"))]

    def origin(self, connection: Connection, publisher_id: str) -> str:
        """The origin that checkpoints now carry."""
        published = self.published(publisher_id)
        if published is not None:
            return published.checkpoint.origin
        return f"{self.host}/journal/{self._name_of(connection, publisher_id)}"

    def origins(self, connection: Connection, publisher_id: str) -> set[str]:
        """What the first epoch of this journal is called: by its name now, and by each of its keys."""
        named = {f"{self.host}/journal/{self._name_of(connection, publisher_id)}"}
        for path in self.place(publisher_id).glob("*.key"):
            try:
                name = _signer_in(path).name
            except JournalError:
                continue  # told where the key is used
            named.add(epoch_of(name)[0])
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
        _replace(self.place(publisher_id) / "checkpoint", note.encode(), 0o644)
        kept = self.published(publisher_id)
        if kept is None or kept.note != note.encode():
            raise JournalError("The checkpoint was changed by somebody else while it was written.")
        self.agreed[publisher_id] = kept.stamp
        return kept

    def keep_aside(self, publisher_id: str, epoch: int, note: bytes) -> None:
        """Keep the last checkpoint of an epoch that ends."""
        _replace(self.place(publisher_id) / f"epoch-{epoch}", note, 0o644)


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
    path = folder / (re.sub(r"[^A-Za-z0-9._-]", "_", origin)[:100] + "-" + _short(origin) + ".key")
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _create(path, Signer(origin, token_bytes(32)).to_text().encode())
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


def epoch_of(origin: str) -> tuple[str, int]:
    """An origin -> the first epoch's origin, and the number of the epoch from 1."""
    match = _EPOCH.fullmatch(origin)
    return (match[1], int(match[2])) if match else (origin, 1)


def size_and_root(note: str | bytes) -> Checkpoint:
    """What a checkpoint says, its signature not looked at. Raises note.BadNote."""
    return Checkpoint.parse(split_note(note)[0])


def _short(origin: str) -> str:
    return sha256(origin.encode()).hexdigest()[:8]


def _create(path: Path, data: bytes) -> None:
    """Write a secret once; where another process was first, its file stays."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{token_bytes(4).hex()}")
    _write(temporary, data, 0o600)
    try:
        os.link(temporary, path)  # fails where it exists: never two keys for one origin
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
    _sync_folder(path.parent)


def _replace(path: Path, data: bytes, mode: int) -> None:
    """Put new content under a name: old or new after a crash, nothing between, and new once this returns.

    Raises RecordsUnavailable where the disk is full or refuses.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{token_bytes(4).hex()}")
    try:
        _write(temporary, data, mode)
        os.replace(temporary, path)
        _sync_folder(path.parent)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise RecordsUnavailable(
            f"The journal's checkpoint could not be kept ({error.strerror}).",
            "Free some space or check the disk, then try again.",
        ) from error


def _write(path: Path, data: bytes, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
