"""What was begun and never sent goes after its time, with its files; evidence and whatever reached the desk stays."""

import os
from datetime import timedelta

import pytest
from sqlalchemy import text

from ledger.desk import links
from ledger.desk.letters.verifying import verify_ledger
from ledger.desk.refusals import NotFound
from ledger.desk.requests import attaching, drafting, following, forgetting, requesting
from ledger.records import tasks
from ledger.records.evidence import EvidenceMissing
from ledger.records.requests import load_attachments, load_request
from ledger.records.tenant import Tenant
from ledger.worker import drain
from tests.desk.test_main_job import form
from tests.web.asked import own_piece

PDF = b"%PDF-1.7 a layout"


@pytest.fixture
def piece(cast):
    return own_piece(cast)


def keep(cast, content=PDF):
    file = attaching.keep_file(cast.desk, "layout.pdf", content)
    os.utime(cast.desk.uploads.path(file.sha256), (cast.clock().timestamp(),) * 2)  # by the test's clock
    return file


def rows_of(cast, table):
    with cast.desk.database.reading() as connection:
        return connection.execute(text(f"SELECT count(*) FROM {table}")).scalar()


def put_aside(cast, piece, file=None, token=None):
    kept = [attaching.seal(cast.desk, file)] if file else []
    return drafting.save_draft(cast.desk, {"title": ["Half"], "kept": kept}, [piece.id], token)


def test_a_draft_goes_ninety_days_after_its_last_change_and_its_files_with_it(cast, piece):
    tasks.prepare(cast.settings.database_url)
    file = keep(cast)
    token = put_aside(cast, piece, file)
    cast.clock.go_on(days=60)
    put_aside(cast, piece, file, token)  # touched again: the ninety days begin anew
    cast.clock.go_on(days=89)
    drain(cast.settings, now=cast.clock())
    assert drafting.load_draft(cast.desk, token).answers["title"] == ["Half"]
    assert cast.desk.uploads.get(file.sha256) == PDF
    cast.clock.go_on(days=3)
    drain(cast.settings, now=cast.clock())
    with pytest.raises(NotFound):
        drafting.load_draft(cast.desk, token)
    with pytest.raises(EvidenceMissing):
        cast.desk.uploads.get(file.sha256)
    for table in ("request", "request_token", "request_word", "request_event"):
        assert rows_of(cast, table) == 0, table


def test_what_was_never_confirmed_goes_too_with_the_address_and_its_mail(cast, piece):
    sent = requesting.submit_request(cast.desk, form(cast, piece.id), files=[keep(cast)])
    assert rows_of(cast, "mail_message") == 1
    assert rows_of(cast, "attachment") == 1
    cast.clock.go_on(days=89)
    assert forgetting.forget_drafts(cast.desk) == 0
    cast.clock.go_on(days=3)
    assert forgetting.forget_drafts(cast.desk) == 1
    for table in ("request", "request_item", "attachment", "mail_message"):
        assert rows_of(cast, table) == 0, table
    with pytest.raises(NotFound):
        following.status(cast.desk, links.token_for(cast.desk, "requester", sent.request_id))


def test_what_reached_the_desk_stays_and_its_files_are_evidence(cast, piece):
    sent = requesting.submit_request(cast.desk, form(cast, piece.id), files=[keep(cast)])
    with pytest.raises(EvidenceMissing):
        cast.desk.evidence.get(keep(cast).sha256)  # not before somebody stands behind it
    requesting.confirm_address(cast.desk, links.token_for(cast.desk, "verify", sent.request_id))
    cast.clock.go_on(days=400)
    assert forgetting.forget_drafts(cast.desk) == 0
    with cast.desk.database.reading() as connection:
        tenant = Tenant(connection, cast.harbour.id)
        assert load_request(tenant, sent.request_id) is not None
        (file,) = load_attachments(tenant, sent.request_id)
    assert cast.desk.evidence.get(file.sha256) == PDF


def test_evidence_with_the_same_bytes_as_an_upload_is_never_touched(cast, piece):
    kept = cast.desk.evidence.put(PDF)
    put_aside(cast, piece, keep(cast))
    cast.clock.go_on(days=200)
    assert forgetting.forget_drafts(cast.desk) == 1
    assert cast.desk.evidence.get(kept) == PDF


def test_a_draft_that_is_being_saved_this_moment_stays(cast, piece, monkeypatch):
    token = put_aside(cast, piece)
    cast.clock.go_on(days=91)
    found = forgetting.requests_begun_before

    def meanwhile(*arguments):
        rows = found(*arguments)
        put_aside(cast, piece, token=token)
        return rows

    monkeypatch.setattr(forgetting, "requests_begun_before", meanwhile)
    assert forgetting.forget_drafts(cast.desk) == 0
    assert drafting.load_draft(cast.desk, token)


def test_a_file_that_is_gone_keeps_no_request_from_the_desk(cast, piece):
    file = keep(cast)
    sent = requesting.submit_request(cast.desk, form(cast, piece.id), files=[file])
    cast.desk.uploads.path(file.sha256).unlink()
    requesting.confirm_address(cast.desk, links.token_for(cast.desk, "verify", sent.request_id))
    with cast.desk.database.reading() as connection:
        assert load_attachments(Tenant(connection, cast.harbour.id), sent.request_id) == []


def test_the_days_are_a_setting(cast, piece):
    from dataclasses import replace

    token = put_aside(cast, piece)
    cast.clock.go_on(days=10, seconds=1)
    assert (
        forgetting.kept_until(cast.desk, cast.clock() - timedelta(days=10)).date().isoformat() == "2026-06-04"
    )
    assert forgetting.forget_drafts(replace(cast.desk, draft_days=10)) == 1
    with pytest.raises(NotFound):
        drafting.load_draft(cast.desk, token)


def test_the_journal_still_holds_when_what_was_thrown_away_is_gone(cast, piece):
    token = put_aside(cast, piece)
    following.withdraw(cast.desk, token)
    cast.clock.go_on(days=91)
    assert forgetting.forget_drafts(cast.desk) == 1
    assert all(report.first is None for report in verify_ledger(cast.desk, []))
