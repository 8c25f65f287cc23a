"""Payments as pages and for programs: what the requester reads, what the officer notes, the printed invoice."""

import json

import pytest
from click.testing import CliRunner

from ledger.cli.group import main
from ledger.desk import links
from ledger.desk.house.publishers import own_publisher
from ledger.desk.letters import issuing, revoking
from ledger.desk.requests import following
from tests.cast import Cast
from tests.desk.test_paying import decide_all
from tests.web.asked import ask_for, come_in, own_piece, row_of
from tests.web.browsing import Visitor

INSTRUCTIONS = "By transfer to <DE00 1234>.\nOr at https://pay.harbour-review.example"


@pytest.fixture
def request_id(cast: Cast, visitor: Visitor) -> str:
    """A request whose price was offered on the dossier, to be paid before the letter, and accepted."""
    come_in(cast, visitor, "bob")
    settings = {"instructions": INSTRUCTIONS, "first": "on", "days": "14", "vat_id": "CA 77"}
    assert (
        visitor.post("/desk/settings/payment", settings, seen_on="/desk/settings/payment").status_code == 303
    )
    asked = ask_for(cast, own_piece(cast))
    path = f"/desk/requests/{asked}"
    shown = visitor.get(path).text
    assert 'name="payment_first" value="on" checked' in shown
    by_hand = {"by": "hand", "line.0.label": "Reprint", "line.0.amount": "180", "currency": "CAD"}
    offered = {**by_hand, "payment_first": "on", "version": str(row_of(cast, asked).version)}
    assert visitor.post(f"{path}/quote", offered, seen_on=path).status_code == 303
    token = links.token_for(cast.desk, "requester", asked)
    following.answer_offer(cast.desk, token, following.status(cast.desk, token).quotes[0].id, accept=True)
    return asked


def own_path(cast: Cast, request_id: str) -> str:
    return f"/requests/{links.token_for(cast.desk, 'requester', request_id)}"


def test_the_requester_reads_what_to_pay_how_and_with_which_reference(
    cast: Cast, visitor: Visitor, request_id: str
) -> None:
    page = visitor.get(own_path(cast, request_id)).text
    assert "To pay: CA$180.00" in page
    assert "The letter waits for this payment." in page
    assert "By transfer to &lt;DE00 1234&gt;." in page
    assert f"HARBOUR-REVIEW-{request_id[-8:]}" in page
    assert "It is your turn" in page
    printed = visitor.get(f"{own_path(cast, request_id)}/invoice")
    assert printed.headers["cache-control"] == "no-store"
    for said in ("Pro-forma invoice", "Fenwick Books", "Reprint", "CA$180.00", "CA 77", "20 March 2026"):
        assert said in printed.text


def test_an_officer_notes_a_payment_and_a_wrong_one_loses_nothing(
    cast: Cast, visitor: Visitor, request_id: str
) -> None:
    path = f"/desk/requests/{request_id}"
    assert "The payment is awaited" in visitor.get(path).text
    version = str(row_of(cast, request_id).version)
    wrong = {
        "amount": "much",
        "received_on": "soon",
        "reference": "B-77",
        "note": "By cheque.",
        "version": version,
    }
    answer = visitor.post(f"{path}/payments", wrong, seen_on=path)
    assert answer.status_code == 422
    for kept in (
        'value="much"',
        'value="B-77"',
        'value="By cheque."',
        'id="f-amount-error"',
        'id="f-received_on-error"',
    ):
        assert kept in answer.text
    right = {**wrong, "amount": "180.00", "received_on": "2026-03-06"}
    assert visitor.post(f"{path}/payments", right, seen_on=path).status_code == 303
    assert row_of(cast, request_id).state == "accepted"
    page = visitor.get(path).text
    assert 'reference <span dir="auto">B-77</span>, <span dir="auto">By cheque.</span>' in page
    assert "recorded by Bob Lind" in page
    again = visitor.post(f"{path}/payments", right, seen_on=path)
    assert again.status_code == 409
    assert "Nothing is left to pay." in visitor.get(own_path(cast, request_id)).text


def test_an_officer_may_go_on_without_the_money(cast: Cast, visitor: Visitor, request_id: str) -> None:
    path = f"/desk/requests/{request_id}"
    assert visitor.post(f"{path}/payments/waiting", seen_on=path).status_code == 303
    assert row_of(cast, request_id).state == "accepted"
    assert "To pay: CA$180.00" in visitor.get(own_path(cast, request_id)).text


def test_nothing_is_demanded_for_a_letter_that_was_revoked_before_it_was_paid(
    cast: Cast, visitor: Visitor, request_id: str
) -> None:
    visitor.post(f"/desk/requests/{request_id}/payments/waiting", seen_on=f"/desk/requests/{request_id}")
    decide_all(cast, request_id)
    letter = issuing.issue(cast.desk, cast.bob, request_id)
    path = own_path(cast, request_id)
    assert "Please pay by" in visitor.get(path).text
    revoking.revoke(cast.desk, cast.bob, letter.id, "Granted by mistake.")
    page = visitor.get(path).text
    assert "To pay:" not in page
    assert "Please pay by" not in page
    assert "revoked before its fee was paid" in page
    printed = visitor.get(f"{path}/invoice").text
    assert "to pay by" not in printed
    assert "How to pay" not in printed


def test_a_wrong_setting_is_said_beside_its_field(cast: Cast, visitor: Visitor) -> None:
    come_in(cast, visitor, "ada")
    for days in ("soon", "400", ""):
        answer = visitor.post(
            "/desk/settings/payment", {"instructions": "Cash", "days": days}, seen_on="/desk/settings/payment"
        )
        assert answer.status_code == 422
        assert 'id="f-days-error"' in answer.text
        assert "Cash" in answer.text
    assert own_publisher(cast.desk, cast.harbour.id).payment_instructions is None


def test_programs_read_and_note_payments(cast: Cast, visitor: Visitor, request_id: str) -> None:
    base = f"/api/publishers/harbour-review/requests/{request_id}"
    headers = {"authorization": f"Bearer {cast.token('bob')}"}
    owed = visitor.client.get(f"/api{own_path(cast, request_id)}/invoice").json()
    assert (owed["open"], owed["currency"], owed["due"]) == (18000, "CAD", "2026-03-20")
    wrong = visitor.client.post(f"{base}/payments", json={"amount": "18", "sum": 1}, headers=headers)
    assert wrong.status_code == 422
    assert {each["field"] for each in wrong.json()["errors"]} == {"amount", "sum", "received_on"}
    body = {
        "amount": 8000,
        "currency": "CAD",
        "received_on": "2026-03-06",
        "reference": "B-1",
        "note": "Half.",
    }
    paid = visitor.client.post(f"{base}/payments", json=body, headers=headers)
    assert (paid.status_code, paid.json()["open"]) == (201, 10000)
    assert visitor.client.get(f"{base}/invoice", headers=headers).json() == paid.json()
    assert '<span dir="auto">Half.</span>' in visitor.get(f"/desk/requests/{request_id}").text


def test_the_command_line_notes_and_shows_a_payment(cast: Cast, visitor: Visitor, request_id: str) -> None:
    arguments = ["--data", str(cast.settings.data), "payment", request_id]
    shown = CliRunner().invoke(main, arguments)
    assert "left to pay: 180.00 CAD" in shown.output
    noted = CliRunner().invoke(
        main, [*arguments, "--amount", "180.50", "--on", "2026-03-06", "--note", "Late.", "--json"]
    )
    assert (json.loads(noted.output)["open"], json.loads(noted.output)["over"]) == (0, 50)
    assert '<span dir="auto">Late.</span>' in visitor.get(f"/desk/requests/{request_id}").text
    refused = CliRunner().invoke(main, [*arguments, "--amount", "much"])
    assert refused.exit_code == 2


def test_prices_are_offered_by_programs_and_on_the_command_line(cast: Cast, visitor: Visitor) -> None:
    asked = ask_for(cast, own_piece(cast))
    base = f"/api/publishers/harbour-review/requests/{asked}/quotes"
    headers = {"authorization": f"Bearer {cast.token('bob')}"}
    wrong = visitor.client.post(base, json={"lines": [{"amount": "1"}], "currency": "CAD"}, headers=headers)
    assert {each["field"] for each in wrong.json()["errors"]} == {"lines[0].label", "lines[0].amount"}
    no_tariff = visitor.client.post(base, json={}, headers=headers)
    assert (no_tariff.status_code, row_of(cast, asked).state) == (409, "submitted")
    body = {"lines": [{"label": "Reprint", "amount": 9000}], "currency": "CAD", "payment_first": True}
    offered = visitor.client.post(base, json=body, headers=headers)
    assert (offered.status_code, offered.json()["state"]) == (201, "quoted")
    token = links.token_for(cast.desk, "requester", asked)
    following.answer_offer(cast.desk, token, following.status(cast.desk, token).quotes[0].id, accept=False)
    arguments = ["--data", str(cast.settings.data), "quote", asked, "--currency", "CAD"]
    made = CliRunner().invoke(main, [*arguments, "--line", "Reprint=95.50", "--payment-later"])
    assert made.exit_code == 0, made.output
    newest = next(each for each in following.status(cast.desk, token).quotes if each.state == "offered")
    assert (newest.id, newest.total, newest.payment_first) == (made.output.strip(), 9550, False)
    assert CliRunner().invoke(main, [*arguments, "--line", "Reprint"]).exit_code == 2
