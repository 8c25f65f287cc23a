"""Nothing that was acknowledged is lost, and no fork is left: kill -9, power cuts, a bad and a full disk."""

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import apsw
import pytest

from ledger.records import sessions
from ledger.records.failures import RecordsUnavailable
from ledger.records.journal_publishing import publish
from ledger.records.journal_reading import entries
from ledger.records.journal_store import append_many
from ledger.records.journal_verify import verify_journal
from tests.records.crash_dbapi import driver
from tests.records.crash_disk import Disk, PowerCut
from tests.records.journal_cast import (  # noqa: F401
    HARBOUR,
    NOW,
    Ledger,
    an_act,
    open_ledger,
    quick_folder,
    quick_path,
    sqlite_ledger,
)

_disk_names = count()


def check_all_is_there(ledger: Ledger, acknowledged: dict[int, str], checkpoints: list[bytes]) -> None:
    """The journal holds, says what was acknowledged, agrees with what was published, and grows on."""
    with ledger.reading() as connection:
        report = verify_journal(connection, HARBOUR, checkpoints=checkpoints)
        assert report.holds, report.first
        found = {stored.seq: stored.leaf_hash.hex() for stored in entries(connection, HARBOUR)}
    lost = {seq for seq, hash_ in acknowledged.items() if found.get(seq) != hash_}
    assert not lost, f"acknowledged and lost: {sorted(lost)[:5]}"
    for made in ledger.grow(2, personal=True):
        acknowledged[made.seq] = made.leaf_hash.hex()
    checkpoints.append(ledger.checkpoint())


# --- kill -9 ---------------------------------------------------------------------------------------------------


class Writers:
    """The program of crash_writer.py, told to fork a writer and made to say what it acknowledged."""

    def __init__(self) -> None:
        self.program = subprocess.Popen(
            [sys.executable, "-m", "tests.records.crash_writer"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        assert self.program.stdin is not None
        assert self.program.stdout is not None
        self.commands, self.out = self.program.stdin, self.program.stdout.fileno()
        os.set_blocking(self.out, False)

    def killed_after(self, folder: Path, lines: int, seconds: float) -> list[bytes]:
        """Start a writer, kill it ``seconds`` after it has said so many lines; all it said, in whole lines."""
        self.commands.write(f"{folder}\n".encode())
        self.commands.flush()
        said = b""
        while b"s\n" not in said or not (found := re.search(rb"^p ([0-9]+)\n", said, re.MULTILINE)):
            said += self.heard()
        pid = int(found[1])
        while said.count(b"\n") < lines + 2:
            said += self.heard()
        time.sleep(seconds)
        os.kill(pid, signal.SIGKILL)
        while self.alive(pid):
            time.sleep(0.001)
        said += self.heard()
        return said.split(b"\n")[:-1]  # what follows the last newline was not said in full

    def heard(self) -> bytes:
        assert self.program.poll() is None, "the writers' program ended"
        time.sleep(0.001)
        said = b""
        try:
            while piece := os.read(self.out, 1 << 16):
                said += piece
        except BlockingIOError:
            pass
        return said

    @staticmethod
    def alive(pid: int) -> bool:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        return True

    def close(self) -> None:
        self.commands.close()
        self.program.wait(timeout=10)


@pytest.fixture(scope="module")
def writers() -> Iterator[Writers]:
    started = Writers()
    yield started
    started.close()


def killed_again_and_again(writers: Writers, folder: Path, times: int) -> None:
    chance = random.Random(times)
    sqlite_ledger(folder).close()
    acknowledged: dict[int, str] = {}
    checkpoints: list[bytes] = []
    for _ in range(times):
        for line in writers.killed_after(folder, chance.randrange(0, 60), chance.uniform(0.0, 0.004)):
            word, *rest = line.decode().split(" ")
            if word == "c":
                checkpoints.append(bytes.fromhex(rest[0]))
            elif word == "a":
                acknowledged[int(rest[0])] = rest[1]
        ledger = open_ledger(f"sqlite:///{folder}/ledger.db", folder)
        check_all_is_there(ledger, acknowledged, checkpoints[-20:])
        ledger.close()
    assert len(acknowledged) > times * 4


def test_a_killed_writer_loses_nothing(writers: Writers, quick_path: Path) -> None:
    killed_again_and_again(writers, quick_path, 8)


@pytest.mark.long
def test_a_writer_killed_200_times_loses_nothing(writers: Writers) -> None:
    for _ in range(10):  # a fresh ledger now and then, so that checking it all does not take the afternoon
        with quick_folder() as folder:
            killed_again_and_again(writers, folder, 20)


# --- power cuts ------------------------------------------------------------------------------------------------


@pytest.fixture
def simulated(
    quick_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., tuple[Disk, Ledger]]]:
    """Makes a ledger whose database lives on a simulated disk; its keeper's files are on a real one."""
    opened: list[Ledger] = []

    def make(name: str) -> tuple[Disk, Ledger]:
        folder = quick_path / name
        folder.mkdir()
        sqlite_ledger(folder).close()
        disk = Disk(f"disk-{next(_disk_names)}")
        disk.load(folder)
        with monkeypatch.context() as patch:
            patch.setattr(sessions, "sqlite_module", lambda: driver(disk.name))
            ledger = open_ledger(f"sqlite:///{folder}/ledger.db", folder)
        opened.append(ledger)
        return disk, ledger

    yield make
    for ledger in opened:
        ledger.close()


def write_until_the_cut(
    ledger: Ledger, acknowledged: dict[int, str], checkpoints: list[bytes], sync: str, pages: int
) -> None:
    with ledger.database.write_engine.connect() as connection:
        raw = connection.connection.dbapi_connection.raw  # type: ignore[union-attr]
        for pragma in (f"wal_autocheckpoint = {pages}", f"synchronous = {sync}"):
            list(raw.execute(f"PRAGMA {pragma}"))
    for turn in count():
        with ledger.writing() as connection:
            acts = [an_act(turn, personal=turn % 2 == 0) for _ in range(1 + turn % 5)]
            made = append_many(connection, HARBOUR, acts, NOW)
        acknowledged.update({one.seq: one.leaf_hash.hex() for one in made})
        if turn % 4 == 0:
            with ledger.writing() as connection:
                checkpoints.append(publish(connection, HARBOUR).note)


def cut(
    simulated: Callable[..., tuple[Disk, Ledger]], number: int, sync: str = "FULL"
) -> tuple[Ledger, dict[int, str], list[bytes]]:
    """One power cut at a random moment; the ledger that is found afterwards, and what had been acknowledged."""
    chance = random.Random(f"{sync} {number}")
    disk, ledger = simulated(str(number))
    left = chance.randrange(20, 400)

    def fail(kind: str) -> None:
        if disk.operations > left:
            raise PowerCut(kind)

    disk.before_write = fail
    acknowledged: dict[int, str] = {}
    checkpoints: list[bytes] = []
    with pytest.raises(Exception):  # noqa: B017, PT011  (whatever a machine without power says)
        write_until_the_cut(ledger, acknowledged, checkpoints, sync, chance.choice([12, 50, 1000]))
    assert disk.operations > left
    after = ledger.folder.with_name(f"{number}-after")
    disk.restore(after, chance)
    (ledger.folder / "journal").rename(after / "journal")
    return open_ledger(f"sqlite:///{after}/ledger.db", after), acknowledged, checkpoints


def cut_again_and_again(simulated: Callable[..., tuple[Disk, Ledger]], numbers: range) -> None:
    total = 0
    for number in numbers:
        ledger, acknowledged, checkpoints = cut(simulated, number)
        total += len(acknowledged)
        check_all_is_there(ledger, acknowledged, checkpoints)
        ledger.close()
    assert total > 10 * len(numbers)


def test_a_power_cut_loses_nothing(simulated: Callable[..., tuple[Disk, Ledger]]) -> None:
    cut_again_and_again(simulated, range(12))


@pytest.mark.long
def test_200_power_cuts_lose_nothing(simulated: Callable[..., tuple[Disk, Ledger]]) -> None:
    cut_again_and_again(simulated, range(1_000, 1_200))


def test_the_simulated_disk_does_lose_what_is_not_synced(
    simulated: Callable[..., tuple[Disk, Ledger]],
) -> None:
    """The same cuts with synchronous=NORMAL: were nothing lost here, the tests above would show nothing."""
    lost = 0
    for number in range(12):
        ledger, acknowledged, checkpoints = cut(simulated, number, "NORMAL")
        try:
            check_all_is_there(ledger, acknowledged, checkpoints)
        except Exception:
            lost += 1
        ledger.close()
    assert lost >= 3


# --- a bad disk, a full disk -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "words"), [(apsw.FullError, "disk is full"), (apsw.IOError, "disk refused")]
)
@pytest.mark.parametrize("kind", ["write", "sync"])
def test_trouble_with_the_disk_is_said_plainly_and_passes(
    simulated: Callable[..., tuple[Disk, Ledger]], error: type[apsw.Error], words: str, kind: str
) -> None:
    disk, ledger = simulated("trouble")
    ledger.grow(5, personal=True)
    acknowledged = {}

    def fail(operation: str) -> None:
        if operation == kind:
            raise error("simulated")

    for round_ in range(5):
        disk.before_write = fail
        for _ in range(3):
            with pytest.raises(RecordsUnavailable, match=words):
                ledger.grow(1 + round_ * 40, personal=True)
        disk.before_write = lambda kind: None
        for made in ledger.grow(2, personal=True):  # the same process, the same connection pool
            acknowledged[made.seq] = made.leaf_hash.hex()
    assert sorted(acknowledged) == list(range(5, 15))
    with ledger.writing() as connection:  # the simulated disk has room for one connection only
        assert verify_journal(connection, HARBOUR).holds
        found = {stored.seq: stored.leaf_hash.hex() for stored in entries(connection, HARBOUR)}
    assert acknowledged.items() <= found.items()
    assert len(found) == 15


def test_a_full_disk_under_the_checkpoint_file_leaves_the_old_one(
    quick_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = sqlite_ledger(quick_path)
    ledger.grow(2)
    before = ledger.checkpoint()
    ledger.grow(2)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(RecordsUnavailable, match="No space left"):
            ledger.checkpoint()
    place = ledger.keeper.place(HARBOUR)
    assert (place / "checkpoint").read_bytes() == before
    assert not [path for path in place.iterdir() if path.name.startswith(".")]
    assert ledger.checkpoint() != before
    ledger.close()
