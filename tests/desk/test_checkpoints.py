"""Checkpoints that leave the house: mailed once a day, and a rewritten journal shows against an older one."""

import pytest

from ledger.desk.house.checkpoints import mail_checkpoints
from ledger.desk.letters.verifying import verify_ledger
from ledger.desk.requests.requesting import submit_request
from ledger.journal.note import Checkpoint, split_note
from ledger.records import outbox, tasks
from ledger.records.journal_publishing import checkpoint_text
from ledger.worker import drain
from tests.desk.test_main_job import form, own  # noqa: F401


def checkpoints(cast, publisher):
    with cast.desk.database.reading() as connection:
        found = outbox.newest(connection, publisher.id)
    return [each for each in found if each.template == "daily_checkpoint"]


def test_the_worker_mails_each_publisher_its_checkpoint_once_a_day(cast):
    tasks.prepare(cast.settings.database_url)
    for day in (1, 1, 2):
        cast.clock.now = cast.clock.now.replace(day=6 + day, hour=10)
        drain(cast.settings, now=cast.clock())
    for publisher in (cast.harbour, cast.lantern):
        mails = checkpoints(cast, publisher)
        assert [each.state for each in mails] == ["sent", "sent"]
        assert {each.recipient for each in mails} == {publisher.permissions_email}


def test_the_mail_holds_the_very_checkpoint_and_an_older_one_still_fits(cast, own):
    with cast.desk.database.reading() as connection:
        old = checkpoint_text(connection, cast.harbour.id)
    assert mail_checkpoints(cast.desk, "2026-03-06") == 2
    (mail,) = checkpoints(cast, cast.harbour)
    assert old.decode().strip() in mail.text
    submit_request(cast.desk, form(cast, own.id), verified=True)
    with cast.desk.database.reading() as connection:
        new = checkpoint_text(connection, cast.harbour.id)
    sizes = [Checkpoint.parse(split_note(note)[0]).size for note in (old, new)]
    assert sizes[0] < sizes[1]
    assert all(report.first is None for report in verify_ledger(cast.desk, [old, new]))


def test_a_checkpoint_of_another_history_is_reported(cast, own):
    with cast.desk.database.reading() as connection:
        note = checkpoint_text(connection, cast.harbour.id)
    origin, size, root, *rest = note.split(b"\n")
    forged = b"\n".join([origin, size, root[:4] + (b"A" if root[4:5] != b"A" else b"B") + root[5:], *rest])
    problems = [report.first for report in verify_ledger(cast.desk, [forged])]
    assert sum(problem is not None for problem in problems) == 1


@pytest.mark.parametrize("times", [2, 3])
def test_the_same_day_twice_is_one_mail(cast, times):
    for _ in range(times):
        mail_checkpoints(cast.desk, "2026-03-06")
    assert len(checkpoints(cast, cast.harbour)) == 1
