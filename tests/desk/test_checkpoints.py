"""Checkpoints that leave the house: mailed once a day, and a rewritten journal shows against an older one."""

from dataclasses import replace

import pytest
from click.testing import CliRunner

from ledger.cli import main as cli
from ledger.desk.house.checkpoints import mail_checkpoints
from ledger.desk.letters.verifying import verify_ledger
from ledger.desk.requests.requesting import submit_request
from ledger.journal.note import Checkpoint, split_note
from ledger.records import outbox, tasks
from ledger.records.journal_publishing import checkpoint_text
from ledger.settings import load_settings
from ledger.worker import drain
from tests.desk.test_main_job import form, own  # noqa: F401
from tests.tsa import authority  # noqa: F401


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


def stamped(cast, tsa):
    where = {"LEDGER_TIMESTAMP_URL": tsa.url, "LEDGER_TIMESTAMP_ROOTS": str(tsa.authority.roots)}
    settings = load_settings({**where, "LEDGER_TIMESTAMP_NETWORK": "127.0.0.0/8"}, data=cast.settings.data)
    return replace(cast.desk, time_stamping=settings.time_stamping), where


def test_a_checkpoint_is_mailed_with_a_time_stamp_that_verify_checks_beside_it(
    cast, own, authority, tmp_path
):
    with authority.served() as tsa:
        desk, where = stamped(cast, tsa)
        for _ in range(2):
            mail_checkpoints(desk, "2026-03-06")
        assert len(tsa.asked) == 2  # one for each publisher, and none for the second round
    (mail,) = checkpoints(cast, cast.harbour)
    note, answer = (desk.evidence.get(each["sha256"]) for each in mail.attachments)
    names = [each["name"] for each in mail.attachments]
    assert names == ["checkpoint-2026-03-06.note", "checkpoint-2026-03-06.note.tsr"]
    assert note.decode().strip() in mail.text
    for name, data in zip(names, (note, answer), strict=True):
        (tmp_path / name).write_bytes(data)
    assert authority.verifies_answer(tmp_path / names[1], tmp_path / names[0])
    submit_request(cast.desk, form(cast, own.id), verified=True)

    def verify(**environment):
        given = ["--data", str(cast.settings.data), "verify", "--checkpoint", str(tmp_path / names[0])]
        told = CliRunner().invoke(cli, given, env=environment)
        return told.exit_code, told.output

    assert verify(**where)[0] == 0
    assert "time-stamped by Tides TSA" in verify(**where)[1]
    assert "would tell" not in verify(**where)[1]
    assert "LEDGER_TIMESTAMP_ROOTS would tell" in verify()[1]
    (tmp_path / names[1]).write_bytes(authority.answer(authority.question(b"another checkpoint")))
    code, said = verify(**where)
    assert (code, "DOES NOT HOLD: the time stamp is one of something else" in said) == (1, True)
    (tmp_path / names[1]).write_bytes(b"nonsense")
    assert verify(**where)[0] == 1
    (tmp_path / names[1]).unlink()
    assert verify(**where)[0] == 0


def test_a_checkpoint_does_not_wait_for_an_authority_that_is_silent(cast, authority, caplog):
    with authority.served() as tsa:
        desk, _ = stamped(cast, tsa)
    assert mail_checkpoints(desk, "2026-03-06") == 2
    (mail,) = checkpoints(cast, cast.harbour)
    assert mail.attachments == []
    assert "goes without a time stamp" in caplog.text
