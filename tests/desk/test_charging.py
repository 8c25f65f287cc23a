"""A price and what it is for: less is quoted at its own price, and none is charged for something else unseen."""

from typing import Any

import pytest

from ledger.cli.demo_matter import TARIFF
from ledger.desk.letters import issuing
from ledger.desk.letters.verifying import verify_ledger
from ledger.desk.links import token_for
from ledger.desk.refusals import BadInput, Clash
from ledger.desk.requests import deciding, following, lapsing, quoting
from ledger.desk.requests.requesting import submit_request
from ledger.letters.language import Speaker
from ledger.letters.markup import preview_html
from ledger.records.outbox import newest
from ledger.rights.tariff import Quote
from ledger.rights.wire import from_plain
from tests.cast import Cast
from tests.web.asked import PRINT, ask_for, items_of, own_piece

FEWER = {"hardback": 400}
"""Up to 500 copies cost 90.00, the 1,500 that are asked for 180.00."""
LESS, AS_ASKED = 9_000, 18_000


@pytest.fixture
def asked(cast: Cast) -> str:
    quoting.record_tariff(cast.desk, cast.bob, TARIFF)
    return ask_for(cast, own_piece(cast))


def accepted(cast: Cast, request_id: str, **offered: Any) -> str:
    quote_id = quoting.offer(cast.desk, cast.bob, request_id, payment_first=False, **offered)
    following.answer_offer(cast.desk, token_for(cast.desk, "requester", request_id), quote_id, accept=True)
    return request_id


def grant(cast: Cast, request_id: str, fee: int, **details: Any) -> dict[str, Any]:
    """Grant the text for a fee; what the decision then records."""
    text, photo = items_of(cast, request_id)
    given = {**details, "fee": {"minor": fee, "currency": "CAD"}}
    deciding.decide(cast.desk, cast.bob, request_id, text.id, "granted", given)
    deciding.decide(cast.desk, cast.bob, request_id, photo.id, "declined", {"reason": "Not ours."})
    return items_of(cast, request_id)[0].document or {}


def letter(cast: Cast, request_id: str) -> str:
    (made,) = issuing.preview(cast.desk, cast.bob, request_id)
    return " ".join(preview_html(made).split())


def test_the_accepted_price_is_not_charged_for_less_before_staff_have_seen_it(cast: Cast, asked: str) -> None:
    accepted(cast, asked)
    for fee in (AS_ASKED, AS_ASKED - 1, LESS + 1):
        with pytest.raises(
            BadInput, match=r"what is granted costs 90.00 CAD. 180.00 CAD was accepted"
        ) as told:
            grant(cast, asked, fee, copies=FEWER)
        assert list(told.value.errors) == ["fee"]
    assert items_of(cast, asked)[0].decision is None
    assert grant(cast, asked, AS_ASKED, copies=FEWER, price_seen=True)["price_seen"] is True
    said = letter(cast, asked)
    assert "180.00" in said
    assert (
        "Reprint of an article, by copies" not in said
    )  # those lines reckon 1,500 copies, which are not granted


def test_the_tariffs_price_of_less_is_charged_at_once_and_the_letter_reckons_it(
    cast: Cast, asked: str
) -> None:
    accepted(cast, asked)
    assert grant(cast, asked, LESS, copies=FEWER)["price"]["total"] == {"minor": LESS, "currency": "CAD"}
    said = letter(cast, asked)
    assert "Reprint of an article, by copies" in said
    assert "90.00" in said
    assert "180.00" not in said
    assert issuing.issue(cast.desk, cast.bob, asked).state == "issued"


@pytest.mark.parametrize("fee", [LESS - 1, 100])
def test_a_lower_fee_by_hand_needs_no_word(cast: Cast, asked: str, fee: int) -> None:
    accepted(cast, asked)
    assert not {"price", "price_seen"} & grant(cast, asked, fee, copies=FEWER).keys()


def test_what_was_asked_is_granted_at_its_price_though_the_tariff_has_changed_since(
    cast: Cast, asked: str
) -> None:
    accepted(cast, asked)
    dearer = [{**TARIFF["prices"][0], "bands": [{"up_to": None, "flat": 100_000}]}]
    quoting.record_tariff(cast.desk, cast.bob, {**TARIFF, "prices": dearer})
    assert not {"price", "price_seen"} & grant(cast, asked, AS_ASKED).keys()
    assert "Reprint of an article, by copies" in letter(cast, asked)


def test_a_price_for_less_says_what_it_is_for_and_holds_for_that_alone(cast: Cast, asked: str) -> None:
    less = {"copies": FEWER}
    price = quoting.reckon(cast.desk, cast.bob, asked, less)
    assert (price.total.minor, price.settled) == (LESS, ("Format: hardback, 400 copies",))
    accepted(cast, asked, less=less)
    found = following.status(cast.desk, token_for(cast.desk, "requester", asked))
    kept = from_plain(Quote, found.quotes[-1].document)
    assert quoting.settled_price(found.request, kept, Speaker("ru")) == [
        "Форматы: твёрдый переплёт, 400 экземпляров"
    ]
    with cast.desk.database.reading() as connection:
        mail = next(each for each in newest(connection, cast.harbour.id) if each.template == "quote")
    assert "differs from what you asked for:\n\n- Format: hardback, 400 copies" in mail.text
    with pytest.raises(BadInput, match=r"costs 180.00 CAD. 90.00 CAD was accepted for something else"):
        grant(cast, asked, LESS)  # all that was asked, at the price of less
    assert not {"price", "price_seen"} & grant(cast, asked, LESS, copies=FEWER).keys()
    assert "Reprint of an article, by copies" in letter(cast, asked)


def test_the_requester_reads_in_their_language_what_a_price_is_for(cast: Cast) -> None:
    quoting.record_tariff(cast.desk, cast.bob, TARIFF)
    piece = own_piece(cast)
    form = {"pieces": [piece.id], "name": "Alice", "email": cast.alice.email, "language": "de", "use": PRINT}
    sent = submit_request(cast.desk, form, verified=True)
    quoting.offer(cast.desk, cast.bob, sent.request_id, less={"copies": FEWER})
    with cast.desk.database.reading() as connection:
        mail = next(each for each in newest(connection, cast.harbour.id) if each.template == "quote")
    assert "das von Ihrer Anfrage abweicht:" in mail.text
    assert "400 Exemplare" in mail.text


def test_what_the_tariff_cannot_price_is_not_charged_for_unseen(cast: Cast, asked: str) -> None:
    only = [{**TARIFF["prices"][0], "match": [["product", "anthology"], ["territory", "world"]]}]
    quoting.record_tariff(cast.desk, cast.bob, {**TARIFF, "prices": only})
    with pytest.raises(Clash, match="Quote by hand"):
        quoting.reckon(cast.desk, cast.bob, asked, {"use": {"territory": ["CA"]}})
    accepted(cast, asked)
    with pytest.raises(BadInput, match="gives no price of what is granted"):
        grant(cast, asked, AS_ASKED, use={"territory": ["CA"]})
    assert grant(cast, asked, AS_ASKED, use={"territory": ["CA"]}, price_seen=True)["price_seen"] is True


def test_a_price_by_hand_is_the_price_of_what_staff_grant_for_it(cast: Cast, asked: str) -> None:
    accepted(cast, asked, quote=quoting.by_hand([("Reprint", 7_000)], "CAD"))
    assert not {"price", "price_seen"} & grant(cast, asked, 7_000, copies=FEWER).keys()
    assert "Reprint" in letter(cast, asked)


@pytest.mark.parametrize(
    ("less", "field"),
    [
        ({"copies": {"hardback": 1501}}, "use.formats"),
        ({"copies": {"paperback": 1}}, "copies.paperback"),
        ({"use": {"territory": "Atlantis"}}, "use.territory"),
        ({"use": 5}, "use"),
    ],
)
def test_no_price_is_reckoned_for_more_than_was_asked(cast: Cast, asked: str, less: Any, field: str) -> None:
    with pytest.raises(BadInput) as told:
        quoting.offer(cast.desk, cast.bob, asked, less=less)
    assert field in told.value.errors


def test_an_accepted_price_is_not_left_uncharged_unseen(cast: Cast, asked: str) -> None:
    accepted(cast, asked, quote=quoting.by_hand([("Reprint", 7_000)], "CAD"))
    text, photo = items_of(cast, asked)
    for nothing in ({}, {"fee": None}, {"fee": {"minor": 0, "currency": "CAD"}}):
        with pytest.raises(BadInput, match=r"70.00 CAD was accepted and is asked for") as told:
            deciding.decide(cast.desk, cast.bob, asked, text.id, "granted", nothing)
        assert list(told.value.errors) == ["fee"]
    deciding.decide(cast.desk, cast.bob, asked, photo.id, "declined", {"reason": "Not ours."})
    deciding.decide(cast.desk, cast.bob, asked, text.id, "granted", {"price_seen": True})
    assert "70.00" not in letter(cast, asked)


def test_a_decision_changed_to_free_of_charge_is_asked_about_too(cast: Cast, asked: str) -> None:
    accepted(cast, asked, quote=quoting.by_hand([("Reprint", 7_000)], "CAD"))
    grant(cast, asked, 7_000)
    text = items_of(cast, asked)[0].id
    with pytest.raises(BadInput, match="was accepted and is asked for"):
        deciding.decide(cast.desk, cast.bob, asked, text, "granted", {}, again=True)


def test_another_price_takes_the_place_of_one_not_answered_yet(cast: Cast, asked: str) -> None:
    wrong = quoting.offer(cast.desk, cast.bob, asked, quoting.by_hand([("Reprint", 700)], "CAD"))
    cast.clock.go_on(days=50)
    right = quoting.offer(cast.desk, cast.bob, asked, quoting.by_hand([("Reprint", 7_000)], "CAD"))
    alice = token_for(cast.desk, "requester", asked)
    with pytest.raises(Clash, match="stands no more"):
        following.answer_offer(cast.desk, alice, wrong, accept=True)
    cast.clock.go_on(days=20)  # seventy since the first: the time to answer is that of the second
    assert lapsing.lapse_requests(cast.desk) == 0
    following.answer_offer(cast.desk, alice, right, accept=True)
    assert {each.state: each.total for each in following.status(cast.desk, alice).quotes} == {
        "accepted": 7_000,
        "replaced": 700,
    }
    with pytest.raises(Clash):  # what she accepted stays
        quoting.offer(cast.desk, cast.bob, asked, quoting.by_hand([("Reprint", 9_000)], "CAD"))
    assert [report.first for report in verify_ledger(cast.desk)] == [None, None]
