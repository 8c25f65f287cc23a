"""The price at the desk: reckoned anew for less than was asked, and looked at before it is offered or charged."""

import re

import pytest

from ledger.cli.demo_matter import TARIFF
from ledger.desk.links import token_for
from ledger.desk.requests import following, quoting
from tests.cast import Cast
from tests.web.asked import ask_for, come_in, items_of, own_piece, row_of
from tests.web.browsing import Visitor
from tests.web.test_desk_decide import send

COPIES = "price.tariff.copies.hardback"


@pytest.fixture
def asked(cast: Cast, visitor: Visitor) -> str:
    quoting.record_tariff(cast.desk, cast.bob, TARIFF)
    come_in(cast, visitor, "bob")
    return ask_for(cast, own_piece(cast))


def shown(text: str) -> str:
    (total,) = re.findall(r'name="shown" value="(\d+)"', text)
    return str(total)


def test_the_price_of_less_is_shown_before_it_is_offered_and_says_what_it_is_for(
    cast: Cast, visitor: Visitor, asked: str
) -> None:
    first = shown(visitor.get(f"/desk/requests/{asked}").text)
    assert first == "18000"
    looked = send(visitor, asked, "quote", by="tariff", shown=first, **{COPIES: "400"})
    assert looked.status_code == 422
    assert "This is the price of what you typed now" in looked.text
    assert "CA$90.00" in looked.text
    assert row_of(cast, asked).state == "submitted"
    assert shown(looked.text) == "9000"
    back = send(
        visitor, asked, "quote", by="tariff", shown="9000", **{COPIES: ""}
    )  # for all of it, after all
    assert (back.status_code, shown(back.text)) == (422, "18000")
    assert send(visitor, asked, "quote", by="tariff", shown="9000", **{COPIES: "400"}).status_code == 303
    assert "Format: hardback, 400 copies" in visitor.get(f"/desk/requests/{asked}").text
    theirs = visitor.get(f"/requests/{token_for(cast.desk, 'requester', asked)}").text
    assert "differs from what you asked for" in theirs
    assert "Format: hardback, 400 copies" in theirs
    token = token_for(cast.desk, "requester", asked)
    (quote,) = following.status(cast.desk, token).quotes
    following.answer_offer(cast.desk, token, quote.id, accept=True)
    assert "Format: hardback, 400 copies" in visitor.get(f"/requests/{token}/invoice").text


def test_what_the_tariff_prices_only_in_part_is_reckoned_for_that_part(
    cast: Cast, visitor: Visitor, asked: str
) -> None:
    few = [{**TARIFF["prices"][0], "bands": [{"up_to": 500, "flat": 6000}]}]
    quoting.record_tariff(cast.desk, cast.bob, {**TARIFF, "prices": few})
    text = visitor.get(f"/desk/requests/{asked}").text
    assert "more than the tariff goes up to" in text
    assert "Work out the price for less" in text
    looked = send(visitor, asked, "quote", by="tariff", payment_first="on", **{COPIES: "400"})
    assert (looked.status_code, shown(looked.text)) == (422, "9000")
    assert 'name="payment_first" value="on" checked' in looked.text
    assert send(visitor, asked, "quote", by="tariff", shown="9000", **{COPIES: "400"}).status_code == 303


def test_more_than_was_asked_is_refused_beside_its_field(visitor: Visitor, asked: str) -> None:
    for field, typed in ((COPIES, "1501"), (COPIES, "many"), ("price.tariff.territory", "Atlantis")):
        answer = send(visitor, asked, "quote", by="tariff", shown="18000", **{field: typed})
        assert answer.status_code == 422, field
        assert shown(answer.text) == "18000"
        assert 'class="error"' in answer.text


def test_a_fee_for_something_else_is_asked_about_once(cast: Cast, visitor: Visitor, asked: str) -> None:
    quote_id = quoting.offer(cast.desk, cast.bob, asked, payment_first=False)
    following.answer_offer(cast.desk, token_for(cast.desk, "requester", asked), quote_id, accept=True)
    item = items_of(cast, asked)[0].id
    given = {
        f"{item}.grant.copies.hardback": "400",
        f"{item}.grant.fee": "180.00",
        f"{item}.grant.fee_currency": "CAD",
    }
    assert "price_seen" not in visitor.get(f"/desk/requests/{asked}").text
    refused = send(visitor, asked, f"items/{item}/grant", **given)
    assert refused.status_code == 422
    assert "what is granted costs 90.00 CAD" in refused.text
    assert f'name="{item}.grant.price_seen"' in refused.text
    seen = {**given, f"{item}.grant.price_seen": "on"}
    assert send(visitor, asked, f"items/{item}/grant", **seen).status_code == 303
    assert (items_of(cast, asked)[0].document or {})["price_seen"] is True


def test_a_blank_fee_where_a_price_was_accepted_is_asked_about_once(
    cast: Cast, visitor: Visitor, asked: str
) -> None:
    quote_id = quoting.offer(cast.desk, cast.bob, asked, payment_first=False)
    following.answer_offer(cast.desk, token_for(cast.desk, "requester", asked), quote_id, accept=True)
    item = items_of(cast, asked)[0].id
    refused = send(visitor, asked, f"items/{item}/grant", **{f"{item}.grant.fee": ""})
    assert refused.status_code == 422
    assert "180.00 CAD was accepted and is asked for" in refused.text
    assert f'name="{item}.grant.price_seen"' in refused.text
    meant = {f"{item}.grant.fee": "", f"{item}.grant.price_seen": "on"}
    assert send(visitor, asked, f"items/{item}/grant", **meant).status_code == 303


@pytest.mark.parametrize(("amount", "said"), [("0", "grant it free of charge"), ("-5", "below zero")])
def test_a_price_by_hand_of_nothing_is_refused_beside_its_field(
    visitor: Visitor, asked: str, amount: str, said: str
) -> None:
    typed = {"line.0.label": "Courtesy", "line.0.amount": amount, "currency": "CAD"}
    refused = send(visitor, asked, "quote", by="hand", **typed)
    assert refused.status_code == 422
    assert said in refused.text.split('name="line.0.amount"')[0].rsplit('class="error"', 1)[1]


def test_a_price_not_answered_yet_is_replaced_on_the_page(cast: Cast, visitor: Visitor, asked: str) -> None:
    typed = {"by": "hand", "line.0.label": "Reprint", "currency": "CAD"}
    assert send(visitor, asked, "quote", **typed, **{"line.0.amount": "18"}).status_code == 303
    assert "another price in its place" in visitor.get(f"/desk/requests/{asked}").text
    assert send(visitor, asked, "quote", **typed, **{"line.0.amount": "180"}).status_code == 303
    alice = token_for(cast.desk, "requester", asked)
    states = {each.total: each.state for each in following.status(cast.desk, alice).quotes}
    assert states == {18_000: "offered", 1_800: "replaced"}
    assert visitor.get(f"/requests/{alice}").text.count("/quotes/") == 1
