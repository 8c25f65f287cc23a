"""Each check of a journal alone: one thing is wrong that nothing else would show, and it is named with its place."""

import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.journal.entry import canonical, strict_json
from ledger.journal.tree import leaf_hash
from ledger.records.journal_report import Problem
from ledger.records.journal_verify import verify_journal
from tests.records.journal_cast import HARBOUR, LANTERN, open_ledger, quick_path, sqlite_ledger  # noqa: F401
from tests.records.journal_intruder import Intruder, another, edit_and_rehash

SIZE = 270  # a full tile and a ragged edge


@pytest.fixture
def folder(quick_path: Path) -> Path:
    """A ledger's folder, closed: 260 plain entries and ten with personal data; nothing was ever published."""
    ledger = sqlite_ledger(quick_path)
    ledger.grow(260)
    ledger.grow(10, personal=True)
    ledger.close()
    return quick_path


def problems(folder: Path, publisher: str = HARBOUR) -> list[Problem]:
    ledger = open_ledger(f"sqlite:///{folder}/ledger.db", folder)
    try:
        with ledger.reading() as connection:
            return list(verify_journal(connection, publisher).problems)
    finally:
        ledger.close()


def the_only(folder: Path) -> Problem:
    [problem] = problems(folder)
    return problem


def rewritten(folder: Path, at: int, change: Callable[[dict], None]) -> None:
    """Rewrite one entry so that every hash and tile fits."""
    with Intruder(folder / "ledger.db") as intruder:
        rows = intruder.rows()
        value = strict_json(rows[at][3])
        change(value)
        leaf = canonical(value)
        rows[at] = (rows[at][0], rows[at][1], leaf_hash(leaf), leaf)
        intruder.replace(rows)


def test_a_gap_in_the_numbers_is_the_first_thing_named(folder: Path) -> None:
    with Intruder(folder / "ledger.db") as intruder:
        intruder.raw.execute("DELETE FROM journal_entry WHERE seq = 7")
    first = problems(folder)[0]
    assert (first.where, first.seq) == ("entry", 7)
    assert "Entry 7 is missing: the next one is numbered 8" in first.text


def test_an_entry_of_another_publishers_journal_is_found(folder: Path) -> None:
    rewritten(folder, 30, lambda entry: entry.update(publisher=LANTERN))
    assert the_only(folder).seq == 30


@pytest.mark.parametrize("column", ["kind", "at"])
def test_each_column_of_an_entry_is_what_its_bytes_say(folder: Path, column: str) -> None:
    value = {"kind": "piece.corrected", "at": "2020-01-01 00:00:00.000000"}[column]
    with Intruder(folder / "ledger.db") as intruder:
        intruder.raw.execute(f"UPDATE journal_entry SET {column} = ? WHERE seq = 5", (value,))
    assert the_only(folder).seq == 5


@pytest.mark.parametrize(
    "change",
    [
        lambda entry: entry.update(kind="piece.vanished"),
        lambda entry: entry.update(payload={}),
        lambda entry: entry.update(payload={"piece": 7}),
        lambda entry: entry.update(v=2),
    ],
    ids=["unknown kind", "nothing", "another type", "another version"],
)
def test_an_entry_that_no_act_could_have_written_is_found(
    folder: Path, change: Callable[[dict], None]
) -> None:
    rewritten(folder, 40, change)
    found = [problem for problem in problems(folder) if "not a kind we know, in this form" in problem.text]
    assert [problem.seq for problem in found] == [40]


def test_a_commitment_in_the_row_that_the_entry_does_not_make_is_found(folder: Path) -> None:
    with Intruder(folder / "ledger.db") as intruder:
        intruder.raw.execute(
            "UPDATE personal_datum SET commitment = zeroblob(32) WHERE seq = 262 AND field = 'name'"
        )
    assert (the_only(folder).where, the_only(folder).seq) == ("personal", 262)


@pytest.mark.parametrize(("seq", "words"), [(262, "does not commit to nickname"), (900, "that is not there")])
def test_personal_data_that_no_entry_commits_to_is_found(folder: Path, seq: int, words: str) -> None:
    with sqlite3.connect(folder / "ledger.db") as raw:
        raw.execute(
            "INSERT INTO personal_datum VALUES (?, ?, 'nickname', NULL, zeroblob(32), zeroblob(32), 'Al')",
            (HARBOUR, seq),
        )
    raw.close()
    assert words in the_only(folder).text


def test_personal_data_beside_an_entry_that_commits_to_none_is_found(folder: Path) -> None:
    """Such as a name put to an act that was nobody's."""
    with sqlite3.connect(folder / "ledger.db") as raw:
        raw.execute(
            "INSERT INTO personal_datum VALUES (?, 3, 'name', NULL, zeroblob(32), zeroblob(32), 'Mallory')",
            (HARBOUR,),
        )
    raw.close()
    assert "Entry 3 does not commit to name" in the_only(folder).text


def test_a_full_tile_of_no_entries_is_found(folder: Path) -> None:
    with sqlite3.connect(folder / "ledger.db") as raw:
        raw.execute("INSERT INTO journal_tile SELECT publisher_id, level, 1, root, hashes FROM journal_tile")
    raw.close()
    assert "2 full tiles for the entries of 1" in the_only(folder).text


def test_a_further_trigger_on_the_journal_is_found(folder: Path) -> None:
    """One that swallows entries in silence would leave ours as they are."""
    with sqlite3.connect(folder / "ledger.db") as raw:
        raw.execute(
            "CREATE TRIGGER quiet BEFORE INSERT ON journal_entry WHEN NEW.kind = 'letter.revoked' "
            "BEGIN SELECT RAISE(IGNORE); END"
        )
    raw.close()
    assert "trigger quiet is not ours" in the_only(folder).text


def test_the_checkpoint_kept_beside_the_database_is_held_against_it(quick_path: Path) -> None:
    ledger = sqlite_ledger(quick_path)
    ledger.grow(20)
    ledger.checkpoint()
    ledger.close()
    whole = shutil.copytree(quick_path, quick_path / "whole")
    with Intruder(quick_path / "ledger.db") as intruder:
        edit_and_rehash(intruder, 11, random.Random(0))
    assert "one of the entries 0 to 19 is not what it was" in the_only(quick_path).text
    kept = whole / "journal" / HARBOUR / "checkpoint"
    kept.write_bytes(kept.read_bytes().replace(b"\n20\n", b"\n19\n"))
    assert "does not hold" in the_only(whole).text


def test_a_signing_key_that_cannot_be_read_is_named(quick_path: Path) -> None:
    ledger = sqlite_ledger(quick_path)
    ledger.grow(2)
    ledger.checkpoint()
    ledger.close()
    [key] = (quick_path / "journal" / HARBOUR).glob("*.key")
    key.write_text("PRIVATE+KEY+nothing")
    found = problems(quick_path)
    assert found
    assert key.name in found[0].text


def test_a_row_check_is_not_asked_about_an_entry_in_no_known_form(folder: Path) -> None:
    """It reads the payload by the kind's keys, which are not there."""

    class Reader:
        def entry(self, connection: object, stored: object, entry: object) -> None:
            assert entry.payload["piece" if entry.kind == "piece.registered" else "request"]  # type: ignore[attr-defined]

        def finish(self, connection: object, publisher_id: str) -> list[str]:
            return []

    rewritten(folder, 40, lambda entry: entry.update(payload={}))
    ledger = open_ledger(f"sqlite:///{folder}/ledger.db", folder)
    with ledger.reading() as connection:
        report = verify_journal(connection, HARBOUR, checks=[Reader()])  # type: ignore[list-item]
    ledger.close()
    assert [problem.seq for problem in report.problems] == [40]


def test_an_entry_changed_where_it_stands_is_found_wherever_it_is(folder: Path) -> None:
    chance = random.Random(7)
    at = chance.randrange(260)
    with Intruder(folder / "ledger.db") as intruder:
        [(leaf,)] = intruder.raw.execute("SELECT leaf FROM journal_entry WHERE seq = ?", (at,)).fetchall()
        intruder.raw.execute("UPDATE journal_entry SET leaf = ? WHERE seq = ?", (another(leaf), at))
    assert problems(folder)[0].seq == at
