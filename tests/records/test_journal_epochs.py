"""The restore trap: an old copy of the database is refused until a new epoch is opened."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from ledger.journal.entry import read_leaf
from ledger.journal.note import Signer, Verifier, sign_checkpoint
from ledger.journal.proof import verify_proof
from ledger.records.journal_epochs import NothingToReopen, reopen
from ledger.records.journal_keeper import JournalError, epoch_of
from ledger.records.journal_publishing import proof_file, publish, tile, verifier_key
from ledger.records.journal_reading import entry_at, size_of
from ledger.records.journal_store import Act, JournalBehind, append_unchecked
from ledger.records.journal_verify import verify_journal
from ledger.records.tables import publisher
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


@pytest.mark.parametrize("grown", [3, 4])
def test_a_database_that_tells_another_story_is_refused(restored: Restored, grown: int) -> None:
    """As many entries as were published or more, but others: grown by a program that did not ask."""
    ledger = restored.ledger
    kept = ledger.keeper.place(HARBOUR) / "checkpoint"
    note = kept.read_bytes()
    kept.unlink()
    ledger.grow(grown)
    kept.write_bytes(note)
    with pytest.raises(JournalBehind, match="not those of the checkpoint"):
        ledger.grow(1)
    with ledger.reading() as connection, pytest.raises(JournalBehind, match="not those of the checkpoint"):
        publish(connection, HARBOUR)
    published = reopen(ledger.writing, HARBOUR, NOW, reason="a fork")
    assert published.checkpoint.size == 5 + grown + 1


def test_an_act_that_asks_for_a_checkpoint_and_is_refused_leaves_nothing(restored: Restored) -> None:
    """A reader is moved on to what is committed now; a writer's rows must not be committed by that."""
    row = {
        "id": "pb_NEW", "slug": "new", "name": "New", "legal_name": "New", "permissions_email": "",
        "number_prefix": "NEW", "created_at": NOW,
    }  # fmt: skip
    refused = pytest.raises(JournalBehind)
    with refused, restored.ledger.writing() as connection:
        connection.execute(publisher.insert().values(row))
        publish(connection, HARBOUR)
    with restored.ledger.reading() as connection:
        assert connection.execute(select(publisher.c.id)).all() == []


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


def put_back(folder: Path) -> None:
    """The database as it was at 5 entries."""
    for path in folder.glob("ledger.db*"):
        path.unlink()
    shutil.copy(folder / "backup.db", folder / "ledger.db")


def test_after_two_restores_the_checkpoints_of_every_epoch_are_judged_rightly(
    restored: Restored, quick_path: Path
) -> None:
    """The second restore lost the entry that had opened epoch 2: epoch 3 follows epoch 1 in what is left."""
    ledger = restored.ledger
    second = reopen(ledger.writing, HARBOUR, NOW, reason="one").note
    ledger.grow(2)
    later = ledger.checkpoint()
    ledger.close()
    put_back(quick_path)
    third = reopen(ledger.writing, HARBOUR, NOW, reason="two").note
    ledger.grow(2)
    newest = ledger.checkpoint()
    with ledger.reading() as connection:
        report = verify_journal(connection, HARBOUR, checkpoints=[restored.early, third, newest])
        assert report.holds, report.first
        assert len(report.warnings) == 1
        for lost in (restored.late, second, later):
            report = verify_journal(connection, HARBOUR, checkpoints=[lost])
            assert report.first is not None
            assert "were lost; epoch 3 goes on from entry 5" in report.first.text


def test_two_epochs_one_after_the_other_hold(restored: Restored, quick_path: Path) -> None:
    ledger = restored.ledger
    second = reopen(ledger.writing, HARBOUR, NOW, reason="one").note
    ledger.close()
    shutil.copy(quick_path / "ledger.db", quick_path / "backup.db")
    ledger.grow(3)
    lost = ledger.checkpoint()
    ledger.close()
    put_back(quick_path)
    third = reopen(ledger.writing, HARBOUR, NOW, reason="two").note
    with ledger.reading() as connection:
        report = verify_journal(connection, HARBOUR, checkpoints=[restored.early, second, third])
        assert report.holds, report.first
        assert len(report.warnings) == 2
        report = verify_journal(connection, HARBOUR, checkpoints=[lost])
        assert report.first is not None
        assert "the entries 6 to 8 were lost; epoch 3 goes on from entry 6" in report.first.text


def test_an_epoch_that_follows_from_another_or_from_none_is_found(restored: Restored) -> None:
    """Whoever can write may open an epoch; it has to begin at the last checkpoint of the one before."""
    ledger = restored.ledger
    first = reopen(ledger.writing, HARBOUR, NOW, reason="restore").note
    third = sign_checkpoint(Signer("ledger.example/journal/harbour/epoch-3", bytes(32)), 1, bytes(32))
    for payload, words in (
        ({"epoch": 3, "previous": third}, "no signature by a known key"),
        ({"epoch": 3, "previous": ""}, "no blank line"),
        ({"epoch": 3, "previous": third, "lost": True}, "the last checkpoint of epoch 3"),
        ({"epoch": 2, "previous": first.decode()}, "after 2"),
        ({"epoch": 4, "previous": first.decode()}, "the last checkpoint of epoch 2"),
        ({"epoch": 3, "previous": "ledger.example/journal/harbour"}, "the old epoch's checkpoint"),
        ({"epoch": 3, "previous": first.decode().replace("\n6\n", "\n7\n")}, "does not verify"),
    ):
        with ledger.writing() as connection:
            append_unchecked(connection, HARBOUR, Act("epoch.opened", payload), NOW)
            report = verify_journal(connection, HARBOUR)
            assert [problem for problem in report.problems if words in problem.text], words
            connection.rollback()


def test_an_old_epochs_checkpoint_does_not_take_the_place_of_a_newer_epochs(restored: Restored) -> None:
    """It counts more entries, but its epoch is over: nothing may be signed a second time as epoch 2."""
    ledger = restored.ledger
    reopen(ledger.writing, HARBOUR, NOW, reason="restore")
    ledger.grow(1)
    newest = ledger.checkpoint()
    with pytest.raises(NothingToReopen):
        reopen(ledger.writing, HARBOUR, NOW, reason="again", newer=restored.late)
    assert ledger.checkpoint() == newest
    assert size(ledger) == 7


def test_a_fork_that_an_outsiders_smaller_checkpoint_shows_can_be_ended(quick_path: Path) -> None:
    """Database and data folder were restored, and grew past what the outsider holds before anybody noticed."""
    ledger = sqlite_ledger(quick_path)
    ledger.grow(5)
    ledger.checkpoint()
    ledger.close()
    backup = shutil.copytree(quick_path, quick_path / "backup")
    ledger.grow(2)
    outside = ledger.checkpoint()
    ledger.close()
    restored = open_ledger(f"sqlite:///{backup}/ledger.db", backup)
    restored.grow(9)
    inside = restored.checkpoint()
    with restored.reading() as connection:
        assert not verify_journal(connection, HARBOUR, checkpoints=[outside]).holds
    published = reopen(restored.writing, HARBOUR, NOW, reason="a fork", newer=outside)
    assert (published.checkpoint.size, epoch_of(published.checkpoint.origin)[1]) == (15, 2)
    with restored.reading() as connection:
        assert read_leaf(entry_at(connection, HARBOUR, 14).leaf).payload["previous"] == outside.decode()
        assert verify_journal(connection, HARBOUR, checkpoints=[inside]).holds
    with pytest.raises(NothingToReopen):
        reopen(restored.writing, HARBOUR, NOW, reason="again", newer=outside)
    restored.close()


def test_without_the_checkpoint_of_a_later_epoch_nothing_is_signed_under_the_first_ones_name(
    restored: Restored,
) -> None:
    ledger = restored.ledger
    reopen(ledger.writing, HARBOUR, NOW, reason="restore")
    (ledger.keeper.place(HARBOUR) / "checkpoint").unlink()
    ledger.close()
    again = open_ledger(str(ledger.database.url), ledger.folder)
    for act in (again.checkpoint, lambda: again.grow(1)):
        with pytest.raises(JournalError, match="is missing"):
            act()
    with again.reading() as connection:
        report = verify_journal(connection, HARBOUR)
    assert report.first is not None
    assert "is missing" in report.first.text
    again.close()


def test_a_first_checkpoint_published_while_somebody_looks_is_not_called_missing(
    quick_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = sqlite_ledger(quick_path)
    ledger.grow(1)
    look = ledger.keeper.stamp

    def nothing_yet_then_published(publisher: str) -> tuple[int, int, int] | None:
        found = look(publisher)
        monkeypatch.setattr(ledger.keeper, "stamp", look)
        ledger.checkpoint()  # another thread, between this look and the next
        return found

    monkeypatch.setattr(ledger.keeper, "stamp", nothing_yet_then_published)
    published = ledger.keeper.published(HARBOUR)
    assert published is not None
    assert published.checkpoint.size == 1
    ledger.close()


def test_a_checkpoint_that_vanishes_under_a_running_program_stops_it(quick_path: Path) -> None:
    ledger = sqlite_ledger(quick_path)
    ledger.grow(1)
    ledger.checkpoint()
    ledger.grow(1)
    place = ledger.keeper.place(HARBOUR) / "checkpoint"
    note = place.read_bytes()
    place.unlink()
    for act in (ledger.checkpoint, lambda: ledger.grow(1)):
        with pytest.raises(JournalError, match="is missing"):
            act()
    place.write_bytes(note)
    ledger.grow(1)
    ledger.close()


def test_an_epochs_end_that_is_kept_has_to_be_the_one_the_journal_names(restored: Restored) -> None:
    ledger = restored.ledger
    reopen(ledger.writing, HARBOUR, NOW, reason="restore")
    (ledger.keeper.place(HARBOUR) / "epoch-1.bak").write_bytes(
        restored.late
    )  # somebody's copy is nothing of ours
    with ledger.reading() as connection:
        assert verify_journal(connection, HARBOUR).holds
    (ledger.keeper.place(HARBOUR) / "epoch-1").write_bytes(restored.early)
    with ledger.reading() as connection:
        report = verify_journal(connection, HARBOUR)
    assert report.first is not None
    assert "another checkpoint ended epoch 1" in report.first.text


def test_verify_says_that_no_checkpoint_is_kept(quick_path: Path) -> None:
    ledger = sqlite_ledger(quick_path)
    with ledger.reading() as connection:
        assert verify_journal(connection, HARBOUR).warnings == ()
    ledger.grow(1)
    with ledger.reading() as connection:
        assert "No checkpoint is kept outside the database" in verify_journal(connection, HARBOUR).warnings[0]
    ledger.checkpoint()
    with ledger.reading() as connection:
        assert verify_journal(connection, HARBOUR).warnings == ()
    ledger.close()
