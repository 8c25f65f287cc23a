"""From an accepted price to its payment: asked for, in part, in full, too much, late, paid back; each once."""

from datetime import timedelta

import pytest

from ledger.desk import links
from ledger.desk.house import erasing, publishers
from ledger.desk.letters import issuing
from ledger.desk.refusals import BadInput, Clash, NotAllowed, NotFound
from ledger.desk.requests import deciding, following, invoicing, paying, quoting
from ledger.desk.requests.paying import Received
from ledger.journal.entry import read_leaf
from ledger.records import outbox, tasks
from ledger.records.failures import Stale
from ledger.records.journal_reading import entries
from ledger.records.letters import load_obligations
from ledger.records.request_rows import ItemRow
from ledger.records.tenant import Tenant
from ledger.rights.tariff import Money, Quote
from ledger.worker import drain
from tests.web.asked import ask_for, items_of, own_piece, row_of

PRICE = [("Reprint", 15000), ("Copies above 1,000", 3000)]


@pytest.fixture
def request_id(cast):
    publishers.set_payment(
        cast.desk, cast.ada, instructions="By transfer to DE00 1234.", first=False, days=14, vat_id="CA 77"
    )
    return ask_for(cast, own_piece(cast), vat_id="FR 40 303265045", purchase_order="PO-9")


def token_of(cast, request_id):
    return links.token_for(cast.desk, "requester", request_id)


def accept(cast, request_id, *, first, lines=PRICE, currency="CAD"):
    price = quoting.by_hand(lines, currency)
    quote_id = quoting.offer(cast.desk, cast.bob, request_id, price, payment_first=first)
    following.answer_offer(cast.desk, token_of(cast, request_id), quote_id, accept=True)


def pay(cast, request_id, amount, reference="", who=None, currency="CAD", **more):
    received = Received(amount, currency, cast.desk.today(), reference)
    return paying.record_payment(cast.desk, who or cast.bob, request_id, received, **more)


def mails(cast, request_id, template):
    with cast.desk.database.reading() as connection:
        found = outbox.of_request(connection, cast.harbour.id, request_id)
    return [each for each in found if each.template == template]


def decide_all(cast, request_id, fee=18000):
    text, photo = items_of(cast, request_id)
    details = {"fee": {"minor": fee, "currency": "CAD"}} if fee else {}
    deciding.decide(cast.desk, cast.bob, request_id, text.id, "granted", details)
    deciding.decide(cast.desk, cast.bob, request_id, photo.id, "declined", {"reason": "Not ours."})


def fee_duty(cast, letter):
    with cast.desk.database.reading() as connection:
        duties = load_obligations(Tenant(connection, cast.harbour.id), letter.id)
    return next(each for each in duties if each.code == "fee")


def journal_of(cast, kind):
    with cast.desk.database.reading() as connection:
        read = [read_leaf(each.leaf) for each in entries(connection, cast.harbour.id)]
    return [each for each in read if each.kind == kind]


def test_where_the_letter_waits_nothing_is_decided_before_the_money_is_there(cast, request_id):
    accept(cast, request_id, first=True)
    row = row_of(cast, request_id)
    assert (row.state, row.turn) == ("payment_due", "requester")
    (mail,) = mails(cast, request_id, "payment_due")
    assert "CA$180.00" in mail.text
    assert "20 March 2026" in mail.text
    assert "> By transfer to DE00 1234." in mail.text
    assert f"HARBOUR-REVIEW-{request_id[-8:]}" in mail.text
    for item in items_of(cast, request_id):
        with pytest.raises(Clash, match="waits for the payment"):
            deciding.decide(cast.desk, cast.bob, request_id, item.id, "declined", {"reason": "No."})
    account = pay(cast, request_id, 18000, "B-1")
    assert (account.balance.open, account.balance.over) == (0, 0)
    assert (row_of(cast, request_id).state, row_of(cast, request_id).turn) == ("accepted", "staff")
    decide_all(cast, request_id)
    letter = issuing.issue(cast.desk, cast.bob, request_id)
    assert fee_duty(cast, letter).done_at is not None, "it was paid before the letter"
    (thanks,) = mails(cast, request_id, "payment_received")
    assert "Nothing is left to pay" in thanks.text


def test_a_part_leaves_the_rest_to_pay_and_too_much_is_said(cast, request_id):
    accept(cast, request_id, first=True)
    assert pay(cast, request_id, 10000, "B-1").balance.open == 8000
    assert row_of(cast, request_id).state == "payment_due"
    account = pay(cast, request_id, 9000, "B-2")
    assert (account.balance.open, account.balance.over) == (0, 1000)
    assert row_of(cast, request_id).state == "accepted"
    part, rest = mails(cast, request_id, "payment_received")
    assert "CA$80.00 is still to be paid" in part.text
    assert "CA$10.00 more than was asked for" in " ".join(rest.text.split())
    assert pay(cast, request_id, -1000, "B-3").balance.over == 0
    assert len(mails(cast, request_id, "payment_received")) == 2
    amounts = [each.payload["amount"] for each in journal_of(cast, "payment.recorded")]
    assert amounts == [10000, 9000, -1000]


def test_a_payment_after_the_letter_ticks_off_its_fee(cast, request_id):
    accept(cast, request_id, first=False)
    assert row_of(cast, request_id).state == "accepted"
    assert mails(cast, request_id, "payment_due")
    decide_all(cast, request_id)
    letter = issuing.issue(cast.desk, cast.bob, request_id)
    assert fee_duty(cast, letter).text == "Pay the fee: 180.00 CAD"
    pay(cast, request_id, 17999, "B-1")
    assert fee_duty(cast, letter).done_at is None
    pay(cast, request_id, 1, "B-2")
    assert fee_duty(cast, letter).done_note == "Paid on 2026-03-06"
    assert row_of(cast, request_id).state == "decided"
    assert [each.payload["letter"] for each in journal_of(cast, "obligation.done")] == [letter.id]


def test_a_decision_that_charges_less_owes_less(cast, request_id):
    accept(cast, request_id, first=True)
    pay(cast, request_id, 18000)
    decide_all(cast, request_id, fee=12000)
    view = invoicing.invoice_behind(cast.desk, token_of(cast, request_id))
    assert (view.account.balance.total, view.account.balance.over) == (12000, 6000)


def test_the_desk_may_go_on_before_the_money_and_it_stays_owed(cast, request_id):
    accept(cast, request_id, first=True)
    paying.waive_payment(cast.desk, cast.bob, request_id)
    assert row_of(cast, request_id).state == "accepted"
    decide_all(cast, request_id)
    letter = issuing.issue(cast.desk, cast.bob, request_id)
    assert fee_duty(cast, letter).done_at is None
    with pytest.raises(Clash, match="does not wait"):
        paying.waive_payment(cast.desk, cast.bob, request_id)


@pytest.mark.parametrize(
    ("amount", "currency", "day", "field"),
    [
        (0, "CAD", 0, "amount"),
        (10**13, "CAD", 0, "amount"),
        (5, "EUR", 0, "currency"),
        (5, "CAD", 1, "received_on"),
    ],
)
def test_what_is_no_payment_is_refused_by_its_field(cast, request_id, amount, currency, day, field):
    accept(cast, request_id, first=True)
    received = Received(amount, currency, cast.desk.today() + timedelta(days=day))
    with pytest.raises(BadInput) as refused:
        paying.record_payment(cast.desk, cast.bob, request_id, received)
    assert set(refused.value.errors) == {field}
    assert journal_of(cast, "payment.recorded") == []


def test_one_transfer_is_noted_once_and_of_two_officers_one_is_told(cast, request_id):
    with pytest.raises(Clash, match="No price has been accepted"):
        pay(cast, request_id, 100)
    accept(cast, request_id, first=True)
    version = row_of(cast, request_id).version
    pay(cast, request_id, 5000, "B-1", version=version)
    with pytest.raises((Clash, Stale), match="Somebody else"):
        pay(cast, request_id, 5000, "B-2", version=version)
    with pytest.raises(Clash, match="on record already"):
        pay(cast, request_id, 5000, "B-1")
    assert len(journal_of(cast, "payment.recorded")) == 1


def test_only_officers_of_the_publisher_note_payments(cast, request_id):
    accept(cast, request_id, first=True)
    with pytest.raises(NotAllowed):
        pay(cast, request_id, 100, who=cast.edith)
    with pytest.raises(NotFound):
        pay(cast, request_id, 100, who=cast.charlie)
    with pytest.raises(NotFound):
        invoicing.invoice_of(cast.desk, cast.charlie, request_id)


def test_whoever_is_late_is_reminded_twice_by_the_worker(cast, request_id):
    tasks.prepare(cast.settings.database_url)
    accepted, told = cast.clock(), {}
    accept(cast, request_id, first=True)
    for day in (0, 12, 16, 28, 32, 60):
        cast.clock.now = accepted + timedelta(days=day)
        drain(cast.settings, now=cast.clock())
        told[day] = len(mails(cast, request_id, "payment_reminder"))
    # Due after 14 days: the first comes then, and the second and last two weeks later.
    assert told == {0: 0, 12: 0, 16: 1, 28: 1, 32: 2, 60: 2}
    assert "have not received it yet" in " ".join(mails(cast, request_id, "payment_reminder")[0].text.split())


@pytest.mark.parametrize("how", ["paid", "withdrawn"])
def test_nobody_is_reminded_of_what_is_paid_or_given_up(cast, request_id, how):
    accept(cast, request_id, first=True)
    if how == "paid":
        pay(cast, request_id, 18000)
    else:
        following.withdraw(cast.desk, token_of(cast, request_id))
    cast.clock.go_on(days=30)
    assert paying.remind_of_payments(cast.desk) == 0
    assert mails(cast, request_id, "payment_reminder") == []


def test_a_price_of_nothing_asks_for_nothing(cast, request_id):
    """A tariff may come to nothing, for students say."""
    nothing = Quote(tariff_id="t", tariff_version=1, lines=(), total=Money(minor=0, currency="CAD"))
    quote_id = quoting.offer(cast.desk, cast.bob, request_id, nothing, payment_first=True)
    following.answer_offer(cast.desk, token_of(cast, request_id), quote_id, accept=True)
    assert row_of(cast, request_id).state == "accepted"
    with pytest.raises(NotFound):
        invoicing.invoice_behind(cast.desk, token_of(cast, request_id))


def test_no_more_is_paid_back_than_has_arrived(cast, request_id):
    accept(cast, request_id, first=True)
    for arrived, back in ((0, -500), (500, -501)):
        if arrived:
            pay(cast, request_id, arrived)
        with pytest.raises(BadInput, match=f"which is {arrived / 100:.2f} CAD") as refused:
            pay(cast, request_id, back)
        assert list(refused.value.errors) == ["amount"]
    assert pay(cast, request_id, -500).balance.paid == 0


def test_no_payment_came_before_the_request_was_made(cast, request_id):
    made = cast.desk.today()
    cast.clock.go_on(days=3)
    accept(cast, request_id, first=True)
    early = Received(18000, "CAD", made - timedelta(days=1))
    with pytest.raises(BadInput, match="no payment for it came before") as refused:
        paying.record_payment(cast.desk, cast.bob, request_id, early)
    assert list(refused.value.errors) == ["received_on"]
    assert paying.record_payment(
        cast.desk, cast.bob, request_id, Received(18000, "CAD", made)
    ).balance.settled


@pytest.mark.parametrize("lines", [[("Courtesy", 0)], [("Reprint", 500), ("Discount", -500)]])
def test_a_price_by_hand_of_nothing_is_no_price(lines):
    with pytest.raises(BadInput, match="grant it free of charge") as refused:
        quoting.by_hand(lines, "CAD")
    assert list(refused.value.errors) == ["total"]
    assert quoting.by_hand([*lines, ("Copies", 1)], "CAD").total.minor == 1


def test_the_usual_wait_is_the_publishers_or_what_terms_on_record_ask(cast):
    quiet = ItemRow("it", "rq", 0, "pc", "cp", {}, {"conditions": []})
    fee = {"code": "fee", "modality": "must", "timing": "before", "scope": "all", "parameter": None}
    asking = ItemRow("it", "rq", 0, "pc", "cp", {}, {"conditions": [fee]})
    after = ItemRow("it", "rq", 0, "pc", "cp", {}, {"conditions": [{**fee, "timing": "after"}]})
    assert not invoicing.waits_for_payment(cast.harbour, [quiet, after])
    assert invoicing.waits_for_payment(cast.harbour, [quiet, asking])
    settled = publishers.set_payment(cast.desk, cast.ada, instructions="", first=True, days=30)
    assert invoicing.waits_for_payment(settled, [quiet])


def test_erasing_a_person_takes_out_what_the_bank_said_of_them(cast, request_id):
    accept(cast, request_id, first=True)
    pay(cast, request_id, 18000, "Alice Ferro, account 77")
    following.withdraw(cast.desk, token_of(cast, request_id))
    erasing.erase_person(cast.desk, cast.bob, request_id, "Her wish.")
    view = invoicing.invoice_of(cast.desk, cast.bob, request_id)
    (paid,) = view.account.payments
    assert (paid.amount, paid.reference) == (18000, None)


def test_a_request_taken_back_is_not_decided_part_by_part(cast, request_id):
    following.withdraw(cast.desk, token_of(cast, request_id))
    for item in items_of(cast, request_id):
        with pytest.raises(Clash, match="nothing left to decide"):
            deciding.decide(cast.desk, cast.bob, request_id, item.id, "declined", {"reason": "No."})
