"""With an older checkpoint in hand, every tampering is found, wherever it is; honest growth raises no alarm."""

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Connection

from ledger.journal.entry import Entry
from ledger.journal.note import Signer, sign_checkpoint
from ledger.records.journal_reading import StoredEntry, root_of_first
from ledger.records.journal_store import erase
from ledger.records.journal_tables import install, standing_triggers, wanted_triggers
from ledger.records.journal_verify import Report, verify_journal
from tests.postgres import postgres_server, postgres_url  # noqa: F401
from tests.records.journal_cast import (  # noqa: F401
    HARBOUR,
    LANTERN,
    NOW,
    new_ledger,
    open_ledger,
    quick_folder,
    quick_path,
    sqlite_ledger,
)
from tests.records.journal_intruder import TAMPERINGS, Intruder, another, with_hash

PLACES = 20
SIZE = 263  # a full tile and a ragged edge


@pytest.fixture(scope="module")
def honest() -> Iterator[tuple[Path, bytes]]:
    """A closed ledger's folder, and its checkpoint as an outsider holds it."""
    with quick_folder() as folder:
        ledger = sqlite_ledger(folder)
        ledger.grow(200)
        ledger.grow(10, personal=True)
        ledger.grow(3, LANTERN)
        ledger.grow(SIZE - 210)
        checkpoint = ledger.checkpoint()
        ledger.close()
        yield folder, checkpoint


@pytest.fixture
def copy_of(honest: tuple[Path, bytes], quick_path: Path) -> Callable[[int], Path]:
    def copy(number: int) -> Path:
        return Path(shutil.copytree(honest[0], quick_path / str(number), dirs_exist_ok=True))

    return copy


def verified(folder: Path, *checkpoints: bytes) -> Report:
    ledger = open_ledger(f"sqlite:///{folder}/ledger.db", folder)
    try:
        with ledger.reading() as connection:
            return verify_journal(connection, HARBOUR, checkpoints=checkpoints)
    finally:
        ledger.close()


@pytest.mark.parametrize("tamper", TAMPERINGS, ids=lambda tamper: tamper.__name__)
def test_tampering_is_found(
    honest: tuple[Path, bytes], copy_of: Callable[[int], Path], tamper: Callable
) -> None:
    chance = random.Random(tamper.__name__)
    for number in range(PLACES):
        folder = copy_of(number)
        (folder / "journal" / HARBOUR / "checkpoint").unlink()  # only the outsider's is left
        at = chance.randrange(SIZE)
        with Intruder(folder / "ledger.db") as intruder:
            tamper_one(intruder, tamper, at, chance)
        report = verified(folder, honest[1])
        assert not report.holds, f"{tamper.__name__} at {at} was not seen"
        assert report.first is not None
        assert report.first.text


def tamper_one(intruder: Intruder, tamper: Callable, at: int, chance: random.Random) -> None:
    """Tamper with Harbour's journal only; the other publisher's entries are kept aside meanwhile."""
    others = intruder.raw.execute(
        "SELECT * FROM journal_entry WHERE publisher_id <> ?", (HARBOUR,)
    ).fetchall()
    intruder.raw.execute("DELETE FROM journal_entry WHERE publisher_id <> ?", (HARBOUR,))
    tamper(intruder, at, chance)
    intruder.raw.executemany("INSERT INTO journal_entry VALUES (?, ?, ?, ?, ?, ?)", others)


def test_the_first_thing_that_does_not_hold_is_named(
    honest: tuple[Path, bytes], copy_of: Callable[[int], Path]
) -> None:
    folder = copy_of(0)
    with Intruder(folder / "ledger.db") as intruder:
        rows = [(seq, leaf) for seq, leaf in intruder.raw.execute("SELECT seq, leaf FROM journal_entry")]
        intruder.raw.execute("UPDATE journal_entry SET leaf = ? WHERE seq = 77", (another(rows[77][1]),))
        intruder.raw.execute("UPDATE journal_entry SET leaf = ? WHERE seq = 99", (another(rows[99][1]),))
    report = verified(folder, honest[1])
    assert report.first is not None
    assert (report.first.where, report.first.seq) == ("entry", 77)


@pytest.mark.parametrize("far", [SIZE + 1, 499, 500, 5_000_000_000])
def test_an_entry_far_beyond_the_last_is_found(
    honest: tuple[Path, bytes], copy_of: Callable[[int], Path], far: int
) -> None:
    folder = copy_of(0)
    with Intruder(folder / "ledger.db") as intruder:
        intruder.raw.execute(
            "INSERT INTO journal_entry SELECT publisher_id, ?, kind, at, leaf_hash, leaf FROM journal_entry "
            "WHERE publisher_id = ? AND seq = 7",
            (far, HARBOUR),
        )
    report = verified(folder, honest[1])
    assert report.first is not None
    assert report.first.text == f"Entry {SIZE} is missing: the next one is numbered {far}."


def test_several_checkpoints_narrow_down_the_place(quick_path: Path) -> None:
    ledger = sqlite_ledger(quick_path)
    checkpoints = []
    for _ in range(5):
        ledger.grow(10)
        checkpoints.append(ledger.checkpoint())
    ledger.close()
    with Intruder(quick_path / "ledger.db") as intruder:
        rows = intruder.rows()
        rows[33] = with_hash(rows[33], another(rows[33][3]))
        intruder.replace(rows)
    report = verified(quick_path, *reversed(checkpoints))
    assert report.first is not None
    assert "one of the entries 30 to 39 is not what it was" in report.first.text


@pytest.mark.parametrize("name", sorted(wanted_triggers("sqlite")))
def test_a_dropped_or_hollow_trigger_is_found(copy_of: Callable[[int], Path], name: str) -> None:
    folder = copy_of(0)
    with sqlite3.connect(folder / "ledger.db") as raw:
        raw.execute(f"DROP TRIGGER {name}")
    raw.close()
    report = verified(folder)
    assert report.first is not None
    assert name in report.first.text
    table = next(
        table for table in ("journal_entry", "journal_tile", "personal_datum") if name.startswith(table)
    )
    event = name.rsplit("_no_", 1)[1] if "_no_" in name else "insert"
    with sqlite3.connect(folder / "ledger.db") as raw:
        raw.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} BEGIN SELECT 1; END")
    raw.close()
    report = verified(folder)
    assert report.first is not None
    assert f"The trigger {name} is not ours" in report.first.text


@pytest.mark.postgres
def test_a_disabled_dropped_or_hollow_trigger_is_found_on_postgresql(
    postgres_url: str,
    quick_path: Path,
) -> None:
    ledger = new_ledger(postgres_url, quick_path)
    ledger.grow(2)
    wanted = wanted_triggers("postgresql")
    for name in wanted:
        table = next(
            table for table in ("journal_entry", "journal_tile", "personal_datum") if name.startswith(table)
        )
        for statement in (f"DROP TRIGGER {name} ON {table}", f"ALTER TABLE {table} DISABLE TRIGGER {name}"):
            with ledger.writing() as connection:
                install(connection)
                connection.exec_driver_sql(statement)
                report = verify_journal(connection, HARBOUR)
                assert [problem for problem in report.problems if name in problem.text]
    with ledger.writing() as connection:
        install(connection)
        connection.exec_driver_sql(
            "CREATE OR REPLACE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
        )
        assert standing_triggers(connection) != wanted
        assert not verify_journal(connection, HARBOUR).holds
    with ledger.writing() as connection:
        install(connection)
        assert verify_journal(connection, HARBOUR).holds
        connection.exec_driver_sql("CREATE RULE quiet AS ON INSERT TO journal_entry DO INSTEAD NOTHING")
        [problem] = verify_journal(connection, HARBOUR).problems
        assert "quiet is not ours" in problem.text
    ledger.close()


def test_a_fork_by_restore_is_found(quick_path: Path) -> None:
    """An old copy of the whole data folder is put back and grows on: only the outsider's checkpoint can tell."""
    chance = random.Random("fork")
    for number in range(PLACES):
        folder = quick_path / str(number)
        folder.mkdir()
        ledger = sqlite_ledger(folder)
        ledger.grow(chance.randrange(1, 30))
        ledger.checkpoint()
        ledger.close()
        backup = shutil.copytree(folder, quick_path / f"{number}-backup")
        ledger = open_ledger(f"sqlite:///{folder}/ledger.db", folder)
        ledger.grow(chance.randrange(1, 10))
        outside = ledger.checkpoint()
        ledger.close()
        shutil.rmtree(folder)
        shutil.move(backup, folder)
        ledger = open_ledger(f"sqlite:///{folder}/ledger.db", folder)
        ledger.grow(chance.randrange(1, 20))
        ledger.checkpoint()
        ledger.close()
        assert verified(folder).holds  # nothing inside can know
        report = verified(folder, outside)
        assert not report.holds
        assert report.first is not None
        assert report.first.where == "checkpoint"


def test_a_whole_rewrite_signed_anew_is_found(
    honest: tuple[Path, bytes], copy_of: Callable[[int], Path]
) -> None:
    """The holder of the key rewrites everything, checkpoint file and all."""
    chance = random.Random("rewrite")
    for number in range(PLACES):
        folder, at = copy_of(number), chance.randrange(SIZE)
        with Intruder(folder / "ledger.db") as intruder:
            intruder.raw.execute("DELETE FROM journal_entry WHERE publisher_id <> ?", (HARBOUR,))
            rows = intruder.rows()
            rows[at] = with_hash(rows[at], another(rows[at][3]))
            if strictly_personal(rows[at][3]):
                intruder.raw.execute("DELETE FROM personal_datum WHERE seq = ?", (at,))
            intruder.replace(rows)
        [key] = (folder / "journal" / HARBOUR).glob("*.key")
        signer = Signer.parse(key.read_text())
        ledger = open_ledger(f"sqlite:///{folder}/ledger.db", folder)
        with ledger.reading() as connection:
            signed = sign_checkpoint(signer, SIZE, root_of_first(connection, HARBOUR, SIZE))
        ledger.close()
        (folder / "journal" / HARBOUR / "checkpoint").write_text(signed)
        report = verified(folder, honest[1])
        assert not report.holds
        assert report.problems[-1].where == "checkpoint"


def strictly_personal(leaf: bytes) -> bool:
    return b'"personal":{}' not in leaf


def test_200_honest_growths_raise_no_alarm(quick_path: Path) -> None:
    chance = random.Random("honest")
    ledger = sqlite_ledger(quick_path)
    checkpoints: list[bytes] = []
    for number in range(200):
        ledger.grow(chance.randrange(1, 4), personal=chance.random() < 0.3)
        if chance.random() < 0.1:
            with ledger.writing() as connection:
                erase(connection, HARBOUR, NOW, subject=f"pt_{number % 3}")
        checkpoints.append(ledger.checkpoint())
        with ledger.reading() as connection:
            held = chance.sample(checkpoints, min(3, len(checkpoints)))
            report = verify_journal(connection, HARBOUR, checkpoints=held)
            assert report.holds, report.first
    with ledger.reading() as connection:
        assert verify_journal(connection, HARBOUR, checkpoints=checkpoints).holds
    ledger.close()


def test_what_is_no_checkpoint_of_this_journal_is_named(quick_path: Path) -> None:
    ledger = sqlite_ledger(quick_path)
    ledger.grow(2)
    stranger = Signer("ledger.example/journal/harbour", bytes(32))
    with ledger.reading() as connection:
        root = root_of_first(connection, HARBOUR, 2)
        forged = sign_checkpoint(stranger, 2, root)
        for bad, words in ((b"hello\n", "no checkpoint"), (forged, "not by a key of this journal")):
            report = verify_journal(connection, HARBOUR, checkpoints=[bad])
            assert report.first is not None
            assert words in report.first.text
        assert verify_journal(connection, HARBOUR, checkpoints=[forged], known=[stranger.verifier]).holds
    ledger.close()


def test_an_erased_datum_that_comes_back_is_found(quick_path: Path) -> None:
    ledger = sqlite_ledger(quick_path)
    ledger.grow(3, personal=True)
    with ledger.reading() as connection:
        kept = connection.exec_driver_sql("SELECT * FROM personal_datum WHERE subject = 'pt_1'").fetchall()
    with ledger.writing() as connection:
        erase(connection, HARBOUR, NOW, subject="pt_1")
        for row in kept:
            connection.exec_driver_sql("INSERT INTO personal_datum VALUES (?, ?, ?, ?, ?, ?, ?)", tuple(row))
        report = verify_journal(connection, HARBOUR)
    assert report.first is not None
    assert "was erased and is there again" in report.first.text
    ledger.close()


def test_the_desks_rows_are_compared_with_the_entries(quick_path: Path) -> None:
    @dataclass
    class PieceRows:
        """A row check as a room supplies it: pieces in the register against piece.registered entries."""

        register: set[str]

        def entry(self, connection: Connection, stored: StoredEntry, entry: Entry) -> str | None:
            piece = entry.payload["piece"]
            if piece in self.register:
                self.register.discard(piece)
                return None
            return f"the register has no piece {piece}"

        def finish(self, connection: Connection, publisher_id: str) -> Iterable[str]:
            return [f"No entry tells of the piece {piece}." for piece in sorted(self.register)]

    ledger = sqlite_ledger(quick_path)
    ledger.grow(3)
    with ledger.reading() as connection:
        assert verify_journal(connection, HARBOUR, checks=[PieceRows({"pc_0", "pc_1", "pc_2"})]).holds
        report = verify_journal(connection, HARBOUR, checks=[PieceRows({"pc_0", "pc_2", "pc_7"})])
    assert [problem.text for problem in report.problems] == [
        "Entry 1 (piece.registered): the register has no piece pc_1",
        "No entry tells of the piece pc_7.",
    ]
    ledger.close()


def test_a_journal_in_ruins_is_reported_within_limits(
    honest: tuple[Path, bytes], copy_of: Callable[[int], Path]
) -> None:
    folder = copy_of(0)
    with Intruder(folder / "ledger.db") as intruder:
        intruder.raw.execute("UPDATE journal_entry SET leaf = x'00'")
    report = verified(folder, honest[1])
    assert len(report.problems) == 50


def test_an_empty_journal_holds(quick_path: Path) -> None:
    ledger = sqlite_ledger(quick_path)
    with ledger.reading() as connection:
        report = verify_journal(connection, LANTERN, checkpoints=[ledger.checkpoint(LANTERN)])
    assert (report.holds, report.size) == (True, 0)
    ledger.close()
