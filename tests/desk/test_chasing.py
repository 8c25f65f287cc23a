"""What the days bring: reminders after one week and two, the plain word after four, and each of them once."""

from collections import Counter
from datetime import timedelta

import pytest

from ledger.desk import links
from ledger.desk.requests import chasing, deciding, following
from ledger.desk.requests.chasing import chase_owners
from ledger.desk.requests.owners_door import answer_enquiry
from ledger.records import tasks
from ledger.records.requests import load_events
from ledger.records.tenant import Tenant
from ledger.worker import drain
from tests.desk.test_main_job import wire  # noqa: F401
from tests.desk.test_referring import (  # noqa: F401
    OWNER,
    SIGNED,
    WORDS,
    asked,
    door,
    enquiry_row,
    mails,
    request_row,
)


def sent_so_far(cast, request_id):
    return Counter(each.template for each in mails(cast, request_id))


def test_the_worker_reminds_at_one_week_and_two_and_says_after_four_that_nobody_answered(cast, asked):
    request_id, _, enquiry = asked
    tasks.prepare(cast.settings.database_url)
    told = []
    for days in range(0, 36, 3):
        cast.clock.now = enquiry_row(cast, enquiry).sent_at + timedelta(days=days, minutes=1)
        drain(cast.settings, now=cast.clock())
        counted = sent_so_far(cast, request_id)
        told.append((days, counted["owner_chaser"], counted["owner_silent"]))
    assert told == [
        (0, 0, 0), (3, 0, 0), (6, 0, 0), (9, 1, 0), (12, 1, 0), (15, 2, 0),
        (18, 2, 0), (21, 2, 0), (24, 2, 0), (27, 2, 0), (30, 2, 1), (33, 2, 1),
    ]  # fmt: skip
    assert all(each.state == "sent" for each in mails(cast, request_id))
    assert {each.recipient for each in mails(cast, request_id, "owner_chaser")} == {OWNER["email"]}


@pytest.mark.parametrize(("days", "chased", "state"), [(6, 0, "sent"), (7, 1, "sent"), (28, 0, "silent")])
def test_reminders_fall_due_on_their_day(cast, asked, days, chased, state):
    *_, enquiry = asked
    cast.clock.go_on(days=days, seconds=1)
    for _ in range(3):  # a worker that starts anew on the same day
        chase_owners(cast.desk)
    row = enquiry_row(cast, enquiry)
    assert (row.chased, row.state) == (chased, state)


def test_a_reminder_carries_the_very_link_of_the_enquiry(cast, asked):
    request_id, _, enquiry = asked
    cast.clock.go_on(days=8)
    chase_owners(cast.desk)
    (mail,) = mails(cast, request_id, "owner_chaser")
    assert f"/owner/{door(cast, enquiry)}" in mail.text


def test_silence_permits_nothing_and_tells_the_requester_what_remains(cast, asked):
    request_id, items, _ = asked
    for days in (7, 7, 14):
        cast.clock.go_on(days=days, seconds=1)
        chase_owners(cast.desk)
    (mail,) = mails(cast, request_id, "owner_silent")
    text = " ".join(mail.text.split())
    assert mail.recipient == cast.alice.email
    assert "messages sent in all: 3" in text
    for way in ("Silence is not permission", "Ask the owner yourself", "Link to the text", "another text"):
        assert way in text
    assert request_row(cast, request_id).state == "awaiting_holder"
    with cast.desk.database.reading() as connection:
        kinds = [each.kind for each in load_events(Tenant(connection, cast.harbour.id), request_id)]
    assert kinds[-3:] == ["owner_reminded", "owner_reminded", "owner_silent"]
    with pytest.raises(deciding.Clash, match="cannot grant"):
        deciding.decide(cast.desk, cast.bob, request_id, items[0], "granted")


def test_an_owner_who_answers_after_their_silence_was_told_is_still_heard(cast, asked):
    request_id, items, enquiry = asked
    cast.clock.go_on(days=29)
    chase_owners(cast.desk)
    assert enquiry_row(cast, enquiry).state == "silent"
    answer_enquiry(cast.desk, door(cast, enquiry), "grant", {**SIGNED, "words": WORDS})
    assert enquiry_row(cast, enquiry).state == "granted"
    assert request_row(cast, request_id).turn == "staff"
    deciding.decide(cast.desk, cast.bob, request_id, items[0], "granted")


def test_nobody_is_reminded_of_what_was_answered_or_taken_back(cast, asked):
    request_id, *_ = asked
    following.withdraw(cast.desk, links.token_for(cast.desk, "requester", request_id))
    cast.clock.go_on(days=8)
    assert chase_owners(cast.desk) == 1  # looked at, and let be
    assert not mails(cast, request_id, "owner_chaser")
    assert chase_owners(cast.desk) == 0
    cast.clock.go_on(days=30)
    assert chase_owners(cast.desk) == 0
    assert not mails(cast, request_id, "owner_silent")


def test_old_enquiries_that_are_not_due_do_not_crowd_out_those_that_are(cast, asked, monkeypatch):
    looked = {}

    def waiting(_connection, _before, limit=100):
        looked["limit"] = limit
        return []

    monkeypatch.setattr(chasing, "enquiries_waiting", waiting)
    chase_owners(cast.desk)
    assert looked["limit"] == chasing.AT_ONCE
