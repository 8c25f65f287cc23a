"""One that cannot be done does not keep the others waiting; and is not forgotten."""

from datetime import timedelta

import pytest

from ledger.desk.house import checkpoints
from ledger.desk.house.checkpoints import mail_checkpoints
from ledger.desk.house.rounds import SomeLeft, for_each
from ledger.desk.requests import chasing, referring
from ledger.desk.requests.chasing import chase_owners
from ledger.desk.requests.requesting import submit_request
from ledger.records import outbox
from ledger.records.failures import RecordsUnavailable, Stale
from tests.desk.test_main_job import form, items_of, wire  # noqa: F401
from tests.desk.test_referring import OWNER, enquiry_row


def test_the_rest_is_done_and_the_round_says_that_some_are_left():
    done = []

    def act(one):
        if one == "bad":
            raise ValueError(one)
        if one == "late":
            raise Stale("The letter")
        done.append(one)

    with pytest.raises(SomeLeft, match="1 of 4 could not be done, bad"):
        for_each(["a", "bad", "late", "b"], act, str)
    assert done == ["a", "b"]
    assert for_each(["a", "late"], act, str) == 2


def test_where_the_records_are_out_of_order_the_round_ends_at_once():
    tried = []

    def act(one):
        tried.append(one)
        raise RecordsUnavailable("Full.", "Free some space.")

    with pytest.raises(RecordsUnavailable):
        for_each(["a", "b"], act, str)
    assert tried == ["a"]


def test_an_owner_who_cannot_be_reminded_keeps_no_other_waiting(cast, wire, monkeypatch):
    enquiries = []
    for key in ("one", "two"):
        sent = submit_request(cast.desk, form(cast, wire.id), form_key=key, verified=True)
        items = items_of(cast, sent.request_id)
        enquiries.append(referring.enquire(cast.desk, cast.bob, sent.request_id, items, **OWNER))
    real = chasing.write_to_owner

    def write(desk, tenant, publisher, row, enquiry, template):
        if enquiry.id == enquiries[0]:
            raise ValueError("a template's accident")
        real(desk, tenant, publisher, row, enquiry, template)

    monkeypatch.setattr(chasing, "write_to_owner", write)
    cast.clock.now += timedelta(days=8)
    with pytest.raises(SomeLeft):
        chase_owners(cast.desk)
    assert [enquiry_row(cast, each).chased for each in enquiries] == [0, 1]


def test_a_publisher_without_a_checkpoint_keeps_no_other_waiting(cast, monkeypatch):
    real = checkpoints.checkpoint_text

    def text(connection, publisher_id):
        if publisher_id == cast.harbour.id:
            raise ValueError("a key is missing")
        return real(connection, publisher_id)

    monkeypatch.setattr(checkpoints, "checkpoint_text", text)
    with pytest.raises(SomeLeft, match="harbour-review"):
        mail_checkpoints(cast.desk, "2026-03-06")
    with cast.desk.database.reading() as connection:
        assert [each.template for each in outbox.newest(connection, cast.lantern.id)] == ["daily_checkpoint"]
