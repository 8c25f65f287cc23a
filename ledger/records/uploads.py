"""What strangers send along before anybody has seen it: kept apart from the evidence, and forgotten after a while."""

import os
from datetime import datetime
from pathlib import Path

from ledger.records.evidence import EvidenceStore


class UploadStore(EvidenceStore):
    """Files under their SHA-256 that nothing refers to for good yet; each goes when it is long untouched."""

    def touch(self, sha256: str, now: datetime) -> None:
        """Note that a file is still wanted; nothing happens where it is not there."""
        path = self.path(sha256)
        if path.exists():
            os.utime(path, (now.timestamp(), now.timestamp()))

    def forget_before(self, when: datetime) -> int:
        """Delete what was not touched since ``when``; how many files. What is put in meanwhile stays."""
        old = [path for path in self._files() if path.stat().st_mtime < when.timestamp()]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)

    def _files(self) -> list[Path]:
        return [self.path(sha256) for sha256 in self.hashes()]
