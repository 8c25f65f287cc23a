"""Files that a power cut leaves either old or new: how a journal's keys and checkpoints are written."""

import os
from pathlib import Path
from secrets import token_bytes

from ledger.records.failures import RecordsUnavailable


def create(path: Path, data: bytes) -> None:
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


def replace(path: Path, data: bytes, mode: int) -> None:
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
