"""The requester's own silence: a word before the price runs out, closed after sixty days, opened by a message."""

from datetime import timedelta

import pytest

from ledger.desk import links
from ledger.desk.refusals import Clash
from ledger.desk.requests import attending, following, lapsing, paying, quoting, referring
from ledger.records import outbox, tasks
from ledger.worker import drain
from tests.web.asked import ask_for, items_of, own_piece, row_of, wire_piece


@pytest.fixture
def request_id(cast):
    return ask_for(cast, own_piece(cast))


def token_of(cast, request_id):
    return links.token_for(cast.desk, "requester", request_id)


def mails(cast, request_id, template):
    with cast.desk.database.reading() as connection:
        found = outbox.of_request(connection, cast.harbour.id, request_id)
    return [each for each in found if each.template == template]


def offer(cast, request_id, **more):
    return quoting.offer(cast.desk, cast.bob, request_id, quoting.by_hand([("Reprint", 100)], "CAD"), **more)


def test_a_price_that_runs_out_is_mentioned_once_and_in_time(cast, request_id):
    tasks.prepare(cast.settings.database_url)
    offered, told = cast.clock(), {}
    offer(cast, request_id)
    for day in (0, 24, 25, 26, 31):  # it stands for thirty days
        cast.clock.now = offered + timedelta(days=day)
        drain(cast.settings, now=cast.clock())
        told[day] = len(mails(cast, request_id, "quote_reminder"))
    assert told == {0: 0, 24: 0, 25: 1, 26: 1, 31: 1}
    assert "5 April 2026" in mails(cast, request_id, "quote_reminder")[0].text


def test_an_answered_price_is_not_mentioned(cast, request_id):
    quote = offer(cast, request_id)
    following.answer_offer(cast.desk, token_of(cast, request_id), quote, accept=False)
    cast.clock.go_on(days=27)
    assert lapsing.remind_of_quotes(cast.desk) == 0


def test_a_question_nobody_answers_closes_the_request_and_a_message_opens_it(cast, request_id):
    tasks.prepare(cast.settings.database_url)
    attending.ask_requester(cast.desk, cast.bob, request_id, "Which edition?")
    cast.clock.go_on(days=60)
    drain(cast.settings, now=cast.clock())
    assert row_of(cast, request_id).state == "needs_info"
    cast.clock.go_on(days=1)
    for _ in range(2):
        drain(cast.settings, now=cast.clock())
    row = row_of(cast, request_id)
    assert (row.state, row.turn) == ("lapsed", "nobody")
    (mail,) = mails(cast, request_id, "lapsed")
    assert "since 6 March 2026" in " ".join(mail.text.split())
    following.reply(cast.desk, token_of(cast, request_id), "The first edition; I was away.")
    row = row_of(cast, request_id)
    assert (row.state, row.turn, row.closed_at) == ("in_review", "staff", None)


def test_whoever_has_paid_something_is_not_closed(cast, request_id):
    quote = offer(cast, request_id, payment_first=True)
    following.answer_offer(cast.desk, token_of(cast, request_id), quote, accept=True)
    paying.record_payment(cast.desk, cast.bob, request_id, paying.Received(50, "CAD", cast.desk.today()))
    cast.clock.go_on(days=400)
    assert lapsing.lapse_requests(cast.desk) == 0
    assert row_of(cast, request_id).state == "payment_due"


def test_the_silence_of_desk_and_owner_closes_nothing(cast, request_id):
    wired = ask_for(cast, wire_piece(cast), name="Cy Ash")
    ids = [item.id for item in items_of(cast, wired)]
    referring.enquire(cast.desk, cast.bob, wired, ids, owner="Meridian Wire", email="r@wire.example")
    cast.clock.go_on(days=400)
    assert lapsing.lapse_requests(cast.desk) == 0
    assert (row_of(cast, wired).state, row_of(cast, request_id).state) == ("awaiting_holder", "submitted")


def test_a_message_opens_nothing_that_was_taken_back(cast, request_id):
    following.withdraw(cast.desk, token_of(cast, request_id))
    with pytest.raises(Clash):
        following.reply(cast.desk, token_of(cast, request_id), "Wait!")
