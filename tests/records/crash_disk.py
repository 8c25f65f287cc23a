"""A disk that can lose its power, refuse to write, or be full, under a real SQLite: an apsw VFS.

Every file is two images: what was synced, and what was written since. A write becomes certain with the next sync
of its file. When the power goes, each write since then is there whole, torn at a 512-byte sector, or not at all,
in any combination; the same holds for the file's length. A file that was never synced may be missing.
"""

import random
from collections.abc import Callable
from pathlib import Path

import apsw

SECTOR = 512


class PowerCut(Exception):
    """The machine is off: nothing more reaches the disk."""


class SimulatedFile:
    """One file: ``durable`` after the last sync (None: the name itself is not certain), ``now``, writes between."""

    def __init__(self, durable: bytes | None = None) -> None:
        self.durable = durable
        self.now = bytearray(durable or b"")
        self.pending: list[tuple[int, bytes]] = []  # (offset, data); (length, b"") for a change of length

    def write(self, data: bytes, offset: int) -> None:
        self.now.extend(bytes(max(0, offset + len(data) - len(self.now))))
        self.now[offset : offset + len(data)] = data
        self.pending.append((offset, data))

    def truncate(self, length: int) -> None:
        del self.now[length:]
        self.pending.append((length, b""))

    def sync(self) -> None:
        self.durable, self.pending = bytes(self.now), []

    def after_the_cut(self, chance: random.Random) -> bytes | None:
        """What is found when the power is back."""
        if self.durable is None and chance.random() < 0.3:
            return None
        image = bytearray(self.durable or b"")
        for offset, data in self.pending:
            if chance.random() < 0.5:
                continue
            if not data:
                del image[offset:]
                continue
            if chance.random() < 0.3:  # torn: only some of its sectors arrived
                keep = chance.randrange(0, len(data) // SECTOR + 1) * SECTOR
                data = data[:keep]
            image.extend(bytes(max(0, offset + len(data) - len(image))))
            image[offset : offset + len(data)] = data
        return bytes(image)


class Disk(apsw.VFS):
    """The disk. ``before_write`` is called before each write and sync, and may raise."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "")
        self.name = name
        self.files: dict[str, SimulatedFile] = {}
        self.operations = 0
        self.before_write: Callable[[str], None] = lambda kind: None

    def load(self, folder: Path) -> None:
        """Take over a folder's files as they are, all of them certain."""
        for path in folder.iterdir():
            if path.is_file():
                self.files[str(path)] = SimulatedFile(path.read_bytes())

    def restore(self, folder: Path, chance: random.Random) -> None:
        """Write out what a power cut leaves of the database's files."""
        folder.mkdir()
        for name, file in self.files.items():
            image = file.after_the_cut(chance)
            if image is not None:
                (folder / Path(name).name).write_bytes(image)

    def touch(self, kind: str) -> None:
        self.operations += 1
        self.before_write(kind)

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> "OpenFile":
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        if path is None:  # a temporary file: nothing in it matters after a crash
            return OpenFile(self, SimulatedFile())
        if path not in self.files:
            if not flags[0] & apsw.SQLITE_OPEN_CREATE:
                raise apsw.CantOpenError(path)
            self.touch("create")
            self.files[path] = SimulatedFile()
        flags[1] = flags[0]
        return OpenFile(self, self.files[path])

    def xDelete(self, name: str, sync_folder: bool) -> None:
        self.touch("delete")
        if name not in self.files:
            raise apsw.IOError(name)
        del self.files[name]

    def xAccess(self, name: str, flags: int) -> bool:
        return name in self.files

    def xFullPathname(self, name: str) -> str:
        return name


class OpenFile:
    """What SQLite holds of a file; locks are not simulated, for one connection has it to itself."""

    def __init__(self, disk: Disk, file: SimulatedFile) -> None:
        self.disk, self.file = disk, file

    def xRead(self, amount: int, offset: int) -> bytes:
        return bytes(self.file.now[offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:
        self.disk.touch("write")
        self.file.write(bytes(data), offset)

    def xTruncate(self, length: int) -> None:
        self.disk.touch("truncate")
        self.file.truncate(length)

    def xSync(self, flags: int) -> None:
        self.disk.touch("sync")
        self.file.sync()

    def xFileSize(self) -> int:
        return len(self.file.now)

    def xSectorSize(self) -> int:
        return SECTOR

    def xDeviceCharacteristics(self) -> int:
        return 0  # nothing is promised: no atomic writes, no safe append

    def xFileControl(self, op: int, pointer: int) -> bool:
        return False

    def xCheckReservedLock(self) -> bool:
        return False

    def xLock(self, level: int) -> None: ...
    def xUnlock(self, level: int) -> None: ...
    def xClose(self) -> None: ...
