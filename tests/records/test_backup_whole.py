"""What a backup has to hold and a restore has to refuse: letters with their files, keys, and no leftovers."""

import json
import shutil
import sqlite3
import threading

import pytest

from ledger.desk.house.keeping import make_backup, reopen_journal
from ledger.desk.house.publishers import create_publisher, list_publishers
from ledger.desk.letters.verifying import verify_ledger
from ledger.records import backup
from ledger.records.backup import bring_back
from ledger.records.failures import RecordsUnavailable
from ledger.records.journal_keeper import JournalError
from ledger.records.journal_publishing import checkpoint_text
from ledger.records.journal_store import JournalBehind, append
from ledger.records.sessions import open_database
from tests.postgres import postgres_server  # noqa: F401
from tests.records.test_backup import change, house, opened, urls  # noqa: F401


def restored(url, folder, copy):
    target = open_database(url)
    try:
        bring_back(copy, target, folder)
    finally:
        target.close()
    return house(url, folder)


def filings(desk, row, stop):
    """Acts that keep a file and name it in the same breath, as a letter does, until told to stop; their hashes."""
    named = []
    while not stop.is_set():
        sha256 = desk.evidence.put(f"file {len(named)}".encode() * 50)
        with desk.database.writing() as connection:
            payload = {"letter": f"lt_{len(named)}", "number": str(len(named)), "sha256": sha256}
            append(connection, row.id, "letter.issued", payload, {}, desk.clock())
        with desk.database.reading() as connection:
            checkpoint_text(
                connection, row.id
            )  # given out at once: the copied database must not be behind it
        named.append(sha256)
    return named


@pytest.mark.parametrize("slow", ["journal", "evidence"])
def test_every_file_that_the_copied_journal_names_is_in_the_copy(urls, tmp_path, monkeypatch, slow):
    """Acts go on while each part is copied: the copy of the checkpoints, or that of the files, takes its time."""
    desk, row = opened(urls[0], tmp_path / "data")
    with desk.database.reading() as connection:
        checkpoint_text(connection, row.id)
    stop, copy_tree = threading.Event(), backup._copy_tree
    done = threading.Thread(target=filings, args=(desk, row, stop))

    def dawdling(source, target, **more):
        copy_tree(source, target, **more)
        if source.name == slow:
            done.join(0.4)

    monkeypatch.setattr(backup, "_copy_tree", dawdling)
    done.start()
    make_backup(desk, tmp_path / "copy")
    stop.set()
    done.join()
    monkeypatch.undo()
    fresh = restored(urls[1], tmp_path / "restored", tmp_path / "copy")
    (report,) = verify_ledger(fresh)
    said = [problem.text for problem in report.problems]
    assert not [text for text in said if "evidence" in text or "checkpoint" in text], said[:3]
    change(fresh, row, 1)  # it is not behind its own checkpoint
    for each in (desk, fresh):
        each.database.close()


@pytest.mark.parametrize("first", ["register", "letter"])
def test_a_journal_that_gives_out_its_first_while_it_is_copied_is_not_called_lost(
    tmp_path, monkeypatch, first
):
    """The journals' files are copied before the database: a key or a checkpoint of meanwhile would be missing."""
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    desk, row = opened(url, tmp_path / "data")
    copy_database = backup._copy_database

    def meanwhile(*given):
        if first == "register":
            create_publisher(desk, slug="the-lantern", name="The Lantern", permissions_email="a@b.example")
        else:
            filings(desk, row, Once())
        name = copy_database(*given)
        later = create_publisher(desk, slug="later", name="Later", permissions_email="a@b.example")
        with desk.database.reading() as connection:
            checkpoint_text(connection, later.id)  # of which the copied database knows nothing
        return name

    monkeypatch.setattr(backup, "_copy_database", meanwhile)
    make_backup(desk, tmp_path / "copy")
    fresh = restored(f"sqlite:///{tmp_path / 'two.db'}", tmp_path / "restored", tmp_path / "copy")
    for publisher in list_publishers(fresh):
        change(fresh, publisher, 1)
    said = [problem.text for report in verify_ledger(fresh) for problem in report.problems]
    assert [text for text in said if "lt_0" not in text and "letter 0" not in text] == []
    for each in (desk, fresh):
        each.database.close()


class Once:
    """An event that is set after it was looked at once."""

    looked = False

    def is_set(self):
        self.looked, before = True, self.looked
        return before


def test_a_journal_that_cannot_be_written_is_copied_as_it_is(tmp_path):
    url, data, _row, _last = an_old_copy(tmp_path)
    shutil.rmtree(data / "journal")
    desk = restored(url, data, tmp_path / "copy")
    shutil.rmtree(data / "journal")
    make_backup(desk, tmp_path / "another")
    assert (tmp_path / "another" / "backup.json").exists()
    desk.database.close()


def test_a_copy_that_was_broken_off_is_no_backup(tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    desk, _row = opened(url, tmp_path / "data")
    desk.evidence.put(b"a page")

    def broken_off(*_, **__):
        raise KeyboardInterrupt

    for step in ("_copy_database", "_copy_tree", "_count"):
        with monkeypatch.context() as patch:
            patch.setattr(backup, step, broken_off)
            with pytest.raises(KeyboardInterrupt):
                make_backup(desk, tmp_path / step)
        target = open_database(f"sqlite:///{tmp_path / 'two.db'}")
        with pytest.raises(RecordsUnavailable, match="no finished backup"):
            bring_back(tmp_path / step, target, tmp_path / "restored")
        assert not (tmp_path / "restored").exists()
        target.close()
    desk.database.close()


def test_a_file_that_is_erased_meanwhile_does_not_stop_the_backup(tmp_path, monkeypatch):
    desk, _row = opened(f"sqlite:///{tmp_path / 'ledger.db'}", tmp_path / "data")
    shas = [desk.evidence.put(text) for text in (b"one", b"two", b"three")]
    copy = shutil.copy2

    def forgetting(source, target):
        if shas and "evidence" in source.parts:
            for sha256 in shas:
                desk.evidence.forget(sha256)
            shas.clear()
        return copy(source, target)

    monkeypatch.setattr(backup.shutil, "copy2", forgetting)
    manifest = make_backup(desk, tmp_path / "copy")
    assert manifest["evidence"] == 0
    desk.database.close()


@pytest.mark.parametrize(
    "damage",
    [
        lambda copy: (copy / "ledger.db").write_bytes((copy / "ledger.db").read_bytes() + b"x"),
        lambda copy: next((copy / "journal").rglob("*.key")).unlink(),
        lambda copy: next((copy / "journal").rglob("checkpoint")).write_text("another"),
        lambda copy: next(path for path in (copy / "evidence").rglob("*") if path.is_file()).unlink(),
        lambda copy: (copy / "backup.json").write_text("[]"),
        lambda copy: (copy / "backup.json").unlink(),
    ],
    ids=["database", "signing key", "checkpoint", "evidence", "manifest", "no manifest"],
)
def test_a_damaged_copy_is_refused_before_anything_is_written(tmp_path, damage):
    desk, row = opened(f"sqlite:///{tmp_path / 'ledger.db'}", tmp_path / "data")
    desk.evidence.put(b"a page")
    with desk.database.reading() as connection:
        checkpoint_text(connection, row.id)
    make_backup(desk, tmp_path / "copy")
    desk.database.close()
    damage(tmp_path / "copy")
    target = open_database(f"sqlite:///{tmp_path / 'two.db'}")
    with pytest.raises(RecordsUnavailable):
        bring_back(tmp_path / "copy", target, tmp_path / "restored")
    target.close()
    assert not (tmp_path / "restored").exists()
    assert not (tmp_path / "two.db").exists()


@pytest.mark.parametrize("left", ["ledger.db", "ledger.db-wal", "ledger.db-journal"])
def test_what_an_old_database_left_behind_is_refused_and_nothing_is_written(tmp_path, left):
    """An old write-ahead log would be played into the restored file by SQLite, without a word."""
    desk, _row = opened(f"sqlite:///{tmp_path / 'ledger.db'}", tmp_path / "data")
    make_backup(desk, tmp_path / "copy")
    desk.database.close()
    place = tmp_path / "new"
    place.mkdir()
    (place / left).write_bytes(b"old")
    target = open_database(f"sqlite:///{place / 'ledger.db'}")
    with pytest.raises(RecordsUnavailable, match=f"{left} exists"):
        bring_back(tmp_path / "copy", target, place)
    target.close()
    assert [path.name for path in place.iterdir()] == [left]


def test_every_folder_is_in_the_copy_and_no_key_in_it_may_be_changed(tmp_path):
    """What a requester sent but has not confirmed, and the keys of letters, lie beside the database."""
    desk, _row = opened(f"sqlite:///{tmp_path / 'ledger.db'}", tmp_path / "data")
    files = {
        folder: tmp_path / "data" / folder / "one" for folder in ("keys", "evidence", "uploads", "journal")
    }
    for folder, path in files.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(folder)
        (path.parent / ".half-written").write_text("a file that somebody is just making")
    make_backup(desk, tmp_path / "copy")
    desk.database.close()
    assert not list((tmp_path / "copy").rglob(".half*"))
    fresh = restored(f"sqlite:///{tmp_path / 'two.db'}", tmp_path / "restored", tmp_path / "copy")
    fresh.database.close()
    assert {folder: (tmp_path / "restored" / folder / "one").read_text() for folder in files} == {
        folder: folder for folder in files
    }
    assert (tmp_path / "two.db").stat().st_mode & 0o077 == 0
    (tmp_path / "copy" / "keys" / "one").write_text("another")
    with pytest.raises(RecordsUnavailable, match="is not what was backed up"):
        restored(f"sqlite:///{tmp_path / 'three.db'}", tmp_path / "again", tmp_path / "copy")


def test_a_copy_is_for_its_owner_alone_and_knows_its_kind_of_database(tmp_path):
    desk, _row = opened(f"sqlite:///{tmp_path / 'ledger.db'}", tmp_path / "data")
    make_backup(desk, tmp_path / "copy")
    desk.database.close()
    assert (tmp_path / "copy").stat().st_mode & 0o077 == 0
    other = open_database("postgresql://nobody@localhost/none")
    with pytest.raises(RecordsUnavailable, match="other kind of database"):
        bring_back(tmp_path / "copy", other, tmp_path / "restored")
    other.close()


@pytest.mark.postgres
def test_a_restore_into_a_database_in_use_changes_nothing(request, tmp_path):
    server = request.getfixturevalue("postgres_server")
    url = server.fresh_database()
    desk, row = opened(url, tmp_path / "data")
    make_backup(desk, tmp_path / "copy")
    change(desk, row, 2)
    with desk.database.reading() as connection:
        newest = checkpoint_text(connection, row.id)
    target = open_database(url)
    with pytest.raises(RecordsUnavailable, match="pg_restore"):
        bring_back(tmp_path / "copy", target, tmp_path / "data")
    target.close()
    (report,) = verify_ledger(desk, [newest])
    assert report.first is None
    desk.database.close()


def test_the_databases_password_is_no_argument(monkeypatch, tmp_path):
    seen = []

    class Done:
        returncode, stderr = 0, ""

    def run(command, **more):
        seen.append((command, more["env"]))
        (tmp_path / "copy" / "ledger.pgdump").write_bytes(b"")
        return Done()

    monkeypatch.setattr(backup.subprocess, "run", run)
    database = open_database("postgresql://ann:s3cret@localhost/ledger")
    (tmp_path / "copy").mkdir()
    backup._copy_database(database, tmp_path / "copy")
    [(command, environment)] = seen
    assert "s3cret" not in " ".join(command)
    assert command[-1] == "postgresql://ann@localhost/ledger"
    assert environment["PGPASSWORD"] == "s3cret"
    database.close()


def an_old_copy(tmp_path):
    """A backup, and the ledger it was taken of after three acts more that were published; its checkpoint."""
    url, data = f"sqlite:///{tmp_path / 'data' / 'ledger.db'}", tmp_path / "data"
    desk, row = opened(url, data)
    with desk.database.reading() as connection:
        checkpoint_text(connection, row.id)
    make_backup(desk, tmp_path / "copy")
    change(desk, row, 3)
    with desk.database.reading() as connection:
        last = checkpoint_text(connection, row.id)
    desk.database.close()
    for path in data.glob("ledger.db*"):
        path.unlink()
    return url, data, row, last


def test_an_old_copy_beside_the_folder_that_is_ahead(tmp_path):
    url, data, row, last = an_old_copy(tmp_path)
    desk = restored(url, data, tmp_path / "copy")
    with pytest.raises(JournalBehind):
        change(desk, row, 1)
    (report,) = verify_ledger(desk)
    assert "an old copy was restored" in report.first.text
    with pytest.raises(JournalBehind), desk.database.reading() as connection:
        checkpoint_text(connection, row.id)
    reopen_journal(desk, "harbour-review", "restored after a disk failed")
    change(desk, row, 1)
    (report,) = verify_ledger(desk)
    assert report.first is None
    assert "Epoch 2" in report.warnings[0]
    (report,) = verify_ledger(desk, [last])
    assert "were lost; epoch 2 goes on" in report.first.text
    desk.database.close()


def test_an_old_copy_where_the_folder_was_lost_too(tmp_path):
    """Nothing inside can know; whoever holds the newer checkpoint shows it, and the operator opens a new epoch."""
    url, data, row, last = an_old_copy(tmp_path)
    shutil.rmtree(data)
    desk = restored(url, data, tmp_path / "copy")
    (report,) = verify_ledger(desk)
    assert report.first is None
    (report,) = verify_ledger(desk, [last])
    assert "an old copy was restored" in report.first.text
    reopen_journal(desk, "harbour-review", "the mailed checkpoint is newer", last)
    change(desk, row, 1)
    (report,) = verify_ledger(desk, [last])
    assert "were lost; epoch 2 goes on" in report.first.text
    desk.database.close()


def test_an_old_copy_beside_a_checkpoint_that_cannot_be_read(tmp_path):
    url, data, row, last = an_old_copy(tmp_path)
    [kept] = (data / "journal").rglob("checkpoint")
    kept.write_bytes(last[:50])
    desk = restored(url, data, tmp_path / "copy")
    with pytest.raises(JournalError, match="does not hold"):
        change(desk, row, 1)
    (report,) = verify_ledger(desk)
    assert "does not hold" in report.first.text
    kept.write_bytes(last)  # as the message asks
    with pytest.raises(JournalBehind):
        change(desk, row, 1)
    desk.database.close()


def test_the_copy_is_one_moment_of_the_database(tmp_path):
    desk, row = opened(f"sqlite:///{tmp_path / 'ledger.db'}", tmp_path / "data")
    change(desk, row, 5)
    manifest = make_backup(desk, tmp_path / "copy")
    with sqlite3.connect(tmp_path / "copy" / "ledger.db") as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert raw.execute("SELECT count(*) FROM journal_entry").fetchone() == (6,)
    raw.close()
    assert json.loads((tmp_path / "copy" / "backup.json").read_text()) == manifest
    desk.database.close()
