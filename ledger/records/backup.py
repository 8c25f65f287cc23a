"""Backing the ledger up while it works, and bringing it back.

The order makes the copy consistent: first the checkpoints that were given out, then the database as of one moment,
then the keys and the evidence. So the copied database is never behind the copied checkpoints, and everything it names
is there, because a key is made and evidence is kept before a transaction that names it commits.
"""

import hashlib
import json
import os
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

from ledger.records.failures import RecordsUnavailable
from ledger.records.sessions import Database, sqlite_module

SQLITE_NAME, POSTGRES_NAME, MANIFEST = "ledger.db", "ledger.pgdump", "backup.json"
RESTORE = ("pg_restore", "--exit-on-error", "--single-transaction", "--no-owner")
FOLDERS = ("journal", "evidence", "uploads", "keys")


def back_up(database: Database, data: Path, target: Path, now: datetime) -> dict[str, Any]:
    """Copy everything kept to ``target``, a new or empty folder that only its owner may read: it holds the keys.

    Returns the manifest that is written last, so that a copy without one is known to be unfinished.
    Raises ``RecordsUnavailable``.
    """
    if target.exists() and any(target.iterdir()):
        raise RecordsUnavailable(f"{target} is not empty.", "Give a new folder for each backup.")
    try:
        target.mkdir(parents=True, exist_ok=True)
        target.chmod(0o700)
        _copy_tree(data / "journal", target / "journal")
        name = _copy_database(database, target)
        _copy_tree(
            data / "journal", target / "journal", keep=True, only="*key"
        )  # of journals begun meanwhile
        for folder in ("keys", "evidence", "uploads"):
            _copy_tree(data / folder, target / folder)
        manifest = {
            "database": name,
            "sha256": _sha256(target / name),
            "made": now.isoformat(),
            "evidence": _count(target / "evidence"),
            "files": {
                str(path.relative_to(target)): _sha256(path)
                for folder in ("journal", "keys")
                for path in sorted((target / folder).rglob("*"))
                if path.is_file()
            },
        }
        _write_whole(target / MANIFEST, json.dumps(manifest, indent=1).encode())
    except OSError as error:
        raise RecordsUnavailable(
            f"The backup could not be written ({error.strerror}).", "Free some space and start it anew."
        ) from error
    return manifest


def bring_back(source: Path, database: Database, data: Path) -> dict[str, Any]:
    """Restore a backup into ``data`` and into ``database``, which must not exist yet (PostgreSQL: be empty).

    A newer checkpoint that is still in ``data`` is kept: the journal then refuses to be written until an operator
    opens a new epoch, instead of telling a second story. Raises ``RecordsUnavailable``; then nothing was replaced.
    """
    manifest = _manifest(source)
    dump = source / str(manifest["database"])
    if _sha256(dump) != manifest["sha256"]:
        raise RecordsUnavailable(f"{dump} is not the file that was backed up.", "Use another backup.")
    _must_be_whole(source, manifest)
    if (dump.name == SQLITE_NAME) != database.is_sqlite:
        raise RecordsUnavailable(
            "The backup is of the other kind of database.", "Set LEDGER_DATABASE to fit."
        )
    if database.is_sqlite:
        _must_be_free(Path(str(database.url.database)))
    try:
        data.mkdir(parents=True, exist_ok=True)
        for folder in FOLDERS:
            _copy_tree(source / folder, data / folder, keep=True)
        if database.is_sqlite:
            _place_sqlite(dump, Path(str(database.url.database)))
        else:
            _run([*RESTORE, "-d", _dsn(database), str(dump)], database)
    except OSError as error:
        raise RecordsUnavailable(
            f"The backup could not be brought back ({error.strerror}).", "Check the folder and the disk."
        ) from error
    return manifest


def _copy_database(database: Database, target: Path) -> str:
    if not database.is_sqlite:
        place = str(target / POSTGRES_NAME)
        _run(["pg_dump", "--format=custom", "--no-owner", "-f", place, _dsn(database)], database)
        return POSTGRES_NAME
    module = sqlite_module()
    source = module.connect(f"file:{database.url.database}?mode=ro", uri=True)
    copy = module.connect(str(target / SQLITE_NAME))
    try:
        source.backup(copy)  # one step over all pages: one moment, however busy the writers are
    except module.Error as error:
        raise RecordsUnavailable(f"The database could not be copied: {error}.", "Try again.") from error
    finally:
        copy.close()
        source.close()
    return SQLITE_NAME


def _must_be_free(place: Path) -> None:
    """Nothing may lie where the database will: SQLite would play an old write-ahead log into the restored file."""
    for each in (place, Path(f"{place}-wal"), Path(f"{place}-journal")):
        if each.exists():
            raise RecordsUnavailable(
                f"{each} exists.", "Move it away first; a restore never writes over a ledger."
            )


def _place_sqlite(dump: Path, place: Path) -> None:
    fresh = place.with_suffix(".restoring")
    shutil.copyfile(dump, fresh)
    fresh.chmod(0o600)
    _sync(fresh)
    os.replace(fresh, place)
    _sync(place.parent)


def _copy_tree(source: Path, target: Path, *, keep: bool = False, only: str = "*") -> None:
    """Copy every file whose name is like ``only``; with ``keep`` one that is there already stays as it is.

    A file that goes while this runs was let go of by an act (an erasure, an upload that was taken up): it is left
    out.
    """
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted(source.rglob("*")):
        place = target / path.relative_to(source)
        if path.is_dir():
            place.mkdir(parents=True, exist_ok=True)
        elif path.is_file() and not path.name.startswith(".") and path.match(only):
            if keep and place.exists():
                continue
            try:
                shutil.copy2(path, place)
            except FileNotFoundError:
                if path.exists():
                    raise
                place.unlink(missing_ok=True)
                continue
            _sync(place)


def _must_be_whole(source: Path, manifest: dict[str, Any]) -> None:
    """Without its keys a restored ledger would make new ones in silence, and old letters would be a stranger's."""
    for name, sha256 in manifest.get("files", {}).items():
        if not (source / name).is_file() or _sha256(source / name) != sha256:
            raise RecordsUnavailable(f"{source / name} is not what was backed up.", "Use another backup.")
    kept, there = int(manifest.get("evidence", 0)), _count(source / "evidence")
    if there < kept:
        raise RecordsUnavailable(
            f"{source} holds {there} files of evidence of {kept}.", "Use another backup."
        )


def _count(folder: Path) -> int:
    return sum(1 for path in folder.rglob("*") if path.is_file())


def _manifest(source: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((source / MANIFEST).read_text())
        if {"database", "sha256"} <= manifest.keys() and (source / str(manifest["database"])).is_file():
            return dict(manifest)
    except (OSError, ValueError, AttributeError):
        pass
    raise RecordsUnavailable(f"{source} is no finished backup.", "Give a folder that `ledger backup` made.")


def _run(command: list[str], database: Database) -> None:
    """Run one of PostgreSQL's programs. The password goes by the environment: anybody may list the arguments."""
    environment = dict(os.environ)
    if database.url.password:
        environment["PGPASSWORD"] = str(database.url.password)
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=3600, env=environment)  # noqa: S603
    except FileNotFoundError as error:
        raise RecordsUnavailable(
            f"{command[0]} is missing.", "Install PostgreSQL's client programs."
        ) from error
    if done.returncode:
        raise RecordsUnavailable(
            f"{command[0]}: {done.stderr.strip()[-300:]}", "Check the database and try again."
        )


def _dsn(database: Database) -> str:
    url = database.url.set(drivername="postgresql")
    bare = url._replace(password=None)  # ``set`` takes None for "as it is"
    return bare.render_as_string(hide_password=False)


def _sha256(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _write_whole(path: Path, content: bytes) -> None:
    fresh = path.with_suffix(".new")
    fresh.write_bytes(content)
    _sync(fresh)
    os.replace(fresh, path)
    _sync(path.parent)


def _sync(path: Path) -> None:
    """Have a file, or a folder's names, on the disk before anything says that they are there."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
