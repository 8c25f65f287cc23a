"""Backup and restore: whole under load, on both databases; an old backup cannot tell a second story."""

import threading

import pytest

from ledger.desk.context import Desk, Who
from ledger.desk.house.keeping import make_backup, reopen_journal
from ledger.desk.house.opening import open_desk
from ledger.desk.house.publishers import create_publisher, update_publisher
from ledger.desk.letters.verifying import verify_ledger
from ledger.records.backup import bring_back
from ledger.records.failures import RecordsUnavailable
from ledger.records.journal_publishing import checkpoint_text
from ledger.records.journal_store import JournalBehind
from ledger.records.migrating import migrate
from ledger.records.sessions import open_database
from ledger.settings import load_settings
from tests.postgres import postgres_server  # noqa: F401


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def urls(request, tmp_path):
    """(url of a new database, url to restore into)."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'one.db'}", f"sqlite:///{tmp_path / 'two.db'}"
    server = request.getfixturevalue("postgres_server")
    return server.fresh_database(), server.fresh_database()


def house(url, folder) -> Desk:
    return open_desk(load_settings({}, data=folder, database=url))


def change(desk, row, times):
    who = Who("operator", "the operator", "", row.id, row.slug, frozenset({"admin"}))
    for number in range(times):
        update_publisher(desk, who, address=f"{number} Signal Stairs")


def opened(url, folder):
    migrate(url)
    desk = house(url, folder)
    row = create_publisher(
        desk, slug="harbour-review", name="Harbour Review", permissions_email="a@b.example"
    )
    return desk, row


def test_a_backup_taken_while_others_write_is_whole(urls, tmp_path):
    desk, row = opened(urls[0], tmp_path / "data")
    desk.evidence.put(b"a page")
    writer = threading.Thread(target=change, args=(desk, row, 60))
    writer.start()
    make_backup(desk, tmp_path / "copy")
    writer.join()
    target = open_database(urls[1])
    bring_back(tmp_path / "copy", target, tmp_path / "restored")
    target.close()
    restored = house(urls[1], tmp_path / "restored")
    (report,) = verify_ledger(restored)
    assert report.first is None
    assert report.size >= 1
    change(restored, row, 1)  # and work goes on
    assert restored.evidence.get(restored.evidence.put(b"a page")) == b"a page"
    for each in (desk, restored):
        each.database.close()


def test_an_old_backup_under_a_newer_checkpoint_refuses_to_be_written_until_reopened(tmp_path):
    url, data = f"sqlite:///{tmp_path / 'data' / 'ledger.db'}", tmp_path / "data"
    desk, row = opened(url, data)
    make_backup(desk, tmp_path / "copy")
    change(desk, row, 3)
    with desk.database.reading() as connection:
        last = checkpoint_text(connection, row.id)  # given out: somebody may hold it
    desk.database.close()
    for path in data.glob("ledger.db*"):
        path.unlink()
    target = open_database(url)
    bring_back(tmp_path / "copy", target, data)
    target.close()
    desk = house(url, data)
    with pytest.raises(JournalBehind):
        change(desk, row, 1)
    reopen_journal(desk, "harbour-review", "restored after a disk failed")
    change(desk, row, 1)
    (report,) = verify_ledger(desk, [last])
    assert report.first is None or "epoch" in report.first.text
    desk.database.close()


def test_a_restore_never_writes_over_a_ledger(tmp_path):
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    desk, _row = opened(url, tmp_path)
    make_backup(desk, tmp_path / "copy")
    target = open_database(url)
    with pytest.raises(RecordsUnavailable, match="Move it away"):
        bring_back(tmp_path / "copy", target, tmp_path)
    with pytest.raises(RecordsUnavailable, match="not empty"):
        make_backup(desk, tmp_path / "copy")
    with pytest.raises(RecordsUnavailable, match="no finished backup"):
        bring_back(tmp_path / "elsewhere", target, tmp_path)
    target.close()
    desk.database.close()
