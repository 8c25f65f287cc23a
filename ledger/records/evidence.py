"""The evidence store: bytes kept under the SHA-256 of what they are, so that they can never change unnoticed.

A file ``9f86d081...`` lies in ``<data>/evidence/9f/86d081...``. The media type is recorded by the caller,
beside the hash. Whole files are never overwritten, and nothing is deleted but a file whose sender is erased.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from ledger.records.failures import RecordsUnavailable

_SHA256 = re.compile(r"[0-9a-f]{64}")


class EvidenceMissing(Exception):
    """No file is kept under this hash."""


class EvidenceDamaged(Exception):
    """The file under this hash has other bytes than were put in. The hash is the argument."""


class EvidenceStore:
    """Content-addressed files in one folder, made on the first ``put``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sha256: str) -> Path:
        """Where the file of a hash lies, whether it exists or not. ``ValueError`` if it is no SHA-256."""
        if not _SHA256.fullmatch(sha256):
            raise ValueError("A SHA-256 has 64 hexadecimal digits in lower case.")
        return self.folder / sha256[:2] / sha256[2:]

    def put(self, content: bytes) -> str:
        """Keep the bytes and return their SHA-256 (64 hexadecimal digits).

        When this returns, the bytes survive a power cut; a crash before leaves nothing under that hash. The
        same bytes twice are one file. Raises ``RecordsUnavailable`` when the disk refuses.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        target = self.path(sha256)
        try:
            if not _holds(target, sha256):
                _write(target, content, self.folder)
        except OSError as error:
            raise RecordsUnavailable(
                f"The evidence could not be kept ({error.strerror}); nothing was written.",
                "Check the disk and the rights on the data folder, then try again.",
            ) from error
        return sha256

    def get(self, sha256: str) -> bytes:
        """The bytes, checked against their hash. Raises ``EvidenceMissing`` or ``EvidenceDamaged``."""
        try:
            content = self.path(sha256).read_bytes()
        except FileNotFoundError as error:
            raise EvidenceMissing(sha256) from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise EvidenceDamaged(sha256)
        return content

    def forget(self, sha256: str) -> None:
        """Delete the bytes: only for a person's own file whose erasure is journaled, once no row names it."""
        self.path(sha256).unlink(missing_ok=True)

    def hashes(self) -> Iterator[str]:
        """Every hash that has a file, in order; for ``ledger verify``."""
        for file in sorted(self.folder.glob("[0-9a-f][0-9a-f]/*")):
            name = file.parent.name + file.name
            if _SHA256.fullmatch(name):
                yield name


def _holds(target: Path, sha256: str) -> bool:
    """Whether the right bytes are there. Damaged ones are written anew: the caller has what belongs there."""
    try:
        return hashlib.sha256(target.read_bytes()).hexdigest() == sha256
    except FileNotFoundError:
        return False


def _write(target: Path, content: bytes, root: Path) -> None:
    """Write beside, flush to the disk, rename into place, flush the folders that gained a name."""
    fresh = [folder for folder in (root, target.parent) if not folder.exists()]
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(prefix=".", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, target)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    for folder in [target.parent, *(made.parent for made in fresh)]:
        _flush_folder(folder)


def _flush_folder(folder: Path) -> None:
    """A rename is safe from a power cut only when its folder has been flushed (fsync(2))."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
