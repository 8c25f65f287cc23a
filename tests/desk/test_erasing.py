"""Erasing a person leaves the acts and their proofs, and nothing that names the person."""

import pytest

from ledger.desk.house.erasing import erase_person
from ledger.desk.letters.verifying import verify_ledger
from ledger.desk.refusals import BadInput, Clash, NotAllowed
from ledger.desk.requests import deciding
from ledger.desk.requests.requesting import submit_request
from ledger.records.requests import load_request
from ledger.records.tenant import Tenant
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
    assert erase_person(cast.desk, cast.bob, sent.request_id, "their wish") == 2
    with cast.desk.database.reading() as connection:
        row = load_request(Tenant(connection, cast.harbour.id), sent.request_id)
    assert (row.email, row.name, row.organisation) == (None, None, None)
    assert all(report.first is None for report in verify_ledger(cast.desk))
