"""The main job, end to end, by the desk's acts alone: register, ask, request, decide, letter, verify."""

from copy import deepcopy

import pytest

from ledger.desk.answers.asking import may_i
from ledger.desk.letters import issuing
from ledger.desk.refusals import BadInput, Clash
from ledger.desk.register.registering import register_piece
from ledger.desk.requests import deciding, requesting
from ledger.rights.answers import AskReason, Outcome

CROSS_POST = {"action": "republish_full", "channel": "community_site", "is_commercial": False}
PRINT = {
    "portion": "full_article",
    "product": "book",
    "title": "Waiting at the Narrows",
    "publisher": "Fenwick Books",
    "formats": [{"format": "hardback", "print_run": 2000}],
    "purpose": "editorial",
    "is_commercial": True,
    "territory": "world",
    "language": "en",
    "duration": "current_edition",
    "modification": "none",
}


def form(cast, *pieces, use=PRINT):
    alice = cast.alice
    return {
        "pieces": list(pieces),
        "name": alice.name,
        "email": alice.email,
        "organisation": alice.organisation,
        "licensee": "Fenwick Books Ltd",
        "requester_type": "publisher_commercial",
        "use": deepcopy(use),  # whoever changes it changes nobody else's
    }


@pytest.fixture
def own(cast, pages):
    """A piece whose text the publisher itself holds, as its footer says."""
    return register_piece(cast.desk, cast.edith, pages["the-signal-house.html"])


@pytest.fixture
def wire(cast, pages):
    """A piece of Meridian Wire, carried under an exception."""
    url = "https://www.harbour-review.example/2026/10/grain-ships"
    return register_piece(cast.desk, cast.edith, pages["grain-ships.txt"], url=url)


def test_a_cross_post_of_anothers_text_is_not_simply_permitted(cast, wire):
    answered = may_i(cast.desk, wire.id, CROSS_POST)
    assert answered.answer.outcome is Outcome.ASK
    (ask,) = answered.answer.asks
    assert ask.party.name == "Meridian Wire"
    assert any(reason.code == "no_claim" for reason in answered.answer.components[0].reasons)


def test_print_of_anothers_text_is_to_be_asked_of_its_holder(cast, wire):
    answered = may_i(cast.desk, wire.id, PRINT)
    assert [ask.party.name for ask in answered.answer.asks] == ["Meridian Wire"]


def test_a_piece_is_found_by_its_address_whatever_its_spelling(cast, wire):
    spelled = "http://harbour-review.example/2026/10/grain-ships/?utm_source=letter"
    assert may_i(cast.desk, spelled, CROSS_POST).piece.id == wire.id


def test_own_text_may_be_cross_posted_with_credit_and_link(cast, own):
    answered = may_i(cast.desk, own.id, CROSS_POST)
    text = answered.answer.components[0]
    assert text.outcome is Outcome.PERMITTED
    assert {"acknowledge_copyright", "link_article"} <= {duty.code for duty in text.conditions}


def test_print_of_own_text_is_reserved_and_the_publisher_may_grant_it(cast, own):
    answered = may_i(cast.desk, own.id, PRINT)
    text = answered.answer.components[0]
    assert text.outcome is Outcome.ASK
    assert text.ask.reason is AskReason.RESERVED
    assert text.ask.party.id == cast.harbour.id


def test_from_request_to_signed_letter(cast, own):
    sent = requesting.submit_request(cast.desk, form(cast, own.id), verified=True)
    item_ids = items_of(cast, sent.request_id)
    row = deciding.decide(cast.desk, cast.bob, sent.request_id, item_ids[0], "granted")
    for item_id in item_ids[1:]:
        row = deciding.decide(
            cast.desk, cast.bob, sent.request_id, item_id, "referred", {"owner": "Tomas Rehn"}
        )
    assert row.state == "decided"
    letter = issuing.issue(cast.desk, cast.bob, sent.request_id)
    assert letter.number == "HARBOUR-REVIEW-2026-000001" or letter.number.endswith("-000001")
    assert letter.state == "issued"
    pdf = cast.desk.evidence.get(letter.sha256)
    assert pdf.startswith(b"%PDF-")
    assert issuing.issue(cast.desk, cast.bob, sent.request_id) == letter


def test_the_publisher_cannot_grant_what_another_holds(cast, wire):
    sent = requesting.submit_request(cast.desk, form(cast, wire.id), verified=True)
    (item_id,) = items_of(cast, sent.request_id)
    with pytest.raises(Clash, match="cannot grant"):
        deciding.decide(cast.desk, cast.bob, sent.request_id, item_id, "granted")


def test_a_wrong_form_says_everything_that_is_wrong_at_once(cast, own):
    wrong = form(cast, own.id, use={**PRINT, "product": "tapestry", "territory": "Atlantis"})
    with pytest.raises(BadInput) as refused:
        requesting.submit_request(cast.desk, {**wrong, "email": "nobody"}, verified=True)
    assert {"email", "use.product", "use.territory"} <= refused.value.errors.keys()


def items_of(cast, request_id):
    from ledger.records.requests import load_items
    from ledger.records.tenant import Tenant

    with cast.desk.database.reading() as connection:
        return [item.id for item in load_items(Tenant(connection, cast.harbour.id), request_id)]
