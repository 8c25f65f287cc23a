"""`ledger verify` as a whole: whose checkpoint is it, whose journal is gone, and what does not stop the check."""

import shutil
import sqlite3

import pytest
from click.testing import CliRunner

from ledger.cli.group import main
from ledger.desk.house.publishers import create_publisher
from ledger.desk.letters import issuing, signing
from ledger.desk.letters.verifying import verify_ledger
from ledger.desk.refusals import BadInput, Unavailable
from ledger.journal.note import Signer, sign_checkpoint
from ledger.letters.signing_keys import BadCertificate
from ledger.records.journal_keeper import size_and_root
from ledger.records.journal_publishing import checkpoint_text
from ledger.records.journal_store import append
from tests.desk.test_comparing import alarms, change
from tests.desk.test_letter_life import granted
from tests.desk.test_main_job import own  # noqa: F401


def test_a_checkpoint_that_names_no_journal_of_ours_is_an_alarm(cast):
    stranger = Signer("ledger.example/journal/somebody-else", bytes(32))
    for note, words in (
        (b"no checkpoint at all\n", "This is no checkpoint"),
        (sign_checkpoint(stranger, 3, bytes(32)).encode(), "names no journal of this ledger"),
    ):
        *_, last = verify_ledger(cast.desk, [note])
        assert last.first is not None
        assert words in last.first.text


def test_a_short_name_that_begins_like_another_is_not_taken_for_it(cast):
    longer = create_publisher(
        cast.desk, slug="harbour-review-online", name="Online", permissions_email="a@b.example"
    )
    with cast.desk.database.reading() as connection:
        note = checkpoint_text(connection, longer.id)
    assert [report.checkpoints for report in verify_ledger(cast.desk, [note]) if report.checkpoints] == [1]
    assert all(report.first is None for report in verify_ledger(cast.desk, [note]))


def test_entries_of_a_publisher_who_is_gone_are_looked_at_though_nothing_was_published(cast):
    change(cast, f"DELETE FROM publisher WHERE id = '{cast.lantern.id}'")
    assert any(text.startswith("publisher ") and "not in the register" in text for text in alarms(cast))


def test_a_publisher_who_is_gone_is_missed(cast):
    """The journal's entries, its published checkpoint or an outsider's: each alone shows that there was one."""
    with cast.desk.database.reading() as connection:
        note = checkpoint_text(connection, cast.lantern.id)
    gone = f"publisher_id = '{cast.lantern.id}'"
    change(cast, f"DELETE FROM publisher WHERE id = '{cast.lantern.id}'")
    assert any("publisher" in text and "not in the register" in text for text in alarms(cast))
    cast.desk.database.close()
    with sqlite3.connect(cast.settings.data / "ledger.db") as raw:
        for trigger in ("journal_entry_no_delete",):
            [sql] = raw.execute("SELECT sql FROM sqlite_master WHERE name = ?", (trigger,)).fetchone()
            raw.execute(f"DROP TRIGGER {trigger}")
            raw.execute(f"DELETE FROM journal_entry WHERE {gone}")
            raw.execute(f"DELETE FROM membership WHERE {gone}")
            raw.execute(sql)
    raw.close()
    assert any("the journal has only 0" in text for text in alarms(cast))
    shutil.rmtree(cast.settings.data / "journal" / cast.lantern.id)
    assert alarms(cast) == []  # nothing inside remembers
    *_, last = verify_ledger(cast.desk, [note])
    assert "names no journal of this ledger" in last.first.text


def test_an_entry_without_its_row_and_without_its_keys_does_not_stop_the_check(cast):
    with cast.desk.database.writing() as connection:
        append(
            connection,
            cast.harbour.id,
            "letter.decided",
            {"letter": "lt_x", "number": "N-1", "kind": "grant"},
            {},
            cast.clock(),
        )
    (said,) = alarms(cast)
    assert said.startswith("letter N-1 is in the journal")


def test_a_checkpoint_by_a_key_that_the_ledger_has_lost_is_checked_with_the_one_handed_in(cast):
    with cast.desk.database.reading() as connection:
        kept = size_and_root(checkpoint_text(connection, cast.harbour.id))
    other = Signer(kept.origin, bytes(32))
    note = sign_checkpoint(other, kept.size, kept.root).encode()
    said = [report.first.text for report in verify_ledger(cast.desk, [note]) if report.first]
    assert ["not by a key of this journal" in text for text in said] == [True]
    reports = verify_ledger(cast.desk, [note], [other.verifier.vkey])
    assert [report.first for report in reports] == [None, None]
    with pytest.raises(BadInput, match="key"):
        verify_ledger(cast.desk, [note], ["x"])


def test_a_letter_that_waits_for_its_file_is_a_remark_and_no_failure(cast, own, monkeypatch):
    def cannot(*_, **__):
        raise BadCertificate("There is no token; plug it in.")

    with monkeypatch.context() as patched:
        patched.setattr(signing, "sign_pdf", cannot)
        with pytest.raises(Unavailable):
            granted(cast, own)
    report, other = verify_ledger(cast.desk)
    assert (report.first, other.first) == (None, None)
    assert "waits" not in "".join(other.warnings)
    (said,) = report.warnings
    assert said.startswith("Letter HARBOUR-REVIEW-2026-000001 was decided at 2026-03-06 09:00 UTC and waits")
    assert "at 2026-03-06 09:00 UTC it could not be made: " in said
    assert "plug it in" in said
    told = CliRunner().invoke(main, ["--data", str(cast.settings.data), "verify"])
    assert told.exit_code == 0
    assert said in told.output
    with cast.desk.database.writing() as connection:
        connection.exec_driver_sql("UPDATE letter SET delayed = NULL, delayed_at = NULL")
    assert "nobody has tried" in verify_ledger(cast.desk)[0].warnings[0]
    issuing.issue(cast.desk, cast.bob, only_request(cast))
    assert verify_ledger(cast.desk)[0].warnings == ()


def only_request(cast):
    with cast.desk.database.reading() as connection:
        return connection.exec_driver_sql("SELECT id FROM request").scalar_one()
