"""Erasing a person leaves the acts and their proofs, and nothing that names the person."""

from datetime import timedelta

import pytest

from ledger.desk import links
from ledger.desk.house.erasing import erase_person
from ledger.desk.letters.verifying import verify_ledger
from ledger.desk.refusals import BadInput, Clash, NotAllowed, NotFound
from ledger.desk.requests import attaching, attending, deciding, drafting, following
from ledger.desk.requests.requesting import submit_request
from ledger.records import tasks
from ledger.records.evidence import EvidenceMissing
from ledger.records.requests import load_request
from ledger.records.tenant import Tenant
from ledger.worker import drain
from tests.desk.test_main_job import form, items_of, own  # noqa: F401


def test_what_names_the_requester_goes_and_the_journal_still_holds(cast, own):
    sent = submit_request(cast.desk, form(cast, own.id), verified=True)
    with pytest.raises(Clash, match="still open"):
        erase_person(cast.desk, cast.bob, sent.request_id, "their wish")
    for item in items_of(cast, sent.request_id):
        deciding.decide(cast.desk, cast.bob, sent.request_id, item, "declined", {"reason": "Not now."})
    with pytest.raises(BadInput):
        erase_person(cast.desk, cast.bob, sent.request_id, " ")
    with pytest.raises(NotAllowed):
        erase_person(cast.desk, cast.edith, sent.request_id, "their wish")
    assert erase_person(cast.desk, cast.bob, sent.request_id, "their wish") == 3
    with cast.desk.database.reading() as connection:
        row = load_request(Tenant(connection, cast.harbour.id), sent.request_id)
    assert (row.email, row.name, row.organisation) == (None, None, None)
    assert all(report.first is None for report in verify_ledger(cast.desk))


def test_no_file_of_the_house_names_them_any_more(cast, own):
    """Bytes on the disk: rows and what was freed, mails in the folder, files they sent; no letter was issued."""
    desk = cast.desk
    tasks.prepare(cast.settings.database_url)
    passport = attaching.keep_file(desk, "Ferro passport.txt", b"Alice Ferro, born at Narrows Point")
    same_page = attaching.keep_file(desk, "page.txt", desk.evidence.get(own.content_sha256))
    asked = {**form(cast, own.id), "phone": "+1 555 0199", "message": "Call me: Alice"}
    sent = submit_request(desk, asked, verified=True, files=[passport, same_page])
    token = links.token_for(desk, "requester", sent.request_id)
    following.reply(desk, token, "Alice here again")
    drain(cast.settings, now=cast.clock() + timedelta(minutes=1))  # into the folder
    for item in items_of(cast, sent.request_id):
        deciding.decide(desk, cast.bob, sent.request_id, item, "declined", {"reason": "Not now."})
    attending.write_message(desk, cast.bob, sent.request_id, "Dear Ms Ferro")  # still waits to be sent
    assert list(_naming(cast))
    erase_person(desk, cast.bob, sent.request_id, "their wish")
    assert list(_naming(cast)) == []
    with pytest.raises(NotFound):
        following.status(desk, token)
    with pytest.raises(EvidenceMissing):
        desk.evidence.get(passport.sha256)
    assert desk.evidence.get(same_page.sha256)  # the piece rests on the same bytes
    assert all(report.first is None for report in verify_ledger(desk))


def _naming(cast):
    cast.desk.database.close()  # what waits in the write-ahead log goes into the file
    for path in cast.settings.data.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            names = (b"Alice", b"Ferro", b"alice@fenwick-books.example", b"555 0199")
            yield from (f"{path}: {name.decode()}" for name in names if name in content)


def test_what_was_only_begun_can_be_erased_too(cast, own):
    token = drafting.save_draft(cast.desk, {"name": ["Alice Ferro"], "pieces": [own.id]}, [own.id])
    request_id = links.opened_by(cast.desk, token, "requester").request_id
    erase_person(cast.desk, cast.bob, request_id, "their wish")
    assert list(_naming(cast)) == []
