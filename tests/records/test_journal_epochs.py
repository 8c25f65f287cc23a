"""The restore trap: an old copy of the database is refused until a new epoch is opened."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.journal.entry import read_leaf
from ledger.journal.note import Verifier
from ledger.journal.proof import verify_proof
from ledger.records.journal_epochs import NothingToReopen, epoch_of, reopen
from ledger.records.journal_keeper import JournalError
from ledger.records.journal_publishing import proof_file, publish, tile, verifier_key
from ledger.records.journal_reading import entry_at, size_of
from ledger.records.journal_store import JournalBehind
from ledger.records.journal_verify import verify_journal
from tests.records.journal_cast import HARBOUR, LANTERN, NOW, Ledger, open_ledger, quick_path, sqlite_ledger  # noqa: F401


class Restored:
    """A ledger of 8 published entries whose database was put back to the state of 5."""

    def __init__(self, folder: Path) -> None:
        ledger = sqlite_ledger(folder)
        ledger.grow(5)
        self.early = ledger.checkpoint()
        ledger.close()
        shutil.copy(folder / "ledger.db", folder / "backup.db")
        ledger = open_ledger(f"sqlite:///{folder}/ledger.db", folder)
        ledger.grow(3)
        with ledger.reading() as connection:
            self.letter = proof_file(connection, HARBOUR, 6)
            self.key = verifier_key(connection, HARBOUR)
        self.late = ledger.checkpoint()
        ledger.close()
        for path in folder.glob("ledger.db*"):
            path.unlink()
        shutil.copy(folder / "backup.db", folder / "ledger.db")
        self.ledger: Ledger = open_ledger(f"sqlite:///{folder}/ledger.db", folder)


@pytest.fixture
def restored(quick_path: Path) -> Iterator[Restored]:
    made = Restored(quick_path)
    yield made
    made.ledger.close()


def size(ledger: Ledger) -> int:
    with ledger.reading() as connection:
        return size_of(connection, HARBOUR)


def test_an_old_copy_is_refused_and_nothing_is_written(restored: Restored) -> None:
    ledger = restored.ledger
    with pytest.raises(JournalBehind, match="5 entries, but a checkpoint over 8 was published"):
        ledger.grow(1)
    with pytest.raises(JournalBehind):
        ledger.checkpoint()
    with ledger.reading() as connection, pytest.raises(JournalBehind):
        proof_file(connection, HARBOUR, 0)
    assert size(ledger) == 5
    ledger.grow(2, LANTERN)  # another publisher's journal goes on


def test_a_new_epoch_commits_to_the_old_one_and_goes_on(restored: Restored) -> None:
    ledger = restored.ledger
    published = reopen(ledger.writing, HARBOUR, NOW, reason="disk failure, backup of the night before")
    assert published.checkpoint.size == 6
    assert published.checkpoint.origin == "ledger.example/journal/harbour/epoch-2"
    with ledger.reading() as connection:
        opening = read_leaf(entry_at(connection, HARBOUR, 5).leaf)
        assert opening.payload["previous"] == restored.late.decode()
        assert (opening.payload["epoch"], opening.payload["kept"]) == (2, 5)
        new_key = verifier_key(connection, HARBOUR)
        assert new_key != restored.key
        with pytest.raises(NothingToReopen):
            reopen(ledger.writing, HARBOUR, NOW, reason="again")
    [appended] = ledger.grow(1)
    with ledger.reading() as connection:
        proof = proof_file(connection, HARBOUR, appended.seq)
        assert verify_proof(proof, [Verifier.parse(new_key.vkey)]).index == 6
        assert len(tile(connection, HARBOUR, 0, 0, 7)) == 7 * 32
    assert (
        verify_proof(restored.letter, [restored.key]).index == 6
    )  # the letter under the old log still verifies


def test_verify_tells_what_a_restore_lost(restored: Restored) -> None:
    ledger = restored.ledger
    reopen(ledger.writing, HARBOUR, NOW, reason="restore")
    ledger.grow(4)
    with ledger.reading() as connection:
        report = verify_journal(connection, HARBOUR, checkpoints=[restored.early])
        assert report.holds, report.first
        assert "Epoch 2 begins at entry 5" in report.warnings[0]
        report = verify_journal(connection, HARBOUR, checkpoints=[restored.early, restored.late])
        assert report.first is not None
        assert "the entries 5 to 7 were lost; epoch 2 goes on from entry 5" in report.first.text


def test_a_crash_between_the_entry_and_its_checkpoint_is_gone_on_from(
    restored: Restored, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = restored.ledger

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(ledger.keeper, "keep_aside", crash)
        with pytest.raises(KeyboardInterrupt):
            reopen(ledger.writing, HARBOUR, NOW, reason="restore")
    assert size(ledger) == 6
    with pytest.raises(JournalBehind):
        ledger.grow(1)
    assert reopen(ledger.writing, HARBOUR, NOW, reason="restore").checkpoint.size == 6
    assert size(ledger) == 6
    ledger.grow(1)


def test_a_second_restore_opens_a_third_epoch(restored: Restored, quick_path: Path) -> None:
    ledger = restored.ledger
    reopen(ledger.writing, HARBOUR, NOW, reason="one")
    ledger.grow(2)
    ledger.checkpoint()
    ledger.close()
    for path in quick_path.glob("ledger.db*"):
        path.unlink()
    shutil.copy(quick_path / "backup.db", quick_path / "ledger.db")
    published = reopen(ledger.writing, HARBOUR, NOW, reason="two")
    assert published.checkpoint.origin == "ledger.example/journal/harbour/epoch-3"
    ledger.grow(1)


def test_an_outsiders_newer_checkpoint_is_taken_into_account(quick_path: Path) -> None:
    """The data folder was restored too: inside, nothing shows that entries were lost."""
    folder = quick_path / "data"
    folder.mkdir()
    ledger = sqlite_ledger(folder)
    ledger.grow(5)
    ledger.checkpoint()
    ledger.close()
    backup = shutil.copytree(folder, quick_path / "backup")
    ledger = open_ledger(f"sqlite:///{folder}/ledger.db", folder)
    ledger.grow(3)
    outside = ledger.checkpoint()
    ledger.close()
    restored = open_ledger(f"sqlite:///{backup}/ledger.db", backup)
    with pytest.raises(NothingToReopen):
        reopen(restored.writing, HARBOUR, NOW, reason="restore")
    with pytest.raises(JournalError, match="not this journal's"):
        reopen(restored.writing, HARBOUR, NOW, reason="restore", newer=outside.replace(b"\n8\n", b"\n9\n"))
    published = reopen(restored.writing, HARBOUR, NOW, reason="restore", newer=outside)
    assert published.checkpoint.origin.endswith("/epoch-2")
    with restored.reading() as connection:
        assert read_leaf(entry_at(connection, HARBOUR, 5).leaf).payload["previous"] == outside.decode()
    restored.close()


def test_nothing_to_reopen_where_nothing_was_published(quick_path: Path) -> None:
    ledger = sqlite_ledger(quick_path)
    ledger.grow(1)
    with pytest.raises(NothingToReopen):
        reopen(ledger.writing, HARBOUR, NOW, reason="none")
    ledger.close()


def test_a_database_that_tells_another_story_is_refused(restored: Restored) -> None:
    """As many entries as were published, but others: grown by a program that did not ask."""
    ledger = restored.ledger
    kept = ledger.keeper.place(HARBOUR) / "checkpoint"
    note = kept.read_bytes()
    kept.unlink()
    ledger.grow(4)
    kept.write_bytes(note)
    with pytest.raises(JournalBehind, match="not those of the checkpoint"):
        ledger.grow(1)
    with ledger.reading() as connection, pytest.raises(JournalBehind, match="not those of the checkpoint"):
        publish(connection, HARBOUR)
    published = reopen(ledger.writing, HARBOUR, NOW, reason="a fork")
    assert published.checkpoint.size == 10


def test_origins_tell_their_epoch() -> None:
    assert epoch_of("a/journal/b") == ("a/journal/b", 1)
    assert epoch_of("a/journal/b/epoch-12") == ("a/journal/b", 12)


def test_the_checkpoint_is_compared_once_for_each_that_is_published(quick_path: Path) -> None:
    ledger = sqlite_ledger(quick_path)
    ledger.grow(1)
    ledger.checkpoint()
    again = open_ledger(f"sqlite:///{quick_path}/ledger.db", quick_path)
    looked: list[str] = []
    ask = again.keeper.published
    again.keeper.published = lambda publisher: (looked.append(publisher), ask(publisher))[1]  # type: ignore[method-assign]
    for _ in range(3):
        again.grow(1)
    assert len(looked) == 1
    ledger.checkpoint()
    again.grow(1)
    assert len(looked) == 2
    ledger.close()
    again.close()
